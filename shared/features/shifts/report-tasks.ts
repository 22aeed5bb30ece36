/** The report on tasks: what goes on and with whom, what was done, what waits for another pair of eyes, what was escalated. */
import { localTime } from '../../kernel/local-time.ts';
import { inline } from '../../kernel/markdown.ts';
import type { Row } from '../../kernel/read.ts';
import type { Assignee, TaskState } from '../tasks/contract.ts';
import type { Decision } from './contract.ts';
import type { ReportInput, Words } from './report-input.ts';
import { inWords, localDay, table } from './wording.ts';

export const refOf = (row: Row): string => `T-${row.number ?? 'new'}`;
export const isUrgent = ({ value }: Row<TaskState>): boolean => value.priority === 'P1' || value.priority === 'P2';

export function tasks(input: ReportInput, words: Words): string {
  const { todo, toVerify, completed, touched } = input;
  const { name } = words;
  const waiting = toVerify.map((row) => `- ${refOf(row)} ${inline(row.value.title)} (${row.value.priority})`);
  const escalations = touched.flatMap((row) => [
    ...row.value.escalations.flatMap(({ level, by, reason, target, raisedBy }) => {
      const to = target ? ` to ${holder(target, words)}` : '';
      return raisedBy === 'engine' ? [] : [`- ${refOf(row)} level ${level}${to} by ${name(by)}: ${inline(reason)}`];
    }),
    ...byTheClock(row, words),
  ]);
  return [
    summary(input),
    todo.length ? `**Carried over**\n\n${carriedOver(input, words)}` : '**Carried over:** none.',
    completed.length ? `**Completed**\n\n${done(completed, words)}` : '**Completed:** none.',
    waiting.length ? `**Waiting for verification**\n\n${waiting.join('\n')}` : '',
    escalations.length ? `**Escalations**\n\n${escalations.join('\n')}` : '**Escalations:** none.',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** All its steps in one line: how far they went, whom they missed, and who answered the last. */
function byTheClock(row: Row<TaskState>, words: Words): readonly string[] {
  const steps = row.value.escalations.filter(({ raisedBy }) => raisedBy === 'engine');
  const [last] = steps.slice(-1);
  if (!last) return [];
  const missed = steps
    .flatMap(({ skipped = [] }) => skipped)
    .flatMap(({ why, target }) => (why === 'nobody_on_duty' && target ? [holder(target, words)] : []));
  const { acknowledgedBy: by, acknowledgedAt: at } = last;
  const answer = by && at ? `accepted by ${words.name(by)} ${words.time(at)}` : 'not accepted';
  const level = Math.max(...steps.map((step) => step.level));
  const nobody = missed.length ? `; nobody on duty as ${[...new Set(missed)].join(', ')}` : '';
  return [
    `- ${refOf(row)} by the clock up to level ${level} (${steps.length} ${steps.length === 1 ? 'step' : 'steps'}): ${inline(last.reason)}, ${answer}${nobody}`,
  ];
}

function summary({ events, todo, now }: ReportInput): string {
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const made = events.filter(({ type, actor }) => type === 'task.created' && actor.kind === 'engine');
  const scheduled = made.filter(({ upstream }) => upstream.some(({ kind }) => kind === 'schedule')).length;
  const origins = [
    `${made.length - scheduled} from alarms and reports`,
    ...(scheduled ? [`${scheduled} from schedules`] : []),
  ];
  const overdue = todo.filter(({ value }) => value.dueAt < now).length;
  return `Opened ${count('task.created')} (${origins.join(', ')}) · completed ${count('task.completed')} · cancelled ${count('task.cancelled')} · **carried over ${todo.length}** (${overdue} overdue)`;
}

const DECIDED: Readonly<Record<Decision['decision'], string>> = {
  continue: 'goes on',
  reassign: 'reassigned',
  cancel: 'to be cancelled',
};

function carriedOver({ todo, state, now }: ReportInput, words: Words): string {
  const decisions = new Map((state.signature?.decisions ?? []).map((decision) => [decision.task, decision]));
  const rows = todo.map((row) => {
    const { title, priority, assignee, unassignedBecause, dueAt, status } = row.value;
    const due = `${localDay(dueAt, words.zone)} ${localTime(dueAt, words.zone)}`;
    const decided = decisions.get(row.key);
    return [
      refOf(row),
      priority,
      inline(title),
      assignee ? holder(assignee, words) : `**nobody**${unassignedBecause ? `: ${inline(unassignedBecause)}` : ''}`,
      dueAt < now ? `**${due} overdue**` : due,
      inWords(status),
      decided ? `${DECIDED[decided.decision]}${decided.reason ? `: ${inline(decided.reason)}` : ''}` : '',
    ];
  });
  return table(['Task', 'P', 'Title', 'Owner', 'Due', 'State', 'Decision'], rows);
}

const holder = (assignee: Assignee, { name }: Words): string =>
  'user' in assignee ? name(assignee.user) : inWords(assignee.role);

function done(completed: readonly Row<TaskState>[], { name, time }: Words): string {
  const rows = completed.flatMap((row) => {
    const { completion, priority, title, verifiedBy, status } = row.value;
    if (!completion) return [];
    const { by, at, resolutionCode, note, overrideReason } = completion;
    const override = overrideReason ? ` **The alarm was still on:** ${inline(overrideReason)}` : '';
    return [
      [
        refOf(row),
        priority,
        inline(title),
        `${name(by)} ${time(at)}`,
        inWords(resolutionCode),
        `${inline(note)}${override}`,
        verifiedBy ? name(verifiedBy) : status === 'done' ? '**not yet**' : '',
      ],
    ];
  });
  return table(['Task', 'P', 'Title', 'By', 'Result', 'Note', 'Verified'], rows);
}
