/** Escalation policies: for an area and its priorities, who is asked when nobody acts. Each change is an event. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { pathsUp } from '../../kernel/record.ts';
import { areaPath, asked, line, uuid } from '../../kernel/schema.ts';
import { priority } from '../../kernel/work.ts';
import { ackTimeout, due, level, repeat, type EscalationState } from './plan.ts';

export { DEFAULTS, planFor } from './choose.ts';
export { plan, type EscalationState, type Plan } from './plan.ts';

const settings = {
  name: line(120),
  area: asked(areaPath, { label: 'Place' })
    .optional()
    .meta({ description: 'It holds here and inside, where no nearer one does; left out: everywhere' }),
  priorities: z.array(priority).min(1).max(4),
  levels: z.array(level).min(1, 'At least one level.').max(10),
  repeat: repeat.default({ times: 2, thenNotify: null }),
  ackTimeout: ackTimeout
    .default({ P1: 30, P2: 60, P3: 480, P4: null })
    .meta({ description: 'Minutes from an acknowledgement in which the work must begin, or it is escalated again' }),
  due: due.nullable().default({ atPercent: [80, 100], to: 'supervisor' }),
  noOneOnDuty: z
    .enum(['skip_and_log'])
    .default('skip_and_log')
    .meta({ description: 'A level with nobody on duty is skipped at once, and the record says so' }),
};

export const commands = {
  create: command(settings, { permission: 'config.write', creates: true, title: 'Create escalation policy' }),
  update: command(settings, { permission: 'config.write', title: 'Update escalation policy' }),
  retire: command(
    {},
    {
      permission: 'config.write',
      title: 'Retire escalation policy',
      final: 'New tasks no longer follow it. Those that began with it keep it.',
    },
  ),
} as const;

const recorded = {
  name: z.string(),
  area: z.string().nullable(),
  priorities: settings.priorities,
  levels: settings.levels,
  repeat,
  ackTimeout,
  due: due.nullable(),
  noOneOnDuty: z.enum(['skip_and_log']),
};

export const events = {
  'escalation.created': event(recorded),
  'escalation.updated': event(recorded),
  'escalation.retired': event({}),
} as const;

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  ...recorded,
  retired: z.boolean(),
});

/** Those that may hold for the place: its own, those around it, and those for everywhere. */
export const escalationsOver = (area: string | null): Read<readonly Row<EscalationState>[]> =>
  select('escalations', { where: { live: 1, area: { in: [...(area === null ? [] : pathsUp(area)), ''] } } });
