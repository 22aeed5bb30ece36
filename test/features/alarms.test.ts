/** The condition's state machine (domain model 2.3), and people's reports, which take the same road (issue point 3). */
import { describe, expect, test } from 'vitest';
import { conditionId, type ConditionState, type Occurrence } from '../../shared/features/alarms/contract.ts';
import { tasksCausedBy, type TaskState } from '../../shared/features/tasks/contract.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { select } from '../../shared/kernel/read.ts';
import { alarm, task } from '../kit/ask.ts';
import { aMinute, aNightShift, anOrganisation, by, given, LINE_3, night, PACKAGING } from '../kit/given.ts';
import { ana, ben, dana, marek, ORG, scada } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const level = alarm(conditionId(ORG, scada.id, 'LS-3110'));
const signal =
  (state: 'active' | 'cleared', minute: number, more: object = {}): Step =>
  async (plant) => {
    const occurredAt = `2026-11-20T22:${String(minute).padStart(2, '0')}:00.000Z`;
    if (occurredAt > plant.now()) plant.waitUntil(occurredAt);
    await plant.settle();
    const said = { condition: 'LS-3110', title: 'Level high', state, severity: 'warning', occurredAt };
    await plant.deliver(scada, { ...said, ...more });
  };
const on = (minute: number, more: object = {}) => signal('active', minute, { occurrence: `at-${minute}`, ...more });
const off = (minute: number, of: number) => signal('cleared', minute, { occurrence: `at-${of}` });
const acknowledged: Step = level.acknowledge().by(ben);

const shown = async (plant: Plant, thing = level) => {
  const { status, activations, occurrence } = await plant.state<ConditionState>(thing);
  return { status, activations, occurrence };
};
const tasksOf = (plant: Plant, occurrence: string | null) => plant.ledger.load(ORG, tasksCausedBy([occurrence!]));

describe('the table of states', () => {
  for (const [what, steps, status] of [
    ['active: unacknowledged', [on(1)], 'UNACK'],
    ['active, acknowledged', [on(1), acknowledged], 'ACKED'],
    ['active, then clear: returned to normal, unacknowledged', [on(1), off(2, 1)], 'RTNUN'],
    ['acknowledged, then clear: normal', [on(1), acknowledged, off(2, 1)], 'NORM'],
    ['clear, then acknowledged: normal', [on(1), off(2, 1), acknowledged], 'NORM'],
    ['clear, then active again: unacknowledged', [on(1), off(2, 1), on(3)], 'UNACK'],
    ['acknowledged, re-activated as before: still acknowledged', [on(1), acknowledged, on(3)], 'ACKED'],
    [
      'acknowledged, re-activated and worse: to be acknowledged anew',
      [on(1), acknowledged, on(3, { severity: 'critical' })],
      'UNACK',
    ],
  ] as const)
    test(what, async () => {
      const plant = await createPlant().run(anOrganisation(), ...steps);
      expect(await shown(plant)).toMatchObject({ status });
    });

  test('[L7] there is nothing to acknowledge twice', () =>
    given(anOrganisation(), on(1), acknowledged).when(level.acknowledge(), by(dana)).refused('transition-not-allowed'));
  test('the clear of an episode that is over clears nothing of the next', async () => {
    const plant = await createPlant().run(anOrganisation(), on(1), on(5), off(6, 1));
    expect(await shown(plant)).toMatchObject({ status: 'UNACK', activations: 2 });
  });
  test('a clear from before the activation clears nothing', async () => {
    const plant = await createPlant().run(anOrganisation(), on(5), signal('cleared', 4));
    expect(await shown(plant)).toMatchObject({ status: 'UNACK' });
  });
  test('a message older than the latest clear makes no new episode', async () => {
    const plant = await createPlant().run(anOrganisation(), on(1), off(9, 1), on(5));
    expect(await shown(plant)).toMatchObject({ status: 'RTNUN', activations: 1 });
  });
  test('chatter of a sender that names no episodes: six times on and off is six episodes on one task', async () => {
    const chatter = [0, 1, 2, 3, 4, 5].flatMap((n) => [signal('active', 2 * n), signal('cleared', 2 * n + 1)]);
    const plant = await createPlant().run(anOrganisation(), aNightShift(), ...chatter);
    expect(await plant.ledger.load(ORG, select<Occurrence>('occurrences'))).toHaveLength(6);
    const tasks = await plant.ledger.load(ORG, select<TaskState>('tasks'));
    expect(tasks.map(({ value }) => value.occurrences.length)).toEqual([6]);
  });
  test('[L4] more episodes than are remembered by key, then the very first replayed: nothing new', async () => {
    const episodes = Array.from({ length: 70 }, (_, n): Step[] => {
      const at = (second: number) => ({ occurredAt: new Date(Date.UTC(2026, 10, 20, 22, n, second)).toISOString() });
      const occurrence = { occurrence: `episode-${n}` };
      return [signal('active', 0, { ...occurrence, ...at(0) }), signal('cleared', 0, { ...occurrence, ...at(30) })];
    });
    const plant = await createPlant().run(anOrganisation(), ...episodes.flat());
    const head = await plant.head();
    await plant.run(...episodes[0]!);
    expect(await plant.head()).toBe(head);
  });
});

describe('an alarm and its task', () => {
  const raised: Step[] = [anOrganisation(), aNightShift(), on(1), aMinute];
  const theTask = async (plant: Plant) => {
    const [row] = await plant.ledger.load(ORG, tasksCausedBy([(await shown(plant)).occurrence!]));
    return task(row!.key);
  };
  test('whoever acknowledges the task has seen the alarm', async () => {
    const plant = await createPlant().run(...raised);
    await plant.must((await theTask(plant)).acknowledge().by(marek));
    expect(await shown(plant)).toMatchObject({ status: 'ACKED' });
    expect((await plant.history(level)).at(-1)).toMatchObject({ actor: { kind: 'engine', onBehalfOf: marek.id } });
  });
  test('[L7] completed while the machine still signals, a task wants a reason; the refusal names the alarm', async () => {
    const plant = await createPlant().run(...raised);
    const work = await theTask(plant);
    await plant.run(work.acknowledge().by(marek), work.start().by(marek));
    const head = await plant.head();
    const outcome = await plant.ask(work.complete({ note: 'Cleaned the switch.' }).by(marek));
    expect(outcome).toMatchObject({
      refusal: {
        refused: 'condition-active',
        detail: expect.stringContaining('Level high') as string,
        fields: [{ field: '/overrideReason' }],
      },
    });
    expect(await plant.head()).toBe(head);
    await plant.must(
      work.complete({ note: 'Cleaned the switch.', overrideReason: 'Tank is full on purpose.' }).by(marek),
    );
    expect(await plant.state<TaskState>(work)).toMatchObject({
      status: 'closed',
      completion: { overrideReason: 'Tank is full on purpose.' },
    });
  });
  test('once the alarm is clear, no reason is asked for', async () => {
    const plant = await createPlant().run(...raised);
    const work = await theTask(plant);
    await plant.run(work.acknowledge().by(marek), work.start().by(marek), off(4, 1));
    await plant.must(work.complete({ note: 'Cleaned the switch.' }).by(marek));
  });
  test('an earlier episode that is over does not ask for a reason, a later one that goes on does', async () => {
    const plant = await createPlant().run(...raised);
    const work = await theTask(plant);
    await plant.run(work.acknowledge().by(marek), work.start().by(marek), off(4, 1), on(5), aMinute);
    expect(await plant.ask(work.complete({ note: 'Cleaned.' }).by(marek))).toMatchObject({
      refusal: { refused: 'condition-active' },
    });
  });
});

describe("a person's report", () => {
  const oil = alarm('oil');
  test('one sentence becomes a problem and a task for the role on duty, with its cause', async () => {
    const plant = await given(anOrganisation(), aNightShift())
      .when(oil.report({ text: 'Oil under gearbox 4. Slippery!', area: LINE_3, priority: 'P2' }), by(ben))
      .then({ type: 'alarm.reported', actor: { id: ben.id }, shift: night.id, body: { title: 'Oil under gearbox 4' } });
    const { occurrence, status } = await shown(plant, oil);
    expect(status).toBe('UNACK');
    expect((await tasksOf(plant, occurrence)).map(({ value }) => value)).toMatchObject([
      {
        title: 'Oil under gearbox 4',
        description: 'Oil under gearbox 4. Slippery!',
        priority: 'P2',
        area: LINE_3,
        assignee: { role: 'maintenance_engineer' },
        upstream: [{ kind: 'occurrence', id: occurrence, rel: 'caused_by' }],
      },
    ]);
  });
  const photo = utf8('a photo of the puddle');
  const withPhoto = { text: 'Oil under gearbox 4', area: PACKAGING, evidence: [sha256Hex(photo)] };
  test('its photo goes with it to the task, and without one neither says anything of photos', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    await plant.ledger.putFile(ORG, sha256Hex(photo), photo);
    await plant.run(
      oil.report(withPhoto).by(ben),
      alarm('belt').report({ text: 'Belt slips', area: PACKAGING }).by(ben),
    );
    const [first, second] = await plant.ledger.load(ORG, select<TaskState>('tasks', { order: 'oldest' }));
    expect(first!.value.evidence).toEqual([sha256Hex(photo)]);
    expect(second!.value).not.toHaveProperty('evidence');
    const bodies = (await plant.events()).filter(({ type }) => type === 'alarm.reported' || type === 'task.created');
    expect(bodies.map(({ body }) => 'evidence' in body)).toEqual([true, true, false, false]);
  });
  test('[L7] a photo that nobody uploaded is refused', () =>
    given(anOrganisation())
      .when(oil.report(withPhoto), by(ben))
      .refused('unknown-reference', ({ fields }) => expect(fields).toMatchObject([{ field: '/evidence' }])));
  test('it has no signal: its task is completed without a reason why it is still on', async () => {
    const plant = await given(anOrganisation(), aNightShift())
      .when(oil.report({ text: 'Oil under gearbox 4', area: PACKAGING }), by(ana))
      .then('alarm.reported');
    const [row] = await tasksOf(plant, (await shown(plant, oil)).occurrence);
    const work = task(row!.key);
    await plant.run(work.acknowledge().by(marek), work.start().by(marek), work.complete({ note: 'Wiped.' }).by(marek));
    expect(await shown(plant, oil)).toMatchObject({ status: 'NORM' });
  });
  test('the same problem reported by two people is two reports', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      oil.report({ text: 'Oil under gearbox 4', area: PACKAGING }).by(ben),
      alarm('oil again').report({ text: 'Oil under gearbox 4', area: PACKAGING }).by(dana),
    );
    expect(await plant.ledger.load(ORG, select<TaskState>('tasks'))).toHaveLength(2);
  });
  for (const [text, title] of [
    ['Pump 3.2 leaks.', 'Pump 3.2 leaks'],
    ['Line one\nline two', 'Line one'],
    [`${'long '.repeat(40)}`, `${'long '.repeat(23)}long…`],
  ] as const)
    test(`the title of ${JSON.stringify(text).slice(0, 24)} is its first sentence`, () =>
      given(anOrganisation())
        .when(oil.report({ text, area: PACKAGING }), by(ben))
        .then({ type: 'alarm.reported', body: { title, text } }));
});
