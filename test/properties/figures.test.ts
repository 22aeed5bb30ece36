/** What was counted in two adjacent times was counted in both together, once. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventAt, figuresOf, heard, scopeOf, type Figures } from '../kit/figures.ts';
import { aPlant, tasks } from '../kit/at-the-plant.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, PACKAGING } from '../kit/given.ts';
import { ana, dana, marek } from '../kit/people.ts';
import '../kit/seed.ts';

const START = Date.parse('2026-11-21T00:00:00Z');
const PERIODS = 60;
const at = (period: number): string => new Date(START + period * 600_000).toISOString();

type List = { readonly items: readonly unknown[] };
const lists = ({ behind }: Figures[string], ...names: readonly string[]): unknown[] =>
  names.flatMap((name) => (Array.isArray(behind[name]) ? (behind[name] as unknown[]) : (behind[name] as List).items));

/** All that is counted, not divided. */
const counted = (figures: Figures) => ({
  alarms: figures['alarm_rate']!.n,
  periods: lists(figures['alarm_rate']!, 'periods'),
  loud: figures['periods_over_10']!.values['count'],
  flood: lists(figures['time_in_flood']!, 'periods'),
  priorities: Object.values(figures['priority_distribution']!.behind['counts'] as object),
});

const sum = <T>(a: T, b: T): T =>
  Array.isArray(a) && Array.isArray(b)
    ? typeof a[0] === 'number'
      ? (a.map((one: number, i) => one + (b[i] as number)) as T)
      : ([...a, ...b] as T)
    : ((Number(a) + Number(b)) as T);

const cuts = fc
  .tuple(fc.nat(PERIODS), fc.nat(PERIODS), fc.nat(PERIODS))
  .map((three) => three.toSorted((a, b) => a - b) as [number, number, number])
  .filter(([a, b, c]) => a < b && b < c);

const alarms = fc.array(
  fc.record({
    second: fc.nat(PERIODS * 600 - 1),
    name: fc.constantFrom('A', 'B', 'C', 'D'),
    priority: fc.constantFrom('P1', 'P2', 'P3', 'P4'),
    type: fc.constantFrom('alarm.activated', 'alarm.reactivated', 'alarm.announced'),
    held: fc.constantFrom(undefined, undefined, { by: 'flood' }, { by: 'delay' }),
  }),
  { maxLength: 400, size: 'max' },
);

test('alarms, periods and floods add up', () => {
  fc.assert(
    fc.property(alarms, cuts, (told, [a, b, c]) => {
      const events = told
        .toSorted((one, other) => one.second - other.second)
        .map(({ second, name, type, priority, held }) =>
          eventAt(START + second * 1000, type, name, { priority, title: name, ...(held ? { held } : {}) }),
        );
      const now = at(PERIODS);
      const [first, second, both] = [
        [a, b],
        [b, c],
        [a, c],
      ].map(([from, to]) => counted(heard(events, scopeOf(at(from!), at(to!), [], now))));
      for (const key of Object.keys(both!) as (keyof ReturnType<typeof counted>)[])
        expect(sum(first![key], second![key]), key).toEqual(both![key]);
    }),
    { numRuns: 150 },
  );
});

test('tasks that were made, acknowledged, completed, closed and cancelled add up, each counted where it ended', async () => {
  const plant = await aPlant(aNightShift());
  const steps = fc.sample(fc.record({ pause: fc.nat(20), verb: fc.nat(7), which: fc.nat(3) }), {
    numRuns: 220,
    seed: 4711,
  });
  const began = plant.now();
  for (const { pause, verb, which } of steps) {
    plant.pass(pause);
    const all = await tasks(plant);
    const one = task(all[which % Math.max(1, all.length)]?.key ?? 'none');
    const said = [
      task(`t-${all.length}`)
        .create({
          title: 'x',
          area: PACKAGING,
          priority: which % 2 ? 'P2' : 'P3',
          assignee: { role: 'maintenance_engineer' },
        })
        .by(ana),
      one.acknowledge().by(marek),
      one.start().by(marek),
      one.complete({ note: 'Done.' }).by(marek),
      one.verify().by(dana),
      one.sendBack({ reason: 'Again' }).by(dana),
      one.escalate({ reason: 'Help' }).by(ana),
      one.reopen({ reason: 'Again' }).by(ana),
    ][verb]!;
    await plant.ask(said);
  }
  const end = plant.now();
  const tasksIn = async (from: number, to: number) => {
    const figures = await figuresOf(plant, scopeOf(new Date(from).toISOString(), new Date(to).toISOString(), [], end));
    return {
      acknowledged: lists(figures['time_to_acknowledge']!, 'tasks'),
      completed: lists(figures['time_to_complete']!, 'tasks'),
      closed: lists(figures['create_to_close']!, 'tasks'),
      created: figures['escalations']!.n,
      escalated: lists(figures['escalations']!, 'escalated'),
      late: lists(figures['in_time']!, 'late'),
    };
  };
  const [from, to] = [Date.parse(began), Date.parse(end) + 1];
  const whole = await tasksIn(from, to);
  expect(whole.acknowledged.length).toBeGreaterThan(3);
  expect(whole.closed.length).toBeGreaterThan(1);
  expect(whole.escalated.length).toBeGreaterThan(0);
  for (const cut of [0.1, 0.37, 0.5, 0.81].map((part) => Math.floor(from + part * (to - from)))) {
    const [first, second] = [await tasksIn(from, cut), await tasksIn(cut, to)];
    for (const key of Object.keys(whole) as (keyof typeof whole)[])
      expect(sum(first[key] as unknown, second[key] as unknown), key).toEqual(whole[key]);
  }
});
