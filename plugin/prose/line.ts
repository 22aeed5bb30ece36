/**
 * A socket into one room. Asks for a ticket, compares everything once, then passes on each change; tries again with full jitter, at once
 * with another ticket where that was the trouble, and ends where trying again is of no use before somebody changes something.
 */
import { SUBPROTOCOL, TICKET_PREFIX } from '../../shared/sync/socket-words.ts';
import { ROOM_CLOSE, ROOM_LIMITS } from '../../shared/sync/room-words.ts';
import { answered, problemIn, type Clock, type Link } from '../link.ts';
import type { RoomLines, RoomSocket } from './ports.ts';
import { namedAs, signed, type Naming } from './naming.ts';
import type { Room } from './room-port.ts';
import { read, step1, step2, storedUpto, update } from './wire.ts';
import { proseWords } from '../words/index.ts';

const BACKOFF = { least: 300, most: 30_000 };
/** The server says something every 15 s. */
const SILENCE = 40_000;
/** So many times in a row the two copies could not be brought together. */
const RESYNCS = 3;

export type LineEnd =
  /** The text is final. */
  | { readonly kind: 'sealed' }
  /** Not now: others ask for it by and by. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly why: string; readonly isPerson: boolean };

export interface Line {
  /** What others write arrives here. */
  readonly isSynced: boolean;
  /** Sends what has not been sent yet. */
  push(): void;
  /** Tries again now. */
  wake(): void;
  close(): void;
}

export interface LineParts extends Naming {
  readonly link: Link;
  readonly lines: RoomLines;
  readonly clock: Clock;
  readonly deviceId: () => string | undefined;
  readonly ended: (end: LineEnd) => void;
}

export function createLine(room: Room, parts: LineParts): Line {
  const { link, lines, clock, deviceId, ended } = parts;
  let socket: RoomSocket | undefined;
  let isSynced = false;
  let isOver = false;
  let failures = 0;
  let round = 0;
  let sent = 0;
  let resyncs = 0;
  /** In whose name the socket speaks. */
  let speaker: string | undefined;
  let rest: (() => void) | undefined;
  let quiet: (() => void) | undefined;

  const end = (how?: LineEnd): void => {
    if (isOver) return;
    isOver = true;
    drop();
    if (how) ended(how);
  };

  function drop(): void {
    round += 1;
    isSynced = false;
    quiet?.();
    rest?.();
    quiet = rest = undefined;
    socket?.close();
    socket = undefined;
  }

  function again(): void {
    drop();
    if (isOver) return;
    const ceiling = Math.min(BACKOFF.most, BACKOFF.least * 2 ** failures++);
    rest = clock.after(Math.max(BACKOFF.least, clock.random() * ceiling), () => void attempt());
  }

  async function attempt(): Promise<void> {
    drop();
    const mine = round;
    try {
      const device = deviceId();
      const named = namedAs(parts, room.unsent.first ?? parts.writer());
      const wish = {
        purpose: 'doc',
        room: room.name ?? room.entity,
        ...(device === undefined ? {} : { deviceId: device }),
        ...named,
      };
      speaker = named.as;
      const body = speaker === undefined ? wish : signed(parts, wish);
      const reply = await answered(link, clock, 'POST', '/v1/sync/tickets', body);
      if (mine !== round) return;
      if (reply.status === 404) return end({ kind: 'absent' });
      if (reply.status === 403) return end({ kind: 'refused', why: problemIn(reply).detail, isPerson: true });
      if (reply.status >= 300) return again();
      const { ticket, room: name } = reply.json as { readonly ticket: string; readonly room?: string };
      if (name !== undefined) room.called(name);
      open(ticket, mine);
    } catch {
      if (mine === round) again();
    }
  }

  function open(ticket: string, mine: number): void {
    const listen = (): void => {
      quiet?.();
      quiet = clock.after(SILENCE, again);
    };
    const path = `/v1/sync/docs/${encodeURIComponent(room.name ?? room.entity)}`;
    listen();
    socket = lines.open(path, [SUBPROTOCOL, `${TICKET_PREFIX}${ticket}`], {
      opened() {
        if (mine === round) socket?.send(step1(room.vector()));
      },
      heard(bytes) {
        if (mine !== round) return;
        listen();
        hear(bytes, mine);
      },
      closed(code, reason) {
        if (mine === round) closed(code, reason);
      },
    });
  }

  function hear(bytes: Uint8Array, mine: number): void {
    const message = read(bytes);
    if (message?.kind === 'step1') {
      // What could reach the server is kept here first.
      void room.kept().then(() => {
        if (mine !== round || isOthers()) return;
        sent = room.unsent.last;
        socket?.send(step2(room.lacking(message.vector)));
        socket?.send(storedUpto(sent));
        push();
      });
    } else if (message?.kind === 'stored') {
      resyncs = 0;
      room.stored(message.upto);
      if (!room.unsent.isEmpty) push();
    } else if (message?.kind === 'step2' || (message?.kind === 'update' && isSynced)) {
      if (!room.heard(message.update)) return again();
      if (message.kind === 'update') return;
      failures = 0;
      isSynced = true;
      room.met();
      push();
    }
  }

  /** What is to be sent first was written by somebody else than the socket speaks for: it needs one of its own. */
  function isOthers(): boolean {
    const { first } = room.unsent;
    if (first === undefined || namedAs(parts, first).as === speaker) return false;
    void attempt();
    return true;
  }

  function push(): void {
    const mine = round;
    void room.kept().then(() => {
      if (mine !== round || !isSynced || !socket || isOthers() || room.unsent.last <= sent) return;
      for (const bytes of room.unsent.after(sent))
        socket.send(bytes.length > ROOM_LIMITS.updateBytes / 2 ? step2(bytes) : update(bytes));
      sent = room.unsent.last;
      socket.send(storedUpto(sent));
    });
  }

  function closed(code: number, reason: string): void {
    if (code === ROOM_CLOSE.sealed) return end({ kind: 'sealed' });
    if (code === ROOM_CLOSE.notFound) return end({ kind: 'absent' });
    if (code === ROOM_CLOSE.superseded && reason) room.called(reason);
    if ((code === ROOM_CLOSE.superseded || code === ROOM_CLOSE.ticket) && failures++ === 0) return void attempt();
    const isCopyInDoubt =
      (code === ROOM_CLOSE.resync && ++resyncs >= RESYNCS) || (code in FINAL && !room.unsent.isEmpty);
    if (isCopyInDoubt && code !== ROOM_CLOSE.tooLarge && room.renew()) {
      resyncs = 0;
      return again();
    }
    const why = FINAL[code];
    if (why !== undefined) return end({ kind: 'refused', why, isPerson: code === ROOM_CLOSE.notAllowed });
    again();
  }

  void attempt();
  return {
    get isSynced() {
      return isSynced;
    },
    push,
    wake() {
      if (!isOver && !isSynced) void attempt();
    },
    close: () => end(),
  };
}

const FINAL: Readonly<Record<number, string>> = {
  [ROOM_CLOSE.malformed]: proseWords.malformed,
  [ROOM_CLOSE.notAllowed]: proseWords.mayNot,
  [ROOM_CLOSE.tooLarge]: proseWords.tooLongThere,
  [ROOM_CLOSE.version]: proseWords.tooOld,
};
