/** Times as the organisation's people read them, in the organisation's zone, so that every device writes the same bytes (L6). */

const HOUR = 3_600_000;
const FIELDS = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;
const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Milliseconds to add to UTC. Zones change on the quarter hour at most, so the answer is kept per quarter. */
function offsetAt(milliseconds: number, zone: string): number {
  const quarter = Math.floor(milliseconds / (HOUR / 4));
  const key = `${zone} ${quarter}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const at = quarter * (HOUR / 4);
    let format = formats.get(zone);
    if (!format)
      formats.set(zone, (format = new Intl.DateTimeFormat('en-GB', { ...FIELDS, hourCycle: 'h23', timeZone: zone })));
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const { year, month, day, hour, minute, second } = part as Record<string, number>;
    offset = Date.UTC(year!, month! - 1, day, hour, minute, second) - at;
    if (offsets.size > 5000) offsets.clear();
    offsets.set(key, offset);
  }
  return offset;
}

/** Whether the name is of a zone that this platform knows. */
export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone: zone }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** `2026-11-21T06:05`, as Obsidian's properties hold it; an unknown zone reads as UTC. */
export function localDateTime(at: string, zone: string): string {
  const milliseconds = Date.parse(at);
  if (Number.isNaN(milliseconds)) return '';
  try {
    return new Date(milliseconds + offsetAt(milliseconds, zone)).toISOString().slice(0, 16);
  } catch {
    return new Date(milliseconds).toISOString().slice(0, 16);
  }
}

/** `2026-11-21` */
export const localDate = (at: string, zone: string): string => localDateTime(at, zone).slice(0, 10);

/** `2026/11`, so that the notes of years do not lie in one folder. */
export const monthFolder = (at: string, zone: string): string => localDate(at, zone).slice(0, 7).replace('-', '/');

/** `06:05` */
export const localTime = (at: string, zone: string): string => localDateTime(at, zone).slice(11);

/** `1 h 44 min`, `92 s` */
export function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What somebody typed as local date, or date and time, as UTC; `undefined` when it is neither. A date means its end. */
export function utcFromLocal(text: string, zone: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::\d{2})?)?$/.exec(text.trim());
  if (!match) return undefined;
  const milliseconds = instantsOf(match[1]!, match[2] ?? '23:59', zone)[0];
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

const DAY = 24 * HOUR;

/**
 * When a clock on the wall shows this, in milliseconds since the epoch: once on most days, and twice, the earlier first, where clocks are put
 * back. A time that clocks skip is read as by the clock before the change, so that it lies as far behind the gap as it lay in it (RFC 5545).
 * Nothing where it is no date.
 */
export function instantsOf(date: string, time: string, zone: string): readonly number[] {
  const wall = Date.parse(`${date}T${time}:00.000Z`);
  if (Number.isNaN(wall)) return [];
  const [before, after] = [wall - DAY, wall + DAY].map((near) => wall - offsetAt(near, zone)) as [number, number];
  const shown = [...new Set([before, after])].filter((at) => at + offsetAt(at, zone) === wall).sort((a, b) => a - b);
  return shown.length ? shown : [before];
}

/** `2026-11-22`, so many days after `2026-11-21`. */
export const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00.000Z`) + days * DAY).toISOString().slice(0, 10);

/** `mon` … `sun` */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export const weekdayOf = (date: string): (typeof WEEKDAYS)[number] =>
  WEEKDAYS[(new Date(`${date}T00:00:00.000Z`).getUTCDay() + 6) % 7]!;
