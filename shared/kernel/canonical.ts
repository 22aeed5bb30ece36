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
  let out = '';
  // Default sort order compares UTF-16 code units, as RFC 8785 §3.2.3 asks.
  for (const key of Object.keys(object).sort()) {
    const member = object[key];
    if (member !== undefined) out += `${out ? ',' : ''}${quoted(key)}:${canonical(member)}`;
  }
  return `{${out}}`;
}

export const canonicalBytes = (value: Json): Uint8Array => utf8(canonical(value));

function quoted(text: string): string {
  if (!text.isWellFormed()) throw new Error('Text with a lone surrogate has no canonical bytes.');
  return JSON.stringify(text);
}
