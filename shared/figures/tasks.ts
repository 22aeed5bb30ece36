/** How long people take, and what becomes of tasks. Everything is counted at the moment when it ended, so that adjacent times add up. */
import type { TaskState } from '../features/tasks/contract.ts';
import type { Row } from '../kernel/read.ts';
import type { Priority } from '../kernel/work.ts';
import { DAY, listed, MINUTE, share, spread, type Figure, type Part, type Scope } from './figure.ts';
import { taskLog, type Moment, type TaskFacts, type TaskLog } from './task-log.ts';

/** Acknowledge within (domain model 2.4); P4 has no target. */
const ACK_WITHIN: Readonly<Record<Priority, number>> = {
  P1: 5 * MINUTE,
  P2: 15 * MINUTE,
  P3: 60 * MINUTE,
  P4: Infinity,
};
const REPEATS_WITHIN = 7 * DAY;

export function taskFigures(scope: Scope): Part {
  const log = taskLog(scope);
  return {
    hear: (event, at) => log.hear(event, at),
    reads: () => log.reads(),
    learn: (rows) => log.learn(rows as readonly Row<TaskState>[]),
    figures: () => [...times(log), ...outcomes(log)],
  };
}

interface Took {
  readonly task: string;
  readonly ref: number | null;
  readonly priority: Priority;
  readonly ms: number;
}

/** From the creation of a task to these moments, where they are the ones that count. */
const took = (log: TaskLog, moments: readonly Moment[], counts: (facts: TaskFacts, seq: number) => boolean): Took[] =>
  moments.flatMap(({ task, seq, at }) => {
    const facts = log.factsOf(task);
    if (!facts || !counts(facts, seq)) return [];
    return [{ task, ref: facts.ref, priority: facts.priority, ms: Math.max(0, at - facts.createdAt) }];
  });

function times(log: TaskLog): readonly Figure[] {
  const acknowledged = took(log, log.acknowledged, ({ firstAck }, seq) => firstAck === seq);
  const completed = took(log, log.completed, ({ firstDone }, seq) => firstDone === seq);
  const safe = took(
    log,
    log.completed.filter(({ code }) => code === 'made_safe'),
    ({ firstDone }, seq) => firstDone === seq,
  );
  const closed = took(log, log.closed, ({ closing }, seq) => closing === seq);
  const inTime = acknowledged.filter(({ priority, ms }) => ms <= ACK_WITHIN[priority]).length;
  return [
    timed('time_to_acknowledge', 'Time to acknowledge (MTTA)', acknowledged, {
      values: { withinTarget: share(inTime, acknowledged.length) },
      target: 'P1 5 min, P2 15 min, P3 60 min, P4 none',
      definition: 'From the creation of a task to its first acknowledgement.',
    }),
    timed('time_to_complete', 'Time to complete (MTTR)', completed, {
      target: null,
      definition: 'From the creation of a task to its first report of completion.',
    }),
    timed('time_to_safe', 'Time to safe', safe, {
      target: null,
      definition: 'From the creation of a task to its completion, where that made it safe rather than fixed it.',
    }),
    timed('create_to_close', 'From creation to close', closed, {
      target: 'under 2 min in a demonstration',
      definition: 'From the creation of a task to its close, the check by another person included.',
    }),
  ];
}

function timed(
  key: string,
  title: string,
  all: readonly Took[],
  more: Pick<Figure, 'target' | 'definition'> & { readonly values?: Figure['values'] },
): Figure {
  const of = (some: readonly Took[]) => ({ n: some.length, ...spread(some.map(({ ms }) => ms)) });
  const byPriority = Object.fromEntries(
    Object.keys(ACK_WITHIN).map((priority) => [priority, of(all.filter((one) => one.priority === priority))]),
  );
  return {
    ...{ key, title, unit: 's', n: all.length, of: 'tasks' },
    ...more,
    values: { ...spread(all.map(({ ms }) => ms)), ...more.values },
    behind: { byPriority, tasks: listed(all.map(({ ms, ...one }) => ({ ...one, seconds: ms / 1000 }))) },
  };
}

function outcomes(log: TaskLog): readonly Figure[] {
  const escalated = log.escalated.filter(({ task, at }) => log.factsOf(task)?.secondLevelAt === at);
  const finished = log.completed.filter(({ task, seq }) => log.factsOf(task)?.firstDone === seq);
  const late = finished.filter(({ task, at }) => at > log.factsOf(task)!.dueAt);
  const repeated = log.created.flatMap(({ task, at, condition }) => {
    const before = condition === null ? undefined : log.endsOf(condition).find((end) => isRepeat(end, task, at));
    return before ? [{ task, after: before.task, condition }] : [];
  });
  const machineMade = [...finished, ...log.cancelled].filter(({ task }) => log.factsOf(task)?.isMachineMade);
  const false_ = machineMade.filter(({ code }) => code === 'false_alarm' || code === 'no_fault_found');
  return [
    {
      ...{ key: 'escalations', title: 'Escalations', unit: 'share', n: log.created.length, of: 'tasks' },
      values: {
        share: share(escalated.length, log.created.length),
        count: escalated.length,
        nobodyOnDuty: log.unassigned.length,
      },
      target: 'nobody on duty: 0',
      definition:
        'Tasks that reached the second level or higher, of the tasks made in that time; and how often a rule looked for somebody on duty and found nobody.',
      behind: { escalated: listed(escalated.map(({ task }) => task)), nobodyOnDuty: listed(log.unassigned) },
    },
    {
      ...{ key: 'in_time', title: 'Completed in time', unit: 'share', n: finished.length, of: 'tasks' },
      values: {
        share: share(finished.length - late.length, finished.length),
        late: late.length,
        openOverdue: log.overdue.size,
      },
      target: 'more than 90 % in time is a usual aim of maintenance',
      definition: 'Tasks completed no later than due; and those due in or before that time that are still to be done.',
      behind: { late: listed(late.map(({ task }) => task)), openOverdue: listed([...log.overdue]) },
    },
    {
      ...{ key: 'repeat_failures', title: 'Repeat failures', unit: 'tasks', n: log.created.length, of: 'tasks' },
      values: { count: repeated.length },
      target: 'falls',
      definition: 'Tasks made for a condition within 7 days after another task of it was completed.',
      behind: { tasks: listed(repeated) },
    },
    {
      ...{ key: 'false_alarms', title: 'False alarms', unit: 'share', n: machineMade.length, of: 'machine-made tasks' },
      values: { share: share(false_.length, machineMade.length), count: false_.length },
      target: 'less than 10 %',
      definition: 'Tasks made from alarms that ended as a false alarm or with no fault found, of those that ended.',
      behind: { tasks: listed(false_.map(({ task }) => task)) },
    },
  ];
}

const isRepeat = (end: { readonly task: string; readonly at: number }, task: string, at: number): boolean =>
  end.task !== task && end.at <= at && end.at > at - REPEATS_WITHIN;
