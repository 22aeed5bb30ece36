/** A feature is one folder and one line of the register: here the line is in the test. No host knows what a kite is. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { command, event, feature } from '../../shared/kernel/feature.ts';
import { features } from '../../shared/features/index.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import { refuse } from '../../shared/kernel/refusal.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { areaPath, erasable, line, uuid } from '../../shared/kernel/schema.ts';
import { policy } from '../../shared/kernel/policy.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';

interface KiteState {
  readonly name: string;
  readonly area: string | null;
  readonly status: 'down' | 'up';
}

const initial: KiteState = { name: '', area: null, status: 'down' };

const kites = feature({
  name: 'kites',
  kind: 'kite',
  letter: 'Q',
  summary: 'Kites over the plant',
  commands: {
    create: command(
      { name: line(100), area: areaPath, of: uuid.optional() },
      { permission: 'task.create', creates: true, title: 'Make kite' },
    ),
    letGo: command({}, { permission: 'task.note', title: 'Let kite go' }),
    land: command({}, { permission: 'task.carry-over', title: 'Land kite', internal: true }),
  } as const,
  events: {
    'kite.made': event({ name: erasable(z.string()), area: z.string() }),
    'kite.let_go': event({}),
    'kite.landed': event({}),
  } as const,
  entity: z.object({
    id: uuid,
    number: z.int(),
    ref: z.string(),
    name: z.string(),
    area: z.string().nullable(),
    status: z.enum(['down', 'up']),
  }),
  view: (state: KiteState, { id, number }) => ({ id, number, ref: shortNumber('Q', number), ...state }),
  initial,
  decide: {
    create: (_state, { input: { name, area, of } }) => [
      { type: 'kite.made', body: { name, area }, upstream: of ? [{ kind: 'kite', id: of, rel: 'part_of' }] : [] },
    ],
    letGo: (state) =>
      state.status === 'up'
        ? refuse('transition-not-allowed', 'This kite is up already.')
        : [{ type: 'kite.let_go', body: {} }],
    land: () => [{ type: 'kite.landed', body: {} }],
  },
  evolve: {
    'kite.made': (state, { body: { name, area } }) => ({ ...state, name, area }),
    'kite.let_go': (state) => ({ ...state, status: 'up' as const }),
    'kite.landed': (state) => ({ ...state, status: 'down' as const }),
  },
  tracked: ['status'],
  areaOf: (state) => state.area ?? undefined,
  concern: (state, { input }) => ({ area: (input as { area?: string }).area ?? state.area ?? undefined }),
  readers: 'operations.read',
  columns: { status: (state) => state.status, area: (state) => state.area, search: (state) => state.name },
  filters: ['status', 'area'],
  titleOf: (state) => state.name,
  isTerminal: (state) => state.status === 'down',
  travels: { where: () => [{}], holds: () => true },
  policies: [
    policy({
      name: 'land-what-is-called-brief',
      hears: ['kite.let_go'],
      reads: () => ({}),
      asks: ({ subject, body }) => (body.reason === 'briefly' ? [{ type: 'kites.land', subject, input: {} }] : []),
    }),
  ],
});

let server: AServer;
let plant: Plant;
let token: string;
beforeAll(async () => {
  server = await aServer({ register: createRegister([...features, kites]) });
  plant = await server.plant();
  ({ token } = await server.token(plant, 'supervisor'));
});
afterAll(() => server.close());

const make = (name: string, more: object = {}) =>
  server.ask('POST /v1/kites', { token, body: { name, area: 'leeds', ...more } });

test('[L11] a feature that is one line of the register has its routes', async () => {
  const made = await make('Red');
  expect(made.status).toBe(201);
  expect(made.headers.get('location')).toBe(`/v1/kites/${made.body.id}`);
  const up = await server.ask(`POST /v1/kites/${made.body.ref}/let-go`, { token });
  expect([up.status, up.body.status]).toEqual([200, 'up']);
  expect((await server.ask(`POST /v1/kites/${made.body.id}/let-go`, { token })).body.code).toBe(
    'transition-not-allowed',
  );
  expect((await server.ask('GET /v1/kites?status=up&q=red&area=leeds', { token })).body.items).toHaveLength(1);
  expect((await server.ask(`GET /v1/kites/${made.body.number}`, { token })).body.name).toBe('Red');
});

test('[L11] what is internal has no route', async () => {
  const made = await make('Hidden');
  expect((await server.ask(`POST /v1/kites/${made.body.id}/land`, { token })).body.code).toBe('no-such-route');
});

test('[L11] its routes stand in the OpenAPI document', async () => {
  const { body } = await server.ask('GET /openapi.json');
  expect(Object.keys(body.paths).filter((path) => path.startsWith('/v1/kites'))).toEqual([
    '/v1/kites',
    '/v1/kites/{id}',
    '/v1/kites/{id}/let-go',
    '/v1/kites/{id}/trail',
  ]);
  expect(body.paths['/v1/kites'].post.requestBody.content['application/json'].schema.required).toEqual([
    'name',
    'area',
  ]);
});

test('[L11] its events are on the feed, its streams in the snapshot', async () => {
  const { body } = await make('Blue');
  const feed = await server.ask('GET /v1/events?limit=1000', { token });
  const event = feed.body.items.find(({ subject }: { subject: { id: string } }) => subject.id === body.id);
  expect(event).toMatchObject({ type: 'kite.made', area: 'leeds', body: { name: 'Blue', number: body.number } });
  const snapshot = await server.ask('GET /v1/sync/snapshot', { token });
  const item = snapshot.body.items.find(({ id }: { id: string }) => id === body.id);
  expect(item).toMatchObject({ kind: 'kite', number: body.number, seq: event.seq, state: { name: 'Blue' } });
});

test('[L11] its trail leads to the root and down again', async () => {
  const parent = (await make('Parent')).body;
  const child = (await make('Child', { of: parent.id })).body;
  const grandchild = (await make('Grandchild', { of: child.id })).body;
  const { body } = await server.ask(`GET /v1/kites/${child.id}/trail`, { token });
  expect(body.root).toMatchObject({ kind: 'kite', id: parent.id, ref: parent.ref, title: 'Parent' });
  expect(body.chain.map(({ title }: { title: string }) => title)).toEqual(['Parent', 'Child']);
  expect(body.items.map(({ title }: { title: string }) => title).sort()).toEqual(['Child', 'Grandchild', 'Parent']);
  expect(body.items[0].children).toEqual([{ kind: 'kite', id: grandchild.id, rel: 'part_of' }]);
  expect(body.events.map(({ type }: { type: string }) => type)).toEqual(['kite.made', 'kite.made', 'kite.made']);
  expect((await server.ask('GET /v1/audit/orphans', { token })).body).toMatchObject({ items: [] });
});

test('[L4] its policies are carried out, once', async () => {
  const { id } = (await make('Short')).body;
  await server.ask(`POST /v1/kites/${id}/let-go`, { token, body: { reason: 'briefly' } });
  await server.settled();
  expect((await server.ask(`GET /v1/kites/${id}`, { token })).body.status).toBe('down');
  const { body } = await server.ask(`GET /v1/audit?subject=${id}`, { token });
  expect(body.items.map(({ type }: { type: string }) => type)).toEqual(['kite.made', 'kite.let_go', 'kite.landed']);
  expect(body.items[2].actor).toEqual({ kind: 'engine', id: 'land-what-is-called-brief' });
});

test('[L14] it is walled like any other: by organisation and by area', async () => {
  const { id } = (await make('Ours')).body;
  const other = await server.plant();
  const stranger = (await server.token(other, 'supervisor')).token;
  expect((await server.ask(`GET /v1/kites/${id}`, { token: stranger })).body.code).toBe('not-found');
  expect((await server.ask(`POST /v1/kites/${id}/let-go`, { token: stranger })).body.code).toBe('not-found');
  const york = (await server.token(plant, 'operator', { user: 'Yve', areas: ['york'] })).token;
  expect((await server.ask(`GET /v1/kites/${id}`, { token: york })).body.code).toBe('not-found');
  expect((await server.ask('GET /v1/kites', { token: york })).body.items).toEqual([]);
  expect((await server.ask(`POST /v1/kites/${id}/let-go`, { token: york })).body.code).toBe('outside-your-area');
});
