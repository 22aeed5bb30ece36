/**
 * Erasable fields: a body holds `{"$commit": "<hex>"}` in their place, and salt and value travel beside it. Who destroys both has
 * erased the field and broken no proof.
 */
import { concat, fromHex, sha256Hex, utf8 } from '../kernel/bytes.ts';
import { canonicalBytes } from '../kernel/canonical.ts';
import type { Json } from '../kernel/canonical.ts';
import { isHash } from './format.ts';

export interface Disclosure {
  /** The entry's seq. */
  readonly seq: number;
  /** RFC 6901 JSON pointer into its body. */
  readonly path: string;
  /** 32 bytes as hex. */
  readonly salt: string;
  readonly value: Json;
}

export interface Commitment {
  readonly path: string;
  readonly commit: string;
}

const DOMAIN = utf8('operary/commit/v1\0');

/** SHA-256("operary/commit/v1" ‖ 0x00 ‖ salt ‖ JCS(value)) as hex. The salt has 32 random bytes: names are guessable. */
export function commitment(salt: Uint8Array, value: Json): string {
  if (salt.length !== 32) throw new Error('A salt has 32 bytes.');
  return sha256Hex(concat(DOMAIN, salt, canonicalBytes(value)));
}

/** The body with the disclosed values back in place; an undisclosed one stays `{"$commit": …}`. Throws on any that does not fit. */
export function discloseBody(body: Json, disclosures: readonly Pick<Disclosure, 'path' | 'salt' | 'value'>[]): Json {
  const waiting = new Map(disclosures.map((disclosure) => [disclosure.path, disclosure]));
  if (waiting.size !== disclosures.length) throw new Error('A field is disclosed twice.');
  const disclosed = mapCommitments(body, '', (found, stub) => {
    const disclosure = waiting.get(found.path);
    if (!disclosure) return stub;
    if (!isHash(disclosure.salt) || commitment(fromHex(disclosure.salt), disclosure.value) !== found.commit)
      throw new Error(`The value disclosed at ${found.path} is not the one committed to.`);
    waiting.delete(found.path);
    return disclosure.value;
  });
  for (const path of waiting.keys()) throw new Error(`There is no commitment at ${path}.`);
  return disclosed;
}

/** Every commitment in a body, in document order. */
export function commitmentsIn(body: Json): Commitment[] {
  const found: Commitment[] = [];
  mapCommitments(body, '', (commit, stub) => {
    found.push(commit);
    return stub;
  });
  return found;
}

/** Visits the original body only: what a disclosure puts in is never searched for commitments. */
function mapCommitments(value: Json, path: string, put: (found: Commitment, stub: Json) => Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: Json, i) => mapCommitments(item, `${path}/${i}`, put));
  const entries = Object.entries(value as { readonly [key: string]: Json });
  const commit = entries.length === 1 && entries[0]?.[0] === '$commit' ? entries[0][1] : undefined;
  if (isHash(commit)) return put({ path, commit }, value);
  return Object.fromEntries(
    entries.map(([key, member]) => [
      key,
      member === undefined ? member : mapCommitments(member, `${path}/${escaped(key)}`, put),
    ]),
  );
}

const escaped = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');
