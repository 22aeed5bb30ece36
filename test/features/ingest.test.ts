/** From a sender's message to a task: recorded deliveries of real senders (domain model 3.2, 3.3; issue point 3). */
import { describe, expect, test } from 'vitest';
import type { ConditionState } from '../../shared/features/alarms/contract.ts';
import type { DeliveryState } from '../../shared/features/deliveries/contract.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { Received } from '../../server/ingest/receive.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { area, integration, shift, task } from '../kit/ask.ts';
import { recording } from '../kit/fixtures.ts';
import { aNightShift, anOrganisation, NIGHT, night, PACKAGING } from '../kit/given.ts';
import { ana, dana, marek, monitoring, ORG, root, scada, type Person } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const aPlant = (...steps: readonly Step[]) => createPlant().run(anOrganisation(), ...steps);
const rows = <S>(plant: Plant, table: string): Promise<readonly Row<S>[]> =>
  plant.ledger.load(ORG, select<S>(table, { order: 'oldest' }));
const tasks = (plant: Plant) => rows<TaskState>(plant, 'tasks');
const conditions = (plant: Plant) => rows<ConditionState>(plant, 'alarms');

async function send(plant: Plant, name: string, to: Person = monitoring): Promise<Received> {
  const { headers, body } = recording(name);
  const received = await plant.deliver(to, body, headers);
  if (isRefusal(received)) throw new Error(received.detail);
  return received;
}

/** What one message brings: how it is answered, and the tasks that there are then. */
async function after(plant: Plant, name: string, to?: Person) {
  const { status, results } = await send(plant, name, to);
  return [status, results.map((one) => one.status).join(' '), (await tasks(plant)).length];
}

describe('Alertmanager, as recorded', () => {
  test('the first notification is stored, and becomes an alarm and a task with its cause', async () => {
    const plant = await aPlant(aNightShift());
    const { body } = recording('alertmanager-01-firing');
    const { deliveryId, status } = await send(plant, 'alertmanager-01-firing');
    expect(status).toBe('accepted');
    const delivery = await plant.state<DeliveryState>({ kind: 'delivery', id: deliveryId });
    expect(delivery).toMatchObject({ sha256: sha256Hex(utf8(body)), transitions: 1, area: PACKAGING, warnings: [] });
    expect(await plant.ledger.file(ORG, delivery.sha256)).toEqual(utf8(body));
    const [condition] = await conditions(plant);
    expect(condition!.value).toMatchObject({
      status: 'UNACK',
      title: 'Filler 2 bearing temperature above 90 °C',
      text: 'TT-3204 reads 94.2 °C (HH limit 90 °C)',
      priority: 'P1',
      area: PACKAGING,
      equipment: 'leeds/packaging/line-3/filler-2',
      activeSince: '2026-11-21T02:08:24.687Z',
    });
    const [task] = await tasks(plant);
    expect(task).toMatchObject({
      number: 1,
      value: {
        title: 'Filler 2 bearing temperature above 90 °C',
        status: 'assigned',
        priority: 'P1',
        area: PACKAGING,
        condition: condition!.key,
        dueAt: '2026-11-21T03:08:24.687Z',
        upstream: [{ kind: 'occurrence', id: condition!.value.occurrence, rel: 'caused_by' }],
      },
    });
  });

  test('[L4] a repeat of the group adds only the alert that joined', async () => {
    const plant = await aPlant(aNightShift());
    expect(await after(plant, 'alertmanager-01-firing')).toEqual(['accepted', 'accepted', 1]);
    expect(await after(plant, 'alertmanager-02-firing-new-alert-in-group')).toEqual([
      'accepted',
      'duplicate accepted',
      2,
    ]);
    expect(await after(plant, 'alertmanager-02-firing-new-alert-in-group')).toEqual([
      'duplicate',
      'duplicate duplicate',
      2,
    ]);
  });

  test('[L4] the same delivery again records nothing and is answered with the first one', async () => {
    const plant = await aPlant(aNightShift());
    const first = await send(plant, 'alertmanager-01-firing');
    const head = await plant.head();
    expect(await send(plant, 'alertmanager-01-firing')).toMatchObject({
      status: 'duplicate',
      deliveryId: first.deliveryId,
    });
    expect(await plant.head()).toBe(head);
  });

  test('[L4] a retry after our 503 makes one task, whether or not the first attempt was stored', async () => {
    const plant = await aPlant();
    expect(await after(plant, 'alertmanager-08-retry-a-503')).toEqual(['accepted', 'accepted', 1]);
    expect(await after(plant, 'alertmanager-08-retry-c-200')).toEqual(['duplicate', 'duplicate', 1]);
  });

  test('one of two alerts resolved in a mixed group clears its own condition only', async () => {
    const plant = await aPlant(aNightShift());
    await send(plant, 'alertmanager-02-firing-new-alert-in-group');
    const group = JSON.parse(recording('alertmanager-02-firing-new-alert-in-group').body) as { alerts: object[] };
    Object.assign(group.alerts[1]!, { status: 'resolved', endsAt: '2026-11-21T02:08:50.768Z' });
    await plant.deliver(monitoring, group);
    expect((await conditions(plant)).map(({ value }) => value.status)).toEqual(['UNACK', 'RTNUN']);
  });

  test('resolved changes the condition, never the task; and why it is quiet stays unknown', async () => {
    const plant = await aPlant(aNightShift());
    await send(plant, 'alertmanager-01-firing');
    const [before] = await tasks(plant);
    expect(await after(plant, 'alertmanager-05-resolved')).toEqual(['accepted', 'accepted', 1]);
    expect((await tasks(plant))[0]).toEqual(before);
    expect((await conditions(plant))[0]!.value).toMatchObject({
      status: 'RTNUN',
      clearCause: 'unknown',
      clearedAt: '2026-11-21T02:08:58.792Z',
    });
  });

  test('[L4] a replay of the firing after the clear makes nothing new', async () => {
    const plant = await aPlant(aNightShift());
    await send(plant, 'alertmanager-01-firing');
    await send(plant, 'alertmanager-05-resolved');
    const head = await plant.head();
    await send(plant, 'alertmanager-01-firing');
    await send(plant, 'alertmanager-05-resolved');
    expect(await plant.head()).toBe(head);
  });

  test('a clear that overtakes its alarm clears nothing; the alarm that comes late still makes its task', async () => {
    const plant = await aPlant(aNightShift());
    expect(await after(plant, 'alertmanager-05-resolved')).toEqual(['ignored', 'duplicate', 0]);
    expect(await rows(plant, 'deliveries')).toHaveLength(1);
    expect(await after(plant, 'alertmanager-01-firing')).toEqual(['accepted', 'accepted', 1]);
  });

  test('a rule of a real Prometheus fires and resolves', async () => {
    const plant = await aPlant(aNightShift());
    expect(await after(plant, 'prometheus-03-rule-firing')).toEqual(['accepted', 'accepted', 1]);
    expect(await after(plant, 'prometheus-04-rule-resolved')).toEqual(['accepted', 'accepted', 1]);
    expect((await conditions(plant)).map(({ value }) => value.status)).toEqual(['RTNUN']);
  });

  const firing = (change: object, group: object = {}) => {
    const body = JSON.parse(recording('alertmanager-01-firing').body) as { alerts: object[] };
    return { ...body, ...group, alerts: [{ ...body.alerts[0], ...change }] };
  };

  test('fired again without a clear between: one episode, activated twice, one task', async () => {
    const plant = await aPlant(aNightShift());
    await plant.deliver(monitoring, firing({}));
    await plant.deliver(monitoring, firing({ startsAt: '2026-11-21T02:30:00.000Z' }));
    expect((await conditions(plant))[0]!.value).toMatchObject({ status: 'UNACK', activations: 2 });
    expect(await rows(plant, 'occurrences')).toHaveLength(1);
    expect(await tasks(plant)).toHaveLength(1);
  });

  test('fired again after a clear: a second episode; the open task is told, and no second one is made', async () => {
    const plant = await aPlant(aNightShift());
    await send(plant, 'alertmanager-01-firing');
    await send(plant, 'alertmanager-05-resolved');
    await plant.deliver(monitoring, firing({ startsAt: '2026-11-21T02:30:00.000Z' }));
    expect(await rows(plant, 'occurrences')).toHaveLength(2);
    const [task, ...more] = await tasks(plant);
    expect(more).toEqual([]);
    expect(task!.value.occurrences).toHaveLength(2);
  });

  /** Marek closes the first task although the machine still signals. */
  const over = async (plant: Plant) => {
    const [made] = await tasks(plant);
    const first = task(made!.key);
    await plant.run(
      first.acknowledge().by(marek),
      first.start().by(marek),
      first.complete({ note: 'Greased.', overrideReason: 'Reads 91 °C and falling.' }).by(marek),
      first.verify().by(dana),
    );
  };

  test('fired again after the task was closed, without a clear between: people get a new task', async () => {
    const plant = await aPlant(aNightShift());
    await plant.deliver(monitoring, firing({}));
    await over(plant);
    await plant.deliver(monitoring, firing({ startsAt: '2026-11-21T02:30:00.000Z' }));
    expect((await tasks(plant)).map(({ value }) => value.status)).toEqual(['closed', 'assigned']);
    expect((await tasks(plant))[1]!.value).toMatchObject({
      title: 'Filler 2 bearing temperature above 90 °C',
      priority: 'P1',
      area: PACKAGING,
      dueAt: '2026-11-21T03:30:00.000Z',
    });
  });

  test('fired again after a clear and after the task was closed: a new task with the new episode as its cause', async () => {
    const plant = await aPlant(aNightShift());
    await plant.deliver(monitoring, firing({}));
    await over(plant);
    await send(plant, 'alertmanager-05-resolved');
    await plant.deliver(monitoring, firing({ startsAt: '2026-11-21T02:30:00.000Z' }));
    const [first, second] = await tasks(plant);
    expect(second!.value.status).toBe('assigned');
    expect(second!.value.occurrences).not.toEqual(first!.value.occurrences);
  });

  test('alerts that the sender cut off are warned about', async () => {
    const plant = await aPlant(aNightShift());
    const received = (await plant.deliver(monitoring, firing({}, { truncatedAlerts: 3 }))) as Received;
    expect(received.warnings).toEqual([expect.stringMatching(/^3 alert\(s\) were cut off.*max_alerts/)]);
    const delivery = await plant.state<DeliveryState>({ kind: 'delivery', id: received.deliveryId });
    expect(delivery.warnings).toEqual(received.warnings);
  });

  for (const [severity, priority, warned] of [
    ['critical', 'P1', false],
    ['Error', 'P2', false],
    ['high', 'P2', false],
    ['warning', 'P3', false],
    ['medium', 'P3', false],
    ['info', 'P4', false],
    ['low', 'P4', false],
    ['none', 'P4', false],
    ['purple', 'P3', true],
    ['constructor', 'P3', true],
    ['__proto__', 'P3', true],
    [undefined, 'P3', true],
  ] as const)
    test(`severity ${severity ?? 'unsaid'} is ${priority}${warned ? ', with a warning' : ''}`, async () => {
      const plant = await aPlant();
      const received = (await plant.deliver(monitoring, firing({ labels: { severity } }))) as Received;
      expect((await tasks(plant))[0]!.value.priority).toBe(priority);
      expect(received.warnings).toHaveLength(warned ? 1 : 0);
    });
});

describe('who is asked', () => {
  const only =
    (...crew: { user: string; role: 'operator' | 'line_lead' }[]): Step =>
    (plant) =>
      plant.run(night.create(NIGHT).by(ana), night.start({ crew }).by(ana));
  const first = async (plant: Plant) => {
    await send(plant, 'alertmanager-01-firing');
    const [made] = await tasks(plant);
    const { assignee, unassignedBecause, status } = made!.value;
    return { assignee, unassignedBecause, status };
  };
  test('the role on duty in the area gets the task', async () =>
    expect(await first(await aPlant(aNightShift()))).toEqual({
      assignee: { role: 'maintenance_engineer' },
      unassignedBecause: null,
      status: 'assigned',
    }));
  test('without that role on duty, the next one that is', async () =>
    expect(await first(await aPlant(only({ user: dana.id, role: 'line_lead' })))).toMatchObject({
      assignee: { role: 'line_lead' },
    }));
  test('a shift of the area around counts, when the area has none of its own', async () =>
    expect(
      await first(
        await aPlant(
          shift('site')
            .create({ ...NIGHT, area: 'leeds' })
            .by(ana),
          shift('site')
            .start({ crew: [{ user: marek.id, role: 'maintenance_engineer' }] })
            .by(ana),
        ),
      ),
    ).toMatchObject({ assignee: { role: 'maintenance_engineer' } }));
  test('with no shift active it stays open and visible, and says why nobody has it', async () =>
    expect(await first(await aPlant())).toEqual({
      assignee: null,
      unassignedBecause: 'No shift is active in leeds/packaging',
      status: 'open',
    }));
  test('an alarm without a place says that', async () => {
    const plant = await aPlant(aNightShift());
    await plant.deliver(monitoring, { alerts: [{ status: 'firing', fingerprint: 'f', labels: {} }] });
    expect((await tasks(plant))[0]!.value.unassignedBecause).toMatch(/names no area/);
  });
});

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
  for (const state of ['acked', 'info'])
    test(`state ${state} is stored with its delivery and changes no condition`, async () => {
      const plant = await aPlant();
      expect(await plant.deliver(scada, { ...message, state })).toMatchObject({ status: 'ignored' });
      expect(await conditions(plant)).toEqual([]);
      expect(await rows(plant, 'deliveries')).toHaveLength(1);
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
