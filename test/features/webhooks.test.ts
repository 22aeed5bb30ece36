/** Webhooks by Standard Webhooks: signed, in order, again and again until somebody takes them, and visibly stopped when nobody does. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openOutboundStore } from '../../server/outbound/store.ts';
import { FOR_MACHINES, waitAfter } from '../../server/outbound/ladder.ts';
import type { WebhookState } from '../../shared/features/webhooks/contract.ts';
import { area, task, webhook } from '../kit/ask.ts';
import { anOrganisation, aTask, by, given, LINE_3, PACKAGING, pump } from '../kit/given.ts';
import { onLoopback, outwards, type Outwards } from '../kit/outwards.ts';
import { ana, ben, marek, ORG, root } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { aReceiver, type Got, type Receiver } from '../kit/receiver.ts';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

let receiver: Receiver;
let plant: Plant;
let out: Outwards;
beforeEach(async () => {
  receiver = await aReceiver();
  plant = await createPlant().run(anOrganisation());
  out = outwards(plant, { url: 'https://operary.example' });
});
afterEach(async () => {
  await out.close();
  await receiver.close();
});

const erp = webhook('erp');
const url = () => `${receiver.url}/hook`;
const parsed = ({ body }: Got) =>
  JSON.parse(body) as { type: string; timestamp: string; data: Record<string, unknown> };
const types = () => receiver.got.map((one) => parsed(one).type);
const stateOf = () => plant.state<WebhookState>(erp);
const make = (name: string, more: object = {}) =>
  plant.must(
    task(name)
      .create({ title: name, area: PACKAGING, ...more })
      .by(ana),
  );

/** The reference library, where it is installed. */
async function verifier(secret: string) {
  const { Webhook } = (await import('standardwebhooks').catch(() => ({}))) as {
    Webhook?: new (secret: string) => { verify(body: string, headers: object): unknown };
  };
  return Webhook && new Webhook(secret);
}

describe('a message', () => {
  test('[L10] is signed as Standard Webhooks says: its own library accepts it, and nothing that was changed', async ({
    skip,
  }) => {
    const secret = await out.hook('erp', { url: url(), types: ['task.*'] });
    const check = await verifier(secret);
    if (!check) return skip('not run: the package standardwebhooks is not installed');
    // The library looks at the clock of the machine.
    plant.waitUntil(new Date().toISOString());
    await plant.run(aTask());
    await out.send();
    const [got] = receiver.got as [Got];
    expect(check.verify(got.body, got.headers)).toEqual(parsed(got));
    expect(() => check.verify(got.body.replace('task', 'tusk'), got.headers)).toThrow();
    expect(() => check.verify(got.body, { ...got.headers, 'webhook-id': 'another' })).toThrow();
    const other = (await verifier(`whsec_${Buffer.alloc(32).toString('base64')}`))!;
    expect(() => other.verify(got.body, got.headers)).toThrow();
  });
  test('says what it is about, and no more', async () => {
    await out.hook('erp', { url: url(), types: ['task.created'] });
    await plant.run(aTask('open', { title: 'Pump 3 leaks', description: 'Somebody slipped.', priority: 'P2' }));
    await out.send();
    const [got] = receiver.got as [Got];
    const { seq, id } = (await plant.history(pump))[0]!;
    expect(got.headers['webhook-id']).toBe(`${id}_${erp.id}`);
    expect(parsed(got)).toEqual({
      type: 'task.created',
      timestamp: plant.now(),
      data: {
        ...{ event: id, seq, kind: 'task', id: pump.id, ref: 'T-1', title: 'Pump 3 leaks', area: PACKAGING },
        ...{
          shift: null,
          status: 'open',
          priority: 'P2',
          actor: { kind: 'user', id: ana.id },
          receivedAt: plant.now(),
        },
        link: `obsidian://operary?item=task%2F${pump.id}`,
        url: `https://operary.example/v1/tasks/${pump.id}`,
      },
    });
    expect(got.body).not.toContain('slipped');
    expect(got.body.length).toBeLessThan(20_000);
  });
  test('says how things stood then, however late it leaves', async () => {
    await out.hook('erp', { url: url(), types: ['task.*'] });
    await plant.run(aTask('in_progress'));
    await out.send();
    expect(receiver.got.map((one) => [parsed(one).type, parsed(one).data['status']])).toEqual([
      ['task.created', 'open'],
      ['task.assigned', 'assigned'],
      ['task.acknowledged', 'acknowledged'],
      ['task.started', 'in_progress'],
    ]);
  });
  test('[L14] goes to an endpoint whose types and area say so', async () => {
    await out.hook('erp', { url: url(), types: ['task.created', 'area.*'], area: PACKAGING });
    await plant.run(
      aTask('assigned'),
      task('line').create({ title: 'On the line', area: LINE_3 }).by(ana),
      task('else').create({ title: 'Elsewhere', area: 'leeds/utilities' }).by(ana),
      area('new').create({ path: 'leeds/packaging-2', name: 'No area of events' }).by(root),
    );
    await out.send();
    expect(receiver.got.map((one) => parsed(one).data['title'])).toEqual(['Pump 3 leaks', 'On the line']);
  });
  test('tells of nothing that was before the endpoint', async () => {
    await plant.run(aTask('assigned'));
    await out.hook('erp', { url: url(), types: ['task.*'] });
    await out.send();
    await plant.must(pump.acknowledge().by(marek));
    await out.send();
    expect(types()).toEqual(['task.acknowledged']);
  });
});

describe('when nobody takes it', () => {
  beforeEach(() => out.hook('erp', { url: url(), types: ['task.created'] }));

  test('it comes again with the same id and body, newly timed and signed, and the next one waits its turn', async () => {
    receiver.answers(500, 'cut', 503);
    await make('first');
    await make('second');
    await out.send();
    await out.after(4);
    expect(receiver.got.length).toBe(1);
    await out.after(1);
    await out.after(5 * MINUTE);
    expect(receiver.got.length).toBe(3);
    await out.after(30 * MINUTE);
    expect(receiver.got.map((one) => parsed(one).data['title'])).toEqual([
      'first',
      'first',
      'first',
      'first',
      'second',
    ]);
    const [a, , , d] = receiver.got as [Got, Got, Got, Got];
    expect([d.headers['webhook-id'], d.body]).toEqual([a.headers['webhook-id'], a.body]);
    expect(d.headers['webhook-timestamp']).not.toBe(a.headers['webhook-timestamp']);
    expect(d.headers['webhook-signature']).not.toBe(a.headers['webhook-signature']);
    expect(out.store.attempts(ORG, erp.id, 10).map(({ outcome, status }) => [outcome, status])).toEqual([
      ['sent', 200],
      ['sent', 200],
      ['failed', 503],
      ['failed', null],
      ['failed', 500],
    ]);
  });
  test('it climbs the whole ladder, then stops by an event that says why; nothing is lost when an admin resumes', async () => {
    receiver.answers(...FOR_MACHINES.map(() => 500));
    await make('first');
    await out.send();
    for (const step of FOR_MACHINES.slice(1)) await out.after(step / 1000);
    expect(receiver.got.length).toBe(FOR_MACHINES.length);
    expect((await plant.history(erp)).at(-1)).toMatchObject({
      type: 'webhook.failing',
      actor: { kind: 'engine' },
      body: { status: 500, problem: 'Not taken in 10 attempts over three days. It answered 500.' },
    });
    expect(await stateOf()).toMatchObject({ status: 'failing', problem: { status: 500 } });
    await make('second');
    await out.after(DAY);
    expect(receiver.got.length).toBe(FOR_MACHINES.length);
    await plant.must(erp.resume().by(root));
    await out.send();
    expect(receiver.got.slice(FOR_MACHINES.length).map((one) => parsed(one).data['title'])).toEqual([
      'first',
      'second',
    ]);
    expect(await stateOf()).toMatchObject({ status: 'active', problem: null });
  });
  test('410 says that it is gone: disabled at once', async () => {
    receiver.answers(410);
    await make('first');
    await out.send();
    await out.after(DAY);
    expect(receiver.got.length).toBe(1);
    expect((await plant.history(erp)).map(({ type }) => type)).toEqual(['webhook.created', 'webhook.disabled']);
  });
  test.each([
    [{ status: 429, headers: { 'retry-after': '120' } }, 120],
    [{ status: 503, headers: { 'retry-after': '90' } }, 90],
    [502, 60],
    [504, 60],
    [429, 60],
  ] as const)('%j makes us wait for %i seconds', async (answer, seconds) => {
    receiver.answers(answer);
    await make('first');
    await out.send();
    await out.after(seconds - 1);
    expect(receiver.got.length).toBe(1);
    await out.after(1);
    expect(receiver.got.length).toBe(2);
  });
  test('a redirect is told and not followed', async () => {
    receiver.answers({ status: 302, headers: { location: `${receiver.url}/elsewhere` } });
    await make('first');
    await out.send();
    expect(receiver.got.map(({ path }) => path)).toEqual(['/hook']);
    expect(out.store.attempts(ORG, erp.id, 1)).toMatchObject([
      { status: 302, said: 'It leads elsewhere, and redirects are not followed.' },
    ]);
  });
  test('jitter is a fifth either way, and a date may be asked for', () => {
    const at = (chance: number, now = 0) => ({ now, chance });
    expect(waitAfter(FOR_MACHINES, 2, {}, at(0))).toBe(240_000);
    expect(waitAfter(FOR_MACHINES, 2, {}, at(1))).toBe(360_000);
    expect(waitAfter(FOR_MACHINES, 1, { retryAfter: 'Thu, 01 Jan 1970 00:10:00 GMT' }, at(0.5))).toBe(600_000);
    expect(waitAfter(FOR_MACHINES, 1, { retryAfter: 'soon' }, at(0.5))).toBe(5000);
    expect(waitAfter(FOR_MACHINES, 1, { retryAfter: '99999999' }, at(0.5))).toBe(86_400_000);
    expect(waitAfter(FOR_MACHINES, FOR_MACHINES.length, {}, at(0.5))).toBeUndefined();
  });
});

test('[L14] an endpoint that hangs holds up nobody else', async () => {
  const slow = await aReceiver();
  slow.answers('hang');
  await out.close();
  out = outwards(plant, { post: onLoopback(500), store: out.store, secrets: out.secrets });
  await out.hook('slow', { url: slow.url, types: ['task.*'] });
  await out.hook('erp', { url: url(), types: ['task.*'] });
  await make('first');
  await make('second');
  await out.send();
  expect(types()).toEqual(['task.created', 'task.created']);
  expect(slow.got.length).toBe(1);
  expect(out.store.attempts(ORG, webhook('slow').id, 1)).toMatchObject([{ status: null, outcome: 'failed' }]);
  await slow.close();
});

describe('an admin', () => {
  test('pauses and resumes; what happened meanwhile goes out then, in order', async () => {
    await out.hook('erp', { url: url(), types: ['task.created'] });
    await plant.must(erp.pause().by(root));
    for (const name of ['one', 'two', 'three']) await make(name);
    await out.after(HOUR);
    expect(receiver.got).toEqual([]);
    await plant.must(erp.resume().by(root));
    await out.send();
    expect(receiver.got.map((one) => parsed(one).data['title'])).toEqual(['one', 'two', 'three']);
  });
  test('retires: nothing leaves any more', async () => {
    await out.hook('erp', { url: url(), types: ['*'] });
    await out.send();
    await plant.must(erp.retire().by(root));
    await make('one');
    await out.send();
    expect(receiver.got).toEqual([]);
    for (const ask of [erp.retire(), erp.resume(), erp.pause(), erp.redeliver({ event: 1 })])
      expect(await plant.ask(ask.by(root))).toMatchObject({ refusal: { refused: 'transition-not-allowed' } });
  });
  test('[L10] rotates: for a day both secrets sign, then only the new one; the old one is thrown away', async ({
    skip,
  }) => {
    plant.waitUntil(new Date().toISOString());
    const old = await out.hook('erp', { url: url(), types: ['task.created'] });
    const fresh = await out.rotate('erp');
    const checks = [await verifier(old), await verifier(fresh)];
    await make('one');
    await out.send();
    const [both] = receiver.got as [Got];
    expect(both.headers['webhook-signature']!.split(' ').length).toBe(2);
    if (checks[0]) for (const check of checks) expect(check!.verify(both.body, both.headers)).toBeTruthy();
    plant.pass(24 * 60);
    await make('two');
    await out.send();
    expect(receiver.got[1]!.headers['webhook-signature']!.split(' ').length).toBe(1);
    const hash = ((await plant.history(erp))[0]!.body as { hash?: string }).hash!;
    expect(out.secrets.get(ORG, erp.id, hash)).toBeUndefined();
    if (!checks[0]) skip('not run: the package standardwebhooks is not installed');
  });
  test('asks for one event once more, or for everything since a time: with the ids that they had', async () => {
    await out.hook('erp', { url: url(), types: ['task.created'] });
    await make('one');
    plant.pass(10);
    const since = plant.now();
    await make('two');
    await make('three');
    await out.send();
    const ids = receiver.got.splice(0).map(({ headers }) => headers['webhook-id']);
    const { seq } = (await plant.history(task('one')))[0]!;
    await plant.must(erp.redeliver({ event: seq }).by(root));
    await out.send();
    expect(receiver.got.splice(0).map(({ headers }) => headers['webhook-id'])).toEqual([ids[0]]);
    await plant.must(erp.redeliver({ since }).by(root));
    await out.send();
    expect(receiver.got.splice(0).map(({ headers }) => headers['webhook-id'])).toEqual(ids.slice(1));
    await out.after(HOUR);
    expect(receiver.got).toEqual([]);
  });
  test('is told when the secret is not on this server, and nothing leaves unsigned', async () => {
    await plant.must(
      erp.create({ url: url(), types: ['task.*'], name: 'ERP' }, { minted: { secretHash: 'a'.repeat(64) } }).by(root),
    );
    await make('one');
    await out.send();
    expect(receiver.got).toEqual([]);
    expect(await stateOf()).toMatchObject({
      status: 'failing',
      problem: { says: expect.stringContaining('Rotate it') },
    });
    await out.rotate('erp');
    await plant.must(erp.resume().by(root));
    await out.send();
    expect(types()).toEqual(['task.created']);
  });
});

test('a server that comes back goes on where it was, with the failures that it had counted', async () => {
  await out.hook('erp', { url: url(), types: ['task.created'] });
  receiver.answers(500, 500);
  await make('one');
  await out.send();
  await out.after(5);
  const { store, secrets } = out;
  await out.close();
  out = outwards(plant, { store, secrets });
  await out.after(5 * MINUTE - 1);
  expect(receiver.got.length).toBe(2);
  await out.after(1);
  expect(receiver.got.length).toBe(3);
});

test('an answer that echoes the secret is not remembered with it, and the list is bounded', async () => {
  const secret = await out.hook('erp', { url: url(), types: ['task.created'] });
  receiver.answers({ status: 200, body: `thank you for ${secret}, ${'x'.repeat(5000)}` });
  await make('one');
  await out.send();
  const [attempt] = out.store.attempts(ORG, erp.id, 10);
  expect(attempt!.said).toMatch(/^thank you for …, x{1,200}$/);
  expect(attempt!.said.length).toBe(200);
  for (let i = 0; i < 250; i++) out.store.note(ORG, erp.id, { ...attempt!, ms: i });
  const all = out.store.attempts(ORG, erp.id, 1000);
  expect([all.length, all[0]!.ms, all.at(-1)!.ms]).toEqual([200, 249, 50]);
});

test('[L10] neither the log nor any event holds a secret', async () => {
  const secrets = [await out.hook('erp', { url: url() }), await out.rotate('erp')];
  await out.send();
  const told = JSON.stringify(await plant.events());
  for (const secret of secrets) expect(told).not.toContain(secret.slice(6));
});

describe('refused', () => {
  const minted = { minted: { secretHash: 'a'.repeat(64) } };
  const made = () => erp.create({ url: 'https://erp.example.com/hook', types: ['task.*'], name: 'ERP' }, minted);
  test.each([
    ['ftp://erp.example.com', ['*']],
    ['https://user:pass@erp.example.com', ['*']],
    ['erp.example.com', ['*']],
    ['https://erp.example.com', ['task*']],
    ['https://erp.example.com', ['Task.created']],
    ['https://erp.example.com', []],
  ])('an endpoint at %s for %j', async (address, wanted) => {
    await given(anOrganisation())
      .when(erp.create({ url: address, types: wanted, name: 'ERP' }, minted), by(root))
      .refused('invalid-input');
  });
  test('[L14] to whoever is no admin', () => given(anOrganisation()).when(made(), by(ben)).refused('role-not-allowed'));
  test('[L7] to send again neither one nor since, or what is older than a month', async () => {
    const steps = [anOrganisation(), made().by(root)];
    await given(...steps)
      .when(erp.redeliver({}), by(root))
      .refused('invalid-input');
    await given(...steps)
      .when(erp.redeliver({ event: 1, since: '2026-11-20T22:00:00Z' }), by(root))
      .refused('invalid-input');
    await given(...steps)
      .when(erp.redeliver({ since: '2026-10-01T00:00:00Z' }), by(root))
      .refused('invalid-input');
  });
  test('[L7] to resume what is active, and to pause twice', async () => {
    await given(anOrganisation(), made().by(root)).when(erp.resume(), by(root)).refused('transition-not-allowed');
    await given(anOrganisation(), made().by(root), erp.pause().by(root))
      .when(erp.pause(), by(root))
      .refused('transition-not-allowed');
  });
});

test('an old store is opened as it is', async () => {
  const { default: SqliteDatabase } = await import('better-sqlite3');
  const db = new SqliteDatabase(':memory:');
  openOutboundStore(db).keepLane({ org: ORG, lane: 'x', at: 7, heeded: 0, failures: 1, notBefore: 5 });
  expect(openOutboundStore(db).lane(ORG, 'x')).toMatchObject({ at: 7, failures: 1 });
});
