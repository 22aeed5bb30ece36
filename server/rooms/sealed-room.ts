/**
 * A room after the seal. Its text is handed out and never changes; what is still brought is not refused, for that would lose it: it is stored,
 * applied to a copy, told as a late entry, and then the socket is closed. Yjs ids make sure that the same text brought again is nothing new.
 */
import * as Y from 'yjs';
import type { Logger } from 'pino';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { ROOM_CLOSE, ROOM_LIMITS } from '../../shared/sync/room-words.ts';
import { isRefused, isSame, type Author, type Refused } from './author.ts';
import { inspect } from './guard.ts';
import { lateTextOf } from './late-text.ts';
import { NO_VECTOR, NOT_STORED, NOT_YOURS, TOO_LARGE } from './open-room.ts';
import { NOTHING, type Peer, type Room } from './room.ts';
import type { LateRow, Place, RoomStore, Sealed, StoredDoc } from './store.ts';
import { createTextDoc, type Change } from './text-doc.ts';
import * as wire from './wire.ts';

/** What one connection brings within this time becomes one entry. */
const LINGER_MS = 50;
/** All late prose together may outgrow the text so far. */
const FORK_CHARS = 2 * ROOM_LIMITS.wholeBytes;

export const SEALED: Refused = { code: ROOM_CLOSE.sealed, reason: 'Sealed. What you brought is kept as a late entry' };

export interface SealedRoomParts {
  readonly store: RoomStore;
  readonly log: Logger;
  readonly now: () => string;
  readonly drop: (code: number, reason: string) => void;
  /** Resolves when the entry has been tried once. */
  readonly hearLate: (late: LateRow) => Promise<void>;
}

interface Waiting {
  readonly updates: { readonly bytes: Uint8Array; readonly isWhole: boolean }[];
  readonly effects: (() => void)[];
  readonly timer: NodeJS.Timeout;
}

export function createSealedRoom(
  place: Place,
  held: StoredDoc & { readonly sealed: Sealed },
  parts: SealedRoomParts,
): Room {
  const { store, log, now, drop, hearLate } = parts;
  const { state } = held.sealed;
  const vector = Y.encodeStateVectorFromUpdate(state);
  const clients = new Map(held.clients);
  let changes: readonly Change[] = [];
  const fork = createTextDoc(held.updates, (all) => (changes = all));
  const peers = new Set<Peer>();
  const waiting = new Map<Peer, Waiting>();
  /** The copy is ahead of the disk. */
  let isSpoilt = false;

  /** Stores what is new in the updates, in their order, up to the first that is refused. */
  function enter(author: Author, updates: Waiting['updates']): { readonly late?: LateRow; readonly refused?: Refused } {
    if (isSpoilt) return { refused: NOT_STORED };
    const before = fork.text();
    const fresh: number[] = [];
    let refused: Refused | undefined;
    changes = [];
    const sizes = new Map(updates.map(({ bytes, isWhole }) => [bytes, isWhole]));
    const mayApply = (update: Uint8Array): boolean => {
      const seen = lookAt(author, update, sizes.get(update)!);
      if (isRefused(seen)) refused = seen;
      else fresh.push(...seen);
      return refused === undefined;
    };
    try {
      const bytes = fork.apply([...sizes.keys()], mayApply);
      if (!bytes) return refused ? { refused } : {};
      const { user, device } = author;
      const late: LateRow = {
        ...place,
        user,
        device,
        bytes,
        sha256: sha256Hex(bytes),
        receivedAt: now(),
        clients: fresh,
        ...lateTextOf(before, changes),
      };
      store.transaction(() => store.putLate(late));
      for (const client of fresh) clients.set(client, { user, device });
      return refused ? { late, refused } : { late };
    } catch (error) {
      log.error({ ...place, err: error }, 'late prose not stored');
      isSpoilt = true;
      drop(NOT_STORED.code, NOT_STORED.reason);
      return { refused: NOT_STORED };
    }
  }

  function lookAt(author: Author, update: Uint8Array, isWhole: boolean): ReadonlySet<number> | Refused {
    if (update.length > (isWhole ? ROOM_LIMITS.wholeBytes : ROOM_LIMITS.updateBytes)) return TOO_LARGE;
    const seen = inspect(update, fork.doc);
    if (isRefused(seen)) return seen;
    if (seen.size && fork.length() + update.length > FORK_CHARS) return TOO_LARGE;
    for (const client of seen) {
      const owner = clients.get(client);
      if (owner && !isSame(owner, author)) return NOT_YOURS;
    }
    return seen;
  }

  async function settle(peer: Peer): Promise<void> {
    const held = waiting.get(peer);
    if (!held) return;
    waiting.delete(peer);
    clearTimeout(held.timer);
    const { late, refused } = enter(peer, held.updates);
    if (!refused) held.effects.forEach((effect) => effect());
    if (late) await hearLate(late);
    const end = refused ?? (late && SEALED);
    if (end) peer.close(end.code, end.reason);
  }

  function wait(peer: Peer, bytes: Uint8Array, isWhole: boolean): void {
    let held = waiting.get(peer);
    if (!held) {
      held = { updates: [], effects: [], timer: setTimeout(() => void settle(peer), LINGER_MS) };
      waiting.set(peer, held);
    }
    held.updates.push({ bytes, isWhole });
  }

  function lackingFor(vector: Uint8Array): Uint8Array | Refused {
    try {
      return Y.diffUpdate(state, vector);
    } catch {
      return NO_VECTOR;
    }
  }

  const hearing: { readonly [K in wire.Message['kind']]: (peer: Peer, message: wire.Message & { kind: K }) => void } = {
    step1(peer, { vector }) {
      const lacking = lackingFor(vector);
      if (isRefused(lacking)) peer.close(lacking.code, lacking.reason);
      else peer.send(wire.step2(lacking));
    },
    step2: (peer, { update }) => wait(peer, update, true),
    update: (peer, { update }) => wait(peer, update, false),
    awareness: () => undefined,
    queryAwareness: () => undefined,
    stored(peer, { payload }) {
      const answer = () => peer.send(wire.stored(payload));
      const held = waiting.get(peer);
      if (held) held.effects.push(answer);
      else answer();
    },
  };

  return {
    epoch: place.epoch,
    isSealed: true,
    isIdle: () => !peers.size && !waiting.size,
    join(peer) {
      peers.add(peer);
      peer.send(wire.step1(vector));
    },
    hear: (peer, message) => hearing[message.kind](peer, message as never),
    leave(peer) {
      peers.delete(peer);
      // Whoever has gone has still written it.
      void settle(peer);
    },
    async exchange(author, { update, vector = NOTHING }) {
      const { late, refused } = update ? enter(author, [{ bytes: update, isWhole: true }]) : {};
      if (late) await hearLate(late);
      if (refused) return refused;
      const lacking = lackingFor(vector);
      if (isRefused(lacking)) return lacking;
      const isUntold = store.isUntold(place.org, place.entity, author);
      return { update: lacking, isSealed: true, isLate: late !== undefined, isUntold };
    },
    shut(code, reason) {
      for (const peer of [...peers]) {
        void settle(peer);
        peer.close(code, reason);
      }
      peers.clear();
      fork.destroy();
    },
  };
}
