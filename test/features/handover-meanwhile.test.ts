/** What happens on the plant while somebody fills in a sheet of the handover: the sheet asks for what is there when they press. */
import { expect, test } from 'vitest';
import { createAnswers } from '../../plugin/handover/answers.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { shifts } from '../../shared/features/shifts/index.ts';
import type { SheetPart, SheetText, Step } from '../../shared/kernel/sheet.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, night, PACKAGING } from '../kit/given.ts';
import { ana, tom } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

async function sheetOf(plant: Plant, verb: 'sign' | 'accept'): Promise<SheetText> {
  const replica = await replicaOf(plant);
  const held = replica.get(night)!;
  return shifts.sheets![verb]!.write(held.state, held, around(replica), plant.now());
}
type Decide = Extract<SheetPart, { kind: 'decide' }>;
const isDecide = (part: SheetPart): part is Decide => part.kind === 'decide';

test('a task that was done by others needs no decision any more, whatever had been answered for it', async () => {
  const [hot, spill] = [task('hot'), task('spill')];
  const plant = await createPlant().run(
    anOrganisation(),
    aNightShift(),
    hot.create({ title: 'Bearing hot', area: PACKAGING, priority: 'P1' }).by(ana),
    spill.create({ title: 'Spill', area: PACKAGING, priority: 'P1' }).by(ana),
  );
  const shape = (await sheetOf(plant, 'sign')).parts.find(isDecide)!;
  const answers = createAnswers(() => shape);
  for (const { id, start } of shape.items) answers.row('decisions', id)['decision'] = start;
  answers.row('decisions', spill.id)['decision'] = 'continue';
  await plant.must(hot.cancel({ reasonCode: 'not_needed' }).by(tom));
  const steps = (await sheetOf(plant, 'sign')).acts[0]!.steps(answers) as readonly Step[];
  expect(steps.at(-1)).toEqual({
    verb: 'sign',
    input: { decisions: [{ task: spill.id, decision: 'continue' }] },
  });
  for (const { verb, input } of steps) await plant.must(night[verb as 'sign'](input).by(ana));
});

test('an item that was put right after it was ticked is to be read back as it stands now', async () => {
  const plant = await createPlant().run(
    anOrganisation(),
    aNightShift(),
    night.log({ text: 'Key box 4 is open', kind: 'handover_item' }).by(ana),
    night.close().by(ana),
    night.sign({ decisions: [] }).by(ana),
  );
  const [item] = (await plant.state<ShiftState>(night)).entries;
  const answers = createAnswers(() => undefined);
  answers.tick('critical', item!.id, true);
  await plant.must(night.log({ text: 'Key box 5 is open', kind: 'handover_item', corrects: item!.id }).by(ana));
  const [accept] = (await sheetOf(plant, 'accept')).acts;
  expect(accept!.steps(answers)).toMatch(/^Read back every critical item/);
});

test('a plant with more than two thousand open tasks is handed over, each of them decided', async () => {
  const many = Array.from({ length: 2_001 }, (_, n) => task(`bolt ${n}`));
  const plant = await createPlant().run(
    anOrganisation(),
    aNightShift(),
    ...many.map((one, n) => one.create({ title: `Bolt ${n}`, area: PACKAGING, priority: 'P3' }).by(ana)),
    night.close().by(ana),
    night.sign({ decisions: many.map(({ id }) => ({ task: id, decision: 'continue' as const })) }).by(ana),
    night.accept({ criticalItems: [] }).by(tom),
  );
  expect((await plant.state<ShiftState>(night)).status).toBe('handed_over');
}, 60_000);
