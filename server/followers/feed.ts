/** The feed: events after a position, as far as a caller may see them. What is skipped still moves the position on. */
import type { Caller } from '../../shared/kernel/command.ts';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { forbids, mayAtAll } from '../../shared/kernel/roles.ts';

export interface Page {
  readonly items: readonly FeedEvent[];
  /** The position up to which everything was looked at. */
  readonly next: number;
  readonly head: number;
}

export interface Feed {
  page(caller: Caller, after: number, limit: number): Promise<Page>;
  sees(caller: Caller, event: FeedEvent): Promise<boolean>;
  /** Resolves when there is something after the position, or when the signal is aborted. */
  news(org: string, after: number, signal: AbortSignal): Promise<void>;
  /** Whether the caller's role lets anything of the feed through. */
  mayFollow(caller: Caller): boolean;
}

export function createFeed(ledger: Ledger, register: Register): Feed {
  const waiting = new Map<string, Set<() => void>>();
  const sealed = new Set<string>();
  ledger.onCommit((org) => {
    for (const wake of [...(waiting.get(org) ?? [])]) wake();
  });

  async function isSealed(org: string, shift: string): Promise<boolean> {
    if (sealed.has(shift)) return true;
    const { presiding } = register;
    const stream = presiding && (await ledger.stream(org, presiding.kind, shift));
    if (!stream || !presiding.presides!.isSealed(stream.state)) return false;
    // Never unsealed, so the answer may be kept.
    sealed.add(shift);
    return true;
  }

  async function sees(caller: Caller, event: FeedEvent): Promise<boolean> {
    const feature = register.events.get(event.type)?.feature;
    if (!feature) return false;
    const concern = { area: event.area ?? undefined };
    if (!forbids(caller, feature.readers, concern)) return true;
    const archive = register.presiding?.archive;
    if (!archive || event.shift === null || forbids(caller, archive.permission, concern)) return false;
    return isSealed(event.org, event.shift);
  }

  return {
    sees,
    mayFollow: (caller) =>
      register.features.some(
        ({ readers, archive }) => mayAtAll(caller, readers) || (archive && mayAtAll(caller, archive.permission)),
      ),
    async page(caller, after, limit) {
      const head = await ledger.head(caller.org);
      const events = await ledger.events(caller.org, after, limit);
      const items: FeedEvent[] = [];
      for (const event of events) if (await sees(caller, event)) items.push(event);
      return { items, next: events.at(-1)?.seq ?? after, head: Math.max(head, events.at(-1)?.seq ?? 0) };
    },
    async news(org, after, signal) {
      let wake: () => void = () => undefined;
      const woken = new Promise<void>((resolve) => (wake = resolve));
      const set = waiting.get(org) ?? new Set();
      waiting.set(org, set.add(wake));
      signal.addEventListener('abort', wake);
      try {
        // Looked at after the bell is hung, so that no commit falls between.
        while (!signal.aborted && (await ledger.head(org)) <= after) await woken;
      } finally {
        set.delete(wake);
        signal.removeEventListener('abort', wake);
      }
    },
  };
}
