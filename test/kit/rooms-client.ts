/** Those who come to a room: the unmodified y-websocket provider, and a bare socket that says whatever a test wants. */
import { WebSocket } from 'ws';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { MESSAGE, ROOT } from '../../shared/sync/room-words.ts';
import { SUBPROTOCOL, TICKET_PREFIX } from '../../shared/sync/socket-words.ts';
import { until } from './until.ts';

export interface Reach {
  readonly url: string;
}

export interface TicketFor {
  readonly ticket: string;
  readonly room: string;
}

export async function ticketFor({ url }: Reach, token: string, room: string, deviceId?: string): Promise<TicketFor> {
  const response = await fetch(`${url}/v1/sync/tickets`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ purpose: 'doc', room, ...(deviceId ? { deviceId } : {}) }),
  });
  if (response.status !== 201) throw new Error(`No ticket: ${response.status} ${await response.text()}`);
  return (await response.json()) as TicketFor;
}

export const protocolsOf = (ticket: string): string[] => [SUBPROTOCOL, `${TICKET_PREFIX}${ticket}`];
const socketsOf = (url: string): string => `${url.replace('http', 'ws')}/v1/sync/docs`;

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

export interface StockClient {
  readonly provider: WebsocketProvider;
  readonly doc: Y.Doc;
  readonly closes: Closed[];
  text(): string;
  insert(at: number, text: string): void;
  delete(at: number, length: number): void;
  synced(): Promise<void>;
  reads(text: string): Promise<void>;
  /** Resolves when the server has said that all that came before is stored. */
  stored(): Promise<void>;
  /** The first close that the client stays away after. */
  closed(): Promise<Closed>;
  /** Comes back with a new ticket. */
  again(): Promise<void>;
  leave(): void;
}

export interface StockOptions {
  readonly doc?: Y.Doc;
  readonly device?: string;
  /** Comes back by itself, with a new ticket each time. */
  readonly stubborn?: true;
}

export async function stockClient(
  server: Reach,
  token: string,
  entity: string,
  { doc = new Y.Doc(), device, stubborn }: StockOptions = {},
): Promise<StockClient> {
  const { ticket, room } = await ticketFor(server, token, entity, device);
  const provider = new WebsocketProvider(socketsOf(server.url), encodeURIComponent(room), doc, {
    protocols: protocolsOf(ticket),
    disableBc: true,
    WebSocketPolyfill: WebSocket as never,
    connect: false,
  });
  const closes: Closed[] = [];
  const waiting = new Map<number, () => void>();
  let asked = 0;
  let isLeft = false;
  provider.messageHandlers[MESSAGE.stored] = (_encoder, decoder) => {
    const n = decoding.readVarUint(decoding.createDecoder(decoding.readVarUint8Array(decoder)));
    waiting.get(n)?.();
  };
  const again = async () => {
    const next = await ticketFor(server, token, entity, device);
    if (isLeft) return;
    provider.protocols = protocolsOf(next.ticket);
    provider.connect();
  };
  provider.on('connection-close', (event) => {
    if (!event) return;
    const { code, reason } = event as unknown as Closed;
    closes.push({ code, reason: String(reason) });
    if (!stubborn || isLeft) return;
    provider.shouldConnect = false;
    setTimeout(() => void again().catch(() => undefined), 20);
  });
  provider.connect();
  const text = () => doc.getText(ROOT).toJSON();
  return {
    provider,
    doc,
    closes,
    text,
    insert: (at, what) => doc.getText(ROOT).insert(at, what),
    delete: (at, length) => doc.getText(ROOT).delete(at, length),
    synced: () => until('the client is synced', () => provider.synced || undefined).then(() => undefined),
    reads: (wanted) =>
      until(`the client reads ${wanted.slice(0, 80)}`, () => text() === wanted || undefined).then(() => undefined),
    async stored() {
      const n = ++asked;
      const payload = encoding.encode((encoder) => encoding.writeVarUint(encoder, n));
      const said = new Promise<void>((resolve) => waiting.set(n, resolve));
      provider.ws?.send(storedFrame(payload) as never);
      await said;
    },
    closed: () => until('the client is sent away', () => (provider.shouldConnect ? undefined : closes.at(-1))),
    again,
    leave() {
      isLeft = true;
      provider.destroy();
      provider.awareness.destroy();
    },
  };
}

export const storedFrame = (payload: Uint8Array): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.stored);
    encoding.writeVarUint8Array(encoder, payload);
  });

export interface RawClient {
  readonly ws: WebSocket;
  readonly frames: Uint8Array[];
  readonly closed: Promise<Closed>;
  send(frame: Uint8Array): void;
  until(isEnough: (frames: readonly Uint8Array[]) => boolean): Promise<void>;
}

export function rawSocket(url: string, path: string, protocols: string[]): RawClient {
  const ws = new WebSocket(`${url.replace('http', 'ws')}${path}`, protocols);
  const frames: Uint8Array[] = [];
  const early: Uint8Array[] = [];
  ws.on('message', (frame: Buffer) => frames.push(new Uint8Array(frame)));
  ws.on('error', () => undefined);
  ws.on('open', () => early.forEach((frame) => ws.send(frame)));
  const closed = new Promise<Closed>((resolve) =>
    ws.on('close', (code, reason) => resolve({ code, reason: reason.toString() })),
  );
  return {
    ws,
    frames,
    closed,
    send(frame) {
      if (ws.readyState === ws.CONNECTING) early.push(frame);
      else if (ws.readyState === ws.OPEN) ws.send(frame);
    },
    until: (isEnough) => until('enough frames', () => isEnough(frames) || undefined).then(() => undefined),
  };
}

export async function rawClient(server: Reach, token: string, entity: string, device?: string): Promise<RawClient> {
  const { ticket, room } = await ticketFor(server, token, entity, device);
  return rawSocket(server.url, `/v1/sync/docs/${encodeURIComponent(room)}`, protocolsOf(ticket));
}
