/** What happened over a stretch of time, counted by ten minutes. Buckets follow the clock of the world, so a night of 25 hours has 150. */

export const MARKS = ['raised', 'opened', 'closed', 'logged'] as const;
export type Mark = (typeof MARKS)[number];

export interface Moment {
  readonly at: string;
  readonly mark: Mark;
}

export type Timeline = Readonly<Record<Mark, readonly number[]>> & {
  readonly from: string;
  /** When it ends, or is planned to. */
  readonly to: string;
  /** The length of a bucket. */
  readonly minutes: number;
  /** Until when it was counted. */
  readonly now: string;
  /** Moments before or after the buckets: a clock that is wrong, an entry about last week. */
  readonly outside: number;
};

export const BUCKET_MINUTES = 10;
const BUCKET = BUCKET_MINUTES * 60_000;
/** Three days; whatever is longer is cut. */
const MOST = 432;

/** More than this in ten minutes is more than one person can take in (ISA-18.2). */
export const FLOOD = 10;

/** From the beginning to the end, or to now where that is later and still goes on. */
export function timelineOf(
  span: { readonly from: string; readonly to: string; readonly goesOn: boolean; readonly now: string },
  moments: readonly Moment[],
): Timeline {
  const { from, to, goesOn, now } = span;
  const start = Date.parse(from);
  const end = Math.max(Date.parse(to), goesOn ? Date.parse(now) + 1 : 0);
  const count = Math.min(MOST, Math.max(1, Math.ceil((end - start) / BUCKET)));
  const counted = Object.fromEntries(MARKS.map((mark) => [mark, Array<number>(count).fill(0)])) as Record<
    Mark,
    number[]
  >;
  let outside = 0;
  for (const { at, mark } of moments) {
    const bucket = Math.floor((Date.parse(at) - start) / BUCKET);
    if (bucket >= 0 && bucket < count) counted[mark][bucket]! += 1;
    else outside += 1;
  }
  return { from, to, minutes: BUCKET_MINUTES, now, outside, ...counted };
}
