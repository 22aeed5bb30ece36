/**
 * `WS /v1/sync/docs/{room}`: one room a socket, the wire of y-websocket, so that its stock client works. What arrives before the room is ready
 * is kept in order: a client whose first message is lost never syncs.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { WebSocket } from 'ws';
import type { Caller } from '../../shared/kernel/command.ts';
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';
import { ROOM_CLOSE, ROOM_LIMITS, roomIn } from '../../shared/sync/room-words.ts';
import { SUBPROTOCOL } from '../../shared/sync/socket-words.ts';
import type { Author, Refused } from '../rooms/author.ts';
import { createBucket } from '../rooms/bucket.ts';
import type { Peer, Room } from '../rooms/room.ts';
import { readFrame, SIGN_OF_LIFE } from '../rooms/wire.ts';
import { callerOf } from './caller.ts';
import { forbidsWriting, writerOf } from './doc-person.ts';
import { sessionOf } from './session.ts';
import type { Site } from './site.ts';
import { attachSockets, isSocket, pathOf, ticketIn } from './sockets.ts';

const PREFIX = '/v1/sync/docs/';
const ROUTE = `WS ${PREFIX}{room}`;
/** Whoever has so much on its way does not read any more. */
const MOST_UNSENT = 4 * 1024 * 1024;
const FRAMES_A_SECOND = 200;
const FRAMES_AT_ONCE = 600;
const BYTES_A_SECOND = 2 * 1024 * 1024;
const BYTES_AT_ONCE = 6 * 1024 * 1024;
/** A close reason is at most so long. */
const REASON_BYTES = 123;

const isHere = (path: string): boolean => path.startsWith(PREFIX) && !path.slice(PREFIX.length).includes('/');

export const isDocUpgrade = (request: IncomingMessage): boolean => isSocket(request, isHere);

export const attachDocSockets = (server: Server, site: Site): void =>
  attachSockets(server, site, {
    route: ROUTE,
    isHere,
    maxPayload: ROOM_LIMITS.frameBytes,
    serve: (ws, request) => serve(ws, request, site),
  });

async function serve(ws: WebSocket, request: IncomingMessage, site: Site): Promise<void> {
  const line = lineOf(ws);
  const opened = await open(request, site);
  if ('code' in opened) return line.close(opened.code, opened.reason);
  if (ws.readyState !== ws.OPEN) return;
  const { author, caller, room, entity, session } = opened;
  const peer: Peer = { ...author, send: line.send, close: line.close };
  const about = { route: ROUTE, org: caller.org, caller: caller.id, author: author.user, entity };
  site.log.info(about, 'socket opened');
  const beat = setInterval(() => {
    line.send(SIGN_OF_LIFE);
    void session().then(
      (end) => end && line.close(end.code, end.reason),
      (error: unknown) => site.log.error({ ...about, err: error }, 'fault'),
    );
  }, site.heartbeatMs);
  const leave = () => line.close(ROOM_CLOSE.leaving, 'The server is leaving');
  site.leaving.addEventListener('abort', leave);
  ws.on('close', () => {
    clearInterval(beat);
    site.leaving.removeEventListener('abort', leave);
    room.leave(peer);
    site.log.info(about, 'socket closed');
  });
  room.join(peer);
  line.hear((frame) => {
    const message = readFrame(frame);
    if (message) room.hear(peer, message);
    else line.close(ROOM_CLOSE.malformed, 'Not a message of y-websocket');
  });
}

interface Opened {
  readonly author: Author;
  readonly caller: Caller;
  readonly room: Room;
  readonly entity: string;
  /** Why it ends now, or undefined. */
  readonly session: () => Promise<Refused | undefined>;
}

async function open(request: IncomingMessage, site: Site): Promise<Opened | Refused> {
  const ticket = ticketIn(request);
  if (ticket === false) return { code: ROOM_CLOSE.version, reason: `Speak ${SUBPROTOCOL}` };
  const pass = ticket === undefined ? undefined : site.tickets.redeemDoc(ticket);
  if (!pass) return { code: ROOM_CLOSE.ticket, reason: 'Ticket unknown, used or too old' };
  const named = roomIn(roomPart(request.url));
  if (named?.entity !== pass.entity) return { code: ROOM_CLOSE.ticket, reason: 'This ticket is for another room' };
  const { entity, device, credential } = pass;
  const caller = await callerOf(site, credential);
  if (isRefusal(caller)) return closeFor(caller);
  const admit = async (bearer: Caller): Promise<Caller | Refusal> => {
    const writer = await writerOf(site, bearer, pass);
    return isRefusal(writer) ? writer : ((await forbidsWriting(site, bearer, writer, entity)) ?? writer);
  };
  const writer = await admit(caller);
  if (isRefusal(writer)) return closeFor(writer);
  const current = site.rooms.roomNameOf(caller.org, entity);
  if (named.epoch !== undefined && named.epoch !== roomIn(current)!.epoch)
    return { code: ROOM_CLOSE.superseded, reason: current };
  const again = sessionOf(site, credential, caller);
  const session = async () => {
    const bearer = await again();
    const who = isRefusal(bearer) ? bearer : await admit(bearer);
    return isRefusal(who) ? closeFor(who) : undefined;
  };
  try {
    const room = site.rooms.room(caller.org, entity);
    return { author: { user: writer.id, device }, caller, room, entity, session };
  } catch (error) {
    site.log.error({ route: ROUTE, org: caller.org, entity, err: error }, 'room cannot be read');
    return { code: ROOM_CLOSE.resync, reason: 'This text cannot be read now. Tell an admin' };
  }
}

function roomPart(url: string | undefined): string {
  try {
    return decodeURIComponent(pathOf(url).slice(PREFIX.length));
  } catch {
    return '';
  }
}

const closeFor = ({ refused }: Refusal): Refused => {
  if (refused === 'not-found') return { code: ROOM_CLOSE.notFound, reason: refused };
  const isAboutToken = refused === 'unauthenticated' || refused.startsWith('token-');
  return { code: isAboutToken ? ROOM_CLOSE.ticket : ROOM_CLOSE.notAllowed, reason: refused };
};

interface Line {
  send(frame: Uint8Array): void;
  close(code: number, reason: string): void;
  /** From the first frame that came. */
  hear(take: (frame: Uint8Array) => void): void;
}

/** The socket with its limits. After a close nothing is heard and nothing is said any more. */
function lineOf(ws: WebSocket): Line {
  const frames = createBucket(FRAMES_A_SECOND, FRAMES_AT_ONCE);
  const bytes = createBucket(BYTES_A_SECOND, BYTES_AT_ONCE);
  const early: Uint8Array[] = [];
  let take: (frame: Uint8Array) => void = (frame) => void early.push(frame);
  let isClosed = false;

  const close = (code: number, reason: string) => {
    if (isClosed) return;
    isClosed = true;
    ws.close(code, Buffer.from(reason).subarray(0, REASON_BYTES).toString());
  };
  ws.on('message', (data, isBinary) => {
    const frame = data as Buffer;
    if (isClosed) return;
    if (!isBinary) return close(ROOM_CLOSE.malformed, 'Binary frames only');
    if (!frames.take(1) || !bytes.take(frame.length)) return close(ROOM_CLOSE.tooMuch, 'Too much at once');
    take(frame);
  });
  return {
    send(frame) {
      if (isClosed || ws.readyState !== ws.OPEN) return;
      if (ws.bufferedAmount > MOST_UNSENT) return close(ROOM_CLOSE.leaving, 'You do not read');
      ws.send(frame);
    },
    close,
    hear(next) {
      take = next;
      for (const frame of early.splice(0)) if (!isClosed) next(frame);
    },
  };
}
