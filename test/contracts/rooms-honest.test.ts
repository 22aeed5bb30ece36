/** What honest editors do, however wildly, is never refused, and everybody ends with the same text: over sockets, in batches, from snapshots. */
import fc from 'fast-check';
import SqliteDatabase from 'better-sqlite3';
import pino from 'pino';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { createRooms } from '../../server/rooms/rooms.ts';
import { openRoomStore } from '../../server/rooms/store.ts';
import { isRefused } from '../../server/rooms/author.ts';
import { ROOT } from '../../shared/sync/room-words.ts';

const ORG = 'org';
const ENTITY = 'entity';

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('insert'),
      at: fc.nat(),
      text: fc.string({ unit: 'binary', maxLength: 12 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('delete'), at: fc.nat(), text: fc.string({ maxLength: 12 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('format'), at: fc.nat(), text: fc.string({ maxLength: 8 }) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('sync'), at: fc.nat(), text: fc.constant('') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen'), at: fc.nat(), text: fc.constant('') }) },
);

/** Editors work on whole characters: Yjs itself makes two U+FFFD of one that is cut in the middle. */
const boundary = (text: string, at: number): number => ((text.codePointAt(at - 1) ?? 0) > 0xffff ? at - 1 : at);

test('[L12] honest editing is never refused, converges, and is read again from disk as it was', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.nat(2), step), { minLength: 5, maxLength: 60 }), async (script) => {
      const db = new SqliteDatabase(':memory:');
      const store = openRoomStore(db, (work) => db.transaction(work)());
      const log = pino({ level: 'silent' });
      let rooms = createRooms({ store, clock: { now: () => 0 }, log });
      // Collects garbage, as an editor's own document does.
      const docs = [0, 1, 2].map(() => new Y.Doc());
      const sync = async (who: number) => {
        const doc = docs[who]!;
        const theirs = { user: `user ${who}`, device: null };
        const answer = await rooms.room(ORG, ENTITY).exchange(theirs, {
          update: Y.encodeStateAsUpdate(doc),
          vector: Y.encodeStateVector(doc),
        });
        if (isRefused(answer)) throw new Error(`${answer.code} ${answer.reason}`);
        Y.applyUpdate(doc, answer.update);
        expect(doc.store.pendingStructs ?? doc.store.pendingDs).toBeNull();
      };
      for (const [who, { do: what, at, text }] of script) {
        const shared = docs[who]!.getText(ROOT);
        const from = boundary(shared.toJSON(), at % (shared.length + 1));
        const length = boundary(shared.toJSON(), Math.min(from + text.length, shared.length)) - from;
        if (what === 'insert' && text) shared.insert(from, text);
        else if (what === 'delete' && length) shared.delete(from, length);
        else if (what === 'format' && length) shared.format(from, length, { bold: at % 2 === 0 ? true : null });
        else if (what === 'sync') await sync(who);
        else if (what === 'reopen') {
          rooms.close();
          rooms = createRooms({ store, clock: { now: () => 0 }, log });
        }
      }
      for (const who of [0, 1, 2, 0, 1, 2]) await sync(who);
      const texts = docs.map((doc) => doc.getText(ROOT).toJSON());
      rooms.close();
      rooms = createRooms({ store, clock: { now: () => 0 }, log });
      const photo = rooms.photograph(ORG, ENTITY);
      expect(new Set([...texts, photo?.text ?? ''])).toEqual(new Set([texts[0]]));
      rooms.close();
      db.close();
    }),
    { numRuns: 60 },
  );
});

test('[L12] a snapshot taken while others write is the same text as all its updates', async () => {
  const db = new SqliteDatabase(':memory:');
  const store = openRoomStore(db, (work) => db.transaction(work)());
  const rooms = createRooms({ store, clock: { now: () => 0 }, log: pino({ level: 'silent' }) });
  const doc = new Y.Doc();
  for (let n = 0; n < 700; n++) {
    const vector = Y.encodeStateVector(doc);
    doc.getText(ROOT).insert((n * 7) % (doc.getText(ROOT).length + 1), String(n % 10));
    if (n % 3 === 0) doc.getText(ROOT).delete(0, 1);
    const update = Y.encodeStateAsUpdate(doc, vector);
    await rooms.room(ORG, ENTITY).exchange({ user: 'ana', device: null }, { update });
  }
  rooms.close();
  const all = new Y.Doc();
  const updates = db.prepare<[], Uint8Array>('SELECT bytes FROM doc_update ORDER BY n').pluck().all();
  expect(updates).toHaveLength(700);
  for (const update of updates) Y.applyUpdate(all, update);
  const held = store.read(ORG, ENTITY)!;
  expect(held.updates.length).toBeLessThan(300);
  const short = new Y.Doc();
  for (const update of held.updates) Y.applyUpdate(short, update);
  expect(short.getText(ROOT).toJSON()).toBe(all.getText(ROOT).toJSON());
  expect(short.getText(ROOT).toJSON()).toBe(doc.getText(ROOT).toJSON());
  db.close();
});

test('[L13] a photograph puts the updates that make it on disk with it, and writing them again changes nothing', async () => {
  const db = new SqliteDatabase(':memory:');
  const store = openRoomStore(db, (work) => db.transaction(work)());
  const rooms = createRooms({ store, clock: { now: () => 0 }, log: pino({ level: 'silent' }) });
  const doc = new Y.Doc();
  doc.getText(ROOT).insert(0, 'Typed a moment ago.');
  const count = db.prepare<[], number>('SELECT count(*) FROM doc_update').pluck();
  const taken = rooms.room(ORG, ENTITY).exchange({ user: 'ana', device: null }, { update: Y.encodeStateAsUpdate(doc) });
  expect(count.get()).toBe(0);
  const photo = store.transaction(() => rooms.photograph(ORG, ENTITY));
  expect(photo).toMatchObject({ text: 'Typed a moment ago.', room: `${ENTITY}@1`, updates: 1 });
  expect(count.get()).toBe(1);
  await taken;
  expect(count.get()).toBe(1);
  rooms.close();
  db.close();
});
