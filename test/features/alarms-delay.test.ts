/** On-delay, off-delay, fleeting and standing alarms (domain model 3.5), on a clock that the test moves. */
import { describe, expect, test } from 'vitest';
import { standingAlarmsIn } from '../../shared/features/alarms/contract.ts';
import { PACKAGING } from '../kit/given.ts';
import { ORG } from '../kit/people.ts';
import { after, aPlantAtNight, occurrencesOf, signals, tasksOf, tuned, until } from '../kit/signals.ts';

const level = signals('LS-3110');

describe('on-delay', () => {
  for (const [priority, seconds] of [
    ['P3', 15],
    ['P4', 60],
  ] as const) {
    test(`${priority} is on record at once and asks after ${seconds} s`, async () => {
      const plant = await aPlantAtNight(level.on(after(0), { priority }), until(after(seconds - 1)));
      expect(await level.told(plant)).toEqual(['activated (delay)']);
      expect((await level.state(plant)).held).toEqual({
        by: 'delay',
        rule: `On-delay of ${seconds} s for ${priority}`,
        until: after(seconds),
      });
      expect(await tasksOf(plant)).toEqual([]);
      await plant.run(until(after(seconds)));
      expect(await level.told(plant)).toEqual(['activated (delay)', 'announced']);
      expect(await level.state(plant)).toMatchObject({ held: null, announcedAt: after(seconds) });
      expect(await tasksOf(plant)).toMatchObject([{ title: 'LS-3110 high', priority }]);
    });
  }
  for (const priority of ['P1', 'P2'] as const)
    test(`${priority} asks at once`, async () => {
      const plant = await aPlantAtNight(level.on(after(0), { priority }));
      expect(await level.told(plant)).toEqual(['activated']);
      expect(await tasksOf(plant)).toHaveLength(1);
    });
  test('what has been on for long enough when it is heard asks at once', async () => {
    const plant = await aPlantAtNight(until(after(20)), level.on(after(0)));
    expect(await level.told(plant)).toEqual(['activated']);
  });
  test('a clock that runs ahead at the machine delays nothing further: it counts from when it was heard', async () => {
    const plant = await aPlantAtNight(level.says('active', after(3600)));
    expect(await level.state(plant)).toMatchObject({ held: { until: after(15) } });
  });
  test('by such a clock on for long enough and gone again when it is heard, it has asked all the same', async () => {
    const plant = await aPlantAtNight(level.says('active', after(3600)), level.says('cleared', after(3700)));
    expect(await level.told(plant)).toEqual(['activated (delay)', 'announced', 'cleared']);
  });
  test('gone before that it is fleeting: on record, counted, and nobody is asked', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), level.off(after(10)), until(after(600)));
    expect(await level.told(plant)).toEqual(['activated (delay)', 'cleared']);
    expect((await plant.history(level)).at(-1)!.body).toMatchObject({ fleeting: true, closesAt: after(70) });
    expect(await level.state(plant)).toMatchObject({ fleeting: 1, held: null, announcedAt: null });
    expect(await tasksOf(plant)).toEqual([]);
  });
  test('its delay over before it cleared, and nobody looked at the clock: it has asked all the same', async () => {
    const plant = await aPlantAtNight(level.on(after(0)));
    plant.waitUntil(after(600));
    await plant.must(level.says('cleared', after(500)));
    expect(await level.told(plant)).toEqual(['activated (delay)', 'announced', 'cleared']);
    expect(await level.state(plant)).toMatchObject({ fleeting: 0 });
    expect(await tasksOf(plant)).toHaveLength(1);
  });
  test('activated again while its delay runs, it does not wait anew', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0), { occurrenceKey: 'a' }),
      level.on(after(10), { occurrenceKey: 'b' }),
      until(after(15)),
    );
    expect(await level.told(plant)).toEqual(['activated (delay)', 'reactivated (delay)', 'announced']);
    expect(await tasksOf(plant)).toHaveLength(1);
  });
  test('becoming critical while its delay runs, it asks at once', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0), { occurrenceKey: 'a' }),
      level.on(after(5), { occurrenceKey: 'b', priority: 'P1' }),
    );
    expect(await level.told(plant)).toEqual(['activated (delay)', 'reactivated']);
  });
  test('an area may say otherwise', async () => {
    const plant = await aPlantAtNight(tuned({ onDelay: { P3: 120 } }), level.on(after(0)), until(after(119)));
    expect(await level.told(plant)).toEqual(['activated (delay)']);
    await plant.run(until(after(120)));
    expect(await level.told(plant)).toEqual(['activated (delay)', 'announced']);
  });
});

describe('off-delay', () => {
  test('back within 60 s it is the same episode, activated once more; its clear was provisional', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0)),
      level.off(after(100)),
      level.on(after(159)),
      until(after(200)),
    );
    expect(await occurrencesOf(plant)).toMatchObject([
      { active: true, activations: 2, startedAt: after(0), clearedAt: null, closesAt: null },
    ]);
    expect(await level.told(plant)).toEqual([
      'activated (delay)',
      'announced',
      'cleared',
      'reactivated (delay)',
      'announced',
    ]);
    expect(await tasksOf(plant)).toHaveLength(1);
  });
  test('after 60 s it is another one', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), level.off(after(100)), level.on(after(160)));
    expect((await occurrencesOf(plant)).map(({ activations }) => activations)).toEqual([1, 1]);
  });
  test('of a sender that names its episodes, too', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0), { occurrenceKey: 'a' }),
      level.off(after(20), { occurrenceKey: 'a' }),
      level.on(after(40), { occurrenceKey: 'b' }),
      level.on(after(0), { occurrenceKey: 'a' }),
      level.off(after(70), { occurrenceKey: 'b' }),
    );
    expect(await occurrencesOf(plant)).toMatchObject([{ activations: 2, clearedAt: after(70), closesAt: after(130) }]);
  });
  test('why it was quiet stays with the episode', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), level.off(after(100), { clearCause: 'timeout' }));
    expect(await occurrencesOf(plant)).toMatchObject([{ clearCause: 'timeout' }]);
  });
});

describe('standing', () => {
  test('active for more than 24 hours: said once, until it clears', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), until(after(24 * 3600 - 1)));
    expect(await level.state(plant)).toMatchObject({ standing: false });
    await plant.run(until(after(24 * 3600)), until(after(48 * 3600)));
    expect((await level.told(plant)).slice(2)).toEqual(['standing']);
    expect(await level.state(plant)).toMatchObject({ standing: true });
    expect((await plant.ledger.load(ORG, standingAlarmsIn(PACKAGING))).map(({ key }) => key)).toEqual([level.id]);
    await plant.run(level.off(after(50 * 3600)));
    expect(await level.state(plant)).toMatchObject({ standing: false });
  });
  test('an area may say after how many hours', async () => {
    const plant = await aPlantAtNight(tuned({ standingHours: 2 }), level.on(after(0)), until(after(2 * 3600)));
    expect(await level.state(plant)).toMatchObject({ standing: true });
  });
});
