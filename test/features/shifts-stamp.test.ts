/** The door stamps the shift that an event belongs to, once: the named one, else the area's active one, looked for upward. */
import { expect, test } from 'vitest';
import { shift, task, user } from '../kit/ask.ts';
import { aNightShift, anOrganisation, by, EARLY, given, LINE_3, NIGHT, night, PACKAGING } from '../kit/given.ts';
import { handedOver, sealedNight } from '../kit/handover.ts';
import { ana, dana, root, tom } from '../kit/people.ts';
import type { Step } from '../kit/plant.ts';

const sweep = task('sweep');
const inArea = (area: string) => sweep.create({ title: 'Sweep', area });
const stamped = (of: string | null) => ({ type: 'task.created', shift: of });
const line = shift('line');
const early = shift('early');
const aLineShift: Step = (plant) => plant.run(line.create({ ...NIGHT, area: LINE_3 }).by(ana), line.start().by(tom));
const earlyIsActive: Step = (plant) => plant.run(early.create(EARLY).by(tom), early.start().by(tom));

for (const [what, steps, area, expected] of [
  ['of its own area', [aNightShift()], PACKAGING, night.id],
  ['of an area around it', [aNightShift()], `${LINE_3}/filler-2`, night.id],
  ['of the innermost area', [aNightShift(), aLineShift], `${LINE_3}/filler-2`, line.id],
  ['that is active, where the innermost area has none', [aLineShift], 'leeds/packaging/line-1', null],
  ['of no other area, even one with the same beginning', [aNightShift()], 'leeds/packaging-2', null],
  ['that has begun, not a planned one', [night.create(NIGHT).by(ana)], PACKAGING, null],
  ['that is being handed over, while no other is active', [aNightShift(), night.close().by(ana)], PACKAGING, night.id],
  ['that is handed over, until the seal', [aNightShift(), handedOver()], PACKAGING, night.id],
  ['that follows, as soon as it is active', [aNightShift(), night.close().by(ana), earlyIsActive], PACKAGING, early.id],
] as const)
  test(`an event belongs to the shift ${what}`, () =>
    given(anOrganisation(), ...steps)
      .when(inArea(area), by(ana))
      .then(stamped(expected)));

test('the shift that a command names goes before the active one', () =>
  given(anOrganisation(), aNightShift(), night.close().by(ana), earlyIsActive)
    .when(sweep.create({ title: 'Sweep', area: PACKAGING }, { shift: night.id }), by(ana))
    .then(stamped(night.id)));

test('a shift that is named but not there does not count', () =>
  given(anOrganisation(), aNightShift())
    .when(sweep.create({ title: 'Sweep', area: PACKAGING }, { shift: task('x').id }), by(ana))
    .then(stamped(night.id)));

test('what names a shift that is sealed is kept, and marked as late', async () => {
  const plant = await sealedNight();
  await plant.must(sweep.create({ title: 'Sweep', area: PACKAGING }, { shift: night.id }).by(ana));
  expect((await plant.events()).at(-1)).toMatchObject({ shift: night.id, body: { late: true } });
});

test('after the seal, without a new shift, events of the area belong to none', async () => {
  const plant = await sealedNight();
  await plant.must(inArea(PACKAGING).by(ana));
  const last = (await plant.events()).at(-1)!;
  expect(last.shift).toBeNull();
  expect(last.body).not.toHaveProperty('late');
});

test('all events of one command belong to one shift', () =>
  given(anOrganisation(), aNightShift())
    .when(sweep.create({ title: 'Sweep', area: LINE_3, assignee: { user: dana.id } }), by(ana))
    .then(stamped(night.id), { type: 'task.assigned', shift: night.id }));

test("a shift's own events belong to it, from its plan on", async () => {
  const plant = await given(anOrganisation(), aNightShift()).when(night.close(), by(ana)).then('shift.closed');
  for (const event of await plant.history(night)) expect(event.shift).toBe(night.id);
});

test('what has no place belongs to no shift', () =>
  given(anOrganisation(), aNightShift())
    .when(user('new').add({ name: 'New Person', role: 'operator' }), by(root))
    .then({ type: 'user.added', shift: null }));
