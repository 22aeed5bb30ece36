/** Areas: what a shift is responsible for, how its day is cut into shifts, and whether the clock plans them. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { WEEKDAYS } from '../../kernel/local-time.ts';
import { pathsUp } from '../../kernel/record.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, asked, line, uuid } from '../../kernel/schema.ts';
import { tuning, type Tuning } from '../alarms/contract.ts';

export const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Must be a time of day such as 06:00.');
export const weekday = z.enum(WEEKDAYS);
export const shiftPattern = z
  .array(
    z.object({
      name: line(40),
      from: timeOfDay,
      to: timeOfDay,
      weekdays: z.array(weekday).min(1).max(7).optional().meta({
        description: 'Days on which it begins; every day where none are named',
      }),
    }),
  )
  .max(16);
export type ShiftPattern = z.output<typeof shiftPattern>;

export const THREE_SHIFTS: ShiftPattern = [
  { name: 'Early', from: '06:00', to: '14:00' },
  { name: 'Late', from: '14:00', to: '22:00' },
  { name: 'Night', from: '22:00', to: '06:00' },
];

/** Minutes after its end at which the clock seals a shift that nobody has accepted. */
export const GRACE_MINUTES = 60;

const description = {
  path: asked(areaPath, { label: 'Place' }),
  name: line(120),
  shifts: shiftPattern.default(THREE_SHIFTS),
};
/** Ten years at most: a plant that replays what was recorded has nobody who could accept in time. */
const graceMinutes = z.int().min(5).max(5_256_000);

export const commands = {
  create: command(description, { permission: 'config.write', creates: true, title: 'Create area' }),
  /** All that the area itself says: what is left out is as around it. */
  tune: command({ alarms: tuning }, { permission: 'config.write', title: 'Tune alarms of area', noForm: true }),
  plan: command(
    {
      shifts: shiftPattern
        .optional()
        .meta({ description: 'How the day is cut into shifts from then on; left out: as it was' }),
      from: z.iso
        .date()
        .optional()
        .meta({ description: 'The first day, in the zone of the organisation; left out: from now on' }),
      autoplan: z
        .boolean()
        .optional()
        .meta({ description: 'Whether the clock keeps the shifts of the next 48 hours planned' }),
      graceMinutes: graceMinutes.optional().meta({
        description: 'Minutes after the end of a shift at which the clock seals it if nobody has accepted it',
      }),
    },
    { permission: 'config.write', title: 'Set shift plan' },
  ),
  tick: command({}, { permission: 'clock.tick', title: 'Plan ahead', internal: true }),
} as const;

const slot = z.object({ name: z.string(), from: z.string(), to: z.string() });
/** One shift of a pattern on one day, in UTC. */
export type Slot = z.output<typeof slot>;

export const events = {
  'area.created': event(description),
  'area.tuned': event({ path: z.string(), alarms: tuning }),
  'area.planned': event({
    shifts: shiftPattern.optional(),
    from: z.string(),
    autoplan: z.boolean(),
    graceMinutes: z.int(),
  }),
  'area.shifts_planned': event({
    path: z.string(),
    graceMinutes: z.int(),
    /** Until when everything is planned, and when the clock looks again. */
    until: z.string(),
    nextAt: z.string(),
    shifts: z.array(slot.extend({ shift: uuid })),
    /** Left to a shift that stands in their place. */
    taken: z.array(slot.extend({ by: uuid })),
    /** Over before anything could plan them; the newest, and how many they are. */
    missed: z.array(slot),
    missedCount: z.int(),
  }),
} as const;

export interface AreaState {
  readonly path: string;
  readonly name: string;
  /** How its alarms are judged, where that differs from what is around it. */
  readonly alarms?: Tuning;
  /** The latest pattern. */
  readonly shifts: ShiftPattern;
  /** Every pattern that is or will be in force, the first day's first. */
  readonly patterns?: readonly { readonly from: string; readonly shifts: ShiftPattern }[];
  readonly autoplan?: boolean;
  readonly graceMinutes?: number;
  /** Slots that begin until then are settled. */
  readonly plannedUntil?: string;
  readonly planAt?: string;
  readonly missed?: readonly Slot[];
  readonly missedCount?: number;
  readonly taken?: readonly (Slot & { readonly by: string })[];
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  path: z.string(),
  name: z.string(),
  shifts: shiftPattern,
  alarms: tuning.optional(),
  patterns: z
    .array(z.object({ from: z.string(), shifts: shiftPattern }))
    .meta({ description: 'Patterns by the time from which they hold; the last one stands in `shifts`' }),
  autoplan: z.boolean(),
  graceMinutes: z.int(),
  plannedUntil: z.string().nullable(),
  taken: z
    .array(slot.extend({ by: uuid }))
    .meta({ description: 'Slots of the last planning that were left to a shift which stands in their place' }),
  missed: z
    .array(slot)
    .meta({ description: 'Slots that were over before they could be planned, when that last happened: the newest' }),
  missedCount: z.int(),
});

/** The area and those around it. */
export const areasAround = (path: string): Read<readonly Row<AreaState>[]> =>
  select('areas', { where: { path: { in: pathsUp(path) } } });

/** The grace of the innermost area that sets one. */
export const graceOf = (around: readonly Row<AreaState>[]): number =>
  [...around]
    .sort((a, b) => b.value.path.length - a.value.path.length)
    .map(({ value }) => value.graceMinutes)
    .find((minutes) => minutes !== undefined) ?? GRACE_MINUTES;

/** Both mean the same work: they share more than half of the shorter one. Shifts that overlap for a handover do not. */
export function isSameWork(a: Omit<Slot, 'name'>, b: Omit<Slot, 'name'>): boolean {
  return sharedTime(a, b) > Math.min(sharedTime(a, a), sharedTime(b, b)) / 2;
}

/** Milliseconds; negative where they do not meet. */
export const sharedTime = (a: Omit<Slot, 'name'>, b: Omit<Slot, 'name'>): number =>
  Math.min(Date.parse(a.to), Date.parse(b.to)) - Math.max(Date.parse(a.from), Date.parse(b.from));
