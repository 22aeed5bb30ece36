/**
 * The second copy of the outbox: lines of JSON in the plugin's folder, one file for each identity, only ever appended to while anything
 * waits. The latest line about a command holds; a last line that was torn by a crash is passed over. Files of other identities
 * are read and never written: what storage that was purged, or another device on the same vault, has left there.
 */
import type { DataAdapter } from 'obsidian';
import { inOrder, isQueued, union, type Entry } from '../../shared/sync/outbox.ts';
import type { OutboxStore } from '../outbox/ports.ts';

type Adapter = Pick<DataAdapter, 'append' | 'exists' | 'list' | 'mkdir' | 'read' | 'write'>;

/** `folder`: of the plugin, as its manifest says. */
export function journal(adapter: Adapter, folder: string): OutboxStore {
  const place = `${folder}/outbox`;
  const fileOf = (device: string): string => `${place}/${device}.ndjson`;
  let inTurn: Promise<unknown> = Promise.resolve();
  /** Files that are there and end with a whole line. */
  const ready = new Set<string>();
  const ours = new Set<string>();

  /** One after the other, so that no two lines are written into each other. */
  function next<T>(work: () => Promise<T>): Promise<T> {
    const turn = inTurn.then(work);
    inTurn = turn.catch(() => undefined);
    return turn;
  }

  async function append(entries: readonly Entry[]): Promise<void> {
    for (const [device, own] of byDevice(entries)) {
      if (!ours.has(device)) continue;
      const path = fileOf(device);
      const start = ready.has(path) ? '' : await firstTouch(path);
      ready.delete(path);
      await adapter.append(path, start + linesOf(own));
      ready.add(path);
    }
  }

  /** What a crash left without an end gets one. */
  async function firstTouch(path: string): Promise<string> {
    if (!(await adapter.exists(place))) await adapter.mkdir(place);
    return (await adapter.exists(path)) && !(await adapter.read(path)).endsWith('\n') ? '\n' : '';
  }

  return {
    load: (device) =>
      next(async () => {
        ours.add(device);
        const paths = (await adapter.exists(place)) ? (await adapter.list(place)).files : [];
        const found = { own: [] as readonly Entry[], others: [] as readonly Entry[] };
        for (const path of paths.filter((one) => one.endsWith('.ndjson'))) {
          const entries = union(entriesIn(await adapter.read(path)));
          if (path === fileOf(device)) found.own = entries;
          else found.others = [...found.others, ...entries.filter(isQueued)];
        }
        return found;
      }),
    add(entry) {
      ours.add(entry.device);
      return next(() => append([entry]));
    },
    update: (entries) => next(() => append(entries)),
    keep: (entries) =>
      next(async () => {
        for (const [device, own] of byDevice(entries)) {
          if (!ours.has(device)) continue;
          const path = fileOf(device);
          await firstTouch(path);
          await adapter.write(path, linesOf(own));
          ready.add(path);
        }
      }),
    close: () => undefined,
  };
}

const linesOf = (entries: readonly Entry[]): string =>
  inOrder(entries)
    .map((entry) => `${JSON.stringify(entry)}\n`)
    .join('');

function byDevice(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const files = new Map<string, Entry[]>();
  for (const entry of entries) files.set(entry.device, [...(files.get(entry.device) ?? []), entry]);
  return files;
}

function entriesIn(text: string): Entry[] {
  return text.split('\n').flatMap((line): Entry[] => {
    try {
      const entry = JSON.parse(line) as Partial<Entry>;
      return entry.command?.id !== undefined && entry.revision !== undefined ? [entry as Entry] : [];
    } catch {
      return [];
    }
  });
}
