/** Identifiers: UUIDv7 (RFC 9562 §5.7) for what is made, UUIDv8 (§5.8) for what follows from something else, short numbers for people. */
import { hex, sha256, utf8 } from './bytes.ts';

export const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

export const isUuid = (text: string): boolean => UUID.test(text);

/** A UUIDv7 from milliseconds since the epoch and at least 10 random bytes. */
export function uuidV7(milliseconds: number, random: Uint8Array): string {
  const bytes = new Uint8Array(16);
  bytes.set(random.subarray(0, 10), 6);
  for (let i = 0; i < 6; i++) bytes[i] = Math.floor(milliseconds / 2 ** (8 * (5 - i))) & 0xff;
  return spelled(bytes, 7);
}

/** The same parts always give the same id: what a policy asks for, what a condition is called. */
export const derivedId = (...parts: readonly string[]): string =>
  spelled(sha256(utf8(parts.join('\u0000'))).slice(0, 16), 8);

function spelled(bytes: Uint8Array, version: number): string {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const text = hex(bytes);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-${text.slice(12, 16)}-${text.slice(16, 20)}-${text.slice(20)}`;
}

/** `T-192` for people; `T-new` until the server has given a number. */
export const shortNumber = (letter: string, number: number | null): string => `${letter}-${number ?? 'new'}`;
