/** Who is there: people check in, say that they are busy or away, and check out, each for themselves. */
import { describe, expect, test } from 'vitest';
import { onDuty } from '../../shared/features/tasks/duty.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { shifts } from '../../shared/features/shifts/index.ts';
import { shift } from '../kit/ask.ts';
import { aNightShift, anOrganisation, by, given, LINE_3, minutes, NIGHT, night, PACKAGING } from '../kit/given.ts';
import { handedOver } from '../kit/handover.ts';
import { bring, device } from '../kit/made.ts';
import { heldShift } from '../kit/meanwhile.ts';
import { ana, ben, dana, marek, ORG, tom } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { around } from '../kit/vault-of.ts';

const crewOf = async (plant: Plant) => (await plant.state<ShiftState>(night)).crew;
const stateOf = async (plant: Plant, user: string) => (await crewOf(plant)).find((one) => one.user === user);

describe('checking in', () => {
  test('is one tap: role and person follow from who asks', async () => {
    const plant = await given(anOrganisation(), night.create(NIGHT).by(ana), night.start().by(ana))
      .when(night.checkIn(), by(ben))
      .then({ type: 'shift.checked_in', body: { user: ben.id, role: 'operator' }, shift: night.id });
    expect(await stateOf(plant, ben.id)).toMatchObject({ role: 'operator', state: 'present', since: plant.now() });
  });
  test('before the shift begins, it puts them on the crew beside those whom the starter names', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      night.create(NIGHT).by(ana),
      night.checkIn().by(ben),
      night.start({ crew: [{ user: marek.id, role: 'maintenance_engineer' }] }).by(ana),
    );
    expect((await crewOf(plant)).map(({ user, state }) => [user, state])).toEqual([
      [ben.id, 'present'],
      [ana.id, undefined],
      [marek.id, undefined],
    ]);
  });
  test('whom the starter named says so too, and is there once', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), night.checkIn().by(ben));
    expect((await crewOf(plant)).filter(({ user }) => user === ben.id)).toMatchObject([{ state: 'present' }]);
  });
  test('a supervisor stands in for an operator', () =>
    given(anOrganisation(), aNightShift())
      .when(night.checkIn({ role: 'operator' }), by(tom))
      .then({ type: 'shift.checked_in', body: { user: tom.id, role: 'operator' } }));
  test('[L14] an operator does not check in as a supervisor', () =>
    given(anOrganisation(), aNightShift())
      .when(night.checkIn({ role: 'supervisor' }), by(ben))
      .refused('role-not-allowed'));
  test('[L7] twice is once', () =>
    given(anOrganisation(), aNightShift(), night.checkIn().by(ben))
      .when(night.checkIn(), by(ben))
      .refused('transition-not-allowed'));
  test('[L7] nobody joins a shift that is handed over', () =>
    given(anOrganisation(), aNightShift(), handedOver())
      .when(night.checkIn(), by(ben))
      .refused('transition-not-allowed'));
  test('[L7] nor says anything of a shift that they are not on', async () => {
    await given(anOrganisation(), aNightShift())
      .when(night.presence({ state: 'busy' }), by(tom))
      .refused('transition-not-allowed');
    await given(anOrganisation(), aNightShift()).when(night.checkOut(), by(tom)).refused('transition-not-allowed');
  });
});

describe('away from the server', () => {
  test('a check-in merges like everything that a device brings', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    const phone = device('phone').observed(await plant.head());
    const at = plant.now();
    await plant.run(minutes(40), night.checkIn().by(dana));
    const outcomes = await bring(
      plant,
      phone.does(night.checkIn(), { at }).by(tom),
      phone.does(night.presence({ state: 'busy' }), { at }).by(tom),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
    expect(await stateOf(plant, tom.id)).toMatchObject({ role: 'supervisor', state: 'busy', since: at });
    expect(await stateOf(plant, dana.id)).toMatchObject({ state: 'present' });
  });
  test('one to a shift that was handed over meanwhile stands aside, and changes nobody’s crew', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    const phone = device('phone').observed(await plant.head());
    await plant.run(handedOver());
    const [outcome] = await bring(plant, phone.does(night.checkIn()).by(tom));
    expect(outcome).toMatchObject({ outcome: 'accepted', flags: ['concurrent'] });
    expect(await stateOf(plant, tom.id)).toBeUndefined();
    expect((await plant.state<ShiftState>(night)).asides).toMatchObject([{ what: 'checked_in', by: tom.id }]);
  });
});

describe('who is away or has left', () => {
  const duty = async (plant: Plant) =>
    onDuty([{ key: night.id, value: await plant.state<ShiftState>(night) }] as never, 'maintenance', PACKAGING);

  test('is asked for nothing; the next role is', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    expect(await duty(plant)).toEqual({ role: 'maintenance_engineer' });
    await plant.run(night.presence({ state: 'busy' }).by(marek));
    expect(await duty(plant)).toEqual({ role: 'maintenance_engineer' });
    await plant.run(night.presence({ state: 'away' }).by(marek));
    expect(await duty(plant)).toEqual({ role: 'line_lead' });
    await plant.run(night.presence({ state: 'present' }).by(marek), night.checkOut().by(dana));
    expect(await duty(plant)).toEqual({ role: 'maintenance_engineer' });
    await plant.run(night.checkOut().by(marek));
    expect(await duty(plant)).toEqual({ role: 'supervisor' });
  });
  test('stays on the crew, with the time', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), night.checkOut().by(ben));
    expect(await stateOf(plant, ben.id)).toMatchObject({ state: 'out', since: plant.now() });
    await plant.run(night.checkIn().by(ben));
    expect(await stateOf(plant, ben.id)).toMatchObject({ state: 'present' });
  });
});

describe('the roster', () => {
  const line = shift('line');
  const twoShifts = () =>
    createPlant().run(
      anOrganisation(),
      aNightShift(),
      line.create({ ...NIGHT, area: LINE_3 }).by(tom),
      line.start({ crew: [{ user: ben.id, role: 'operator' }] }).by(tom),
      night.presence({ state: 'busy' }).by(dana),
      night.checkOut().by(marek),
    );

  test('of one shift tells names, what each said, and where else they are', async () => {
    const plant = await twoShifts();
    const state = await plant.state<ShiftState>(night);
    const details = await shifts.details!(state, night.id, (read) => plant.ledger.load(ORG, read), {
      now: plant.now(),
    });
    expect((details as { roster: unknown }).roster).toMatchObject([
      { name: ana.name, role: 'supervisor', alsoOn: [] },
      { name: dana.name, state: 'busy', alsoOn: [] },
      { name: ben.name, alsoOn: ['S-2'] },
      { name: marek.name, state: 'out', alsoOn: [] },
    ]);
  });
  test('stands in the note and on the board', async () => {
    const plant = await twoShifts();
    const { replica, held } = await heldShift(plant);
    const [note] = shifts.note!.write(held.state, held, around(replica));
    const header = note!.regions.find(({ name }) => name === 'header')!.markdown;
    expect(header).toContain('(line lead, busy since 22:00)');
    expect(header).toContain('(operator, also on S-2)');
    expect(header).toContain('(maintenance, left 22:00)');
    expect(header).toContain('**On duty** 3 on duty, 1 busy');
    expect(shifts.note!.card!(held.state, held, around(replica))!.details).toContain('3 on duty, 1 busy');
  });
  test('says nothing before anybody has said anything', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    const { replica, held } = await heldShift(plant);
    const [note] = shifts.note!.write(held.state, held, around(replica));
    expect(JSON.stringify(note!.regions)).not.toContain('On duty');
  });
});
