/** When work is due: pure, from the rule, the time and the organisation's zone. */
import { WEEKDAYS } from '../../kernel/local-time.ts';
import { utc } from '../../kernel/schema.ts';
import type { Rule } from './contract.ts';
import { nextOf, parseCron, type Cron } from './cron.ts';

const HOUR = 3_600_000;
const EVERY_MONTH = Array.from({ length: 12 }, (_, i) => i + 1);
const EVERY_DAY = Array.from({ length: 31 }, (_, i) => i + 1);

/** The shift whose hours are meant. */
export interface Hours {
  readonly from: string;
  readonly to: string;
}

export const stepOf = ({ hours = 1 }: Extract<Rule, { readonly every: unknown }>): number => hours * HOUR;

/** The first time after this one; `null` where none comes. Hours are counted from the shift's planned begin, as they really pass. */
export function nextTime(rule: Rule, after: string, zone: string, shift?: Hours): string | null {
  if ('every' in rule) {
    if (!shift) return null;
    const [step, begin] = [stepOf(rule), Date.parse(shift.from)];
    const passed = Math.max(0, Math.floor((Date.parse(after) - begin) / step) + 1);
    const at = begin + passed * step;
    return at < Date.parse(shift.to) ? utc(at) : null;
  }
  const cron = 'cron' in rule ? parseCron(rule.cron) : weekly(rule);
  const at = cron && nextOf(cron, Date.parse(after), zone);
  return at === undefined ? null : utc(at);
}

function weekly({ weekdays, at }: Extract<Rule, { readonly weekdays: unknown }>): Cron {
  const [hour, minute] = at.split(':').map(Number) as [number, number];
  return {
    ...{ hours: [hour], minutes: [minute], days: EVERY_DAY, months: EVERY_MONTH, everyHour: false, either: false },
    weekdays: weekdays.map((day) => (WEEKDAYS.indexOf(day) + 1) % 7),
  };
}

const LEAST_APART = 5 * 60_000;
/** Rules repeat by the week; months only leave days out. */
const LOOKED_AT = 8 * 24 * HOUR;

/** A plant does not do a check every minute; a rule that says so is a mistake. */
export function isTooOften(rule: Rule, after: string, zone: string): boolean {
  let at = nextTime(rule, after, zone);
  const until = utc(Date.parse(after) + LOOKED_AT);
  while (at !== null && at < until) {
    const next = nextTime(rule, at, zone);
    if (next !== null && Date.parse(next) - Date.parse(at) < LEAST_APART) return true;
    at = next;
  }
  return false;
}

/** Farther back nobody asks which check was missed. */
const FARTHEST_BACK = 31 * 24 * HOUR;

/** What has come due by now, in order. `first` is the first of it. */
export function dueTimes(rule: Rule, first: string, now: string, zone: string, shift?: Hours): string[] {
  const oldest = Date.parse(now) - FARTHEST_BACK;
  const times: string[] = [];
  for (let at: string | null = Date.parse(first) >= oldest ? first : nextTime(rule, utc(oldest), zone, shift); ;) {
    if (at === null || at > now) return times.length ? times : [first];
    times.push(at);
    at = nextTime(rule, at, zone, shift);
  }
}
