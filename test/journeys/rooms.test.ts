/** Two people write in one text with the unmodified y-websocket client: what they see, what is kept, what they are told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { ROOM_CLOSE, ROOT } from '../../shared/sync/room-words.ts';
import { aRoomServer, type Person, type RoomServer } from '../kit/rooms-server.ts';
import { rawClient, stockClient, ticketFor } from '../kit/rooms-client.ts';
import { until } from '../kit/until.ts';

let server: RoomServer;
let ana: Person;
let tom: Person;
beforeAll(async () => {
  server = await aRoomServer({ heartbeatMs: 50, idleMs: 100 });
  ana = await server.person('Ana');
  tom = await server.person('Tom');
});
afterAll(() => server.close());

const kept = (letter: string): string => {
  const doc = new Y.Doc();
  for (const update of server.store.read(server.org, letter)?.updates ?? []) Y.applyUpdate(doc, update);
  return doc.getText(ROOT).toJSON();
};

test('[L12] two clients converge, over an absence of one of them too', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  const his = await stockClient(server, tom.token, letter);
  await Promise.all([hers.synced(), his.synced()]);
  hers.insert(0, 'Pump 3 leaks.');
  await his.reads('Pump 3 leaks.');
  his.provider.disconnect();
  his.insert(13, ' Seal ordered.');
  hers.insert(0, 'Night: ');
  hers.delete(7, 4);
  hers.insert(7, 'Valve');
  await hers.stored();
  await his.again();
  await his.reads('Night: Valve 3 leaks. Seal ordered.');
  await hers.reads('Night: Valve 3 leaks. Seal ordered.');
  for (const each of [hers, his]) each.leave();
});

test('what was written before the first connection comes up with it', async () => {
  const letter = await server.letter();
  const doc = new Y.Doc();
  doc.getText(ROOT).insert(0, 'Written in the cellar. 🔧');
  const hers = await stockClient(server, ana.token, letter, { doc });
  await hers.synced();
  const his = await stockClient(server, tom.token, letter);
  await his.reads('Written in the cellar. 🔧');
  for (const each of [hers, his]) each.leave();
});

test('[L13] "stored" is said when it is on disk, deletions too, and an update is there before anybody else sees it', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  const his = await stockClient(server, tom.token, letter);
  await Promise.all([hers.synced(), his.synced()]);
  const seen: [string, string][] = [];
  his.doc.on('update', () => seen.push([his.text(), kept(letter)]));
  for (const word of ['One ', 'two ', 'three ']) {
    hers.insert(hers.text().length, word);
    await hers.stored();
    expect(kept(letter)).toBe(hers.text());
  }
  hers.delete(0, 4);
  await hers.stored();
  expect(kept(letter)).toBe('two three ');
  await his.reads('two three ');
  expect(seen.length).toBeGreaterThan(0);
  for (const [read, stored] of seen) expect(stored.startsWith(read) || stored === hers.text()).toBe(true);
  for (const each of [hers, his]) each.leave();
});

test('presence is repeated to all, to the sender too, and taken back when somebody goes', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  const his = await stockClient(server, tom.token, letter);
  await Promise.all([hers.synced(), his.synced()]);
  hers.provider.awareness.setLocalState({ name: 'Ana' });
  const sees = () => his.provider.awareness.getStates().get(hers.doc.clientID);
  expect(await until('he sees her', sees)).toEqual({ name: 'Ana' });
  hers.leave();
  await until('he sees her go', () => (sees() ? undefined : true));
  his.leave();
});

test('nobody speaks for another’s presence, and somebody silent hears a sign of life', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  await hers.synced();
  hers.provider.awareness.setLocalState({ name: 'Ana' });
  const onlooker = await rawClient(server, tom.token, letter);
  await onlooker.until((frames) => frames.some((frame) => frame[0] === 1 && frame.length > 3));
  const forged = new Uint8Array(onlooker.frames.find((frame) => frame[0] === 1 && frame.length > 3)!);
  const mallory = await rawClient(server, (await server.person('Mallory')).token, letter);
  const text = Buffer.from(forged);
  text.write('Eve', text.indexOf('Ana'));
  mallory.send(text);
  await onlooker.until((frames) => frames.some((frame) => frame.join() === '1,1,0'));
  expect(onlooker.frames.some((frame) => Buffer.from(frame).includes('Eve'))).toBe(false);
  onlooker.ws.close();
  mallory.ws.close();
  hers.leave();
});

test('a room that nobody is in is forgotten, and read again with everything in it', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  await hers.synced();
  hers.insert(0, 'Still here.');
  await hers.stored();
  hers.leave();
  await until('no room is in memory', () => server.rooms.loaded() === 0 || undefined);
  const his = await stockClient(server, tom.token, letter);
  await his.reads('Still here.');
  his.leave();
});

test('a revoked token loses its room at the next heartbeat', async () => {
  const rex = await server.person('Rex');
  const his = await stockClient(server, rex.token, await server.letter());
  await his.synced();
  await server.revoke(rex);
  expect((await his.closed()).code).toBe(ROOM_CLOSE.ticket);
  his.leave();
});

test('a room is kept short by a snapshot, and reads the same from it', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  await hers.synced();
  const rounds = 6;
  for (let round = 0; round < rounds; round++) {
    for (let n = 0; n < 100; n++) hers.insert(hers.text().length, `${n % 10}`);
    await hers.stored();
  }
  const held = server.store.read(server.org, letter)!;
  expect(held.count).toBe(600);
  expect(held.updates.length).toBeLessThan(200);
  hers.leave();
  await until('no room is in memory', () => server.rooms.loaded() === 0 || undefined);
  const his = await stockClient(server, tom.token, letter);
  await his.reads('0123456789'.repeat(60));
  his.leave();
});

test('history that outweighs the text begins a new epoch: the text goes on in a room of another name', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  await hers.synced();
  hers.insert(0, 'Short.');
  const filler = 'x'.repeat(30_000);
  for (let n = 0; n < 10; n++) {
    hers.insert(6, filler);
    hers.delete(6, filler.length);
    await Promise.race([hers.stored(), hers.closed()]);
  }
  const closed = await hers.closed();
  expect(closed).toEqual({ code: ROOM_CLOSE.superseded, reason: `${letter}@2` });
  expect((await ticketFor(server, ana.token, `${letter}@1`)).room).toBe(`${letter}@2`);
  const his = await stockClient(server, tom.token, letter);
  await his.reads('Short.');
  his.insert(6, ' And on.');
  await his.stored();
  expect(kept(letter)).toBe('Short. And on.');
  hers.leave();
  his.leave();
});

test('a server that leaves tells its rooms to come again', async () => {
  const leaving = await aRoomServer();
  const her = await leaving.person('Ana');
  const hers = await stockClient(leaving, her.token, await leaving.letter());
  await hers.synced();
  await leaving.close();
  await until('she is told', () => hers.closes[0]);
  expect(hers.closes[0]!.code).toBe(ROOM_CLOSE.leaving);
  hers.leave();
});
