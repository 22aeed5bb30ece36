/** What is recorded of the asking for a task: each step up, who was rung, who was passed over and why, and what came of it. */
import * as z from 'zod';
import { uuid } from '../../kernel/schema.ts';
import type { Plan } from '../escalations/contract.ts';
import { assignee, type Assignee } from './vocabulary.ts';

export const cause = z.enum([
  'unacknowledged',
  'ack_expired',
  'overdue',
  'manual',
  'rejected_twice',
  'condition_worse',
]);
export type Cause = z.output<typeof cause>;

export const outcome = z.enum(['accepted', 'returned', 'superseded', 'resolved']);

export const skipped = z.object({
  level: z.int().optional(),
  /** Of the way to the due time. */
  percent: z.int().optional(),
  target: assignee.nullable(),
  /** `passed`: its time came and went while nothing ran. */
  why: z.enum(['nobody_on_duty', 'passed']),
  at: z.string(),
});
export type Skipped = z.output<typeof skipped>;

/** The first two are all that older events have. */
export const escalated = {
  level: z.int(),
  target: assignee.nullable(),
  cause: cause.optional(),
  notified: z.array(uuid).optional(),
  skipped: z.array(skipped).optional(),
  /** How often the levels were gone through before. */
  round: z.int().optional(),
  percent: z.int().optional(),
  /** Nobody is asked after this. */
  last: z.literal(true).optional(),
};
export type Stepped = z.output<z.ZodObject<typeof escalated>>;

export interface Escalation {
  readonly level: number;
  readonly target: Assignee | null;
  /** In people's words; of the clock's own steps, ours. */
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  /** Absent: recorded before there was more than a level and a target. */
  readonly cause?: Cause;
  readonly raisedBy?: 'user' | 'engine';
  readonly notified?: readonly string[];
  readonly skipped?: readonly Skipped[];
  readonly percent?: number;
  readonly last?: true;
  readonly seq?: number;
  readonly acknowledgedBy?: string;
  readonly acknowledgedAt?: string;
  readonly outcome?: z.output<typeof outcome>;
}

export interface Running {
  readonly plan: Plan | null;
  /** 0: whoever has it; then the levels of the plan; one more: those whom nothing else is left but to call. */
  readonly level: number;
  readonly round: number;
  /** When the last ones were asked, by the server's time. */
  readonly since: string;
  readonly waitsFor: 'acknowledgement' | 'progress' | null;
  /** Whom it was brought to since it was given to somebody: they may answer. */
  readonly asked: readonly Assignee[];
  /** Percent of the way to the due time that was told last. */
  readonly told: number;
  readonly ended: boolean;
}
