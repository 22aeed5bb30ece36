/** What devices and onlookers hear, and when they stop hearing it. */
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { CLOSE, SUBPROTOCOL } from '../../shared/sync/messages.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { feedSocket, openFeed } from '../kit/feed-socket.ts';

let server: AServer;
let plant: Plant;
let ana: string;
let york: string;
beforeAll(async () => {
  server = await aServer({ heartbeatMs: 50 });
  plant = await server.plant();
  ana = (await server.token(plant, 'supervisor', { user: 'Ana' })).token;
  york = (await server.token(plant, 'operator', { user: 'Yve', areas: ['york'] })).token;
});
afterAll(() => server.close());

const make = async (area = 'leeds') =>
  (await server.ask('POST /v1/tasks', { token: ana, body: { title: 'Check pump', area } })).body as {
    id: string;
    seq: number;
  };
const id = () => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));

const device = id();
let counted = 0;
const command = (type: string, subject: string, body: object, more: object = {}) => ({
  id: id(),
  type,
  v: 1,
  subject,
  body,
  deviceSeq: ++counted,
  observedSeq: 0,
  occurredAt: '2026-11-21T05:00:00.000Z',
  tz: 'Europe/London',
  clockOffsetMs: null,
  ...more,
});
const send = (commands: object[], token = ana) =>
  server.ask('POST /v1/sync/commands', { token, body: { deviceId: device, commands } });

test('[L14] positions that a role may not see are skipped, and the position still moves on', async () => {
  const { seq } = await make('leeds');
  const page = await server.ask(`GET /v1/events?after=${seq - 1}`, { token: york });
  expect(page.body).toEqual({ items: [], next: seq, head: seq });
  const hers = await server.ask(`GET /v1/sync/feed?after=${seq - 1}`, { token: ana });
  expect(hers.body.items).toHaveLength(1);
});

test('a page ends at its limit and the next one goes on from there', async () => {
  const first = await server.ask('GET /v1/events?limit=2', { token: ana });
  expect(first.body.next).toBe(2);
  const second = await server.ask('GET /v1/events?after=2&limit=1', { token: ana });
  expect(second.body.next).toBe(3);
});

test('a socket hears what is recorded, from where it asked, and a heartbeat in between', async () => {
  const feed = await openFeed(server, ana);
  await feed.until((messages) => messages.length > 1);
  expect(feed.messages.every(({ type }) => type === 'heartbeat')).toBe(true);
  feed.socket.send(JSON.stringify({ after: 0 }));
  const { seq } = await make();
  await feed.until(() => feed.seqs().includes(seq));
  const seqs = feed.seqs();
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));
  feed.socket.close();
});

test('[L14] a socket of one area hears nothing of another', async () => {
  const feed = await openFeed(server, york);
  await feed.until((messages) => messages.length > 0);
  await make('leeds');
  const { seq } = await make('york');
  await feed.until(() => feed.seqs().includes(seq));
  expect(feed.seqs()).toEqual([seq]);
  feed.socket.close();
});

test('a ticket opens one socket, once', async () => {
  const { body } = await server.ask('POST /v1/sync/tickets', { token: ana, body: { purpose: 'feed' } });
  const protocols = [SUBPROTOCOL, `operary.ticket.${body.ticket}`];
  const first = feedSocket(server.url, protocols);
  await first.until((messages) => messages.length > 0);
  expect(first.socket.protocol).toBe(SUBPROTOCOL);
  expect(await feedSocket(server.url, protocols).closed).toBe(CLOSE.ticket);
  first.socket.close();
});

test('a socket without the protocol, without a ticket or with strange words is closed with a code that says why', async () => {
  expect(await feedSocket(server.url, ['operary.v9']).closed).toBe(CLOSE.version);
  expect(await feedSocket(server.url, []).closed).toBe(CLOSE.version);
  expect(await feedSocket(server.url, [SUBPROTOCOL]).closed).toBe(CLOSE.ticket);
  for (const words of ['hello', '{"after": -1}', '{"after": 1, "x": 1}', '[]']) {
    const feed = await openFeed(server, ana);
    await feed.until((messages) => messages.length > 0);
    feed.socket.send(words);
    expect(await feed.closed).toBe(CLOSE.malformed);
  }
  const flood = await openFeed(server, ana);
  await flood.until((messages) => messages.length > 0);
  flood.socket.send('x'.repeat(100_000));
  expect(await flood.closed).toBe(1009);
});

test('a revoked token loses its socket at the next heartbeat', async () => {
  const { user } = await server.token(plant, 'operator', { user: 'Rex' });
  const made = (await server.ask('POST /v1/tokens', { token: plant.admin, body: { role: 'operator', user } })).body;
  const feed = await openFeed(server, made.token as string);
  await feed.until((messages) => messages.length > 0);
  await server.ask(`POST /v1/tokens/${made.id}/revoke`, { token: plant.admin });
  expect(await feed.closed).toBe(CLOSE.ticket);
});

test('live documents are not there yet, and a wish for one says so', async () => {
  const { status, body } = await server.ask('POST /v1/sync/tickets', {
    token: ana,
    body: { purpose: 'doc', room: 'x' },
  });
  expect([status, body.code]).toEqual([404, 'not-found']);
});

test('the same feed is heard over server-sent events, and goes on after the last id', async () => {
  const before = await server.ledger.head(plant.org);
  const { seq } = await make();
  const leaving = new AbortController();
  const response = await fetch(`${server.url}/v1/events/stream`, {
    headers: { authorization: `Bearer ${ana}`, 'last-event-id': String(before) },
    signal: leaving.signal,
  });
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  let text = '';
  const decoder = new TextDecoder();
  const reader = response.body!.getReader();
  const readUntil = async (mark: string) => {
    while (!text.includes(mark)) text += decoder.decode((await reader.read()).value);
  };
  await readUntil(`id: ${seq}\ndata: {"seq":${seq},`);
  const next = await make();
  await readUntil(`id: ${next.seq}\ndata: `);
  await readUntil(': heartbeat');
  leaving.abort();
});

test('[L4] a batch of a device: each command has its outcome, and the same batch again the same ones', async () => {
  const task = id();
  const commands = [
    command('tasks.create', task, { title: 'From the cellar', area: 'leeds' }),
    command('tasks.start', id(), {}),
    command('tasks.complete', task, { note: 1 }),
    command('tasks.fly', task, {}),
    command('tasks.raise', task, {}),
    command('tasks.acknowledge', task, {}, { v: 2 }),
    command('tasks.note', task, { text: 'Seen.' }),
  ];
  const { status, body } = await send(commands);
  expect(status).toBe(200);
  const codes = body.outcomes.map(
    ({ outcome, problem }: never) => (problem as { code?: string } | undefined)?.code ?? outcome,
  );
  expect(codes).toEqual([
    'accepted',
    'not-found',
    'invalid-input',
    'not-found',
    'not-found',
    'invalid-input',
    'accepted',
  ]);
  expect(body.outcomes.map((outcome: { id: string }) => outcome.id)).toEqual(commands.map((each) => each.id));
  const again = (await send(commands)).body;
  expect(again.head).toBe(body.head);
  expect(again.outcomes[0]).toMatchObject({ outcome: 'duplicate', seq: body.outcomes[0].seq });
  // Nobody measured this device's clock.
  expect(again.outcomes[0].flags).toEqual(['clock_suspect']);
  expect(again.outcomes[1].problem.code).toBe('not-found');
  const { body: audit } = await server.ask(`GET /v1/audit?subject=${task}`, { token: ana });
  expect(audit.items[0]).toMatchObject({ device, recordedAt: '2026-11-21T05:00:00.000Z' });
});

test('[L4] a refusal from a device is kept: what became possible since does not change the answer', async () => {
  const task = id();
  const early = command('tasks.note', task, { text: 'Too early' });
  expect((await send([early])).body.outcomes[0].outcome).toBe('rejected');
  await send([command('tasks.create', task, { title: 'Late', area: 'leeds' })]);
  expect((await send([early])).body.outcomes[0].outcome).toBe('rejected');
});

test('[L4] the same command id with another body is refused', async () => {
  const task = id();
  const made = command('tasks.create', task, { title: 'One', area: 'leeds' });
  await send([made]);
  const { body } = await send([{ ...made, body: { title: 'Two', area: 'leeds' } }]);
  expect(body.outcomes[0].problem.code).toBe('command-id-reused');
});

test('a secret is never made by a batch: nobody would see it', async () => {
  const { user } = await server.token(plant, 'operator', { user: 'Ula' });
  const { body } = await send([command('tokens.create', id(), { role: 'operator', user })], plant.admin);
  expect(body.outcomes[0].problem.code).toBe('invalid-input');
});

test.each([
  ['51 commands', () => Array.from({ length: 51 }, () => command('tasks.note', id(), { text: 'x' }))],
  ['none', () => []],
  ['a command without an id', () => [{ type: 'tasks.note' }]],
])('a batch of %s is refused as a whole', async (_name, commands) => {
  expect((await send(commands())).status).toBe(400);
});

test('who accepts it packed gets the same snapshot, packed; nobody else does', async () => {
  const ask = (accept: string) => server.ask('GET /v1/sync/snapshot', { token: ana, headers: { accept } });
  const plain = await ask('*/*');
  const packed = await ask('application/json, application/gzip, */*');
  expect([plain, packed].map(({ headers }) => headers.get('content-type'))).toEqual([
    'application/json',
    'application/gzip',
  ]);
  expect(JSON.parse(gunzipSync(packed.bytes).toString())).toEqual(plain.body);
  const refused = await server.ask('GET /v1/sync/snapshot?limit=0', {
    token: ana,
    headers: { accept: 'application/gzip' },
  });
  expect([refused.status, refused.body.code]).toEqual([400, 'invalid-input']);
});

test('a snapshot holds what the caller may see, page by page: shifts, people and places, then the rest', async () => {
  const hers = (await server.ask('GET /v1/sync/snapshot', { token: ana })).body;
  expect(hers.me).toMatchObject({ kind: 'user', role: 'supervisor', areas: [] });
  expect(hers.organisation).toBe(plant.org);
  const kinds: string[] = hers.items.map(({ kind }: { kind: string }) => kind);
  expect(kinds.indexOf('task')).toBeGreaterThan(kinds.lastIndexOf('user'));
  const paged: unknown[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await server.ask(`GET /v1/sync/snapshot?limit=3${cursor && `&cursor=${cursor}`}`, { token: ana });
    expect(body.items.length).toBeLessThanOrEqual(3);
    paged.push(...body.items);
    cursor = body.next;
  }
  expect(paged).toEqual(hers.items);
  const others = (await server.ask('GET /v1/sync/snapshot', { token: york })).body;
  const areas = others.items
    .filter(({ kind }: { kind: string }) => kind === 'task')
    .map(({ state }: never) => (state as { area: string }).area);
  expect(new Set(areas)).toEqual(new Set(['york']));
});

test('a server that leaves does not wait for a device that has gone deaf', async () => {
  const leaving = await aServer();
  const there = await leaving.plant();
  const feed = await openFeed(leaving, (await leaving.token(there, 'supervisor')).token);
  await feed.until((messages) => messages.length > 0);
  feed.socket.pause();
  const started = performance.now();
  await leaving.close();
  expect(performance.now() - started).toBeLessThan(5000);
  feed.socket.terminate();
});

test('a server that leaves tells its sockets to come again', async () => {
  const leaving = await aServer();
  const there = await leaving.plant();
  const feed = await openFeed(leaving, (await leaving.token(there, 'supervisor')).token);
  await feed.until((messages) => messages.length > 0);
  await leaving.close();
  expect(await feed.closed).toBe(CLOSE.leaving);
});
