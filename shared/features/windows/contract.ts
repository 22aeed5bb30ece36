/** Maintenance windows: for a planned time the alarms of a machine and what belongs to it are recorded, and ask for nobody. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, asked, erasable, text, timestamp, uuid } from '../../kernel/schema.ts';

export const windowStatus = z.enum(['planned', 'open', 'ended', 'cancelled']);

const reason = erasable(text(2000));
const until = asked(timestamp, { label: 'Ends at' });

export const commands = {
  create: command(
    {
      equipment: asked(areaPath, { label: 'Machine or place' }).meta({
        description: 'Path of the equipment; what lies below it is meant too',
        example: 'leeds/packaging/line-3/filler-2',
      }),
      from: asked(timestamp, { label: 'Begins at' }),
      to: until,
      reason,
    },
    { permission: 'window.plan', creates: true, title: 'Plan maintenance window' },
  ),
  extend: command({ to: until, reason }, { permission: 'window.plan', title: 'Extend maintenance window' }),
  cancel: command(
    { reason },
    {
      permission: 'window.plan',
      title: 'Cancel maintenance window',
      final: 'Alarms of this equipment ask for people again, those that are active now too.',
    },
  ),
  tick: command({}, { permission: 'clock.tick', title: 'Begin or end maintenance window', internal: true }),
} as const;

export const events = {
  'window.planned': event({
    equipment: z.string(),
    area: z.string(),
    from: z.string(),
    to: z.string(),
  }),
  'window.begun': event({ equipment: z.string() }),
  'window.extended': event({ to: z.string() }),
  'window.ended': event({ equipment: z.string() }),
  'window.cancelled': event({ equipment: z.string() }),
} as const;

export interface WindowState {
  readonly equipment: string;
  /** The plant's area that it lies in; where none is known, the place itself. */
  readonly area: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly status: z.output<typeof windowStatus>;
  readonly plannedBy: string;
  /** Reasons that were given since, oldest first. */
  readonly changes: readonly {
    readonly at: string;
    readonly by: string;
    readonly what: 'extended' | 'cancelled';
    readonly reason: string;
  }[];
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  equipment: z.string(),
  area: z.string(),
  from: z.string(),
  to: z.string(),
  reason: z.string(),
  status: windowStatus,
  plannedBy: z.string(),
  changes: z.array(
    z.object({ at: z.string(), by: z.string(), what: z.enum(['extended', 'cancelled']), reason: z.string() }),
  ),
});

/** Windows that are open at one of these places. */
export const windowsOver = (paths: readonly string[]): Read<readonly Row<WindowState>[]> =>
  select('windows', { where: { equipment: { in: paths }, live: 1 } });
