/** Who comes into a room, with which ticket, and what the others are told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { ROOM_CLOSE } from '../../shared/sync/room-words.ts';
import { CLOSE } from '../../shared/sync/socket-words.ts';
import { aRoomServer, type Person, type RoomServer } from '../kit/rooms-server.ts';
import { protocolsOf, rawClient, rawSocket, ticketFor } from '../kit/rooms-client.ts';

let time = Date.parse('2026-11-21T05:00:00Z');
let server: RoomServer;
let ana: Person;
let letter: string;
beforeAll(async () => {
  server = await aRoomServer({ now: () => time });
  ana = await server.person('Ana');
  letter = await server.letter();
});
afterAll(() => server.close());

const freshId = () => uuidV7(time, crypto.getRandomValues(new Uint8Array(10)));
const path = (room: string) => `/v1/sync/docs/${encodeURIComponent(room)}`;
const comes = (room: string, protocols: string[]) => rawSocket(server.url, path(room), protocols).closed;
const wish = (token: string, body: object) => server.post('/v1/sync/tickets', token, { purpose: 'doc', ...body });

test('a ticket names the current room, whether the item or the room was asked for', async () => {
  const { status, body } = await wish(ana.token, { room: letter });
  expect([status, body.room]).toEqual([201, `${letter}@1`]);
  expect(Date.parse(body.expiresAt) - time).toBe(60_000);
  expect((await wish(ana.token, { room: `${letter}@1` })).body.room).toBe(`${letter}@1`);
  expect((await wish(ana.token, { room: `${letter}@9`, deviceId: freshId() })).body.room).toBe(`${letter}@1`);
});

test('[L14] no ticket for what is not there, not readable, or not to be written in', async () => {
  const other = await server.otherOrg();
  const stranger = await server.person('Stranger', { org: other });
  const york = await server.person('Yve', { role: 'operator', areas: ['york'] });
  const auditor = await server.person('Aude', { role: 'auditor' });
  const codes = [];
  for (const [who, room] of [
    [stranger, letter],
    [york, letter],
    [auditor, letter],
    [ana, freshId()],
    [ana, 'x'],
    [ana, `${letter}@0`],
  ] as const)
    codes.push((await wish(who.token, { room })).body.code);
  expect(codes).toEqual(['not-found', 'not-found', 'role-not-allowed', 'not-found', 'not-found', 'not-found']);
  expect((await wish(ana.token, {})).body.code).toBe('invalid-input');
  expect((await wish(ana.token, { room: letter, deviceId: 'mine' })).body.code).toBe('invalid-input');
});

test('a ticket opens its room, once', async () => {
  const { ticket, room } = await ticketFor(server, ana.token, letter);
  const first = rawSocket(server.url, path(room), protocolsOf(ticket));
  await first.until((frames) => frames.length > 0);
  expect(first.ws.protocol).toBe('operary.v1');
  // The server asks first: what a client wrote offline travels in the answer.
  expect([...first.frames[0]!.slice(0, 2)]).toEqual([0, 0]);
  expect((await comes(room, protocolsOf(ticket))).code).toBe(ROOM_CLOSE.ticket);
  first.ws.close();
});

test('an expired ticket, none, an unknown one, another room’s and a feed’s are all 4401', async () => {
  const old = await ticketFor(server, ana.token, letter);
  time += 60_001;
  expect((await comes(old.room, protocolsOf(old.ticket))).code).toBe(ROOM_CLOSE.ticket);
  expect((await comes(old.room, ['operary.v1'])).code).toBe(ROOM_CLOSE.ticket);
  expect((await comes(old.room, protocolsOf('unknown'))).code).toBe(ROOM_CLOSE.ticket);
  const elsewhere = await ticketFor(server, ana.token, await server.letter());
  expect((await comes(old.room, protocolsOf(elsewhere.ticket))).code).toBe(ROOM_CLOSE.ticket);
  const { body: feed } = await server.post('/v1/sync/tickets', ana.token, { purpose: 'feed' });
  expect((await comes(old.room, protocolsOf(feed.ticket))).code).toBe(ROOM_CLOSE.ticket);
  const doc = await ticketFor(server, ana.token, letter);
  expect((await rawSocket(server.url, '/v1/sync/feed', protocolsOf(doc.ticket)).closed).code).toBe(CLOSE.ticket);
});

test('an older or newer epoch is told the name of the current room', async () => {
  for (const epoch of [2, 7]) {
    const { ticket } = await ticketFor(server, ana.token, letter);
    const closed = await comes(`${letter}@${epoch}`, protocolsOf(ticket));
    expect(closed).toEqual({ code: ROOM_CLOSE.superseded, reason: `${letter}@1` });
  }
});

test('another protocol is told to learn ours, and a path that is no room closes', async () => {
  expect((await comes(`${letter}@1`, ['operary.v9'])).code).toBe(ROOM_CLOSE.version);
  for (const room of ['x', '%E0%A4%A', `${letter}@1@2`]) {
    const { ticket } = await ticketFor(server, ana.token, letter);
    expect((await rawSocket(server.url, `/v1/sync/docs/${room}`, protocolsOf(ticket)).closed).code).toBe(
      ROOM_CLOSE.ticket,
    );
  }
});

test('a revoked token’s ticket opens nothing', async () => {
  const rex = await server.person('Rex');
  const { ticket, room } = await ticketFor(server, rex.token, letter);
  await server.revoke(rex);
  expect((await comes(room, protocolsOf(ticket))).code).toBe(ROOM_CLOSE.ticket);
});

test('what cannot be read from disk is refused, never shown as empty', async () => {
  const broken = await server.letter();
  const row = { org: server.org, entity: broken, epoch: 1, n: 1, user: ana.user, device: null, clients: [] };
  const { store } = server;
  store.transaction(() =>
    store.putUpdate({ ...row, bytes: new Uint8Array([9, 9]), sha256: 'x', receivedAt: '2026-11-21T05:00:00.000Z' }),
  );
  const client = await rawClient(server, ana.token, broken);
  expect((await client.closed).code).toBe(ROOM_CLOSE.resync);
  expect(client.frames).toEqual([]);
  expect(server.lines.some((line) => line.includes('room cannot be read'))).toBe(true);
});

test('no ticket and no token is in a log', () => {
  expect(server.lines.join('')).not.toContain(ana.token);
  expect(server.lines.join('')).not.toMatch(/operary\.ticket/);
});
