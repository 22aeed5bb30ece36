/** Equipment and what senders call it (domain model 2.2): an alarm goes where its thing stands. */
import { describe, expect, test } from 'vitest';
import { areaAround } from '../../shared/features/alarms/place.ts';
import type { EquipmentState } from '../../shared/features/equipment/contract.ts';
import { alarm, area, equipment, integration } from '../kit/ask.ts';
import { anOrganisation, by, given, LINE_3, PACKAGING } from '../kit/given.ts';
import { host, ORG, root, scada } from '../kit/people.ts';
import { conditionId } from '../../shared/features/alarms/contract.ts';
import type { Plant, Step } from '../kit/plant.ts';
import { after, aPlantAtNight, signals, tasksOf, transitionOf, type Said } from '../kit/signals.ts';

const filler = equipment('filler');
const FILLER = `${LINE_3}/filler-2`;
const described = { path: FILLER, level: 'unit' as const, name: 'Filler 2', aliases: ['PLC7.Filler_2', 'LS-3110'] };
const made = filler.create(described).by(root);
const called = async (plant: Plant) => (await plant.state<EquipmentState>(filler)).aliases;

describe('[L7] equipment', () => {
  test('is made once at a path', () =>
    given(anOrganisation(), made)
      .when(equipment('again').create({ ...described, aliases: [] }), by(root))
      .refused('already-exists'));
  for (const aliases of [['ls-3110'], [FILLER.toUpperCase()]])
    test(`${aliases.join()} leads to one thing only`, () =>
      given(anOrganisation(), made)
        .when(equipment('other').create({ ...described, path: `${LINE_3}/filler-3`, aliases }), by(root))
        .refused('already-exists', ({ detail }) => expect(detail).toContain(FILLER)));
  test('gets a name that another has given up', async () => {
    const other = equipment('other');
    const plant = await given(
      anOrganisation(),
      made,
      filler.alias({ remove: ['ls-3110'] }).by(root),
      other.create({ ...described, path: `${LINE_3}/tank-1`, aliases: ['LS-3110'] }).by(root),
      filler.rename({ name: 'Filler two' }).by(root),
    )
      .when(filler.alias({ add: ['LS-3110'] }), by(root))
      .refused('already-exists', ({ detail }) => expect(detail).toContain('tank-1'));
    expect(await called(plant)).toEqual(['PLC7.Filler_2']);
  });
  test('keeps each name once, as it was written first', async () => {
    const plant = await given(anOrganisation(), made)
      .when(filler.alias({ add: [' TT-1 ', 'tt-1', 'ls-3110'] }), by(root))
      .then({ type: 'equipment.aliased', body: { added: ['TT-1'], removed: [] } });
    expect(await called(plant)).toEqual(['PLC7.Filler_2', 'LS-3110', 'TT-1']);
  });
  test('to say what is so already records nothing', () =>
    given(anOrganisation(), made)
      .when(filler.alias({ add: ['LS-3110'], remove: ['never'] }), by(root))
      .then());
});

describe('an alarm is placed', () => {
  const placed = async (said: Said, ...steps: readonly Step[]) => {
    const one = signals('key-1', { priority: 'P2', area: null, ...said });
    const plant = await aPlantAtNight(made, ...steps, one.on(after(0)));
    const [event] = await plant.history(one);
    const { area: where, equipment: what } = await one.state(plant);
    return { plant, where, what, placedBy: (event!.body as { placedBy?: string }).placedBy };
  };
  const AT_THE_FILLER = { where: PACKAGING, what: FILLER };
  test('by a tag among its names, and its task goes to who is on duty there', async () => {
    const found = await placed({ names: ['unknown', 'plc7.filler_2'] });
    expect(found).toMatchObject({ ...AT_THE_FILLER, placedBy: 'plc7.filler_2' });
    expect(await tasksOf(found.plant)).toMatchObject([{ area: PACKAGING, equipment: FILLER, status: 'assigned' }]);
  });
  test('by its own key', async () =>
    expect(await placed({}, filler.alias({ add: ['key-1'] }).by(root))).toMatchObject({
      ...AT_THE_FILLER,
      placedBy: 'key-1',
    }));
  test('by what the sender takes for its equipment, before any other name', async () => {
    const other = equipment('tank').create({
      path: `${LINE_3}/tank-1`,
      level: 'unit',
      name: 'Tank 1',
      aliases: ['T1'],
    });
    expect(await placed({ equipment: 'ls-3110', names: ['T1'] }, other.by(root))).toMatchObject(AT_THE_FILLER);
  });
  test('keeps the area that the sender names, where the thing stands in it', async () =>
    expect(await placed({ area: LINE_3, names: ['LS-3110'] })).toMatchObject({ where: LINE_3, what: FILLER }));
  test('in the nearest area that the plant has', async () => {
    const line = area('line').create({ path: LINE_3, name: 'Line 3' }).by(host);
    expect(await placed({ names: ['LS-3110'] }, line)).toMatchObject({ where: LINE_3 });
  });
  test('not by a name that was taken from it', async () =>
    expect(await placed({ names: ['LS-3110'] }, filler.alias({ remove: ['LS-3110'] }).by(root))).toMatchObject({
      where: null,
      what: null,
      placedBy: undefined,
    }));
  test('what nobody knows goes to nobody, and is announced all the same', async () => {
    const { plant } = await placed({ names: ['unknown'] });
    expect(await tasksOf(plant)).toMatchObject([{ area: null, assignee: null, status: 'open' }]);
  });
});

test('[L10] nothing leaves the area that its integration was made for', async () => {
  const utilities = integration('utilities');
  const sender = { ...scada, id: utilities.id };
  const create = utilities.create(
    { kind: 'generic', name: 'Boiler house', area: 'leeds/utilities' },
    { minted: { tokenHash: 'f'.repeat(64) } },
  );
  const plant = await aPlantAtNight(made, create.by(root));
  const one = alarm(conditionId(ORG, sender.id, 'LS-3110'));
  const transition = transitionOf('LS-3110', 'active', after(0), { area: 'leeds/utilities' });
  const delivery = alarm('a delivery').id;
  await plant.must(one.observe({ integration: sender.id, delivery, transition }).by(sender));
  expect(await plant.state(one)).toMatchObject({ area: 'leeds/utilities', equipment: null });
});

test('without an area around it, a thing belongs to what its path begins with', () => {
  expect(areaAround('york/press/line-1/unit-2', ['leeds', 'york'])).toBe('york');
  expect(areaAround('york/press/line-1', ['leeds'])).toBe('york/press');
});
