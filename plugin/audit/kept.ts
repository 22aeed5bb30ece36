/**
 * Evidence bundles that a person has asked for, kept on this device so that the next look needs no network. With each new one go those that
 * were fetched longer ago than the vault's window of shifts: just then the server answers, and would send them again.
 */
import type { Register } from '../../shared/kernel/register.ts';
import { answered, problemIn, type Clock, type Link } from '../link.ts';
import type { Held } from '../replica.ts';
import { auditWords } from '../words/index.ts';

export interface KeptBundle {
  readonly id: string;
  /** How far the stream had come when it was fetched. */
  readonly seq: number;
  readonly zip: Uint8Array;
}

export interface BundleStore {
  get(id: string): Promise<KeptBundle | undefined>;
  put(bundle: KeptBundle): Promise<void>;
  ids(): Promise<readonly string[]>;
  remove(ids: readonly string[]): Promise<void>;
  /** A text beside them, read without a wait. */
  list: string | undefined;
}

export interface Taken {
  readonly count: number;
  readonly bytes: number;
}

/** When it was fetched, and how large it is. */
type List = Readonly<Record<string, { readonly at: number; readonly bytes: number }>>;

const DAY = 86_400_000;

export interface KeptBundles {
  /** What is on this device; `undefined` also when its store cannot be read. */
  held(id: string): Promise<KeptBundle | undefined>;
  /** From the server, and kept. Throws with a sentence for people. */
  fetched(held: Held): Promise<KeptBundle>;
  /** What they take on this device. */
  readonly taken: Taken;
  /** As new as what this device knows; `isEarlier`: what is here is older, and the server could not give a newer one. */
  newest(held: Held): Promise<{ readonly bundle: KeptBundle; readonly isEarlier: boolean }>;
}

/** There is no answer; a refusal would be one. */
export class Unreachable extends Error {}

export function createKept(
  store: BundleStore,
  link: Link,
  clock: Clock,
  register: Register,
  tell: (sentence: string) => void,
  days: () => number,
): KeptBundles {
  let inTurn: Promise<unknown> = Promise.resolve();

  const listed = (): List => {
    try {
      return JSON.parse(store.list ?? '{}') as List;
    } catch {
      return {};
    }
  };

  async function keep(bundle: KeptBundle): Promise<void> {
    const [list, here, now] = [listed(), await store.ids(), clock.now()];
    // One whose age nobody knows begins it now.
    const all = here.map((id) => [id, list[id] ?? { at: now, bytes: 0 }] as const);
    const others = all.filter(([id]) => id !== bundle.id);
    const stay = others.filter(([, { at }]) => at >= now - days() * DAY);
    const old = others.filter((one) => !stay.includes(one)).map(([id]) => id);
    if (old.length) await store.remove(old);
    await store.put(bundle);
    store.list = JSON.stringify(Object.fromEntries([...stay, [bundle.id, { at: now, bytes: bundle.zip.length }]]));
  }

  async function fromServer({ kind, id }: Held): Promise<Uint8Array> {
    const reply = await answered(link, clock, 'GET', `/v1/${register.byKind.get(kind)!.name}/${id}/bundle`).catch(
      () => {
        throw new Unreachable(auditWords.unreachable);
      },
    );
    if (reply.status !== 200) throw new Error(problemIn(reply).detail);
    return reply.bytes;
  }
  const kept: KeptBundles = {
    held: (id) => store.get(id).catch(() => undefined),
    async fetched(held) {
      const bundle = { id: held.id, seq: held.seq, zip: await fromServer(held) };
      const turn = inTurn.then(() => keep(bundle));
      const told = turn.catch((error: unknown) => tell(auditWords.notKept(String(error))));
      inTurn = told;
      await told;
      return bundle;
    },
    get taken() {
      const all = Object.values(listed());
      return { count: all.length, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
    async newest(held) {
      const here = await kept.held(held.id);
      if (here && here.seq >= held.seq) return { bundle: here, isEarlier: false };
      try {
        return { bundle: await kept.fetched(held), isEarlier: false };
      } catch (error) {
        if (here) return { bundle: here, isEarlier: true };
        throw error;
      }
    },
  };
  return kept;
}
