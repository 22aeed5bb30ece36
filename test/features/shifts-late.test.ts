/** What comes after the seal: late entries of devices, late facts of tasks, late words (sync: facts after seal). */
import { describe, expect, test } from 'vitest';
import { shifts } from '../../shared/features/shifts/index.ts';
import { asking } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, minutes, night, pump } from '../kit/given.ts';
import { handedOver, sealedNight } from '../kit/handover.ts';
import { bring, device, flagsOf } from '../kit/made.ts';
import { sealedMeanwhile, shiftOf } from '../kit/meanwhile.ts';
import { ana, ben, engine, marek, tom } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';

describe('an entry that met the seal', () => {
  test('[L2] stands beside the record, with all its times, and changes nothing else', async () => {
    const { plant, phone, brings, made } = await sealedMeanwhile();
    const before = await shiftOf(plant);
    const say = night.log({ text: 'Valve 4 drips.', kind: 'observation', equipment: 'valve-4' });
    const [outcome] = await brings(say, { at: made });
    expect(flagsOf(outcome)).toEqual(['late']);
    const after = await shiftOf(plant);
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
      const { plant, brings } = await sealedMeanwhile();
      await brings(night.log({ text: 'x' }), how);
      expect((await shiftOf(plant)).lateEntries).toMatchObject([{ lateKind: kind }]);
    });

  test('[L7] of somebody who knew of the seal is late all the same, and no attempt on the record', async () => {
    const { plant, phone } = await sealedMeanwhile();
    const head = await plant.head();
    const said = phone.observed(head).does(night.log({ text: 'Seen on the way out.' }));
    const [outcome] = await bring(plant, said.by(marek));
    expect(flagsOf(outcome)).toEqual(['late']);
    expect((await shiftOf(plant)).lateEntries).toMatchObject([
      { lateKind: 'made_after_seal', text: 'Seen on the way out.' },
    ]);
    expect((await plant.events(head)).map(({ type }) => type)).toEqual(['shift.logged']);
  });

  test('that corrects one of the record tells which, and strikes nothing', async () => {
    const { plant, brings } = await sealedMeanwhile(night.log({ text: 'Tag TT-3205.' }).by(marek));
    const before = await shiftOf(plant);
    const corrects = before.entries[0]!.id;
    await brings(night.log({ text: 'Tag TT-3204.', corrects }));
    const after = await shiftOf(plant);
    expect(after.entries).toEqual(before.entries);
    expect(after.lateEntries).toMatchObject([{ text: 'Tag TT-3204.', context: 'Tag TT-3205.' }]);
  });
});

test('a step that somebody else had taken meanwhile is one line, and no second step', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  const [seen, phone] = [await plant.head(), device('phone')];
  await plant.run(minutes(5), night.close().by(ana), minutes(5));
  const before = await shiftOf(plant);
  const [outcome] = await bring(plant, phone.observed(seen).does(night.close()).by(tom));
  expect(flagsOf(outcome)).toContain('concurrent');
  const { asides, ...rest } = await shiftOf(plant);
  expect({ ...rest, asides: [] }).toEqual(before);
  expect(asides).toMatchObject([{ by: tom.id, device: phone.id, what: 'closed', flags: ['concurrent'] }]);
});

test('a concurrent second correction of the same entry is kept whole, as a line of its own', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), night.log({ text: 'TT-3205' }).by(marek));
  const [seen, phone, corrects] = [await plant.head(), device('phone'), (await shiftOf(plant)).entries[0]!.id];
  await plant.must(night.log({ text: 'TT-3204', corrects }).by(marek));
  const said = phone.observed(seen).does(night.log({ text: 'TT-3203', corrects }));
  await bring(plant, said.by(marek));
  const after = await shiftOf(plant);
  expect(after.entries.map(({ text }) => text)).toEqual(['TT-3205', 'TT-3204']);
  expect(after.asides).toMatchObject([{ what: 'logged', text: 'TT-3203' }]);
});

describe('a late fact of a task', () => {
  const late = async () => {
    const found = await sealedMeanwhile(aTask('in_progress'));
    const { brings, made } = found;
    await brings(pump.complete({ note: 'New seal\nfitted.' }), { at: made, shift: night.id });
    return found;
  };
  test('is told to its shift in one plain line, with its own position for the bundle', async () => {
    const { plant, phone, made } = await late();
    expect(plant.refusedWishes).toEqual([]);
    const completed = (await plant.history(pump)).at(-1)!;
    expect(completed).toMatchObject({ type: 'task.completed', shift: night.id, body: { late: true } });
    const after = await shiftOf(plant);
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
    const { lateEntries } = await shiftOf(plant);
    const [event] = (await plant.events()).filter(({ type }) => type === 'shift.late_noted');
    const heard = (await plant.events()).find(({ seq }) => seq === lateEntries[0]!.noted)!;
    const policy = shifts.policies![0]!;
    const wishes = policy.asks(heard, { tasks: [] } as never);
    expect(wishes).toHaveLength(1);
    const again = await plant.ask(asking('shifts.noteLate', night, wishes[0]!.input).by(engine), {
      id: event!.command.id,
    });
    expect(again.outcome).not.toBe('accepted');
    expect((await shiftOf(plant)).lateEntries).toHaveLength(1);
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
    expect((await shiftOf(plant)).lateEntries).toMatchObject([
      {
        ...{ by: marek.id, kind: 'prose', text: 'Bolt M8 fitted.', struck: 'M10', context: 'line 3 … guard' },
        ...{ at: '2026-11-21T08:00:00.000Z', lateKind: 'unknown' },
      },
    ]);
  });
  test('[L7] are nobody else’s to say, and nothing is late before the seal', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    expect(await plant.ask(words().by(engine))).toMatchObject({ refusal: { refused: 'not-sealed' } });
    expect(shifts.commands.lateProse?.internal).toBe(true);
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
    const { lateEntries } = await shiftOf(plant);
    expect(lateEntries).toMatchObject([
      { by: marek.id, item: { id: pump.id }, text: 'wrote in the sealed notes of T-1 Pump 3 leaks: Gasket 4 mm.' },
    ]);
  });
});
