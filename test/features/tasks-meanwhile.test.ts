/** What happened to a task while somebody worked on it offline, and whole chains that were made there (sync.md §5.5). */
import { describe, expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, PACKAGING, pump } from '../kit/given.ts';
import { bring, device, flagsOf, type Device, type MadeAsked } from '../kit/made.ts';
import { ana, ben, dana, marek, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const start = (...steps: readonly Step[]): Promise<Plant> =>
  createPlant().run(anOrganisation(), aNightShift(), ...steps);
const pumpOf = (plant: Plant): Promise<TaskState> => plant.state<TaskState>(pump);
const fixed = pump.complete({ note: 'New seal fitted.' });
const accepted = (flags?: readonly string[]) => ({ outcome: 'accepted', ...(flags ? { flags } : {}) });
const rejected = (refused: string) => ({ outcome: 'rejected', refusal: { refused } });
const bodyOf = async (plant: Plant) => (await plant.events()).at(-1)!.body as Record<string, unknown>;
const later = (at: string, minutes: number): string => new Date(Date.parse(at) + minutes * 60_000).toISOString();

describe('what happened to the task meanwhile', () => {
  test('cancelled: what was done is kept beside it, and it stays cancelled', async () => {
    const plant = await start(aTask('in_progress'));
    const seen = await plant.head();
    await plant.must(pump.cancel({ reasonCode: 'not_needed' }).by(ana));
    const [outcome] = await bring(plant, device('tablet').observed(seen).does(fixed).by(marek));
    expect(outcome).toMatchObject(accepted(['task_was_cancelled']));
    expect(await pumpOf(plant)).toMatchObject({
      status: 'cancelled',
      completion: null,
      furtherReports: [{ by: marek.id, note: 'New seal fitted.' }],
      flags: ['task_was_cancelled'],
    });
  });

  test('cancelled: a note is welcome at the head too, and its writer hears of it', async () => {
    const plant = await start(aTask('in_progress'));
    const seen = await plant.head();
    await plant.must(pump.cancel({ reasonCode: 'not_needed' }).by(ana));
    const said = pump.note({ text: 'Valve open.' });
    const [outcome] = await bring(plant, device('tablet').observed(seen).does(said).by(marek));
    expect(flagsOf(outcome)).toEqual(['task_was_cancelled']);
    expect(await bodyOf(plant)).not.toHaveProperty('aside');
  });

  const holders: readonly (readonly [string, { user: string }, string])[] = [
    ['to somebody else: flagged as reassigned', { user: dana.id }, 'task_was_reassigned'],
    ['to the person who has it anyway: things moved on, nobody took it', { user: marek.id }, 'concurrent'],
  ];
  for (const [what, assignee, flag] of holders)
    test(`given ${what}`, async () => {
      const plant = await start(aTask('in_progress'));
      const seen = await plant.head();
      await plant.must(pump.assign({ assignee }).by(ana));
      const [outcome] = await bring(plant, device('tablet').observed(seen).does(fixed).by(marek));
      expect(flagsOf(outcome)).toEqual([flag]);
      expect(await pumpOf(plant)).toMatchObject({ status: 'assigned', assignee, furtherReports: [{ by: marek.id }] });
    });

  test('given to somebody by two people at once: the later one by position holds, flagged', async () => {
    const plant = await start(aTask('open'));
    const seen = await plant.head();
    await plant.must(pump.assign({ assignee: { user: dana.id } }).by(ana));
    const give = pump.assign({ assignee: { user: ben.id } });
    const [outcome] = await bring(plant, device('tablet').observed(seen).does(give).by(tom));
    expect(flagsOf(outcome)).toEqual(['task_was_reassigned']);
    expect((await pumpOf(plant)).assignee).toEqual({ user: ben.id });
  });

  test('a note on what somebody has got meanwhile, which nobody had: nothing to remark', async () => {
    const plant = await start(aTask('open'));
    const seen = await plant.head();
    await plant.must(pump.assign({ assignee: { user: dana.id } }).by(ana));
    const said = pump.note({ text: 'Valve open.' });
    expect(flagsOf((await bring(plant, device('tablet').observed(seen).does(said).by(ben)))[0])).toEqual([]);
  });

  test('anything else that the head refuses is kept beside it as concurrent', async () => {
    const plant = await start(aTask('in_progress'));
    const seen = await plant.head();
    await plant.must(pump.hold({ reasonCode: 'waiting_parts' }).by(dana));
    const hold = pump.hold({ reasonCode: 'safety_stop', note: 'Guard open.' });
    const [outcome] = await bring(plant, device('tablet').observed(seen).does(hold).by(marek));
    expect(flagsOf(outcome)).toEqual(['concurrent']);
    const state = await pumpOf(plant);
    expect(state.hold).toMatchObject({ reasonCode: 'waiting_parts' });
    expect(state.actions.at(-1)).toMatchObject({ what: 'held', text: 'Guard open.', flags: ['concurrent'] });
  });
});

describe('a whole chain made offline', () => {
  const chain = (tablet: Device, seen: number): readonly MadeAsked[] =>
    [pump.acknowledge(), pump.start(), fixed].map((asked) => tablet.observed(seen).does(asked).by(marek));

  test('is decided as one: each step on what the device itself did before', async () => {
    const plant = await start(aTask('assigned'));
    const outcomes = await bring(plant, ...chain(device('tablet'), await plant.head()));
    expect(outcomes.map(flagsOf)).toEqual([[], [], []]);
    expect(await pumpOf(plant)).toMatchObject({ status: 'closed', completion: { by: marek.id } });
  });

  test('is kept beside a task that was cancelled meanwhile, line by line', async () => {
    const plant = await start(aTask('assigned'));
    const seen = await plant.head();
    const tablet = device('tablet');
    await plant.must(pump.cancel({ reasonCode: 'false_alarm' }).by(ana));
    const outcomes = await bring(plant, ...chain(tablet, seen));
    expect(outcomes.map(flagsOf)).toEqual([1, 2, 3].map(() => ['task_was_cancelled']));
    const state = await pumpOf(plant);
    expect(state.status).toBe('cancelled');
    expect(state.acknowledgedBy).toBeNull();
    expect(state.actions.slice(-3).map(({ what }) => what)).toEqual(['acknowledged', 'started', 'completed']);
    expect(state.furtherReports).toHaveLength(1);
    // Once the device has got all that back, it knows that the task is cancelled.
    const after = tablet.observed(await plant.head());
    await plant.must(pump.note({ text: 'Told Marek.' }).by(ana));
    expect(await bring(plant, after.does(fixed).by(marek))).toMatchObject([rejected('transition-not-allowed')]);
  });

  test('[L7] what its own maker could not have done is refused for good, with the sentence of the rules', async () => {
    const plant = await start(aTask('assigned'));
    const seen = await plant.head();
    const tooEarly = device('tablet').observed(seen).does(fixed).by(marek);
    await plant.run(pump.acknowledge().by(dana), pump.start().by(dana));
    const head = await plant.head();
    const [outcome] = await bring(plant, tooEarly);
    expect(outcome).toMatchObject({
      ...rejected('transition-not-allowed'),
      refusal: {
        detail: 'This task is assigned. Only one that is in progress can be completed. Next is "Acknowledge task".',
      },
    });
    expect(await plant.head()).toBe(head);
    expect(await bring(plant, tooEarly)).toEqual([outcome]);
  });

  test('may begin with a new task, which gets its number here', async () => {
    const plant = await start(aTask());
    const tablet = device('tablet').observed(await plant.head());
    const leak = task('leak');
    const sweep = task('sweep');
    const outcomes = await bring(
      plant,
      ...[
        leak.create({ title: 'Leak at filler 2', area: PACKAGING, assignee: { user: marek.id } }),
        leak.acknowledge(),
        leak.start(),
        sweep.create({
          title: 'Sweep up',
          area: PACKAGING,
          upstream: [{ kind: 'task', id: leak.id, rel: 'follow_up_of' }],
        }),
      ].map((asked) => tablet.does(asked).by(marek)),
    );
    expect(outcomes).toMatchObject([accepted(), accepted(), accepted(), accepted()]);
    expect(await plant.state(leak)).toMatchObject({ status: 'in_progress' });
    expect((await plant.stream(leak)).number).toBe(2);
    expect((await plant.stream(sweep)).number).toBe(3);
  });

  test('[L4] two devices cannot make the same task', async () => {
    const plant = await start();
    const seen = await plant.head();
    const make = pump.create({ title: 'Pump 3 leaks', area: PACKAGING });
    const outcomes = await bring(
      plant,
      device('tablet').observed(seen).does(make).by(marek),
      device('phone').observed(seen).does(make).by(dana),
    );
    expect(outcomes).toMatchObject([accepted(), rejected('already-exists')]);
  });

  test('keeps the order of the device within a batch, whatever its clock says', async () => {
    const plant = await start(aTask('assigned'));
    const seen = await plant.head();
    const tablet = device('tablet').observed(seen);
    const at = plant.now();
    const batch = [pump.acknowledge(), pump.start(), fixed].map((asked, i) =>
      tablet.does(asked, { at: later(at, -i) }).by(marek),
    );
    const outcomes = await bring(plant, ...batch);
    expect(outcomes.map((outcome) => 'seqs' in outcome && outcome.seqs[0])).toEqual([1, 2, 3].map((n) => seen + n));
    expect(outcomes.map(flagsOf)).toEqual([[], ['clock_suspect'], ['clock_suspect']]);
  });
});
