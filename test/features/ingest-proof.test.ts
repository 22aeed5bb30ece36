/** Who may deliver, and what whoever may not is told (domain model 3.1): tokens, signatures over the raw bytes, routing keys, rotation. */
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recording } from '../kit/fixtures.ts';
import { alarm, MINUTE, someSenders, standardSignature, type Connected, type Senders } from '../kit/senders.ts';

let at: Senders;
beforeEach(async () => {
  at = await someSenders();
});
afterEach(() => at.server.close());

const EVENT = JSON.stringify({
  type: 'alarm.activated',
  timestamp: '2026-11-21T02:00:00.000Z',
  data: alarm('filler-2/hot', { occurredAt: '2026-11-21T02:00:00.000Z' }),
});
const code = ({ status, body }: { status: number; body: { code?: string; status?: string } }) =>
  `${status} ${body.code ?? body.status}`;

describe('tokens', () => {
  test('the token counts as Bearer and as the password of Basic, whatever the user is called', async () => {
    const plc = await at.connect('generic');
    const basic = `Basic ${Buffer.from(`anybody:${plc.token}`).toString('base64')}`;
    expect(code(await at.post(plc, alarm('a')))).toBe('202 accepted');
    expect(code(await at.post({ ...plc, token: undefined as never }, alarm('b'), { authorization: basic }))).toBe(
      '202 accepted',
    );
    const [second] = await at.list('/v1/deliveries');
    expect((await at.server.ask(`GET /v1/deliveries/${second.id}`, { token: at.ana })).body.stages).toMatchObject({
      authenticated: 'by its token, as a Basic password',
    });
  });
  test.each([
    ['no header', {}],
    ['a wrong Bearer', { authorization: 'Bearer opy_live_nothing' }],
    ['a wrong password', { authorization: `Basic ${Buffer.from('x:y').toString('base64')}` }],
    ['Basic without a colon', { authorization: `Basic ${Buffer.from('xyz').toString('base64')}` }],
  ])('[L10] %s is a 401 that leaves nothing, and is counted', async (_name, headers) => {
    const plc = await at.connect('generic');
    const before = await at.head();
    const { token: _token, ...nobody } = plc;
    expect(code(await at.post(nobody as Connected, alarm('a'), headers))).toBe('401 unauthenticated');
    expect(await at.head()).toBe(before);
    expect(await at.counted('generic', 'unauthenticated')).toBe(1);
  });
  test('[L10] a token in the address is no token', async () => {
    const plc = await at.connect('generic');
    const { status } = await at.server.ask(`POST /v1/ingest/${plc.id}/${plc.token}`, { body: alarm('a') });
    expect(status).toBe(404);
    const query = await at.server.ask(`POST /v1/ingest/${plc.id}?access_token=${plc.token}`, { body: alarm('a') });
    expect(query.status).toBe(400);
  });
  test('rotated, both count for a day, or until the one before is retired', async () => {
    const plc = await at.connect('generic');
    const { body: newer } = await at.admin(`POST /v1/integrations/${plc.id}/rotate`);
    const old = () => at.post(plc, alarm('a'));
    expect(newer.previousUntil).toBe('2026-11-22T02:00:00.000Z');
    expect((await old()).status).toBe(202);
    at.pass(24 * 60 * MINUTE);
    expect(code(await old())).toBe('401 token-expired');
    const { body: newest } = await at.admin(`POST /v1/integrations/${plc.id}/rotate`);
    expect((await at.post({ ...plc, token: newer.token }, alarm('a'))).status).toBe(202);
    await at.admin(`POST /v1/integrations/${plc.id}/retire-previous`);
    expect(code(await at.post({ ...plc, token: newer.token }, alarm('a')))).toBe('401 token-expired');
    expect((await at.post({ ...plc, token: newest.token }, alarm('a'))).status).toBe(202);
  });
});

describe('signatures', () => {
  test('Standard Webhooks: what is signed is taken, under both families of names', async () => {
    const hooks = await at.connect('standard-webhooks');
    expect(hooks.token).toBeUndefined();
    expect(hooks.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(code(await at.signed(hooks, EVENT))).toBe('202 accepted');
    expect(code(await at.signed(hooks, EVENT, { prefix: 'svix' }))).toBe('202 duplicate');
  });
  test('a secret that a sender has already is taken, and not shown again', async () => {
    const { secret, now, body, headers } = JSON.parse(
      readFileSync(new URL('../fixtures/standardwebhooks-01-valid.json', import.meta.url), 'utf8'),
    ) as { secret: string; now: number; body: string; headers: Record<string, string> };
    at.pass(now * 1000 - at.now());
    const hooks = await at.connect('standard-webhooks', { secret });
    expect(hooks.secret).toBeUndefined();
    expect(JSON.stringify(await at.server.ledger.events(at.plant.org, 0, 1000))).not.toContain(secret);
    const { status, body: said } = await at.post(hooks, body, headers);
    // Signed as it must be; what it says of an alarm is the adapter's question.
    expect([202, 400]).toContain(status);
    expect(said.code).not.toBe('unauthenticated');
  });
  test.each([
    ['forged: another secret', { secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}` }],
    ['re-serialised: the same JSON with a blank', { sent: `${EVENT} ` }],
    ['stale: older than five minutes', { at: Date.parse('2026-11-21T01:54:59Z') }],
    ['ahead by more than five minutes', { at: Date.parse('2026-11-21T02:05:02Z') }],
  ])('[L10] %s: 401, nothing is recorded', async (_name, how) => {
    const hooks = await at.connect('standard-webhooks');
    const before = await at.head();
    expect(code(await at.signed(hooks, EVENT, how))).toBe('401 unauthenticated');
    expect(await at.head()).toBe(before);
    expect((await at.admin(`GET /v1/integrations/${hooks.id}/failures`)).body.items).toEqual([]);
    expect(await at.counted('standard-webhooks', 'unauthenticated')).toBe(1);
  });
  test('[L4] replayed within its time it is a duplicate; the same id with another body too, with a warning', async () => {
    const hooks = await at.connect('standard-webhooks');
    const first = await at.signed(hooks, EVENT, { id: 'msg_1' });
    await at.settled();
    const before = await at.head();
    at.pass(MINUTE);
    const again = await at.signed(hooks, EVENT, { id: 'msg_1' });
    expect(again.body).toMatchObject({ status: 'duplicate', deliveryId: first.body.deliveryId, warnings: [] });
    const other = await at.signed(hooks, EVENT.replace('hot', 'cold'), { id: 'msg_1' });
    expect(other.body).toMatchObject({ status: 'duplicate', warnings: [expect.stringContaining('another body')] });
    expect(await at.head()).toBe(before);
  });
  test('rotated, messages signed with either secret are taken until the older is retired', async () => {
    const hooks = await at.connect('standard-webhooks');
    const { body: newer } = await at.admin(`POST /v1/integrations/${hooks.id}/rotate`);
    expect((await at.signed(hooks, EVENT)).status).toBe(202);
    expect((await at.signed(hooks, EVENT, { secret: newer.secret })).status).toBe(202);
    await at.admin(`POST /v1/integrations/${hooks.id}/retire-previous`);
    expect((await at.signed(hooks, EVENT)).status).toBe(401);
    expect((await at.signed(hooks, EVENT, { secret: newer.secret })).status).toBe(202);
  });
  test('[L10] the secret is in no event, no list, no log and no later answer', async () => {
    const hooks = await at.connect('standard-webhooks');
    await at.signed(hooks, EVENT);
    const { body: newer } = await at.admin(`POST /v1/integrations/${hooks.id}/rotate`);
    const all = [
      JSON.stringify(await at.server.ledger.events(at.plant.org, 0, 1000)),
      at.server.lines.join(''),
      JSON.stringify((await at.admin(`GET /v1/integrations/${hooks.id}`)).body),
      JSON.stringify((await at.admin(`GET /v1/integrations/${hooks.id}/snippet`)).body),
    ].join('');
    for (const secret of [hooks.secret!, newer.secret]) expect(all).not.toContain(secret.slice(6));
  });
  test('asked again with the same Idempotency-Key, the answer names no secret and the first one counts', async () => {
    const ask = { token: at.plant.admin, key: 'k1', body: { kind: 'standard-webhooks', name: 'Hooks' } };
    const { body: hooks } = await at.server.ask('POST /v1/integrations', ask);
    const { body: again } = await at.server.ask('POST /v1/integrations', ask);
    expect([again.id, again.secret]).toEqual([hooks.id, undefined]);
    expect(again.snippet.text).toContain('YOUR_SECRET');
    expect((await at.signed(hooks, EVENT)).status).toBe(202);
  });
  test('Grafana: a signature without a time is refused unless the integration takes it', async () => {
    const grafana = await at.connect('grafana', { proof: 'signature' });
    const body = recording('constructed-grafana-firing').body;
    const hmac = (...parts: string[]) => createHmac('sha256', grafana.secret!).update(parts.join('')).digest('hex');
    const undated = { 'content-type': 'application/json', 'x-grafana-alerting-signature': hmac(body) };
    expect((await at.post(grafana, body, undated)).body).toMatchObject({
      code: 'unauthenticated',
      detail: expect.stringContaining('X-Grafana-Alerting-Timestamp') as string,
    });
    const seconds = String(at.now() / 1000);
    const dated = {
      'content-type': 'application/json',
      'x-grafana-alerting-timestamp': seconds,
      'x-grafana-alerting-signature': hmac(`${seconds}:`, body),
    };
    expect((await at.post(grafana, body, dated)).status).toBe(202);
    await at.admin(`POST /v1/integrations/${grafana.id}/configure`, { undatedSignatures: true });
    expect((await at.post(grafana, body, undated)).status).toBe(202);
  });
  test('X-Hub-Signature-256 for generic JSON', async () => {
    const plc = await at.connect('generic', { proof: 'signature' });
    const body = JSON.stringify(alarm('a'));
    const signature = `sha256=${createHmac('sha256', plc.secret!).update(body).digest('hex')}`;
    const type = { 'content-type': 'application/json' };
    expect((await at.post(plc, body, { ...type, 'x-hub-signature-256': signature })).status).toBe(202);
    expect((await at.post(plc, `${body} `, { ...type, 'x-hub-signature-256': signature })).status).toBe(401);
    expect((await at.post(plc, body, type)).status).toBe(401);
  });
  test.each([
    ['a secret that is too short', { kind: 'generic', secret: 'short' }, '/secret'],
    ['a secret that is none of Standard Webhooks', { kind: 'standard-webhooks', secret: 'x'.repeat(40) }, '/secret'],
    ['signatures of a sender that cannot sign', { kind: 'alertmanager', proof: 'signature' }, '/proof'],
    ['an unknown kind', { kind: 'fax' }, '/kind'],
  ])('[L7] %s is refused by its field', async (_name, wish, field) => {
    const { status, body } = await at.admin('POST /v1/integrations', { name: 'X', ...wish });
    expect([status, body.code, body.fields?.[0]?.field]).toEqual([400, 'invalid-input', field]);
  });
});

describe('routing keys', () => {
  const trigger = (key: string, more: object = {}) => ({
    routing_key: key,
    event_action: 'trigger',
    dedup_key: 'd-1',
    payload: { summary: 'Oven hot', source: 'oven', severity: 'critical' },
    ...more,
  });
  test('[L10] the key in the body opens, and stands nowhere in what is stored', async () => {
    const pager = await at.connect('pagerduty');
    expect(pager.routingKey).toMatch(/^[0-9a-f]{32}$/);
    const { status, body } = await at.post(pager, trigger(pager.routingKey!));
    expect(status).toBe(202);
    expect(body).toMatchObject({
      status: 'success',
      message: 'Event processed',
      dedup_key: 'd-1',
      verdict: 'accepted',
    });
    const { body: delivery } = await at.server.ask(`GET /v1/deliveries/${body.deliveryId}`, { token: at.ana });
    const { bytes } = await at.server.ask(`GET /v1/files/${delivery.sha256}`, { token: at.ana });
    const stored = Buffer.from(bytes).toString();
    expect(stored).toContain('Oven hot');
    expect(stored).not.toContain(pager.routingKey!);
    const recorded = JSON.stringify(await at.server.ledger.events(at.plant.org, 0, 1000));
    expect(recorded + at.server.lines.join('')).not.toContain(pager.routingKey!);
  });
  test('a trigger without a key of its own is told the one under which it can be resolved', async () => {
    const pager = await at.connect('pagerduty');
    const { body } = await at.post(pager, trigger(pager.routingKey!, { dedup_key: undefined }));
    const over = { event_action: 'resolve', dedup_key: body.dedup_key as string };
    expect((await at.post(pager, trigger(pager.routingKey!, over))).body.verdict).toBe('accepted');
    expect(await at.list('/v1/alarms')).toMatchObject([{ active: false }]);
  });
  test('[L10] another key, no key and the key of another integration: 401', async () => {
    const [pager, other] = [await at.connect('pagerduty'), await at.connect('pagerduty')];
    for (const key of ['0'.repeat(32), '', other.routingKey!])
      expect(code(await at.post(pager, trigger(key)))).toBe('401 unauthenticated');
  });
  test('[L10] a body that cannot be read is kept without the key', async () => {
    const pager = await at.connect('pagerduty');
    expect((await at.post(pager, trigger(pager.routingKey!, { event_action: 'dance' }))).status).toBe(400);
    const [failure] = (await at.admin(`GET /v1/integrations/${pager.id}/failures`)).body.items;
    const { bytes } = await at.admin(`GET /v1/integrations/${pager.id}/failures/${failure.id}`);
    expect(Buffer.from(bytes).toString()).not.toContain(pager.routingKey!);
  });
  test('rotated, both keys count; retired, it says so', async () => {
    const pager = await at.connect('pagerduty');
    const { body: newer } = await at.admin(`POST /v1/integrations/${pager.id}/rotate`);
    for (const key of [pager.routingKey!, newer.routingKey])
      expect((await at.post(pager, trigger(key))).status).toBe(202);
    await at.admin(`POST /v1/integrations/${pager.id}/retire`);
    expect(code(await at.post(pager, trigger(newer.routingKey)))).toBe('410 gone');
  });
});

describe('forged messages', () => {
  test('five within ten minutes raise an alarm of the integration, once, and it ends when they end', async () => {
    const hooks = await at.connect('standard-webhooks');
    const forge = () => at.signed(hooks, EVENT, { secret: `whsec_${Buffer.alloc(32, 1).toString('base64')}` });
    for (let n = 0; n < 4; n++) await forge();
    await at.settled();
    expect(await at.list('/v1/alarms')).toEqual([]);
    for (let n = 0; n < 6; n++) await forge();
    await at.settled();
    expect(await at.list('/v1/alarms')).toMatchObject([
      { title: 'Forged messages for A standard-webhooks', priority: 'P2', active: true, integration: hooks.id },
    ]);
    expect(await at.story(hooks)).toEqual(['integration.created', 'integration.trouble_began forged']);
    at.pass(11 * MINUTE);
    await at.settled();
    expect(await at.list('/v1/alarms')).toMatchObject([{ active: false, clearCause: 'condition' }]);
    expect((await at.story(hooks)).at(-1)).toBe('integration.trouble_ended forged');
  });
});

test('a signature of Standard Webhooks is what its specification says', () => {
  const { secret, now, body, headers } = JSON.parse(
    readFileSync(new URL('../fixtures/standardwebhooks-01-valid.json', import.meta.url), 'utf8'),
  ) as { secret: string; now: number; body: string; headers: Record<string, string> };
  expect(standardSignature(secret, headers['webhook-id']!, now, body)).toBe(headers['webhook-signature']);
});
