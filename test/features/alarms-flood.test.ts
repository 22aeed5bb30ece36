/** Flood (domain model 3.5): above ten new alarms in ten minutes at one position only P1 asks for somebody of its own. */
import { describe, expect, test } from 'vitest';
import { area } from '../kit/ask.ts';
import { LINE_3 } from '../kit/given.ts';
import { host } from '../kit/people.ts';
import type { Plant, Step } from '../kit/plant.ts';
import { after, announcementsOf, aPlantAtNight, signals, tasksOf, tuned, until } from '../kit/signals.ts';

const many = (count: number, said = {}, from = 0, every = 10) =>
  Array.from({ length: count }, (_, n) => {
    const one = signals(`c-${from}-${n}`, { priority: 'P2', ...said });
    return { ...one, comes: one.on(after(from + n * every)) };
  });
const comes = (all: ReturnType<typeof many>): Step[] => all.map((one) => one.comes);
const toldBy = async (plant: Plant, all: ReturnType<typeof many>) =>
  (await Promise.all(all.map((one) => one.told(plant)))).map((told) => told.join());

describe('in a flood', () => {
  test('of thirty alarms nine make tasks, twenty-one become items, and none is lost', async () => {
    const all = many(30);
    const plant = await aPlantAtNight(...comes(all));
    expect(await toldBy(plant, all)).toEqual([
      ...Array.from({ length: 9 }, () => 'activated'),
      ...Array.from({ length: 21 }, () => 'activated (flood)'),
    ]);
    expect(await tasksOf(plant)).toHaveLength(9);
    expect(await announcementsOf(plant)).toHaveLength(30);
    expect(await all[29]!.state(plant)).toMatchObject({
      held: { by: 'flood', rule: expect.stringContaining('Alarm flood in leeds/packaging') as string },
    });
  });
  test('what waited for its delay becomes an item when that is over', async () => {
    const all = many(12, { priority: 'P3' }, 0, 1);
    const plant = await aPlantAtNight(...comes(all), until(after(60)));
    expect(await toldBy(plant, all)).toEqual([
      ...Array.from({ length: 9 }, () => 'activated (delay),announced'),
      ...Array.from({ length: 3 }, () => 'activated (delay),announced (flood)'),
    ]);
    expect(await tasksOf(plant)).toHaveLength(9);
  });
  test('P1 asks all the same', async () => {
    const critical = many(3, { priority: 'P1' }, 200);
    const plant = await aPlantAtNight(...comes(many(12)), ...comes(critical));
    expect(await toldBy(plant, critical)).toEqual(['activated', 'activated', 'activated']);
  });
  test('the window slides: ten alarms spread over more than ten minutes are no flood', async () => {
    const all = many(20, {}, 0, 67);
    const plant = await aPlantAtNight(...comes(all));
    expect((await toldBy(plant, all)).filter((told) => told.includes('flood'))).toEqual([]);
  });
  test('one more at the tenth minute itself is outside: the window is open at its far end', async () => {
    const nine = many(9, {}, 0, 0);
    const [inside, outside] = [signals('inside', { priority: 'P2' }), signals('outside', { priority: 'P2' })];
    expect(await inside.told(await aPlantAtNight(...comes(nine), inside.on(after(599))))).toEqual([
      'activated (flood)',
    ]);
    expect(await outside.told(await aPlantAtNight(...comes(nine), outside.on(after(600))))).toEqual(['activated']);
  });
  test('an alarm that comes again and again counts once', async () => {
    const level = signals('LS-3110', { priority: 'P2' });
    const again = Array.from({ length: 12 }, (_, n) => level.on(after(n * 40), { occurrenceKey: `e-${n}` }));
    const plant = await aPlantAtNight(tuned({ chattering: { perHour: 30 } }), ...again);
    expect(await announcementsOf(plant)).toHaveLength(1);
    expect((await level.told(plant)).filter((told) => told.includes('('))).toEqual([]);
  });
});

describe('positions', () => {
  const line3 = { area: LINE_3 };
  test('are the areas that the plant has: what happens on a line counts for the area around it', async () => {
    const all = [...many(6, line3), ...many(6, {}, 100)];
    const plant = await aPlantAtNight(...comes(all));
    expect((await toldBy(plant, all)).filter((told) => told.includes('flood'))).toHaveLength(3);
  });
  test('a line that is an area of its own has its own operator', async () => {
    const ownArea = area('line 3').create({ path: LINE_3, name: 'Line 3' }).by(host);
    const all = [...many(6, line3), ...many(6, {}, 100)];
    const plant = await aPlantAtNight(ownArea, ...comes(all));
    expect((await toldBy(plant, all)).filter((told) => told.includes('flood'))).toEqual([]);
  });
  test('a nearer area says for itself how many are too many, the rest holds as around it', async () => {
    const plant = await aPlantAtNight(
      area('line 3').create({ path: LINE_3, name: 'Line 3' }).by(host),
      tuned({ onDelay: { P3: 0 }, flood: { start: 20 } }),
      area('line 3')
        .tune({ alarms: { flood: { start: 3 } } })
        .by(host),
      ...comes(many(4, { ...line3, priority: 'P3' })),
    );
    expect(await tasksOf(plant)).toHaveLength(2);
  });
});
