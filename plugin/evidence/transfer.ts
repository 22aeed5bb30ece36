/** One file to the server, in pieces: asks how much is there, goes on from that, and ends when the server has the whole under its name. */
import { textOf } from '../../shared/kernel/bytes.ts';
import type { BytesReply, SendBytes } from './ports.ts';
import { connectionWords } from '../words/index.ts';

export type Sent =
  | { readonly kind: 'stored' | 'stopped' }
  /** The line or the server fails: the same again, later. */
  | { readonly kind: 'later' }
  /** The token does not hold: nothing can be sent before somebody changes something. */
  | { readonly kind: 'denied' }
  /** This file is not taken. */
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string };

export const PIECE = 256 * 1024;
/** Places that the server corrects in one go, before the line is thought to be at fault. */
const CORRECTIONS = 8;

export const pathOf = (sha256: string): string => `/v1/files/${sha256}`;

export async function transfer(
  send: SendBytes,
  sha256: string,
  bytes: Uint8Array,
  isStopped: () => boolean,
): Promise<Sent> {
  const path = pathOf(sha256);
  if (isStopped()) return { kind: 'stopped' };
  const look = await send('HEAD', path);
  if (look.status === 200) return { kind: 'stored' };
  let at = placeIn(look) ?? 0;
  let corrections = 0;
  let isAgain = false;
  for (;;) {
    if (isStopped()) return { kind: 'stopped' };
    // More than the file has is nobody's file: said to be whole, it is dropped there.
    const length = Math.max(bytes.length, at);
    const end = Math.min(at + PIECE, length);
    const reply = await send(
      'PATCH',
      path,
      {
        'content-type': 'application/partial-upload',
        'upload-offset': String(at),
        'upload-length': String(length),
        'upload-complete': end === length ? '?1' : '?0',
      },
      bytes.subarray(at, end),
    );
    const { status } = reply;
    if (status === 200 || status === 201) return { kind: 'stored' };
    if (status === 401) return { kind: 'denied' };
    if (status >= 500 || status === 408 || status === 429) return { kind: 'later' };
    const { code, detail } = problemOf(reply);
    const next = placeIn(reply) ?? end;
    if (status === 204 && next > at) at = next;
    else if (status < 400) return { kind: 'later' };
    else if (code === 'offset-mismatch' && corrections++ < CORRECTIONS) at = placeIn(reply) ?? 0;
    // What was there before may have been at fault, so once from the beginning.
    else if (code === 'hash-mismatch' && !isAgain) [at, isAgain] = [0, true];
    else if (code === 'offset-mismatch') return { kind: 'later' };
    else return { kind: 'refused', code, detail };
  }
}

function placeIn({ headers }: BytesReply): number | undefined {
  const text = headers['upload-offset'];
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}

function problemOf({ status, bytes }: BytesReply): { readonly code: string; readonly detail: string } {
  const unknown = { code: `http-${status}`, detail: connectionWords.answered(status) };
  try {
    const { code, detail } = JSON.parse(textOf(bytes)) as { readonly code?: unknown; readonly detail?: unknown };
    return typeof code === 'string' && typeof detail === 'string' ? { code, detail } : unknown;
  } catch {
    return unknown;
  }
}
