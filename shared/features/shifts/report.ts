/** The shift report: what the next shift must do first, then safety, status, tasks, log, figures, handover. A pure function of what was recorded. */
import { localTime } from '../../kernel/local-time.ts';
import { inline } from '../../kernel/markdown.ts';
import type { Row } from '../../kernel/read.ts';
import type { TaskState } from '../tasks/contract.ts';
import type { UserState } from '../users/contract.ts';
import type { ShiftState } from './contract.ts';
import { figures } from './figures.ts';
import { handover } from './report-handover.ts';
import type { ReportInput, Words } from './report-input.ts';
import { earlierShifts } from './report-late.ts';
import { incidents } from './report-incidents.ts';
import { log, standingEntries } from './report-log.ts';
import { notes } from './report-notes.ts';
import { isUrgent, refOf, tasks } from './report-tasks.ts';
import { inWords, localDays, SEALED_BY_CLOCK, table } from './wording.ts';

export function writeReport(input: ReportInput): string {
  const { state, zone } = input;
  const words: Words = { name: namesOf(input.users), time: (at) => localTime(at, zone), zone };
  const { time } = words;
  const number = input.number === null ? 'Shift' : `S-${input.number}`;
  return [
    `# Shift report — ${inline(state.area)}, ${inline(state.name)}, ${localDays(state.from, state.to, zone)}, ${time(state.from)}–${time(state.to)}`,
    first(input),
    `**${number}** · ${inline(input.organisation)} · times in ${zone}`,
    `**Crew** ${crew(state, words)}`,
    ...(input.byClock ? [`**This shift was ${SEALED_BY_CLOCK}.**`] : []),
    `## 1. Safety, quality, environment\n\n${safety(input, words)}`,
    `## 2. Status\n\n${status(input, words)}`,
    `## 3. Tasks\n\n${tasks(input, words)}`,
    `## 4. Log\n\n${log(input, words)}`,
    `## 5. Figures\n\n${figures(input)}`,
    `## 6. Handover\n\n${[handover(input, words), earlierShifts(input, words)].filter(Boolean).join('\n\n')}`,
    ...sometimes(input).map(([title, text], i) => `## ${7 + i}. ${title}\n\n${text}`),
  ]
    .join('\n\n')
    .concat('\n');
}

/** Sections that a report has only when there is something in them. */
function sometimes(input: ReportInput): readonly (readonly [title: string, text: string])[] {
  const written = notes(input);
  const exceptions = (input.exceptions ?? []).map((one) => `- ${inline(one)}`);
  const went = incidents(input, {
    name: namesOf(input.users),
    time: (at) => localTime(at, input.zone),
    zone: input.zone,
  });
  return [
    ...(went === null ? [] : [['Incidents', went] as const]),
    ...(written === null ? [] : [['Notes', written] as const]),
    ...(exceptions.length ? [['Exceptions', exceptions.join('\n')] as const] : []),
  ];
}

function namesOf(users: readonly Row<UserState>[]): Words['name'] {
  const byId = new Map(users.map(({ key, value }) => [key, value.name]));
  return (id) => inline(byId.get(id) ?? (id.includes('-') && id.length === 36 ? 'somebody no longer named' : id));
}

/** A list that nobody reads to its end hides what stands at its end. */
const MOST_FIRST = 12;

function first({ todo, toVerify, state }: ReportInput): string {
  const instructions = standingEntries(state.entries).filter(
    ({ kind }) => kind === 'instruction' || kind === 'handover_item',
  );
  const urgent = (rows: readonly Row<TaskState>[], what: string) =>
    [...rows]
      .filter(isUrgent)
      .sort((a, b) => (a.value.priority < b.value.priority ? -1 : a.value.priority > b.value.priority ? 1 : 0))
      .map((row) => `${what}${inline(row.value.title)} (${refOf(row)}, ${row.value.priority})`);
  const items = [
    ...urgent(todo, ''),
    ...instructions.map(({ text, equipment }) => inline(equipment ? `${text} (${equipment})` : text)),
    ...urgent(toVerify, 'Verify: '),
  ];
  if (!items.length) return '> **For the next shift, first:** nothing urgent was left open.';
  const shown = items.slice(0, MOST_FIRST).map((item, i) => `> ${i + 1}. ${item}`);
  const more = items.length - shown.length;
  return [
    '> **For the next shift, first:**',
    '>',
    ...shown,
    ...(more ? ['>', `> And ${more} more, see below.`] : []),
  ].join('\n');
}

const ROLE_WORDS: Readonly<Record<string, string>> = {
  supervisor: 'Supervisor',
  line_lead: 'Line lead',
  operator: 'Operator',
  maintenance_engineer: 'Maintenance',
};

function crew({ crew: members, startedBy }: ShiftState, { name }: Words): string {
  if (!members.length) return startedBy ? name(startedBy) : 'nobody signed in';
  const roles = [...new Set(members.map(({ role }) => role))];
  return roles
    .map((role) => {
      const names = members.filter((member) => member.role === role).map(({ user }) => name(user));
      return `${ROLE_WORDS[role] ?? inWords(role)} ${names.join(', ')}`;
    })
    .join(' · ');
}

function safety({ state, touched, todo, toVerify }: ReportInput, { name, time }: Words): string {
  const rows = new Map([...touched, ...todo, ...toVerify].map((row) => [row.key, row]));
  const lines = (['safety', 'quality', 'environment'] as const).map((concern) => {
    const entries = standingEntries(state.entries).filter(({ kind }) => kind === concern);
    const tasks = [...rows.values()].filter(({ value }) => value.class === concern);
    const items = [
      ...entries.map(({ at, text, by }) => `${time(at)} ${inline(text)} *${name(by)}*`),
      ...tasks.map((row) => {
        const { title, priority, status } = row.value;
        return `${refOf(row)} ${inline(title)} (${priority}): ${inWords(status)}`;
      }),
    ];
    const title = `**${concern[0]!.toUpperCase()}${concern.slice(1)}:**`;
    return items.length
      ? [`- ${title}`, ...items.map((item) => `  - ${item}`)].join('\n')
      : `- ${title} none recorded.`;
  });
  return lines.join('\n');
}

function status({ standing, todo, now }: ReportInput, { time }: Words): string {
  const alarms = standing.map(({ number, value }) => [
    `A-${number} ${inline(value.title)}`,
    inline(value.equipment ?? value.area ?? ''),
    value.priority,
    value.activeSince ? time(value.activeSince) : '',
    value.status === 'ACKED' ? 'acknowledged' : '**not acknowledged**',
  ]);
  const held = todo.flatMap((row) => {
    const { hold, title } = row.value;
    if (!hold) return [];
    const until = hold.resumeAt ? `, until ${time(hold.resumeAt)}` : '';
    const note = hold.note ? ` – ${inline(hold.note)}` : '';
    return [`- ${refOf(row)} ${inline(title)}: ${inWords(hold.reasonCode)}${until}${note}`];
  });
  return [
    alarms.length
      ? `**Alarms still active at ${time(now)}**\n\n${table(['Alarm', 'Where', 'P', 'Since', 'State'], alarms)}`
      : `**Alarms still active at ${time(now)}:** none.`,
    held.length ? `**On hold**\n\n${held.join('\n')}` : '**On hold:** none.',
  ].join('\n\n');
}
