/**
 * Which rooms have a socket: the notes that people look at, what is not stored yet, and the notes of what presides now; six at most, for
 * the sake of radio and battery. All others are compared by request: at the start, every minute, and when there is something to bring.
 */
import type { Clock, Link } from '../link.ts';
import { exchange } from './exchange.ts';
import { createLine, type Line, type LineEnd } from './line.ts';
import type { Naming } from './naming.ts';
import type { RoomLines } from './ports.ts';
import type { Room } from './room-port.ts';

const SOCKETS = 6;
const EVERY = 60_000;
const SOON = 300;
const BACKOFF = { least: 300, most: 30_000 };
/** How long an answer to a request counts as what the room holds. */
const FRESH = 5_000;
const SPREAD = 10_000;

export interface Rooms {
  add(room: Room): void;
  isCurrent(entity: string): boolean;
  /** There is something for the server. */
  changed(entity: string): void;
  shown(entities: readonly string[]): void;
  online(isOnline: boolean): void;
  /** Compares all rooms as soon as possible. */
  ask(): void;
  /** All rooms are others than before. Not all devices at once: who comes later finds the text there already. */
  startOver(): void;
  stop(): void;
}

interface Parts extends Naming {
  readonly link: Link;
  readonly lines: RoomLines;
  readonly clock: Clock;
  readonly deviceId: () => string | undefined;
  readonly isPresiding: (entity: string) => boolean;
}

export function createRooms(parts: Parts): Rooms {
  const { clock, isPresiding } = parts;
  const rooms = new Map<string, Room>();
  const open = new Map<string, Line>();
  const fresh = new Map<string, number>();
  const due = new Set<string>();
  /** Latest use, for who leaves first. */
  const used = new Map<string, number>();
  let shown: ReadonlySet<string> = new Set();
  let uses = 0;
  let isOnline = false;
  let isAsking = false;
  let failures = 0;
  let soon: (() => void) | undefined;
  let nextRound: (() => void) | undefined;
  let wake: (() => void) | undefined;

  const isSynced = (entity: string): boolean => open.get(entity)?.isSynced ?? false;

  function choose(): void {
    if (!isOnline) return;
    const rank = (room: Room): number =>
      shown.has(room.entity) ? 3 : room.isWaiting ? 2 : isPresiding(room.entity) ? 1 : 0;
    const wanted = [...rooms.values()]
      .filter((room) => !room.isSealed && !room.isClosing && !room.isHeld && (rank(room) || open.has(room.entity)))
      .map((room) => ({ room, rank: rank(room), use: used.get(room.entity) ?? 0 }))
      .sort((a, b) => b.rank - a.rank || b.use - a.use)
      .slice(0, SOCKETS)
      .map(({ room }) => room);
    for (const [entity, line] of open) {
      if (wanted.some((room) => room.entity === entity)) continue;
      open.delete(entity);
      line.close();
    }
    for (const room of wanted)
      if (!open.has(room.entity)) {
        const ended = (end: LineEnd): void => over(room, end);
        open.set(room.entity, createLine(room, { ...parts, ended }));
      }
  }

  function over(room: Room, end: LineEnd): void {
    open.delete(room.entity);
    if (end.kind === 'refused') room.hold(end.why, end.isPerson);
    if (end.kind !== 'sealed') return;
    room.close();
    askSoon(room.entity);
  }

  function askSoon(...entities: readonly string[]): void {
    for (const entity of entities) due.add(entity);
    if (isAsking || soon) return;
    soon = clock.after(SOON, () => {
      soon = undefined;
      void run();
    });
  }

  async function run(): Promise<void> {
    if (isAsking || !isOnline) return;
    isAsking = true;
    while (isOnline && due.size) {
      const batch = [...due].flatMap((entity) => rooms.get(entity) ?? []).filter(({ isHeld }) => !isHeld);
      due.clear();
      if (!batch.length) break;
      try {
        const again = await exchange(batch, { ...parts, met });
        failures = 0;
        for (const { entity } of again) due.add(entity);
        choose();
      } catch {
        for (const { entity } of batch) due.add(entity);
        if (isOnline) await pause();
      }
    }
    isAsking = false;
    if (due.size && isOnline) askSoon();
  }

  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const ceiling = Math.min(BACKOFF.most, BACKOFF.least * 2 ** failures++);
      const cancel = clock.after(Math.max(BACKOFF.least, clock.random() * ceiling), resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });

  function met(room: Room): void {
    fresh.set(room.entity, clock.now());
    room.met();
  }

  function everyMinute(): void {
    nextRound?.();
    nextRound = clock.after(EVERY, everyMinute);
    if (!isOnline) return;
    choose();
    askSoon(
      ...[...rooms.values()].filter((room) => !room.isSealed && !isSynced(room.entity)).map(({ entity }) => entity),
    );
  }

  return {
    add(room) {
      rooms.set(room.entity, room);
      if (!isOnline) return;
      if (isPresiding(room.entity) || shown.has(room.entity)) choose();
      askSoon(room.entity);
    },
    isCurrent: (entity) => isOnline && (isSynced(entity) || clock.now() - (fresh.get(entity) ?? -Infinity) < FRESH),
    changed(entity) {
      used.set(entity, ++uses);
      if (!isOnline) return;
      if (!open.has(entity)) choose();
      const line = open.get(entity);
      if (line?.isSynced) line.push();
      else askSoon(entity);
    },
    shown(entities) {
      shown = new Set(entities);
      for (const entity of entities) used.set(entity, ++uses);
      choose();
      askSoon(...entities.filter((entity) => rooms.has(entity) && !isSynced(entity)));
    },
    online(now) {
      const isNews = now && !isOnline;
      isOnline = now;
      if (!now) fresh.clear();
      if (!isNews) return;
      failures = 0;
      wake?.();
      for (const line of open.values()) line.wake();
      everyMinute();
    },
    ask() {
      if (isOnline) everyMinute();
    },
    startOver() {
      for (const line of open.values()) line.close();
      open.clear();
      fresh.clear();
      nextRound?.();
      nextRound = clock.after(clock.random() * SPREAD, everyMinute);
    },
    stop() {
      isOnline = false;
      for (const line of open.values()) line.close();
      open.clear();
      nextRound?.();
      soon?.();
      wake?.();
    },
  };
}
