/** Bytes and their spellings. Everything here is pure and the same in Node, Electron and a phone's web view. */
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** UTF-8 bytes to text. Throws a TypeError on invalid UTF-8 rather than substituting U+FFFD. */
export const textOf = (bytes: Uint8Array): string => strictDecoder.decode(bytes);

let digest: (bytes: Uint8Array) => Uint8Array = nobleSha256;
let digestOfText: ((text: string) => string) | undefined;

/** SHA-256 (FIPS 180-4), synchronous so that rules may use it. 32 bytes. */
export const sha256 = (bytes: Uint8Array): Uint8Array => digest(bytes);

/** A host may put its native SHA-256 in place: the same function, only faster. Checked against the pure one before it is taken. */
export function useNativeSha256(native: (bytes: Uint8Array) => Uint8Array, hexOfText?: (text: string) => string): void {
  const text = 'operary sha-256 probe · ü';
  const expected = hex(nobleSha256(utf8(text)));
  if (hex(native(utf8(text))) !== expected || (hexOfText && hexOfText(text) !== expected))
    throw new Error('This SHA-256 gives other digests than FIPS 180-4.');
  digest = native;
  digestOfText = hexOfText;
}

export const sha256Hex = (bytes: Uint8Array): string => hex(sha256(bytes));

const PIECE = 1 << 18;

/** The same piece by piece: yields the share that is done. */
export function* sha256HexSlowly(bytes: Uint8Array): Generator<number, string> {
  if (bytes.length <= PIECE) return sha256Hex(bytes);
  const hash = nobleSha256.create();
  for (let at = 0; at < bytes.length; at += PIECE) {
    hash.update(bytes.subarray(at, at + PIECE));
    yield Math.min(1, (at + PIECE) / bytes.length);
  }
  return hex(hash.digest());
}

/** Of the text's UTF-8, in hex. */
export const sha256HexOfText = (text: string): string => digestOfText?.(text) ?? sha256Hex(utf8(text));

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += HEX[byte];
  return out;
}

/** Lower-case hex only; throws on anything else, so that one value has one spelling. */
export function fromHex(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Error('Not lower-case hex.');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** RFC 4648 standard base64 with padding. */
export function base64(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

/** Strict: throws when the text is not what `base64` would write for the same bytes. */
export function fromBase64(text: string): Uint8Array {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  if (base64(bytes) !== text) throw new Error('Not canonical base64.');
  return bytes;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!;
  return difference === 0;
}
