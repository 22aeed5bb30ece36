/** When a late entry says that something happened: on another day than that of its line, the day stands with the time. */
import { expect, test } from 'vitest';
import { shifts } from '../../shared/features/shifts/index.ts';
import { aNightShift, anOrganisation, night } from '../kit/given.ts';
import { ana, ORG } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

async function told(plant: Plant): Promise<readonly string[]> {
  const replica = await replicaOf(plant);
  const held = replica.get(night)!;
  const [note] = shifts.note!.write(held.state, held, around(replica));
  const { reads, write } = shifts.documents!['report']!;
  const seen: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(reads(held.state as never, night.id)))
    seen[name] = await plant.ledger.load(ORG, read);
  const report = write(held.state as never, seen as never, { now: plant.now(), number: 1 });
  const log = note!.regions.find(({ name }) => name === 'log')!.markdown;
  return [log, report].flatMap((text) =>
    [...text.matchAll(/\((?:late entry, )?happened ([^)]*)\)/g)].map((one) => one[1]!),
  );
}

test.each([
  ['2026-11-21T00:55:00.000Z', '00:55'],
  ['2026-11-20T23:50:00.000Z', '2026-11-20 23:50'],
  ['2026-11-18T01:05:00.000Z', '2026-11-18 01:05'],
])('what happened at %s is told as %s in an entry of 21 November, 01:20', async (occurredAt, words) => {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  plant.waitUntil('2026-11-21T01:20:00.000Z');
  await plant.must(night.log({ text: 'Grease line blocked.', occurredAt }).by(ana));
  expect(await told(plant)).toEqual([words, words]);
  const replica = await replicaOf(plant);
  const held = replica.get(night)!;
  const { parts } = shifts.sheets!['sign']!.write(held.state, held, around(replica), plant.now());
  expect(parts.find(({ heading }) => heading === 'From the log')).toMatchObject({
    lines: [`${words} Ana Byrne: Grease line blocked.`],
  });
});

test.each([
  [5, 'accepted'],
  [6, 'rejected'],
])(
  '[L7] an entry of what happens %i minutes from now is %s: clocks differ, but nobody tells what is to come',
  async (minutes, outcome) => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    const occurredAt = new Date(Date.parse(plant.now()) + minutes * 60_000).toISOString();
    const given = await plant.ask(night.log({ text: 'Line 3 runs.', occurredAt }).by(ana));
    expect(given.outcome).toBe(outcome);
    if (given.outcome === 'rejected') expect(given.refusal.detail).toMatch(/^This has not happened yet\. Say when/);
  },
);

test('[L7] too long a text is told in words, and how long it may be', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  const given = await plant.ask(night.log({ text: 'x'.repeat(8001) }).by(ana));
  expect(given).toMatchObject({ outcome: 'rejected', refusal: { fields: [{ problem: 'At most 8000 characters.' }] } });
});
