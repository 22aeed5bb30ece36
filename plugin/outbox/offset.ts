/** How wrong this device's clock is: device minus server, the median of the latest exchanges, each halved for its way there and back. */

export interface ClockOffset {
  /** `null` before the first exchange. */
  readonly milliseconds: number | null;
  measured(sentAt: number, receivedAt: number, serverNow: number): void;
}

const LATEST = 5;
/** An answer that took longer says too little about when it was given. */
const SLOWEST = 10_000;

export function createClockOffset(): ClockOffset {
  let latest: number[] = [];
  return {
    get milliseconds() {
      const sorted = [...latest].sort((a, b) => a - b);
      return sorted[Math.floor(sorted.length / 2)] ?? null;
    },
    measured(sentAt, receivedAt, serverNow) {
      if (!Number.isFinite(serverNow) || receivedAt < sentAt || receivedAt - sentAt > SLOWEST) return;
      latest = [...latest, Math.round((sentAt + receivedAt) / 2 - serverNow)].slice(-LATEST);
    },
  };
}
