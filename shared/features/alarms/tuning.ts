/** How an alarm is judged: the settings of areas and integrations over the defaults of the field (domain model 3.5). Times are in the unit that the name says. */
import * as z from 'zod';
import { areaPath, line } from '../../kernel/schema.ts';
import type { Priority } from '../../kernel/work.ts';

const seconds = z.int().min(0).max(3600);
/** Newest activations that are remembered: no threshold may ask for more. */
export const MOST_COUNTED = 30;
const count = z.int().min(2).max(MOST_COUNTED);
const somewhere = { equipment: areaPath.optional() };

/** While a cause is active, what follows from it asks for nobody. */
export const suppression = z.strictObject({
  when: z
    .strictObject({ ...somewhere, conditionKey: line(400).optional() })
    .refine((when) => when.equipment ?? when.conditionKey, {
      message: 'Say which equipment or condition is the cause.',
    }),
  suppress: z
    .strictObject({ ...somewhere, conditionKeys: z.array(line(400)).min(1).max(100).optional() })
    .refine((what) => what.equipment ?? what.conditionKeys, { message: 'Say which equipment or conditions follow.' }),
  reason: line(300),
});
export type Suppression = z.output<typeof suppression>;

/** What an area or an integration may set; what it leaves out is as around it. */
export const tuning = z.strictObject({
  onDelay: z
    .strictObject({ P2: seconds, P3: seconds, P4: seconds })
    .partial()
    .optional()
    .meta({ description: 'Seconds that an alarm must last before it asks for somebody; P1 never waits' }),
  offDelay: seconds
    .optional()
    .meta({ description: 'Seconds within which an alarm that comes back is the same episode' }),
  chattering: z
    .strictObject({ perMinute: count, perHour: count, quietMinutes: z.int().min(1).max(1440) })
    .partial()
    .optional()
    .meta({ description: 'From how many activations on it chatters, and how long it must then be quiet' }),
  standingHours: z.int().min(1).max(8760).optional().meta({ description: 'Hours after which an active alarm stands' }),
  flood: z
    .strictObject({ start: z.int().min(2).max(1000), end: z.int().min(1).max(1000), minutes: z.int().min(1).max(60) })
    .partial()
    .optional()
    .meta({ description: 'New alarms at one operating position within so many minutes: a flood begins, a flood ends' }),
  suppress: z
    .array(suppression)
    .max(50)
    .optional()
    .meta({ description: 'Suppression by design: what follows from a cause asks for nobody while that is active' }),
});
export type Tuning = z.output<typeof tuning>;

export interface Settings {
  readonly onDelay: Readonly<Record<Priority, number>>;
  readonly offDelay: number;
  readonly chattering: { readonly perMinute: number; readonly perHour: number; readonly quietMinutes: number };
  readonly standingHours: number;
  readonly flood: { readonly start: number; readonly end: number; readonly minutes: number };
  readonly suppress: readonly Suppression[];
}

export const DEFAULTS: Settings = {
  onDelay: { P1: 0, P2: 0, P3: 15, P4: 60 },
  offDelay: 60,
  chattering: { perMinute: 3, perHour: 10, quietMinutes: 10 },
  standingHours: 24,
  flood: { start: 10, end: 5, minutes: 10 },
  suppress: [],
};

type Said<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };
const said = <T extends object>(part: T | undefined): Said<T> => part ?? {};

/** The defaults under each layer in turn; field by field the last one that says something counts. */
export const tuned = (...layers: readonly (Tuning | undefined)[]): Settings =>
  layers.reduce<Settings>(
    (under, over) => ({
      onDelay: { ...under.onDelay, ...said(over?.onDelay) },
      offDelay: over?.offDelay ?? under.offDelay,
      chattering: { ...under.chattering, ...said(over?.chattering) },
      standingHours: over?.standingHours ?? under.standingHours,
      flood: { ...under.flood, ...said(over?.flood) },
      suppress: over?.suppress ?? under.suppress,
    }),
    DEFAULTS,
  );
