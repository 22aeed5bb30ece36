/** Our frames, byte for byte those of y-protocols; and what its functions write, we read. */
import { Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness';
import * as sync from 'y-protocols/sync';
import * as fc from 'fast-check';
import * as encoding from 'lib0/encoding';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { awareness, readFrame, SIGN_OF_LIFE, step1, step2, stored, update } from '../../server/rooms/wire.ts';
import { frameOf, varUint } from '../../shared/sync/room-frames.ts';
import { ROOT } from '../../shared/sync/room-words.ts';

const doc = new Y.Doc();
doc.getText(ROOT).insert(0, 'Pump 3 leaks. 🔧');
const state = Y.encodeStateAsUpdate(doc);
const frame = (outer: number, write: (encoder: encoding.Encoder) => void) =>
  encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, outer);
    write(encoder);
  });

test.each<[string, Uint8Array, Uint8Array]>([
  ['step 1', step1(Y.encodeStateVector(doc)), frame(0, (encoder) => sync.writeSyncStep1(encoder, doc))],
  ['step 2', step2(state), frame(0, (encoder) => sync.writeSyncStep2(encoder, doc))],
  ['update', update(state), frame(0, (encoder) => sync.writeUpdate(encoder, state))],
])('%s is written as y-protocols writes it', (_name, ours, theirs) => {
  expect(ours).toEqual(theirs);
});

test('numbers and lengths of any size are written as lib0 writes them', () => {
  const borders = [7, 14, 21, 28, 32, 35, 49].flatMap((bits) => [2 ** bits - 1, 2 ** bits]);
  const number = fc.oneof(fc.constantFrom(0, ...borders, Number.MAX_SAFE_INTEGER), fc.maxSafeNat());
  const length = fc.oneof(fc.constantFrom(0, 127, 128, 16_383, 16_384), fc.nat({ max: 300 }));
  fc.assert(
    fc.property(number, number, length, (one, other, size) => {
      const bytes = new Uint8Array(size).fill(7);
      expect(varUint(one)).toEqual(encoding.encode((encoder) => encoding.writeVarUint(encoder, one)));
      const theirs = frame(one, (encoder) => {
        encoding.writeVarUint(encoder, other);
        encoding.writeVarUint8Array(encoder, bytes);
      });
      expect(frameOf([one, other], bytes)).toEqual(theirs);
    }),
    { numRuns: 500 },
  );
});

test('presence is written as y-protocols writes it, and read as it was', () => {
  const theirs = new Awareness(doc);
  theirs.setLocalState({ name: 'Ana', at: [1, 2] });
  const bytes = encodeAwarenessUpdate(theirs, [doc.clientID]);
  const whole = frame(1, (encoder) => encoding.writeVarUint8Array(encoder, bytes));
  const message = readFrame(whole);
  const { clock } = theirs.meta.get(doc.clientID)!;
  const present = [{ client: doc.clientID, clock, state: '{"name":"Ana","at":[1,2]}' }];
  expect(message).toEqual({ kind: 'awareness', present });
  expect(awareness(present)).toEqual(whole);
  theirs.destroy();
});

test('a sign of life is three bytes', () => expect([...SIGN_OF_LIFE]).toEqual([1, 1, 0]));

test('what y-protocols writes is read', () => {
  expect(readFrame(frame(0, (encoder) => sync.writeSyncStep1(encoder, doc)))).toEqual({
    kind: 'step1',
    vector: Y.encodeStateVector(doc),
  });
  expect(readFrame(frame(0, (encoder) => sync.writeSyncStep2(encoder, doc)))).toEqual({ kind: 'step2', update: state });
  expect(readFrame(frame(0, (encoder) => sync.writeUpdate(encoder, state)))).toEqual({ kind: 'update', update: state });
  expect(readFrame(new Uint8Array([3]))).toEqual({ kind: 'queryAwareness' });
  expect(readFrame(stored(new Uint8Array([5])))).toEqual({ kind: 'stored', payload: new Uint8Array([5]) });
});

test('no frame of up to three bytes makes the reader throw', () => {
  const read = () => {
    for (let n = 0; n < 2 ** 24; n += 61) readFrame(new Uint8Array([n & 0xff, (n >> 8) & 0xff, n >> 16]));
  };
  expect(read).not.toThrow();
});
