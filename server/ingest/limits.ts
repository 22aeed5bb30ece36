/** How many deliveries came within the last five minutes: of one integration, of one organisation. A restart begins anew; what waits is stored. */
export const WINDOW_MS = 5 * 60_000;
export const USUAL = { integration: 300, organisation: 900 } as const;

export interface Limits {
  /** Counts one more, and answers whether it is within. */
  take(at: number, sender: { readonly org: string; readonly integration: string }, most: Most): boolean;
  /** Whether one more would be within. */
  isWithin(at: number, sender: { readonly org: string; readonly integration: string }, most: Most): boolean;
}

type Most = { readonly integration?: number | undefined; readonly organisation?: number | undefined } | null;

/** Counts by the second: a window of 300 numbers, however many come. */
class Window {
  private readonly counts = new Map<number, number>();
  private total = 0;

  add(at: number): void {
    const second = Math.floor(at / 1000);
    this.counts.set(second, (this.counts.get(second) ?? 0) + 1);
    this.total += 1;
  }

  count(at: number): number {
    for (const [second, count] of this.counts) {
      // Also what a clock that was set back leaves ahead of it.
      if (second * 1000 > at - WINDOW_MS && second * 1000 <= at) continue;
      this.counts.delete(second);
      this.total -= count;
    }
    return this.total;
  }
}

export function createLimits(): Limits {
  const windows = new Map<string, Window>();
  const windowOf = (key: string): Window => {
    const found = windows.get(key) ?? new Window();
    windows.set(key, found);
    return found;
  };
  const isWithin: Limits['isWithin'] = (at, { org, integration }, most) =>
    windowOf(integration).count(at) < (most?.integration ?? USUAL.integration) &&
    windowOf(org).count(at) < (most?.organisation ?? USUAL.organisation);
  return {
    isWithin,
    take(at, sender, most) {
      const within = isWithin(at, sender, most);
      const own = windowOf(sender.integration);
      // One that is over its own limit does not use up the others' room.
      if (own.count(at) < (most?.integration ?? USUAL.integration)) windowOf(sender.org).add(at);
      own.add(at);
      return within;
    },
  };
}
