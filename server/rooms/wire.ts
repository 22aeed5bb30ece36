/** Frames of the y-websocket protocol, one message each. Reading never throws: what cannot be read is undefined. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { frameOf } from '../../shared/sync/room-frames.ts';
import { MESSAGE, SYNC } from '../../shared/sync/room-words.ts';

export { step1, step2, stored, update } from '../../shared/sync/room-frames.ts';

export interface Presence {
  readonly client: number;
  readonly clock: number;
  /** JSON, `null` for somebody who has left. */
  readonly state: string;
}

export type Message =
  | { readonly kind: 'step1'; readonly vector: Uint8Array }
  | { readonly kind: 'step2' | 'update'; readonly update: Uint8Array }
  | { readonly kind: 'awareness'; readonly present: readonly Presence[] }
  | { readonly kind: 'queryAwareness' }
  | { readonly kind: 'stored'; readonly payload: Uint8Array };

const PAYLOAD = 64;
/** A client speaks for itself, and repeats what it has heard of a few others. */
const PRESENT = 64;

export function readFrame(frame: Uint8Array): Message | undefined {
  const decoder = decoding.createDecoder(frame);
  try {
    const message = READERS[decoding.readVarUint(decoder)]?.(decoder);
    // A second message in the frame would be dropped unread.
    return decoding.hasContent(decoder) ? undefined : message;
  } catch {
    return undefined;
  }
}

type Reader = (decoder: decoding.Decoder) => Message | undefined;
const READERS: Readonly<Record<number, Reader>> = {
  [MESSAGE.sync](decoder) {
    const step = decoding.readVarUint(decoder);
    const bytes = decoding.readVarUint8Array(decoder);
    if (step === SYNC.step1) return { kind: 'step1', vector: bytes };
    if (step === SYNC.step2) return { kind: 'step2', update: bytes };
    return step === SYNC.update ? { kind: 'update', update: bytes } : undefined;
  },
  [MESSAGE.awareness]: (decoder) => readPresent(decoding.createDecoder(decoding.readVarUint8Array(decoder))),
  [MESSAGE.queryAwareness]: () => ({ kind: 'queryAwareness' }),
  [MESSAGE.stored](decoder) {
    const payload = decoding.readVarUint8Array(decoder);
    return payload.length > PAYLOAD ? undefined : { kind: 'stored', payload };
  },
};

function readPresent(decoder: decoding.Decoder): Message | undefined {
  const count = decoding.readVarUint(decoder);
  if (count > PRESENT) return undefined;
  const present = Array.from({ length: count }, () => ({
    client: decoding.readVarUint(decoder),
    clock: decoding.readVarUint(decoder),
    state: decoding.readVarString(decoder),
  }));
  // Others parse it without a net.
  for (const { state } of present) JSON.parse(state);
  return decoding.hasContent(decoder) ? undefined : { kind: 'awareness', present };
}

export const awareness = (present: readonly Presence[]): Uint8Array =>
  frameOf(
    [MESSAGE.awareness],
    encoding.encode((list) => {
      encoding.writeVarUint(list, present.length);
      for (const { client, clock, state } of present) {
        encoding.writeVarUint(list, client);
        encoding.writeVarUint(list, clock);
        encoding.writeVarString(list, state);
      }
    }),
  );

/** A stock client hangs up when it hears no message for 30 s, and counts no ping. */
export const SIGN_OF_LIFE = awareness([]);
