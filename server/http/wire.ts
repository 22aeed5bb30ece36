/** Bytes that never become a request: still a problem, in the shape of all others. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { problemOf, problemResponse } from './problem.ts';

const malformed = refuse('invalid-input', 'This is not a well-formed HTTP request.');

/** For the adapter, which finds an unusable host or address. */
export const brokenRequest = (): Response => problemResponse(malformed, randomUUID());

/** One host, as RFC 9112 asks: of two, a proxy in front of us could believe the other. */
export const isAddressed = ({ headersDistinct }: IncomingMessage): boolean => headersDistinct['host']?.length === 1;

export function answerUnaddressed(response: ServerResponse): void {
  const requestId = randomUUID();
  response.writeHead(400, {
    'content-type': 'application/problem+json',
    'x-request-id': requestId,
    connection: 'close',
  });
  response.end(JSON.stringify(problemOf(malformed, requestId)));
}

/** For the parser. The connection cannot be used any further. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const [status, refusal] = ANSWERS[error.code ?? ''] ?? ['400 Bad Request', malformed];
  const body = JSON.stringify(problemOf(refusal, randomUUID()));
  const head = `HTTP/1.1 ${status}\r\nContent-Type: application/problem+json\r\nConnection: close\r\nContent-Length: ${Buffer.byteLength(body)}`;
  socket.end(`${head}\r\n\r\n${body}`);
}

const ANSWERS: Readonly<Record<string, readonly [string, Refusal]>> = {
  HPE_HEADER_OVERFLOW: ['413 Content Too Large', refuse('too-large', 'The headers are too large.')],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', refuse('request-timeout', 'The request did not arrive in time.')],
};
