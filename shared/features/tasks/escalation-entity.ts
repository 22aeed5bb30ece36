/** How the API shows the asking for a task. */
import * as z from 'zod';
import { uuid } from '../../kernel/schema.ts';
import { plan } from '../escalations/contract.ts';
import { cause, outcome, skipped } from './escalation.ts';
import { assignee } from './vocabulary.ts';

export const escalationEntity = z.object({
  level: z.int(),
  target: assignee.nullable(),
  reason: z.string(),
  by: z.string(),
  at: z.string(),
  cause: cause.optional(),
  raisedBy: z.enum(['user', 'engine']).optional(),
  notified: z.array(uuid).optional().meta({ description: 'Whom it rang' }),
  skipped: z.array(skipped).optional().meta({ description: 'Who was passed over, and why' }),
  percent: z.int().optional().meta({ description: 'Of the way to the due time' }),
  last: z.literal(true).optional().meta({ description: 'Nobody is asked after this' }),
  seq: z.int().optional(),
  acknowledgedBy: z.string().optional(),
  acknowledgedAt: z.string().optional(),
  outcome: outcome.optional(),
});

export const runningEntity = z
  .object({
    plan: plan.nullable().meta({ description: 'The escalation policy as it stood when the task was made' }),
    level: z.int(),
    round: z.int(),
    since: z.string(),
    waitsFor: z.enum(['acknowledgement', 'progress']).nullable(),
    asked: z.array(assignee),
    told: z.int(),
    ended: z.boolean(),
    next: z.string().nullable().meta({ description: 'When the next step comes if nobody acts' }),
  })
  .meta({ description: 'Where the asking stands' });
