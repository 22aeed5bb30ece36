/**
 * `WS /v1/sync/feed`. One message is on its way at a time: the next page is read when the last one has left, so that a slow reader holds one page, not a backlog.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { WebSocket } from 'ws';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { CLOSE, SocketWish, SUBPROTOCOL, type SocketMessage } from '../../shared/sync/messages.ts';
import { callerOf } from './caller.ts';
import { sessionOf, type Session } from './session.ts';
import type { Site } from './site.ts';
import { attachSockets, isSocket, ticketIn } from './sockets.ts';

const PATH = '/v1/sync/feed';
const PAGE = 200;
/** Each is a row that is written. */
const BETWEEN_SIGNS_MS = 30_000;
/** Of a client's message, which holds one number. */
const MAX_MESSAGE = 1024;
/** Whoever takes longer for one page has gone. */
const SEND_TIMEOUT_MS = 30_000;

const isHere = (path: string): boolean => path === PATH;

export const isFeedUpgrade = (request: IncomingMessage): boolean => isSocket(request, isHere);

export const attachFeedSocket = (server: Server, site: Site): void =>
  attachSockets(server, site, {
    route: `WS ${PATH}`,
    isHere,
    maxPayload: MAX_MESSAGE,
    serve: (ws, request) => serve(ws, request, site),
  });

async function serve(ws: WebSocket, request: IncomingMessage, site: Site): Promise<void> {
  const ticket = ticketIn(request);
  if (ticket === false) return ws.close(CLOSE.version, `Speak ${SUBPROTOCOL}`);
  const pass = ticket === undefined ? undefined : site.tickets.redeem(ticket);
  if (!pass) return ws.close(CLOSE.ticket, 'Ticket unknown, used or too old');
  const { credential, device } = pass;
  const caller = await callerOf(site, credential);
  if (isRefusal(caller)) return ws.close(CLOSE.ticket, caller.refused);
  if (!site.feed.mayFollow(caller)) return ws.close(CLOSE.role, 'role-not-allowed');
  if (ws.readyState !== ws.OPEN) return;
  site.metrics.sockets(1);
  site.log.info({ route: `WS ${PATH}`, org: caller.org, caller: caller.id }, 'socket opened');
  try {
    await push(ws, site, sessionOf(site, credential, caller), caller.org, device);
  } finally {
    site.metrics.sockets(-1);
    site.log.info({ route: `WS ${PATH}`, org: caller.org, caller: caller.id }, 'socket closed');
  }
}

async function push(ws: WebSocket, site: Site, session: Session, org: string, device: string | null): Promise<void> {
  const gone = new AbortController();
  const ends = AbortSignal.any([site.leaving, gone.signal]);
  let moved = new AbortController();
  let at = await site.ledger.head(org);
  let mayStart = true;
  let noticedAt = -Infinity;
  ws.on('close', () => gone.abort());
  ws.on('message', (text, isBinary) => {
    const wish = isBinary || !mayStart ? undefined : wishIn((text as Buffer).toString());
    if (!wish) return ws.close(CLOSE.malformed, 'Only {"after": N}, once');
    mayStart = false;
    at = wish.after;
    moved.abort();
  });
  await send(ws, { type: 'heartbeat', head: at, instance: site.instance });
  while (!ends.aborted) {
    const who = await session();
    if (isRefusal(who)) return ws.close(CLOSE.ticket, who.refused);
    // A device that is on the line is not silent, though it has nothing to say.
    const now = site.clock.now();
    if (device !== null && now - noticedAt >= BETWEEN_SIGNS_MS) {
      noticedAt = now;
      await site.ledger.contact(org, { device, user: who.id, at: utc(now) });
    }
    const from = at;
    const page = await site.feed.page(who, from, PAGE);
    // A start that was asked for meanwhile makes this page the wrong one.
    if (at !== from) continue;
    if (page.next > from) {
      at = page.next;
      await send(ws, { type: 'events', ...page } as SocketMessage);
      continue;
    }
    moved = new AbortController();
    const beat = AbortSignal.timeout(site.heartbeatMs);
    await site.feed.news(org, at, AbortSignal.any([ends, beat, moved.signal]));
    if (beat.aborted && !ends.aborted)
      await send(ws, { type: 'heartbeat', head: await site.ledger.head(org), instance: site.instance });
  }
  if (!gone.signal.aborted) ws.close(CLOSE.leaving, 'The server is leaving');
}

function wishIn(text: string): { readonly after: number } | undefined {
  try {
    return SocketWish.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Resolves when the bytes have left this process. */
const send = (ws: WebSocket, message: SocketMessage): Promise<void> =>
  new Promise((resolve) => {
    const late = setTimeout(() => ws.terminate(), SEND_TIMEOUT_MS);
    ws.send(JSON.stringify(message), () => {
      clearTimeout(late);
      resolve();
    });
  });
