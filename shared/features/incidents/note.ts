/** An incident as a note: what it is, what is part of it, what happened in which order. It changes by its commands only. */
import { shortNumber } from '../../kernel/ids.ts';
import { duration, localDateTime, monthFolder } from '../../kernel/local-time.ts';
import { fileName, inline, plainProperty, wikilink } from '../../kernel/markdown.ts';
import type { Note, Property, Self, Surroundings } from '../../kernel/note.ts';
import type { ConditionState } from '../alarms/contract.ts';
import type { TaskState } from '../tasks/contract.ts';
import type { Happening, IncidentState, Joined } from './contract.ts';

/** A list that nobody reads to its end hides what stands at its end. */
const MOST = 100;

interface TaskRow extends Self {
  readonly state: TaskState;
}

const nameOf = (state: IncidentState, number: number | null): string =>
  `${shortNumber('I', number)} ${fileName(state.title)}`.trim();
const shown = (at: string, zone: string): string => localDateTime(at, zone).replace('T', ' ');
const words = (code: string): string => code.replaceAll('_', ' ');

export const note: Note<IncidentState> = {
  name: (state, { number }) => nameOf(state, number),
  write(state, self, around) {
    const tasks = tasksIn(state, self, around);
    return [
      {
        type: 'incident',
        folder: `Incidents/${monthFolder(state.openedAt, around.zone)}`,
        name: nameOf(state, self.number),
        seq: Math.max(0, ...tasks.map(({ seq }) => seq)),
        properties: properties(state, around),
        regions: [
          { name: 'header', markdown: header(state, self, tasks, around) },
          { name: 'items', heading: 'Part of it', markdown: items(state, tasks, around) },
          { name: 'happened', heading: 'What happened', markdown: happened(state, around) },
        ],
      },
    ];
  },
  read: () => 'an incident changes by its commands (join, note, resolve). It was put back.',
  card(state, { number }, { zone }) {
    if (state.status === 'resolved') return null;
    const alarms = state.items.filter(({ kind }) => kind === 'occurrence').length;
    const isFlood = state.flood !== null && state.flood.endedAt === null;
    return {
      group: 'Incidents',
      rank: 0.1,
      title: `${shortNumber('I', number)} ${isFlood ? `Flood in ${state.area || 'an unknown area'}` : state.title}`,
      details: [
        state.priority,
        `since ${shown(state.openedAt, zone)}`,
        ...(state.firstOut ? [`first out ${state.firstOut.title}`] : []),
        ...(alarms ? [`${alarms} ${alarms === 1 ? 'alarm' : 'alarms'}`] : []),
        ...(state.flood?.endedAt ? ['the flood is over'] : []),
      ],
      urgent: isFlood || state.priority === 'P1',
      next: ['note', 'resolve'],
    };
  },
};

const properties = (state: IncidentState, { zone }: Surroundings): Record<string, Property> => ({
  title: plainProperty(state.title),
  status: state.status,
  priority: state.priority,
  kind: state.kind,
  area: state.area || null,
  equipment: state.equipment,
  opened: localDateTime(state.openedAt, zone),
  resolved: state.resolution && localDateTime(state.resolution.at, zone),
  tags: ['operary/incident'],
});

/** Those in it, and those of its alarms. */
function tasksIn({ items: all }: IncidentState, self: Self, around: Surroundings): readonly TaskRow[] {
  if (!all.length) return [];
  const of = new Set([self.id, ...all.map(({ id }) => id)]);
  const tasks = around.all('task') as readonly TaskRow[];
  return tasks.filter(({ id, state }) => of.has(id) || state.upstream.some((link) => of.has(link.id)));
}

function header(state: IncidentState, { number }: Self, tasks: readonly TaskRow[], around: Surroundings): string {
  const { zone } = around;
  const { firstOut, resolution, flood } = state;
  const callout = resolution ? 'success' : flood?.endedAt === null || state.priority === 'P1' ? 'danger' : 'warning';
  const who = state.openedBy.kind === 'user' ? `${inline(around.userName(state.openedBy.id))} flagged it` : 'a rule';
  const place = state.equipment ?? state.area;
  const lines = [
    `[!${callout}] ${shortNumber('I', number)} · ${state.priority} · ${state.status} · since ${shown(state.openedAt, zone)}`,
    `**At** ${place ? around.linkToPlace(place) : 'a place that nobody named'}`,
    `**Why** ${state.rule === null ? who : inline(state.rule)}`,
    ...(state.text === null ? [] : [`**What** ${inline(state.text)}`]),
    ...(firstOut ? [`**First out** ${inline(firstOut.title)}, ${shown(firstOut.at, zone)}`] : []),
    ...(flood ? [`**Flood** ${flood.endedAt === null ? 'goes on' : `over since ${shown(flood.endedAt, zone)}`}`] : []),
    ...(resolution ? [`**Resolved** ${inline(resolution.text)}`] : []),
    ...(resolution?.cause ? [`**Cause** ${inline(resolution.cause)}`] : []),
    `**Times** ${times(state, tasks)}`,
  ];
  return `${lines.map((line) => `> ${line}`).join('\n')}\n`;
}

function times({ openedAt, resolution }: IncidentState, tasks: readonly TaskRow[]): string {
  const acknowledged = tasks.flatMap(({ state }) => state.acknowledgedAt ?? []).sort()[0];
  const since = (at: string | null | undefined, what: string): string[] =>
    at ? [`${what} ${duration(Math.max(0, Date.parse(at) - Date.parse(openedAt)))}`] : [];
  const told = [
    ...since(resolution ? resolution.acknowledgedAt : acknowledged, 'to acknowledge'),
    ...since(resolution?.finishedAt, 'to repair'),
    ...since(resolution?.at, 'to resolve'),
  ];
  return told.join(' · ') || 'nobody has acknowledged anything yet';
}

function items({ items: all }: IncidentState, tasks: readonly TaskRow[], around: Surroundings): string {
  const alarms = all.filter(({ kind }) => kind === 'occurrence');
  const lines = [
    ...tasks.map(({ id, state }) => `- ${wikilink(around.linkTo({ kind: 'task', id })!)} ${words(state.status)}`),
    ...alarms.map((item) => alarmLine(item, around)),
  ];
  const more = lines.length - MOST;
  return (
    [...lines.slice(0, MOST), ...(more > 0 ? [`- and ${more} more, in the audit trail`] : [])].join('\n') ||
    'Nothing yet.'
  );
}

/** A device holds an alarm as long as it goes on. */
function alarmLine({ id, condition, title }: Joined, around: Surroundings): string {
  const subject = { kind: 'condition', id: condition ?? '' };
  const known = around.state(subject) as ConditionState | undefined;
  const isActive = known?.occurrence === id;
  return `- ${isActive ? `${around.refOf(subject)} ` : ''}${inline(title ?? 'an alarm')} ${isActive ? '**active**' : 'over'}`;
}

const TOLD: Readonly<Record<string, string>> = {
  opened: 'Incident opened',
  noted: 'Note',
  unjoined: 'Taken out',
  flood_ended: 'Flood over',
  resolved: 'Incident resolved',
};

/** Rows of the table as in the trail; many items that joined one after another are one row. */
function happened({ happened: said, items: all }: IncidentState, around: Surroundings): string {
  const joined = all.map((item): Happening => ({ ...item, what: 'joined', text: item.title }));
  const rows = [...said, ...joined].sort((a, b) => a.seq - b.seq);
  const cells = rows.slice(0, MOST).map((row, i) => {
    const { at, recordedAt, by, what, text, waiting } = row;
    const who = by.kind === 'user' ? around.userName(by.id) : by.kind === 'integration' ? 'a machine' : 'a rule';
    const told = `**${TOLD[what] ?? words(what).replace(/^./, (letter) => letter.toUpperCase())}**`;
    const tells = `${told}${text === null ? '' : ` ${inline(text)}`}${waiting ? ' · waiting to be sent' : ''}`;
    const [happens, records] = [at, recordedAt].map((time) => shown(time, around.zone));
    return `| ${i + 1} | ${happens} | ${records === happens ? '' : records} | ${inline(who)} | ${tells} |`;
  });
  const more = rows.length - MOST;
  return [
    '| # | Happened | Recorded | Who | What |\n|---|---|---|---|---|',
    ...cells,
    ...(more > 0 ? [`\nAnd ${more} more, in the audit trail.`] : []),
  ].join('\n');
}
