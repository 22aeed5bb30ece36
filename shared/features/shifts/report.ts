/** The shift report: what the next shift must do first, then safety, status, tasks, log, figures, handover. A pure function of what was recorded. */
import type { Recorded } from '../../kernel/event.ts';
import { localTime } from '../../kernel/local-time.ts';
import { inline } from '../../kernel/markdown.ts';
import type { Row } from '../../kernel/read.ts';
import type { ConditionState } from '../alarms/contract.ts';
import type { TaskState } from '../tasks/contract.ts';
import type { UserState } from '../users/contract.ts';
import type { LogEntry, ShiftState } from './contract.ts';
import { localDay, table } from './wording.ts';
import { figures } from './figures.ts';

export interface ReportInput {
  readonly state: ShiftState;
  readonly number: number | null;
  readonly zone: string;
  readonly organisation: string;
  readonly users: readonly Row<UserState>[];
  /** What somebody still has to do in the area. */
  readonly todo: readonly Row<TaskState>[];
  /** Tasks whose latest event belongs to this shift. */
  readonly touched: readonly Row<TaskState>[];
  readonly standing: readonly Row<ConditionState>[];
  readonly events: readonly Recorded[];
  readonly now: string;
}

const ROLE_WORDS: Readonly<Record<string, string>> = {
  supervisor: 'Supervisor',
  line_lead: 'Line lead',
  operator: 'Operator',
  maintenance_engineer: 'Maintenance',
};

export function writeReport(input: ReportInput): string {
  const { state, zone } = input;
  const names = namesOf(input.users);
  const time = (at: string) => localTime(at, zone);
  return [
    `# Shift report — ${inline(state.area)}, ${inline(state.name)}, ${localDay(state.from, zone)} ${time(state.from)}–${time(state.to)}`,
    first(input),
    `**${input.number === null ? 'Shift' : `S-${input.number}`}** · ${inline(input.organisation)} · times in ${zone}`,
    `**Crew** ${crew(state, names)}`,
    `## 1. Safety, environment, quality\n${safety(input, names, time)}`,
    `## 2. Status\n${status(input, time)}`,
    `## 3. Tasks\n${tasks(input, names)}`,
    `## 4. Log\n${log(state.entries, names, time)}`,
    `## 5. Figures\n${figures(input.events, input.touched)}`,
    `## 6. Handover\n${handover(input, names, time)}`,
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n');
}

export type Names = (id: string) => string;

export function namesOf(users: readonly Row<UserState>[]): Names {
  const byId = new Map(users.map(({ key, value }) => [key, value.name]));
  return (id) => inline(byId.get(id) ?? (id.includes('-') && id.length === 36 ? 'somebody no longer named' : id));
}

const ref = (row: Row): string => `T-${row.number ?? 'new'}`;
const urgent = ({ value }: Row<TaskState>): boolean => value.priority === 'P1' || value.priority === 'P2';

function first({ todo, state }: ReportInput): string {
  const instructions = standingEntries(state.entries).filter(
    ({ kind }) => kind === 'instruction' || kind === 'handover_item',
  );
  const items = [
    ...todo.filter(urgent).map((row) => `${inline(row.value.title)} (${ref(row)}, ${row.value.priority})`),
    ...instructions.map(({ text }) => inline(text)),
  ];
  if (!items.length) return '> **For the next shift, first:** nothing urgent was left open.';
  return `> **For the next shift, first:** ${items.map((item, i) => `${i + 1}. ${item}`).join(' ')}`;
}

function crew({ crew: members, startedBy }: ShiftState, names: Names): string {
  if (!members.length) return startedBy ? names(startedBy) : 'nobody signed in';
  return members.map(({ user, role }) => `${ROLE_WORDS[role] ?? role} ${names(user)}`).join(' · ');
}

function safety({ state, touched, todo }: ReportInput, names: Names, time: (at: string) => string): string {
  const entries = standingEntries(state.entries).filter(({ kind }) => kind === 'safety' || kind === 'quality');
  const seen = new Map([...touched, ...todo].map((row) => [row.key, row]));
  const concerned = [...seen.values()].filter(({ value }) =>
    ['safety', 'environment', 'quality'].includes(value.class),
  );
  const lines = [
    ...entries.map(({ at, kind, text, by }) => `- ${time(at)} ${kind}: ${inline(text)} *${names(by)}*`),
    ...concerned.map(
      (row) =>
        `- ${ref(row)} ${inline(row.value.title)} (${row.value.class}, ${row.value.priority}): ${row.value.status.replace('_', ' ')}`,
    ),
  ];
  return lines.join('\n') || '- None recorded.';
}

function status({ standing, todo }: ReportInput, time: (at: string) => string): string {
  const alarms = standing.map(({ number, value }) => [
    `A-${number} ${inline(value.title)}`,
    inline(value.equipment ?? value.area ?? ''),
    value.priority,
    value.activeSince ? time(value.activeSince) : '',
    value.status === 'ACKED' ? 'acknowledged' : 'not acknowledged',
  ]);
  const held = todo
    .filter(({ value }) => value.hold)
    .map((row) => `- ${ref(row)} ${inline(row.value.title)}: ${row.value.hold!.reasonCode.replaceAll('_', ' ')}`);
  return [
    alarms.length
      ? `**Standing alarms**\n\n${table(['Alarm', 'Where', 'P', 'Since', 'State'], alarms)}`
      : '**Standing alarms:** none.',
    held.length ? `**On hold**\n${held.join('\n')}` : '**On hold:** none.',
  ].join('\n\n');
}

function tasks({ todo, touched, events, now, zone, state }: ReportInput, names: Names): string {
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const byMachine = events.filter(({ type, actor }) => type === 'task.created' && actor.kind === 'engine').length;
  const overdue = todo.filter(({ value }) => value.dueAt < now).length;
  const summary = `Opened ${count('task.created')} (${byMachine} by machines) · completed ${count('task.completed')} · cancelled ${count('task.cancelled')} · **carried over ${todo.length}** (${overdue} overdue)`;
  const decisions = new Map((state.signature?.decisions ?? []).map((decision) => [decision.task, decision]));
  const rows = todo.map((row) => {
    const { value } = row;
    const holder = value.assignee
      ? 'user' in value.assignee
        ? names(value.assignee.user)
        : value.assignee.role.replaceAll('_', ' ')
      : inline(value.unassignedBecause ?? '') || 'unassigned';
    const due = `${localDay(value.dueAt, zone)} ${localTime(value.dueAt, zone)}`;
    const decided = decisions.get(row.key);
    return [
      ref(row),
      value.priority,
      inline(value.title),
      holder,
      value.dueAt < now ? `**${due} overdue**` : due,
      value.status.replace('_', ' '),
      decided?.decision ?? '',
    ];
  });
  const finished = touched
    .filter(({ value }) => value.completion)
    .map((row) => [
      ref(row),
      row.value.priority,
      inline(row.value.title),
      names(row.value.completion!.by),
      row.value.completion!.resolutionCode.replaceAll('_', ' '),
      inline(row.value.completion!.note),
      row.value.verifiedBy ? names(row.value.verifiedBy) : row.value.status === 'done' ? 'not yet' : '',
    ]);
  const escalations = touched.flatMap((row) =>
    row.value.escalations.map((one) => `- ${ref(row)} level ${one.level} by ${names(one.by)}: ${inline(one.reason)}`),
  );
  return [
    summary,
    rows.length ? table(['Task', 'P', 'Title', 'Owner', 'Due', 'State', 'Decision'], rows) : '',
    finished.length
      ? `**Completed**\n\n${table(['Task', 'P', 'Title', 'By', 'Result', 'Note', 'Verified'], finished)}`
      : '',
    escalations.length ? `**Escalations**\n${escalations.join('\n')}` : '**Escalations:** none.',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** What stands: entries that no later entry corrects. */
const standingEntries = (entries: readonly LogEntry[]): LogEntry[] =>
  entries.filter(({ id }) => !entries.some(({ corrects }) => corrects === id));

function log(entries: readonly LogEntry[], names: Names, time: (at: string) => string): string {
  if (!entries.length) return 'No entries.';
  const correction = new Map(entries.filter(({ corrects }) => corrects).map((entry) => [entry.corrects, entry]));
  const rows = entries
    .filter(({ corrects }) => !corrects)
    .map((entry) => {
      const late = entry.late ? `**LATE ENTRY** (happened ${time(entry.at)}): ` : '';
      return [time(entry.late ? entry.recordedAt : entry.at), `${late}${struck(entry)} *${names(entry.by)}*`];
    });
  return table(['Time', 'Entry'], rows);

  /** One line through what was wrong; it stays legible, with who put it right, when and why. */
  function struck(entry: LogEntry): string {
    const { text, kind, equipment } = entry;
    const shown = `${kind === 'note' ? '' : `[${kind.replace('_', ' ')}] `}${inline(text)}${equipment ? ` (${inline(equipment)})` : ''}`;
    const by = correction.get(entry.id);
    if (!by) return shown;
    return `~~${shown}~~ ${struck(by)} (corrected ${time(by.recordedAt)} ${names(by.by)}${by.reason ? `: ${inline(by.reason)}` : ''})`;
  }
}

function handover({ state, todo }: ReportInput, names: Names, time: (at: string) => string): string {
  const { signature, acceptance, refusals } = state;
  if (!signature) return 'Not signed.';
  const title = new Map(todo.map((row) => [row.key, `${ref(row)} ${inline(row.value.title)}`]));
  const items = signature.criticalItems.map((id) => [
    title.get(id) ?? 'a task finished since',
    `✓ ${time(signature.at)}`,
    acceptance
      ? acceptance.criticalItems.includes(id)
        ? `✓ ${time(acceptance.at)} read back`
        : '**not read back**'
      : '',
  ]);
  const accepted = acceptance
    ? `Accepted **${time(acceptance.at)} ${names(acceptance.by)}**, ${acceptance.reservations ? `with reservations: ${inline(acceptance.reservations)}` : 'without reservations'}`
    : '**Not accepted**';
  return [
    items.length
      ? table(
          ['Critical item', `${names(signature.by)} (out)`, `${acceptance ? names(acceptance.by) : 'nobody'} (in)`],
          items,
        )
      : 'No critical items.',
    refusals.map(({ by, at, reason }) => `- Refused ${time(at)} by ${names(by)}: ${inline(reason)}`).join('\n'),
    `Handed over **${time(signature.at)} ${names(signature.by)}** · ${accepted}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}
