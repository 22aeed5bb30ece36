/** People's text, live: every note's own part kept in step with its room on the server, with what was agreed kept on this device. */
import type { Clock, Link } from '../link.ts';
import type { PeoplesText } from '../notes/ports.ts';
import type { Naming } from './naming.ts';
import type { Kept, ProseStore, RoomLines } from './ports.ts';
import { createRoom } from './room.ts';
import type { Room } from './room-port.ts';
import { createRooms } from './rooms.ts';
import type { Writer } from './unsent.ts';
import { proseWords } from '../words/index.ts';

export interface ProseParts extends Naming {
  readonly link: Link;
  readonly lines: RoomLines;
  readonly clock: Clock;
  readonly store: ProseStore;
  readonly tell: (about: string, sentence: string) => void;
  /** Who this device is to the server, once it is somebody. */
  readonly deviceId: () => string | undefined;
  /** What people call the item. */
  readonly titleOf: (entity: string) => string;
  /** Its note comes first and stays connected. */
  readonly isPresiding: (entity: string) => boolean;
  /** Look at the note of this item. */
  readonly refresh: (entity: string) => void;
  /** The number of texts that wait has changed, perhaps. */
  readonly changed: () => void;
}

export interface Prose {
  readonly people: PeoplesText;
  /** Notes with words that are not on the server's disk yet. */
  waiting(): number;
  /** The text of this item never changes again. */
  isClosed(entity: string): boolean;
  /** The server can be reached, or not any more. */
  online(isOnline: boolean): void;
  /** The items whose notes are open in an editor. */
  shown(entities: readonly string[]): void;
  /** Another person uses this device, or it was locked. */
  tookOver(): void;
  /** The server is another one than before, or was restored from a copy. */
  serverReplaced(): void;
  stop(): void;
}

/** More are asked for once a minute than a phone and a server should have to. */
const FOLLOWED = 300;
const AT_ONCE = 30;
const FOLLOW_AFTER = 5_000;
/** Letters that were typed before the device was locked may be looked at a moment later. */
const STILL_THEIRS = 5_000;

export function createProse(parts: ProseParts): Prose {
  const { clock, store, tell } = parts;
  const rooms = new Map<string, Room>();
  let kept: ReadonlyMap<string, Kept> = new Map();
  let shown: ReadonlySet<string> = new Set();
  /** Empty notes that are not followed yet, and those that are to be. */
  const quiet = new Set<string>();
  const followed = new Set<string>();
  let cancelFollow: (() => void) | undefined;
  let isStopped = false;
  let latest = parts.writer();
  let lockedAt = -Infinity;
  const writer = (): Writer | undefined =>
    parts.writer() ?? (clock.now() - lockedAt < STILL_THEIRS ? latest : undefined);
  const wire = createRooms({ ...parts, writer });

  const ready = store.load().then(
    (all) => void (kept = new Map(all.map((one) => [one.entity, one]))),
    () => tell('prose-store', proseWords.unreadable),
  );

  async function put(one: Kept): Promise<void> {
    try {
      await store.put(one);
    } catch {
      tell('prose-store', proseWords.cannotKeep);
    }
    parts.changed();
  }

  function roomOf(entity: string): Room {
    let room = rooms.get(entity);
    if (!room) {
      room = createRoom(entity, kept.get(entity), {
        now: () => clock.now(),
        put,
        tell,
        titleOf: parts.titleOf,
        writer,
        isCurrent: (one) => wire.isCurrent(one),
        refresh: parts.refresh,
        changed(changed) {
          wire.changed(changed);
          parts.changed();
        },
      });
      rooms.set(entity, room);
      wire.add(room);
    }
    return room;
  }

  /** Where there are many empty notes, those that nobody looks at wait until the others stand; where there are thousands, until somebody does. */
  function isLeftAlone(entity: string, text: string): boolean {
    if (rooms.size < AT_ONCE || text.trim() !== '' || rooms.has(entity) || kept.has(entity)) return false;
    if (shown.has(entity) || followed.has(entity) || parts.isPresiding(entity)) return false;
    quiet.add(entity);
    cancelFollow ??= clock.after(FOLLOW_AFTER, follow);
    return true;
  }

  function follow(): void {
    cancelFollow = undefined;
    for (const entity of [...quiet].slice(0, Math.max(0, FOLLOWED - rooms.size))) {
      quiet.delete(entity);
      followed.add(entity);
      parts.refresh(entity);
    }
  }

  return {
    people: {
      ready,
      look: (entity, text) => (isStopped || isLeftAlone(entity, text) ? text : roomOf(entity).look(text)),
      stands: (entity, text) => rooms.get(entity)?.stands(text),
      forget: (entity) => (rooms.has(entity) || kept.has(entity) ? roomOf(entity).forget() : Promise.resolve()),
      gone: (entity) => rooms.get(entity)?.gone(),
      resume() {
        for (const room of rooms.values()) room.resume();
        wire.ask();
      },
    },
    waiting: () => [...rooms.values()].filter(({ isWaiting }) => isWaiting).length,
    isClosed: (entity) => rooms.get(entity)?.isSealed ?? false,
    online: (isOnline) => wire.online(isOnline),
    shown(entities) {
      shown = new Set(entities);
      wire.shown(entities);
      for (const entity of entities) if (!rooms.has(entity)) parts.refresh(entity);
    },
    tookOver() {
      const now = parts.writer();
      if (now === undefined && latest !== undefined) lockedAt = clock.now();
      if (now !== undefined) latest = now;
      for (const room of rooms.values()) room.tookOver();
    },
    serverReplaced() {
      for (const room of rooms.values()) room.startOver();
      wire.startOver();
    },
    stop() {
      isStopped = true;
      cancelFollow?.();
      wire.stop();
    },
  };
}
