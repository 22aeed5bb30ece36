/**
 * How the CLI asks a running server, because one process writes to a data folder: a listener of its own on 127.0.0.1, whose address and secret
 * lie in `host.json` (0600) in that folder. Whoever can read the folder has the keys anyway.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sameSecret } from '../tokens.ts';
import { AskError } from './founding.ts';
import type { Installation } from './installation.ts';
import { ORDERS, type OrderName } from './orders.ts';

const fileOf = (data: string): string => join(data, 'host.json');
const LIMIT = 64 * 1024;

interface Address {
  readonly url: string;
  readonly secret: string;
}

export async function openLoopback(data: string, installation: Installation): Promise<{ close(): Promise<void> }> {
  const secret = randomBytes(32).toString('base64url');
  const server = createServer((request, response) => void serve(request, response, secret, installation));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: Address = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, secret };
  rmSync(fileOf(data), { force: true });
  writeFileSync(fileOf(data), JSON.stringify(address), { mode: 0o600, flag: 'wx' });
  return {
    async close() {
      rmSync(fileOf(data), { force: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  secret: string,
  at: Installation,
): Promise<void> {
  const answer = (status: number, value: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(value));
  };
  if (!sameSecret((request.headers['x-operary-host'] as string) ?? '', secret)) return answer(403, { error: 'No.' });
  try {
    const order = ORDERS[request.url?.slice(1) as OrderName] as
      ((at: Installation, input: never) => Promise<unknown>) | undefined;
    if (!order) return answer(404, { error: 'The running server is of another version. Restart it.' });
    let body = '';
    for await (const part of request.setEncoding('utf8') as AsyncIterable<string>) {
      body += part;
      if (body.length > LIMIT) return answer(413, { error: 'Too large.' });
    }
    answer(200, { result: await order(at, JSON.parse(body) as never) });
  } catch (error) {
    const known = error instanceof AskError;
    answer(known ? 422 : 500, { error: known ? error.message : 'The server could not do it; its log says why.' });
  }
}

/** Asks the server that holds the lock of this folder. */
export async function askServer(data: string, name: OrderName, input: unknown): Promise<unknown> {
  const { url, secret } = addressIn(data);
  const response = await fetch(`${url}/${name}`, {
    method: 'POST',
    headers: { 'x-operary-host': secret, 'content-type': 'application/json' },
    body: JSON.stringify(input),
  }).catch(() => {
    throw new AskError(BUSY);
  });
  const answer = (await response.json()) as { result?: unknown; error?: string };
  if (!response.ok) throw new AskError(answer.error ?? 'The server gave no reason.');
  return answer.result;
}

const BUSY =
  'Another Operary process holds this data folder and does not answer. Wait until it has started, or stop it.';

function addressIn(data: string): Address {
  try {
    return JSON.parse(readFileSync(fileOf(data), 'utf8')) as Address;
  } catch {
    throw new AskError(BUSY);
  }
}
