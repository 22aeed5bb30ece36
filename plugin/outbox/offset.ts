/**
 * How wrong this device's clock is: device minus server, the median of the latest exchanges, each halved for its way there and back. Kept,
 * so that an app that is opened where there is no network knows what it knew.
 */
import type { Memory } from '../notes/ports.ts';

export interface ClockOffset {
  /** `null` before the first exchange of all. */
  readonly milliseconds: number | null;
  measured(sentAt: number, receivedAt: number, serverNow: number): void;
}

const LATEST = 5;
/** An answer that took longer says too little about when it was given. */
const SLOWEST = 10_000;
export const CLOCK_OFFSET = 'clock-offset';
/** What differs by less is not worth writing down. */
const SAME = 1000;

export function createClockOffset(memory: Memory): ClockOffset {
  const before = memory.get(CLOCK_OFFSET);
  let kept = before === undefined ? null : Number(before);
  let latest: number[] = [];
  const median = (): number | null => [...latest].sort((a, b) => a - b)[Math.floor(latest.length / 2)] ?? kept;
  return {
    get milliseconds() {
      return median();
    },
    measured(sentAt, receivedAt, serverNow) {
      if (!Number.isFinite(serverNow) || receivedAt < sentAt || receivedAt - sentAt > SLOWEST) return;
      latest = [...latest, Math.round((sentAt + receivedAt) / 2 - serverNow)].slice(-LATEST);
      const now = median()!;
      if (kept !== null && Math.abs(now - kept) < SAME) return;
      kept = now;
      memory.set(CLOCK_OFFSET, String(now));
    },
  };
}
