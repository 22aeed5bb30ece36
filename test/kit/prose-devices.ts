/** Devices that write in one note each, on vaults in memory, against the server's own rooms; lines can be cut, devices can crash. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import SqliteDatabase from 'better-sqlite3';
import { pino } from 'pino';
import type { Reply } from '../../plugin/link.ts';
import { createNotebook, type Notebook } from '../../plugin/notes/notebook.ts';
import { findPeoples } from '../../plugin/notes/people.ts';
import type { Wanted } from '../../plugin/notes/reconcile.ts';
import type { Kept, ProseStore, RoomEvents } from '../../plugin/prose/ports.ts';
import { createProse, type Prose } from '../../plugin/prose/prose.ts';
import { isRefused } from '../../server/rooms/author.ts';
import type { Peer } from '../../server/rooms/room.ts';
import { createRooms, type Rooms } from '../../server/rooms/rooms.ts';
import { openRoomStore, type RoomStore } from '../../server/rooms/store.ts';
import { readFrame } from '../../server/rooms/wire.ts';
import { base64, fromBase64 } from '../../shared/kernel/bytes.ts';
import { ROOM_CLOSE } from '../../shared/sync/room-words.ts';
import { TICKET_PREFIX } from '../../shared/sync/socket-words.ts';
import type { DocsAnswer, DocsBatch } from '../../shared/sync/docs.ts';
import { manualClock, rest, type ManualClock } from './manual-clock.ts';
import { memoryMemory, memoryVault, type MemoryVault } from './memory-vault.ts';

export const ENTITY = '0192f000-0000-7000-8000-0000000000aa';
export const NOTE = 'Operary/Tasks/T-1 Seal.md';
export const ORG = 'org';

export const wanted = (seq = 1, id = ENTITY, name = 'T-1 Seal'): Wanted => ({
  id,
  seq,
  head: seq,
  text: {
    type: 'task',
    folder: 'Tasks',
    name,
    properties: { status: `open ${seq}` },
    prose: { heading: 'Notes', after: 'header' },
    regions: [
      { name: 'header', markdown: `> [!todo] ${seq}` },
      { name: 'actions', heading: 'Actions', markdown: '- made' },
    ],
  },
});

export interface Relay {
  readonly rooms: Rooms;
  readonly store: RoomStore;
  /** Every request and every socket, in the order of asking. */
  readonly asked: string[];
  /** Answers instead of the server, once. */
  script: ((path: string, body: unknown) => Partial<Reply> | undefined) | undefined;
  seal(entity?: string): void;
  readonly late: string[];
  /** Late words become entries at once. */
  makesEntries: boolean;
  text(entity?: string): string;
  /** The process dies and comes back: sockets break, what is on disk stays. */
  restart(): void;
  close(): void;
}

interface Wire {
  readonly peer: Peer;
  readonly events: RoomEvents;
  isOpen: boolean;
}

export function relay(): Relay & { readonly wires: Set<Wire> } {
  const database = new SqliteDatabase(':memory:');
  const store = openRoomStore(database, (work) => database.transaction(work)());
  const log = pino({ level: 'silent' });
  const wires = new Set<Wire>();
  const late: string[] = [];
  const start = (): Rooms => {
    const rooms = createRooms({ store, log, clock: { now: () => Date.parse('2026-11-21T06:00:00Z') } });
    rooms.onLate(async (row) => {
      late.push(row.inserted);
      if (self.makesEntries) store.entered(row);
    });
    return rooms;
  };
  const self: ReturnType<typeof relay> = {
    get rooms() {
      return rooms;
    },
    store,
    wires,
    late,
    makesEntries: true,
    asked: [],
    script: undefined,
    seal: (entity = ENTITY) => store.transaction(() => rooms.seal(ORG, entity, 9)),
    text: (entity = ENTITY) => rooms.photograph(ORG, entity)?.text ?? '',
    restart() {
      for (const wire of wires) lose(wire, wires);
      rooms.close();
      rooms = start();
    },
    close() {
      for (const wire of wires) wire.isOpen = false;
      rooms.close();
      database.close();
    },
  };
  let rooms = start();
  return self;
}

function lose(wire: Wire, wires: Set<Wire>): void {
  if (!wire.isOpen) return;
  wire.isOpen = false;
  wires.delete(wire);
  setImmediate(() => wire.events.closed(1006, ''));
}

export interface Device {
  readonly vault: MemoryVault;
  readonly told: string[];
  readonly clock: ManualClock;
  readonly kept: Map<string, Kept>;
  readonly prose: Prose;
  readonly notebook: Notebook;
  /** Whose token it uses. */
  readonly user: string;
  /** Who uses it now; undefined while it is locked. */
  readonly who: string | undefined;
  isDown: boolean;
  /** The store fails from now on. */
  isFull: boolean;
  /** The store is so slow. */
  keeps: Promise<void>;
  /** Frames get lost on the way, and nobody is told. */
  isHalfOpen: boolean;
  note(): string;
  text(): string;
  write(text: string): void;
  cut(): void;
  mend(): void;
  takesOver(who: string | undefined): void;
  /** Everything in memory is gone; `isSaved`: open editors reached the disk before. */
  crash(isSaved: boolean): void;
  start(all?: readonly Wanted[]): void;
}

export function device(
  server: ReturnType<typeof relay>,
  clock = manualClock(),
  seed: readonly Wanted[] = [wanted()],
): Device {
  const [vault, memory, kept, told] = [memoryVault(), memoryMemory(), new Map<string, Kept>(), [] as string[]];
  const user = randomUUID();
  let who: string | undefined = user;
  let life = 0;
  let wires: Wire[] = [];

  function session(): { prose: Prose; notebook: Notebook } {
    const mine = ++life;
    const isAlive = (): boolean => mine === life;
    const store: ProseStore = {
      load: async () => [...kept.values()],
      async put(one) {
        await rest();
        await self.keeps;
        if (self.isFull) throw new Error('QuotaExceededError');
        if (isAlive()) kept.set(one.entity, structuredClone(one));
      },
    };
    const request = async (path: string, body: unknown): Promise<Reply> => {
      await rest();
      if (self.isDown || !isAlive()) throw new Error('net::ERR_INTERNET_DISCONNECTED');
      server.asked.push(path);
      const scripted = server.script?.(path, body);
      const answer = scripted ?? { status: 200, json: await answerOf(server, user, path, body) };
      await rest();
      if (self.isDown || self.isHalfOpen || !isAlive()) throw new Error('net::ERR_CONNECTION_RESET');
      return { status: 200, json: undefined, bytes: new Uint8Array(), ...answer };
    };
    const prose: Prose = createProse({
      clock,
      store,
      link: { request: (_method, path, body) => request(path, body), socket: () => ({ send: noop, close: noop }) },
      lines: {
        open: (path, [, ticket = ''], events) => open(path, ticket.slice(TICKET_PREFIX.length), events, isAlive),
      },
      tell: (_about, sentence) => void (isAlive() && !told.includes(sentence) && told.push(sentence)),
      deviceId: () => user,
      writer: () => who,
      bearer: () => user,
      sign: () => undefined,
      titleOf: () => 'T-1 Seal',
      isPresiding: () => false,
      refresh: (entity) => isAlive() && notebook.refresh(entity),
      changed: noop,
    });
    const notebook = createNotebook({
      files: {
        ...vault,
        change: (path, plan) =>
          isAlive() ? vault.change(path, (text) => (isAlive() ? plan(text) : [])) : Promise.resolve(),
      },
      memory,
      people: prose.people,
      breathe: () => Promise.resolve(),
      now: () => clock.now(),
      person: {
        edited: () => Promise.resolve(),
        tell: (_about, sentence) => void (isAlive() && !told.includes(sentence) && told.push(sentence)),
        needs: noop,
      },
    });
    vault.hear = notebook;
    return { prose, notebook };
  }

  function open(path: string, author: string, events: RoomEvents, isAlive: () => boolean) {
    const room = decodeURIComponent(path.slice('/v1/sync/docs/'.length));
    server.asked.push(`WS ${room}`);
    const [entity = ''] = room.split('@');
    // In order, each a moment after it was sent, unless the line is gone by then.
    const later = (work: () => void): void =>
      void setImmediate(() => {
        if (wire.isOpen && isAlive() && !self.isHalfOpen) work();
      });
    const wire: Wire = {
      events,
      isOpen: !self.isDown,
      peer: {
        user: author,
        device: user,
        send: (frame) => later(() => events.heard(new Uint8Array(frame))),
        close: (code, reason) =>
          later(() => {
            wire.isOpen = false;
            server.wires.delete(wire);
            server.rooms.room(ORG, entity).leave(wire.peer);
            events.closed(code, reason);
          }),
      },
    };
    if (self.isDown) setImmediate(() => events.closed(1006, ''));
    else {
      wires.push(wire);
      server.wires.add(wire);
      later(() => {
        const current = server.rooms.roomNameOf(ORG, entity);
        if (room !== current) return wire.peer.close(ROOM_CLOSE.superseded, current);
        events.opened();
        server.rooms.room(ORG, entity).join(wire.peer);
      });
    }
    return {
      send(bytes: Uint8Array) {
        const copy = new Uint8Array(bytes);
        later(() => server.rooms.room(ORG, entity).hear(wire.peer, readFrame(copy)!));
      },
      close() {
        if (!wire.isOpen) return;
        wire.isOpen = false;
        server.wires.delete(wire);
        server.rooms.room(ORG, entity).leave(wire.peer);
      },
    };
  }

  const self: Device = {
    vault,
    told,
    clock,
    kept,
    user,
    get who() {
      return who;
    },
    isDown: false,
    isFull: false,
    keeps: Promise.resolve(),
    isHalfOpen: false,
    ...session(),
    note: () => vault.editors.get(NOTE) ?? vault.texts.get(NOTE) ?? '',
    text() {
      const found = findPeoples(self.note());
      return found.kind === 'here' ? found.text : `(${found.kind})`;
    },
    write(text) {
      const found = findPeoples(self.note());
      if (found.kind !== 'here') throw new Error(found.kind);
      const { innerFrom, innerTo } = found.found;
      const to = (note: string): string => `${note.slice(0, innerFrom)}${text}\n${note.slice(innerTo)}`;
      if (vault.editors.has(NOTE)) vault.editor.type(NOTE, to);
      else vault.external.write(NOTE, to(self.note()));
    },
    cut() {
      self.isDown = true;
      self.prose.online(false);
      for (const wire of wires) lose(wire, server.wires);
      wires = [];
    },
    mend() {
      self.isDown = false;
      self.isHalfOpen = false;
      self.prose.online(true);
    },
    takesOver(next) {
      who = next;
      self.prose.tookOver();
    },
    crash(isSaved) {
      for (const path of [...vault.editors.keys()]) {
        if (isSaved) vault.texts.set(path, vault.editors.get(path)!);
        vault.editors.delete(path);
      }
      life += 1;
      self.prose.stop();
      self.notebook.stop();
      for (const wire of wires) lose(wire, server.wires);
      wires = [];
    },
    start(all = seed) {
      Object.assign(self, session());
      begin(all);
    },
  };

  function begin(all: readonly Wanted[]): void {
    for (const one of all) self.notebook.want(`task/${one.id}`, [one]);
    self.prose.online(!self.isDown);
  }
  begin(seed);
  return self;
}

/** Two devices with one note, on one clock. */
export async function two(server: ReturnType<typeof relay>): Promise<readonly [Device, Device]> {
  const clock = manualClock();
  const both = [device(server, clock), device(server, clock)] as const;
  await calm(...both);
  return both;
}

async function answerOf({ rooms }: Relay, user: string, path: string, body: unknown): Promise<unknown> {
  if (path === '/v1/sync/tickets') {
    const { room, as = user } = body as { readonly room: string; readonly as?: string };
    const [entity = ''] = room.split('@');
    return { ticket: as, room: rooms.roomNameOf(ORG, entity), expiresAt: '' };
  }
  const docs: DocsAnswer['docs'] = [];
  for (const { entity, room, update, stateVector, as = user } of (body as DocsBatch).docs) {
    const current = rooms.roomNameOf(ORG, entity);
    const problem = (status: number) => ({ type: '', title: '', status, detail: `Refused with ${status}.`, code: '' });
    if (room !== undefined && room !== current) {
      docs.push({ entity, room: current, problem: problem(410) });
      continue;
    }
    const asked = {
      ...(update === undefined ? {} : { update: fromBase64(update) }),
      ...(stateVector === undefined ? {} : { vector: fromBase64(stateVector) }),
    };
    const exchanged = await rooms.room(ORG, entity).exchange({ user: as, device: user }, asked);
    if (isRefused(exchanged))
      docs.push({ entity, problem: problem(exchanged.code === ROOM_CLOSE.notAllowed ? 403 : 422) });
    else
      docs.push({
        entity,
        room: current,
        update: base64(exchanged.update),
        sealed: exchanged.isSealed,
        ...(exchanged.isLate ? { late: true } : {}),
        ...(exchanged.isUntold ? { untold: true } : {}),
      });
  }
  return { docs };
}

const noop = (): void => undefined;

/** Lets time pass until nothing waits and nothing changes any more, also after the minute in which notes are compared that nobody looks at. */
export async function calm(...devices: readonly Device[]): Promise<void> {
  await settle(devices);
  for (const clock of new Set(devices.map((one) => one.clock))) await clock.pass(61_000);
  await settle(devices);
}

async function settle(devices: readonly Device[]): Promise<void> {
  const clocks = new Set(devices.map(({ clock }) => clock));
  let before = '';
  let still = 0;
  for (let round = 0; round < 400; round++) {
    for (const clock of clocks) await clock.pass(400);
    await pause(2);
    for (const { notebook } of devices) await notebook.idle();
    const now = JSON.stringify(devices.map((one) => [one.note(), one.isDown || one.prose.waiting()]));
    const isSettled = devices.every((one) => one.isDown || !one.prose.waiting());
    still = now === before ? still + 1 : 0;
    if (still >= (isSettled ? 3 : 60)) return;
    before = now;
  }
  throw new Error(`Never calm: ${before}`);
}
