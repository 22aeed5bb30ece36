/** Texts from a tablet that several people use: whoever has taken it over is the author, by the rule of its commands. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { base64 } from '../../shared/kernel/bytes.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { DocsAnswer } from '../../shared/sync/docs.ts';
import { ROOM_CLOSE, ROOT } from '../../shared/sync/room-words.ts';
import { protocolsOf, rawSocket, stockClient, type TicketFor } from '../kit/rooms-client.ts';
import { aRoomServer, type Person, type RoomServer } from '../kit/rooms-server.ts';
import { aTablet, type Tablet } from '../kit/rooms-tablet.ts';
import { until } from '../kit/until.ts';

let server: RoomServer;
let ana: Person;
let marek: Person;
let tablet: Tablet;
beforeAll(async () => {
  server = await aRoomServer({ heartbeatMs: 50 });
  ana = await server.person('Ana');
  marek = await server.person('Marek');
  tablet = await aTablet(server, [ana, marek]);
});
afterAll(() => server.close());

const written = (text: string): string => {
  const doc = new Y.Doc();
  doc.getText(ROOT).insert(0, text);
  return base64(Y.encodeStateAsUpdate(doc));
};
async function send(body: object, { token }: Person = ana): Promise<DocsAnswer['docs']> {
  const answer = await server.post('/v1/sync/docs', token, body);
  expect(answer.status).toBe(200);
  return DocsAnswer.parse(answer.body).docs;
}
const textOf = (letter: string): string => server.rooms.photograph(server.org, letter)?.text ?? '';
const authorsOf = (letter: string) => [...(server.store.read(server.org, letter)?.clients.values() ?? [])];

test('what a device brings in the name of a person is that person’s, with the device', async () => {
  const letter = await server.letter();
  const docs = [
    { entity: letter, as: marek.user, update: written('Marek. ') },
    { entity: letter, as: ana.user, update: written('Ana. ') },
    { entity: letter, update: written('Owner. ') },
  ];
  const answers = await send(tablet.signed({ docs }));
  expect(answers.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
  expect(authorsOf(letter).map(({ user, device }) => [user, device])).toEqual(
    expect.arrayContaining([
      [marek.user, tablet.id],
      [ana.user, tablet.id],
      [ana.user, tablet.id],
    ]),
  );
});

test('after the seal the late entry names the person, and not whose token it is', async () => {
  const letter = await server.letter();
  await server.seal(letter);
  const docs = [{ entity: letter, as: marek.user, update: written('From the cellar.') }];
  expect(await send(tablet.signed({ docs }))).toMatchObject([{ late: true }]);
  expect((await server.state(letter)).late).toMatchObject([{ author: marek.user, inserted: 'From the cellar.' }]);
});

test('[L10] nobody is named without the device’s own signature, and nothing of it is applied', async () => {
  const letter = await server.letter();
  const doc = { entity: letter, as: marek.user, update: written('Forged.') };
  const good = tablet.signed({ docs: [doc] });
  const forged = [
    { deviceId: tablet.id, docs: [doc] },
    { ...good, sig: `${'A'.repeat(86)}==` },
    { ...good, docs: [{ ...doc, update: written('Other words.') }] },
  ];
  for (const body of forged) expect(await send(body)).toMatchObject([{ problem: { code: 'signature-invalid' } }]);
  // What the bearer brings in their own name needs none, and is not held up.
  const own = { entity: letter, update: written('Mine.') };
  const both = await send({ deviceId: tablet.id, docs: [doc, own] });
  expect(both.map(({ problem }) => problem?.code)).toEqual(['signature-invalid', undefined]);
  expect([textOf(letter), authorsOf(letter).map(({ user }) => user)]).toEqual(['Mine.', [ana.user]]);
});

test('[L7] [L14] who has not signed in on this device, whoever they are, is not named', async () => {
  const letter = await server.letter();
  const stranger = await server.person('Stranger', { org: await server.otherOrg() });
  const tom = await server.person('Tom');
  const unknown = uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  for (const user of [stranger.user, tom.user, unknown]) {
    const [answer] = await send(tablet.signed({ docs: [{ entity: letter, as: user, update: written('No.') }] }));
    expect(answer!.problem).toMatchObject({
      code: 'role-not-allowed',
      detail: 'Its author has not signed in on this device. Sign in there once, while online.',
    });
  }
  // Nor by a device that has no key, or by none at all.
  for (const device of [{}, { deviceId: unknown }]) {
    const [answer] = await send({ ...device, docs: [{ entity: letter, as: marek.user, update: written('No.') }] });
    expect(answer!.problem?.code).toBe('role-not-allowed');
  }
  expect((await server.post('/v1/sync/docs', ana.token, { docs: [{ entity: letter, as: 'marek' }] })).status).toBe(400);
  expect([textOf(letter), authorsOf(letter)]).toEqual(['', []]);
});

test('[L7] nor who has left since, or on a device that was written off', async () => {
  const letter = await server.letter();
  const leaver = await server.person('Leaver');
  const other = await aTablet(server, [ana, leaver]);
  const body = { docs: [{ entity: letter, as: leaver.user, update: written('Gone.') }] };
  const admin = { ...ana, role: 'admin' };
  await other.does(admin, 'devices.writeOff', { kind: 'device', id: other.id }, { reason: 'Lost.' });
  expect((await send(other.signed(body)))[0]!.problem).toMatchObject({
    code: 'role-not-allowed',
    detail: expect.stringContaining('written off') as string,
  });
  await other.does(admin, 'devices.reinstate', { kind: 'device', id: other.id }, { reason: 'Found.' });
  await other.does(admin, 'users.deactivate', { kind: 'user', id: leaver.user }, { reason: 'Has left.' });
  expect((await send(other.signed(body)))[0]!.problem).toMatchObject({
    code: 'role-not-allowed',
    detail: expect.stringContaining('has left') as string,
  });
  const { status, body: answer } = await ticket(other, letter, leaver.user);
  expect([status, answer.code]).toEqual([403, 'role-not-allowed']);
  expect([textOf(letter), authorsOf(letter)]).toEqual(['', []]);
});

test('[L14] the person may do what their own reach allows, and the device reads no more than its token', async () => {
  const [here, there] = [await server.letter(), await server.letter({ area: 'york' })];
  const york = await server.person('Yve', { areas: ['york'] });
  const auditor = await server.person('Aude', { role: 'auditor' });
  const other = await aTablet(server, [{ ...york, areas: ['york'] }, { ...auditor, role: 'auditor' }, ana]);
  const bring = (entity: string, as: string) =>
    send(other.signed({ docs: [{ entity, as, update: written('Words.') }] }), york);
  expect((await bring(here, ana.user))[0]!.problem?.code).toBe('not-found');
  expect((await bring(there, auditor.user))[0]!.problem?.code).toBe('role-not-allowed');
  expect((await bring(there, ana.user))[0]!.problem).toBeUndefined();
  expect([textOf(here), textOf(there)]).toEqual(['', 'Words.']);
});

const ticket = (on: Tablet, room: string, as: string, more: object = {}) =>
  server.post('/v1/sync/tickets', ana.token, { ...on.signed({ purpose: 'doc', room, as }), ...more });

/** The unmodified client, with a ticket that somebody else got for it. */
function stockWith({ ticket: secret, room }: TicketFor): WebsocketProvider {
  const url = `${server.url.replace('http', 'ws')}/v1/sync/docs`;
  return new WebsocketProvider(url, encodeURIComponent(room), new Y.Doc(), {
    protocols: protocolsOf(secret),
    disableBc: true,
    WebSocketPolyfill: WebSocket as never,
  });
}

test('a ticket in a person’s name makes what comes over its socket theirs; the stock client needs none', async () => {
  const letter = await server.letter();
  const { status, body } = await ticket(tablet, letter, marek.user);
  expect(status).toBe(201);
  const his = stockWith(body as TicketFor);
  await until('it is synced', () => his.synced || undefined);
  his.doc.getText(ROOT).insert(0, 'Marek.');
  const hers = await stockClient(server, ana.token, letter, { device: tablet.id });
  await hers.reads('Marek.');
  hers.insert(6, ' Ana.');
  await hers.stored();
  const by = server.store.read(server.org, letter)!.clients;
  expect(by.get(his.doc.clientID)).toEqual({ user: marek.user, device: tablet.id });
  expect(by.get(hers.doc.clientID)).toEqual({ user: ana.user, device: tablet.id });
  his.destroy();
  hers.leave();
});

test('[L10] a ticket in somebody’s name is asked for by the device itself', async () => {
  const letter = await server.letter();
  const codes = [];
  for (const more of [{ sig: undefined }, { sig: 'AAAA' }, { room: await server.letter() }, { as: ana.user }])
    codes.push((await ticket(tablet, letter, marek.user, more)).body.code ?? 'issued');
  // In the bearer's own name it speaks for itself.
  expect(codes).toEqual(['signature-invalid', 'signature-invalid', 'signature-invalid', 'issued']);
});

test('a socket ends when its person is released from the device', async () => {
  const letter = await server.letter();
  const zoe = await server.person('Zoe');
  const other = await aTablet(server, [ana, zoe]);
  const { body } = await ticket(other, letter, zoe.user);
  const open = rawSocket(server.url, `/v1/sync/docs/${encodeURIComponent(body.room)}`, protocolsOf(body.ticket));
  await open.until((frames) => frames.length > 0);
  await other.does(ana, 'devices.release', { kind: 'device', id: other.id }, { user: zoe.user });
  expect((await open.closed).code).toBe(ROOM_CLOSE.notAllowed);
});
