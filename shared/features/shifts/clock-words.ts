/** What the clock does with shifts: it plans them, lets those lapse that nobody started, and seals those that nobody accepted. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { areaPath, erasable, line, text, timestamp, uuid } from '../../kernel/schema.ts';

export const clockCommands = {
  plan: command(
    { area: areaPath, name: line(60), from: timestamp, to: timestamp, graceMinutes: z.int() },
    { permission: 'clock.tick', creates: true, title: 'Plan shift by pattern', internal: true },
  ),
  tick: command({}, { permission: 'clock.tick', title: 'Seal by the clock', internal: true }),
  acceptLate: command(
    { text: text(4000).optional() },
    {
      permission: 'shift.lead',
      title: 'Accept after the seal',
      final: 'You take over what that shift left open. Your acceptance stands beside its seal.',
    },
  ),
  noteMissed: command(
    { schedule: uuid, title: z.string(), times: z.array(timestamp), count: z.int(), task: uuid.nullable() },
    { permission: 'clock.tick', title: 'Note missed check', internal: true },
  ),
} as const;

export const clockEvents = {
  /** Nobody had started it when its grace was over. */
  'shift.lapsed': event({}),
  // What does not fit into one entry of the log goes on in the next.
  'shift.grace_over': event({ tasks: z.array(uuid), sealsAt: z.string() }),
  'shift.accepted_late': event({ text: erasable(z.string()).nullable() }),
  'shift.check_missed': event({
    schedule: uuid,
    title: erasable(z.string()),
    /** The newest, and how many they are; the task, where one was made. */
    times: z.array(z.string()),
    count: z.int(),
    task: uuid.nullable(),
  }),
} as const;

const lateAcceptance = z.object({ seq: z.int(), by: z.string(), at: z.string(), text: z.string().nullable() });
export type LateAcceptance = Readonly<z.output<typeof lateAcceptance>>;

const missedCheck = z.object({
  seq: z.int(),
  schedule: uuid,
  title: z.string(),
  times: z.array(z.string()).readonly(),
  count: z.int(),
  task: uuid.nullable(),
});
export type MissedCheck = Readonly<z.output<typeof missedCheck>>;

/** How the API shows it. */
export const clockShape = {
  graceMinutes: z.int(),
  clockAt: z
    .string()
    .nullable()
    .meta({ description: 'When the clock seals it unless it is accepted, or lets it lapse unless it is started' }),
  lateAcceptance: lateAcceptance
    .nullable()
    .meta({ description: 'Who accepted it after the clock had sealed it; it stands beside the seal' }),
  missedChecks: z.array(missedCheck).meta({ description: 'Checks of schedules that were not done in time' }),
};

/** What the clock needs of a shift. */
export interface Clocked {
  readonly to: string;
  readonly status: string;
  readonly graceMinutes: number;
  /** When the server last heard that it was planned or started: nobody accepts within an hour what has just begun. */
  readonly graceFrom: string;
  /** Said by the clock itself, once the grace is over. */
  readonly sealsAt: string | null;
}

/** When the clock lets it lapse or seals it; `null` where people have done what the clock would do. */
export function clockAt({ to, status, graceMinutes, graceFrom, sealsAt }: Clocked): string | null {
  if (!['planned', 'active', 'closing'].includes(status)) return null;
  return sealsAt ?? new Date(Math.max(Date.parse(to), Date.parse(graceFrom)) + graceMinutes * 60_000).toISOString();
}
