/** Our own generic JSON and its aliases, and the walls around every delivery (domain model 3.2k). */
import { describe, expect, test } from 'vitest';
import type { Received } from '../../server/ingest/receive.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { area, integration } from '../kit/ask.ts';
import { after, aPlant, conditions, rows, tasks } from '../kit/at-the-plant.ts';
import { recording } from '../kit/fixtures.ts';
import { aMinute, aNightShift, PACKAGING } from '../kit/given.ts';
import { ana, monitoring, root, scada } from '../kit/people.ts';

describe('generic JSON', () => {
  const message = {
    id: 'plc7-000981',
    source: 'plc7',
    condition: 'filler-2/A-1042',
    state: 'active',
    severity: 'critical',
    title: 'Filler 2 bearing temperature high-high',
    text: '94.2 °C, limit 90 °C',
    value: 94.2,
    unit: '°C',
    occurredAt: '2026-11-21T02:40:00.000Z',
    equipment: 'leeds/packaging/line-3/filler-2',
    links: ['https://hmi.plant.local/line3'],
    labels: { shiftleadHint: 'check lube line' },
  };
  const cleared = { ...message, id: 'plc7-000982', state: 'cleared', occurredAt: '2026-11-21T02:41:30.000Z' };

  test('the worked example becomes an alarm and a task', async () => {
    const plant = await aPlant(aNightShift());
    expect(await plant.deliver(scada, message)).toMatchObject({ status: 'accepted', warnings: [] });
    expect((await conditions(plant))[0]!.value).toMatchObject({
      conditionKey: 'filler-2/A-1042',
      value: 94.2,
      unit: '°C',
      equipment: message.equipment,
      activeSince: message.occurredAt,
    });
    expect((await tasks(plant))[0]!.value).toMatchObject({ priority: 'P1', status: 'assigned', title: message.title });
  });
  test('a sender that says "cleared" says that the condition is over', async () => {
    const plant = await aPlant(aNightShift());
    await plant.deliver(scada, message);
    await plant.deliver(scada, cleared);
    expect((await conditions(plant))[0]!.value).toMatchObject({ status: 'RTNUN', clearCause: 'condition' });
    expect((await tasks(plant))[0]!.value.status).toBe('assigned');
  });
  test('[L4] a message of the same id, replayed after the clear and with another time, is not news', async () => {
    const plant = await aPlant(aNightShift());
    await plant.deliver(scada, message);
    await plant.deliver(scada, cleared);
    const head = await plant.head();
    const { occurredAt: _at, ...undated } = message;
    expect(await plant.deliver(scada, undated)).toMatchObject({ status: 'duplicate' });
    expect(await plant.head()).toBe(head);
  });
  test('[L4] the Idempotency-Key of the request names the message as its id does', async () => {
    const plant = await aPlant(aNightShift());
    const { id, ...anonymous } = message;
    await plant.deliver(scada, anonymous, { 'idempotency-key': id });
    await plant.deliver(scada, cleared);
    expect(await plant.deliver(scada, anonymous, { 'idempotency-key': id })).toMatchObject({ status: 'duplicate' });
  });

  for (const [alias, body] of [
    ['status firing', { status: 'firing' }],
    ['action open', { action: 'open' }],
    ['alert_uid', { alert_uid: 'a' }],
    ['dedup', { dedup: 'a' }],
    ['dedup_key', { dedup_key: 'a' }],
  ] as const)
    test(`${alias} is understood`, async () => {
      const plant = await aPlant();
      await plant.deliver(scada, { title: 'x', ...body });
      expect((await conditions(plant)).map(({ value }) => value.status)).toEqual(['UNACK']);
    });
  for (const name of ['title', 'summary', 'message'])
    test(`${name} may be the title`, async () => {
      const plant = await aPlant();
      await plant.deliver(scada, { [name]: 'Guard door 3 open' });
      await plant.run(aMinute);
      expect((await tasks(plant))[0]!.value.title).toBe('Guard door 3 open');
    });
  test('action close clears', async () => {
    const plant = await aPlant();
    await plant.deliver(scada, { title: 'x', dedup: 'a' });
    await plant.deliver(scada, { title: 'x', dedup: 'a', action: 'close' });
    expect((await conditions(plant)).map(({ value }) => value.status)).toEqual(['RTNUN']);
  });
  test('without a condition its source and title stand for it, with a warning', async () => {
    const plant = await aPlant();
    const received = (await plant.deliver(scada, {
      source: 'plc7',
      title: 'Guard door 3 open',
      severity: 'low',
    })) as Received;
    expect(received.warnings).toEqual([expect.stringContaining('No condition key')]);
    await plant.deliver(scada, { source: 'plc8', title: 'Guard door 3 open', severity: 'low' });
    expect(await conditions(plant)).toHaveLength(2);
  });
  test('state acked is stored with its delivery, where nothing is active', async () => {
    const plant = await aPlant();
    expect(await plant.deliver(scada, { ...message, state: 'acked' })).toMatchObject({ status: 'ignored' });
    expect(await conditions(plant)).toEqual([]);
    expect(await rows(plant, 'deliveries')).toHaveLength(1);
  });
  test('state info is a line on record, and asks for nobody', async () => {
    const plant = await aPlant();
    expect(await plant.deliver(scada, { ...message, state: 'info' })).toMatchObject({ status: 'accepted' });
    expect(await conditions(plant)).toMatchObject([{ value: { status: 'NORM' } }]);
    expect(await rows(plant, 'tasks')).toEqual([]);
  });
  test('[L14] what a sender says of its place counts only inside the area of its integration', async () => {
    const plant = await aPlant(aNightShift());
    await plant.deliver(scada, { ...message, equipment: 'leeds/utilities/boiler-1' });
    expect((await conditions(plant))[0]!.value).toMatchObject({ area: PACKAGING, equipment: null });
  });
  test('names of places become paths of slugs', async () => {
    const plant = await aPlant(
      integration('free')
        .create({ kind: 'generic', name: 'Free' }, { minted: { tokenHash: 'c'.repeat(64) } })
        .by(root),
      area('mb').create({ path: 'munchen/abfullung', name: 'Abfüllung' }).by(root),
    );
    await plant.deliver({ ...scada, id: integration('free').id }, { title: 'x', area: 'München / Abfüllung ' });
    expect((await conditions(plant))[0]!.value.area).toBe('munchen/abfullung');
  });

  test('Node-RED without an id, as recorded', async () => {
    const plant = await aPlant(aNightShift());
    expect(await after(plant, 'nodered-01-plain-json', scada)).toEqual(['accepted', 'accepted', 1]);
    expect((await tasks(plant))[0]!.value).toMatchObject({
      title: 'Guard door 3 open',
      priority: 'P3',
      area: PACKAGING,
    });
  });
  test("[L7] a bridge's own envelope, as recorded, is refused with what it lacks, and nothing is recorded", async () => {
    const plant = await aPlant();
    const head = await plant.head();
    const { headers, body } = recording('nodered-03-mqtt-bridge-active');
    expect(await plant.deliver(scada, body, headers)).toMatchObject({
      refused: 'not-a-delivery',
      fields: [{ field: '/title', problem: 'missing' }],
    });
    expect(await plant.head()).toBe(head);
  });
});

describe('walls and bad input', () => {
  test("[L14] a delivery with another integration's token is refused", async () => {
    const plant = await aPlant();
    const { ledger, random } = plant;
    const { receiveDelivery } = await import('../../server/ingest/receive.ts');
    const means = { ledger, random, now: () => Date.parse(plant.now()) };
    const incoming = { integration: monitoring.id, headers: {}, body: utf8('{}') };
    expect(await receiveDelivery(means, scada, incoming)).toMatchObject({ refused: 'not-found' });
    expect(await receiveDelivery(means, ana, incoming)).toMatchObject({ refused: 'role-not-allowed' });
  });
  for (const [what, body, code] of [
    ['invalid UTF-8', Uint8Array.of(0x7b, 0xff, 0x7d), 'malformed-json'],
    ['broken JSON', '{"alerts":', 'malformed-json'],
    ['a list', '[]', 'not-a-delivery'],
    ['another kind', '{"title":"x"}', 'not-a-delivery'],
    ['something that looks like our refusal', '{"refused":"internal","detail":"x"}', 'not-a-delivery'],
  ] as const)
    test(`[L7] ${what} is refused and nothing is recorded`, async () => {
      const plant = await aPlant();
      const head = await plant.head();
      expect(await plant.deliver(monitoring, body)).toMatchObject({ refused: code });
      expect(await plant.head()).toBe(head);
    });
  for (const type of ['', '\t', 'text/\u0085plain', 'x'.repeat(500)])
    test(`a content type of ${JSON.stringify(type).slice(0, 20)} harms nothing`, async () => {
      const plant = await aPlant();
      expect(await plant.deliver(scada, '{"title":"x"}', { 'content-type': type })).toMatchObject({
        status: 'accepted',
      });
    });
});
