/** Words that alarms, tasks and shifts share: how urgent, of what class. */
import * as z from 'zod';

/** P1 (highest) danger or line stopped · P2 will stop the line or breach quality · P3 a way around exists · P4 housekeeping. */
export const priority = z.enum(['P1', 'P2', 'P3', 'P4']);
export type Priority = z.output<typeof priority>;

export const taskClass = z.enum([
  'safety',
  'quality',
  'environment',
  'maintenance',
  'production',
  'cleaning',
  'inspection',
  'admin',
]);
export type TaskClass = z.output<typeof taskClass>;

const HOUR = 3_600_000;
/** Milliseconds from the trigger until the thing is to be fixed or made safe. P3 means the end of the next shift. */
export const DUE_WITHIN: Readonly<Record<Priority, number>> = { P1: HOUR, P2: 4 * HOUR, P3: 16 * HOUR, P4: 168 * HOUR };
