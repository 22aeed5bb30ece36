/**
 * Group commit: what all rooms took in one turn of the event loop becomes durable in one transaction, and only then goes on to anybody.
 * While a commit waits for the disk the next frames queue up, so that the groups grow with the load by themselves.
 */
import type { Logger } from 'pino';
import type { RoomStore } from './store.ts';

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
  let soon: NodeJS.Immediate | undefined;

  function flush(): void {
    clearImmediate(soon);
    soon = undefined;
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
      soon ??= setImmediate(flush);
    },
    flush,
  };
}
