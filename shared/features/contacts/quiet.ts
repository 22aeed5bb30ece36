/** Quiet hours, in the organisation's zone: what is not urgent enough waits for their end. */
import { localDate, localTime, utcFromLocal } from '../../kernel/local-time.ts';
import { utc } from '../../kernel/schema.ts';
import type { Priority } from '../../kernel/work.ts';
import type { ContactState } from './contract.ts';

const DAY = 86_400_000;

/** `P1` is the most urgent. */
export const isAsUrgentAs = (priority: Priority, least: Priority): boolean => priority <= least;

/** When it may ring (milliseconds since the epoch), or null: at once. */
export function quietUntil(
  quiet: ContactState['quietHours'],
  priority: Priority,
  now: number,
  zone: string,
): number | null {
  if (!quiet || priority === 'P1' || isAsUrgentAs(priority, quiet.exceptPriority)) return null;
  const { from, to } = quiet;
  const time = localTime(utc(now), zone);
  const isOverNight = from > to;
  if (isOverNight ? time < from && time >= to : time < from || time >= to) return null;
  const today = localDate(utc(now), zone);
  // A day of the calendar, which may have 23 or 25 hours.
  const day = isOverNight && time >= from ? utc(Date.parse(today) + DAY).slice(0, 10) : today;
  const end = utcFromLocal(`${day}T${to}`, zone);
  return end === undefined ? null : Date.parse(end);
}
