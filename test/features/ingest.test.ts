/** From a sender's message to a task: recorded deliveries of real senders (domain model 3.2, 3.3; issue point 3). */
import { describe, expect, test } from 'vitest';
import type { DeliveryState } from '../../shared/features/deliveries/contract.ts';
import type { Received } from '../../server/ingest/receive.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { shift, task } from '../kit/ask.ts';
import { after, aPlant, conditions, rows, send, tasks } from '../kit/at-the-plant.ts';
import { recording } from '../kit/fixtures.ts';
import { aMinute, aNightShift, NIGHT, night, PACKAGING } from '../kit/given.ts';
import { ana, dana, marek, monitoring, ORG } from '../kit/people.ts';
import { type Plant, type Step } from '../kit/plant.ts';

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
      await plant.run(aMinute);
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
    await plant.run(aMinute);
    expect((await tasks(plant))[0]!.value.unassignedBecause).toMatch(/names no area/);
  });
});
