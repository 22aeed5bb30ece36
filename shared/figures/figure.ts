/** What a figure is: numbers, over how many, what the field aims at, and what stands behind them, so that anybody can count again. */
import type { FeedEvent } from '../kernel/ledger.ts';
import type { Read, Row } from '../kernel/read.ts';
import { isWithin, type Area } from '../kernel/roles.ts';

export interface Figure {
  readonly key: string;
  readonly title: string;
  readonly values: Readonly<Record<string, number | null>>;
  /** Of the values: `s` seconds, `share` from 0 to 1, `1/10min`, or what is counted. */
  readonly unit: string;
  readonly n: number;
  /** What n counts. */
  readonly of: string;
  readonly target: string | null;
  /** How it is counted, and by whom it is defined so. */
  readonly definition: string;
  readonly behind: Readonly<Record<string, unknown>>;
}

/** Whose figures, of which time: `from` ≤ t < `to`, in milliseconds. No areas: the whole organisation. */
export interface Scope {
  readonly areas: readonly Area[];
  readonly from: number;
  readonly to: number;
  readonly now: number;
}

/** Some of the figures: hears the events in their order, then what it has asked for, then tells. */
export interface Part {
  /** `at`: when it happened. Also called for what lies before and after the time asked for. */
  hear(event: FeedEvent, at: number): void;
  reads(): readonly Read<readonly Row[]>[];
  learn(rows: readonly Row[]): void;
  figures(): readonly Figure[];
}

export const MINUTE = 60_000;
export const DAY = 86_400_000;

export const isInside = ({ from, to }: Scope, at: number): boolean => at >= from && at < to;

export const concerns = ({ areas }: Scope, area: Area | null): boolean =>
  !areas.length || (area !== null && areas.some((outer) => isWithin(area, outer)));

export const share = (part: number, whole: number): number | null => (whole ? part / whole : null);

/** Mean, median and 90th percentile (nearest rank: a value that was measured), in seconds. */
export function spread(milliseconds: readonly number[]): Readonly<Record<'median' | 'p90' | 'mean', number | null>> {
  if (!milliseconds.length) return { median: null, p90: null, mean: null };
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (rank: number) => sorted[Math.ceil(rank * sorted.length) - 1]! / 1000;
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length / 1000;
  return { median: at(0.5), p90: at(0.9), mean };
}

const MOST_LISTED = 2000;

/** As many as one answer can carry; a shorter time shows them all. */
export const listed = <T>(items: readonly T[]): { readonly items: readonly T[]; readonly complete: boolean } => ({
  items: items.slice(0, MOST_LISTED),
  complete: items.length <= MOST_LISTED,
});

/** Ids in portions that a store is asked for at once. */
export const portions = <T>(ids: readonly T[], size: number): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(ids.length / size) }, (_, i) => ids.slice(i * size, (i + 1) * size));
