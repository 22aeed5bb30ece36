/** Alarms that come again: while somebody is at it, soon after it was closed, and worse than before. */
import { describe, expect, test } from 'vitest';
import { conditionId } from '../../shared/features/alarms/contract.ts';
import { tasksCausedBy, type TaskState } from '../../shared/features/tasks/contract.ts';
import { policies } from '../../shared/features/tasks/policy.ts';
import { rootsOf } from '../../shared/kernel/trail.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import { alarm, task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, LINE_3 } from '../kit/given.ts';
import { ana, dana, marek, ORG, scada } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';

const start = () => createPlant().run(anOrganisation(), aNightShift());
const level = conditionId(ORG, scada.id, 'level');
let deliveries = 0;
const signal = async (
  plant: Plant,
  kind: 'active' | 'cleared',
  priority: 'P1' | 'P2' = 'P2',
  key: string | null = null,
) => {
  const transition = {
    ...{
      conditionKey: 'level',
      occurrenceKey: key,
      messageKey: null,
      kind,
      clearCause: null,
      severity: 'high',
      priority,
    },
    ...{ class: 'maintenance', at: plant.now(), area: LINE_3, equipment: null, title: 'Level high', text: null },
    ...{ value: 1, unit: null, links: [] },
  };
  const delivery = task(`d${++deliveries}`).id;
  await plant.must(
    alarm(level)
      .observe({ integration: scada.id, delivery, transition: transition as never })
      .by(scada),
  );
};
const tasksOf = (plant: Plant): Promise<readonly Row<TaskState>[]> =>
  plant.ledger.load(ORG, select<TaskState>('tasks', { where: { condition: level }, order: 'oldest' }));
async function repaired(plant: Plant): Promise<string> {
  const [row] = await tasksOf(plant);
  const one = task(row!.key);
  await plant.run(
    one.acknowledge().by(marek),
    one.start().by(marek),
    one.complete({ note: 'Cleaned.', overrideReason: 'Falls slowly.' }).by(marek),
    one.verify().by(ana),
  );
  return row!.key;
}

describe('soon after its task was closed', () => {
  test('a new task follows up the old one and says that it came back', async () => {
    const plant = await start();
    await signal(plant, 'active');
    const first = await repaired(plant);
    await signal(plant, 'cleared');
    plant.pass(14);
    await signal(plant, 'active');
    const [, second] = await tasksOf(plant);
    expect(second!.value).toMatchObject({
      cameBack: true,
      status: 'assigned',
      upstream: [
        { kind: 'task', id: first, rel: 'follow_up_of' },
        { kind: 'occurrence', rel: 'evidences' },
      ],
    });
  });
  test('its trail has one root, the alarm that began it all, and whoever acknowledges it acknowledges the alarm', async () => {
    const plant = await start();
    await signal(plant, 'active');
    await repaired(plant);
    await signal(plant, 'cleared');
    await signal(plant, 'active');
    const [first, second] = await tasksOf(plant);
    await plant.must(task(second!.key).acknowledge().by(marek));
    expect(await plant.state(alarm(level))).toMatchObject({ status: 'ACKED' });
    const events = await plant.events();
    const up = async (item: { kind: string; id: string }) =>
      events
        .filter(({ subject }) => subject.kind === item.kind && subject.id === item.id)
        .flatMap(({ upstream }) => upstream);
    expect(await rootsOf({ kind: 'task', id: second!.key }, up)).toEqual([
      { kind: 'occurrence', id: first!.value.occurrences[0] },
    ]);
  });
  test('later it is a task like any other', async () => {
    const plant = await start();
    await signal(plant, 'active');
    await repaired(plant);
    await signal(plant, 'cleared');
    plant.pass(16);
    await signal(plant, 'active');
    const [, second] = await tasksOf(plant);
    expect(second!.value.cameBack).toBeUndefined();
    expect(second!.value.upstream).toMatchObject([{ kind: 'occurrence', rel: 'caused_by' }]);
  });
  test('what was cancelled was not repaired, so nothing came back', async () => {
    const plant = await start();
    await signal(plant, 'active');
    const [first] = await tasksOf(plant);
    await plant.must(task(first!.key).cancel({ reasonCode: 'false_alarm' }).by(ana));
    await signal(plant, 'cleared');
    await signal(plant, 'active');
    expect((await tasksOf(plant))[1]!.value.cameBack).toBeUndefined();
  });
});

describe('while somebody is at it', () => {
  test('one task, with both episodes', async () => {
    const plant = await start();
    await signal(plant, 'active');
    await signal(plant, 'cleared');
    plant.pass(2);
    await signal(plant, 'active');
    const [only, ...others] = await tasksOf(plant);
    expect(others).toEqual([]);
    expect(only!.value.occurrences).toHaveLength(2);
    expect(await plant.ledger.load(ORG, tasksCausedBy(only!.value.occurrences))).toHaveLength(1);
  });
  test('worse than before: the task is more urgent, its time shorter, and somebody further up hears of it', async () => {
    const plant = await start();
    await signal(plant, 'active', 'P2', 'a');
    plant.pass(5);
    await signal(plant, 'active', 'P1', 'b');
    const [row] = await tasksOf(plant);
    expect(row!.value).toMatchObject({
      ...{ priority: 'P1', dueAt: new Date(Date.parse(plant.now()) + 3_600_000).toISOString() },
      escalations: [{ cause: 'condition_worse', level: 1, notified: [dana.id] }],
      escalation: { level: 1, plan: { ackTimeoutMinutes: 30 } },
    });
    expect((await plant.history(task(row!.key))).map(({ type }) => type).slice(-2)).toEqual([
      'task.worsened',
      'task.escalated',
    ]);
  });
  test('less urgent than before changes nothing', async () => {
    const plant = await start();
    await signal(plant, 'active', 'P1', 'a');
    await signal(plant, 'active', 'P2', 'b');
    const [row] = await tasksOf(plant);
    expect(row!.value).toMatchObject({ priority: 'P1', escalations: [] });
  });
});

describe('what the alarm engine says of it', () => {
  const raise = policies.find(({ name }) => name === 'raise-task-for-alarm')!;
  const heard = (type: string, more: object) => ({
    ...{ type, subject: { kind: 'condition', id: level }, occurredAt: '2026-11-20T22:00:00.000Z' },
    body: {
      occurrence: task('o').id,
      title: 'LS-3110 high',
      text: null,
      priority: 'P3',
      class: 'maintenance',
      ...more,
    },
  });
  const wishes = (type: string, more: object) =>
    raise.asks(heard(type, more) as never, { shifts: [], live: [], closed: [] } as never);
  test('what is held asks for nobody, also when it is announced', () => {
    for (const type of raise.hears) expect(wishes(type, { held: { by: 'flood', rule: 'x', until: null } })).toEqual([]);
  });
  test('what chatters is called so, and how often', () =>
    expect(wishes('alarm.announced', { chattering: 12, waited: 'chattering' })).toMatchObject([
      { type: 'tasks.raise', input: { title: 'Chattering: LS-3110 high (12)' } },
    ]));
});
