/** Maintenance windows: planned by those who lead, opened and ended by the clock. */
import { describe, expect, test } from 'vitest';
import { heldAlarmsUnder, type ConditionState } from '../../shared/features/alarms/contract.ts';
import { windowsOver, type WindowState } from '../../shared/features/windows/contract.ts';
import { pathsUp } from '../../shared/kernel/record.ts';
import type { Row } from '../../shared/kernel/read.ts';
import { maintenanceWindow } from '../kit/ask.ts';
import { anOrganisation, by, given, LINE_3, PACKAGING } from '../kit/given.ts';
import { ana, dana, marek, ORG, within } from '../kit/people.ts';
import { createPlant, NIGHT_BEGINS, type Plant, type Step } from '../kit/plant.ts';

const belt = maintenanceWindow('belt');
const FILLER = `${LINE_3}/filler-2`;
const TEN = '2026-11-20T22:10:00.000Z';
const ELEVEN = '2026-11-20T23:00:00.000Z';
const reason = 'Bearing change';
const planned = belt.create({ equipment: FILLER, from: TEN, to: ELEVEN, reason });
const at =
  (minute: number): Step =>
  async (plant) => {
    plant.waitUntil(new Date(Date.parse(NIGHT_BEGINS) + minute * 60_000).toISOString());
    await plant.settle();
  };
const stateOf = (plant: Plant) => plant.state<WindowState>(belt);
const open = async (plant: Plant, place: string) => (await plant.ledger.load(ORG, windowsOver(pathsUp(place)))).length;

describe('its times', () => {
  test('planned, begun and ended by the clock, each once', async () => {
    const plant = await createPlant().run(anOrganisation(), planned.by(dana), at(9));
    expect(await stateOf(plant)).toMatchObject({ status: 'planned', area: PACKAGING, reason });
    await plant.run(at(10), at(11), at(59));
    expect(await stateOf(plant)).toMatchObject({ status: 'open' });
    await plant.run(at(60), at(61));
    expect((await plant.history(belt)).map(({ type }) => type)).toEqual([
      'window.planned',
      'window.begun',
      'window.ended',
    ]);
  });
  test('it is over the equipment and what lies below it while it is open, and not else', async () => {
    const plant = await createPlant().run(anOrganisation(), planned.by(dana));
    expect(await open(plant, FILLER)).toBe(0);
    await plant.run(at(10));
    expect([await open(plant, FILLER), await open(plant, `${FILLER}/pump`), await open(plant, LINE_3)]).toEqual([
      1, 1, 0,
    ]);
    await plant.run(at(60));
    expect(await open(plant, FILLER)).toBe(0);
  });
  test('one that has begun already is open at once', () =>
    given(anOrganisation())
      .when(belt.create({ equipment: FILLER, from: NIGHT_BEGINS, to: ELEVEN, reason }), by(ana))
      .then('window.planned', 'window.begun'));
  test('the server was away for all of it: begun and ended in one step', async () => {
    const plant = await createPlant().run(anOrganisation(), planned.by(dana), at(600), at(601));
    expect((await plant.history(belt)).map(({ type }) => type).slice(1)).toEqual(['window.begun', 'window.ended']);
  });
  test('extended, it ends later, with the reason on record', async () => {
    const later = '2026-11-21T01:00:00.000Z';
    const plant = await createPlant().run(
      anOrganisation(),
      planned.by(dana),
      at(30),
      belt.extend({ to: later, reason: 'Seized' }).by(ana),
      at(60),
    );
    expect(await stateOf(plant)).toMatchObject({
      status: 'open',
      to: later,
      changes: [{ what: 'extended', reason: 'Seized' }],
    });
  });
  for (const [what, input] of [
    ['ends before it begins', { from: ELEVEN, to: TEN }],
    ['is over already', { from: '2026-11-20T20:00:00Z', to: '2026-11-20T21:00:00Z' }],
    ['lasts longer than a week', { from: TEN, to: '2026-11-28T22:10:00Z' }],
  ] as const)
    test(`[L7] one that ${what} is refused`, () =>
      given(anOrganisation())
        .when(belt.create({ equipment: FILLER, reason, ...input }), by(ana))
        .refused('invalid-input'));
  test('[L7] to extend is to make longer, and not beyond a week', async () => {
    const sooner = belt.extend({ to: '2026-11-20T22:30:00Z', reason });
    await given(anOrganisation(), planned.by(dana)).when(sooner, by(dana)).refused('invalid-input');
    const tooLate = belt.extend({ to: '2026-11-28T00:00:00Z', reason });
    await given(anOrganisation(), planned.by(dana)).when(tooLate, by(dana)).refused('invalid-input');
  });
  test('[L7] what is over is neither extended nor cancelled', async () => {
    const over = [anOrganisation(), planned.by(dana), at(60)];
    await given(...over)
      .when(belt.cancel({ reason }), by(dana))
      .refused('transition-not-allowed');
    await given(...over)
      .when(belt.extend({ to: '2026-11-21T01:00:00Z', reason }), by(dana))
      .refused('transition-not-allowed');
  });
  test('cancelled before it began, it never begins', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      planned.by(dana),
      belt.cancel({ reason: 'No parts' }).by(ana),
      at(30),
    );
    expect(await stateOf(plant)).toMatchObject({ status: 'cancelled', changes: [{ reason: 'No parts' }] });
  });
});

describe('who may', () => {
  test('[L14] an engineer asks a line lead', () =>
    given(anOrganisation()).when(planned, by(marek)).refused('role-not-allowed'));
  test('[L14] a line lead plans and cancels on their own line only', async () => {
    const own = within(dana, LINE_3);
    await given(anOrganisation(), planned.by(own)).when(belt.cancel({ reason }), by(own)).then('window.cancelled');
    await given(anOrganisation())
      .when(belt.create({ equipment: PACKAGING, from: TEN, to: ELEVEN, reason }), by(own))
      .refused('outside-your-area');
  });
});

describe('when it is over', () => {
  const wished = async (...end: readonly Step[]) => {
    const plant = await createPlant().run(anOrganisation(), planned.by(dana), at(20), ...end);
    const event = (await plant.history(belt)).at(-1)!;
    const policy = plant.register.policies.get(event.type)!.find(({ name }) => name === 'reconsider-after-window')!;
    const alarms = [{ key: 'TT-1' }, { key: 'TT-2' }] as unknown as readonly Row<ConditionState>[];
    return { reads: policy.reads(event), asks: policy.asks(event, { alarms } as never) };
  };
  for (const [what, end] of [
    ['ended by the clock', at(60)],
    ['cancelled', belt.cancel({ reason }).by(ana)],
  ] as const)
    test(`${what}: all that it held at its equipment and below is looked at again`, async () =>
      expect(await wished(end)).toEqual({
        reads: { alarms: heldAlarmsUnder(FILLER, 'maintenance') },
        asks: ['TT-1', 'TT-2'].map((id) => ({
          ...{ type: 'alarms.reconsider', subject: { kind: 'condition', id }, input: {} },
        })),
      }));
});
