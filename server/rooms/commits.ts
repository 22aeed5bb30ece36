/** Group commit: what all rooms took within two milliseconds becomes durable in one transaction, and only then goes on to anybody. */
import type { Logger } from 'pino';
import type { RoomStore } from './store.ts';

const LINGER_MS = 1;

/** Something with rows that are not on disk yet. */
export interface Dirty {
  /** Inside a transaction; a second time when the first one was undone. */
  write(): void;
  committed(): void;
  /** The disk did not take it: nothing of it has been shown to anybody. */
  failed(): void;
}

export interface Commits {
  mark(dirty: Dirty): void;
  flush(): void;
}

export function createCommits(store: RoomStore, log: Logger): Commits {
  let waiting = new Set<Dirty>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (!waiting.size) return;
    const batch = waiting;
    waiting = new Set();
    try {
      store.transaction(() => {
        for (const each of batch) each.write();
      });
    } catch (error) {
      log.error({ err: error }, 'rooms not stored');
      for (const each of batch) each.failed();
      return;
    }
    for (const each of batch) each.committed();
  }

  return {
    mark(dirty) {
      waiting.add(dirty);
      timer ??= setTimeout(flush, LINGER_MS);
    },
    flush,
  };
}
