/**
 * `WS /v1/sync/feed`. Refusals come after the upgrade as close codes, because a browser shows a script nothing else.
 * One message is on its way at a time: the next page is read when the last one has left, so that a slow reader holds one page, not a backlog.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { CLOSE, SocketWish, SUBPROTOCOL, TICKET_PREFIX, type SocketMessage } from '../../shared/sync/messages.ts';
import { callerOf } from './caller.ts';
import { sessionOf, type Session } from './session.ts';
import type { Site } from './site.ts';

const PATH = '/v1/sync/feed';
const PAGE = 200;
/** Of a client's message, which holds one number. */
const MAX_MESSAGE = 1024;
/** Whoever takes longer for one page has gone. */
const SEND_TIMEOUT_MS = 30_000;

const GOODBYE_MS = 1000;

/** Other upgrades (`h2c`, offered by some clients with any request) and other paths are answered as plain HTTP. */
export const isFeedUpgrade = ({ url, headers }: IncomingMessage): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket' && pathOf(url) === PATH;

const pathOf = (url: string | undefined): string => (url ?? '').split('?')[0]!;

export function attachFeedSocket(server: Server, site: Site): void {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE,
    perMessageDeflate: false,
    // A browser drops a connection whose offers were all passed over, and with it the close code.
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : (offered.values().next().value ?? false)),
  });
  // Whoever does not answer a goodbye is not waited for.
  site.leaving.addEventListener('abort', () => {
    setTimeout(() => sockets.clients.forEach((ws) => ws.terminate()), GOODBYE_MS).unref();
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    if (!isFeedUpgrade(request) || site.leaving.aborted) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      void serve(ws, request, site).catch((error: unknown) => {
        site.log.error({ route: `WS ${PATH}`, err: error }, 'fault');
        ws.close(CLOSE.leaving, 'Try again');
      });
    });
  });
}

async function serve(ws: WebSocket, request: IncomingMessage, site: Site): Promise<void> {
  // A frame above the limit or a broken one: ws closes by itself with 1009 or 1002.
  ws.on('error', () => undefined);
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) return ws.close(CLOSE.version, `Speak ${SUBPROTOCOL}`);
  const ticket = offered.find((name) => name.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length);
  const credential = ticket === undefined ? undefined : site.tickets.redeem(ticket);
  if (!credential) return ws.close(CLOSE.ticket, 'Ticket unknown, used or too old');
  const caller = await callerOf(site, credential);
  if (isRefusal(caller)) return ws.close(CLOSE.ticket, caller.refused);
  if (!site.feed.mayFollow(caller)) return ws.close(CLOSE.role, 'role-not-allowed');
  if (ws.readyState !== ws.OPEN) return;
  site.metrics.sockets(1);
  site.log.info({ route: `WS ${PATH}`, org: caller.org, caller: caller.id }, 'socket opened');
  try {
    await push(ws, site, sessionOf(site, credential, caller), caller.org);
  } finally {
    site.metrics.sockets(-1);
    site.log.info({ route: `WS ${PATH}`, org: caller.org, caller: caller.id }, 'socket closed');
  }
}

async function push(ws: WebSocket, site: Site, session: Session, org: string): Promise<void> {
  const gone = new AbortController();
  const ends = AbortSignal.any([site.leaving, gone.signal]);
  let moved = new AbortController();
  let at = await site.ledger.head(org);
  let mayStart = true;
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
    if (beat.aborted && !ends.aborted) await send(ws, { type: 'heartbeat', head: await site.ledger.head(org), instance: site.instance });
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
