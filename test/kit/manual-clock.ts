/** A clock that stands still until a test moves it; chance is always the middle. */
import type { Clock } from '../../plugin/link.ts';

export interface ManualClock extends Clock {
  /** Lets so much time pass, in milliseconds; what falls due runs in order. */
  pass(milliseconds: number): Promise<void>;
}

/** Lets everything run that waits for promises only. */
export async function rest(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

export function manualClock(start = Date.parse('2026-11-21T06:00:00Z')): ManualClock {
  let now = start;
  let made = 0;
  const due = new Map<number, { readonly at: number; readonly work: () => void }>();
  return {
    now: () => now,
    random: () => 0.5,
    after(milliseconds, work) {
      const id = ++made;
      due.set(id, { at: now + milliseconds, work });
      return () => void due.delete(id);
    },
    async pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        await rest();
        const next = [...due].filter(([, { at }]) => at <= end).sort(([a, x], [b, y]) => x.at - y.at || a - b)[0];
        if (!next) break;
        due.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].work();
      }
      now = end;
      await rest();
    },
  };
}
