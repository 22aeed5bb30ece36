/** A shift as notes: the live one that people write into, and once sealed the record and its audit trail, which never change again. */
import type { Card, Note, NoteText, Property, Self, Surroundings } from '../../kernel/note.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { localDateTime, localTime, monthFolder } from '../../kernel/local-time.ts';
import { inline, wikilink } from '../../kernel/markdown.ts';
import { isWithin } from '../../kernel/roles.ts';
import { isOver, type TaskState } from '../tasks/contract.ts';
import { addendumNote } from './addendum-note.ts';
import type { ShiftState } from './contract.ts';
import { first, NOTHING_FIRST } from './first-lines.ts';
import { newestLate, unreadLate } from './late.ts';
import { earlierLate, handover, log } from './note-log.ts';
import { sealedName, shiftNoteName } from './note-names.ts';
import { isUnaccepted } from './predecessor.ts';
import { dutyLine, otherShiftsOf, presenceWords } from './roster.ts';
import { sealedNotes } from './sealed-notes.ts';
import { toDecide } from './sheets.ts';
import { taskAt, taskLines, type TaskRow } from './task-lines.ts';
import { localMoment, recordReaders, SEALED_BY_CLOCK } from './wording.ts';

const words = (code: string): string => code.replaceAll('_', ' ');
const RUNNING = ['active', 'closing'];
const isInArea = (task: TaskState, shift: ShiftState): boolean => task.area !== null && isWithin(task.area, shift.area);

export const note: Note<ShiftState> = {
  name: (state, _self, zone) => shiftNoteName(state, zone),
  write(state, self, around): readonly NoteText[] {
    const name = shiftNoteName(state, around.zone);
    const files = state.seal ? around.bundle(self.id) : undefined;
    return [
      live(state, self, name, around),
      ...(files ? sealedNotes(state, name, files, around) : []),
      ...addendumNote(state, name, around),
    ];
  },
  needsBundle: (state) => state.seal !== null,
  read(edit, state, _self, around) {
    if (edit.kind === 'property')
      return `"${edit.key}" of a shift changes by the shift's commands (start, close, sign, accept, seal). It was put back.`;
    const task = taskAt(edit.line, around.all('task'));
    if (!task) return 'this task is not on this device any more. The box was put back.';
    const { status } = task.state as TaskState;
    const ref = shortNumber('T', task.number);
    if (!edit.ticked) return `${ref} is reopened or sent back with a reason; use the command. The tick was put back.`;
    if (state.seal) return 'this shift is sealed. The box was put back.';
    return isOver(status) || status === 'done'
      ? `${ref} is ${words(status)} already.`
      : { subject: { kind: 'task', id: task.id }, type: 'tasks.complete', input: {} };
  },
  // Whoever hands over starts from "everything goes on", and changes what does not.
  prefill(verb, state, _self, around): Readonly<Record<string, unknown>> {
    if (verb === 'readLate') return { upTo: newestLate(state) };
    if (verb !== 'sign') return {};
    return { decisions: toDecide(state, around).map(({ id }) => ({ task: id, decision: 'continue' })) };
  },
  card: (state, self, around) => {
    const { number } = self;
    if (state.seal) return unacceptedCard(state, number) ?? lateCard(state, number);
    const { title, count } = toDoFirst(state, self, tasksOf(state, self, around).open, around);
    const doFirst = title === undefined ? [] : [`first: ${title}${count > 1 ? ` and ${count - 1} more` : ''}`];
    return state.status === 'planned' || state.status === 'lapsed'
      ? null
      : {
          group: 'Shift',
          rank: 0,
          title: `${state.name} · ${state.area}`,
          details: [
            shortNumber('S', number),
            words(state.status),
            `${localTime(state.from, around.zone)}–${localTime(state.to, around.zone)}`,
            ...[dutyLine(state.crew) ?? []].flat(),
            ...doFirst,
          ],
        };
  },
};

/** Until a later shift has accepted what this one left. */
function unacceptedCard(state: ShiftState, number: number | null): Card | null {
  if (!isUnaccepted(state) || state.lateAcceptance) return null;
  return {
    group: 'Shift',
    rank: 0,
    title: `${state.name} · ${state.area}: ${SEALED_BY_CLOCK}`,
    details: [shortNumber('S', number), 'read what it left, then accept it'],
    urgent: true,
    next: ['acceptLate'],
  };
}

/** Until somebody has read what came after the seal. */
function lateCard(state: ShiftState, number: number | null): Card | null {
  const unread = unreadLate(state);
  if (!unread.length) return null;
  return {
    group: 'Shift',
    rank: 0,
    title: `${unread.length} late ${unread.length === 1 ? 'entry' : 'entries'} to shift ${state.name}`,
    details: [shortNumber('S', number), state.area, 'read them in its addendum'],
    urgent: true,
    next: ['readLate'],
  };
}

function live(state: ShiftState, self: Self, name: string, around: Surroundings): NoteText {
  const { open, finished } = tasksOf(state, self, around);
  const earlier = earlierLate(state, around).map(({ of }) => of.self);
  const toDo = toDoFirst(state, self, open, around);
  const mentioned = otherRunning(state, self, around).filter((other) =>
    state.crew.some((member) => otherShiftsOf(member, [other]).length),
  );
  const tasks = state.seal
    ? `As they stood at the seal: ${wikilink(sealedName(name))}. ${recordReaders(state.area)}`
    : taskLines(open, finished, around);
  return {
    type: 'shift',
    folder: `Shifts/${monthFolder(state.from, around.zone)}`,
    name,
    seq: Math.max(toDo.seq, ...[...open, ...finished, ...earlier, ...mentioned].map(({ seq }) => seq)),
    properties: properties(state, name, around),
    regions: [
      { name: 'header', markdown: header(state, self, toDo.lines, around) },
      { name: 'tasks', heading: 'Tasks', markdown: tasks },
      { name: 'log', heading: 'Log', markdown: log(state, around) },
      { name: 'handover', heading: 'Handover', markdown: handover(state, name, around) },
    ],
    prose: { heading: 'Notes', after: 'header' },
  };
}

function properties(state: ShiftState, name: string, { zone, userName }: Surroundings): Record<string, Property> {
  return {
    status: state.status,
    area: state.area,
    from: localDateTime(state.from, zone),
    to: localDateTime(state.to, zone),
    supervisor: state.startedBy === null ? null : userName(state.startedBy),
    entries: state.entries.length,
    sealed: state.seal ? wikilink(sealedName(name)) : null,
    tags: ['operary/shift'],
  };
}

const ROLE_WORDS: Readonly<Record<string, string>> = { line_lead: 'line lead', maintenance_engineer: 'maintenance' };

/** Running shifts beside this one, for a crew that is on both. */
const otherRunning = (state: ShiftState, self: Self, around: Surroundings) =>
  RUNNING.includes(state.status)
    ? (around.all('shift') as readonly (Self & { readonly state: ShiftState })[]).filter(
        (other) => other.id !== self.id && RUNNING.includes(other.state.status),
      )
    : [];

function crewLines(state: ShiftState, self: Self, around: Surroundings): string[] {
  const others = otherRunning(state, self, around);
  return state.crew.map((member) => {
    const also = otherShiftsOf(member, others).map((ref) => `also on ${ref}`);
    const about = [ROLE_WORDS[member.role] ?? member.role, presenceWords(member, around.zone) ?? [], also].flat();
    return `${around.linkToPerson(member.user)} (${about.join(', ')})`;
  });
}

function header(state: ShiftState, self: Self, toDo: readonly string[], around: Surroundings): string {
  const { zone } = around;
  const crew = crewLines(state, self, around);
  const sign = isUnaccepted(state) ? 'warning' : 'success';
  const duty = dutyLine(state.crew);
  const lines = [
    `[!${state.seal ? sign : RUNNING.includes(state.status) ? 'info' : 'note'}] ${shortNumber('S', self.number)} · ${inline(state.name)}, ${state.area} · ${words(state.status)}`,
    `**From** ${localDateTime(state.from, zone).replace('T', ' ')} **to** ${localDateTime(state.to, zone).replace('T', ' ')} (${zone})`,
    `**Crew** ${crew.join(' · ') || 'nobody signed in yet'}`,
    ...(duty === undefined || state.seal ? [] : [`**On duty** ${duty}`]),
    ...(isUnaccepted(state) ? [`**S${SEALED_BY_CLOCK.slice(1)}** at ${localMoment(state.seal!.at, zone)}`] : []),
  ];
  const callouts = [lines, ...(toDo.length ? [['[!todo] First', ...toDo]] : [])];
  return callouts.map((callout) => `${callout.map((line) => `> ${line}`.trimEnd()).join('\n')}\n`).join('\n');
}

const toDoFirst = (state: ShiftState, self: Self, open: readonly TaskRow[], around: Surroundings) =>
  RUNNING.includes(state.status) ? first(state, self, open, around) : NOTHING_FIRST;

/** What is to be done in the area while the shift runs, and what was finished in it. A sealed shift tells that in its report. */
function tasksOf(
  state: ShiftState,
  self: Self,
  around: Surroundings,
): Readonly<Record<'open' | 'finished', TaskRow[]>> {
  if (state.seal) return { open: [], finished: [] };
  const all = around.all('task') as readonly TaskRow[];
  const isOpen = ({ state: task }: TaskRow): boolean => !isOver(task.status) && isInArea(task, state);
  return {
    open: RUNNING.includes(state.status) ? all.filter(isOpen) : [],
    finished: all.filter(({ state: task }) => isOver(task.status) && task.finishedIn === self.id),
  };
}
