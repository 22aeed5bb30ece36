/** Shelved, out of service (domain model 2.3): what stops an alarm from announcing itself, and what never does. */
import { describe, expect, test } from 'vitest';
import { shelvedAlarmsIn } from '../../shared/features/alarms/contract.ts';
import { alarm } from '../kit/ask.ts';
import { aNightShift, anOrganisation, by, given, PACKAGING } from '../kit/given.ts';
import { ana, ben, dana, ORG, tom } from '../kit/people.ts';
import type { Plant } from '../kit/plant.ts';
import { after, aPlantAtNight, signals, tasksOf, until } from '../kit/signals.ts';

const level = signals('LS-3110', { priority: 'P2' });
const hours = (many: number) => after(many * 3600);
const reason = 'The sensor is wet.';
const shelf = { until: hours(2), reason };
const shelvedRows = async (plant: Plant) =>
  (await plant.ledger.load(ORG, shelvedAlarmsIn(PACKAGING))).map(({ key }) => key);

describe('a shelved alarm', () => {
  const shelved = level.shelve(shelf).by(ana);
  test('is on record and asks for nobody; it says until when, by whom and why', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), level.off(after(100)), shelved, level.on(after(300)));
    expect((await level.told(plant)).at(-1)).toBe('activated (shelved)');
    expect(await level.state(plant)).toMatchObject({
      shelved: { until: hours(2), by: ana.id, reason, oneShot: false, confirmedBy: null },
      held: { by: 'shelved', until: hours(2) },
    });
    expect(await shelvedRows(plant)).toEqual([level.id]);
    expect(await tasksOf(plant)).toHaveLength(1);
  });
  test('asks when its time is over and it is still active', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0)),
      level.off(after(100)),
      shelved,
      level.on(after(300)),
      until(hours(2)),
    );
    expect((await level.told(plant)).slice(-2)).toEqual(['unshelved', 'announced']);
    expect((await plant.history(level)).at(-2)!.body).toMatchObject({ how: 'time' });
    expect(await level.state(plant)).toMatchObject({ shelved: null, held: null });
  });
  test('is silent when its time is over and it has cleared', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), shelved, level.off(after(100)), until(hours(3)));
    expect((await level.told(plant)).slice(-2)).toEqual(['cleared', 'unshelved']);
  });
  test('asks when a person takes it from the shelf', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), shelved, level.unshelve().by(dana));
    expect((await level.told(plant)).slice(-2)).toEqual(['unshelved', 'announced']);
  });
  test('is shelved until it clears, where that was said', async () => {
    const once = level.shelve({ ...shelf, oneShot: true }).by(ana);
    const plant = await aPlantAtNight(level.on(after(0)), once, level.off(after(100)), level.on(after(300)));
    expect((await level.told(plant)).slice(-3)).toEqual(['cleared', 'unshelved', 'activated']);
  });
  test('shelved while its delay runs, it waits for the shelf and not for the delay', async () => {
    const plant = await aPlantAtNight(level.on(after(0), { priority: 'P3' }), shelved, until(after(60)));
    expect((await level.told(plant)).at(-1)).toBe('held (shelved)');
    await plant.run(until(hours(2)));
    expect((await level.told(plant)).slice(-2)).toEqual(['unshelved', 'announced']);
  });
  test('become critical since one person shelved it, it asks for somebody', async () => {
    const worse = level.on(after(300), { occurrenceKey: 'b', priority: 'P1' });
    const plant = await aPlantAtNight(level.on(after(0), { occurrenceKey: 'a' }), shelved, worse);
    expect((await level.told(plant)).at(-1)).toBe('reactivated');
  });
});

describe('[L7] shelving', () => {
  const active = [anOrganisation(), aNightShift(), level.on(after(0))];
  const refusals = [
    ['a time that is over', ana, { until: after(-1), reason }],
    ['more than twelve hours', ana, { until: after(12 * 3600 + 1), reason }],
    ['more than a shift by a line lead', dana, { until: after(8 * 3600 + 1), reason }],
    ['no reason', ana, { until: hours(2) } as typeof shelf],
  ] as const;
  for (const [what, who, asked] of refusals)
    test(`${what} is refused`, () =>
      given(...active)
        .when(level.shelve(asked), by(who))
        .refused('invalid-input'));
  test('twelve hours by a supervisor and a shift by a line lead are not', async () => {
    await given(...active)
      .when(level.shelve({ until: hours(12), reason }), by(ana))
      .then('alarm.shelved');
    await given(...active)
      .when(level.shelve({ until: hours(8), reason }), by(dana))
      .then('alarm.shelved');
  });
  test('what a person reported has no signal that could be shelved', () => {
    const oil = alarm('oil');
    return given(...active, oil.report({ text: 'Oil on the floor', area: PACKAGING }).by(ben))
      .when(oil.shelve(shelf), by(ana))
      .refused('transition-not-allowed');
  });
  test('what is not shelved is not unshelved', () =>
    given(...active)
      .when(level.unshelve(), by(ana))
      .refused('transition-not-allowed'));
});

describe('shelving what is critical', () => {
  for (const said of [{ priority: 'P1' as const }, { class: 'safety' as const }])
    test(`${Object.values(said).join()} takes two people`, async () => {
      const plant = await aPlantAtNight(level.on(after(0), said), level.shelve(shelf).by(ana));
      expect(await level.state(plant)).toMatchObject({ shelved: null, shelvingAsked: { by: ana.id, reason } });
      expect(await plant.ask(level.confirmShelving().by(ana))).toMatchObject({ refusal: { refused: 'same-person' } });
      await plant.run(level.confirmShelving().by(tom));
      expect(await level.state(plant)).toMatchObject({
        shelved: { by: ana.id, confirmedBy: tom.id, reason },
        shelvingAsked: null,
      });
      await plant.run(level.off(after(100), said), level.on(after(600), said));
      expect((await level.told(plant)).at(-1)).toBe('activated (shelved)');
    });
  test('what nobody confirms in time lapses', async () => {
    const plant = await aPlantAtNight(
      level.on(after(0), { priority: 'P1' }),
      level.shelve(shelf).by(ana),
      until(hours(2)),
    );
    expect((await level.told(plant)).at(-1)).toBe('shelving_lapsed');
    expect(await plant.ask(level.confirmShelving().by(tom))).toMatchObject({
      refusal: { refused: 'transition-not-allowed' },
    });
  });
  test('who asked may think better of it', async () => {
    const asked = level.shelve(shelf).by(ana);
    const plant = await aPlantAtNight(level.on(after(0), { priority: 'P1' }), asked, level.unshelve().by(ana));
    expect(await level.state(plant)).toMatchObject({ shelvingAsked: null });
  });
});

describe('out of service', () => {
  const taken = level.takeOutOfService({ permit: 'PTW-118', reason: 'The tank is being cleaned.' }).by(ana);
  test('with a permit and a reason; returned while active it asks for somebody', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), level.off(after(50)), taken, level.on(after(300)));
    expect((await level.told(plant)).at(-1)).toBe('activated (out_of_service)');
    expect(await level.state(plant)).toMatchObject({ outOfService: { permit: 'PTW-118', by: ana.id } });
    expect(await shelvedRows(plant)).toEqual([level.id]);
    await plant.run(until(hours(48)), level.returnToService().by(tom));
    expect((await level.told(plant)).slice(-2)).toEqual(['returned_to_service', 'announced']);
  });
  test('takes what was shelved from the shelf', async () => {
    const plant = await aPlantAtNight(level.on(after(0)), level.shelve(shelf).by(ana), taken);
    expect((await level.told(plant)).slice(-2)).toEqual(['unshelved', 'taken_out_of_service']);
    expect(await plant.ask(level.shelve(shelf).by(ana))).toMatchObject({
      refusal: { refused: 'transition-not-allowed' },
    });
  });
  test('[L14] is no business of a line lead', () =>
    given(anOrganisation(), level.on(after(0)))
      .when(level.takeOutOfService({ permit: 'PTW-118', reason }), by(dana))
      .refused('role-not-allowed'));
});
