/** Texts without a socket: to take along and to bring, each with an answer of its own. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as Y from 'yjs';
import { base64, fromBase64 } from '../../shared/kernel/bytes.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { DocsAnswer } from '../../shared/sync/docs.ts';
import { ROOT } from '../../shared/sync/room-words.ts';
import { aRoomServer, type Person, type RoomServer } from '../kit/rooms-server.ts';
import { stockClient } from '../kit/rooms-client.ts';
import * as hostile from '../kit/rooms-hostile.ts';

let server: RoomServer;
let ana: Person;
let tom: Person;
beforeAll(async () => {
  server = await aRoomServer();
  ana = await server.person('Ana');
  tom = await server.person('Tom');
});
afterAll(() => server.close());

const freshId = () => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
async function send({ token }: Person, docs: object[], more: object = {}) {
  const { status, body } = await server.post('/v1/sync/docs', token, { docs, ...more });
  expect(status).toBe(200);
  return DocsAnswer.parse(body).docs;
}
const textIn = (update: string | undefined): string => {
  const doc = new Y.Doc();
  Y.applyUpdate(doc, fromBase64(update!));
  return doc.getText(ROOT).toJSON();
};
const written = (text: string, doc = new Y.Doc()): Y.Doc => {
  doc.getText(ROOT).insert(0, text);
  return doc;
};
const stateOf = (doc: Y.Doc): string => base64(Y.encodeStateAsUpdate(doc));

test('what is brought is stored, others get it live, and what is lacking comes back', async () => {
  const letter = await server.letter();
  const his = await stockClient(server, tom.token, letter);
  await his.synced();
  his.insert(0, 'Tom. ');
  await his.stored();
  const doc = written('Ana. ');
  const vector = base64(Y.encodeStateVector(doc));
  const [answer] = await send(ana, [
    { entity: letter, room: `${letter}@1`, stateVector: vector, update: stateOf(doc) },
  ]);
  expect(answer).toMatchObject({ entity: letter, room: `${letter}@1`, sealed: false });
  Y.applyUpdate(doc, fromBase64(answer!.update!));
  await his.reads(doc.getText(ROOT).toJSON());
  expect(doc.getText(ROOT).length).toBe(10);
  const [[again], [whole]] = [
    await send(ana, [{ entity: letter, stateVector: base64(Y.encodeStateVector(doc)), update: stateOf(doc) }]),
    await send(ana, [{ entity: letter }]),
  ];
  expect(textIn(again!.update)).toBe('');
  expect(textIn(whole!.update)).toBe(doc.getText(ROOT).toJSON());
  expect(server.store.read(server.org, letter)!.count).toBe(2);
  his.leave();
});

test('[L14] each document has its own problem, and the others are taken', async () => {
  const [good, elsewhere] = [await server.letter(), await server.letter()];
  const yve = await server.person('Yve', { role: 'operator', areas: ['york'] });
  const docs = await send(ana, [
    { entity: freshId() },
    { entity: good, update: '%%%' },
    { entity: good, update: base64(new Uint8Array([1, 2, 3])) },
    { entity: good, stateVector: base64(new Uint8Array([5, 1])) },
    { entity: good, update: base64(hostile.structs(75, 9, [hostile.text('x')])) },
    { entity: good, room: `${good}@2`, update: stateOf(written('Lost?')) },
    { entity: good, update: stateOf(written('Taken.')) },
    { entity: elsewhere },
  ]);
  expect(docs.map(({ problem }) => problem?.code ?? 'ok')).toEqual([
    'not-found',
    'invalid-input',
    'invalid-input',
    'invalid-input',
    'unknown-reference',
    'gone',
    'ok',
    'ok',
  ]);
  expect(docs[5]!.room).toBe(`${good}@1`);
  expect(textIn(docs[6]!.update)).toBe('Taken.');
  expect((await send(yve, [{ entity: good }]))[0]!.problem!.code).toBe('not-found');
});

test('[L10] a client id stays with the person and the device that had it first', async () => {
  const letter = await server.letter();
  const doc = written('Hers.');
  const deviceId = freshId();
  expect((await send(ana, [{ entity: letter, update: stateOf(doc) }], { deviceId }))[0]!.problem).toBeUndefined();
  written('More. ', doc);
  for (const [who, more] of [
    [tom, { deviceId }],
    [ana, { deviceId: freshId() }],
    [ana, {}],
  ] as const)
    expect((await send(who, [{ entity: letter, update: stateOf(doc) }], more))[0]!.problem!.code).toBe(
      'role-not-allowed',
    );
  expect(textIn((await send(ana, [{ entity: letter, update: stateOf(doc) }], { deviceId }))[0]!.update)).toBe(
    'More. Hers.',
  );
});

test('[L12] after the seal what is brought is a late entry, once, and what comes back is sealed', async () => {
  const letter = await server.letter();
  const doc = written('Before.');
  await send(ana, [{ entity: letter, update: stateOf(doc) }]);
  await server.seal(letter);
  expect((await send(ana, [{ entity: letter, update: stateOf(doc) }]))[0]).toMatchObject({ sealed: true });
  written('After. ', doc);
  const [late] = await send(ana, [{ entity: letter, update: stateOf(doc) }]);
  expect(late).toMatchObject({ sealed: true, late: true });
  expect(textIn(late!.update)).toBe('Before.');
  expect((await send(ana, [{ entity: letter, update: stateOf(doc) }]))[0]!.late).toBeUndefined();
  expect((await server.state(letter)).late).toMatchObject([
    { author: ana.user, inserted: 'After. ', context: '…Before.' },
  ]);
});

test.each<[string, (letter: string) => object]>([
  ['no documents', () => ({ docs: [] })],
  ['51 documents', (entity) => ({ docs: Array.from({ length: 51 }, () => ({ entity })) })],
  ['an item that is no id', () => ({ docs: [{ entity: 'x' }] })],
  ['a field that there is not', (entity) => ({ docs: [{ entity, vector: '' }] })],
])('a batch of %s is refused as a whole', async (_name, body) => {
  expect((await server.post('/v1/sync/docs', ana.token, body(await server.letter()))).status).toBe(400);
});

test('a batch of more than two megabytes is refused before it is read', async () => {
  const update = 'A'.repeat(2 * 1024 * 1024);
  const { status } = await server.post('/v1/sync/docs', ana.token, {
    docs: [{ entity: await server.letter(), update }],
  });
  expect(status).toBe(413);
});
