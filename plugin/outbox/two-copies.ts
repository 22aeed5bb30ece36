/**
 * One outbox in two stores: what either has is there. While one of them fails the other carries, and somebody is told; only when both fail
 * is nothing kept, and that is said too.
 */
import { union } from '../../shared/sync/outbox.ts';
import type { OutboxStore } from './ports.ts';
import { outboxWords } from '../words/index.ts';

export interface Copy {
  /** For people: where it is. */
  readonly name: string;
  readonly store: OutboxStore;
}

export class NotSaved extends Error {
  override name = 'NotSaved';
}

const why = (reason: unknown): string => (reason instanceof Error ? reason.message : String(reason));

export function twoCopies(first: Copy, second: Copy, tell: (about: string, sentence: string) => void): OutboxStore {
  const copies = [first, second];

  async function both<T>(work: (store: OutboxStore) => Promise<T>): Promise<readonly (T | undefined)[]> {
    const results = await Promise.allSettled(copies.map(async ({ store }) => work(store)));
    const failed = results.flatMap((result, i) =>
      result.status === 'rejected' ? [`${copies[i]!.name}: ${why(result.reason)}`] : [],
    );
    if (failed.length === copies.length) throw new NotSaved(outboxWords.cannotKeep(failed.join('; ')));
    for (const [i, { status }] of results.entries())
      if (status === 'rejected') tell(`copy:${copies[i]!.name}`, outboxWords.oneCopy(failed[0]!));
    return results.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
  }

  return {
    async load(device) {
      const loaded = await both((store) => store.load(device));
      const own = union(...loaded.map((copy) => copy?.own ?? []));
      const known = new Set(own.map(({ command }) => command.id));
      const others = union(...loaded.map((copy) => copy?.others ?? [])).filter(({ command }) => !known.has(command.id));
      // What one has lost it gets back from the other.
      await Promise.allSettled(
        copies.map(async ({ store }, i) => {
          const held = new Map((loaded[i]?.own ?? []).map(({ command: { id }, revision }) => [id, revision]));
          const lost = own.filter((entry) => entry.device === device && held.get(entry.command.id) !== entry.revision);
          if (loaded[i] && lost.length) await store.update(lost);
        }),
      );
      return { own, others };
    },
    add: async (entry) => void (await both((store) => store.add(entry))),
    update: async (entries) => void (await both((store) => store.update(entries))),
    keep: async (entries) => void (await both((store) => store.keep(entries))),
    close: () => copies.forEach(({ store }) => store.close()),
  };
}
