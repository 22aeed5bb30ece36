/** Clocks of devices that are wrong, the shift that an entry belongs to, and what arrives after its seal (sync.md §5.5). */
import { describe, expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { eventsOfShift } from '../../shared/kernel/read.ts';
import { shift } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, EARLY, night, pump } from '../kit/given.ts';
import { handedOver } from '../kit/handover.ts';
import { bring, device, flagsOf, type How } from '../kit/made.ts';
import { ana, dana, marek, ORG, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const start = (...steps: readonly Step[]): Promise<Plant> =>
  createPlant().run(anOrganisation(), aNightShift(), ...steps);
const pumpOf = (plant: Plant): Promise<TaskState> => plant.state<TaskState>(pump);
const fixed = pump.complete({ note: 'New seal fitted.' });
const later = (at: string, minutes: number): string => new Date(Date.parse(at) + minutes * 60_000).toISOString();

describe('clocks', () => {
  const clocks: readonly (readonly [string, How & { readonly ahead?: number }, boolean])[] = [
    ['measured and right', { offset: 0 }, false],
    ['never measured', { offset: null }, true],
    ['wrong by two minutes', { offset: 120_000, ahead: 2 }, false],
    ['wrong by more than two minutes', { offset: 121_000, ahead: 2 }, true],
    ['slow by more than two minutes', { offset: -121_000, ahead: -2 }, true],
    ['right by its own account, yet in the future', { offset: 0, ahead: 3 }, true],
  ];
  for (const [what, { ahead = 0, ...how }, isSuspect] of clocks)
    test(`${what}: ${isSuspect ? 'told' : 'nothing to tell'}, and no time is altered`, async () => {
      const plant = await start(aTask('in_progress'));
      const at = later(plant.now(), ahead);
      const said = pump.note({ text: 'Valve open.' });
      const tablet = device('tablet').observed(await plant.head());
      const [outcome] = await bring(plant, tablet.does(said, { ...how, at }).by(marek));
      expect(flagsOf(outcome)).toEqual(isSuspect ? ['clock_suspect'] : []);
      expect((await plant.events()).at(-1)).toMatchObject({
        occurredAt: at,
        recordedAt: at,
        receivedAt: plant.now(),
        body: { made: { clockOffsetMs: how.offset ?? null, tz: 'Europe/London' } },
      });
      // A remark about the clock asks nobody to look at the task.
      expect((await pumpOf(plant)).flags).toEqual([]);
    });
});

describe('which shift', () => {
  const early = shift('early');
  const earlyIsActive: Step = (plant) => plant.run(early.create(EARLY).by(tom), early.start().by(tom));
  const said = pump.note({ text: 'Valve open.' });

  test('the one that it was written into, whoever is on duty when it arrives', async () => {
    const plant = await start(aTask('in_progress'));
    const tablet = device('tablet').observed(await plant.head());
    await plant.run(night.close().by(ana), earlyIsActive);
    await bring(plant, tablet.does(said, { shift: night.id }).by(marek), tablet.does(said).by(marek));
    const [named, unnamed] = (await plant.events()).slice(-2);
    expect([named!.shift, unnamed!.shift]).toEqual([night.id, early.id]);
  });

  const sealedAt = async (...steps: readonly Step[]) => {
    const plant = await start(...steps);
    const seen = await plant.head();
    const before = plant.now();
    plant.pass(60);
    await plant.run(handedOver(), night.seal().by(tom));
    plant.pass(60);
    return { plant, seen, before, seal: await plant.head() };
  };
  const kinds: readonly (readonly [string, How, 'before' | 'after' | 'knew', string])[] = [
    ['before the seal, by a clock that was measured', { offset: 0 }, 'before', 'made_before_seal'],
    ['before the seal, by a clock that was fast', { offset: 60_000 }, 'before', 'made_before_seal'],
    ['after the seal, by a clock that was measured', { offset: 0 }, 'after', 'made_after_seal'],
    ['by somebody who knew of the seal, whatever the clock says', { offset: 0 }, 'knew', 'made_after_seal'],
    ['by a clock that nobody measured', { offset: null }, 'before', 'unknown'],
  ];
  for (const [what, how, when, lateKind] of kinds)
    test(`after the seal it is late: made ${what}`, async () => {
      const { plant, seen, before, seal } = await sealedAt(aTask('in_progress'));
      const observed = when === 'knew' ? seal : seen;
      const at = when === 'after' ? plant.now() : before;
      const made = device('tablet')
        .observed(observed)
        .does(said, { ...how, at, shift: night.id })
        .by(marek);
      const [outcome] = await bring(plant, made);
      expect(flagsOf(outcome)).toContain('late');
      const event = (await plant.history(pump)).at(-1)!;
      expect(event).toMatchObject({ shift: night.id, body: { late: true, lateKind } });
      expect((await pumpOf(plant)).flags).toEqual(['late']);
    });

  test('[L2] what meets the seal of its task changes nothing in it, is kept, and is settled in the open', async () => {
    const plant = await start(aTask('in_progress'));
    const observed = await plant.head();
    await plant.run(fixed.by(dana), handedOver(), night.seal().by(tom));
    const sealed = await plant.ledger.load(ORG, eventsOfShift(night.id));
    const made = device('tablet').observed(observed).does(fixed, { shift: night.id }).by(marek);
    const [outcome] = await bring(plant, made);
    expect(outcome).toMatchObject({ outcome: 'accepted', flags: ['concurrent_completion', 'late'] });
    const state = await pumpOf(plant);
    expect(state).toMatchObject({
      completion: { by: dana.id },
      finishedIn: night.id,
      furtherReports: [{ by: marek.id }],
      flags: ['concurrent_completion', 'late'],
    });
    // It happened before the seal, so it is no attempt to change what is sealed.
    expect((await plant.events()).map(({ type }) => type)).not.toContain('shift.change_refused');
    expect((await plant.ledger.load(ORG, eventsOfShift(night.id))).slice(0, sealed.length)).toEqual(sealed);
    // It stays on the devices until somebody has looked at it.
    const { holds } = plant.register.byName.get('tasks')!.travels!;
    expect(holds(state, () => false)).toBe(true);
    await plant.must(pump.review({ finding: 'The same work.' }).by(ana));
    expect(holds(await pumpOf(plant), () => false)).toBe(false);
  });
});
