/** Suppression by design: what follows from an active cause asks for nobody (domain model 2.1, 2.3). */
import { describe, expect, test } from 'vitest';
import { modeOf } from '../../shared/features/alarms/contract.ts';
import { LINE_3 } from '../kit/given.ts';
import { after, aPlantAtNight, signals, tasksOf, tuned } from '../kit/signals.ts';

const FILLER = `${LINE_3}/filler-2`;
const stop = signals('filler-2/stopped', { priority: 'P2', equipment: FILLER });
const starved = signals('labeller-1/starved', { priority: 'P2', equipment: `${LINE_3}/labeller-1` });
const other = signals('filler-2/hot', { priority: 'P2', equipment: `${FILLER}/bearing` });
const reason = 'The labeller starves when the filler stops';
const byDesign = tuned({
  suppress: [
    { when: { conditionKey: 'filler-2/stopped' }, suppress: { equipment: `${LINE_3}/labeller-1` }, reason },
    { when: { equipment: FILLER }, suppress: { conditionKeys: ['labeller-1/starved', 'filler-2/hot'] }, reason },
  ],
});

describe('while its cause is active', () => {
  test('an alarm is held, and says by which rule and which alarm', async () => {
    const plant = await aPlantAtNight(byDesign, stop.on(after(0)), starved.on(after(10)));
    const state = await starved.state(plant);
    expect(state.held).toEqual({
      by: 'suppressed',
      rule: `Follows from an alarm that is active: ${reason}`,
      until: null,
      cause: stop.id,
    });
    expect(modeOf(state)).toBe('SUPPRESSED');
    expect(await tasksOf(plant)).toHaveLength(1);
  });
  test('and asks when the cause has gone and it is still active', async () => {
    const plant = await aPlantAtNight(byDesign, stop.on(after(0)), starved.on(after(10)), stop.off(after(300)));
    expect(await starved.told(plant)).toEqual(['activated (suppressed)', 'announced']);
    expect(modeOf(await starved.state(plant))).toBe('IN_SERVICE');
  });
  test('and does not when it has cleared before', async () => {
    const steps = [stop.on(after(0)), starved.on(after(10)), starved.off(after(20)), stop.off(after(300))];
    const plant = await aPlantAtNight(byDesign, ...steps);
    expect(await starved.told(plant)).toEqual(['activated (suppressed)', 'cleared']);
  });
  test('with another cause active still, it goes on waiting, for that one', async () => {
    const steps = [stop.on(after(0)), starved.on(after(10)), other.on(after(20)), stop.off(after(300))];
    const plant = await aPlantAtNight(byDesign, ...steps);
    // The bearing stands on the filler, so its alarm is a cause too.
    expect(await starved.told(plant)).toEqual(['activated (suppressed)', 'held (suppressed)']);
    expect(await starved.state(plant)).toMatchObject({ held: { cause: other.id } });
  });
});

describe('nothing is held', () => {
  test('by a cause that is not active', async () => {
    const plant = await aPlantAtNight(byDesign, stop.on(after(0)), stop.off(after(10)), starved.on(after(20)));
    expect(await starved.told(plant)).toEqual(['activated']);
  });
  test('by itself', async () => {
    const plant = await aPlantAtNight(byDesign, other.on(after(0)));
    expect(await other.told(plant)).toEqual(['activated']);
  });
  test('any longer when the area drops the rule', async () => {
    const plant = await aPlantAtNight(byDesign, stop.on(after(0)), starved.on(after(10)), tuned({}));
    expect(await starved.told(plant)).toEqual(['activated (suppressed)', 'announced']);
  });
});
