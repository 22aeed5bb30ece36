/** Words of a task: where it is, whom it is given to, why it waits or ends. */
import * as z from 'zod';
import { RELATIONS } from '../../kernel/event.ts';
import { ROLES } from '../../kernel/roles.ts';
import { asked, line, uuid } from '../../kernel/schema.ts';

export const assignee = asked(
  z.union([z.strictObject({ user: uuid }), z.strictObject({ role: z.enum(ROLES) })]).meta({
    description: 'A person by id, or whoever of a role is on duty',
    example: { role: 'maintenance_engineer' },
  }),
  { help: 'A person, or whoever of a role is on duty' },
);
export type Assignee = z.output<typeof assignee>;

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
/** Somebody still has to do something. */
export const UNFINISHED: readonly TaskStatus[] = ['open', 'assigned', 'acknowledged', 'in_progress', 'on_hold'];
const OVER: readonly TaskStatus[] = ['closed', 'cancelled'];
export const isOver = (status: TaskStatus): boolean => OVER.includes(status);
