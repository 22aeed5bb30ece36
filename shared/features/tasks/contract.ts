/** Tasks: a unit of work for one role or person. The state machine's verbs, what they record, how the API shows them. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, asked, erasable, line, sha256Name, text, timestamp, uuid } from '../../kernel/schema.ts';
import { priority, taskClass } from '../../kernel/work.ts';
import { plan } from '../escalations/contract.ts';
import {
  assignee,
  cancelReason,
  holdReason,
  link,
  resolutionCode,
  taskStatus,
  type Assignee,
  type TaskStatus,
} from './vocabulary.ts';
import { escalationEntity, runningEntity } from './escalation-entity.ts';
import { escalated, type Escalation, type Running } from './escalation.ts';

export {
  assignee,
  cancelReason,
  holdReason,
  isOver,
  link,
  resolutionCode,
  taskStatus,
  UNFINISHED,
  type Assignee,
  type TaskStatus,
} from './vocabulary.ts';
export type { Cause, Escalation, Running, Skipped, Stepped } from './escalation.ts';

const reason = erasable(text(2000));
const evidence = z.array(sha256Name).max(50).default([]);
/** As much as a shared text can hold. */
const typed = z.string().max(1_048_576);

export const commands = {
  create: command(
    {
      title: line(300),
      area: areaPath,
      priority: priority.default('P3'),
      class: taskClass.default('maintenance'),
      equipment: line(200).optional(),
      description: text(8000).optional(),
      dueAt: timestamp.optional(),
      assignee: assignee.optional(),
      upstream: z
        .array(link)
        .max(20)
        .default([])
        .meta({ description: 'What led to this task; at most one of the links may be a cause' }),
    },
    { permission: 'task.create', creates: true, title: 'Create task' },
  ),
  raise: command(
    {
      title: line(300),
      description: text(8000).nullable(),
      area: areaPath.nullable(),
      priority,
      class: taskClass,
      equipment: line(200).nullable(),
      /** Of an alarm; what came of something else names that in `upstream`. */
      condition: uuid.nullable(),
      occurrence: uuid.nullable(),
      /** The task that was closed before the same thing came back. */
      follows: uuid.nullable().default(null),
      upstream: z.array(link).max(5).default([]),
      assignee: assignee.nullable(),
      unassignedBecause: line(300).nullable(),
      evidence,
    },
    { permission: 'task.carry-over', creates: true, title: 'Raise task', internal: true },
  ),
  recur: command(
    { occurrence: uuid, priority: priority.optional() },
    { permission: 'task.carry-over', title: 'Note recurrence', internal: true },
  ),
  join: command({ incident: uuid }, { permission: 'incident.gather', title: 'Join incident', internal: true }),
  unjoin: command({ incident: uuid }, { permission: 'incident.gather', title: 'Leave incident', internal: true }),
  tick: command({}, { permission: 'clock.tick', title: 'Ask the next level', internal: true }),
  askNext: command({}, { permission: 'task.carry-over', title: 'Ask the next in turn', internal: true }),
  askAgain: command({}, { permission: 'task.carry-over', title: 'Ask those who have come', internal: true }),
  carryOver: command(
    { from: uuid, to: uuid.nullable() },
    { permission: 'task.carry-over', title: 'Carry over', internal: true },
  ),
  reschedule: command(
    { dueAt: timestamp },
    { permission: 'task.carry-over', title: 'Set another due time', internal: true },
  ),
  assign: command({ assignee }, { permission: 'task.steer', title: 'Assign task' }),
  reject: command({ reason }, { permission: 'task.work', title: 'Reject task' }),
  acknowledge: command({}, { permission: 'task.work', title: 'Acknowledge task' }),
  start: command({}, { permission: 'task.work', title: 'Start task' }),
  hold: command(
    {
      reasonCode: asked(holdReason, { label: 'What it waits for' }),
      note: text(2000).optional(),
      resumeAt: asked(timestamp, { label: 'Goes on at' }).optional(),
    },
    { permission: 'task.work', title: 'Put task on hold' },
  ),
  resume: command({}, { permission: 'task.work', title: 'Resume task' }),
  complete: command(
    {
      note: text(8000),
      resolutionCode: asked(resolutionCode, { label: 'How it was settled' }).default('fixed'),
      evidence,
      overrideReason: asked(text(2000), { label: 'Why nevertheless' })
        .optional()
        .meta({ description: 'Why it is complete although the machine still signals the alarm' }),
    },
    { permission: 'task.work', title: 'Complete task' },
  ),
  verify: command({}, { permission: 'task.verify', title: 'Verify task' }),
  sendBack: command({ reason }, { permission: 'task.verify', title: 'Send task back' }),
  reopen: command({ reason }, { permission: 'task.steer', title: 'Reopen task' }),
  escalate: command({ reason, target: assignee.optional() }, { permission: 'task.escalate', title: 'Escalate task' }),
  return: command({ reason }, { permission: 'task.work', title: 'Return escalation' }),
  takeOver: command({}, { permission: 'task.take', title: 'Take task over' }),
  cancel: command(
    { reasonCode: asked(cancelReason, { label: 'Why it is cancelled' }) },
    {
      permission: 'task.steer',
      title: 'Cancel task',
      final: 'The task ends here. A cancelled task is not reopened; a new one can follow it up.',
    },
  ),
  note: command({ text: text(8000) }, { permission: 'task.note', title: 'Add note to task' }),
  review: command(
    { finding: text(8000).meta({ description: 'What holds, now that somebody has looked at it' }) },
    { permission: 'task.verify', title: 'Settle what needs a look' },
  ),
  receiveFiles: command({}, { permission: 'task.carry-over', title: 'Note that files have come', internal: true }),
  lateProse: command(
    {
      author: uuid,
      device: uuid.nullable(),
      inserted: typed,
      struck: typed,
      context: typed,
      update: sha256Name,
      receivedAt: timestamp,
    },
    { permission: 'task.carry-over', title: 'Keep late notes', internal: true },
  ),
} as const;

const made = {
  title: erasable(z.string()),
  description: erasable(z.string()).nullable(),
  area: z.string().nullable(),
  priority,
  class: taskClass,
  equipment: z.string().nullable(),
  dueAt: z.string(),
  condition: uuid.nullable(),
  occurrence: uuid.nullable(),
  unassignedBecause: z.string().nullable(),
  /** That came with the report which led to it; left out where none came. */
  evidence: z.array(sha256Name).optional(),
  /** Who is asked when nobody acknowledges, as it stood then; null: nobody is. */
  escalation: plan.nullable().optional(),
  /** The same condition, soon after its last task was closed. */
  cameBack: z.literal(true).optional(),
};

export const events = {
  'task.created': event(made),
  'task.assigned': event({
    assignee,
    basis: z.enum(['person', 'rule']),
    /** Who could take it: on duty in that role, or the person. */
    candidates: z.array(uuid).optional(),
    why: z.string().optional(),
    /** Whom to ring. */
    notified: z.array(uuid).optional(),
    escalation: plan.nullable().optional(),
  }),
  'task.rejected': event({}),
  'task.acknowledged': event({}),
  'task.started': event({}),
  'task.held': event({
    reasonCode: holdReason,
    note: erasable(z.string()).nullable(),
    resumeAt: z.string().nullable(),
  }),
  'task.resumed': event({}),
  'task.completed': event({
    note: erasable(z.string()),
    resolutionCode,
    evidence: z.array(sha256Name),
    overrideReason: erasable(z.string()).nullable(),
    needsVerification: z.boolean(),
  }),
  'task.verified': event({}),
  'task.sent_back': event({}),
  'task.reopened': event({}),
  'task.escalated': event(escalated),
  'task.returned': event({ level: z.int(), target: assignee.nullable(), notified: z.array(uuid) }),
  'task.taken_over': event({ from: assignee.nullable() }),
  'task.worsened': event({ priority, dueAt: z.string(), occurrence: uuid, escalation: plan.nullable() }),
  'task.cancelled': event({ reasonCode: cancelReason }),
  'task.noted': event({ text: erasable(z.string()) }),
  'task.recurred': event({ occurrence: uuid }),
  'task.joined': event({ incident: uuid }),
  'task.unjoined': event({ incident: uuid }),
  'task.carried_over': event({ from: uuid, to: uuid.nullable() }),
  'task.rescheduled': event({ dueAt: z.string() }),
  'task.reviewed': event({ finding: erasable(z.string()), settled: z.array(z.string()) }),
  'task.files_received': event({ entries: z.array(z.int()), files: z.array(sha256Name) }),
  'task.late_prose': event({
    author: uuid,
    device: uuid.nullable(),
    inserted: erasable(z.string()),
    struck: erasable(z.string()),
    context: erasable(z.string()),
    update: sha256Name,
    receivedAt: z.string(),
  }),
} as const;

/** One line of the actions log in the task's note and in reports. */
export interface Action {
  readonly seq: number;
  readonly at: string;
  readonly by: { readonly kind: string; readonly id: string };
  readonly what: string;
  readonly text: string | null;
  /** What was out of the ordinary about it (kernel/flags.ts). */
  readonly flags?: readonly string[];
  /** Only on the device that made it: not yet on the server. */
  readonly waiting?: true;
}

export interface Completion {
  readonly by: string;
  readonly at: string;
  readonly note: string;
  readonly resolutionCode: string;
  readonly evidence: readonly string[];
  readonly overrideReason: string | null;
}

/** One more report of the same work, which changed nothing. */
export interface FurtherReport extends Completion {
  readonly seq: number;
  readonly device: string | null;
  readonly flags: readonly string[];
}

/** An entry, by its position, and the files that it names: not all of them are here. */
export interface AwaitedFiles {
  readonly seq: number;
  readonly files: readonly string[];
}

export interface TaskState {
  readonly title: string;
  readonly description: string | null;
  readonly area: string | null;
  readonly priority: z.output<typeof priority>;
  readonly class: z.output<typeof taskClass>;
  readonly equipment: string | null;
  readonly status: TaskStatus;
  readonly assignee: Assignee | null;
  /** Why nobody has it, where a rule looked for somebody. */
  readonly unassignedBecause: string | null;
  readonly dueAt: string;
  readonly createdAt: string;
  readonly createdBy: { readonly kind: string; readonly id: string };
  readonly upstream: readonly z.output<typeof link>[];
  /** Photos and files that came with the report which led to it. */
  readonly evidence?: readonly string[];
  readonly condition: string | null;
  readonly occurrences: readonly string[];
  readonly acknowledgedAt: string | null;
  readonly acknowledgedBy: string | null;
  readonly hold: { readonly reasonCode: string; readonly note: string | null; readonly resumeAt: string | null } | null;
  readonly completion: Completion | null;
  readonly furtherReports: readonly FurtherReport[];
  /** What somebody should look at, until a review settles it. */
  readonly flags: readonly string[];
  readonly awaited: readonly AwaitedFiles[];
  readonly verifiedBy: string | null;
  readonly verifiedAt: string | null;
  readonly cancelledBecause: string | null;
  readonly escalations: readonly Escalation[];
  /** Where the asking stands; absent where nobody is asked. */
  readonly escalation?: Running;
  /** Who gave it back. */
  readonly rejectedBy?: readonly string[];
  readonly cameBack?: true;
  readonly actions: readonly Action[];
  /** The shift of its latest event, and the one in which it was closed or cancelled. */
  readonly shift: string | null;
  readonly finishedIn: string | null;
  /** The shift in which its work was said to be done, whoever verifies it later. */
  readonly completedIn: string | null;
}

const completion = z.object({
  by: z.string(),
  at: z.string(),
  note: z.string(),
  resolutionCode,
  evidence: z.array(z.string()),
  overrideReason: z.string().nullable(),
});

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  seq: z.int(),
  title: z.string(),
  description: z.string().nullable(),
  area: z.string().nullable(),
  priority,
  class: taskClass,
  equipment: z.string().nullable(),
  status: taskStatus,
  assignee: assignee.nullable(),
  unassignedBecause: z.string().nullable(),
  dueAt: z.string(),
  createdAt: z.string(),
  createdBy: z.object({ kind: z.string(), id: z.string() }),
  upstream: z.array(link),
  evidence: z
    .array(z.string())
    .optional()
    .meta({ description: 'Photos and files that came with the report which led to it' }),
  condition: uuid.nullable(),
  occurrences: z.array(uuid),
  acknowledgedAt: z.string().nullable(),
  acknowledgedBy: z.string().nullable(),
  hold: z.object({ reasonCode: holdReason, note: z.string().nullable(), resumeAt: z.string().nullable() }).nullable(),
  completion: completion.nullable(),
  furtherReports: z
    .array(completion.extend({ seq: z.int(), device: z.string().nullable(), flags: z.array(z.string()) }))
    .meta({ description: 'Further reports of the same work, kept whole; the first one stands in `completion`' }),
  flags: z
    .array(z.string())
    .meta({ description: 'What somebody should look at; `review` settles it. Their meaning: `/v1/sync/flags`' }),
  verifiedBy: z.string().nullable(),
  verifiedAt: z.string().nullable(),
  cancelledBecause: z.string().nullable(),
  escalations: z.array(escalationEntity),
  escalation: runningEntity.optional(),
  rejectedBy: z.array(uuid).optional().meta({ description: 'Who gave it back' }),
  cameBack: z
    .literal(true)
    .optional()
    .meta({ description: 'The same condition, within 15 minutes after its last task was closed' }),
  actions: z.array(
    z.object({
      seq: z.int(),
      at: z.string(),
      by: z.object({ kind: z.string(), id: z.string() }),
      what: z.string(),
      text: z.string().nullable(),
      flags: z.array(z.string()).optional(),
    }),
  ),
  shift: uuid.nullable(),
  finishedIn: uuid.nullable(),
});

/** Tasks of an area and what lies inside it that somebody still has to do. */
export const tasksToDoIn = (area: string): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { todo: 1, area: { within: [area] } }, order: 'oldest' });
export const liveTasksOf = (condition: string): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { liveFor: condition }, limit: 1 });
/** The latest one that was closed. */
export const closedTasksOf = (condition: string): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { closedFor: condition }, limit: 1 });
/** Somebody should have been asked, and nobody was there. */
export const tasksUnheard = (): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { unheard: 1 }, order: 'oldest' });
export const tasksAmong = (ids: readonly string[]): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { key: { in: ids } } });
export const tasksCausedBy = (occurrences: readonly string[]): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { occurrence: { in: occurrences } } });
/** Tasks whose latest event belongs to the shift. */
export const tasksOfShift = (shift: string): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { shift }, order: 'oldest' });
export const tasksCompletedIn = (shift: string): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { completedIn: shift }, order: 'oldest' });
/** What another person still has to look at. */
export const tasksToVerifyIn = (area: string): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { status: 'done', area: { within: [area] } }, order: 'oldest' });
