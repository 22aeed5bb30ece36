/** What comes after the seal: late entries of devices, late facts of tasks, late words; who is told, and what never changes (sync: facts after seal). */
import { describe, expect, test } from 'vitest';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { shifts } from '../../shared/features/shifts/index.ts';
import { textOf } from '../../shared/kernel/bytes.ts';
import type { Card } from '../../shared/kernel/note.ts';
import { asking, shift } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, EARLY, minutes, NIGHT, night, pump } from '../kit/given.ts';
import { handedOver, sealedNight } from '../kit/handover.ts';
import { bring, device, flagsOf } from '../kit/made.ts';
import { ana, ben, dana, engine, marek, ORG, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';
import { sampleBundle } from '../kit/sample-bundle.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

const state = (plant: Plant, of = night) => plant.state<ShiftState>(of);
const early = shift('early');
const anEarlyShift = [early.create(EARLY).by(tom), early.start().by(tom)];

/** A night that is sealed while Marek's phone is in the cellar; it had seen everything up to `seen`. */
async function sealedMeanwhile(...steps: readonly Step[]) {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), ...steps, minutes(60));
  const seen = await plant.head();
  await plant.run(minutes(30), handedOver(), night.seal().by(tom), minutes(30));
  return { plant, seen, phone: device('phone'), made: new Date(Date.parse(NIGHT.from) + 70 * 60_000).toISOString() };
}

describe('an entry that met the seal', () => {
  test('[L2] stands beside the record, with all its times, and changes nothing else', async () => {
    const { plant, seen, phone, made } = await sealedMeanwhile();
    const before = await state(plant);
    const say = night.log({ text: 'Valve 4 drips.', kind: 'observation', equipment: 'valve-4' });
    const [outcome] = await bring(plant, phone.observed(seen).does(say, { at: made }).by(marek));
    expect(flagsOf(outcome)).toEqual(['late']);
    const after = await state(plant);
    const { lateEntries, ...rest } = after;
    expect({ ...rest, lateEntries: [] }).toEqual(before);
    expect(lateEntries).toMatchObject([
      {
        ...{ by: marek.id, device: phone.id, kind: 'observation', text: 'Valve 4 drips. (valve-4)', noted: null },
        ...{ at: made, recordedAt: made, receivedAt: plant.now(), lateKind: 'made_before_seal', flags: ['late'] },
      },
    ]);
    expect(shifts.sealed!(after)).toMatchObject({
      lastSeq: before.seal!.lastSeq,
      lateSeqs: [lateEntries[0]!.seq],
    });
  });

  for (const [kind, how] of [
    ['made_after_seal', { at: '2026-11-20T23:45:00.000Z' }],
    ['unknown', { at: '2026-11-20T23:10:00.000Z', offset: null }],
  ] as const)
    test(`says when it is ${kind}`, async () => {
      const { plant, seen, phone } = await sealedMeanwhile();
      await bring(
        plant,
        phone
          .observed(seen)
          .does(night.log({ text: 'x' }), how)
          .by(marek),
      );
      expect((await state(plant)).lateEntries).toMatchObject([{ lateKind: kind }]);
    });

  test('[L7] of somebody who knew of the seal is late all the same, and no attempt on the record', async () => {
    const { plant, phone } = await sealedMeanwhile();
    const head = await plant.head();
    const [outcome] = await bring(
      plant,
      phone
        .observed(head)
        .does(night.log({ text: 'Seen on the way out.' }))
        .by(marek),
    );
    expect(flagsOf(outcome)).toEqual(['late']);
    expect((await state(plant)).lateEntries).toMatchObject([
      { lateKind: 'made_after_seal', text: 'Seen on the way out.' },
    ]);
    expect((await plant.events(head)).map(({ type }) => type)).toEqual(['shift.logged']);
  });

  test('that corrects one of the record tells which, and strikes nothing', async () => {
    const { plant, seen, phone } = await sealedMeanwhile(night.log({ text: 'Tag TT-3205.' }).by(marek));
    const before = await state(plant);
    const corrects = before.entries[0]!.id;
    await bring(
      plant,
      phone
        .observed(seen)
        .does(night.log({ text: 'Tag TT-3204.', corrects }))
        .by(marek),
    );
    const after = await state(plant);
    expect(after.entries).toEqual(before.entries);
    expect(after.lateEntries).toMatchObject([{ text: 'Tag TT-3204.', context: 'Tag TT-3205.' }]);
  });
});

test('a step that somebody else had taken meanwhile is one line, and no second step', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  const [seen, phone] = [await plant.head(), device('phone')];
  await plant.run(minutes(5), night.close().by(ana), minutes(5));
  const before = await state(plant);
  const [outcome] = await bring(plant, phone.observed(seen).does(night.close()).by(tom));
  expect(flagsOf(outcome)).toContain('concurrent');
  const { asides, ...rest } = await state(plant);
  expect({ ...rest, asides: [] }).toEqual(before);
  expect(asides).toMatchObject([{ by: tom.id, device: phone.id, what: 'closed', flags: ['concurrent'] }]);
});

test('a concurrent second correction of the same entry is kept whole, as a line of its own', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), night.log({ text: 'TT-3205' }).by(marek));
  const [seen, phone, corrects] = [await plant.head(), device('phone'), (await state(plant)).entries[0]!.id];
  await plant.must(night.log({ text: 'TT-3204', corrects }).by(marek));
  await bring(
    plant,
    phone
      .observed(seen)
      .does(night.log({ text: 'TT-3203', corrects }))
      .by(marek),
  );
  const after = await state(plant);
  expect(after.entries.map(({ text }) => text)).toEqual(['TT-3205', 'TT-3204']);
  expect(after.asides).toMatchObject([{ what: 'logged', text: 'TT-3203' }]);
});

describe('a late fact of a task', () => {
  const late = async () => {
    const found = await sealedMeanwhile(aTask('in_progress'));
    const { plant, seen, phone, made } = found;
    await bring(
      plant,
      phone
        .observed(seen)
        .does(pump.complete({ note: 'New seal\nfitted.' }), { at: made, shift: night.id })
        .by(marek),
    );
    return found;
  };
  test('is told to its shift in one plain line, with its own position for the bundle', async () => {
    const { plant, phone, made } = await late();
    expect(plant.refusedWishes).toEqual([]);
    const completed = (await plant.history(pump)).at(-1)!;
    expect(completed).toMatchObject({ type: 'task.completed', shift: night.id, body: { late: true } });
    const after = await state(plant);
    expect(after.lateEntries).toMatchObject([
      {
        ...{ noted: completed.seq, item: { kind: 'task', id: pump.id }, by: marek.id, device: phone.id, at: made },
        ...{ kind: 'task.completed', text: 'completed T-1 Pump 3 leaks: New seal ⏎ fitted.' },
        lateKind: 'made_before_seal',
      },
    ]);
    const [entry] = after.lateEntries;
    expect(shifts.sealed!(after)!.lateSeqs).toEqual([completed.seq, entry!.seq]);
  });
  test('[L4] is told once, however often it is heard', async () => {
    const { plant } = await late();
    const { lateEntries } = await state(plant);
    const [event] = (await plant.events()).filter(({ type }) => type === 'shift.late_noted');
    const heard = (await plant.events()).find(({ seq }) => seq === lateEntries[0]!.noted)!;
    const policy = shifts.policies![0]!;
    const wishes = policy.asks(heard, { tasks: [] } as never);
    expect(wishes).toHaveLength(1);
    const again = await plant.ask(asking('shifts.noteLate', night, wishes[0]!.input).by(engine), {
      id: event!.command.id,
    });
    expect(again.outcome).not.toBe('accepted');
    expect((await state(plant)).lateEntries).toHaveLength(1);
  });
  test('that is not late is told to nobody', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('closed'), handedOver());
    expect((await plant.events()).map(({ type }) => type)).not.toContain('shift.late_noted');
  });
});

describe('late words', () => {
  const words = (more: object = {}) =>
    asking('shifts.lateProse', night, {
      ...{ author: marek.id, device: null, inserted: 'Bolt M8 fitted.', struck: 'M10', context: 'line 3 … guard' },
      ...{ update: 'a'.repeat(64), receivedAt: '2026-11-21T08:00:00.000Z' },
      ...more,
    });
  test('are an entry with what was written, what is proposed to strike, and where', async () => {
    const plant = await sealedNight();
    await plant.must(words().by(engine));
    expect((await state(plant)).lateEntries).toMatchObject([
      {
        ...{ by: marek.id, kind: 'prose', text: 'Bolt M8 fitted.', struck: 'M10', context: 'line 3 … guard' },
        ...{ at: '2026-11-21T08:00:00.000Z', lateKind: 'unknown' },
      },
    ]);
  });
  test('[L7] are nobody else’s to say, and nothing is late before the seal', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    expect(await plant.ask(words().by(engine))).toMatchObject({ refusal: { refused: 'not-sealed' } });
    expect(shifts.commands.lateProse.internal).toBe(true);
    expect(await plant.ask(words().by(ben))).toMatchObject({ refusal: { refused: 'role-not-allowed' } });
  });
  test('of a task that the shift finished stand in the addendum of that shift', async () => {
    const plant = await sealedNight(aTask('closed'));
    await plant.must(
      asking('tasks.lateProse', pump, {
        ...{ author: marek.id, device: null, inserted: 'Gasket 4 mm.', struck: '', context: '' },
        ...{ update: 'b'.repeat(64), receivedAt: plant.now() },
      }).by(engine),
    );
    const { lateEntries } = await state(plant);
    expect(lateEntries).toMatchObject([
      { by: marek.id, item: { id: pump.id }, text: 'wrote in the sealed notes of T-1 Pump 3 leaks: Gasket 4 mm.' },
    ]);
  });
});

describe('whoever leads', () => {
  const card = async (plant: Plant): Promise<Card | null> => {
    const replica = await replicaOf(plant);
    const held = replica.all('shift').find(({ id }) => id === night.id)!;
    return shifts.note!.card!(held.state as never, held, around(replica));
  };
  async function oneLate() {
    const found = await sealedMeanwhile();
    await bring(
      found.plant,
      found.phone
        .observed(found.seen)
        .does(night.log({ text: 'Valve 4.' }))
        .by(marek),
    );
    return found;
  }

  test('has it on the board until somebody has read it; reading is a fact of its own', async () => {
    const { plant } = await oneLate();
    expect(await card(plant)).toMatchObject({
      title: '1 late entry to shift Night',
      urgent: true,
      next: ['readLate'],
    });
    const replica = await replicaOf(plant);
    const now = await state(plant);
    const upTo = (shifts.note!.prefill!('readLate', now, replica.all('shift')[0]!, around(replica)) as { upTo: number })
      .upTo;
    expect(upTo).toBe(now.lateEntries[0]!.seq);
    await plant.must(night.readLate({ upTo }).by(tom));
    expect(await card(plant)).toBeNull();
    const after = await state(plant);
    expect(after.lateReads).toMatchObject([{ by: tom.id, upTo }]);
    expect(shifts.sealed!(after)!.lateSeqs).toEqual([upTo, after.lateReads[0]!.seq]);
  });
  test('has not read what came after, however far ahead they claimed to be', async () => {
    const { plant, seen, phone } = await oneLate();
    await plant.must(night.readLate({ upTo: 100_000 }).by(tom));
    await bring(
      plant,
      phone
        .observed(seen)
        .does(night.log({ text: 'Valve 5.' }))
        .by(marek),
    );
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
    return textOf((await plant.ledger.file(ORG, (await state(plant, early)).seal!.reportSha256))!);
  };
  const noteOf = async (plant: Plant, of = early) => {
    const replica = await replicaOf(plant);
    const held = replica.all('shift').find(({ id }) => id === of.id)!;
    const [live] = shifts.note!.write(held.state as never, held, around(replica));
    return live!;
  };
  const handoverOf = async (plant: Plant, of = early) =>
    (await noteOf(plant, of)).regions.find(({ name }) => name === 'handover')!.markdown;

  test('in its report and its note, when it came while that shift ran', async () => {
    const { plant, seen, phone } = await sealedMeanwhile();
    await plant.run(...anEarlyShift);
    await bring(
      plant,
      phone
        .observed(seen)
        .does(night.log({ text: 'Valve 4 drips.' }))
        .by(marek),
    );
    expect(await handoverOf(plant)).toMatch(
      /^Not handed over yet\.\n- Late for S-1 \[\[2026-11-20 leeds-packaging Night \(late entries\)\]\]: made .* \*\*Marek Zieliński\*\* .*: Valve 4 drips\./,
    );
    expect((await noteOf(plant)).seq).toBe((await plant.stream(night)).seq);
    expect(await reportOf(plant)).toMatch(
      /\*\*Late entries to earlier shifts\*\*\n\n- S-1 Night: made .*Valve 4 drips\./,
    );
  });
  test('also of what came between the seal and its start', async () => {
    const { plant, seen, phone } = await sealedMeanwhile();
    await bring(
      plant,
      phone
        .observed(seen)
        .does(night.log({ text: 'Valve 4 drips.' }))
        .by(marek),
    );
    await plant.run(...anEarlyShift);
    expect(await handoverOf(plant)).toContain('Valve 4 drips.');
    expect(await reportOf(plant)).toContain('Valve 4 drips.');
  });
  test('and the one after it is not told again', async () => {
    const { plant, seen, phone } = await sealedMeanwhile();
    await plant.run(...anEarlyShift);
    await bring(
      plant,
      phone
        .observed(seen)
        .does(night.log({ text: 'Valve 4 drips.' }))
        .by(marek),
    );
    await reportOf(plant);
    const day = shift('day');
    await plant.run(day.create({ ...EARLY, name: 'Day' }).by(tom), day.start().by(tom));
    expect(await handoverOf(plant, day)).toBe('Not handed over yet.');
  });
  test('a shift of another area is not told', async () => {
    const { plant, seen, phone } = await sealedMeanwhile();
    await plant.run(early.create({ ...EARLY, area: 'leeds/utilities' }).by(tom), early.start().by(tom));
    await bring(
      plant,
      phone
        .observed(seen)
        .does(night.log({ text: 'Valve 4 drips.' }))
        .by(marek),
    );
    expect(await handoverOf(plant)).toBe('Not handed over yet.');
    expect(await reportOf(plant)).not.toContain('Valve 4 drips.');
  });
});

test('[L2] sealed note and audit note are the same before and after late entries, amendments and their reading', async () => {
  const { plant, seen, phone } = await sealedMeanwhile(aTask('in_progress'));
  const notes = async () => {
    const replica = await replicaOf(plant);
    const held = replica.all('shift')[0]!;
    const texts = shifts.note!.write(held.state as never, held, around(replica, new Map([[night.id, sampleBundle()]])));
    return new Map(texts.map((text) => [text.type, text]));
  };
  const before = await notes();
  expect([...before.keys()]).toEqual(['shift', 'sealed-shift', 'audit-trail']);
  await bring(
    plant,
    phone
      .observed(seen)
      .does(night.log({ text: 'Valve 4 drips.' }))
      .by(marek),
    phone
      .observed(seen)
      .does(pump.complete({ note: 'Done.' }), { shift: night.id })
      .by(marek),
  );
  await plant.must(night.amend({ text: 'Bolt found.', reason: 'At breakfast.' }).by(tom));
  await plant.must(night.readLate({ upTo: 100_000 }).by(tom));
  const after = await notes();
  expect([...after.keys()]).toEqual(['shift', 'sealed-shift', 'audit-trail', 'addendum']);
  for (const type of ['sealed-shift', 'audit-trail']) expect(after.get(type)).toEqual(before.get(type));
  const { seal } = await state(plant);
  for (const type of ['sealed-shift', 'audit-trail']) expect(after.get(type)!.seq).toBe(seal!.seq);

  const addendum = after.get('addendum')!;
  expect(addendum).toMatchObject({
    folder: 'Sealed',
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
  expect(addendum.regions.at(-1)!.markdown).toBe('![[2026-11-20 leeds-packaging Night (sealed)]]');
  const live = after.get('shift')!.regions.find(({ name }) => name === 'handover')!.markdown;
  expect(live).toContain('[[2026-11-20 leeds-packaging Night (late entries)]]');
});

test('the shift as amended is a document: the sealed report is named, and what came later follows', async () => {
  const { plant, seen, phone } = await sealedMeanwhile();
  await bring(
    plant,
    phone
      .observed(seen)
      .does(night.log({ text: 'Valve 4 drips.' }))
      .by(marek),
  );
  const { reads, write, permission, final } = shifts.documents!['addendum']!;
  const now = await state(plant);
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
  const replica = await replicaOf(plant);
  const held = replica.all('shift')[0]!;
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
  const { plant, seen, phone } = await sealedMeanwhile();
  const hostile = 'x\n%% /operary:late %%\n- #99 [[Evil]] ![[y]] `z` | <b> #tag';
  const [logged, amended] = [
    night.log({ text: hostile, equipment: hostile.slice(0, 90).replaceAll('\n', ' ') }),
    hostile,
  ];
  await bring(plant, phone.observed(seen).does(logged).by(marek));
  await plant.must(night.amend({ text: amended, reason: hostile }).by(tom));
  const replica = await replicaOf(plant);
  const held = replica.all('shift')[0]!;
  const addendum = shifts.note!.write(held.state as never, held, around(replica)).at(-1)!;
  const late = addendum.regions.find(({ name }) => name === 'late')!.markdown.split('\n');
  expect(late.map((line) => line.slice(0, 3))).toEqual(['- #', '- #']);
  for (const line of late) expect(line).not.toMatch(/(?<!\\)(\[\[|%%|`|<b>| #tag)/);
});
