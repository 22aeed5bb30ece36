/** Who is asked when nobody acknowledges, in which order and how long each is given. A task keeps the plan that it was made with. */
import * as z from 'zod';
import { rolesWith } from '../../kernel/roles.ts';
import { asked, uuid } from '../../kernel/schema.ts';
import type { Priority } from '../../kernel/work.ts';

/** Only roles that may read what they are rung for. */
const role = z.enum(rolesWith('operations.read'));
const minutes = z.int().min(1, 'At least one minute.').max(9000, 'At most 9000 minutes.');

const target = asked(z.union([z.strictObject({ user: uuid }), z.strictObject({ role })]), {
  help: 'A person, or whoever of a role is on duty',
});

export const level = z.strictObject({
  target,
  everyone: z.boolean().default(false).meta({ description: 'Ring the busy ones too, on every shift over the place' }),
  ackWithinMinutes: minutes,
});

export const repeat = z.strictObject({
  times: z.int().min(0).max(5, 'At most five times.'),
  thenNotify: role.nullable().default(null).meta({ description: 'All people of this role, on duty or not' }),
});

export const due = z.strictObject({
  atPercent: z
    .array(z.int().min(1).max(200))
    .min(1)
    .max(4)
    .meta({ description: 'Of the way from the making to the due time' }),
  to: role,
});

export const ackTimeout = z.strictObject({
  P1: minutes.nullable().default(30),
  P2: minutes.nullable().default(60),
  P3: minutes.nullable().default(480),
  P4: minutes.nullable().default(null),
});

/** What a task keeps of it: for its own priority only, and untouched by later edits. */
export const plan = z.object({
  /** Null: nobody has written one for this place, so the defaults hold. */
  policy: uuid.nullable(),
  levels: z.array(z.object({ target, everyone: z.boolean(), ackWithinMinutes: minutes })),
  repeat: z.object({ times: z.int(), thenNotify: role.nullable() }),
  ackTimeoutMinutes: minutes.nullable(),
  due: z.object({ atPercent: z.array(z.int()), to: role }).nullable(),
});
export type Plan = z.output<typeof plan>;

export interface EscalationState {
  readonly name: string;
  /** Null: wherever no nearer one stands. */
  readonly area: string | null;
  readonly priorities: readonly Priority[];
  readonly levels: Plan['levels'];
  readonly repeat: Plan['repeat'];
  readonly ackTimeout: Readonly<Record<Priority, number | null>>;
  readonly due: Plan['due'];
  readonly noOneOnDuty: 'skip_and_log';
  readonly retired: boolean;
}
