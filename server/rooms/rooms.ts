/** All rooms of this server: read when somebody comes, forgotten when nobody is there, photographed and sealed inside the ledger's transaction. */
import type { Logger } from 'pino';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import type { Prose, ProsePhoto } from '../../shared/kernel/prose.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { ROOM_CLOSE, roomName } from '../../shared/sync/room-words.ts';
import type { Clock } from '../clock.ts';
import { createCommits } from './commits.ts';
import { createOpenRoom, type OpenRoom } from './open-room.ts';
import type { Room } from './room.ts';
import { createSealedRoom, SEALED } from './sealed-room.ts';
import type { LateRow, RoomStore } from './store.ts';
import { createTextDoc } from './text-doc.ts';

const IDLE_MS = 60_000;
const FIRST_EPOCH = 1;

export interface RoomsParts {
  readonly store: RoomStore;
  readonly clock: Clock;
  readonly log: Logger;
  /** After so long without anybody a room is forgotten. */
  readonly idleMs?: number;
}

export interface Rooms extends Prose {
  roomNameOf(org: string, entity: string): string;
  /** Throws when what is on disk cannot be read: an empty text must never stand in for it. */
  room(org: string, entity: string): Room;
  /** Who makes entries of late prose. Resolves when it has been tried once. */
  onLate(hear: (late: LateRow) => Promise<void>): void;
  /** How many are in memory. */
  loaded(): number;
  /** Writes what waits, and sends everybody away. */
  close(): void;
}

interface Loaded {
  readonly room: Room | OpenRoom;
  usedAt: number;
}

export function createRooms({ store, clock, log, idleMs = IDLE_MS }: RoomsParts): Rooms {
  const rooms = new Map<string, Loaded>();
  const commits = createCommits(store, log);
  const now = () => utc(clock.now());
  let hearLate: (late: LateRow) => Promise<void> = () => Promise.resolve();

  const keyOf = (org: string, entity: string): string => `${org}/${entity}`;
  const openOf = (org: string, entity: string): OpenRoom | undefined => {
    const room = rooms.get(keyOf(org, entity))?.room;
    return room && 'photo' in room ? room : undefined;
  };
  const epochOf = (org: string, entity: string): number =>
    rooms.get(keyOf(org, entity))?.room.epoch ?? store.head(org, entity)?.epoch ?? FIRST_EPOCH;

  function read(org: string, entity: string): Room {
    const key = keyOf(org, entity);
    const held = store.read(org, entity);
    const place = { org, entity, epoch: held?.epoch ?? FIRST_EPOCH };
    const drop = (code: number, reason: string) => {
      if (rooms.get(key)?.room === room) rooms.delete(key);
      room.shut(code, reason);
    };
    const common = { store, log, now, drop };
    const room: Room = held?.sealed
      ? createSealedRoom(place, { ...held, sealed: held.sealed }, { ...common, hearLate: (late) => hearLate(late) })
      : createOpenRoom(place, held, { ...common, commits });
    rooms.set(key, { room, usedAt: performance.now() });
    return room;
  }

  /** Runs when the ledger's transaction is over, whichever way it went. */
  function afterSeal(org: string, entity: string): void {
    const room = openOf(org, entity);
    if (!room || !store.head(org, entity)?.isSealed) return;
    // What the seal holds is told to everybody before they are sent away.
    commits.flush();
    rooms.delete(keyOf(org, entity));
    room.shut(SEALED.code, 'Sealed');
  }

  const sweep = setInterval(() => {
    for (const [key, loaded] of rooms) {
      if (!loaded.room.isIdle()) loaded.usedAt = performance.now();
      else if (performance.now() - loaded.usedAt >= idleMs) {
        rooms.delete(key);
        loaded.room.shut(ROOM_CLOSE.leaving, 'Idle');
      }
    }
  }, idleMs / 2);
  sweep.unref();

  function photograph(org: string, entity: string): ProsePhoto | undefined {
    const open = openOf(org, entity);
    // So that a crash after the seal finds the updates as well as their sum.
    open?.write();
    const photo = open?.photo() ?? stored(org, entity);
    if (!photo?.updates) return undefined;
    return { entity, room: roomName(entity, epochOf(org, entity)), ...photo, stateSha256: sha256Hex(photo.state) };
  }

  function stored(org: string, entity: string): ReturnType<OpenRoom['photo']> | undefined {
    const held = store.read(org, entity);
    if (!held) return undefined;
    const text = createTextDoc(held.sealed ? [held.sealed.state] : held.updates);
    const photo = { text: text.text(), state: held.sealed?.state ?? text.state(), updates: held.count };
    text.destroy();
    return photo;
  }

  return {
    roomNameOf: (org, entity) => roomName(entity, epochOf(org, entity)),
    room(org, entity) {
      const loaded = rooms.get(keyOf(org, entity));
      if (!loaded) return read(org, entity);
      loaded.usedAt = performance.now();
      return loaded.room;
    },
    onLate: (hear) => void (hearLate = hear),
    photograph,
    seal(org, entity, seq) {
      const { state, updates } = photograph(org, entity) ?? { state: EMPTY, updates: 0 };
      store.seal({ org, entity, epoch: epochOf(org, entity) }, { seq, state, updates });
      queueMicrotask(() => afterSeal(org, entity));
    },
    loaded: () => rooms.size,
    close() {
      clearInterval(sweep);
      commits.flush();
      for (const { room } of rooms.values()) room.shut(ROOM_CLOSE.leaving, 'The server is leaving');
      rooms.clear();
    },
  };
}

/** A Yjs state without anything. */
const EMPTY = createTextDoc().state();
