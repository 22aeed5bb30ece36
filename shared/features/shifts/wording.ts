/** Words and shapes of a report: days, shift names, durations, tables. */
import { rolesWith } from '../../kernel/roles.ts';
import { localDate, localDateTime, localTime } from '../../kernel/local-time.ts';

export { duration } from '../../kernel/local-time.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `2026-11-21 06:05` */
export const localMoment = (at: string, zone: string): string => localDateTime(at, zone).replace('T', ' ');

/** `21 Nov 2026` */
export function localDay(at: string, zone: string): string {
  const [year, month, day] = localDate(at, zone).split('-');
  return `${Number(day)} ${MONTHS[Number(month) - 1]} ${year}`;
}

/** `01:45` where it is clear which one is meant: on the day of what it is told beside; else with its day. */
export const localTimeBeside = (at: string, beside: string, zone: string): string =>
  localDate(at, zone) === localDate(beside, zone) ? localTime(at, zone) : localMoment(at, zone);

/** `21 Nov 2026`, `20/21 Nov 2026`, `30 Nov/1 Dec 2026` */
export function localDays(from: string, to: string, zone: string): string {
  const [first, last] = [localDay(from, zone), localDay(to, zone)];
  if (first === last) return last;
  const [day, month, year] = first.split(' ');
  const [, lastMonth, lastYear] = last.split(' ');
  return `${year !== lastYear ? first : month !== lastMonth ? `${day} ${month}` : day}/${last}`;
}

/** What a shift is called when nobody says otherwise. */
export function shiftName(from: string, zone: string): string {
  const hour = Number(localTime(from, zone).slice(0, 2));
  if (hour >= 4 && hour < 12) return 'Early';
  return hour >= 12 && hour < 20 ? 'Late' : 'Night';
}

/** Said wherever a shift is told of that the clock has sealed. */
export const SEALED_BY_CLOCK = 'sealed by the clock, nobody accepted it';

export const inWords = (code: string): string => code.replaceAll('_', ' ');

const READERS = rolesWith('archive.read').map((role) => `${inWords(role)}s`);

/** Beside what leads to the record: not every vault holds it, and every vault says the same (L6). */
export const recordReaders = (area: string): string =>
  `The record is open to ${READERS.join(' and ')} of ${area}; where it is not in your vault, ask one of them to show it.`;

/** A table from cells that are markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell || '–').join(' | ')} |`;
  return [row(head), `|${head.map(() => ' --- ').join('|')}|`, ...rows.map(row)].join('\n');
}
