/**
 * The exact bytes that are hashed: JSON Canonicalization Scheme (RFC 8785) for the values we record, which hold strings,
 * safe integers or finite numbers, booleans, null, arrays and plain objects. Verification never re-serialises: it hashes stored bytes.
 */
import { utf8 } from './bytes.ts';

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/** Canonical text. Keys with the value `undefined` are left out. Throws on lone surrogates, NaN and infinities. */
export function canonical(value: Json): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new Error('A number that JSON cannot write.');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const object = value as { readonly [key: string]: Json | undefined };
  let out = '{';
  for (const key of inOrder(Object.keys(object))) {
    const member = object[key];
    if (member === undefined) continue;
    if (out.length > 1) out += ',';
    out += nameOf(key);
    out += canonical(member);
  }
  return out + '}';
}

// The same few names come again and again; a bound, for bodies may hold names that people chose.
const names = new Map<string, string>();
const MOST_NAMES = 1000;

function nameOf(key: string): string {
  let name = names.get(key);
  if (name === undefined) {
    name = `${quoted(key)}:`;
    if (names.size < MOST_NAMES) names.set(key, name);
  }
  return name;
}

/** Sorts in place by UTF-16 code units, as RFC 8785 §3.2.3 asks and `<` does. By insertion: the keys are few, and often in order already. */
function inOrder(keys: string[]): string[] {
  if (keys.length > 32) return keys.sort();
  for (let i = 1; i < keys.length; i++) {
    const key = keys[i]!;
    let at = i;
    for (; at > 0 && key < keys[at - 1]!; at--) keys[at] = keys[at - 1]!;
    keys[at] = key;
  }
  return keys;
}

export const canonicalBytes = (value: Json): Uint8Array => utf8(canonical(value));

// Printable ASCII without quote and backslash, which is nearly everything: it stands for itself.
const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed()) throw new Error('Text with a lone surrogate has no canonical bytes.');
  return JSON.stringify(text);
}
