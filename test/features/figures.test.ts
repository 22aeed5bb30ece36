/** The figures of the field (domain model 5.1), against numbers that were counted by hand. */
import { describe, expect, test } from 'vitest';
import { csvOf } from '../../shared/figures/csv.ts';
import { spread } from '../../shared/figures/figure.ts';
import { integration, task } from '../kit/ask.ts';
import { aPlant, tasks } from '../kit/at-the-plant.ts';
import { eventAt, figuresOf, heard, scopeOf } from '../kit/figures.ts';
import { aNightShift, promptly, night, NIGHT, PACKAGING } from '../kit/given.ts';
import { handedOver } from '../kit/handover.ts';
import { ana, ben, dana, marek, root, scada } from '../kit/people.ts';
import type { Plant } from '../kit/plant.ts';

const FROM = '2026-11-21T00:00:00Z';
const TO = '2026-11-21T06:00:00Z';
const SIX_HOURS = scopeOf(FROM, TO);
const minute = (n: number): number => Date.parse(FROM) + n * 60_000;
const up = (at: number, name = 'TT-1', more: object = {}, type = 'alarm.activated') =>
  eventAt(minute(at), type, name, { priority: 'P3', title: `Alarm ${name}`, occurrence: name, ...more });
const down = (at: number, name = 'TT-1', more: object = {}) =>
  eventAt(minute(at), 'alarm.cleared', name, { occurrence: name, ...more });
const burst = (at: number, many: number) => Array.from({ length: many }, (_, i) => up(at + i / 100, `B-${at}-${i}`));

describe('alarm rate', () => {
  test('counted is what asks for a person: what is announced, once; not what a rule holds, but what a flood holds', () => {
    const events = [
      up(1),
      up(2, 'A', { held: { by: 'delay' } }),
      up(2.5, 'A', { waited: 'delay' }, 'alarm.announced'),
      up(3, 'B', { held: { by: 'shelved' } }),
      up(4, 'C', { held: { by: 'flood' } }),
      up(5, 'TT-1', {}, 'alarm.reactivated'),
    ];
    const { alarm_rate: rate } = heard(events, SIX_HOURS);
    expect(rate).toMatchObject({ n: 4, values: { mean: 4 / 36, peak: 4 } });
    expect(rate!.behind['periods']).toEqual([{ at: '2026-11-21T00:00:00.000Z', count: 4 }]);
  });
  test('nothing is counted before, nor at the end itself, nor elsewhere', () => {
    const events = [
      up(-1),
      up(0),
      up(359.9),
      up(360),
      eventAt(minute(5), 'alarm.activated', 'X', { priority: 'P1' }, 'york'),
    ];
    expect(heard(events, { ...SIX_HOURS, areas: ['leeds'] })['alarm_rate']).toMatchObject({ n: 2 });
    expect(heard(events, SIX_HOURS)['alarm_rate']).toMatchObject({ n: 3 });
  });
  test('periods with more than ten, and a flood from the first of them to the first with fewer than five', () => {
    const figures = heard(
      [...burst(10, 10), ...burst(20, 11), ...burst(30, 5), ...burst(40, 4), ...burst(50, 9)],
      SIX_HOURS,
    );
    expect(figures['periods_over_10']).toMatchObject({ n: 36, values: { share: 1 / 36, count: 1 } });
    expect(figures['time_in_flood']).toMatchObject({ values: { share: 2 / 36, minutes: 20 } });
    expect(figures['alarm_rate']!.values['peak']).toBe(11);
  });
  test('a flood that began before goes on', () => {
    const events = [...burst(-10, 12), ...burst(0, 6), ...burst(10, 2)];
    expect(heard(events, SIX_HOURS)['time_in_flood']!.behind['periods']).toEqual(['2026-11-21T00:00:00.000Z']);
  });
  test('by operator on duty: from start to close of their shift, in the time asked for', () => {
    const crew = ['operator', 'operator', 'supervisor'].map((role, i) => ({ user: `u${i}`, role }));
    const shift = [
      eventAt(minute(-120), 'shift.started', 'night', { crew }),
      eventAt(minute(180), 'shift.closed', 'night'),
    ];
    const { alarm_rate_per_operator: rate } = heard([...shift, ...burst(10, 9)], SIX_HOURS);
    expect(rate).toMatchObject({ n: 9, values: { mean: 9 / 36 }, behind: { operatorHours: 6 } });
    const line = heard([...shift], { ...SIX_HOURS, areas: [`${PACKAGING}/line-3`] })['alarm_rate_per_operator'];
    expect(line!.behind['operatorHours']).toBe(6);
    expect(heard(burst(10, 9), SIX_HOURS)['alarm_rate_per_operator']!.values['mean']).toBeNull();
    const [, closed] = shift;
    const gone = [
      ...[shift[0]!, eventAt(minute(60), 'shift.checked_out', 'night', { user: 'u0' })],
      ...[eventAt(minute(120), 'shift.checked_in', 'night', { user: 'u3', role: 'operator' }), closed!],
    ];
    expect(heard(gone, SIX_HOURS)['alarm_rate_per_operator']!.behind['operatorHours']).toBe(5);
  });
  test('priorities, of what was annunciated', () => {
    const events = [up(1, 'A', { priority: 'P1' }), up(2, 'B'), up(3, 'C'), up(4, 'D', { priority: 'P4' })];
    expect(heard(events, SIX_HOURS)['priority_distribution']).toMatchObject({
      values: { P1: 0.25, P2: 0, P3: 0.5, P4: 0.25 },
      behind: { counts: { P1: 1, P2: 0, P3: 2, P4: 1 } },
    });
  });
  test('of a time that is not over yet, the rate is that up to now', () => {
    const { alarm_rate: rate } = heard(burst(10, 6), { ...SIX_HOURS, now: minute(60) });
    expect(rate!.values['mean']).toBe(1);
  });
});

describe('nuisance', () => {
  test('the ten loudest and their share of all', () => {
    const events = [
      ...Array.from({ length: 8 }, (_, i) => up(i * 20, 'LOUD', {}, 'alarm.reactivated')),
      ...burst(200, 12),
    ];
    const { top_alarms: top } = heard(events, SIX_HOURS);
    expect(top).toMatchObject({ n: 20, values: { share: 17 / 20 } });
    expect((top!.behind['conditions'] as object[])[0]).toEqual({
      condition: 'LOUD',
      title: 'Alarm LOUD',
      count: 8,
      share: 0.4,
    });
    expect(top!.behind['conditions']).toHaveLength(10);
  });
  test.each([
    ['three in a minute', [0, 0.4, 0.9], 1],
    ['three in a little more', [0, 0.5, 1], 0],
    ['ten in an hour', [0, 6, 12, 18, 24, 30, 36, 42, 48, 54], 1],
    ['nine in an hour', [0, 6, 12, 18, 24, 30, 36, 42, 48], 0],
  ])('chattering: %s', (_name, at, many) => {
    const { nuisance_alarms: found } = heard(
      at.map((one) => up(one)),
      SIX_HOURS,
    );
    expect(found!.values['chattering']).toBe(many);
  });
  test('standing for more than a day, cleared or not; fleeting as the engine says', () => {
    const long = -24 * 60;
    const events = [
      up(long - 1, 'OLD'),
      up(long + 10, 'SINCE'),
      up(long + 10, 'FIXED'),
      down(5, 'FIXED'),
      up(3, 'FLIT', { held: { by: 'delay' } }),
      down(3.1, 'FLIT', { fleeting: true }),
    ];
    const { nuisance_alarms: found } = heard(events, SIX_HOURS);
    expect(found).toMatchObject({ values: { chattering: 0, fleeting: 1, standing: 2 } });
    expect(found!.behind['standing']).toEqual({ items: ['OLD', 'SINCE'], complete: true });
  });
});

describe('of a real night', () => {
  const alarm = (id: string, more: object = {}) => ({
    condition: id,
    title: `Alarm ${id}`,
    state: 'active',
    severity: 'high',
    ...more,
  });
  const taskOf = async (plant: Plant, n: number) => task((await tasks(plant))[n]!.key);
  const NIGHT_TIME = scopeOf(NIGHT.from, NIGHT.to);

  test('times to acknowledge and to complete, and what was late', async () => {
    const plant = await aPlant(aNightShift());
    for (const id of ['A', 'B']) await plant.deliver(scada, alarm(id));
    const [a, b] = [await taskOf(plant, 0), await taskOf(plant, 1)];
    plant.pass(4);
    await plant.run(a.acknowledge().by(marek), a.start().by(marek));
    plant.pass(16);
    await plant.run(
      b.acknowledge().by(marek),
      b.start().by(marek),
      b.assign({ assignee: { role: 'maintenance_engineer' } }).by(ana),
    );
    await plant.deliver(scada, alarm('A', { state: 'cleared' }));
    await plant.run(a.complete({ note: 'Done.', resolutionCode: 'made_safe' }).by(marek));
    plant.pass(10);
    await plant.run(a.verify().by(dana), b.acknowledge().by(marek), b.start().by(marek));
    plant.pass(240);
    await plant.deliver(scada, alarm('B', { state: 'cleared' }));
    await plant.run(b.complete({ note: 'Nothing found.', resolutionCode: 'no_fault_found' }).by(marek));
    const figures = await figuresOf(plant, { ...NIGHT_TIME, now: Date.parse(plant.now()) });
    // B was acknowledged twice: the first time counts. P2 is to be acknowledged within 15 minutes.
    expect(figures['time_to_acknowledge']).toMatchObject({
      n: 2,
      values: { median: 240, p90: 1200, mean: 720, withinTarget: 0.5 },
      behind: { byPriority: { P2: { n: 2 }, P1: { n: 0, median: null } } },
    });
    expect(figures['time_to_complete']).toMatchObject({ n: 2, values: { median: 1200, p90: 16_200 } });
    expect(figures['time_to_safe']).toMatchObject({ n: 1, values: { median: 1200 } });
    expect(figures['create_to_close']).toMatchObject({ n: 1, values: { median: 1800 } });
    expect(figures['in_time']).toMatchObject({ n: 2, values: { share: 0.5, late: 1, openOverdue: 0 } });
    expect(figures['in_time']!.behind['late']).toEqual({ items: [b.id], complete: true });
    expect(figures['false_alarms']).toMatchObject({ n: 2, values: { share: 0.5, count: 1 } });
    expect(figures['escalations']).toMatchObject({ n: 2, values: { count: 0, nobodyOnDuty: 0 } });
  });
  test('the same trouble again within a week is a repeat failure, after longer it is not', async () => {
    const plant = await aPlant(aNightShift(), promptly());
    const rounds = [0, 60, 11 * 24 * 60];
    for (const pause of rounds) {
      plant.pass(pause);
      await plant.deliver(scada, alarm('A', { severity: 'warning', occurredAt: plant.now() }));
      const one = await taskOf(plant, (await tasks(plant)).length - 1);
      await plant.run(one.acknowledge().by(marek), one.start().by(marek));
      plant.pass(1);
      await plant.deliver(scada, alarm('A', { state: 'cleared', occurredAt: plant.now() }));
      await plant.run(one.complete({ note: 'Reset.' }).by(marek));
    }
    const figures = await figuresOf(plant, scopeOf(NIGHT.from, plant.now()));
    const [first, second] = await tasks(plant);
    expect(figures['repeat_failures']).toMatchObject({ n: 3, values: { count: 1 } });
    expect(figures['repeat_failures']!.behind['tasks']).toMatchObject({
      items: [{ task: second!.key, after: first!.key }],
    });
  });
  test('nobody on duty, second levels of escalation, what is overdue and still to be done', async () => {
    const plant = await aPlant();
    await plant.deliver(scada, alarm('A'));
    const a = await taskOf(plant, 0);
    for (const reason of ['One', 'Two', 'Three']) await plant.run(a.escalate({ reason }).by(ana));
    plant.pass(300);
    const figures = await figuresOf(plant, scopeOf(NIGHT.from, plant.now()));
    expect(figures['escalations']).toMatchObject({
      n: 1,
      values: { share: 1, count: 1 },
      behind: { escalated: { items: [a.id] } },
    });
    // Once when the task was made, and at each level that the clock looked at since.
    const { items } = figures['escalations']!.behind['nobodyOnDuty'] as { items: readonly string[] };
    expect(new Set(items)).toEqual(new Set([a.id]));
    expect(figures['escalations']!.values['nobodyOnDuty']).toBe(items.length);
    expect(figures['in_time']).toMatchObject({
      n: 0,
      values: { share: null, openOverdue: 1 },
      behind: { openOverdue: { items: [a.id] } },
    });
  });
  test('a handover is on time up to 15 minutes after the end', async () => {
    const plant = await aPlant(aNightShift());
    plant.waitUntil('2026-11-21T06:20:00.000Z');
    await plant.run(handedOver());
    const figures = await figuresOf(plant, scopeOf(NIGHT.from, '2026-11-21T08:00:00Z'));
    expect(figures['handover_timeliness']).toMatchObject({
      n: 1,
      values: { share: 0, median: 1200, unaccepted: 0, refused: 0 },
      behind: { accepted: { items: [{ shift: night.id, seconds: 1200 }] } },
    });
  });
  test('what was made away from the server counts when it happened, not when it came', async () => {
    const plant = await aPlant(aNightShift());
    const own = task('own');
    await plant.run(own.create({ title: 'Sweep', area: PACKAGING, assignee: { user: ben.id } }).by(ana));
    plant.pass(5);
    const at = plant.now();
    plant.pass(24 * 60);
    await plant.run(own.acknowledge({ occurredAt: at }).by(ben));
    expect((await figuresOf(plant, NIGHT_TIME))['time_to_acknowledge']).toMatchObject({
      n: 1,
      values: { median: 300 },
    });
  });
  test('a task of an order is not made from an alarm', async () => {
    const plant = await aPlant(aNightShift());
    await plant.run(
      integration('x')
        .create({ kind: 'mes', name: 'X', area: PACKAGING }, { minted: { tokenHash: 'f'.repeat(64) } })
        .by(root),
    );
    await plant.deliver(
      { ...scada, id: integration('x').id },
      { type: 'work_order.released', data: { orderId: '1', title: 'Grease' } },
    );
    const [only] = await tasks(plant);
    await plant.run(task(only!.key).cancel({ reasonCode: 'false_alarm' }).by(ana));
    expect(only!.value.createdBy.kind).toBe('engine');
    expect((await figuresOf(plant, NIGHT_TIME))['false_alarms']).toMatchObject({
      n: 0,
      values: { share: null, count: 0 },
    });
  });
});

test('every figure says what it counts, over how many, and how; and no number is not a number', () => {
  for (const events of [[], [...burst(1, 20), down(3)]])
    for (const figure of Object.values(heard(events, SIX_HOURS))) {
      expect(figure.definition).toMatch(/^[A-Z].{20,}\.$/s);
      expect(figure.of).not.toBe('');
      for (const value of Object.values(figure.values)) expect(value === null || Number.isFinite(value)).toBe(true);
    }
});

test('the median and the 90th percentile are values that were measured', () => {
  expect(spread([4000, 1000, 3000, 2000])).toEqual({ median: 2, p90: 4, mean: 2.5 });
  expect(spread([])).toEqual({ median: null, p90: null, mean: null });
});

test('as a table: one line a value, quoted where it must be', () => {
  const [head, rate, peak] = csvOf(Object.values(heard([up(1)], SIX_HOURS))).split('\r\n');
  expect(head).toBe('figure,measure,value,unit,n,of,target,definition');
  expect(rate).toMatch(/^alarm_rate,mean,0\.02777\d*,1\/10min,1,alarms,"about 1 is very/);
  expect(peak).toMatch(/^alarm_rate,peak,1,/);
});
