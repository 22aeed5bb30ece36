/** When to try again: the ladder of Standard Webhooks for machines, a short one for people, and what the other side asks for. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Milliseconds before each attempt, counted from the one before: three days in all. */
export const FOR_MACHINES: readonly number[] = [
  ...[0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE],
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR),
];

/** Somebody is to act on it: what does not go out within minutes is said to have failed. */
export const FOR_PEOPLE: readonly number[] = [0, 10 * SECOND, MINUTE, 5 * MINUTE];

/** Too many requests, or something in between is overloaded. */
const THROTTLES: readonly number[] = [429, 502, 504];
const LEAST_THROTTLED = MINUTE;
const MOST_ASKED = 24 * HOUR;

interface Failure {
  /** Absent: there was no answer. */
  readonly status?: number | undefined;
  readonly retryAfter?: string | undefined;
}

/** Milliseconds until the next attempt after so many failures, or undefined: that was the last one. `chance` is from [0, 1). */
export function waitAfter(
  ladder: readonly number[],
  failures: number,
  { status, retryAfter }: Failure,
  at: { readonly now: number; readonly chance: number },
): number | undefined {
  const step = ladder[failures];
  if (step === undefined) return undefined;
  // A fifth either way, so that what failed together does not come back together.
  const jittered = Math.round(step * (0.8 + 0.4 * at.chance));
  const least = status !== undefined && THROTTLES.includes(status) ? LEAST_THROTTLED : 0;
  return Math.max(jittered, least, askedFor(retryAfter, at.now));
}

/** `Retry-After` as seconds or as a date; nonsense asks for nothing. */
function askedFor(retryAfter: string | undefined, now: number): number {
  if (retryAfter === undefined) return 0;
  const asked = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * SECOND : Date.parse(retryAfter) - now;
  return Number.isNaN(asked) ? 0 : Math.min(Math.max(asked, 0), MOST_ASKED);
}
