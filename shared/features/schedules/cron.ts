/**
 * Five-field cron (minute, hour, day of month, month, day of week; lists, ranges, steps, names), read in a zone. Where both days are given
 * either of them is enough, as in every cron. A time that clocks skip comes after the gap, one that they show twice comes once; but where the
 * hour is `*` or a step of it, every hour that really passes counts, and only those.
 */
import { daysAfter, instantsOf, localDate, localTime } from '../../kernel/local-time.ts';
import { utc } from '../../kernel/schema.ts';

export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly days: readonly number[];
  readonly months: readonly number[];
  /** 0 is Sunday. */
  readonly weekdays: readonly number[];
  readonly everyHour: boolean;
  readonly either: boolean;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** `undefined`: it is not such an expression. */
export function parseCron(text: string): Cron | undefined {
  const [minute, hour, day, month, weekday, ...more] = text.trim().toLowerCase().split(/\s+/);
  if (weekday === undefined || more.length) return undefined;
  const [minutes, hours] = [numbers(minute!, 0, 59), numbers(hour!, 0, 23)];
  const [days, months] = [numbers(day!, 1, 31), numbers(month!, 1, 12, MONTHS, 1)];
  const weekdays = numbers(weekday, 0, 7, DAYS, 0);
  if (!minutes || !hours || !days || !months || !weekdays) return undefined;
  return {
    ...{ minutes, hours, days, months, everyHour: hour!.startsWith('*') },
    weekdays: [...new Set(weekdays.map((one) => one % 7))],
    either: !day!.startsWith('*') && !weekday.startsWith('*'),
  };
}

/** Whether it is one, and some day is meant by it: there is no 30 February. */
export function isCron(text: string): boolean {
  const cron = parseCron(text);
  return cron !== undefined && nextOf(cron, 0, 'UTC') !== undefined;
}

/** `1,3-5,*\/15` as numbers in order. */
function numbers(field: string, least: number, most: number, names: readonly string[] = [], first = 0) {
  const found = new Set<number>();
  for (const part of field.split(',')) {
    const match = /^(\*|[a-z\d]+)(?:-([a-z\d]+))?(?:\/(\d{1,2}))?$/.exec(part);
    if (!match) return undefined;
    const [from, to, step] = [match[1]!, match[2], match[3]];
    if (from === '*' && to !== undefined) return undefined;
    const begin = from === '*' ? least : numberOf(from);
    const end = to === undefined ? (from === '*' || step !== undefined ? most : begin) : numberOf(to);
    const by = step === undefined ? 1 : Number(step);
    if (!(begin >= least && end <= most && begin <= end && by >= 1)) return undefined;
    for (let n = begin; n <= end; n += by) found.add(n);
  }
  return [...found].sort((a, b) => a - b);

  function numberOf(word: string): number {
    const named = names.indexOf(word);
    return named < 0 ? (/^\d{1,2}$/.test(word) ? Number(word) : Number.NaN) : named + first;
  }
}

/** 29 February may be eight years away. */
const MOST_DAYS = 8 * 366 + 2;
const DAY = 86_400_000;
const two = (n: number): string => String(n).padStart(2, '0');

/** The first time after this one, both in milliseconds since the epoch. */
export function nextOf(cron: Cron, after: number, zone: string): number | undefined {
  let date = localDate(utc(after - DAY), zone);
  for (let n = 0; n < MOST_DAYS; n++, date = daysAfter(date, 1)) {
    if (!isMeant(cron, date)) continue;
    let first = Infinity;
    for (const hour of cron.hours)
      for (const minute of cron.minutes)
        for (const at of timesOf(cron, date, `${two(hour)}:${two(minute)}`, zone))
          if (at > after && at < first) first = at;
    if (first < Infinity) return first;
  }
  return undefined;
}

function timesOf({ everyHour }: Cron, date: string, time: string, zone: string): readonly number[] {
  const instants = instantsOf(date, time, zone);
  return everyHour ? instants.filter((at) => localTime(utc(at), zone) === time) : instants.slice(0, 1);
}

function isMeant({ days, months, weekdays, either }: Cron, date: string): boolean {
  const [, month, day] = date.split('-').map(Number) as [number, number, number];
  if (!months.includes(month)) return false;
  const [byDay, byWeekday] = [days.includes(day), weekdays.includes(new Date(`${date}T00:00:00.000Z`).getUTCDay())];
  return either ? byDay || byWeekday : byDay && byWeekday;
}
