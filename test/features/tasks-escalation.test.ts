/** Up the ladder until somebody acts (domain model 2.6): by the clock, by hand, back again, and over. */
import { describe, expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { escalation, shift } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, by, EARLY, given, LINE_3, NIGHT, night, pump } from '../kit/given.ts';
import { bring, device } from '../kit/made.ts';
import { ana, ben, dana, marek, root, scada, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const start = (...steps: readonly Step[]): Promise<Plant> =>
  createPlant().run(anOrganisation(), aNightShift(), ...steps);
const pumpOf = (plant: Plant): Promise<TaskState> => plant.state<TaskState>(pump);
/** Time passes in one piece, as if nothing had run meanwhile. */
const later = async (plant: Plant, minutes: number): Promise<Plant> => {
  plant.pass(minutes);
  await plant.settle();
  return plant;
};
/** Time passes minute by minute, with the clock looking. */
const live = async (plant: Plant, minutes: number): Promise<Plant> => {
  for (let n = 0; n < minutes; n++) await later(plant, 1);
  return plant;
};
const at = (minutes: number): string => new Date(Date.parse(NIGHT.from) + minutes * 60_000).toISOString();
interface Said {
  readonly level: number;
  readonly cause: string;
  readonly target: { readonly role?: string; readonly user?: string } | null;
  readonly notified: readonly string[];
  readonly skipped?: readonly { readonly level?: number; readonly percent?: number; readonly why: string }[];
  readonly last?: true;
}
const steps = async (plant: Plant) =>
  (await plant.history(pump))
    .filter(({ type }) => type === 'task.escalated')
    .map(({ occurredAt, body }) => ({ at: occurredAt, ...(body as unknown as Said) }));
const upward = async (plant: Plant) => (await steps(plant)).filter(({ cause }) => cause !== 'overdue');
const urgent = (...more: readonly Step[]): Promise<Plant> => start(aTask('assigned', { priority: 'P1' }), ...more);
const noDue = { due: null, ackTimeout: { P1: 30, P2: null, P3: null, P4: null } };
const policy = (levels: readonly object[], more: object = {}): Step =>
  escalation('own')
    .create({ name: 'Own', priorities: ['P1'], levels, ...noDue, ...more } as never)
    .by(root);

describe('nobody acknowledges', () => {
  test('the defaults for P1: line lead after 5 minutes, supervisor 5 later, every engineer 10 later', async () => {
    const plant = await live(await urgent(), 21);
    expect(await upward(plant)).toMatchObject([
      { at: at(5), level: 1, target: { role: 'line_lead' }, notified: [dana.id], cause: 'unacknowledged' },
      { at: at(10), level: 2, target: { role: 'supervisor' }, notified: [ana.id] },
      { at: at(20), level: 3, target: { role: 'maintenance_engineer' }, notified: [marek.id] },
    ]);
    expect(await pumpOf(plant)).toMatchObject({ status: 'assigned', escalation: { level: 3, since: at(20) } });
  });
  test('P2 waits 15 minutes, P3 an hour, P4 for ever', async () => {
    for (const [priority, minutes] of [
      ['P2', 15],
      ['P3', 60],
      ['P4', undefined],
    ] as const) {
      const plant = await live(await start(aTask('assigned', { priority })), 62);
      expect((await upward(plant))[0]?.at).toBe(minutes === undefined ? undefined : at(minutes));
    }
  });
  test('what nobody was given is asked for too', async () => {
    const plant = await live(await start(aTask('open', { priority: 'P1' })), 6);
    expect(await upward(plant)).toMatchObject([{ at: at(5), level: 1, notified: [dana.id] }]);
  });
  test('given to the very role that comes first, it is not asked twice', async () => {
    const assignee = { role: 'line_lead' as const };
    const plant = await live(
      await start(pump.create({ title: 'Jam', area: LINE_3, priority: 'P1', assignee }).by(ana)),
      6,
    );
    expect(await upward(plant)).toMatchObject([{ at: at(5), level: 2, target: { role: 'supervisor' } }]);
  });
  test('after the last level it begins again, as often as was said, then the others are told, and then it ends', async () => {
    const levels = [{ target: { role: 'line_lead' }, ackWithinMinutes: 5 }];
    const plant = await start(
      policy(levels, { repeat: { times: 2, thenNotify: 'supervisor' } }),
      aTask('assigned', { priority: 'P1' }),
    );
    const seen = await upward(await live(plant, 90));
    expect(seen.map(({ at: when, level, notified }) => [when, level, notified])).toEqual([
      [at(5), 1, [dana.id]],
      [at(10), 1, [dana.id]],
      [at(15), 1, [dana.id]],
      // All supervisors, on duty or not.
      [at(20), 2, expect.arrayContaining([ana.id, tom.id])],
    ]);
    expect(seen.at(-1)?.last).toBe(true);
    expect((await pumpOf(plant)).escalation).toMatchObject({ ended: true });
  });
  test('it stops when somebody acknowledges, and says who answered', async () => {
    const plant = await live(await urgent(), 7);
    await plant.must(pump.acknowledge().by(marek));
    await plant.must(pump.start().by(marek));
    await live(plant, 30);
    expect((await pumpOf(plant)).escalations).toMatchObject([
      { level: 1, outcome: 'accepted', acknowledgedBy: marek.id, acknowledgedAt: at(7), raisedBy: 'engine' },
    ]);
  });
  test('it goes on although its shift was handed over and sealed', async () => {
    const early = shift('early');
    const plant = await start(aTask('assigned', { priority: 'P3' }), night.close().by(ana));
    const decisions = [{ task: pump.id, decision: 'continue' as const }];
    await plant.run(
      early.create(EARLY).by(tom),
      night.sign({ decisions }).by(ana),
      night.accept().by(tom),
      early.start({ crew: [{ user: dana.id, role: 'line_lead' }] }).by(tom),
      night.seal().by(tom),
    );
    expect(await upward(await live(plant, 61))).toMatchObject([{ level: 1, notified: [dana.id] }]);
  });
});

describe('nobody is on duty', () => {
  test('a level with nobody is skipped at once, and the step says so', async () => {
    const plant = await createPlant().run(anOrganisation(), night.create(NIGHT).by(ana), night.start({}).by(ana));
    await live(await plant.run(aTask('assigned', { priority: 'P1' })), 6);
    expect(await upward(plant)).toMatchObject([
      {
        ...{ at: at(5), level: 2, target: { role: 'supervisor' }, notified: [ana.id] },
        skipped: [{ level: 1, why: 'nobody_on_duty', target: { role: 'line_lead' } }],
      },
    ]);
    expect((await pumpOf(plant)).actions.at(-1)?.text).toBe(
      'not acknowledged in time; level 2; nobody on duty for line lead; asked supervisor',
    );
  });
  test('nobody at all: whoever is left to be told is told at once, every level is on record', async () => {
    const plant = await live(await createPlant().run(anOrganisation(), aTask('assigned', { priority: 'P1' })), 6);
    const [step] = await upward(plant);
    expect(step).toMatchObject({ at: at(5), level: 4, target: { role: 'supervisor' } });
    expect([...step!.notified].sort()).toEqual([ana.id, tom.id].sort());
    expect(step!.skipped).toMatchObject([{ level: 1 }, { level: 2 }, { level: 3 }]);
  });
  test('somebody who is called by name is called without waiting', async () => {
    const called = [{ target: { user: tom.id }, ackWithinMinutes: 30 }];
    const plant = await createPlant().run(anOrganisation(), policy(called));
    const signal = { condition: 'oil', title: 'Oil low', state: 'active', severity: 'critical', area: LINE_3 };
    await plant.deliver(scada, { ...signal, occurredAt: plant.now() });
    const last = (await plant.events()).at(-1)!;
    expect(last).toMatchObject({ type: 'task.escalated', occurredAt: at(0), body: { level: 1, notified: [tom.id] } });
  });
  test('a crew that comes on duty is asked for what nobody heard', async () => {
    const plant = await live(await createPlant().run(anOrganisation(), aTask('assigned', { priority: 'P3' })), 61);
    expect(await upward(plant)).toMatchObject([{ target: null, notified: [] }]);
    await plant.run(aNightShift());
    expect((await upward(plant)).at(-1)).toMatchObject({
      level: 1,
      target: { role: 'line_lead' },
      notified: [dana.id],
    });
  });
});

test('a crew without any of those who are to be asked changes nothing', async () => {
  const levels = [{ target: { role: 'maintenance_engineer' }, ackWithinMinutes: 5 }];
  const own = policy(levels, { repeat: { times: 0, thenNotify: 'supervisor' } });
  const plant = await live(await createPlant().run(anOrganisation(), own, aTask('open', { priority: 'P1' })), 6);
  expect(await upward(plant)).toMatchObject([{ level: 2, target: { role: 'supervisor' }, last: true }]);
  await plant.run(night.create(NIGHT).by(ana), night.start({}).by(ana));
  expect(await upward(plant)).toHaveLength(1);
});

describe('after a time in which nothing ran', () => {
  test('only the newest level that is due is asked; those passed over are in the same step', async () => {
    const plant = await later(await urgent(), 17);
    expect(await upward(plant)).toMatchObject([
      { at: at(17), level: 2, notified: [ana.id], skipped: [{ level: 1, why: 'passed', at: at(5) }] },
    ]);
  });
  test('the next one has its whole time from then on', async () => {
    const plant = await live(await later(await urgent(), 17), 11);
    expect((await upward(plant)).map(({ at: when, level }) => [when, level])).toEqual([
      [at(17), 2],
      [at(27), 3],
    ]);
  });
  test('a long time uses up no repeat, and the due time is told with it: one step', async () => {
    const plant = await later(await urgent(), 600);
    expect(await steps(plant)).toMatchObject([
      {
        ...{ level: 3, percent: 100, cause: 'unacknowledged' },
        skipped: [
          { level: 1, why: 'passed', at: at(5) },
          { level: 2, why: 'passed', at: at(10) },
          { percent: 80, why: 'passed', at: at(48) },
        ],
      },
    ]);
    expect((await pumpOf(plant)).escalation).toMatchObject({ round: 0, told: 100 });
  });
});

describe('acknowledged and forgotten', () => {
  test('nothing begun in time: the level after the one that was acknowledged is asked', async () => {
    const plant = await live(await urgent(), 6);
    await plant.must(pump.acknowledge().by(dana));
    await live(plant, 31);
    expect((await upward(plant)).at(-1)).toMatchObject({
      at: at(36),
      level: 2,
      cause: 'ack_expired',
      notified: [ana.id],
    });
    expect(await pumpOf(plant)).toMatchObject({ status: 'acknowledged', escalation: { waitsFor: 'acknowledgement' } });
    await plant.must(pump.acknowledge().by(ana));
    expect(await pumpOf(plant)).toMatchObject({ acknowledgedBy: ana.id, escalation: { waitsFor: 'progress' } });
  });
  test('a word about it is progress, and so is beginning', async () => {
    const plant = await urgent(pump.acknowledge().by(marek));
    await live(plant, 20);
    await plant.must(pump.note({ text: 'Fetching the crane.' }).by(marek));
    await live(plant, 20);
    await plant.must(pump.start().by(marek));
    await live(plant, 120);
    expect(await upward(plant)).toEqual([]);
  });
});

describe('the due time', () => {
  const overdue = async (plant: Plant) =>
    (await steps(plant)).filter(({ cause }) => cause === 'overdue').map(({ at: when, target }) => [when, target]);
  test('at 80 % and at the end of the time the supervisor is told, whoever is at work', async () => {
    const plant = await live(await start(aTask('in_progress', { priority: 'P1' })), 61);
    expect(await overdue(plant)).toEqual([
      [at(48), { role: 'supervisor' }],
      [at(60), { role: 'supervisor' }],
    ]);
    expect((await pumpOf(plant)).status).toBe('in_progress');
  });
  test('it stands still while production cannot be stopped', async () => {
    const hold = pump.hold({ reasonCode: 'waiting_production_window' }).by(marek);
    const plant = await live(await start(aTask('in_progress', { priority: 'P1' }), hold), 61);
    expect(await overdue(plant)).toEqual([]);
  });
  test('what was late before it was made is not told as news', async () => {
    const dueAt = at(-10);
    const plant = await later(await start(aTask('in_progress', { priority: 'P1', dueAt })), 200);
    expect(await overdue(plant)).toEqual([]);
  });
});

describe('by hand', () => {
  test('one level up, with the reason, to whoever is on duty there', async () => {
    const plant = await given(anOrganisation(), aNightShift(), aTask('in_progress'))
      .when(pump.escalate({ reason: 'Bearing noise.' }), by(marek))
      .then({
        type: 'task.escalated',
        body: {
          level: 1,
          cause: 'manual',
          target: { role: 'line_lead' },
          notified: [dana.id],
          reason: 'Bearing noise.',
        },
      });
    expect((await pumpOf(plant)).status).toBe('in_progress');
  });
  test('whoever called for help has not got it by going on; it goes up until somebody answers', async () => {
    const plant = await start(
      aTask('in_progress', { priority: 'P1' }),
      pump.escalate({ reason: 'Too heavy.' }).by(marek),
    );
    await plant.must(pump.hold({ reasonCode: 'waiting_other_team' }).by(marek));
    await live(plant, 6);
    expect(await upward(plant)).toMatchObject([{ level: 1 }, { level: 2, cause: 'unacknowledged' }]);
    await plant.must(pump.acknowledge().by(ana));
    await live(plant, 20);
    expect(await pumpOf(plant)).toMatchObject({
      status: 'on_hold',
      acknowledgedBy: marek.id,
      escalations: [
        { level: 1, outcome: 'superseded' },
        { level: 2, outcome: 'accepted', acknowledgedBy: ana.id },
      ],
    });
  });
  test('[L7] whoever called does not answer it', () =>
    given(anOrganisation(), aNightShift(), aTask('in_progress'), pump.escalate({ reason: 'Too heavy.' }).by(marek))
      .when(pump.acknowledge(), by(marek))
      .refused('transition-not-allowed'));
  test('[L14] whoever it is brought to may answer, and no colleague of theirs before', async () => {
    const target = { role: 'operator' as const };
    const before = await start(aTask('assigned'));
    expect(await before.ask(pump.acknowledge().by(ben))).toMatchObject({ refusal: { refused: 'role-not-allowed' } });
    await before.must(pump.escalate({ reason: 'Hands needed.', target }).by(ana));
    await before.must(pump.acknowledge().by(ben));
    expect((await pumpOf(before)).acknowledgedBy).toBe(ben.id);
  });
  test('given back twice, somebody further up is asked', async () => {
    const plant = await start(aTask('assigned'));
    await plant.must(pump.reject({ reason: 'Not my trade.' }).by(marek));
    await plant.must(pump.reject({ reason: 'Not mine either.' }).by(dana));
    expect(await upward(plant)).toMatchObject([{ level: 2, cause: 'rejected_twice', notified: [ana.id] }]);
    expect(await pumpOf(plant)).toMatchObject({ status: 'open', rejectedBy: [marek.id, dana.id] });
  });
});

describe('back and over', () => {
  test('returned, the level below is asked again with what was said, and its time runs anew', async () => {
    const plant = await live(await urgent(), 11);
    await plant.must(pump.acknowledge().by(ana));
    await plant.must(pump.return({ reason: 'Dana knows this machine.' }).by(ana));
    expect(await pumpOf(plant)).toMatchObject({
      ...{ status: 'assigned', acknowledgedBy: null },
      escalation: { level: 1, waitsFor: 'acknowledgement' },
      escalations: [
        { level: 1, outcome: 'superseded' },
        { level: 2, outcome: 'returned' },
      ],
    });
    expect((await plant.history(pump)).at(-1)).toMatchObject({
      body: { level: 1, target: { role: 'line_lead' }, notified: [dana.id], reason: 'Dana knows this machine.' },
    });
    expect((await upward(await live(plant, 6))).at(-1)).toMatchObject({ at: at(16), level: 2 });
  });
  test('[L7] nothing is returned that nobody brought', () =>
    given(anOrganisation(), aNightShift(), aTask('assigned'))
      .when(pump.return({ reason: 'No.' }), by(marek))
      .refused('transition-not-allowed'));
  test('taken over: it is theirs, acknowledged, and whoever had it is on record', async () => {
    const plant = await live(await urgent(), 6);
    await plant.must(pump.takeOver().by(ben));
    expect((await plant.history(pump)).at(-1)).toMatchObject({
      type: 'task.taken_over',
      body: { from: { role: 'maintenance_engineer' }, changes: { assignee: { now: { user: ben.id } } } },
    });
    await live(plant, 20);
    expect(await pumpOf(plant)).toMatchObject({ status: 'acknowledged', escalations: [{ outcome: 'accepted' }] });
  });
  test('[L7] somebody who is not on duty does not take the crew’s work away', () =>
    given(anOrganisation(), aNightShift(), aTask('assigned')).when(pump.takeOver(), by(tom)).refused('not-on-duty'));
  test('where nobody is on duty, whoever acts may', () =>
    given(anOrganisation(), aTask('open')).when(pump.takeOver(), by(tom)).then('task.taken_over'));
  test('at its end nothing is left to ask', async () => {
    const plant = await live(await urgent(), 6);
    await plant.must(pump.cancel({ reasonCode: 'false_alarm' }).by(ana));
    await live(plant, 120);
    expect((await pumpOf(plant)).escalations).toMatchObject([{ level: 1, outcome: 'resolved' }]);
  });
});

describe('away from the server', () => {
  test('acknowledged before anybody was asked, heard of after: it counts, and the asking was for nothing', async () => {
    const plant = await urgent();
    const tablet = device('tablet').observed(await plant.head());
    const made = tablet.does(pump.acknowledge(), { at: at(2) }).by(marek);
    await live(plant, 6);
    const [outcome] = await bring(plant, made);
    expect(outcome).toEqual(expect.objectContaining({ outcome: 'accepted' }));
    expect(outcome).not.toHaveProperty('flags');
    expect(await pumpOf(plant)).toMatchObject({ status: 'acknowledged', escalations: [{ outcome: 'superseded' }] });
    expect(await upward(await live(plant, 20))).toHaveLength(1);
  });
  test('the clock’s steps conflict with nothing that people did: begun in the cellar after the time was over', async () => {
    const plant = await urgent(pump.acknowledge().by(marek));
    const tablet = device('tablet').observed(await plant.head());
    await live(plant, 40);
    const [outcome] = await bring(plant, tablet.does(pump.start()).by(marek));
    expect(outcome).not.toHaveProperty('flags');
    expect(await pumpOf(plant)).toMatchObject({ status: 'in_progress', escalation: { waitsFor: null } });
  });
});
