/** The seal: what it photographs, what it keeps out, and what comes after (DESIGN §5). */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { shifts } from '../../shared/features/shifts/index.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { parseLeaf } from '../../shared/proof/leaf.ts';
import { parseSealText, SEAL_NAMESPACE } from '../../shared/proof/seal.ts';
import { verifySshsig } from '../../shared/proof/sshsig.ts';
import { asking, shift, task, type Asked } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, by, EARLY, given, night, PACKAGING, pump } from '../kit/given.ts';
import { handedOver, sealedNight } from '../kit/handover.ts';
import { ana, ben, dana, marek, ORG, tom } from '../kit/people.ts';
import type { Plant, Step } from '../kit/plant.ts';
import { sealKeyOf } from '../kit/test-signer.ts';

const ready: Step[] = [anOrganisation(), aNightShift(), night.log({ text: 'All quiet.' }).by(ben), handedOver()];
const sealOf = async (plant: Plant, of = night) => (await plant.state<ShiftState>(of)).seal!;

/** RFC 6962 §2.1 written down a second time, with another hash. */
function merkle(leaves: readonly Uint8Array[]): Buffer {
  const hash = (...parts: readonly Uint8Array[]) =>
    parts.reduce((digest, part) => digest.update(part), createHash('sha256')).digest();
  if (leaves.length === 0) return hash();
  if (leaves.length === 1) return hash(Uint8Array.of(0), leaves[0]!);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return hash(Uint8Array.of(1), merkle(leaves.slice(0, half)), merkle(leaves.slice(half)));
}

describe('sealing', () => {
  test('[L9] the shift root is that of its leaves in order of seq, up to and without the sealing event', async () => {
    const plant = await sealedNight(
      aTask('in_progress'),
      task('far').create({ title: 'Elsewhere', area: 'leeds/utilities' }).by(dana),
      night.log({ text: 'All quiet.' }).by(ben),
    );
    const seal = await sealOf(plant);
    await plant.must(night.amend({ text: 'Bolt found.', reason: 'Came up at breakfast.' }).by(tom));
    const leaves = (await plant.ledger.leaves(ORG, 1, await plant.head())).map(({ leaf }) => leaf);
    const own = leaves.filter((leaf) => {
      const { seq, shift: of } = parseLeaf(leaf);
      return of === night.id && seq < seal.seq;
    });
    expect(seal).toMatchObject({
      kind: 'accepted',
      entries: own.length,
      firstSeq: parseLeaf(own[0]!).seq,
      lastSeq: parseLeaf(own.at(-1)!).seq,
      shiftRoot: merkle(own).toString('base64'),
    });
    expect(own.map((leaf) => parseLeaf(leaf).subject.id)).not.toContain(task('far').id);
  });

  test('[L9] the seal text says who, when, how many, and the seal key has signed it', async () => {
    const plant = await sealedNight();
    const seal = await sealOf(plant);
    const { text, signature } = (await plant.ledger.attestation(ORG, seal.seq))!;
    expect(parseSealText(text)).toMatchObject({
      organisationName: 'Leeds Dairy',
      shift: night.id,
      handedOverBy: `Ana Byrne, supervisor, ${plant.now()}`,
      acceptedBy: `Tom Hughes, supervisor, ${plant.now()}`,
      sealedAt: plant.now(),
      entries: seal.entries,
      shiftRoot: seal.shiftRoot,
      reportSha256: seal.reportSha256,
      previousSeal: null,
      exceptions: [],
    });
    expect(sha256Hex(utf8(text))).toBe(seal.sealSha256);
    const message = utf8(text);
    const publicKey = sealKeyOf(ORG);
    expect(verifySshsig({ armor: signature, namespace: SEAL_NAMESPACE, message, publicKey })).toBe(true);
  });

  test('[L2] the report is kept under its digest, the same bytes ever after', async () => {
    const plant = await sealedNight();
    const { reportSha256 } = await sealOf(plant);
    const report = (await plant.ledger.file(ORG, reportSha256))!;
    expect(sha256Hex(report)).toBe(reportSha256);
    expect(shifts.documents!['report']!.final((await plant.state<ShiftState>(night)) as never)).toBe(reportSha256);
  });

  test('each seal names the one before it of the same area', async () => {
    const plant = await sealedNight();
    const early = shift('early');
    await plant.run(
      early.create(EARLY).by(tom),
      early.start().by(tom),
      early.close().by(tom),
      early.sign().by(tom),
      early.accept().by(ana),
      early.seal().by(ana),
    );
    const { text } = (await plant.ledger.attestation(ORG, (await sealOf(plant, early)).seq))!;
    expect(parseSealText(text).previousSeal).toBe((await sealOf(plant)).sealSha256);
  });

  test('reservations, items not read back and refused handovers stand in the seal as exceptions', async () => {
    const plant = await given(
      anOrganisation(),
      aNightShift(),
      aTask('assigned', { priority: 'P1' }),
      night.close().by(ana),
      night.sign({ decisions: [{ task: 1, decision: 'continue' }] }).by(ana),
      night.refuse({ reason: 'C4 is\nnot isolated.' }).by(tom),
      night.sign({ decisions: [{ task: 1, decision: 'continue' }] }).by(ana),
      night.accept({ reservations: 'Spare pump\u2028not seen.' }).by(tom),
    )
      .when(night.seal(), by(tom))
      .then('shift.sealed');
    const { text } = (await plant.ledger.attestation(ORG, (await sealOf(plant)).seq))!;
    expect(parseSealText(text).exceptions).toEqual([
      'Accepted with reservations: Spare pump not seen.',
      '1 critical item(s) were not read back',
      'Refused before: C4 is not isolated.',
    ]);
  });

  test('evidence that tasks of the shift name is attached, once each, however much there is', async () => {
    const photos = Array.from({ length: 450 }, (_, n) => utf8(`photo ${n}`));
    const names = photos.map(sha256Hex);
    const jobs = Array.from({ length: 9 }, (_, n) => task(`job-${n}`));
    const done = jobs.flatMap((job, n): Step[] => [
      job.create({ title: 'Guard', area: PACKAGING, assignee: { user: marek.id } }).by(ana),
      job.acknowledge().by(marek),
      job.start().by(marek),
      job.complete({ note: 'Mounted.', evidence: names.slice(50 * n, 50 * n + 50) }).by(marek),
    ]);
    const stored: Step = async (plant) => {
      for (const [n, bytes] of photos.entries()) await plant.ledger.putFile(ORG, names[n]!, bytes);
    };
    const plant = await sealedNight(stored, ...done);
    expect((await sealOf(plant)).attachments).toEqual([...names].sort());
    expect(await plant.state<ShiftState>(night)).toMatchObject({ status: 'sealed' });
  });

  for (const [who, hostile] of [
    ['a right-to-left override', 'Ana \u202egnp.exe'],
    ['a backslash escape', 'nobody\\u000aSealed at: never'],
    ['the word that means none', 'none'],
  ] as const)
    test(`${who} in people's text neither breaks the seal nor forges a line of it`, async () => {
      const plant = await given(anOrganisation(), aNightShift(), night.close().by(ana), night.sign().by(ana))
        .when(night.accept({ reservations: hostile }), by(tom))
        .then('shift.accepted');
      await plant.must(night.seal().by(tom));
      const { text } = (await plant.ledger.attestation(ORG, (await sealOf(plant)).seq))!;
      expect(parseSealText(text)).toMatchObject({
        exceptions: [`Accepted with reservations: ${hostile}`],
        sealedAt: plant.now(),
      });
    });
});

describe('the head that the sealer has seen', () => {
  const lastOf = async (plant: Plant) => (await plant.events()).filter(({ shift: of }) => of === night.id).at(-1)!.seq;
  test('[L7] entries that came after it stop the seal; the refusal says how many and what to send', async () => {
    const plant = await given(...ready)
      .when(night.log({ text: 'First.' }), by(ben))
      .then('shift.logged');
    const seen = await lastOf(plant);
    await plant.run(night.log({ text: 'Second.' }).by(ben), night.log({ text: 'Third.' }).by(ben));
    const head = await plant.head();
    expect(await plant.ask(night.seal({ expectedHead: seen }).by(tom))).toMatchObject({
      refusal: { refused: 'head-moved', extra: { head: seen + 2, newEntries: 2 } },
    });
    expect(await plant.head()).toBe(head);
    await plant.must(night.seal({ expectedHead: seen + 2 }).by(tom));
  });
  test('what happened elsewhere does not stop it', async () => {
    const plant = await given(...ready)
      .when(night.log({ text: 'First.' }), by(ben))
      .then('shift.logged');
    const seen = await lastOf(plant);
    await plant.must(task('far').create({ title: 'Elsewhere', area: 'leeds/utilities' }).by(dana));
    await plant.must(night.seal({ expectedHead: seen }).by(tom));
  });
});

describe('after the seal', () => {
  test('an amendment is late, beside the record and not in it', async () => {
    const plant = await sealedNight();
    const before = await sealOf(plant);
    await plant.must(night.amend({ text: 'Bolt found.', reason: 'Came up at breakfast.' }).by(tom));
    const event = (await plant.history(night)).at(-1)!;
    expect(event).toMatchObject({ type: 'shift.amended', shift: night.id, body: { late: true, text: 'Bolt found.' } });
    const state = await plant.state<ShiftState>(night);
    expect(state.seal).toEqual(before);
    expect(state.amendments).toMatchObject([{ seq: event.seq, by: tom.id, reason: 'Came up at breakfast.' }]);
    expect(shifts.sealed!(state)).toMatchObject({ lastSeq: before.lastSeq, lateSeqs: [event.seq] });
  });
  test('[L7] an amendment wants a reason', async () => {
    const plant = await sealedNight();
    expect(await plant.ask(asking('shifts.amend', night, { text: 'x' }).by(tom))).toMatchObject({
      refusal: { refused: 'invalid-input', fields: [{ field: '/reason' }] },
    });
  });
  test('[L7] what is not sealed is not amended but logged', () =>
    given(...ready)
      .when(night.amend({ text: 'x', reason: 'y' }), by(tom))
      .refused('not-sealed'));

  test('[L7] a task that was finished in it takes no verb any more, and each attempt is recorded', async () => {
    const plant = await sealedNight(aTask('closed'));
    const attempts: Readonly<Record<string, Asked>> = {
      assign: pump.assign({ assignee: { user: ben.id } }),
      reject: pump.reject({ reason: 'x' }),
      acknowledge: pump.acknowledge(),
      start: pump.start(),
      hold: pump.hold({ reasonCode: 'waiting_parts' }),
      resume: pump.resume(),
      complete: pump.complete({ note: 'x' }),
      verify: pump.verify(),
      sendBack: pump.sendBack({ reason: 'x' }),
      reopen: pump.reopen({ reason: 'x' }),
      escalate: pump.escalate({ reason: 'x' }),
      cancel: pump.cancel({ reasonCode: 'not_needed' }),
      note: pump.note({ text: 'x' }),
    };
    for (const [verb, ask] of Object.entries(attempts)) {
      const before = await plant.head();
      expect(await plant.ask(ask.by(tom)), verb).toMatchObject({
        refusal: { refused: 'shift-sealed', extra: { shift: night.id } },
      });
      const [witness, ...more] = await plant.events(before);
      expect(witness).toMatchObject({
        type: 'shift.change_refused',
        subject: { kind: 'org', id: ORG },
        shift: null,
        body: { shift: night.id, command: `tasks.${verb}`, caller: tom.id },
      });
      expect(more).toEqual([]);
    }
  });
  test('a new task follows up what is closed for good, and the trail leads back', async () => {
    const plant = await sealedNight(aTask('closed'));
    const upstream = [{ kind: 'task', id: pump.id, rel: 'follow_up_of' as const }];
    await plant.must(task('again').create({ title: 'Leaks again', area: PACKAGING, upstream }).by(tom));
    expect((await plant.ledger.links(ORG, pump, 'down')).map(({ from, rel }) => [from.id, rel])).toEqual([
      [task('again').id, 'follow_up_of'],
    ]);
  });
  test('a task that was still open lives on in the next shift', async () => {
    const plant = await sealedNight(aTask('acknowledged'));
    await plant.run(shift('early').create(EARLY).by(tom), shift('early').start().by(tom), pump.start().by(marek));
    expect((await plant.history(pump)).at(-1)).toMatchObject({ type: 'task.started', shift: shift('early').id });
  });
  test('a task that was finished in no shift is reopened at any time', () =>
    given(anOrganisation(), aTask('closed'))
      .when(pump.reopen({ reason: 'Drips.' }), by(dana))
      .then('task.reopened'));
  test('within its shift, before the seal, a closed task is reopened', () =>
    given(anOrganisation(), aNightShift(), aTask('closed'))
      .when(pump.reopen({ reason: 'Drips.' }), by(dana))
      .then('task.reopened'));
});
