/** The seal takes a text as it stands; what comes after it is kept beside it, from a stock client too. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import pino from 'pino';
import * as Y from 'yjs';
import { createLateEntries } from '../../server/rooms/late-entries.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { ROOM_CLOSE, ROOT } from '../../shared/sync/room-words.ts';
import { aRoomServer, type Person, type RoomServer } from '../kit/rooms-server.ts';
import { letters } from '../kit/rooms-feature.ts';
import { stockClient } from '../kit/rooms-client.ts';
import { until } from '../kit/until.ts';

let server: RoomServer;
let ana: Person;
let tom: Person;
beforeAll(async () => {
  server = await aRoomServer({ onDisk: true });
  ana = await server.person('Ana');
  tom = await server.person('Tom');
});
afterAll(() => server.close());

const sealedBytes = (letter: string) => server.store.read(server.org, letter)!.sealed!.state;

test('[L12] the seal holds the text to the last keystroke, and everybody connected is told', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  const his = await stockClient(server, tom.token, letter);
  await Promise.all([hers.synced(), his.synced()]);
  hers.insert(0, 'Pump 3 leaks.');
  await hers.stored();
  hers.insert(13, ' Isolated.');
  const asked = hers.stored();
  const sealing = server.seal(letter);
  await Promise.race([asked, hers.closed()]);
  expect((await sealing).outcome).toBe('accepted');
  expect((await hers.closed()).code).toBe(ROOM_CLOSE.sealed);
  expect((await his.closed()).code).toBe(ROOM_CLOSE.sealed);
  const { sealed } = await server.state(letter);
  expect(sealed).toMatchObject({ room: `${letter}@1`, sha256: sha256Hex(sealedBytes(letter)) });
  // What was acknowledged before the seal is in it; the rest becomes a late entry when its author comes back.
  expect(sealed!.text.startsWith('Pump 3 leaks.')).toBe(true);
  await hers.again();
  await until('all she wrote is somewhere', async () => {
    const { late } = await server.state(letter);
    return sealed!.text + late.map(({ inserted }) => inserted).join('') === 'Pump 3 leaks. Isolated.' || undefined;
  });
  for (const each of [hers, his]) each.leave();
});

test('[L12] [L4] late prose of a stock client becomes an entry once, and the sealed bytes stay what they were', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  const his = await stockClient(server, tom.token, letter);
  await Promise.all([hers.synced(), his.synced()]);
  hers.insert(0, 'Line 1: seal checked, ok.\n');
  await his.reads('Line 1: seal checked, ok.\n');
  his.provider.disconnect();
  his.delete(8, 4);
  his.insert(22, 'From the cellar: seal replaced.\n');
  await server.seal(letter);
  const before = sha256Hex(sealedBytes(letter));

  await his.again();
  expect(await his.closed()).toMatchObject({ code: ROOM_CLOSE.sealed });
  const { late } = await server.state(letter);
  expect(late).toEqual([
    {
      author: tom.user,
      inserted: 'From the cellar: seal replaced.\n',
      struck: 'seal',
      context: 'Line 1: …',
    },
  ]);

  // The same content again: nothing new, and nobody is sent away for it.
  await his.again();
  await his.synced();
  await his.stored();
  expect((await server.state(letter)).late).toHaveLength(1);

  his.insert(his.text().length, 'And tightened.');
  await until('he is told again', () => (his.closes.length > 1 ? true : undefined));
  const { late: more } = await server.state(letter);
  expect(more[1]).toMatchObject({ inserted: 'And tightened.', struck: '' });
  expect(sha256Hex(sealedBytes(letter))).toBe(before);
  for (const each of [hers, his]) each.leave();

  const onlooker = await stockClient(server, ana.token, letter);
  await onlooker.reads('Line 1: seal checked, ok.\n');
  onlooker.leave();
});

test('a text that nobody ever wrote in can be sealed, and what comes then is late', async () => {
  const letter = await server.letter();
  await server.seal(letter);
  expect((await server.state(letter)).sealed).toEqual({ text: '', room: '', sha256: '', updates: 0 });
  const doc = new Y.Doc();
  doc.getText(ROOT).insert(0, 'Too late.\r\nStill true.');
  const hers = await stockClient(server, ana.token, letter, { doc });
  await hers.closed();
  expect((await server.state(letter)).late).toMatchObject([{ inserted: 'Too late.\nStill true.', struck: '' }]);
  hers.leave();
});

test('[L7] a seal that fails leaves the text open, with all that was written in between', async () => {
  const letter = await server.letter();
  const hers = await stockClient(server, ana.token, letter);
  await hers.synced();
  hers.insert(0, 'Before. ');
  await hers.stored();
  hers.insert(8, 'Meanwhile. ');
  await expect(server.seal(letter, { spoil: true })).rejects.toThrow();
  hers.insert(19, 'After.');
  await hers.stored();
  const his = await stockClient(server, tom.token, letter);
  await his.reads('Before. Meanwhile. After.');
  expect(hers.closes).toEqual([]);
  await server.seal(letter);
  expect((await server.state(letter)).sealed!.text).toBe('Before. Meanwhile. After.');
  for (const each of [hers, his]) each.leave();
});

test('[L4] late prose that was stored and not yet told is told at the next start, once', async () => {
  const letter = await server.letter();
  await server.seal(letter);
  const late = { org: server.org, entity: letter, epoch: 1, user: ana.user, device: null, clients: [] };
  const words = { bytes: new Uint8Array([0, 0]), sha256: 'ab'.repeat(32), receivedAt: '2026-11-21T05:00:00.000Z' };
  server.store.putLate({ ...late, ...words, inserted: 'Left over.', struck: '', context: '' });
  const { store, ledger } = server;
  const entries = createLateEntries({
    store,
    ledger,
    register: createRegister([letters]),
    log: pino({ level: 'silent' }),
  });
  await entries.begin();
  await entries.begin();
  await entries.enter({ ...late, ...words, inserted: 'Left over.', struck: '', context: '' });
  expect((await server.state(letter)).late).toMatchObject([{ inserted: 'Left over.' }]);
  expect(store.unentered()).toEqual([]);
  entries.close();
});
