/** From patterns in local time to shifts in UTC. On a day on which clocks change, a night lasts an hour less or more. */
import { daysAfter, instantsOf, localDate, weekdayOf } from '../../kernel/local-time.ts';
import { utc } from '../../kernel/schema.ts';
import type { ShiftPattern, Slot } from './contract.ts';

interface Patterns {
  readonly from: string;
  readonly shifts: ShiftPattern;
}

const DAY = 86_400_000;

/**
 * The slots that begin after `after` and not after `until` (milliseconds), in order. A time that clocks skip lies behind the gap, one that
 * they show twice is the first; of two slots that would so begin at once, and of one without length, nothing is left.
 */
export function slotsBetween(patterns: readonly Patterns[], after: number, until: number, zone: string): Slot[] {
  const slots = new Map<number, Slot>();
  const last = localDate(utc(until + DAY), zone);
  for (let date = localDate(utc(after - DAY), zone); date <= last; date = daysAfter(date, 1))
    for (const [i, { shifts }] of patterns.entries())
      for (const { name, from, to, weekdays } of shifts) {
        if (weekdays && !weekdays.includes(weekdayOf(date))) continue;
        const begins = instantsOf(date, from, zone)[0]!;
        const ends = instantsOf(to > from ? date : daysAfter(date, 1), to, zone)[0]!;
        if (begins <= after || begins > until || ends <= begins || inForce(patterns, begins) !== i) continue;
        if (!slots.has(begins)) slots.set(begins, { name, from: utc(begins), to: utc(ends) });
      }
  return [...slots.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
}

const inForce = (patterns: readonly Patterns[], at: number): number =>
  patterns.findLastIndex(({ from }) => Date.parse(from) <= at);
