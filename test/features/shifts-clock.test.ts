/** The clock's part: shifts that nobody starts lapse, shifts that nobody accepts are sealed, flagged and never silently. */
import { describe, expect, test } from 'vitest';
import type { SealFacts, ShiftState } from '../../shared/features/shifts/contract.ts';
import { shifts } from '../../shared/features/shifts/index.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { textOf } from '../../shared/kernel/bytes.ts';
import { parseSealText } from '../../shared/proof/seal.ts';
import { area, shift } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, by, EARLY, given, minutes, NIGHT, night, pump } from '../kit/given.ts';
import { handedOver } from '../kit/handover.ts';
import { bring, device } from '../kit/made.ts';
import { heldShift, notesOf, shiftOf } from '../kit/meanwhile.ts';
import { ana, ben, dana, marek, ORG, root, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';
import { around } from '../kit/vault-of.ts';

const early = shift('early');
const until =
  (at: string): Step =>
  async (plant) => {
    plant.waitUntil(at);
    await plant.settle();
  };
const anEarlyShift = [early.create(EARLY).by(tom), early.start().by(tom)];
/** The clock looks in time: at the end of the grace. */
const GRACE_OVER = '2026-11-21T07:00:00.000Z';
const sealedByClock = (...steps: readonly Step[]) =>
  createPlant().run(anOrganisation(), aNightShift(), ...steps, until(GRACE_OVER));
const report = async (plant: Plant, seal: SealFacts) => textOf((await plant.ledger.file(ORG, seal.reportSha256))!);

describe('a shift that nobody starts', () => {
  const planned = [anOrganisation(), night.create(NIGHT).by(ana)];
  test('lapses when its grace is over, and not before', async () => {
    const plant = await createPlant().run(...planned, until('2026-11-21T06:59:59.999Z'));
    expect((await shiftOf(plant)).status).toBe('planned');
    await plant.run(until(GRACE_OVER));
    expect((await shiftOf(plant)).status).toBe('lapsed');
    expect((await plant.history(night)).at(-1)).toMatchObject({ type: 'shift.lapsed', actor: { kind: 'engine' } });
  });
  test('takes no entries then; whoever worked it all the same still says so', async () => {
    const plant = await given(...planned, until(GRACE_OVER))
      .when(night.log({ text: 'We were here.' }), by(ben))
      .refused('transition-not-allowed');
    await plant.run(night.start().by(ana), night.log({ text: 'We were here.' }).by(ben));
    expect((await shiftOf(plant)).status).toBe('active');
  });
  test('a start that was made in time and arrives later is no conflict', async () => {
    const plant = await createPlant().run(...planned);
    const seen = await plant.head();
    await plant.run(until('2026-11-21T08:00:00Z'));
    const [outcome] = await bring(plant, device('phone').observed(seen).does(night.start()).by(ana));
    expect(outcome).toMatchObject({ outcome: 'accepted' });
    expect((await shiftOf(plant)).status).toBe('active');
  });
});

describe('a shift that nobody accepts', () => {
  test('is sealed at its end and an hour, by the clock, and says so everywhere', async () => {
    const plant = await sealedByClock(night.log({ text: 'All quiet.' }).by(ben));
    const state = await shiftOf(plant);
    expect(state.seal).toMatchObject({ kind: 'unaccepted', by: 'clock', at: GRACE_OVER });
    const text = await report(plant, state.seal!);
    expect(text).toContain('**This shift was sealed by the clock, nobody accepted it.**');
    expect(text).toContain('- Handovers not accepted in time 1');
    expect(text).toContain('sealed by the clock, nobody accepted it within 60 minutes after its end');
    const sealed = (await plant.history(night)).find(({ type }) => type === 'shift.sealed')!;
    expect(parseSealText((sealed.body as unknown as { sealText: string }).sealText)).toMatchObject({
      kind: 'unaccepted',
      acceptedBy: null,
      exceptions: ['Nobody accepted this handover', expect.stringContaining('sealed by the clock')],
    });
    const [live] = await notesOf(plant);
    expect(live!.regions.find(({ name }) => name === 'header')!.markdown).toContain('[!warning]');
    expect(live!.regions.find(({ name }) => name === 'handover')!.markdown).toContain(
      '**sealed by the clock, nobody accepted it**',
    );
    const { replica, held } = await heldShift(plant);
    expect(shifts.note!.card!(held.state, held, around(replica))).toMatchObject({
      title: expect.stringContaining('sealed by the clock') as string,
      urgent: true,
      next: ['acceptLate'],
    });
  });
  test('not a moment before', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), until('2026-11-21T06:59:59.999Z'));
    expect((await shiftOf(plant)).status).toBe('active');
  });
  test('a handover that is signed and not accepted is sealed too, with its signature', async () => {
    const plant = await sealedByClock(minutes(470), night.close().by(ana), night.sign().by(ana));
    expect((await shiftOf(plant)).seal).toMatchObject({ kind: 'unaccepted' });
    expect((await shiftOf(plant)).signature).toMatchObject({ by: ana.id });
  });
  test('one that is accepted waits for its person', async () => {
    const plant = await sealedByClock(handedOver(), minutes(600));
    await plant.run(until('2026-11-22T07:00:00Z'));
    expect((await shiftOf(plant)).status).toBe('handed_over');
  });
  test('the grace of its area counts', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      area('packaging').plan({ graceMinutes: 120 }).by(root),
      aNightShift(),
      until(GRACE_OVER),
    );
    expect((await shiftOf(plant)).status).toBe('active');
    await plant.run(until('2026-11-21T08:00:00Z'));
    expect((await shiftOf(plant)).status).toBe('sealed');
  });
  test('one that is started after its end has its grace from then on', async () => {
    const plant = await createPlant().run(anOrganisation(), until('2026-11-21T12:00:00Z'), aNightShift());
    await plant.run(until('2026-11-21T12:59:00Z'));
    expect((await shiftOf(plant)).status).toBe('active');
    await plant.run(until('2026-11-21T13:00:00Z'));
    expect((await shiftOf(plant)).status).toBe('sealed');
  });
  test('a clock that was stopped waits for what devices bring, and an acceptance among it stands', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    await plant.run(until('2026-11-21T09:00:00Z'));
    expect(await shiftOf(plant)).toMatchObject({ status: 'active', sealsAt: '2026-11-21T09:15:00.000Z' });
    await plant.run(handedOver(), until('2026-11-21T10:00:00Z'));
    expect((await shiftOf(plant)).status).toBe('handed_over');
    await plant.run(night.seal().by(tom));
    expect((await shiftOf(plant)).seal!.kind).toBe('accepted');
  });
  test('and seals when nobody has', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    await plant.run(until('2026-11-21T09:00:00Z'), until('2026-11-21T09:15:00Z'));
    expect((await shiftOf(plant)).seal).toMatchObject({ kind: 'unaccepted', at: '2026-11-21T09:15:00.000Z' });
  });
  test('what was open is carried over, and decided by nobody', async () => {
    const plant = await sealedByClock(aTask('assigned'));
    const task = await plant.state<TaskState>(pump);
    expect(task.status).toBe('assigned');
    expect((await plant.history(pump)).at(-1)).toMatchObject({
      type: 'task.carried_over',
      actor: { kind: 'engine' },
      upstream: [{ kind: 'shift', id: night.id, rel: 'carried_over_from' }],
    });
  });
  test('[L2] what arrives then stands beside the seal', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    const seen = await plant.head();
    await plant.run(until(GRACE_OVER));
    const phone = device('phone').observed(seen);
    const [logged] = await bring(plant, phone.does(night.log({ text: 'Valve 4 drips.' })).by(marek));
    expect(logged).toMatchObject({ outcome: 'accepted', flags: expect.arrayContaining(['late']) as string[] });
    expect((await shiftOf(plant)).lateEntries).toMatchObject([{ text: 'Valve 4 drips.' }]);
  });
});

describe('the next shift', () => {
  const left = () => sealedByClock(night.log({ text: 'Keep filler 2 at 80 %.', kind: 'instruction' }).by(dana));
  const header = async (plant: Plant) =>
    (await notesOf(plant, early))[0]!.regions.find(({ name }) => name === 'header')!.markdown;

  test('is told first, with what was said for it, until somebody accepts it', async () => {
    const plant = await left();
    await plant.run(...anEarlyShift);
    expect(await header(plant)).toContain('**S-1 Night: sealed by the clock, nobody accepted it.**');
    expect(await header(plant)).toContain('Keep filler 2 at 80 %');
    await plant.run(night.acceptLate().by(tom));
    expect(await header(plant)).not.toContain('sealed by the clock');
  });
  test('its supervisor accepts what was left; that stands beside the seal', async () => {
    const plant = await left();
    const before = (await shiftOf(plant)).seal!;
    await plant.run(...anEarlyShift, night.acceptLate({ text: 'Read with Dana.' }).by(tom));
    const state = await shiftOf(plant);
    expect(state.lateAcceptance).toMatchObject({ by: tom.id, text: 'Read with Dana.' });
    expect(state.seal).toEqual(before);
    const accepted = (await plant.history(night)).at(-1)!;
    expect(accepted).toMatchObject({ type: 'shift.accepted_late', body: { late: true } });
    expect(shifts.sealed!(state)).toMatchObject({ late: 1, lateSeqs: [accepted.seq] });
    const notes = await notesOf(plant);
    expect(JSON.stringify(notes.at(-1))).toContain('accepted it after the seal: Read with Dana.');
    // Accepted or not, it counts as a handover that failed.
    expect(shifts.columns['unaccepted']!(state)).toBe(1);
  });
  test('its own report tells of it', async () => {
    const plant = await left();
    await plant.run(...anEarlyShift, until('2026-11-21T15:00:00Z'));
    const { seal } = await plant.state<ShiftState>(early);
    expect(await report(plant, seal!)).toContain('**S-1 Night** was sealed by the clock, nobody accepted it.');
  });
  test('[L7] nobody accepts late what they led themselves', async () => {
    const plant = await left();
    await plant.run(early.create(EARLY).by(ana), early.start().by(ana));
    expect(await plant.ask(night.acceptLate().by(ana))).toMatchObject({ refusal: { refused: 'same-person' } });
  });
  test('[L7] nor without leading a shift that came after', async () => {
    const plant = await left();
    expect(await plant.ask(night.acceptLate().by(tom))).toMatchObject({
      refusal: { refused: 'transition-not-allowed' },
    });
    await plant.run(...anEarlyShift, night.acceptLate().by(tom));
    expect(await plant.ask(night.acceptLate().by(tom))).toMatchObject({
      refusal: { refused: 'transition-not-allowed' },
    });
  });
  test('[L7] nor what was accepted in time, or is not sealed', async () => {
    await given(anOrganisation(), aNightShift()).when(night.acceptLate(), by(tom)).refused('not-sealed');
    await given(anOrganisation(), aNightShift(), handedOver(), night.seal().by(tom))
      .when(night.acceptLate(), by(tom))
      .refused('transition-not-allowed');
  });
});
