/** Who is told of what came after the seal: whoever leads, until they have read it, and the next handover. */
import { describe, expect, test } from 'vitest';
import { shifts } from '../../shared/features/shifts/index.ts';
import { textOf } from '../../shared/kernel/bytes.ts';
import type { Card } from '../../shared/kernel/note.ts';
import { shift } from '../kit/ask.ts';
import { EARLY, night } from '../kit/given.ts';
import { sealedNight } from '../kit/handover.ts';
import { heldShift, notesOf, sealedMeanwhile, shiftOf } from '../kit/meanwhile.ts';
import { ana, dana, ORG, tom } from '../kit/people.ts';
import type { Plant } from '../kit/plant.ts';
import { around } from '../kit/vault-of.ts';

const early = shift('early');
const anEarlyShift = [early.create(EARLY).by(tom), early.start().by(tom)];
const drips = night.log({ text: 'Valve 4 drips.' });

describe('whoever leads', () => {
  const card = async (plant: Plant): Promise<Card | null> => {
    const { replica, held } = await heldShift(plant);
    return shifts.note!.card!(held.state, held, around(replica));
  };
  async function oneLate() {
    const found = await sealedMeanwhile();
    await found.brings(night.log({ text: 'Valve 4.' }));
    return found;
  }

  test('has it on the board until somebody has read it; reading is a fact of its own', async () => {
    const { plant } = await oneLate();
    expect(await card(plant)).toMatchObject({
      title: '1 late entry to shift Night',
      urgent: true,
      next: ['readLate'],
    });
    const now = await shiftOf(plant);
    const { replica, held } = await heldShift(plant);
    const { upTo } = shifts.note!.prefill!('readLate', now, held, around(replica)) as { upTo: number };
    expect(upTo).toBe(now.lateEntries[0]!.seq);
    await plant.must(night.readLate({ upTo }).by(tom));
    expect(await card(plant)).toBeNull();
    const after = await shiftOf(plant);
    expect(after.lateReads).toMatchObject([{ by: tom.id, upTo }]);
    expect(shifts.sealed!(after)!.lateSeqs).toEqual([upTo, after.lateReads[0]!.seq]);
  });
  test('has not read what came after, however far ahead they claimed to be', async () => {
    const { plant, brings } = await oneLate();
    await plant.must(night.readLate({ upTo: 100_000 }).by(tom));
    await brings(night.log({ text: 'Valve 5.' }));
    expect(await card(plant)).toMatchObject({ title: '1 late entry to shift Night' });
  });
  test('[L7] reads nothing where nothing is late, and nobody else does it for them', async () => {
    const plant = await sealedNight();
    expect(await plant.ask(night.readLate({ upTo: 1 }).by(tom))).toMatchObject({
      refusal: { refused: 'transition-not-allowed' },
    });
    const { plant: other } = await oneLate();
    expect(await other.ask(night.readLate({ upTo: 1 }).by(dana))).toMatchObject({
      refusal: { refused: 'role-not-allowed' },
    });
  });
});

describe('the next handover is told', () => {
  const reportOf = async (plant: Plant) => {
    await plant.run(early.close().by(tom), early.sign().by(tom), early.accept().by(ana), early.seal().by(ana));
    return textOf((await plant.ledger.file(ORG, (await shiftOf(plant, early)).seal!.reportSha256))!);
  };
  const handoverOf = async (plant: Plant, of = early) =>
    (await notesOf(plant, of))[0]!.regions.find(({ name }) => name === 'handover')!.markdown;

  test('in its report and its note, when it came while that shift ran', async () => {
    const { plant, brings } = await sealedMeanwhile();
    await plant.run(...anEarlyShift);
    await brings(drips);
    expect(await handoverOf(plant)).toMatch(
      /^Not handed over yet\.\n- Late for S-1 \[\[2026-11-20 leeds-packaging Night \(late entries\)\]\]: made .* \*\*Marek Zieliński\*\* .*: Valve 4 drips\./,
    );
    expect((await notesOf(plant, early))[0]!.seq).toBe((await plant.stream(night)).seq);
    expect(await reportOf(plant)).toMatch(
      /\*\*Late entries to earlier shifts\*\*\n\n- S-1 Night: made .*Valve 4 drips\./,
    );
  });
  test('also of what came between the seal and its start', async () => {
    const { plant, brings } = await sealedMeanwhile();
    await brings(drips);
    await plant.run(...anEarlyShift);
    expect(await handoverOf(plant)).toContain('Valve 4 drips.');
    expect(await reportOf(plant)).toContain('Valve 4 drips.');
  });
  test('and the one after it is not told again', async () => {
    const { plant, brings } = await sealedMeanwhile();
    await plant.run(...anEarlyShift);
    await brings(drips);
    await reportOf(plant);
    const day = shift('day');
    await plant.run(day.create({ ...EARLY, name: 'Day' }).by(tom), day.start().by(tom));
    expect(await handoverOf(plant, day)).toBe('Not handed over yet.');
  });
  test('a shift of another area is not told', async () => {
    const { plant, brings } = await sealedMeanwhile();
    await plant.run(early.create({ ...EARLY, area: 'leeds/utilities' }).by(tom), early.start().by(tom));
    await brings(drips);
    expect(await handoverOf(plant)).toBe('Not handed over yet.');
    expect(await reportOf(plant)).not.toContain('Valve 4 drips.');
  });
});
