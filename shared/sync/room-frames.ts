/** Frames of the y-websocket protocol as both ends of a room write them, one message each. */
import { concat } from '../kernel/bytes.ts';
import { MESSAGE, SYNC } from './room-words.ts';

/** Seven bits a byte, the lowest first; all bytes but the last are marked. */
export function varUint(number: number): Uint8Array {
  const bytes: number[] = [];
  let rest = number;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Uint8Array.of(...bytes, rest);
}

/** Numbers, then bytes with their length before them. */
export const frameOf = (numbers: readonly number[], bytes: Uint8Array): Uint8Array =>
  concat(...numbers.map(varUint), varUint(bytes.length), bytes);

export const step1 = (vector: Uint8Array): Uint8Array => frameOf([MESSAGE.sync, SYNC.step1], vector);
export const step2 = (update: Uint8Array): Uint8Array => frameOf([MESSAGE.sync, SYNC.step2], update);
export const update = (bytes: Uint8Array): Uint8Array => frameOf([MESSAGE.sync, SYNC.update], bytes);

/** Sent, it comes back with the same payload when all that was sent before it is stored. */
export const stored = (payload: Uint8Array): Uint8Array => frameOf([MESSAGE.stored], payload);
