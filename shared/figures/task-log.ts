/** What happened to tasks in the time asked for, and what their rows say of them: the ground of every figure about tasks. */
import { tasksAmong, type TaskState } from '../features/tasks/contract.ts';
import type { FeedEvent } from '../kernel/ledger.ts';
import { select, type Read, type Row } from '../kernel/read.ts';
import type { Priority } from '../kernel/work.ts';
import { concerns, isInside, portions, type Scope } from './figure.ts';

export interface Moment {
  readonly task: string;
  readonly seq: number;
  readonly at: number;
  readonly code: string;
}

export interface Created {
  readonly task: string;
  readonly at: number;
  readonly condition: string | null;
}

/** Of a task as it stands now. */
export interface TaskFacts {
  readonly ref: number | null;
  readonly createdAt: number;
  readonly dueAt: number;
  readonly priority: Priority;
  /** Made by a rule from an alarm. */
  readonly isMachineMade: boolean;
  /** Positions of what is counted once a task: its first acknowledgement, its first completion, its last way to an end. */
  readonly firstAck: number | undefined;
  readonly firstDone: number | undefined;
  readonly closing: number | undefined;
  /** When it was first escalated to the second level or higher. */
  readonly secondLevelAt: number | undefined;
}

export interface TaskLog {
  readonly created: readonly Created[];
  readonly acknowledged: readonly Moment[];
  readonly completed: readonly Moment[];
  readonly closed: readonly Moment[];
  readonly cancelled: readonly Moment[];
  readonly escalated: readonly Moment[];
  readonly unassigned: readonly string[];
  factsOf(task: string): TaskFacts | undefined;
  /** Ends of the tasks that a condition has had. */
  endsOf(condition: string): readonly { readonly task: string; readonly at: number }[];
  /** Still to be done now, and due before the end of the time asked for. */
  readonly overdue: ReadonlySet<string>;
}

interface Said {
  readonly aside?: boolean;
  readonly level?: number;
  readonly skipped?: readonly { readonly why?: string }[];
  readonly condition?: string | null;
  readonly unassignedBecause?: string | null;
  readonly resolutionCode?: string;
  readonly reasonCode?: string;
}

export interface TaskLogPart extends TaskLog {
  hear(event: FeedEvent, at: number): void;
  reads(): readonly Read<readonly Row<TaskState>[]>[];
  learn(rows: readonly Row<TaskState>[]): void;
}

export function taskLog(scope: Scope): TaskLogPart {
  const log = {
    created: [] as Created[],
    acknowledged: [] as Moment[],
    completed: [] as Moment[],
    closed: [] as Moment[],
    cancelled: [] as Moment[],
    escalated: [] as Moment[],
    unassigned: [] as string[],
    overdue: new Set<string>(),
  };
  const facts = new Map<string, TaskFacts>();
  const ends = new Map<string, Map<string, number>>();
  const end = Math.min(scope.to, scope.now);

  const HEAR: Readonly<Record<string, (task: string, seq: number, at: number, said: Said) => void>> = {
    'task.created': (task, _seq, at, { condition = null, unassignedBecause }) => {
      log.created.push({ task, at, condition });
      if (condition !== null) ends.set(condition, new Map());
      if (unassignedBecause) log.unassigned.push(task);
    },
    'task.acknowledged': (task, seq, at) => log.acknowledged.push({ task, seq, at, code: '' }),
    'task.completed': (task, seq, at, { resolutionCode = '' }) => {
      log.completed.push({ task, seq, at, code: resolutionCode });
      log.closed.push({ task, seq, at, code: resolutionCode });
    },
    'task.verified': (task, seq, at) => log.closed.push({ task, seq, at, code: '' }),
    'task.cancelled': (task, seq, at, { reasonCode = '' }) => log.cancelled.push({ task, seq, at, code: reasonCode }),
    'task.escalated': (task, seq, at, { level = 0, skipped = [] }) => {
      const isFirst = level >= 2 && !log.escalated.some((one) => one.task === task);
      if (isFirst) log.escalated.push({ task, seq, at, code: String(level) });
      log.unassigned.push(...skipped.filter(({ why }) => why === 'nobody_on_duty').map(() => task));
    },
  };

  const ids = (): string[] => [
    ...new Set(
      [...log.acknowledged, ...log.completed, ...log.closed, ...log.cancelled, ...log.escalated].map(
        ({ task }) => task,
      ),
    ),
  ];

  return {
    ...log,
    hear({ type, subject, seq, area, body }, at) {
      if (isInside(scope, at) && concerns(scope, area) && !body.aside) HEAR[type]?.(subject.id, seq, at, body);
    },
    reads: () => [
      ...portions(ids(), 200).map(tasksAmong),
      ...portions([...ends.keys()], 50).map((some) =>
        select<TaskState>('tasks', { where: { condition: { in: some } } }),
      ),
      select<TaskState>('tasks', {
        where: { todo: 1, ...(scope.areas.length ? { area: { within: scope.areas } } : {}) },
      }),
    ],
    learn(rows) {
      for (const { key, number, value } of rows) {
        facts.set(key, factsOf(number, value));
        if (value.completion && value.condition !== null)
          ends.get(value.condition)?.set(key, Date.parse(value.completion.at));
        if (isToDo(value) && Date.parse(value.dueAt) < end) log.overdue.add(key);
      }
    },
    factsOf: (task) => facts.get(task),
    endsOf: (condition) => [...(ends.get(condition) ?? [])].map(([task, at]) => ({ task, at })),
  };
}

const OVER: readonly string[] = ['done', 'closed', 'cancelled'];
const isToDo = ({ status }: TaskState): boolean => !OVER.includes(status);

function factsOf(ref: number | null, state: TaskState): TaskFacts {
  const { actions, escalations, createdAt, dueAt, priority, createdBy, condition, status } = state;
  const first = (what: string) => actions.find((action) => action.what === what)?.seq;
  const ended = actions.findLast(({ what }) => what === 'completed' || what === 'verified')?.seq;
  const second = escalations.find(({ level }) => level >= 2);
  return {
    ref,
    createdAt: Date.parse(createdAt),
    dueAt: Date.parse(dueAt),
    priority,
    isMachineMade: createdBy.kind === 'engine' && condition !== null,
    firstAck: first('acknowledged'),
    firstDone: first('completed'),
    closing: status === 'closed' ? ended : undefined,
    secondLevelAt: second && Date.parse(second.at),
  };
}
