/** Frames of the y-websocket protocol as a device speaks them, one message each. What cannot be read, or does not concern it, is undefined. */
import * as decoding from 'lib0/decoding';
import { stored, varUint } from '../../shared/sync/room-frames.ts';
import { MESSAGE, SYNC } from '../../shared/sync/room-words.ts';

export { step1, step2, update } from '../../shared/sync/room-frames.ts';

export type Heard =
  | { readonly kind: 'step1'; readonly vector: Uint8Array }
  | { readonly kind: 'step2' | 'update'; readonly update: Uint8Array }
  | { readonly kind: 'stored'; readonly upto: number };

export function read(frame: Uint8Array): Heard | undefined {
  const decoder = decoding.createDecoder(frame);
  try {
    const message = decoding.readVarUint(decoder);
    if (message === MESSAGE.stored) {
      const payload = decoding.createDecoder(decoding.readVarUint8Array(decoder));
      return { kind: 'stored', upto: decoding.readVarUint(payload) };
    }
    if (message !== MESSAGE.sync) return undefined;
    const step = decoding.readVarUint(decoder);
    const bytes = decoding.readVarUint8Array(decoder);
    if (step === SYNC.step1) return { kind: 'step1', vector: bytes };
    if (step === SYNC.step2) return { kind: 'step2', update: bytes };
    return step === SYNC.update ? { kind: 'update', update: bytes } : undefined;
  } catch {
    return undefined;
  }
}

/** Comes back when all that was sent before it is stored. */
export const storedUpto = (number: number): Uint8Array => stored(varUint(number));
