/** The way of a delivery whose sender is known: answer codes, names, storms, silence, mappings, tests (domain model 3.1, 3.3 to 3.5). */
import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { integrationCalled } from '../../server/ingest/authenticate.ts';
import { openIntakeStore } from '../../server/ingest/intake-store.ts';
import { createIntake } from '../../server/ingest/intake.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import type { BatchTx } from '../../shared/kernel/store.ts';
import { isRefusal, STATUS_BY_CODE } from '../../shared/kernel/refusal.ts';
import { recording } from '../kit/fixtures.ts';
import { memoryBacking } from '../kit/memory-backing.ts';
import { alarm, MINUTE, someSenders, type Connected, type Senders } from '../kit/senders.ts';

let at: Senders;
beforeEach(async () => {
  at = await someSenders();
});
afterEach(() => at.server.close());

const failures = async (to: Connected, status = 'refused') =>
  (await at.admin(`GET /v1/integrations/${to.id}/failures?status=${status}&limit=200`)).body.items as {
    id: string;
    code: string;
    bytes: number;
    delivery: string | null;
  }[];
const deliveryOf = async (id: string) => (await at.server.ask(`GET /v1/deliveries/${id}`, { token: at.ana })).body;

describe('[L7] bad input: each with its code, nothing recorded as an alarm, all countable', () => {
  const text = { 'content-type': 'application/json' };
  test.each<[string, string | Uint8Array, Record<string, string>, number, string]>([
    ['not JSON', '{"a":', text, 400, 'malformed-json'],
    ['not the kind', '{"hello":"world"}', text, 400, 'not-a-delivery'],
    ['bytes that are no UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), text, 400, 'malformed-json'],
    [
      'another charset',
      '{"title":"x"}',
      { 'content-type': 'application/json; charset=iso-8859-1' },
      415,
      'unsupported-media-type',
    ],
    ['packed', gzipSync('{"title":"x"}'), { ...text, 'content-encoding': 'gzip' }, 415, 'unsupported-media-type'],
    ['a bomb', gzipSync('0'.repeat(5e6)), { ...text, 'content-encoding': 'gzip' }, 415, 'unsupported-media-type'],
    ['too large', `{"title":"${'x'.repeat(1 << 20)}"}`, text, 413, 'too-large'],
  ])('%s', async (_name, body, headers, status, code) => {
    const plc = await at.connect('generic');
    const before = await at.head();
    const answer = await at.post(plc, body, headers);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    await at.settled();
    expect(await at.head()).toBe(before);
    expect(await failures(plc)).toMatchObject([{ id: answer.body.deliveryId, code }]);
    expect(await at.counted('generic', 'refused')).toBe(1);
  });
  test('UTF-8 said in its many ways, or nothing said, is fine', async () => {
    const plc = await at.connect('generic');
    for (const [i, type] of [
      'application/json; charset="UTF-8"',
      'text/plain;charset=utf8',
      'application/json',
    ].entries())
      expect((await at.post(plc, JSON.stringify(alarm(`a${i}`)), { 'content-type': type })).status).toBe(202);
    expect((await at.post(plc, new TextEncoder().encode(JSON.stringify(alarm('b'))))).status).toBe(202);
  });
  test('a time that is still to come is taken as now, with a warning', async () => {
    const plc = await at.connect('generic');
    const { body } = await at.post(plc, alarm('a', { occurredAt: '2026-11-21T02:05:01Z' }));
    expect(body.warnings).toEqual([expect.stringContaining('ahead')]);
    await at.post(plc, alarm('b', { occurredAt: '2026-11-21T02:05:00Z' }));
    const alarms = await at.list('/v1/alarms');
    expect(alarms.map(({ activeSince }) => activeSince)).toEqual([
      '2026-11-21T02:05:00.000Z',
      '2026-11-21T02:00:00.000Z',
    ]);
  });
  test('a retired integration says that it is gone', async () => {
    const plc = await at.connect('generic');
    await at.admin(`POST /v1/integrations/${plc.id}/retire`);
    expect((await at.post(plc, alarm('a'))).body).toMatchObject({ status: 410, code: 'gone' });
  });
  test('what nobody can read ten times an hour is an event of the integration, and no alarm', async () => {
    const plc = await at.connect('alertmanager');
    for (let n = 0; n < 12; n++) {
      expect((await at.post(plc, `{"n":${n}}`)).status).toBe(400);
      at.pass(4 * MINUTE);
    }
    await at.settled();
    expect(await at.story(plc)).toEqual(['integration.created', 'integration.trouble_began unreadable']);
    expect(await at.list('/v1/alarms')).toEqual([]);
  });
});

test('CloudEvents: the handshake allows whoever has the token, for integrations of that kind', async () => {
  const events = await at.connect('cloudevents', {});
  const plc = await at.connect('generic');
  const shake = ({ id }: Connected) =>
    at.server.ask(`OPTIONS /v1/ingest/${id}`, { headers: { 'webhook-request-origin': 'events.example.com' } });
  const { status, headers } = await shake(events);
  expect([status, headers.get('webhook-allowed-origin'), headers.get('webhook-allowed-rate')]).toEqual([
    204,
    'events.example.com',
    '60',
  ]);
  expect((await shake(plc)).headers.get('webhook-allowed-origin')).toBeNull();
});

describe('[L4] the same message again', () => {
  test('by its name a week later, whatever happened in between, also after a restart of what is kept', async () => {
    const plc = await at.connect('generic');
    const first = await at.post(plc, alarm('a', { id: 'm-1' }));
    await at.post(plc, alarm('a', { id: 'm-2', state: 'cleared' }));
    await at.settled();
    const before = await at.head();
    at.pass(6 * 24 * 60 * MINUTE);
    const again = await at.post(plc, alarm('a', { id: 'm-1' }));
    expect(again.body).toMatchObject({
      status: 'duplicate',
      deliveryId: first.body.deliveryId,
      results: [{ kind: 'active', status: 'duplicate' }],
    });
    expect(await at.head()).toBe(before);
    expect(await at.counted('generic', 'duplicate')).toBe(1);
  });
  test('by its bytes within a minute; but not once something else came between', async () => {
    const plc = await at.connect('generic');
    const [on, off] = [alarm('a'), alarm('a', { state: 'cleared' })];
    const first = await at.post(plc, on);
    expect((await at.post(plc, on)).body).toMatchObject({ status: 'duplicate', deliveryId: first.body.deliveryId });
    at.pass(1000);
    await at.post(plc, off);
    at.pass(1000);
    // Word for word the same, and yet a new activation.
    expect((await at.post(plc, on)).body.status).toBe('accepted');
    expect(await at.list('/v1/alarms')).toMatchObject([{ active: true }]);
  });
  test('sixteen of one name at the same moment are one', async () => {
    const plc = await at.connect('generic');
    const all = await Promise.all(Array.from({ length: 16 }, () => at.post(plc, alarm('a', { id: 'm' }))));
    expect(all.filter(({ body }) => body.status === 'accepted')).toHaveLength(1);
    expect(new Set(all.map(({ body }) => body.deliveryId)).size).toBe(1);
  });
  test('what was refused is not remembered: mended, it is taken', async () => {
    const plc = await at.connect('generic');
    expect((await at.post(plc, { id: 'm', condition: 'a' })).status).toBe(400);
    expect((await at.post(plc, alarm('a', { id: 'm' }))).body.status).toBe('accepted');
  });
});

describe('a storm', () => {
  const group = (n: number, state: 'firing' | 'resolved') => ({
    version: '4',
    status: state,
    alerts: [
      {
        status: state,
        labels: { alertname: `Alert ${n % 5}`, severity: 'critical' },
        annotations: { summary: `Alert ${n % 5}` },
        startsAt: `2026-11-21T01:${String(10 + Math.floor(n / 10)).padStart(2, '0')}:00Z`,
        endsAt:
          state === 'firing'
            ? '0001-01-01T00:00:00Z'
            : `2026-11-21T01:${String(10 + Math.floor(n / 10)).padStart(2, '0')}:30Z`,
        fingerprint: `f${n % 5}`,
      },
    ],
  });
  test('nothing is lost, nobody is told to wait, the ledger grows by the conditions, and the admin is told once', async () => {
    const prom = await at.connect('alertmanager');
    await at.admin(`POST /v1/integrations/${prom.id}/configure`, { limits: { integration: 20 } });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => at.post(prom, group(n, n % 10 < 5 ? 'firing' : 'resolved'))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const coalesced = answers.filter(({ body }) => body.status === 'coalesced');
    expect(coalesced).toHaveLength(180);
    // While they wait, the order is kept: nothing of this sender overtakes them.
    const late = await at.post(prom, { ...group(4, 'firing'), late: true });
    expect(late.body.status).toBe('coalesced');
    await at.settled();
    const alarms = await at.list('/v1/alarms');
    expect(alarms).toHaveLength(5);
    const kept = (await failures(prom, 'coalesced')).length;
    const recorded = await at.list('/v1/deliveries?limit=200');
    expect(kept + recorded.length).toBe(201);
    expect(recorded.length).toBeLessThan(150);
    expect((await failures(prom, 'coalesced')).every(({ delivery }) => delivery !== null)).toBe(true);
    expect(await failures(prom, 'waiting')).toEqual([]);
    expect((await at.story(prom)).filter((type) => type.includes('storm'))).toEqual([
      'integration.trouble_began storm',
    ]);
    at.pass(6 * MINUTE);
    await at.settled();
    expect((await at.story(prom)).at(-1)).toBe('integration.trouble_ended storm');
    expect((await at.post(prom, group(400, 'firing'))).body.status).not.toBe('coalesced');
  });
  test('an activation does not vanish behind its clear', async () => {
    const plc = await at.connect('generic');
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, { limits: { integration: 1 } });
    await at.post(plc, alarm('other'));
    await at.post(plc, alarm('a', { occurredAt: '2026-11-21T01:00:00Z', occurrence: '1' }));
    await at.post(plc, alarm('a', { occurredAt: '2026-11-21T01:01:00Z', occurrence: '1', state: 'cleared' }));
    await at.settled();
    const [found] = (await at.list('/v1/alarms')).filter(({ conditionKey }) => conditionKey === 'a');
    expect(found).toMatchObject({ status: 'RTNUN', activeSince: '2026-11-21T01:00:00.000Z' });
    expect(await at.list('/v1/tasks')).toHaveLength(2);
  });
  test('what cannot be read is found out when it is worked off, and does not stop the others', async () => {
    const plc = await at.connect('generic');
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, { limits: { integration: 1 } });
    await at.post(plc, alarm('first'));
    expect((await at.post(plc, { hello: 'world' })).body.status).toBe('coalesced');
    await at.post(plc, alarm('last'));
    await at.settled();
    expect((await at.list('/v1/alarms')).map(({ conditionKey }) => conditionKey)).toEqual(['last', 'first']);
    expect(await failures(plc)).toMatchObject([{ code: 'not-a-delivery' }]);
  });
  test('[L4] a name that waits is known already', async () => {
    const plc = await at.connect('generic');
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, { limits: { integration: 1 } });
    await at.post(plc, alarm('first'));
    const first = await at.post(plc, alarm('a', { id: 'm' }));
    expect((await at.post(plc, alarm('a', { id: 'm' }))).body).toMatchObject({
      status: 'duplicate',
      deliveryId: first.body.deliveryId,
    });
  });
});

describe('silence', () => {
  test('three intervals without a word raise an alarm; a word ends it; clears of that time say that the source was lost', async () => {
    const prom = await at.connect('alertmanager');
    await at.admin(`POST /v1/integrations/${prom.id}/configure`, { expectEverySeconds: 60 });
    expect((await at.post(prom, recording('alertmanager-01-firing').body)).status).toBe(202);
    at.pass(179_000);
    await at.settled();
    expect(await at.story(prom)).toEqual(['integration.created', 'integration.configured']);
    at.pass(1000);
    await at.settled();
    const silent = () =>
      at.list('/v1/alarms').then((all) => all.find(({ title }) => title === 'No data from A alertmanager'));
    expect(await silent()).toMatchObject({ priority: 'P2', active: true, integration: prom.id });
    expect(await at.list('/v1/tasks')).toHaveLength(2);
    at.pass(10 * MINUTE);
    await at.settled();
    expect((await at.post(prom, recording('alertmanager-05-resolved').body)).status).toBe(202);
    await at.settled();
    const [bearing] = (await at.list('/v1/alarms')).filter(({ title }) => String(title).startsWith('Filler 2'));
    expect(bearing).toMatchObject({ active: false, clearCause: 'source_lost' });
    expect(await silent()).toMatchObject({ active: false, clearCause: 'condition' });
    expect((await at.story(prom)).slice(2)).toEqual([
      'integration.trouble_began silence',
      'integration.trouble_ended silence',
    ]);
  });
  test('a heartbeat is a word, and says nothing else', async () => {
    const plc = await at.connect('node-red');
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, { expectEverySeconds: 60 });
    for (let n = 0; n < 10; n++) {
      at.pass(2 * MINUTE);
      const method = n % 2 ? 'GET' : 'POST';
      const { status } = await at.server.ask(`${method} /v1/ingest/${plc.id}/heartbeat`, { token: plc.token });
      expect(status).toBe(200);
      await at.settled();
    }
    expect(await at.story(plc)).toEqual(['integration.created', 'integration.configured']);
    const { body } = await at.admin(`GET /v1/integrations/${plc.id}/health`);
    expect(body).toEqual({ lastHeardAt: new Date(at.now()).toISOString(), waiting: 0 });
  });
  test('nothing is expected any more: the alarm ends', async () => {
    const plc = await at.connect('generic');
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, { expectEverySeconds: 60 });
    at.pass(3 * MINUTE);
    await at.settled();
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, { expectEverySeconds: null });
    await at.settled();
    expect(await at.list('/v1/alarms')).toMatchObject([{ active: false }]);
  });
});

test('a source that died takes its conditions with it: returned to normal because it is lost', async () => {
  const gateway = await at.connect('sparkplug');
  const say = (topic: string, seq: number, metrics: object[]) =>
    at.post(gateway, { topic, decoded: { timestamp: at.now() + seq, seq, metrics } });
  const active = { name: 'Alarms/HH/Active', type: 'Boolean', value: true, timestamp: at.now() };
  await say('spBv1.0/Leeds/DDATA/GW1/Filler2', 1, [active]);
  await say('spBv1.0/Leeds/DDATA/GW2/Filler9', 1, [active]);
  expect((await at.list('/v1/alarms')).map((each) => each.active)).toEqual([true, true]);
  expect((await say('spBv1.0/Leeds/NDEATH/GW1', 2, [])).status).toBe(202);
  await at.settled();
  const [, first] = await at.list('/v1/alarms');
  const [second] = await at.list('/v1/alarms');
  expect([first, second]).toMatchObject([{ active: false, clearCause: 'source_lost' }, { active: true }]);
});

describe('a mapping', () => {
  const machine = (no: number, on: boolean | string) => ({ head: { line: 'L3', no }, msg: 'Guard open', on, prio: 1 });
  const mapping = {
    title: '{/msg} on {/head/line}',
    condition: ['/head/line', '/head/no'],
    state: { from: '/on', active: [true], cleared: [false] },
    severity: { from: '/prio', words: { 1: 'P1', 2: 'P2' } },
  };
  test('is tried on what has come, used, and what was refused is read again', async () => {
    const plc = await at.connect('generic', { area: 'leeds' });
    for (const no of [1, 2]) expect((await at.post(plc, machine(no, true))).status).toBe(400);
    const before = await at.head();
    const tried = await at.admin(`POST /v1/integrations/${plc.id}/try`, { mapping, last: 5 });
    expect(tried.body.items).toMatchObject([
      {
        problem: null,
        transitions: [{ conditionKey: 'L3/2', title: 'Guard open on L3', priority: 'P1', kind: 'active' }],
      },
      { problem: null, transitions: [{ conditionKey: 'L3/1' }] },
    ]);
    const wrong = await at.admin(`POST /v1/integrations/${plc.id}/try`, {
      mapping: { ...mapping, state: { from: '/on', active: ['yes'] } },
    });
    expect(wrong.body.items[0].problem).toContain('/on');
    expect(await at.head()).toBe(before);
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, { mapping });
    const deliveries = (await failures(plc)).map(({ id }) => id).reverse();
    const { body } = await at.admin(`POST /v1/integrations/${plc.id}/rerun`, { deliveries });
    expect(body.items).toMatchObject([{ status: 'accepted' }, { status: 'accepted' }]);
    expect(await failures(plc)).toEqual([]);
    expect(await failures(plc, 'rerun')).toMatchObject([{ delivery: body.items[1].deliveryId }, {}]);
    expect(await deliveryOf(body.items[0].deliveryId)).toMatchObject({
      rerunOf: deliveries[0],
      via: 'an admin, once more',
    });
    await at.settled();
    const after = await at.head();
    // Once more makes nothing new.
    const again = await at.admin(`POST /v1/integrations/${plc.id}/rerun`, { deliveries });
    expect(again.body.items).toMatchObject([{ status: 'duplicate' }, { status: 'duplicate' }]);
    await at.settled();
    expect(await at.head()).toBe(after);
    await at.post(plc, machine(1, false));
    expect((await at.list('/v1/alarms')).map(({ status }) => status)).toEqual(['UNACK', 'RTNUN']);
  });
  test('what is on record is read again too, and a trail leads from the new delivery to the first', async () => {
    const plc = await at.connect('generic');
    const { body: first } = await at.post(plc, { ...alarm('a'), no: 7 });
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, { mapping: { condition: 'pump-{/no}' } });
    const { body } = await at.admin(`POST /v1/integrations/${plc.id}/rerun`, { deliveries: [first.deliveryId] });
    const [{ status, deliveryId }] = body.items;
    expect(status).toBe('accepted');
    expect((await at.list('/v1/alarms')).map(({ conditionKey }) => conditionKey)).toEqual(['pump-7', 'a']);
    const trail = await at.server.ask(`GET /v1/deliveries/${deliveryId}/trail`, { token: at.ana });
    expect(trail.body.chain.map(({ id }: { id: string }) => id)).toEqual([first.deliveryId, deliveryId]);
  });
  test('may take a list apart; items that it cannot read are told of', async () => {
    const plc = await at.connect('generic');
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, { mapping: { ...mapping, each: '/items' } });
    const { status, body } = await at.post(plc, { items: [machine(1, true), machine(2, 'maybe'), machine(3, true)] });
    expect([status, body.results.length]).toEqual([202, 2]);
    expect(body.warnings).toEqual([expect.stringMatching(/^Item 2: The mapping has no meaning for "maybe"/)]);
    expect((await at.post(plc, { items: {} })).status).toBe(400);
  });
  test('[L7] is not for senders whose messages have a meaning of their own', async () => {
    const prom = await at.connect('alertmanager');
    const { status, body } = await at.admin(`POST /v1/integrations/${prom.id}/configure`, { mapping });
    expect([status, body.fields]).toEqual([400, [{ field: '/mapping', problem: 'Not for this kind.' }]]);
  });
  test('[L14] deliveries of another integration are not there', async () => {
    const [plc, other] = [await at.connect('generic'), await at.connect('generic')];
    const { body } = await at.post(plc, alarm('a'));
    for (const route of ['try', 'rerun'])
      expect(
        (
          await at.admin(`POST /v1/integrations/${other.id}/${route}`, {
            deliveries: [body.deliveryId],
            ...(route === 'try' ? { mapping } : {}),
          })
        ).status,
      ).toBe(404);
  });
  test('a setting that says what is said already is no event', async () => {
    const plc = await at.connect('generic');
    const set = { limits: { integration: 5 }, expectEverySeconds: 60, name: 'PLC 7' };
    await at.admin(`POST /v1/integrations/${plc.id}/configure`, set);
    const { body } = await at.admin(`POST /v1/integrations/${plc.id}/configure`, set);
    expect(body).toMatchObject(set);
    expect(await at.story(plc)).toEqual(['integration.created', 'integration.configured']);
  });
});

describe('what to paste, and a test', () => {
  test.each(
    ['alertmanager', 'grafana', 'cloudevents', 'standard-webhooks', 'pagerduty', 'ignition'].concat([
      'opcua',
      'sparkplug',
      'node-red',
      'mes',
      'generic',
    ]),
  )('%s', async (kind) => {
    const made = await at.connect(kind);
    const secret = made.token ?? made.secret ?? made.routingKey;
    expect(made.snippet.text).toContain(`/v1/ingest/${made.id}`);
    expect(made.snippet.text).toContain(secret);
    const { body: later } = await at.admin(`GET /v1/integrations/${made.id}/snippet`);
    expect(later.text).not.toContain(secret);
    expect(later.text).toMatch(/YOUR_(?:TOKEN|SECRET|ROUTING_KEY)/);
    if (kind === 'mes') return;
    const { body } = await at.admin(`POST /v1/integrations/${made.id}/test`);
    expect(body.items).toMatchObject([
      { state: 'active', status: 'accepted', problem: null },
      { state: 'cleared', status: 'accepted', problem: null },
    ]);
    const [found] = await at.list('/v1/alarms');
    expect(found).toMatchObject({ active: false, priority: kind === 'sparkplug' ? 'P3' : 'P4' });
    if (kind !== 'sparkplug') expect(found.title).toContain(`Test of A ${kind}`);
    expect(await deliveryOf(body.items[0].deliveryId)).toMatchObject({ test: true, via: 'a test by an admin' });
  });
  test('the curl of the snippet is what this server takes', async () => {
    const plc = await at.connect('generic');
    const { text } = plc.snippet;
    const [, url] = /'(http[^']+)'/.exec(text)!;
    const headers = Object.fromEntries(
      [...text.matchAll(/-H '([^:']+): ([^']*)'/g)].map(([, name, value]) => [name!, value!]),
    );
    const [, body] = /-d '([^']+)'/.exec(text)!;
    expect((await fetch(url!, { method: 'POST', headers, body: body! })).status).toBe(202);
  });
});

describe('when the server cannot take more', () => {
  test('[L13] a full disk is 503 with Retry-After, for what is read at once and for what waits', async () => {
    const disk = fillable();
    const full = await someSenders({ backing: disk.backing });
    const plc = await full.connect('generic');
    await full.admin(`POST /v1/integrations/${plc.id}/configure`, { limits: { integration: 2 } });
    await full.post(plc, alarm('a', { id: 'm-0' }));
    disk.fill(true);
    for (const id of ['m-1', 'm-2']) {
      const { status, body, headers } = await full.post(plc, alarm('b', { id }));
      expect([status, body.code, headers.get('retry-after')]).toEqual([503, 'not-ready', '2']);
    }
    disk.fill(false);
    expect((await full.post(plc, alarm('b', { id: 'm-1' }))).body.status).toBe('coalesced');
    await full.settled();
    expect(await full.list('/v1/alarms')).toHaveLength(2);
    await full.server.close();
  });

  test('too many wait: a sender that understands it is told when to come again, Alertmanager never is', async () => {
    const { installation } = at.server;
    const { secrets } = installation.backing;
    const db = new SqliteDatabase(':memory:');
    const intake = createIntake({
      means: { ledger: at.server.ledger, now: at.now, random: randomBytes },
      store: openIntakeStore(db, (work) => db.transaction(work)()),
      secrets,
      log: { error: () => undefined },
      mostWaiting: 3,
    });
    for (const [kind, last] of [
      ['generic', 'too-many-deliveries'],
      ['alertmanager', 'coalesced'],
    ] as const) {
      const { id } = await at.connect(kind);
      await at.admin(`POST /v1/integrations/${id}/configure`, { limits: { integration: 1 } });
      const known = (await integrationCalled(at.server.ledger, id))!;
      const said: string[] = [];
      for (let n = 0; n < 6; n++) {
        const body = utf8(JSON.stringify({ ...alarm(`c${n}`), alerts: [] }));
        const taken = await intake.take(known, { headers: {}, body, via: 'its token' });
        said.push(isRefusal(taken) ? taken.refused : taken.status);
        if (isRefusal(taken)) expect([STATUS_BY_CODE[taken.refused], taken.extra]).toEqual([429, { retryAfter: 30 }]);
      }
      expect(said.at(-1)).toBe(last);
    }
    await intake.close();
  });
});

/** A server whose disk is full when the test says so. */
function fillable() {
  const backing = memoryBacking();
  let full = false;
  const check = (): void => {
    if (full) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  };
  const { store, intake } = backing;
  return {
    backing: {
      ...backing,
      store: {
        ...store,
        transaction<T>(work: (tx: BatchTx) => T): T {
          check();
          return store.transaction(work);
        },
      },
      intake: {
        ...intake,
        wait(...given: Parameters<typeof intake.wait>): void {
          check();
          intake.wait(...given);
        },
      },
    },
    fill: (is: boolean) => void (full = is),
  };
}
