/** A feed socket as a device opens it, with its messages in a list that a test can wait on. */
import { WebSocket } from 'ws';
import { SUBPROTOCOL, TICKET_PREFIX, type SocketMessage } from '../../shared/sync/messages.ts';
import type { AServer } from './a-server.ts';

export interface FeedSocket {
  readonly messages: readonly SocketMessage[];
  readonly socket: WebSocket;
  /** The close code, once there is one. */
  readonly closed: Promise<number>;
  /** Resolves when the messages pass the test. */
  until(isEnough: (messages: readonly SocketMessage[]) => boolean): Promise<void>;
  /** Positions of all events that came. */
  seqs(): number[];
}

export async function openFeed(server: AServer, token: string): Promise<FeedSocket> {
  const { body } = await server.ask('POST /v1/sync/tickets', { token, body: { purpose: 'feed' } });
  return feedSocket(server.url, [SUBPROTOCOL, `${TICKET_PREFIX}${body.ticket}`]);
}

export function feedSocket(url: string, protocols: string[]): FeedSocket {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/sync/feed`, protocols);
  const messages: SocketMessage[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (text: Buffer) => {
    messages.push(JSON.parse(text.toString()) as SocketMessage);
    for (const look of waiting) look();
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  socket.on('error', () => undefined);
  return {
    messages,
    socket,
    closed,
    until: (isEnough) =>
      new Promise((resolve, reject) => {
        const deadline = setTimeout(() => reject(new Error(`Not within 10 s: ${JSON.stringify(messages)}`)), 10_000);
        const look = () => {
          if (!isEnough(messages)) return;
          waiting.delete(look);
          clearTimeout(deadline);
          resolve();
        };
        waiting.add(look);
        look();
      }),
    seqs: () => messages.flatMap((message) => (message.type === 'events' ? message.items.map(({ seq }) => seq) : [])),
  };
}
