/**
 * Whether the server still is the one that this device knows, with all that it had: its name, its head, and a proof that its log continues
 * the checkpoint that was seen last (L8). A copy that was put back has a shorter history, or another one.
 */
import { fromBase64, textOf } from '../../shared/kernel/bytes.ts';
import { parseCheckpoint, type Checkpoint } from '../../shared/proof/checkpoint.ts';
import { verifyConsistency } from '../../shared/proof/tree.ts';
import { answered, type Clock, type Link, type Reply } from '../link.ts';
import type { Memory } from '../notes/ports.ts';

export interface Place {
  readonly instance: string;
  readonly head: number;
}

export interface History {
  /** A server has been met, whatever is left of what it told. */
  readonly hasBegun: boolean;
  /** Whether a server at this place can have all that was seen here. */
  continues(place: Place): boolean;
  /** It is the one that is known from now on. */
  remember(place: Place, isSame: boolean): void;
  /** This device has seen so far. */
  seen(position: number): void;
  /** By proof. True where the server shows none: its role may not ask, or it is away. */
  verify(): Promise<boolean>;
}

interface Known extends Place {
  readonly checkpoint?: string;
}

const KEY = 'history';

export function createHistory(link: Link, clock: Clock, memory: Memory): History {
  const known = (): Known | undefined => {
    const text = memory.get(KEY);
    return text === undefined ? undefined : (JSON.parse(text) as Known);
  };
  const keep = (what: Known): void => memory.set(KEY, JSON.stringify(what));

  async function get(path: string): Promise<Reply | undefined> {
    try {
      const reply = await answered(link, clock, 'GET', path);
      return reply.status === 200 ? reply : undefined;
    } catch {
      return undefined;
    }
  }

  async function isContinued(before: Checkpoint, after: Checkpoint): Promise<boolean> {
    if (after.size < before.size || after.origin !== before.origin) return false;
    if (!before.size) return true;
    const reply = await get(`/v1/log/proof/consistency?from=${before.size}&to=${after.size}`);
    const { hashes } = (reply?.json ?? {}) as { readonly hashes?: readonly string[] };
    if (!hashes) return true;
    return verifyConsistency(before.size, after.size, before.root, after.root, hashes.map(fromBase64));
  }

  return {
    get hasBegun() {
      return known() !== undefined;
    },
    continues({ instance, head }) {
      const before = known();
      return !before || (before.instance === instance && before.head <= head);
    },
    remember: ({ instance, head }, isSame) => keep({ ...(isSame ? known() : {}), instance, head }),
    seen(position) {
      const before = known();
      if (before && before.head < position) keep({ ...before, head: position });
    },
    async verify() {
      const note = await get('/v1/log/checkpoint');
      const before = known();
      if (!note?.bytes.length || !before) return true;
      const checkpoint = textOf(note.bytes);
      const isFine =
        before.checkpoint === undefined || (await isContinued(headIn(before.checkpoint), headIn(checkpoint)));
      keep({ ...(known() ?? before), checkpoint });
      return isFine;
    },
  };
}

/** Its signature is for those who check an export; two heads of one log must fit whoever signed them. */
const headIn = (note: string): Checkpoint => parseCheckpoint(note.slice(0, note.lastIndexOf('\n\n') + 1));
