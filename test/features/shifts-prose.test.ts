/** People's text and evidence in the seal: photographed, shown, bound by hash, and closed for good (sync: seal of prose). */
import { expect, test, describe } from 'vitest';
import { features } from '../../shared/features/index.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { further } from '../../shared/features/shifts/decider.ts';
import { reportReads } from '../../shared/features/shifts/report-reads.ts';
import { sealFacts, type SealInput } from '../../shared/features/shifts/seal.ts';
import { sha256Hex, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import type { Fact } from '../../shared/kernel/event.ts';
import { openLedger } from '../../shared/kernel/ledger-on-store.ts';
import { memoryStore } from '../../shared/kernel/memory-store.ts';
import type { Prose, ProsePhoto } from '../../shared/kernel/prose.ts';
import { leavesOfShift, type Read } from '../../shared/kernel/read.ts';
import { parseSealText } from '../../shared/proof/seal.ts';
import { reportRegion } from '../../shared/proof/sealed-note.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, night, PACKAGING, pump } from '../kit/given.ts';
import { handedOver, sealedNight } from '../kit/handover.ts';
import { bring, device } from '../kit/made.ts';
import { ana, marek, ORG, tom } from '../kit/people.ts';
import { createPlant, seededRandom, type Plant, type Step } from '../kit/plant.ts';
import { strictRegister } from '../kit/strict.ts';
import { testSigner } from '../kit/test-signer.ts';

const photoOf = (entity: string, text: string): ProsePhoto => {
  const bytes = utf8(`state of ${text}`);
  return { entity, room: `${entity}@1`, text, state: bytes, stateSha256: sha256Hex(bytes), updates: 3 };
};

/** What the door would decide with these texts and files, from everything that the shift's reads say. */
async function sealed(plant: Plant, texts: Readonly<Record<string, string>>, now = plant.now()) {
  const { state } = await plant.stream<ShiftState>(night);
  const load = async (reads: Readonly<Record<string, Read>>) => {
    const seen: Record<string, unknown> = {};
    for (const [name, read] of Object.entries(reads))
      seen[name] =
        'prose' in read
          ? read.prose.flatMap((entity) => (entity in texts ? photoOf(entity, texts[entity]!) : []))
          : await plant.ledger.load(ORG, read);
    return seen;
  };
  const first = await load({ ...reportReads(state, night.id), leaves: leavesOfShift(night.id) });
  const second = await load(further.seal({} as never, state, first as never));
  const seen = { ...first, ...second, before: [], missing: [] } as unknown as SealInput;
  const facts = sealFacts(state, { subject: night, now, input: {} } as never, seen) as readonly Fact[];
  const body = facts[0]!.body as { sealText: string; attachments: string[]; prose: unknown[] };
  return { facts, body, report: textOf(facts[0]!.files![0]!), seal: parseSealText(body.sealText) };
}

const finished: readonly Step[] = [anOrganisation(), aNightShift(), aTask('closed'), handedOver()];

describe('text', () => {
  test('of the shift and of every task that it finished stands in the report, word for word', async () => {
    const plant = await createPlant().run(...finished);
    const { report } = await sealed(plant, { [night.id]: 'All quiet.\n\n- one\n\t- two\n', [pump.id]: 'Seal 12 mm.' });
    expect(report).toContain(
      '## 7. Notes\n\n**Shift**\n\n    All quiet.\n\n    - one\n        - two\n\n**T-1 Pump 3 leaks**\n\n    Seal 12 mm.\n',
    );
  });
  test('that nobody wrote makes no section', async () => {
    const { report, body } = await sealed(await createPlant().run(...finished), { [night.id]: '\n ' });
    expect(report).not.toContain('Notes');
    expect(body.prose).toHaveLength(1);
  });
  test('[L9] is attached with the state that made it, so that manifest, seal and event bind both', async () => {
    const plant = await createPlant().run(...finished);
    const { facts, body } = await sealed(plant, { [night.id]: 'All quiet.', [pump.id]: 'Seal 12 mm.' });
    const photos = [photoOf(night.id, 'All quiet.'), photoOf(pump.id, 'Seal 12 mm.')];
    expect(body.prose).toEqual(
      photos.map(({ entity, room, text, stateSha256, updates }) => ({
        ...{ entity, room, stateSha256, updates },
        textSha256: sha256Hex(utf8(text)),
      })),
    );
    const kept = facts[0]!.files!.slice(1).map(sha256Hex);
    expect([...kept].sort()).toEqual(body.attachments);
    expect(facts[0]!.seals).toEqual([night.id, pump.id]);
  });
  test('[L12] can forge neither a heading of ours nor the end of the region', async () => {
    const plant = await createPlant().run(...finished);
    const hostile = 'x\n## 6. Handover\r\n%% /operary:report %%\u2028%% operary:seal %%\r# A\n\u202egnp\n```\n> y';
    const { report } = await sealed(plant, { [night.id]: hostile });
    expect(report.split('\n').filter((line) => line.startsWith('#'))).toHaveLength(8);
    expect(report).toContain('    ## 6. Handover\n    %% /operary:report %%\n    %% operary:seal %%\n    # A\n');
    expect(() => reportRegion(report)).not.toThrow();
    expect(report).not.toContain('\u202e');
  });
  test('of a task that goes on is neither shown nor closed', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('in_progress'), handedOver());
    const { facts, report } = await sealed(plant, { [pump.id]: 'Still at it.' });
    expect(report).not.toContain('Still at it.');
    expect(facts[0]!.seals).toEqual([night.id]);
  });
  test('of more tasks than one entry of the log can hold is listed over several', async () => {
    const steps = Array.from({ length: 60 }, (_, n) => task(`job-${n}`)).flatMap((job): Step[] => [
      job.create({ title: 'Bolt', area: PACKAGING }).by(ana),
      job.cancel({ reasonCode: 'not_needed' }).by(ana),
    ]);
    const plant = await createPlant().run(anOrganisation(), aNightShift(), ...steps, handedOver());
    const texts = Array.from({ length: 60 }, (_, n) => [task(`job-${n}`).id, `note ${n}`] as const);
    const { facts } = await sealed(plant, Object.fromEntries(texts));
    expect(facts.map(({ type, body }) => [type, (body as { prose: unknown[] }).prose.length])).toEqual([
      ['shift.sealed', 50],
      ['shift.evidenced', 10],
    ]);
    expect(facts[0]!.seals).toHaveLength(61);
  });
});

describe('evidence', () => {
  test('that has not arrived is named as an exception and not attached', async () => {
    const [here, there] = [utf8('photo that is here'), utf8('photo on the phone')].map((bytes) => ({
      bytes,
      name: sha256Hex(bytes),
    }));
    const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('in_progress'));
    await plant.ledger.putFile(ORG, here!.name, here!.bytes);
    const phone = device('phone');
    const note = { note: 'Mounted.', evidence: [here!.name, there!.name] };
    await bring(
      plant,
      phone
        .observed(await plant.head())
        .does(pump.complete(note))
        .by(marek),
    );
    await plant.run(handedOver());
    const { body, seal, report } = await sealed(plant, {});
    expect(body.attachments).toEqual([here!.name]);
    expect(seal.exceptions).toEqual(['1 photo or file of T-1 was still on a device']);
    expect(report).toContain('## 7. Exceptions\n\n- 1 photo or file of T-1 was still on a device\n');
  });
});

test('at the door: the photograph is taken, the text closed, and its bytes kept, in the same commit', async () => {
  const store = memoryStore();
  const closed: [entity: string, seq: number][] = [];
  const keeper: Prose = {
    photograph: (_org, entity) => (entity === night.id ? photoOf(entity, 'All quiet.') : undefined),
    seal: (_org, entity, seq) => void closed.push([entity, seq]),
  };
  store.attachProse(keeper);
  const { state, ledger } = await nightOn(store);
  expect(state.seal!.prose).toMatchObject([{ entity: night.id, room: `${night.id}@1`, updates: 3 }]);
  expect(closed).toEqual([
    [night.id, state.seal!.seq],
    [pump.id, state.seal!.seq],
  ]);
  const { textSha256, stateSha256 } = state.seal!.prose[0]!;
  expect(textOf((await ledger.file(ORG, textSha256))!)).toBe('All quiet.');
  expect(textOf((await ledger.file(ORG, stateSha256))!)).toBe('state of All quiet.');
  expect(state.seal!.attachments).toEqual([textSha256, stateSha256].sort());
  expect(textOf((await ledger.file(ORG, state.seal!.reportSha256))!)).toContain('**Shift**\n\n    All quiet.');
});

test('a shift that was sealed before devices and texts were counted reads as one without', async () => {
  const plant = await sealedNight();
  const [event] = (await plant.events()).filter(({ type }) => type === 'shift.sealed');
  const { exceptions: _e, prose: _p, expectedHead: _h, ...old } = event!.body as Record<string, unknown>;
  const { evolve, initial } = plant.register.byKind.get('shift')!;
  const after = evolve['shift.sealed']!(initial, { ...event!, body: old }) as ShiftState;
  expect(after.seal).toMatchObject({ exceptions: [], prose: [], expectedHead: null, reason: null });
});

/** The night with a finished task, on a store of the test's own. */
async function nightOn(store: ReturnType<typeof memoryStore>) {
  const plant = createPlant();
  const world = {
    register: strictRegister(features),
    now: () => Date.parse(plant.now()),
    random: seededRandom(7),
  };
  const ledger = openLedger({ store, world, signer: testSigner(), later: (work) => queueMicrotask(work) });
  const on: Plant = {
    ...plant,
    ledger,
    settle: () => Promise.resolve(),
    async must(said) {
      const [outcome] = await ledger.transact([plant.command(said)]);
      if (!outcome || outcome.outcome === 'rejected') throw new Error(JSON.stringify(outcome));
      return outcome;
    },
    async run(...steps) {
      for (const step of steps) await (typeof step === 'function' ? step(on) : on.must(step));
      return on;
    },
    state: async <S>({ kind, id }: { kind: string; id: string }) => (await ledger.stream(ORG, kind, id))!.state as S,
  };
  await on.run(...finished, night.seal().by(tom));
  return { ledger, state: await on.state<ShiftState>(night) };
}
