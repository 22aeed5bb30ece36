/** Request bodies, counted while they arrive: a length header is a claim, and a chunked body has none. */
import { isRefusal, refuse, type Refusal, type RefusalCode } from '../../shared/kernel/refusal.ts';
import type { HttpContext } from './route.ts';

export const JSON_LIMIT = 256 * 1024;
const MAX_DEPTH = 32;
/** Why a body of JSON is refused, whatever it is for. */
export const BODY_REFUSALS: readonly RefusalCode[] = [
  'malformed-json',
  'invalid-input',
  'invalid-text',
  'too-large',
  'unsupported-media-type',
];

/** Wrapped, so that no body can pass for a refusal of ours. */
export interface Body {
  readonly json: Readonly<Record<string, unknown>>;
}

/** The whole body, or why not. */
export async function bytesOf(c: HttpContext, limit: number): Promise<Uint8Array | Refusal> {
  const encoding = c.req.header('content-encoding');
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    return refuse('unsupported-media-type', `Content-Encoding ${printable(encoding)} is not taken. Send it unpacked.`);
  }
  if (Number(c.req.header('content-length')) > limit) return tooLarge(limit);
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = c.req.raw.body?.getReader();
  if (!reader) return new Uint8Array(0);
  for (;;) {
    const piece = await reader.read().catch(() => undefined);
    if (!piece) return cutOff;
    const { done, value } = piece;
    if (done) return Buffer.concat(parts);
    length += value.length;
    if (length > limit) {
      await reader.cancel().catch(() => undefined);
      return tooLarge(limit);
    }
    parts.push(value);
  }
}

/** A JSON object. No body at all is `{}`: many verbs need to be told nothing. */
export async function jsonOf(c: HttpContext, limit = JSON_LIMIT): Promise<Body | Refusal> {
  const type = c.req.header('content-type');
  if (type !== undefined && !isJson(type)) return refuse('unsupported-media-type', 'Send application/json in UTF-8.');
  const bytes = await bytesOf(c, limit);
  if (isRefusal(bytes)) return bytes;
  if (!bytes.length) return { json: {} };
  if (type === undefined) return refuse('unsupported-media-type', 'Say Content-Type: application/json.');
  return parseObject(bytes);
}

export function parseObject(bytes: Uint8Array): Body | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return refuse('malformed-json', 'The body is not JSON in UTF-8. Check quotes, commas and the encoding.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return refuse('malformed-json', 'The body is JSON, but not an object. Send {…}.');
  return unsafe(value, '', 1) ?? { json: value as Readonly<Record<string, unknown>> };
}

/** What no schema should have to meet: bottomless nesting, keys that reach for prototypes, text and numbers without canonical bytes. */
function unsafe(value: unknown, at: string, depth: number): Refusal | undefined {
  if (typeof value === 'string' && !value.isWellFormed()) return badText(at);
  if (typeof value === 'number' && !Number.isFinite(value))
    return refuse('invalid-input', `${at}: a number that is too large.`, {
      fields: [{ field: at, problem: 'Too large.' }],
    });
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth > MAX_DEPTH) return refuse('malformed-json', `The body nests deeper than ${MAX_DEPTH} levels.`);
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) return badText(at);
    const here = `${at}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (key === '__proto__')
      return refuse('invalid-input', 'A key may not be called __proto__.', {
        fields: [{ field: here, problem: 'Not a field.' }],
      });
    const found = unsafe(member, here, depth + 1);
    if (found) return found;
  }
  return undefined;
}

const badText = (at: string): Refusal =>
  refuse('invalid-text', `${at || 'A key'} holds a broken character (a lone surrogate). Remove it.`, {
    fields: [{ field: at, problem: 'Holds a lone surrogate.' }],
  });

function isJson(type: string): boolean {
  const [essence = '', ...parameters] = type
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  return (
    essence === 'application/json' && parameters.every((part) => !part.startsWith('charset=') || part.includes('utf-8'))
  );
}

// Whoever hung up will not read this; the log and the metrics do, and it was no fault of ours.
const cutOff = refuse('invalid-input', 'The body ended before it was complete. Send it again.');

const tooLarge = (limit: number): Refusal => {
  const most = limit >= 1 << 20 ? `${limit >> 20} MiB` : `${limit >> 10} KiB`;
  return refuse('too-large', `At most ${most}. Send less, or in parts.`);
};

const printable = (text: string): string => text.replace(/[^\x21-\x7e]/g, '?').slice(0, 40);
