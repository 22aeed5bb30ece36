/** What leaves a running server: webhooks and notices over real sockets, through kill -9, and nothing that was not asked for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { serving, type Serving } from '../kit/a-cli.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { apiOf } from '../kit/api.ts';
import { aReceiver, type Receiver } from '../kit/receiver.ts';
import { until } from '../kit/until.ts';

const KILLS = Number(process.env['OPERARY_CRASH_ROUNDS'] ?? 6);

describe('over HTTP', () => {
  let server: AServer;
  let leeds: Plant;
  let york: Plant;
  let receiver: Receiver;
  const told = () => receiver.got.map(({ body }) => JSON.parse(body) as { type: string; data: { title: string } });
  beforeAll(async () => {
    receiver = await aReceiver();
    server = await aServer({ on: 'disk' });
    [leeds, york] = [await server.plant('leeds'), await server.plant('york')];
  });
  afterAll(async () => {
    await server.close();
    await receiver.close();
  });
  const supervisor = async (plant: Plant) => {
    const { token, user } = await server.token(plant, 'supervisor', { user: `Ana of ${plant.slug}` });
    return { api: apiOf(server.url, token), user };
  };

  test('[L4] a secret is shown once: a retry with the same key gets the same endpoint, and a note instead', async () => {
    const ask = {
      token: leeds.admin,
      key: 'erp',
      body: { url: `${receiver.url}/erp`, types: ['task.*'], name: 'ERP' },
    };
    const first = await server.ask('POST /v1/webhooks', ask);
    const again = await server.ask('POST /v1/webhooks', ask);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(first.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(again.body).toMatchObject({ id: first.body.id, secretNote: expect.stringContaining('rotate') });
    expect(again.body.secret).toBeUndefined();
    const shown = await server.ask(`GET /v1/webhooks/${first.body.id}`, { token: leeds.admin });
    expect(JSON.stringify(shown.body)).not.toContain(first.body.secret.slice(6));
    const { api } = await supervisor(leeds);
    await api.post('/v1/tasks', { title: 'Pump 3 leaks', area: 'main' });
    await server.settled();
    await server.sent();
    expect(told().map(({ data }) => data.title)).toEqual(['Pump 3 leaks']);
    const attempts = await server.ask(`GET /v1/webhooks/${first.body.id}/attempts`, { token: leeds.admin });
    expect(attempts.body).toMatchObject({
      items: [{ type: 'task.created', status: 200, outcome: 'sent' }],
      lane: { failures: 0 },
    });
    expect(JSON.stringify([attempts.body, server.lines])).not.toContain(first.body.secret.slice(6));
  });
  test('[L14] an endpoint hears of its own organisation only, and its attempts are its own', async () => {
    receiver.got.length = 0;
    const { api } = await supervisor(york);
    await api.post('/v1/tasks', { title: 'In York', area: 'main' });
    await server.settled();
    await server.sent();
    expect(receiver.got).toEqual([]);
    const [erp] = (await server.ask('GET /v1/webhooks', { token: leeds.admin })).body.items;
    expect(await server.ask(`GET /v1/webhooks/${erp.id}/attempts`, { token: york.admin })).toMatchObject({
      status: 404,
    });
    expect((await server.ask('GET /v1/webhooks', { token: york.admin })).body.items).toEqual([]);
  });
  test('a person sets their own address and tries it; what became of it can be read', async () => {
    receiver.got.length = 0;
    const { api, user } = await supervisor(york);
    await api.post('/v1/contacts', { channels: [{ kind: 'ntfy', address: `${receiver.url}/ana` }] });
    const mine = await api.get<{ items: { user: string }[] }>('/v1/contacts');
    expect(mine.items).toMatchObject([{ user }]);
    await api.post('/v1/contacts/test');
    await server.settled();
    await until('the test notice', () => receiver.got[0]);
    expect(receiver.got).toMatchObject([{ path: '/ana', headers: { title: 'Test notice' } }]);
    const notices = await until('its record', async () => {
      const { items } = await api.get<{ items: object[] }>('/v1/notices');
      return items.length ? items : undefined;
    });
    expect(notices).toMatchObject([{ user, channel: 'ntfy', why: 'test', status: 'sent' }]);
  });
  test('what leads into the plant’s own network is not asked, and the list of attempts says so', async () => {
    const { body } = await server.ask('POST /v1/webhooks', {
      token: york.admin,
      body: { url: 'http://169.254.169.254/latest/meta-data', types: ['task.*'], name: 'Curious' },
    });
    const { api } = await supervisor(york);
    await api.post('/v1/tasks', { title: 'Bait', area: 'main' });
    await server.settled();
    await server.sent();
    const attempts = await server.ask(`GET /v1/webhooks/${body.id}/attempts`, { token: york.admin });
    expect(attempts.body.items).toMatchObject([
      { outcome: 'failed', status: null, said: expect.stringContaining('OPERARY_ALLOW_OUTBOUND') },
    ]);
  });
});

describe('kill -9', () => {
  const data = mkdtempSync(join(tmpdir(), 'operary-outwards-'));
  let running: Serving | undefined;
  afterEach(async () => {
    await running?.stop('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });

  test(`${KILLS} times between what is recorded and what is sent: everything arrives, in order, and what comes twice has the same id`, async () => {
    const receiver = await aReceiver();
    const env = { OPERARY_ALLOW_OUTBOUND: '127.0.0.1', OPERARY_LOG_LEVEL: 'warn' };
    const start = async () => (running = await serving(data, env));
    const first = await start();
    const [admin, supervisor] = [...first.said.matchAll(/opy_live_\w+/g)].map(([token]) => token) as [string, string];
    await apiOf(first.url, admin).post('/v1/webhooks', { url: receiver.url, types: ['task.created'], name: 'ERP' });
    await apiOf(first.url, supervisor).post('/v1/contacts', {
      channels: [{ kind: 'ntfy', address: `${receiver.url}/ana` }],
    });
    const told = () =>
      receiver.got
        .filter(({ path }) => path === '/')
        .map(({ headers, body }) => ({
          id: headers['webhook-id'],
          title: (JSON.parse(body) as { data: { title: string } }).data.title,
        }));
    const made: string[] = [];
    for (let round = 0; round < KILLS; round++) {
      const { url, stop } = round === 0 ? first : await start();
      const api = apiOf(url, supervisor);
      // The last of them are recorded and answered, and not yet sent: every other time nobody even answers.
      if (round % 2) receiver.answers('hang');
      for (let n = 0; n < 5; n++) {
        const title = `task ${round}/${n}`;
        await api.post('/v1/tasks', { title, area: 'main', priority: 'P4' });
        made.push(title);
      }
      await stop('SIGKILL');
    }
    await start();
    await until(
      'everything',
      () => (new Set(told().map(({ title }) => title)).size === made.length ? true : undefined),
      60,
    );
    const firsts = [...new Map(told().map((one) => [one.title, one])).keys()];
    expect(firsts).toEqual(made);
    for (const title of made) {
      const ids = told().filter((one) => one.title === title);
      expect(new Set(ids.map(({ id }) => id)).size).toBe(1);
    }
    await receiver.close();
  }, 180_000);
});
