/** Evidence bundles that a person has asked for, kept on this device so that the next look needs no network. */
import type { Register } from '../../shared/kernel/register.ts';
import { answered, problemIn, type Clock, type Link } from '../link.ts';
import type { Held } from '../replica.ts';

export interface KeptBundle {
  readonly id: string;
  /** How far the stream had come when it was fetched. */
  readonly seq: number;
  readonly zip: Uint8Array;
}

export interface BundleStore {
  get(id: string): Promise<KeptBundle | undefined>;
  put(bundle: KeptBundle): Promise<void>;
}

export interface KeptBundles {
  /** What is on this device; `undefined` also when its store cannot be read. */
  held(id: string): Promise<KeptBundle | undefined>;
  /** From the server, and kept. Throws with a sentence for people. */
  fetched(held: Held): Promise<KeptBundle>;
}

export function createKept(
  store: BundleStore,
  link: Link,
  clock: Clock,
  register: Register,
  told: (sentence: string) => void,
): KeptBundles {
  async function fromServer({ kind, id }: Held): Promise<Uint8Array> {
    const reply = await answered(link, clock, 'GET', `/v1/${register.byKind.get(kind)!.name}/${id}/bundle`).catch(
      () => {
        throw new Error('The server cannot be reached. Try again when the connection is back.');
      },
    );
    if (reply.status !== 200) throw new Error(problemIn(reply).detail);
    return reply.bytes;
  }
  return {
    held: (id) => store.get(id).catch(() => undefined),
    async fetched(held) {
      const bundle = { id: held.id, seq: held.seq, zip: await fromServer(held) };
      await store.put(bundle).catch((error: unknown) => {
        told(`The evidence bundle could not be kept on this device: ${String(error)}`);
      });
      return bundle;
    },
  };
}
