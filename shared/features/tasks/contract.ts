/** Tasks: a unit of work for one role or person. The state machine's verbs, what they record, how the API shows them. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { RELATIONS } from '../../kernel/event.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { ROLES } from '../../kernel/roles.ts';
import { areaPath, asked, erasable, line, sha256Name, text, timestamp, uuid } from '../../kernel/schema.ts';
import { priority, taskClass } from '../../kernel/work.ts';

export const taskStatus = z.enum([
  'open',
  'assigned',
  'acknowledged',
  'in_progress',
  'on_hold',
  'done',
  'closed',
  'cancelled',
]);
export type TaskStatus = z.output<typeof taskStatus>;

export const assignee = asked(
  z.union([z.strictObject({ user: uuid }), z.strictObject({ role: z.enum(ROLES) })]).meta({
    description: 'A person by id, or whoever of a role is on duty',
    example: { role: 'maintenance_engineer' },
  }),
  { help: 'A person, or whoever of a role is on duty' },
);
export type Assignee = z.output<typeof assignee>;

export const link = z.strictObject({ kind: line(40), id: line(200), rel: z.enum(RELATIONS) });
export const holdReason = z.enum([
  'waiting_parts',
  'waiting_permit',
  'waiting_production_window',
  'waiting_other_team',
  'safety_stop',
]);
export const cancelReason = z.enum(['false_alarm', 'duplicate', 'not_needed', 'created_in_error']);
export const resolutionCode = z.enum([
  'fixed',
  'made_safe',
  'adjusted',
  'replaced',
  'no_fault_found',
  'false_alarm',
  'transferred',
  'deferred',
]);
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
      condition: uuid.nullable(),
      occurrence: uuid.nullable(),
      /** What led to it where that is no episode of an alarm. */
      upstream: z.array(link).max(20).optional(),
      assignee: assignee.nullable(),
      unassignedBecause: line(300).nullable(),
      evidence,
    },
    { permission: 'task.carry-over', creates: true, title: 'Raise task', internal: true },
  ),
  recur: command({ occurrence: uuid }, { permission: 'task.carry-over', title: 'Note recurrence', internal: true }),
  join: command({ incident: uuid }, { permission: 'incident.gather', title: 'Join incident', internal: true }),
  unjoin: command({ incident: uuid }, { permission: 'incident.gather', title: 'Leave incident', internal: true }),
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
};

export const events = {
  'task.created': event(made),
  'task.assigned': event({ assignee, basis: z.enum(['person', 'rule']) }),
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
  'task.escalated': event({ level: z.int(), target: assignee.nullable() }),
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

export interface Escalation {
  readonly level: number;
  readonly target: Assignee | null;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
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
  escalations: z.array(
    z.object({ level: z.int(), target: assignee.nullable(), reason: z.string(), by: z.string(), at: z.string() }),
  ),
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

const OVER: readonly TaskStatus[] = ['closed', 'cancelled'];
export const isOver = (status: TaskStatus): boolean => OVER.includes(status);

/** Tasks of an area and what lies inside it that somebody still has to do. */
export const tasksToDoIn = (area: string): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { todo: 1, area: { within: [area] } }, order: 'oldest' });
export const liveTasksOf = (condition: string): Read<readonly Row<TaskState>[]> =>
  select('tasks', { where: { live: 1, condition }, limit: 1 });
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
