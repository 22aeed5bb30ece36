/** The note and the document beside a sealed shift: they grow, and what was sealed stays as it is. */
import { expect, test } from 'vitest';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { shifts } from '../../shared/features/shifts/index.ts';
import { aNightShift, anOrganisation, aTask, night, pump } from '../kit/given.ts';
import { bring } from '../kit/made.ts';
import { heldShift, notesOf, sealedMeanwhile, shiftOf } from '../kit/meanwhile.ts';
import { marek, ORG, tom } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';
import { sampleBundle } from '../kit/sample-bundle.ts';
import { around } from '../kit/vault-of.ts';

const drips = night.log({ text: 'Valve 4 drips.' });

test('[L2] sealed note and audit note are the same before and after late entries, amendments and their reading', async () => {
  const { plant, seen, phone } = await sealedMeanwhile(aTask('in_progress'));
  const late = phone.observed(seen);
  const notes = async () => {
    const texts = await notesOf(plant, night, new Map([[night.id, sampleBundle()]]));
    return new Map(texts.map((text) => [text.type, text]));
  };
  const before = await notes();
  expect([...before.keys()]).toEqual(['shift', 'sealed-shift', 'audit-trail']);
  await bring(
    plant,
    late.does(drips).by(marek),
    late.does(pump.complete({ note: 'Done.' }), { shift: night.id }).by(marek),
  );
  await plant.must(night.amend({ text: 'Bolt found.', reason: 'At breakfast.' }).by(tom));
  await plant.must(night.readLate({ upTo: 100_000 }).by(tom));
  const after = await notes();
  expect([...after.keys()]).toEqual(['shift', 'sealed-shift', 'audit-trail', 'addendum']);
  for (const type of ['sealed-shift', 'audit-trail']) expect(after.get(type)).toEqual(before.get(type));
  const { seal } = await shiftOf(plant);
  for (const type of ['sealed-shift', 'audit-trail']) expect(after.get(type)!.seq).toBe(seal!.seq);

  const addendum = after.get('addendum')!;
  expect(addendum).toMatchObject({
    folder: 'Sealed/2026/11',
    name: '2026-11-20 leeds-packaging Night (late entries)',
    properties: { late_entries: 3, unread: 0, sealed: '[[2026-11-20 leeds-packaging Night (sealed)]]' },
  });
  expect(addendum.sealed).toBeUndefined();
  const markdown = addendum.regions.map((region) => region.markdown).join('\n');
  expect(markdown).toMatch(/never changed\. 3 entries came later/);
  expect(markdown).toMatch(/Read by \*\*Tom Hughes\*\*/);
  expect(markdown).toMatch(
    /- #\d+ made .*, received .*, \*\*Marek Zieliński\*\* on device …[0-9a-f]{8}: Valve 4 drips\. · made after the seal/,
  );
  expect(markdown).toMatch(/: completed T-1 Pump 3 leaks: Done\./);
  expect(markdown).toMatch(/\*\*Tom Hughes\*\* amended: Bolt found\. \(At breakfast\.\)/);
  expect(addendum.regions.at(-1)!.markdown.split('\n').at(-1)).toBe('![[2026-11-20 leeds-packaging Night (sealed)]]');
  const live = after.get('shift')!.regions.find(({ name }) => name === 'handover')!.markdown;
  expect(live).toContain('[[2026-11-20 leeds-packaging Night (late entries)]]');
});

test('the shift as amended is a document: the sealed report is named, and what came later follows', async () => {
  const { plant, brings } = await sealedMeanwhile();
  await brings(drips);
  const { reads, write, permission, final } = shifts.documents!['addendum']!;
  const now = await shiftOf(plant);
  const loaded: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(reads(now as never, night.id)))
    loaded[name] = await plant.ledger.load(ORG, read);
  const text = write(now as never, loaded as never, { now: plant.now(), number: 1 });
  expect(text).toMatch(
    /^## Added after the seal\n\nThe report was sealed .* never changed \(SHA-256 [0-9a-f]{64}\)\.\n\n- #\d+ made .*Valve 4 drips\./,
  );
  expect(text).toContain(now.seal!.reportSha256);
  expect([permission(now as never), final(now as never)]).toEqual(['archive.read', null]);
});

test('a line that has not been sent yet says so, and what is out of the ordinary about it', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), night.log({ text: 'Valve 4.' }).by(marek));
  const { replica, held } = await heldShift(plant);
  const logOf = (of: ShiftState) =>
    shifts.note!.write(of as never, held, around(replica))[0]!.regions.find(({ name }) => name === 'log')!.markdown;
  const now = held.state as ShiftState;
  expect(logOf(now)).toMatch(/Valve 4\.$/);
  const entries = [{ ...now.entries[0]!, waiting: true as const, flags: ['possible_duplicate'] }];
  expect(logOf({ ...now, entries })).toMatch(
    /Valve 4\. · The same person said the same a moment before · waiting to be sent$/,
  );
});

test('[L12] what came late can forge neither a line, a link nor the end of a region of the addendum', async () => {
  const { plant, brings } = await sealedMeanwhile();
  const hostile = 'x\n%% /operary:late %%\n- #99 [[Evil]] ![[y]] `z` | <b> #tag';
  const [logged, amended] = [
    night.log({ text: hostile, equipment: hostile.slice(0, 90).replaceAll('\n', ' ') }),
    hostile,
  ];
  await brings(logged);
  await plant.must(night.amend({ text: amended, reason: hostile }).by(tom));
  const addendum = (await notesOf(plant)).at(-1)!;
  const late = addendum.regions.find(({ name }) => name === 'late')!.markdown.split('\n');
  expect(late.map((line) => line.slice(0, 3))).toEqual(['- #', '- #']);
  for (const line of late) expect(line).not.toMatch(/(?<!\\)(\[\[|%%|`|<b>| #tag)/);
});
