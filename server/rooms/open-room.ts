/**
 * A room whose text can change. Everything is looked at before it is applied, is on disk before anybody else hears of it, and what is answered
 * holds nothing that a crash could take back.
 */
import type { Logger } from 'pino';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { ROOM_CLOSE, ROOM_LIMITS, roomName } from '../../shared/sync/room-words.ts';
import { isRefused, isSame, type Author, type Refused } from './author.ts';
import type { Commits, Dirty } from './commits.ts';
import { GAP, inspect } from './guard.ts';
import { createPresent } from './presence.ts';
import { tellNews, type News } from './news.ts';
import { NOTHING, type Peer, type Room } from './room.ts';
import type { Place, RoomStore, StoredDoc, UpdateRow } from './store.ts';
import { createTextDoc, seedOf } from './text-doc.ts';
import * as wire from './wire.ts';

/** From here on an update is tried on a copy first. */
const REHEARSED_BYTES = 8 * 1024;
/** UTF-16 units that may be more than the limit of bytes: at most three each. */
const MAYBE_FULL = Math.floor(ROOM_LIMITS.wholeBytes / 3);
const SNAPSHOT_UPDATES = 500;
const SNAPSHOT_BYTES = 256 * 1024;
/** History may outweigh the text so many times; in a room that is large anyway, twice. */
const HISTORY = 20;
const HISTORY_WHEN_LARGE = 2;
/** Nobody's device: what the server itself wrote, the beginning of an epoch. */
const SERVER: Author = { user: 'server', device: null };

export interface OpenRoomParts {
  readonly store: RoomStore;
  readonly commits: Commits;
  readonly log: Logger;
  readonly now: () => string;
  /** Forgets this room: whoever comes next reads it anew. */
  readonly drop: (code: number, reason: string) => void;
}

export interface OpenRoom extends Room {
  /** Writes what is not on disk yet, inside a transaction that is open. */
  write(): void;
  photo(): { readonly text: string; readonly state: Uint8Array; readonly updates: number };
}

export function createOpenRoom(place: Place, held: StoredDoc | undefined, parts: OpenRoomParts): OpenRoom {
  const { store, commits, log, now } = parts;
  const text = createTextDoc(held?.updates);
  const clients = new Map(held?.clients);
  const peers = new Set<Peer>();
  const present = createPresent();
  let count = held?.count ?? 0;
  /** The document in memory is not the one on disk any more. */
  let isSpoilt = false;
  let unwritten: UpdateRow[] = [];
  /** For when the rows above are durable: what others are told, and then, in order, what somebody waits for. */
  let news: News[] = [];
  let effects: { readonly done: () => void; readonly failed?: () => void }[] = [];
  let sinceSnapshot = {
    updates: 0,
    bytes: (held?.updates.slice(1) ?? []).reduce((sum, { length }) => sum + length, 0),
  };

  const whenStored = (done: () => void, failed?: () => void) => {
    if (unwritten.length) effects.push({ done, ...(failed ? { failed } : {}) });
    else done();
  };
  const tellAll = (frame: Uint8Array) => {
    for (const peer of peers) peer.send(frame);
  };

  const dirty: Dirty = {
    write: () => unwritten.forEach(store.putUpdate),
    committed() {
      const [told, done] = [news, effects];
      unwritten = [];
      news = [];
      effects = [];
      tellNews(told, peers);
      for (const effect of done) effect.done();
      if (!isSpoilt) tidy();
    },
    failed() {
      const lost = effects;
      news = [];
      effects = [];
      parts.drop(ROOM_CLOSE.leaving, 'Could not be stored. Try again');
      for (const effect of lost) effect.failed?.();
    },
  };

  /** Undefined when it was taken, or held nothing new. */
  function take(author: Author, update: Uint8Array, isWhole: boolean): Refused | undefined {
    if (update.length > (isWhole ? ROOM_LIMITS.wholeBytes : ROOM_LIMITS.updateBytes)) return TOO_LARGE;
    const seen = inspect(update, text.doc);
    if (isRefused(seen)) return seen;
    for (const client of seen) {
      const owner = clients.get(client);
      if (owner && !isSame(owner, author)) return NOT_YOURS;
    }
    const isHeavy = isWhole || update.length > REHEARSED_BYTES || text.length() > MAYBE_FULL;
    const refused = isHeavy && seen.size ? rehearse(update) : undefined;
    if (refused) return refused;
    let bytes: Uint8Array | undefined;
    try {
      bytes = text.apply([update]);
    } catch (error) {
      log.warn({ ...place, err: error }, 'room spoilt');
      isSpoilt = true;
      // What came before is good and goes on to disk and to the others.
      commits.flush();
      parts.drop(GAP.code, GAP.reason);
      return GAP;
    }
    if (bytes) keep(author, bytes, seen);
    return undefined;
  }

  function rehearse(update: Uint8Array): Refused | undefined {
    try {
      const copy = createTextDoc([text.state(), update]);
      const isFull = copy.length() > text.length() && Buffer.byteLength(copy.text()) > ROOM_LIMITS.wholeBytes;
      copy.destroy();
      return isFull ? TOO_LARGE : undefined;
    } catch {
      return GAP;
    }
  }

  function keep(author: Author, bytes: Uint8Array, seen: ReadonlySet<number>): void {
    const { user, device } = author;
    const fresh = [...seen].filter((client) => !clients.has(client));
    for (const client of fresh) clients.set(client, { user, device });
    count += 1;
    unwritten.push({
      ...place,
      n: count,
      bytes,
      sha256: sha256Hex(bytes),
      user,
      device,
      receivedAt: now(),
      clients: fresh,
    });
    sinceSnapshot = { updates: sinceSnapshot.updates + 1, bytes: sinceSnapshot.bytes + bytes.length };
    news.push({ by: author, bytes });
    commits.mark(dirty);
  }

  /** Everything is on disk: what is kept may be shortened. */
  function tidy(): void {
    const { updates, bytes } = sinceSnapshot;
    if (updates < SNAPSHOT_UPDATES && bytes < SNAPSHOT_BYTES && clients.size < ROOM_LIMITS.clients) return;
    sinceSnapshot = { updates: 0, bytes: 0 };
    const state = text.state();
    const size = Buffer.byteLength(text.text());
    if (state.length > ROOM_LIMITS.warnBytes) log.warn({ ...place, bytes: state.length, text: size }, 'large room');
    const isOverweight =
      (state.length > ROOM_LIMITS.warnBytes && state.length > HISTORY * size) ||
      (state.length > ROOM_LIMITS.wholeBytes && state.length > HISTORY_WHEN_LARGE * size) ||
      clients.size >= ROOM_LIMITS.clients;
    try {
      if (isOverweight) beginAnew();
      else store.transaction(() => store.putSnapshot(place, count, state));
    } catch (error) {
      // Nothing is lost: it is only longer to read than it need be.
      log.error({ ...place, err: error }, 'room not shortened');
    }
  }

  /** Only the server ever writes the beginning of a text, and once. */
  function beginAnew(): void {
    const next = { ...place, epoch: place.epoch + 1 };
    const { update, client } = seedOf(text.text());
    const isTurned = store.transaction(() => {
      if (!store.turn(next)) return false;
      const row = { ...next, ...SERVER, n: 1, bytes: update, sha256: sha256Hex(update), receivedAt: now() };
      store.putUpdate({ ...row, clients: [client] });
      return true;
    });
    if (isTurned) parts.drop(ROOM_CLOSE.superseded, roomName(next.entity, next.epoch));
  }

  const hearing: { readonly [K in wire.Message['kind']]: (peer: Peer, message: wire.Message & { kind: K }) => void } = {
    step1: (peer, { vector }) =>
      whenStored(() => {
        const lacking = lackingFor(vector);
        if (isRefused(lacking)) peer.close(lacking.code, lacking.reason);
        else peer.send(wire.step2(lacking));
      }),
    step2: (peer, { update }) => hearUpdate(peer, update, true),
    update: (peer, { update }) => hearUpdate(peer, update, false),
    awareness(peer, { present: said }) {
      const fresh = present.take(peer, said);
      // To the sender too, as a sign of life.
      if (fresh.length) tellAll(wire.awareness(fresh));
    },
    queryAwareness: (peer) => peer.send(wire.awareness(present.all())),
    stored: (peer, { payload }) => whenStored(() => peer.send(wire.stored(payload))),
  };

  function hearUpdate(peer: Peer, update: Uint8Array, isWhole: boolean): void {
    const refused = take(peer, update, isWhole);
    if (refused) peer.close(refused.code, refused.reason);
  }

  function lackingFor(vector: Uint8Array): Uint8Array | Refused {
    if (isSpoilt) return GAP;
    try {
      return text.lacking(vector);
    } catch {
      return NO_VECTOR;
    }
  }

  return {
    epoch: place.epoch,
    isSealed: false,
    isIdle: () => !peers.size && !unwritten.length,
    join(peer) {
      peers.add(peer);
      peer.send(wire.step1(text.vector()));
      const there = present.all();
      if (there.length) peer.send(wire.awareness(there));
    },
    hear: (peer, message) => hearing[message.kind](peer, message as never),
    leave(peer) {
      if (!peers.delete(peer)) return;
      const farewells = present.leave(peer);
      if (farewells.length) tellAll(wire.awareness(farewells));
    },
    async exchange(author, { update, vector = NOTHING }) {
      const refused = update && take(author, update, true);
      if (refused) return refused;
      const isStored = await new Promise<boolean>((resolve) =>
        whenStored(
          () => resolve(true),
          () => resolve(false),
        ),
      );
      if (!isStored) return NOT_STORED;
      const lacking = lackingFor(vector);
      return isRefused(lacking) ? lacking : { update: lacking, isSealed: false, isLate: false, isUntold: false };
    },
    shut(code, reason) {
      for (const peer of [...peers]) peer.close(code, reason);
      peers.clear();
      text.destroy();
    },
    write: dirty.write,
    photo: () => ({ text: text.text(), state: text.state(), updates: count }),
  };
}

export const TOO_LARGE: Refused = { code: ROOM_CLOSE.tooLarge, reason: 'Too large for a room' };
export const NOT_YOURS: Refused = { code: ROOM_CLOSE.notAllowed, reason: 'This client id is somebody else’s' };
export const NO_VECTOR: Refused = { code: ROOM_CLOSE.malformed, reason: 'Not a state vector' };
export const NOT_STORED: Refused = { code: ROOM_CLOSE.leaving, reason: 'Could not be stored. Try again' };
