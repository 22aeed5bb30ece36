/** Frames of the y-websocket protocol as a device speaks them, one message each. What cannot be read, or does not concern it, is undefined. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { MESSAGE, SYNC } from '../../shared/sync/room-words.ts';

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

const sync = (step: number, bytes: Uint8Array): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.sync);
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, bytes);
  });

export const step1 = (vector: Uint8Array): Uint8Array => sync(SYNC.step1, vector);
export const step2 = (update: Uint8Array): Uint8Array => sync(SYNC.step2, update);
export const update = (bytes: Uint8Array): Uint8Array => sync(SYNC.update, bytes);

/** Comes back when all that was sent before it is stored. */
export const storedUpto = (number: number): Uint8Array =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, MESSAGE.stored);
    encoding.writeVarUint8Array(
      encoder,
      encoding.encode((inner) => encoding.writeVarUint(inner, number)),
    );
  });
