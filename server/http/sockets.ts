/** From an upgrade to a WebSocket, for every place that has one. Refusals come after the upgrade as close codes, because a browser shows a script nothing else. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { CLOSE, SUBPROTOCOL, TICKET_PREFIX } from '../../shared/sync/messages.ts';
import type { Site } from './site.ts';

const GOODBYE_MS = 1000;

export interface SocketPlace {
  /** For the log: the pattern, never the path. */
  readonly route: string;
  readonly isHere: (path: string) => boolean;
  readonly maxPayload: number;
  readonly serve: (ws: WebSocket, request: IncomingMessage) => Promise<void>;
}

export const pathOf = (url: string | undefined): string => (url ?? '').split('?')[0]!;

/** Other upgrades (`h2c`, offered by some clients with any request) and other paths are answered as plain HTTP. */
export const isSocket = ({ url, headers }: IncomingMessage, isHere: (path: string) => boolean): boolean =>
  headers.upgrade?.toLowerCase() === 'websocket' && isHere(pathOf(url));

/** The ticket that is offered, or false when our protocol is not. */
export function ticketIn({ headers }: IncomingMessage): string | undefined | false {
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(SUBPROTOCOL)) return false;
  return offered.find((name) => name.startsWith(TICKET_PREFIX))?.slice(TICKET_PREFIX.length);
}

export function attachSockets(server: Server, site: Pick<Site, 'log' | 'leaving'>, place: SocketPlace): void {
  const { route, isHere, maxPayload, serve } = place;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    // A browser drops a connection whose offers were all passed over, and with it the close code.
    handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : (offered.values().next().value ?? false)),
  });
  // Whoever does not answer a goodbye is not waited for.
  site.leaving.addEventListener('abort', () => {
    setTimeout(() => sockets.clients.forEach((ws) => ws.terminate()), GOODBYE_MS).unref();
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isSocket(request, isHere)) return;
    socket.on('error', () => socket.destroy());
    if (site.leaving.aborted) {
      socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      // A frame above the limit or a broken one: ws closes by itself with 1009 or 1002.
      ws.on('error', () => undefined);
      void serve(ws, request).catch((error: unknown) => {
        site.log.error({ route, err: error }, 'fault');
        ws.close(CLOSE.leaving, 'Try again');
      });
    });
  });
}
