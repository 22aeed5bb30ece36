/** Somebody else's system on loopback: keeps what it was sent, and answers as the test says. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Got {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A status, a status with headers and words, or nothing at all for ever. */
export type Answer =
  | number
  | 'hang'
  | 'cut'
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

export interface Receiver {
  readonly url: string;
  readonly port: number;
  readonly got: Got[];
  /** Answers to come, in order; 200 when none is left. */
  answers(...next: readonly Answer[]): void;
  close(): Promise<void>;
}

export async function aReceiver(port = 0): Promise<Receiver> {
  const got: Got[] = [];
  const queue: Answer[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => void parts.push(part));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      got.push({ path: request.url ?? '', headers, body: Buffer.concat(parts).toString() });
      answer(response, queue.shift() ?? 200);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    got,
    answers: (...next) => void queue.push(...next),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, how: Answer): void {
  if (how === 'hang') return;
  if (how === 'cut') return void response.destroy();
  const { status, headers = {}, body = '' } = typeof how === 'number' ? { status: how } : how;
  response.writeHead(status, headers).end(body);
}
