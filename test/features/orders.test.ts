/** Work orders of another system: mirrored once, done as a task, and told back (domain model 2.1, 3.2 j, 3.3). */
import { describe, expect, test } from 'vitest';
import { orderStream, type OrderState } from '../../shared/features/orders/contract.ts';
import type { Received } from '../../server/ingest/receive.ts';
import type { Link } from '../../shared/kernel/event.ts';
import { rootsOf } from '../../shared/kernel/trail.ts';
import { integration, task } from '../kit/ask.ts';
import { aPlant, rows, send, tasks } from '../kit/at-the-plant.ts';
import { connected, erp, ORDER, push } from '../kit/erp.ts';
import { aNightShift, LINE_3, PACKAGING } from '../kit/given.ts';
import { ana, dana, marek, ORG, root } from '../kit/people.ts';
import type { Plant, Step } from '../kit/plant.ts';

const anErp = (...steps: readonly Step[]) => aPlant(connected, aNightShift(), ...steps);

const orders = (plant: Plant) => rows<OrderState>(plant, 'orders');
const onlyTask = async (plant: Plant) => {
  const all = await tasks(plant);
  expect(all).toHaveLength(1);
  return all[0]!;
};
const worked = async (plant: Plant, ...verbs: readonly ((id: ReturnType<typeof task>) => Step)[]) => {
  const { key } = await onlyTask(plant);
  await plant.run(...verbs.map((verb) => verb(task(key))));
};
const told = async (plant: Plant) =>
  (await plant.events()).flatMap(({ type, body }) =>
    type === 'order.status_reported' ? [[body['status'], body['note']]] : [],
  );

describe('released', () => {
  test('the order as recorded becomes one task: for its role, due when it is wanted, with the order behind it', async () => {
    const plant = await anErp();
    const { orders: results } = await send(plant, 'constructed-mes-order-push', erp);
    const id = orderStream(ORG, erp.id, '4001234');
    expect(results).toEqual([{ order: id, orderId: '4001234', kind: 'released', status: 'accepted' }]);
    const { key, value } = await onlyTask(plant);
    expect(value).toMatchObject({
      title: 'Replace drive-end bearing filler 2',
      priority: 'P2',
      class: 'maintenance',
      area: LINE_3,
      equipment: `${LINE_3}/filler-2`,
      assignee: { role: 'maintenance_engineer' },
      dueAt: '2026-11-21T15:00:00.000Z',
      upstream: [
        { kind: 'external', id: '4001234', rel: 'external' },
        { kind: 'order', id, rel: 'caused_by' },
      ],
    });
    expect((await orders(plant))[0]!.value).toMatchObject({ status: 'released', revision: 1, task: key });
    const up = async (item: { kind: string; id: string }): Promise<Link[]> =>
      (await plant.ledger.links(ORG, item, 'up')).map(({ to, rel }) => ({ ...to, rel }));
    expect(await rootsOf({ kind: 'task', id: key }, up)).toEqual([{ kind: 'order', id }]);
  });
  test('[L4] the same revision again makes nothing, in whatever bytes it comes', async () => {
    const plant = await anErp();
    await push(plant, 'released');
    const head = await plant.head();
    expect(await push(plant, 'released')).toMatchObject({ status: 'duplicate', orders: [{ status: 'duplicate' }] });
    expect(await plant.head()).toBe(head);
    plant.pass(1);
    expect(await push(plant, 'released')).toMatchObject({ status: 'ignored', orders: [{ status: 'duplicate' }] });
    await onlyTask(plant);
  });
  test('[L7] a lower revision than the one on record is ignored, and the answer says so', async () => {
    const plant = await anErp();
    await push(plant, 'released', { revision: 3 });
    const late = await push(plant, 'changed', { revision: 2, title: 'Something else' });
    expect(late).toMatchObject({ status: 'ignored', orders: [{ status: 'ignored' }] });
    expect(late.orders![0]!.why).toMatch(/Revision 2 .* after revision 3 and is ignored/);
    expect((await orders(plant))[0]!.value).toMatchObject({ revision: 3, title: ORDER.title });
  });
  test('without a place no task can be made, and the order says why', async () => {
    const bare: Step = (plant) =>
      plant.run(
        integration('bare')
          .create({ kind: 'mes', name: 'Bare' }, { minted: { tokenHash: 'f'.repeat(64) } })
          .by(root),
      );
    const plant = await anErp(bare);
    const from = { ...erp, id: integration('bare').id };
    const received = (await plant.deliver(from, {
      type: 'work_order.released',
      data: { ...ORDER, equipment: undefined },
    })) as Received;
    expect(received.warnings.join(' ')).toMatch(/No place/);
    expect(await tasks(plant)).toEqual([]);
    expect((await orders(plant))[0]!.value).toMatchObject({
      task: null,
      taskRefused: expect.stringContaining('area') as string,
    });
    expect(plant.refusedWishes).toEqual(['tasks.create invalid-input']);
  });
  test('nothing leaves the area that the integration was made for', async () => {
    const plant = await anErp();
    await push(plant, 'released', { equipment: 'york/bottling/filler-9' });
    expect((await onlyTask(plant)).value).toMatchObject({ area: PACKAGING, equipment: null });
  });
});

describe('what comes after', () => {
  test('a change is noted on the task, and a new end is its new due time', async () => {
    const plant = await anErp();
    await push(plant, 'released');
    await push(plant, 'changed', { revision: 2, requestedEnd: '2026-11-21T17:00:00Z', priority: 1 });
    const { value } = await onlyTask(plant);
    expect(value.dueAt).toBe('2026-11-21T17:00:00.000Z');
    const [note, moved] = value.actions.slice(-2);
    expect(note).toMatchObject({ what: 'noted', by: { kind: 'engine' } });
    expect(note!.text).toMatch(/Order 4001234, revision 2 was changed: .*priority P2 → P1/);
    expect(moved).toMatchObject({ what: 'rescheduled', text: 'Order 4001234, revision 2 asks for it' });
    const [rescheduled] = (await plant.events()).filter(({ type }) => type === 'task.rescheduled');
    expect(rescheduled!.body.changes).toMatchObject({
      dueAt: { was: '2026-11-21T15:00:00.000Z', now: '2026-11-21T17:00:00.000Z' },
    });
  });
  test('withdrawn, the task says so and waits for a person to cancel it; that is reported back', async () => {
    const plant = await anErp();
    await push(plant, 'released');
    await push(plant, 'cancelled');
    expect((await orders(plant))[0]!.value.status).toBe('withdrawn');
    const before = (await onlyTask(plant)).value;
    expect(before.status).toBe('assigned');
    expect(before.actions.at(-1)!.text).toMatch(/withdrawn by whoever ordered it. Cancel this task unless/);
    await worked(plant, (it) => (of) => of.run(it.cancel({ reasonCode: 'not_needed' }).by(ana)));
    expect(await told(plant)).toEqual([['cancelled', 'not needed']]);
  });
  test('a finished task hears no more of its order', async () => {
    const plant = await anErp();
    await push(plant, 'released', { priority: 3 });
    await worked(
      plant,
      (it) => (of) =>
        of.run(it.acknowledge().by(marek), it.start().by(marek), it.complete({ note: 'Done.' }).by(marek)),
    );
    const { value } = await onlyTask(plant);
    await push(plant, 'changed', { revision: 2, requestedEnd: '2026-11-21T17:00:00Z' });
    expect((await onlyTask(plant)).value).toEqual(value);
  });
  test('released again after it was withdrawn, it makes another task', async () => {
    const plant = await anErp();
    await push(plant, 'released');
    await push(plant, 'cancelled', { revision: 2 });
    await push(plant, 'changed', { revision: 3 });
    expect(await tasks(plant)).toHaveLength(1);
    await push(plant, 'released', { revision: 4 });
    expect(await tasks(plant)).toHaveLength(2);
    expect((await orders(plant))[0]!.value).toMatchObject({ status: 'released', task: (await tasks(plant))[1]!.key });
  });
  test('a change of an order that was never heard of is its release', async () => {
    const plant = await anErp();
    await push(plant, 'changed', { revision: 7 });
    await onlyTask(plant);
  });
});

describe('its status goes back', () => {
  test('each step of the work is told once, with what was said', async () => {
    const plant = await anErp();
    await push(plant, 'released');
    await worked(
      plant,
      (it) => (of) => of.run(it.acknowledge().by(marek), it.start().by(marek)),
      (it) => (of) =>
        of.run(it.hold({ reasonCode: 'waiting_parts', note: 'Bearing ordered' }).by(marek), it.resume().by(marek)),
      (it) => (of) =>
        of.run(it.complete({ note: 'New bearing.', resolutionCode: 'replaced' }).by(marek), it.verify().by(dana)),
    );
    expect(await told(plant)).toEqual([
      ['in_progress', null],
      ['on_hold', 'waiting parts: Bearing ordered'],
      ['in_progress', null],
      ['done', 'replaced: New bearing.'],
      ['closed', null],
    ]);
    expect((await orders(plant))[0]!.value.reported).toMatchObject({ status: 'closed' });
  });
  test('a task without an order tells nobody', async () => {
    const own = task('own');
    const plant = await anErp();
    await plant.run(
      own.create({ title: 'Sweep', area: PACKAGING }).by(ana),
      own.cancel({ reasonCode: 'not_needed' }).by(ana),
    );
    expect(await told(plant)).toEqual([]);
  });
});

describe('known by its key only', () => {
  const sap = (verb: string, key = '4001234') => ({
    type: `sap.s4.beh.maintenanceorder.v1.MaintenanceOrder.${verb}.v1`,
    ...{ specversion: '1.0', source: '/default/sap.s4.beh/S4HANA100', id: '0894ef45-7741-1eeb-b9ca-6c1b2c3d4e5f' },
    ...{ time: '2026-11-21T04:10:00Z', datacontenttype: 'application/json', data: { MaintenanceOrder: key } },
  });
  test('the order is on record and makes no task until its details come', async () => {
    const plant = await anErp();
    await plant.deliver(erp, sap('Created'));
    expect((await orders(plant))[0]!.value).toMatchObject({ status: 'named', orderId: '4001234', task: null });
    expect(await tasks(plant)).toEqual([]);
    await plant.deliver(erp, sap('Changed'));
    expect((await plant.events()).filter(({ type }) => type === 'order.changed')).toEqual([]);
    await push(plant, 'changed');
    expect((await onlyTask(plant)).value.title).toBe(ORDER.title);
  });
  test('deleted there, it is withdrawn here', async () => {
    const plant = await anErp();
    await push(plant, 'released');
    await plant.deliver(erp, sap('Deleted'));
    expect((await orders(plant))[0]!.value).toMatchObject({ status: 'withdrawn', revision: 1 });
  });
});

test('[L4] page after page of the same orders, there and back, is recorded with the delivery that brought each change', async () => {
  const plant = await anErp();
  const said = (title: string) =>
    plant.deliver(erp, { type: 'work_order.changed', data: { ...ORDER, revision: undefined, title } });
  for (const title of ['A', 'B', 'A', 'A']) await said(title);
  const events = await plant.events();
  const brought = events.filter(({ type }) => type.startsWith('order.')).map(({ upstream }) => upstream[0]!.id);
  const received = events.filter(({ type }) => type === 'delivery.received').map(({ subject }) => subject.id);
  expect(brought).toHaveLength(3);
  expect(received).toEqual(brought);
});
