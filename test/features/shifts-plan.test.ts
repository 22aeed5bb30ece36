/** Shifts plan themselves: patterns in local time, also where clocks change, and what the clock makes of them. */
import { describe, expect, test } from 'vitest';
import type { AreaState } from '../../shared/features/areas/contract.ts';
import { THREE_SHIFTS } from '../../shared/features/areas/contract.ts';
import { slotsBetween } from '../../shared/features/areas/slots.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { localDateTime } from '../../shared/kernel/local-time.ts';
import { select } from '../../shared/kernel/read.ts';
import { area, shift } from '../kit/ask.ts';
import { anOrganisation, by, EARLY, given, minutes, NIGHT, night, PACKAGING } from '../kit/given.ts';
import { ana, ORG, root } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';

const packaging = area('packaging');
const planning = packaging.plan({ autoplan: true }).by(root);
const planned = async (plant: Plant) =>
  (await plant.ledger.load(ORG, select<ShiftState>('shifts', { order: 'oldest' }))).map(({ value }) => value);
const times = (shifts: readonly { from: string; to: string }[]) => shifts.map(({ from, to }) => `${from}/${to}`);

describe('a pattern in local time', () => {
  const slots = (zone: string, after: string, until: string, from = '22:00', to = '06:00') =>
    slotsBetween(
      [{ from: '1970-01-01T00:00:00.000Z', shifts: [{ name: 'Night', from, to }] }],
      Date.parse(after),
      Date.parse(until),
      zone,
    );
  const hours = ({ from, to }: { from: string; to: string }) => (Date.parse(to) - Date.parse(from)) / 3_600_000;
  for (const [zone, day, wanted, said] of [
    ['Europe/London', '2026-03-28', 7, 'an hour less when clocks go forward'],
    ['Europe/London', '2026-10-24', 9, 'an hour more when they go back'],
    ['Europe/London', '2026-11-20', 8, 'eight hours on any other day'],
    ['Europe/Berlin', '2026-03-28', 7, 'an hour less when clocks go forward'],
    ['Europe/Berlin', '2026-10-24', 9, 'an hour more when they go back'],
    ['America/New_York', '2026-03-07', 7, 'an hour less when clocks go forward'],
    ['America/New_York', '2026-10-31', 9, 'an hour more when they go back'],
    ['Australia/Lord_Howe', '2026-10-03', 7.5, 'half an hour less where clocks move by that'],
    ['Asia/Kolkata', '2026-03-28', 8, 'eight hours where clocks never change'],
    ['Pacific/Apia', '2011-12-28', 8, 'eight hours before the day that there was not'],
  ] as const)
    test(`a night in ${zone} that begins on ${day} lasts ${said}`, () => {
      const around = Date.parse(`${day}T12:00:00Z`);
      const near = [around - 86_400_000, around + 86_400_000].map((at) => new Date(at).toISOString());
      const [slot, ...more] = slots(zone, near[0]!, near[1]!).filter(({ from }) =>
        localDateTime(from, zone).startsWith(day),
      );
      expect(more).toEqual([]);
      expect(localDateTime(slot!.from, zone)).toBe(`${day}T22:00`);
      expect(localDateTime(slot!.to, zone).slice(11)).toBe('06:00');
      expect(hours(slot!)).toBe(wanted);
    });
  test('a begin that clocks skip lies behind the gap; one that they show twice is the first', () => {
    expect(slots('Europe/Berlin', '2026-03-28T12:00Z', '2026-03-29T12:00Z', '02:30', '10:00')).toEqual([
      { name: 'Night', from: '2026-03-29T01:30:00.000Z', to: '2026-03-29T08:00:00.000Z' },
    ]);
    expect(slots('Europe/Berlin', '2026-10-24T12:00Z', '2026-10-25T12:00Z', '02:30', '10:00')).toEqual([
      { name: 'Night', from: '2026-10-25T00:30:00.000Z', to: '2026-10-25T09:00:00.000Z' },
    ]);
  });
  test('a day that there was not has no shift of its own', () => {
    const days = slots('Pacific/Apia', '2011-12-29T12:00Z', '2012-01-01T20:00Z', '08:00', '16:00');
    expect(days.map(({ from }) => localDateTime(from, 'Pacific/Apia'))).toEqual([
      '2011-12-29T08:00',
      '2011-12-31T08:00',
      '2012-01-01T08:00',
      '2012-01-02T08:00',
    ]);
  });
  test('three shifts fill every day of a year without a gap, whatever the clocks do', () => {
    for (const zone of ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'Pacific/Apia']) {
      const year = slotsBetween(
        [{ from: '1970-01-01T00:00:00.000Z', shifts: THREE_SHIFTS }],
        Date.parse('2026-01-01T00:00Z'),
        Date.parse('2027-01-01T00:00Z'),
        zone,
      );
      expect(year.length, zone).toBe(365 * 3);
      for (const [i, { from }] of year.entries()) if (i) expect(year[i - 1]!.to, zone).toBe(from);
    }
  });
  test('days of the week are those on which it begins', () => {
    const shifts = [{ name: 'Night', from: '22:00', to: '06:00', weekdays: ['sun' as const] }];
    const found = slotsBetween(
      [{ from: '1970-01-01T00:00:00.000Z', shifts }],
      Date.parse('2026-11-20T00:00Z'),
      Date.parse('2026-12-01T00:00Z'),
      'Europe/London',
    );
    expect(found.map(({ from }) => from)).toEqual(['2026-11-22T22:00:00.000Z', '2026-11-29T22:00:00.000Z']);
  });
});

describe('the clock plans', () => {
  test('nothing where nobody asked it to', async () => {
    const plant = await createPlant().run(anOrganisation(), minutes(72 * 60));
    await plant.settle();
    expect(await planned(plant)).toEqual([]);
  });
  test('the shifts that begin within 48 hours, named as the pattern names them, and those that follow as time passes', async () => {
    const plant = await createPlant().run(anOrganisation(), planning);
    const first = await planned(plant);
    expect(times(first)).toEqual([
      '2026-11-20T22:00:00.000Z/2026-11-21T06:00:00.000Z',
      '2026-11-21T06:00:00.000Z/2026-11-21T14:00:00.000Z',
      '2026-11-21T14:00:00.000Z/2026-11-21T22:00:00.000Z',
      '2026-11-21T22:00:00.000Z/2026-11-22T06:00:00.000Z',
      '2026-11-22T06:00:00.000Z/2026-11-22T14:00:00.000Z',
      '2026-11-22T14:00:00.000Z/2026-11-22T22:00:00.000Z',
      '2026-11-22T22:00:00.000Z/2026-11-23T06:00:00.000Z',
    ]);
    expect(first.map(({ name, status, area: where }) => [name, status, where])[1]).toEqual([
      'Early',
      'planned',
      PACKAGING,
    ]);
    const head = await plant.head();
    plant.pass(7 * 60);
    await plant.settle();
    expect(await plant.head()).toBe(head);
    plant.pass(60);
    await plant.settle();
    expect((await planned(plant)).at(-1)).toMatchObject({ from: '2026-11-23T06:00:00.000Z', name: 'Early' });
    expect(plant.refusedWishes).toEqual([]);
  });
  test('[L4] once, however often it is told to plan', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      planning,
      planning,
      packaging.plan({ autoplan: false }).by(root),
    );
    await plant.run(planning, packaging.plan({ shifts: THREE_SHIFTS }).by(root));
    expect(await planned(plant)).toHaveLength(7);
    expect((await plant.state<AreaState>(packaging)).taken).toEqual([]);
  });
  test('around a shift that somebody made by hand in its place, and says so once', async () => {
    const long = shift('long');
    const plant = await createPlant().run(
      anOrganisation(),
      long.create({ ...EARLY, to: '2026-11-21T18:00:00Z', name: 'Twelve hours' }).by(ana),
      planning,
    );
    const names = (await planned(plant)).map(({ name, from }) => `${name} ${from.slice(8, 13)}`);
    expect(names.slice(0, 4)).toEqual(['Twelve hours 21T06', 'Night 20T22', 'Night 21T22', 'Early 22T06']);
    const { taken } = await plant.state<AreaState>(packaging);
    expect(taken).toMatchObject([
      { name: 'Early', by: long.id },
      { name: 'Late', by: long.id },
    ]);
    plant.pass(24 * 60);
    await plant.settle();
    expect((await plant.state<AreaState>(packaging)).taken).toEqual([]);
  });
  test('after a stop from now on; what was over meanwhile is told, and not invented', async () => {
    const plant = await createPlant().run(anOrganisation(), planning, minutes(5 * 24 * 60 + 60));
    await plant.settle();
    const shifts = await planned(plant);
    const late = shifts.slice(7);
    expect(late[0]).toMatchObject({ from: '2026-11-25T22:00:00.000Z', to: '2026-11-26T06:00:00.000Z' });
    const { missed, missedCount } = await plant.state<AreaState>(packaging);
    expect(missedCount).toBe(8);
    expect(missed![0]).toEqual({ name: 'Early', from: '2026-11-23T06:00:00.000Z', to: '2026-11-23T14:00:00.000Z' });
    expect(new Set(times(shifts)).size).toBe(shifts.length);
  });
  test('a new pattern from its first day on; what stands planned stays', async () => {
    const twelve = [
      { name: 'Day', from: '06:00', to: '18:00' },
      { name: 'Dark', from: '18:00', to: '06:00' },
    ];
    const plant = await createPlant().run(
      anOrganisation(),
      planning,
      packaging.plan({ shifts: twelve, from: '2026-11-23' }).by(root),
    );
    const before = await planned(plant);
    plant.pass(48 * 60);
    await plant.settle();
    const after = await planned(plant);
    // Passing two days lets those lapse that nobody started; none of them is gone or moved.
    expect(times(after.slice(0, before.length))).toEqual(times(before));
    expect(after.slice(before.length).map(({ name, from }) => `${name} ${from}`)).toEqual([
      'Day 2026-11-23T06:00:00.000Z',
      'Dark 2026-11-23T18:00:00.000Z',
      'Day 2026-11-24T06:00:00.000Z',
      'Dark 2026-11-24T18:00:00.000Z',
    ]);
    expect((await plant.state<AreaState>(packaging)).patterns).toHaveLength(2);
  });
  test('switched off, it plans no more and takes nothing back', async () => {
    const plant = await createPlant().run(anOrganisation(), planning, packaging.plan({ autoplan: false }).by(root));
    plant.pass(30 * 60);
    await plant.settle();
    expect(await planned(plant)).toHaveLength(7);
  });
  test('what an admin sets is an event that says what was before', () =>
    given(anOrganisation(), planning)
      .when(packaging.plan({ graceMinutes: 90, reason: 'Long way to the office' }), by(root))
      .then({
        type: 'area.planned',
        actor: { id: root.id },
        body: { reason: 'Long way to the office', changes: { graceMinutes: { was: 60, now: 90 } } },
      }));
  test('[L7] two shifts of one day do not begin at the same time', () =>
    given(anOrganisation())
      .when(packaging.plan({ shifts: [THREE_SHIFTS[0]!, { ...THREE_SHIFTS[0]!, name: 'Twin' }] }), by(root))
      .refused('invalid-input'));
  test('[L7] a change that changes nothing is refused', () =>
    given(anOrganisation()).when(packaging.plan({}), by(root)).refused('invalid-input'));
  test('the grace of an area is that of its shifts, planned by hand too', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      packaging.plan({ graceMinutes: 90 }).by(root),
      night.create(NIGHT).by(ana),
    );
    expect(await plant.state(night)).toMatchObject({ graceMinutes: 90 });
  });
});
