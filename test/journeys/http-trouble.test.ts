/** When the disk is full, a rule is broken, or the server is told to go: who notices, and what is lost (nothing). */
import { expect, test } from 'vitest';
import * as z from 'zod';
import { carryOut } from '../../server/followers/policies.ts';
import { follow } from '../../server/followers/follow.ts';
import { memoryCursors } from '../../server/followers/cursors.ts';
import { features } from '../../shared/features/index.ts';
import { command, event, feature } from '../../shared/kernel/feature.ts';
import { policy } from '../../shared/kernel/policy.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import type { Store } from '../../shared/kernel/store.ts';
import pino from 'pino';
import { aServer } from '../kit/a-server.ts';
import { memoryBacking } from '../kit/memory-backing.ts';

const task = { title: 'Check pump', area: 'leeds' };
const report = { text: 'Oil under gearbox 4', area: 'leeds' };

/** A memory ground whose disk fills up and is cleared again. */
function fillable() {
  const backing = memoryBacking();
  const { store } = backing;
  let full = false;
  let refused = 0;
  const disk: Store = {
    ...store,
    transaction(work) {
      if (!full) return store.transaction(work);
      refused += 1;
      throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
    },
  };
  return { backing: { ...backing, store: disk }, fill: (is: boolean) => (full = is), refused: () => refused };
}

test('[L13] a full disk is 503 with Retry-After, and what was refused is not there', async () => {
  const disk = fillable();
  const server = await aServer({ backing: disk.backing });
  const plant = await server.plant();
  const { token } = await server.token(plant, 'supervisor');
  const before = await server.ledger.head(plant.org);
  disk.fill(true);
  const answer = await server.ask('POST /v1/tasks', { token, body: task, key: 'again' });
  expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([503, 'not-ready', '2']);
  expect(JSON.stringify(answer.body)).not.toContain('SQLITE');
  expect(await server.ledger.head(plant.org)).toBe(before);
  disk.fill(false);
  expect((await server.ask('POST /v1/tasks', { token, body: task, key: 'again' })).status).toBe(201);
  await server.close();
});

test('a policy whose wish meets a full disk asks again until there is room', async () => {
  const disk = fillable();
  const server = await aServer({ backing: disk.backing });
  const plant = await server.plant();
  const { token } = await server.token(plant, 'supervisor');
  const reported = server.ask('POST /v1/alarms', { token, body: report });
  // The disk fills in the moment after the report was stored, before the task that follows from it.
  const once = server.ledger.onCommit(() => {
    once();
    disk.fill(true);
  });
  expect((await reported).status).toBe(201);
  await expect.poll(disk.refused, { timeout: 10_000 }).toBeGreaterThan(1);
  disk.fill(false);
  await server.settled();
  expect((await server.ask('GET /v1/tasks', { token })).body.items).toHaveLength(1);
  await server.close();
});

test('[L4] a follower that forgot where it was makes nothing twice', async () => {
  const server = await aServer();
  const plant = await server.plant();
  const { token } = await server.token(plant, 'supervisor');
  await server.ask('POST /v1/alarms', { token, body: report });
  await server.settled();
  const before = await server.ledger.head(plant.org);
  const { ledger, installation } = server;
  const log = pino({ level: 'silent' });
  const again = await follow('policies', ledger, memoryCursors(), log, carryOut(ledger, installation.register, log));
  await again.settled();
  await again.close();
  expect(await server.ledger.head(plant.org)).toBe(before);
  await server.close();
});

const initial = { lit: false };
const fuses = feature({
  name: 'fuses',
  kind: 'fuse',
  letter: 'Z',
  summary: 'Fuses',
  commands: { light: command({}, { permission: 'task.note', creates: true, title: 'Light fuse' }) } as const,
  events: { 'fuse.lit': event({}) } as const,
  entity: z.object({ id: z.string(), lit: z.boolean() }),
  view: (state: typeof initial, { id }) => ({ id, ...state }),
  initial,
  decide: { light: () => [{ type: 'fuse.lit', body: {} }] },
  evolve: { 'fuse.lit': () => ({ lit: true }) },
  tracked: [],
  areaOf: () => undefined,
  readers: 'operations.read',
  columns: {},
  titleOf: () => 'Fuse',
  policies: [
    policy({
      name: 'blow-up',
      hears: ['fuse.lit'],
      reads: () => ({}),
      asks: () => {
        throw new Error('boom');
      },
    }),
  ],
});

test('[L14] a broken rule stops its follower for that organisation, loudly, and for no other', async () => {
  const server = await aServer({ register: createRegister([...features, fuses]) });
  const [broken, whole] = [await server.plant(), await server.plant()];
  const hers = (await server.token(broken, 'supervisor')).token;
  const his = (await server.token(whole, 'supervisor')).token;
  expect((await server.ask('POST /v1/fuses', { token: hers })).status).toBe(201);
  await expect(server.settled()).rejects.toThrow('boom');
  const ready = await server.ask('GET /readyz');
  expect([ready.status, ready.body.detail]).toEqual([503, 'The follower policies has stopped; the log says why.']);
  expect(server.lines.join('')).toContain('"msg":"follower stopped"');
  expect((await server.ask('GET /healthz')).status).toBe(200);
  await server.ask('POST /v1/alarms', { token: his, body: report });
  const tasks = async () => (await server.ask('GET /v1/tasks', { token: his })).body.items.length as number;
  await expect.poll(tasks, { timeout: 10_000 }).toBe(1);
  await server.close();
});

test('[L13] whoever is being served when the server is told to go gets an answer, and finds it again', async () => {
  const backing = memoryBacking();
  const first = await aServer({ backing });
  const plant = await first.plant();
  const { token } = await first.token(plant, 'supervisor');
  const asks = Array.from({ length: 50 }, (_, n) =>
    first.ask('POST /v1/tasks', { token, body: { ...task, title: `No ${n}` } }),
  );
  // The first one has come through the door; the rest is on its way.
  await asks[0];
  const closing = first.close();
  const answers = await Promise.allSettled(asks);
  await closing;
  const second = await aServer({ backing });
  const kept = new Set(
    (await second.ask('GET /v1/tasks?limit=200', { token })).body.items.map(({ id }: { id: string }) => id),
  );
  const yes = answers.filter((answer) => answer.status === 'fulfilled').filter(({ value }) => value.status === 201);
  expect(yes.length).toBeGreaterThan(0);
  for (const { value } of yes) expect(kept).toContain(value.body.id);
  await second.close();
});
