/** A device's wires to a real server, on Node's fetch and sockets: requests, live rooms and bytes, on a way that can fail or be cut. */
import { WebSocket } from 'ws';
import type { SendBytes } from '../../plugin/evidence/ports.ts';
import type { Link } from '../../plugin/link.ts';
import type { RoomLines } from '../../plugin/prose/ports.ts';

/** `lost answer`: it arrives and is carried out, and nothing of the answer comes back. */
export type Fault = 'none' | 'no answer' | 'lost answer';

export interface NodeLink {
  readonly link: Link;
  readonly rooms: RoomLines;
  readonly bytes: SendBytes;
  /** What happens to each request, and to each socket when it is opened (`WS`). */
  fault: (method: string, path: string) => Fault;
  /** Ends the sockets that are open, as a line that breaks does. */
  cut(): void;
  /** Requests under way. */
  readonly inFlight: number;
}

interface Hearing {
  opened(): void;
  heard(data: Buffer): void;
  closed(code: number, reason: string): void;
}

interface Sent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export function nodeLink(url: string, token: string): NodeLink {
  const sockets = new Set<WebSocket>();
  let inFlight = 0;

  async function fetched(method: string, path: string, { headers, body }: Sent) {
    const fault = self.fault(method, path);
    if (fault === 'no answer') throw new Error('net::ERR_INTERNET_DISCONNECTED');
    inFlight += 1;
    try {
      const response = await fetch(`${url}${path}`, {
        method,
        headers: { ...headers, authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body: body as BodyInit }),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      if (fault === 'lost answer') throw new Error('net::ERR_CONNECTION_RESET');
      return { status: response.status, headers: response.headers, bytes };
    } finally {
      inFlight -= 1;
    }
  }

  function opened(path: string, protocols: readonly string[], { opened: isOpen, heard, closed }: Hearing) {
    const isAway = self.fault('WS', path) !== 'none';
    const socket = isAway ? undefined : new WebSocket(`${url.replace(/^http/, 'ws')}${path}`, [...protocols]);
    let isOver = false;
    const end = (code: number, reason: string): void => {
      if (socket) sockets.delete(socket);
      if (!isOver) closed(code, reason);
      isOver = true;
    };
    if (!socket) setImmediate(() => end(1006, ''));
    else {
      sockets.add(socket);
      socket.on('open', isOpen);
      socket.on('message', (data) => {
        if (!isOver) heard(data as Buffer);
      });
      socket.on('error', () => undefined);
      socket.on('close', (code, reason) => end(code, reason.toString()));
    }
    return {
      send: (data: string | Uint8Array) => void (socket?.readyState === WebSocket.OPEN && socket.send(data)),
      close() {
        isOver = true;
        socket?.close();
      },
    };
  }

  const self: NodeLink = {
    fault: () => 'none',
    get inFlight() {
      return inFlight;
    },
    cut() {
      for (const socket of sockets) socket.terminate();
    },
    link: {
      async request(method, path, body, key) {
        const { status, headers, bytes } = await fetched(method, path, {
          headers: {
            ...(key === undefined ? {} : { 'idempotency-key': key }),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        });
        const isJson = /\bjson\b/.test(headers.get('content-type') ?? '');
        const date = Date.parse(headers.get('date') ?? '');
        return {
          status,
          json: isJson ? (JSON.parse(new TextDecoder().decode(bytes)) as unknown) : undefined,
          bytes,
          ...(Number.isNaN(date) ? {} : { date }),
        };
      },
      socket: (path, protocols, events) =>
        opened(path, protocols, { ...events, heard: (data) => events.heard(data.toString()) }),
    },
    rooms: {
      open: (path, protocols, events) =>
        opened(path, protocols, { ...events, heard: (data) => events.heard(new Uint8Array(data)) }),
    },
    async bytes(method, path, headers, body) {
      const sent = { ...(headers ? { headers } : {}), ...(body ? { body: body.slice() } : {}) };
      const answer = await fetched(method, path, sent);
      return { ...answer, headers: Object.fromEntries(answer.headers) };
    },
  };
  return self;
}
