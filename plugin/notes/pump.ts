/** Work by key: never twice at once for one key, in the order of asking, a few keys at a time, pausing so that the screen stays alive. */
import type { Breathe } from './ports.ts';

const AT_ONCE = 32;
const BETWEEN_PAUSES = 64;

export interface Pump {
  /** Runs the work for this key soon; asking again while it waits is asking once, while it runs makes it run once more. */
  poke(key: string): void;
  /** When nothing waits and nothing runs. */
  idle(): Promise<void>;
  stop(): void;
}

export function createPump(
  work: (key: string) => Promise<void>,
  failed: (key: string, error: unknown) => void,
  breathe: Breathe,
): Pump {
  const waiting = new Set<string>();
  const running = new Set<string>();
  let listeners: (() => void)[] = [];
  /** Wakes the pump where nothing could begin. */
  let freed: (() => void) | undefined;
  let isPumping = false;
  let isStopped = false;

  async function pump(): Promise<void> {
    isPumping = true;
    let since = 0;
    while (waiting.size && !isStopped) {
      const key = firstFree(waiting, running);
      if (key === undefined || running.size >= AT_ONCE) {
        await new Promise<void>((resolve) => (freed = resolve));
        continue;
      }
      waiting.delete(key);
      run(key);
      if (++since % BETWEEN_PAUSES === 0) await breathe();
    }
    isPumping = false;
    settle();
  }

  function run(key: string): void {
    running.add(key);
    void work(key)
      .catch((error: unknown) => failed(key, error))
      .finally(() => {
        running.delete(key);
        freed?.();
        settle();
      });
  }

  function settle(): void {
    if (isPumping || running.size || (waiting.size && !isStopped)) return;
    for (const listener of listeners) listener();
    listeners = [];
  }

  return {
    poke(key) {
      waiting.add(key);
      // The pump may be waiting for the end of another key, which may be long in coming.
      if (isPumping) freed?.();
      else if (!isStopped) void pump();
    },
    idle() {
      if (!isPumping && !running.size && !waiting.size) return Promise.resolve();
      return new Promise((resolve) => listeners.push(resolve));
    },
    stop() {
      isStopped = true;
    },
  };
}

function firstFree(waiting: ReadonlySet<string>, running: ReadonlySet<string>): string | undefined {
  for (const key of waiting) if (!running.has(key)) return key;
  return undefined;
}
