/** Updates that no editor makes, one for each way in which Yjs itself would take harm (V1 encoding, byte by byte where Yjs would not write it). */
import * as encoding from 'lib0/encoding';
import * as Y from 'yjs';
import { ROOT } from '../../shared/sync/room-words.ts';

type Write = (encoder: encoding.Encoder) => void;
const bytes = (write: Write): Uint8Array => encoding.encode(write);
const num = (encoder: encoding.Encoder, ...values: number[]) => {
  for (const value of values) encoding.writeVarUint(encoder, value);
};

const GC = 0;
const DELETED = 1;
const STRING = 4;
const WITH_ORIGIN = 0x80;

/** Structs of one client from a clock on, and no deletions. */
export const structs = (client: number, clock: number, all: readonly Write[]): Uint8Array =>
  bytes((encoder) => {
    num(encoder, 1, all.length, client, clock);
    for (const write of all) write(encoder);
    num(encoder, 0);
  });

export const gc =
  (length: number): Write =>
  (encoder) => {
    encoding.writeUint8(encoder, GC);
    num(encoder, length);
  };

export const first =
  (root: string, ref: number, content: Write): Write =>
  (encoder) => {
    encoding.writeUint8(encoder, ref);
    num(encoder, 1);
    encoding.writeVarString(encoder, root);
    content(encoder);
  };

export const after =
  (client: number, clock: number, text: string): Write =>
  (encoder) => {
    encoding.writeUint8(encoder, WITH_ORIGIN | STRING);
    num(encoder, client, clock);
    encoding.writeVarString(encoder, text);
  };

export const text = (words: string): Write => first(ROOT, STRING, (encoder) => encoding.writeVarString(encoder, words));
export const deleted = (length: number): Write => first(ROOT, DELETED, (encoder) => num(encoder, length));

/** Deletions only: of a client, ranges of a clock and a length. */
export const deletions = (client: number, ranges: readonly (readonly [number, number])[]): Uint8Array =>
  bytes((encoder) => {
    num(encoder, 0, 1, client, ranges.length);
    for (const range of ranges) num(encoder, ...range);
  });

export const claims = (count: number): Uint8Array => bytes((encoder) => num(encoder, 1, count, 7, 0));

/** What a document is after something was done to it. */
export function made(work: (doc: Y.Doc) => void, client?: number): Uint8Array {
  const doc = new Y.Doc();
  if (client !== undefined) doc.clientID = client;
  doc.transact(() => work(doc));
  return Y.encodeStateAsUpdate(doc);
}

/** So many clients, a character each. */
export const crowd = (count: number): Uint8Array =>
  bytes((encoder) => {
    num(encoder, count);
    for (let n = count; n > 0; n--) {
      num(encoder, 1, n, 0);
      text('x')(encoder);
    }
    num(encoder, 0);
  });

export const nested = (depth: number): Uint8Array =>
  made((doc) => {
    let map = doc.getMap<unknown>(ROOT);
    for (let n = 0; n < depth; n++) {
      const inner = new Y.Map();
      map.set('k', inner);
      map = inner;
    }
  });

/** Two clients whose first words each stand behind the other's. */
export const circle = (): Uint8Array =>
  bytes((encoder) => {
    num(encoder, 2, 1, 22, 0);
    after(11, 0, 'b')(encoder);
    num(encoder, 1, 11, 0);
    after(22, 0, 'a')(encoder);
    num(encoder, 0);
  });

/** One client in two parts, of which Yjs keeps the last. */
export const halves = (): Uint8Array =>
  bytes((encoder) => {
    num(encoder, 2, 1, 33, 0);
    text('a')(encoder);
    num(encoder, 1, 33, 1);
    after(33, 0, 'b')(encoder);
    num(encoder, 0);
  });
