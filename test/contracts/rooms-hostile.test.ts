/** Whatever an authorised client sends, the room neither falls, nor sticks, nor changes; and an honest client beside it heals. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { ROOM_CLOSE, ROOT } from '../../shared/sync/room-words.ts';
import { step1, step2, update } from '../../server/rooms/wire.ts';
import { aRoomServer, type Person, type RoomServer } from '../kit/rooms-server.ts';
import { rawClient, stockClient, storedFrame, type StockClient } from '../kit/rooms-client.ts';
import * as hostile from '../kit/rooms-hostile.ts';

let server: RoomServer;
let ana: Person;
let mallory: Person;
let letter: string;
let hers: StockClient;
beforeAll(async () => {
  server = await aRoomServer();
  ana = await server.person('Ana');
  mallory = await server.person('Mallory');
  letter = await server.letter();
  hers = await stockClient(server, ana.token, letter, { stubborn: true });
  await hers.synced();
  hers.insert(0, 'Pump 3 leaks.');
  await hers.stored();
});
afterAll(async () => {
  hers.leave();
  await server.close();
});

let rounds = 0;
/** She writes on, and a newcomer reads all of it and nothing else. */
async function allIsWell(): Promise<void> {
  const wanted = `${hers.text()}${++rounds % 10}`;
  hers.insert(hers.text().length, `${rounds % 10}`);
  const newcomer = await stockClient(server, ana.token, letter);
  await newcomer.reads(wanted);
  const { store } = newcomer.doc;
  expect([store.pendingStructs, store.pendingDs]).toEqual([null, null]);
  expect([...newcomer.doc.share.keys()]).toEqual([ROOT]);
  newcomer.leave();
}

async function says(...frames: readonly Uint8Array[]): Promise<number> {
  const her = await rawClient(server, mallory.token, letter);
  await her.until(({ length }) => length > 0);
  for (const frame of frames) her.send(frame);
  return (await her.closed).code;
}

const { malformed, notAllowed, tooLarge, resync } = ROOM_CLOSE;
const valid = hostile.made((doc) => doc.getText(ROOT).insert(0, 'A sentence that is cut off.'), 77);
const client = () => hers.doc.clientID;

const ROWS: readonly (readonly [string, () => Uint8Array, number])[] = [
  ['garbage', () => new Uint8Array([255, 254, 253, 1, 2]), malformed],
  ['nothing at all', () => new Uint8Array(0), malformed],
  ['a valid update cut off', () => valid.subarray(0, valid.length - 8), malformed],
  ['a claim of 2^24 structs in a few bytes', () => hostile.claims(2 ** 24), malformed],
  ['a collected struct of length 2^52', () => hostile.structs(71, 0, [hostile.gc(2 ** 52)]), malformed],
  ['a deleted item of length 2^31', () => hostile.structs(72, 0, [hostile.deleted(2 ** 31)]), malformed],
  ['an item of no length', () => hostile.structs(73, 0, [hostile.text('')]), malformed],
  ['words behind themselves', () => hostile.structs(74, 0, [hostile.after(74, 5, 'x')]), malformed],
  ['one client in two parts', hostile.halves, malformed],
  [
    'further words of another’s client id',
    () => hostile.structs(client(), hers.text().length, [hostile.after(client(), 12, 'EVIL')]),
    notAllowed,
  ],
  ['words without what they build on', () => hostile.structs(75, 9, [hostile.text('x')]), resync],
  ['words beside words that are not here', () => hostile.structs(76, 0, [hostile.after(999, 3, 'x')]), resync],
  ['words that each stand behind the other', hostile.circle, resync],
  [
    '2^15 deletions of an unknown client',
    () =>
      hostile.deletions(
        78,
        Array.from({ length: 2 ** 15 }, () => [1, 1]),
      ),
    resync,
  ],
  ['deletions of what she has not written yet', () => hostile.deletions(client(), [[0, 1_000_000]]), resync],
  ['maps nested 5,000 deep', () => hostile.nested(5000), malformed],
  ['30,000 client ids', () => hostile.crowd(30_000), malformed],
  ['another root', () => hostile.made((doc) => doc.getText('t').insert(0, 'x')), malformed],
  ['a map in another root', () => hostile.made((doc) => doc.getMap('t').set('a', 1)), malformed],
  ['a map’s keys in our root', () => hostile.made((doc) => doc.getMap(ROOT).set('a', 'x')), malformed],
  ['an array in our root', () => hostile.made((doc) => doc.getArray(ROOT).push([{ a: 1 }])), malformed],
  ['an embedded object', () => hostile.made((doc) => doc.getText(ROOT).insertEmbed(0, { image: 'x' })), malformed],
  ['a document in the document', () => hostile.made((doc) => doc.getMap(ROOT).set('d', new Y.Doc())), malformed],
  [
    'formatting that is an object',
    () => hostile.made((doc) => doc.getText(ROOT).insert(0, 'x', { bold: { deep: [1] } })),
    malformed,
  ],
  ['more than a megabyte', () => hostile.made((doc) => doc.getText(ROOT).insert(0, 'x'.repeat(2 ** 20))), tooLarge],
];

test.each(ROWS)('[L10] %s', async (_name, bytes, code) => {
  const before = hers.text();
  expect(await says(step2(bytes()))).toBe(code);
  expect(hers.text()).toBe(before);
  await allIsWell();
});

test.each(ROWS)('[L10] %s, while typing', async (_name, bytes, code) => {
  const isLarge = bytes().length > 64 * 1024;
  expect(await says(update(bytes()))).toBe(isLarge ? tooLarge : code);
  await allIsWell();
});

test('[L10] other words under ids that are known reach nobody, not even somebody who reads them first', async () => {
  const reader = await rawClient(server, ana.token, letter);
  await reader.until(({ length }) => length > 0);
  const her = await rawClient(server, mallory.token, letter);
  await her.until(({ length }) => length > 0);
  const evil = Y.mergeUpdates([
    hostile.structs(client(), 0, [hostile.text('EVIL 3 leaks.')]),
    hostile.structs(4711, 0, [hostile.after(client(), 12, '!')]),
  ]);
  her.send(update(evil));
  her.send(storedFrame(new Uint8Array([1])));
  await her.until((frames) => frames.some((frame) => frame[0] === 102));
  await reader.until((frames) => frames.some((frame) => frame[0] === 0 && frame[1] === 2));
  expect(reader.frames.some((frame) => Buffer.from(frame).includes('EVIL'))).toBe(false);
  for (const update of server.store.read(server.org, letter)!.updates)
    expect(Buffer.from(update).includes('EVIL')).toBe(false);
  for (const { ws } of [reader, her]) ws.close();
  hers.delete(hers.text().indexOf('!'), 1);
  await allIsWell();
});

test('[L10] a thousand updates without what they build on cost one refusal each, and nothing stays behind', async () => {
  const lost = Array.from({ length: 1000 }, (_, n) => update(hostile.structs(88, 5 + n, [hostile.text('x')])));
  expect(await says(...lost)).toBe(resync);
  await allIsWell();
});

test('[L10] ten thousand words in one place are more than one update may bring to it', async () => {
  const crowded = Array.from({ length: 10_001 }, () => hostile.after(client(), 0, 'x'));
  expect(await says(step2(hostile.structs(89, 0, crowded)))).toBe(malformed);
  await allIsWell();
});

test.each<[string, Uint8Array, number]>([
  ['an unknown message', new Uint8Array([9, 1, 2]), malformed],
  ['an empty frame', new Uint8Array(0), malformed],
  [
    'two messages in one frame',
    new Uint8Array([...step1(new Uint8Array([0])), ...step1(new Uint8Array([0]))]),
    malformed,
  ],
  ['an unknown step', new Uint8Array([0, 7, 1, 0]), malformed],
  ['a state vector that is none', step1(new Uint8Array([5, 1])), malformed],
  ['presence that is no JSON', new Uint8Array([1, 5, 1, 7, 1, 1, 0x7b]), malformed],
  ['a question longer than a number', storedFrame(new Uint8Array(65)), malformed],
])('[L10] %s is closed with a code that says why', async (_name, frame, code) => {
  expect(await says(frame)).toBe(code);
  await allIsWell();
});

test('[L10] a frame above the limit, words instead of bytes, and a flood', async () => {
  expect(await says(new Uint8Array(1_600_000))).toBe(1009);
  const her = await rawClient(server, mallory.token, letter);
  await her.until(({ length }) => length > 0);
  her.ws.send('hello');
  expect((await her.closed).code).toBe(malformed);
  const flood = Array.from({ length: 2000 }, () => storedFrame(new Uint8Array([1])));
  expect(await says(...flood)).toBe(ROOM_CLOSE.tooMuch);
  await allIsWell();
});

test('[L13] a disk that refuses shows nothing to anybody, and everybody comes back to what is stored', async () => {
  let isFull = false;
  const own = await aRoomServer({
    onDisk: true,
    storeOf: (store) => ({
      ...store,
      transaction(work) {
        if (isFull) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
        return store.transaction(work);
      },
    }),
  });
  const her = await own.person('Ana');
  const place = await own.letter();
  const one = await stockClient(own, her.token, place, { stubborn: true });
  const two = await stockClient(own, her.token, place, { stubborn: true });
  await Promise.all([one.synced(), two.synced()]);
  one.insert(0, 'Stored. ');
  await two.reads('Stored. ');
  isFull = true;
  one.insert(8, 'Not yet.');
  await expect.poll(() => one.closes.length && two.closes.length).toBeGreaterThan(0);
  expect(one.closes[0]!.code).toBe(ROOM_CLOSE.leaving);
  expect(two.text()).toBe('Stored. ');
  isFull = false;
  await two.reads('Stored. Not yet.');
  for (const each of [one, two]) each.leave();
  await own.close();
});
