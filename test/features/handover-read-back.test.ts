/** What was written for the next shift stands in the sealed report as it was read back, point by point. */
import { expect, test } from 'vitest';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { textOf } from '../../shared/kernel/bytes.ts';
import { aNightShift, anOrganisation, night } from '../kit/given.ts';
import { ana, ORG, tom } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';

/** The rows of the handover's table, of a night with two entries for the next shift of which so many were read back. */
async function rows(ticked: number): Promise<readonly string[]> {
  const plant = await createPlant().run(
    anOrganisation(),
    aNightShift(),
    night.log({ text: 'Guard door 3 opened.', kind: 'handover_item', equipment: 'filler 2' }).by(ana),
    night.log({ text: 'Grease gun missing.', kind: 'instruction' }).by(ana),
    night.close().by(ana),
    night.sign().by(ana),
  );
  const { entries } = await plant.state<ShiftState>(night);
  const criticalItems = entries.slice(0, ticked).map(({ id }) => id);
  await plant.run(night.accept({ criticalItems }).by(tom), night.seal().by(tom));
  const { seal } = await plant.state<ShiftState>(night);
  const report = textOf((await plant.ledger.file(ORG, seal!.reportSha256))!);
  const handover = report.slice(report.indexOf('Handover\n'));
  return handover.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| -'));
}

test('each point says whether it was read back, and when', async () => {
  const [head, first, second] = await rows(1);
  expect(head).toMatch(/^\| Critical item \| Ana/);
  expect(first).toMatch(/^\| Guard door 3 opened\. \(filler 2\) \| ✓ \d\d:\d\d \| ✓ \d\d:\d\d read back \|$/);
  expect(second).toMatch(/^\| Grease gun missing\. \| ✓ \d\d:\d\d \| \*\*not read back\*\* \|$/);
});

test('of a handover in which no point was ticked the report is what it always was', async () => {
  expect(await rows(0)).toEqual([]);
});
