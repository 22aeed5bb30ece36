/** Notices: who was rung about what, on which channel, and whether it went out. What they said and where to is not kept. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { line, uuid } from '../../kernel/schema.ts';
import { priority } from '../../kernel/work.ts';
import { channelKind } from '../contacts/contract.ts';

/** Tasks that one message tells of by name. */
export const MOST_TASKS = 100;

const about = {
  user: uuid,
  channel: channelKind,
  why: z.enum(['assigned', 'escalated', 'summary', 'test', 'webhook']),
  priority: priority.nullable(),
  level: z.int().nullable().meta({ description: 'Of the escalation; null for the first notice' }),
  tasks: z.array(uuid).max(MOST_TASKS),
  area: z.string().nullable(),
};

export const commands = {
  record: command(
    { ...about, attempts: z.int(), problem: line(500).nullable() },
    { permission: 'outbound.report', creates: true, title: 'Note who was rung', internal: true },
  ),
} as const;

export const events = {
  'notice.sent': event({ ...about, attempts: z.int() }),
  'notice.failed': event({ ...about, attempts: z.int(), problem: z.string() }),
} as const;

export interface NoticeState extends Omit<z.output<(typeof events)['notice.sent']['body']>, 'attempts'> {
  readonly attempts: number;
  readonly status: 'sent' | 'failed';
  readonly problem: string | null;
  readonly at: string;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  ...about,
  status: z.enum(['sent', 'failed']),
  attempts: z.int(),
  problem: z.string().nullable(),
  at: z.string(),
});
