/** Evidence bundles of sealed streams: fetched one after the other, newest first, unpacked, used for the notes and let go. */
import { unzipSync } from 'fflate';
import type { Register } from '../shared/kernel/register.ts';
import { answered, problemIn, type Clock, type Link, type Reply } from './link.ts';
import type { Breathe } from './notes/ports.ts';
import { keyOf, type Held } from './replica.ts';
import type { Bundle } from './surroundings.ts';

export interface Bundles {
  /** Those that are unpacked just now, by the id of their stream. */
  readonly held: ReadonlyMap<string, Bundle>;
  fetch(held: Held): void;
}

const RETRY = 15_000;
/** The server is in trouble, or has too much to do: asked again. */
const isBusy = ({ status }: Reply): boolean => status >= 500 || status === 429;

export function createBundles(link: Link, register: Register, arrived: (held: Held) => void, clock: Clock): Bundles {
  const unpacked = new Map<string, Bundle>();
  const queue = new Map<string, Held>();
  /** Not for the role of this device: asked once. */
  const refused = new Set<string>();
  let isFetching = false;

  async function work(): Promise<void> {
    isFetching = true;
    for (let next = queue.entries().next(); !next.done; next = queue.entries().next()) {
      const [key, held] = next.value;
      queue.delete(key);
      try {
        const path = `/v1/${register.byKind.get(held.kind)!.name}/${held.id}/bundle`;
        const reply = await answered(link, clock, 'GET', path);
        if (isBusy(reply)) throw new Error(problemIn(reply).detail);
        if (reply.status === 200) {
          unpacked.set(held.id, filesIn(reply.bytes));
          arrived(held);
          unpacked.delete(held.id);
        } else refused.add(`${key}@${held.seq}`);
      } catch {
        // What was asked for meanwhile is newer.
        if (!queue.has(key)) queue.set(key, held);
        await new Promise<void>((resolve) => clock.after(RETRY, resolve));
      }
    }
    isFetching = false;
  }

  return {
    held: unpacked,
    fetch(held) {
      const key = keyOf(held);
      if (refused.has(`${key}@${held.seq}`)) return;
      queue.set(key, held);
      if (!isFetching) void work();
    },
  };
}

/** A bundle is one folder, zipped: names are told from inside that folder. */
export const filesIn = (zip: Uint8Array): Bundle => bundleOf(Object.entries(unzipSync(zip)));

/** The same file by file, for whoever has a screen to keep alive. */
export async function filesSlowlyIn(zip: Uint8Array, breathe: Breathe): Promise<Bundle> {
  const names: string[] = [];
  unzipSync(zip, { filter: ({ name }) => names.push(name) < 0 });
  const entries: [string, Uint8Array][] = [];
  for (const wanted of names) {
    entries.push(...Object.entries(unzipSync(zip, { filter: ({ name }) => name === wanted })));
    await breathe();
  }
  return bundleOf(entries);
}

function bundleOf(all: readonly (readonly [string, Uint8Array])[]): Bundle {
  const entries = all.filter(([name]) => !name.endsWith('/'));
  const folder = entries[0]?.[0].split('/')[0] ?? '';
  const isInFolder = entries.every(([name]) => name.startsWith(`${folder}/`));
  return new Map(entries.map(([name, bytes]) => [isInFolder ? name.slice(folder.length + 1) : name, bytes]));
}
