import { IDBFactory } from 'fake-indexeddb';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import * as sync from 'y-protocols/sync';
import * as Y from 'yjs';
import { proseStore } from '../../plugin/device/prose-store.ts';
import { createBrake } from '../../plugin/prose/brake.ts';
import type { Kept } from '../../plugin/prose/ports.ts';
import { together } from '../../plugin/prose/shadow.ts';
import { createTextDoc } from '../../plugin/prose/text-doc.ts';
import { wholeWords } from '../../plugin/prose/whole-words.ts';
import { read, step1, step2, storedUpto, update } from '../../plugin/prose/wire.ts';
import { readFrame } from '../../server/rooms/wire.ts';
import { editsBetween } from '../../shared/sync/text-merge.ts';
import { memoryMemory } from '../kit/memory-vault.ts';

const text = fc
  .array(fc.constantFrom('a', 'b', 'word ', '\n', 'x ', '𝒳'), { maxLength: 25 })
  .map((all) => all.join(''));

test('frames are those of y-protocols, and what the server says is read', () => {
  const doc = new Y.Doc();
  doc.getText('text').insert(0, 'One.');
  const framed = (write: (encoder: encoding.Encoder) => void): Uint8Array =>
    encoding.encode((encoder) => {
      encoding.writeVarUint(encoder, 0);
      write(encoder);
    });
  const [state, vector] = [Y.encodeStateAsUpdate(doc), Y.encodeStateVector(doc)];
  expect(step1(vector)).toEqual(framed((encoder) => sync.writeSyncStep1(encoder, doc)));
  expect(step2(state)).toEqual(framed((encoder) => sync.writeSyncStep2(encoder, doc)));
  expect(update(state)).toEqual(framed((encoder) => sync.writeUpdate(encoder, state)));
  expect([read(step1(vector)), read(step2(state)), read(update(state))]).toEqual([
    { kind: 'step1', vector },
    { kind: 'step2', update: state },
    { kind: 'update', update: state },
  ]);
  const asked = readFrame(storedUpto(300));
  expect(asked).toMatchObject({ kind: 'stored' });
  expect(read(storedUpto(300))).toEqual({ kind: 'stored', upto: 300 });
  expect(decoding.readVarUint(decoding.createDecoder(storedUpto(300)))).toBe(102);
});

test('bytes that are no frame are nothing', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => void read(bytes)));
  expect([new Uint8Array(), new Uint8Array([1, 1, 0]), new Uint8Array([0, 2, 200])].map(read)).toEqual(
    Array(3).fill(undefined),
  );
});

test('[L12] without a base every line of both stands in what they become', () => {
  fc.assert(
    fc.property(text, text, (local, remote) => {
      const merged = together({ base: undefined, local, remote });
      for (const word of `${local} ${remote}`.match(/\S+/g) ?? []) expect(merged).toContain(word);
      expect(together({ base: undefined, local: remote, remote: local })).toBe(merged);
      expect(together({ base: undefined, local, remote: local })).toBe(local);
    }),
  );
});

test('edits by whole words have the same effect, and never part a word that becomes another', () => {
  fc.assert(
    fc.property(text, text, (from, to) => {
      const doc = createTextDoc();
      if (from) doc.edit([{ at: 0, remove: 0, insert: from }]);
      doc.edit(wholeWords(from, editsBetween(from, to)));
      expect(doc.text()).toBe(to);
    }),
    { numRuns: 500 },
  );
  for (const [was, is, edit] of [
    ['at 94.2 bar', 'at 93.2 bar', { at: 3, remove: 4, insert: '93.2' }],
    ['w6xw2x', 'w2x', { at: 0, remove: 6, insert: 'w2x' }],
    ['the seal', 'seal', { at: 0, remove: 4, insert: '' }],
    ['see', 'seen', { at: 3, remove: 0, insert: 'n' }],
    ['圧力が高いので弁を閉めた。', '圧力が低いので弁を閉めた。', { at: 3, remove: 1, insert: '低' }],
  ] as const)
    expect(wholeWords(was, editsBetween(was, is))).toEqual([edit]);
});

test('[L12] the same text brought into an empty room by two is there once, different ones are both there', () => {
  const bring = (words: string): Uint8Array => createTextDoc().edit([{ at: 0, remove: 0, insert: words }]);
  const doc = createTextDoc(bring('One.'));
  doc.apply(bring('One.'));
  expect(doc.text()).toBe('One.');
  doc.apply(bring('Two.'));
  expect([doc.text().includes('One.'), doc.text().includes('Two.')]).toEqual([true, true]);
  const later = doc.edit([{ at: 0, remove: 0, insert: 'Zero. ' }]);
  expect(() => createTextDoc(bring('One.')).apply(later)).toThrow('builds on text that is not here');
});

test('a brake holds after three doublings within seconds, and not for one long day of typing', () => {
  let now = 0;
  const brake = createBrake(() => now);
  expect([brake.grew(100, 900), brake.grew(900, 1700)]).toEqual([false, false]);
  for (let day = 0; day < 10; day++) {
    now += 11_000;
    expect(brake.grew(1000, 2000)).toBe(false);
  }
  expect([brake.grew(1000, 2000), brake.grew(2000, 4000)]).toEqual([false, true]);
  brake.release();
  expect(brake.grew(4000, 8000)).toBe(false);
});

const kept = (entity: string): Kept => ({
  entity,
  room: `${entity}@1`,
  base: 'One.',
  stored: null,
  state: createTextDoc().state(),
  isUnsent: false,
  earlier: ['ab'],
});

beforeEach(() => vi.stubGlobal('indexedDB', new IDBFactory()));
afterEach(() => vi.unstubAllGlobals());

test('what was agreed outlives a restart, in a database of this vault alone; what is no record is left out', async () => {
  const memory = memoryMemory();
  await proseStore(memory).put(kept('a'));
  await proseStore(memory).put({ ...kept('a'), base: 'Two.' });
  await proseStore(memory).put({ ...kept('b'), base: 7 } as unknown as Kept);
  expect(await proseStore(memory).load()).toEqual([{ ...kept('a'), base: 'Two.' }]);
  expect(await proseStore(memoryMemory()).load()).toEqual([]);
});

test('a database that the system has closed is opened again; one that cannot be opened says so', async () => {
  const memory = memoryMemory();
  const store = proseStore(memory);
  const open: IDBDatabase[] = [];
  const factory = indexedDB;
  vi.stubGlobal('indexedDB', {
    open(name: string, version: number) {
      const asked = factory.open(name, version);
      asked.addEventListener('success', () => open.push(asked.result));
      return asked;
    },
  });
  await store.put(kept('a'));
  for (const db of open) db.close();
  await store.put(kept('b'));
  expect((await store.load()).map(({ entity }) => entity)).toEqual(['a', 'b']);
  vi.stubGlobal('indexedDB', {
    open() {
      throw new Error('Access denied.');
    },
  });
  await expect(proseStore(memoryMemory()).load()).rejects.toThrow('Access denied.');
});
