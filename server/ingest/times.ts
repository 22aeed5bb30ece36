/** Times and whole numbers as machines write them. The zone of this machine never counts: a time without a zone is no time. */
import { isWritable, utc } from '../../shared/kernel/schema.ts';

const WITH_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i;

/** RFC 3339, or counted since 1970 in seconds, milliseconds, microseconds or nanoseconds: which of them, its size tells. */
export function moment(value: unknown): string | null {
  const text = typeof value === 'string' ? value.trim() : '';
  const milliseconds = WITH_ZONE.test(text) ? Date.parse(text.replace(' ', 'T')) : sinceEpoch(wholeNumber(value));
  return isWritable(milliseconds) ? utc(Math.floor(milliseconds)) : null;
}

/** Seconds are taken from 2001 on, so that a counter or a year does not pass for a time. */
function sinceEpoch(count: number | null): number {
  if (count === null || count < 1e9) return NaN;
  const perMillisecond = [1e11, 1e14, 1e17].findIndex((limit) => count < limit);
  return [count * 1000, count, count / 1000][perMillisecond] ?? count / 1e6;
}

/** A number, its digits as text (64-bit numbers travel so), or the halves that protobuf.js makes of 64 bits. */
export function wholeNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? Math.trunc(value) : null;
  if (typeof value === 'string') return /^[+-]?\d{1,20}$/.test(value.trim()) ? Number(value) : null;
  if (typeof value !== 'object' || value === null || !('low' in value && 'high' in value)) return null;
  const { low, high } = value;
  return Number.isInteger(low) && Number.isInteger(high)
    ? (high as number) * 0x1_0000_0000 + ((low as number) >>> 0)
    : null;
}
