/** What a running shift must do first, above all else in its note: what was critical at the handover before, P1, what was overdue when it began. */
import { localDateTime } from '../../kernel/local-time.ts';
import { inline, wikilink } from '../../kernel/markdown.ts';
import { shortNumber } from '../../kernel/ids.ts';
import type { Self, Surroundings } from '../../kernel/note.ts';
import { isWithin } from '../../kernel/roles.ts';
import type { IncidentState } from '../incidents/contract.ts';
import type { LogEntry, ShiftState } from './contract.ts';
import { handedOn, isUnaccepted, shiftBefore, wordsOn } from './predecessor.ts';
import { compare, type TaskRow } from './task-lines.ts';
import { SEALED_BY_CLOCK } from './wording.ts';

/** A list that nobody reads to its end hides what stands at its end. */
const MOST = 12;

interface First {
  /** Newest position of what it tells of another shift. */
  readonly seq: number;
  readonly lines: readonly string[];
  /** How many things come first, and the very first, without a link: for where there is little room. */
  readonly count: number;
  readonly title: string | undefined;
}

export const NOTHING_FIRST: First = { seq: 0, lines: [], count: 0, title: undefined };

export function first(state: ShiftState, self: Self, open: readonly TaskRow[], around: Surroundings): First {
  const before = shiftBefore(
    state,
    around.all('shift').filter(({ id }) => id !== self.id),
  );
  const ref = before ? shortNumber('S', before.number) : '';
  const critical = new Set(before?.state.signature?.criticalItems);
  const carried = new Set(before ? handedOn(before.state) : []);
  const began = state.startedAt ?? state.from;
  const urgent = open
    .map((row) => ({ row, why: whyFirst(row) }))
    .filter(({ why }) => why.length)
    .sort((a, b) => rank(a.row) - rank(b.row) || compare(a.row.state.dueAt, b.row.state.dueAt));
  const named = new Set(urgent.map(({ row }) => row.id));
  const words = before ? wordsOn(before.state) : [];
  const others = open.filter(({ id }) => carried.has(id) && !named.has(id)).length;
  const incidents = openIncidents(state.area, around);
  const count = incidents.length + urgent.length + words.length;
  const unaccepted =
    before && isUnaccepted(before.state) && before.state.lateAcceptance === null
      ? [
          `**${ref} ${inline(before.state.name)}: ${SEALED_BY_CLOCK}.** Read what it left, then accept it after its seal.`,
        ]
      : [];
  const numbered = [...incidents.map(incidentLine), ...urgent.map(taskLine), ...words.map(wordLine)]
    .slice(0, MOST)
    .map((line, i) => line(i + 1));
  const below = [
    ...(count > MOST ? [`And ${count - MOST} more, see below.`] : []),
    ...(others ? [`${others} more ${others === 1 ? 'task' : 'tasks'} carried over from ${ref}, below.`] : []),
  ];
  return {
    seq: Math.max(before?.seq ?? 0, ...incidents.map(({ seq }) => seq)),
    lines: [
      ...unaccepted,
      ...(unaccepted.length && numbered.length + below.length ? [''] : []),
      ...numbered,
      ...(numbered.length && below.length ? [''] : []),
      ...below,
    ],
    count,
    title: incidents[0]
      ? `${shortNumber('I', incidents[0].number)} ${incidents[0].state.title}`
      : urgent[0]
        ? nameOf(urgent[0].row)
        : words[0]?.text,
  };

  function incidentLine({ id, number, state: { priority, openedAt, flood } }: IncidentRow) {
    const link = wikilink(around.linkTo({ kind: 'incident', id }) ?? shortNumber('I', number));
    const since = `since ${localDateTime(openedAt, around.zone).replace('T', ' ')}`;
    const what = flood?.endedAt === null ? ['alarm flood'] : [];
    return (place: number): string => `${place}. ${[link, priority, ...what, since].join(' · ')}`;
  }
  function taskLine({ row, why }: { readonly row: TaskRow; readonly why: readonly string[] }) {
    return (place: number): string => {
      const link = wikilink(around.linkTo({ kind: 'task', id: row.id }) ?? shortNumber('T', row.number));
      return `${place}. ${[link, ...why].join(' · ')}`;
    };
  }
  function wordLine({ text, equipment }: LogEntry) {
    const thing = equipment === null ? '' : ` (${inline(equipment)})`;
    return (place: number): string => `${place}. ${inline(text)}${thing} · said at the handover of ${ref}`;
  }
  function whyFirst({ id, state: task }: TaskRow): string[] {
    return [
      ...(task.priority === 'P1' || critical.has(id) ? [task.priority] : []),
      ...(critical.has(id) ? [`critical at the handover of ${ref}`] : []),
      ...(task.dueAt < began ? [`overdue since ${localDateTime(task.dueAt, around.zone).replace('T', ' ')}`] : []),
    ];
  }
  function rank({ id, state: task }: TaskRow): number {
    return (critical.has(id) ? 0 : 10) + Number(task.priority.slice(1));
  }
}

interface IncidentRow extends Self {
  readonly state: IncidentState;
}

const openIncidents = (area: string, around: Surroundings): readonly IncidentRow[] =>
  (around.all('incident') as readonly IncidentRow[]).filter(
    ({ state }) => state.status === 'open' && isWithin(state.area, area),
  );

const nameOf = ({ number, state }: TaskRow): string => `${shortNumber('T', number)} ${state.title}`;
