/** The laws, on anything that anybody may ask in any order. Purity (L5) is held by the strict register that every plant runs on. */
import { evolved } from '../../shared/kernel/evolved.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Outcome } from '../../shared/kernel/command.ts';
import { select } from '../../shared/kernel/read.ts';
import type { Stream } from '../../shared/kernel/ledger.ts';
import { rowsOf } from '../../shared/kernel/record.ts';
import { tablesOf } from '../../shared/kernel/register.ts';
import { openCheckpoint } from '../../shared/proof/checkpoint.ts';
import { discloseBody, MAX_LEAF_BYTES, parseLeaf } from '../../shared/proof/leaf.ts';
import { verifyConsistency } from '../../shared/proof/tree.ts';
import { anyMove, MARK, type Move } from '../kit/any-ask.ts';
import { aNightShift, anOrganisation, aTask, night } from '../kit/given.ts';
import { handedOver } from '../kit/handover.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { ana, ORG, PEOPLE, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';
import { logKeyOf } from '../kit/test-signer.ts';

useNativeCrypto();
const RUNS = { seed: 4711, numRuns: 220 };
const moves = fc.array(anyMove, { minLength: 40, maxLength: 90, size: 'max' });
/** Where a story begins, so that most of what is asked meets something that is there. */
const beginnings = fc.constantFrom<readonly Step[]>(
  [aTask('in_progress')],
  [aTask('done', { priority: 'P2' })],
  [aTask('closed'), night.close().by(ana)],
  [aTask('assigned', { priority: 'P1' }), handedOver()],
  [aTask('closed'), handedOver(), night.seal().by(tom)],
);

const rowOf = (row: {
  readonly key: string;
  readonly value: unknown;
  readonly number: number | null;
  readonly first: number;
  readonly seq: number;
}) => row;

/** Every stream and every row made anew from the recorded events alone. */
async function remembered(plant: Plant) {
  const streams = new Map<string, Stream>();
  const tables = new Map(
    tablesOf(plant.register).map(({ name }) => [name, new Map<string, ReturnType<typeof rowOf>>()]),
  );
  for (const { area: _area, ...event } of await plant.events()) {
    const feature = plant.register.byKind.get(event.subject.kind)!;
    const { kind, id } = event.subject;
    const before = streams.get(`${kind}/${id}`);
    const stream: Stream = {
      kind,
      id,
      number: before ? before.number : (event.body as { number?: number }).number!,
      first: before?.first ?? event.seq,
      seq: event.seq,
      state: evolved(feature, before?.state ?? feature.initial, event),
    };
    streams.set(`${kind}/${id}`, stream);
    const { main, rows } = rowsOf(feature, event, stream);
    for (const { table, key, value } of [main, ...rows]) {
      const was = tables.get(table)!.get(key);
      const number = table === feature.name ? stream.number : null;
      tables.get(table)!.set(key, rowOf({ key, value, number, first: was?.first ?? event.seq, seq: event.seq }));
    }
  }
  return { streams, tables };
}

async function memoryIsAFold(plant: Plant): Promise<void> {
  const { streams, tables } = await remembered(plant);
  for (const stream of streams.values()) expect(await plant.ledger.stream(ORG, stream.kind, stream.id)).toEqual(stream);
  for (const [name, rows] of tables) {
    const live = await plant.ledger.load(ORG, select(name));
    const byKey = (a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1);
    expect([...live].sort(byKey), name).toEqual([...rows.values()].sort(byKey));
  }
}

async function leavesAreSound(plant: Plant): Promise<void> {
  const events = await plant.events();
  for (const { seq, leaf } of await plant.ledger.leaves(ORG, 1, events.length)) {
    expect(leaf.length).toBeLessThanOrEqual(MAX_LEAF_BYTES);
    const text = Buffer.from(leaf).toString('utf8');
    for (const secret of [MARK, ...PEOPLE.map(({ name }) => name)]) expect(text).not.toContain(secret);
    const body = discloseBody(parseLeaf(leaf).body, await plant.ledger.disclosures(ORG, [seq]));
    expect(body).toEqual(JSON.parse(JSON.stringify(events[seq - 1]!.body)));
  }
}

/** Every checkpoint against the one before it: a tree that lost or changed a leaf could not show this. */
async function theLogOnlyGrew(plant: Plant): Promise<void> {
  const heads = new Map<number, Uint8Array>();
  for (let size = 1; size <= (await plant.head()); size++) {
    const head = openCheckpoint((await plant.ledger.checkpoint(ORG, size))!, logKeyOf(ORG));
    heads.set(head.size, head.root);
  }
  const sizes = [...heads.keys()];
  for (const [i, to] of sizes.entries()) {
    const from = sizes[i - 1];
    if (from === undefined) continue;
    const proof = await plant.ledger.consistency(ORG, from, to);
    expect(verifyConsistency(from, to, heads.get(from)!, heads.get(to)!, proof)).toBe(true);
  }
}

interface Told {
  readonly accepted: number;
  readonly refused: number;
}

/** Asks everything, each twice, and holds L4 and L7 on the way. */
async function asked(plant: Plant, all: readonly Move[]): Promise<Told> {
  const told = { accepted: 0, refused: 0 };
  for (const move of all) {
    plant.pass(move.after);
    const command = plant.command(move, move.named ? { shift: move.named } : {});
    const once = async (): Promise<{ outcome: Outcome; grew: number; last: string | undefined }> => {
      const before = await plant.head();
      const [outcome] = await plant.ledger.transact([command]);
      const fresh = await plant.events(before);
      return { outcome: outcome!, grew: fresh.length, last: fresh.at(-1)?.type };
    };
    const first = await once();
    const again = await once();
    if (first.outcome.outcome === 'rejected') {
      told.refused += 1;
      expect(first.outcome.refusal.detail.length).toBeGreaterThan(10);
      expect(again.outcome).toEqual(first.outcome);
      // The one thing that a refusal may leave: that somebody tried to change what is sealed.
      if (first.outcome.refusal.witness) expect([first.grew, first.last]).toEqual([1, 'shift.change_refused']);
      else expect([first.grew, again.grew]).toEqual([0, 0]);
    } else {
      told.accepted += 1;
      expect(again).toEqual({ outcome: { ...first.outcome, outcome: 'duplicate' }, grew: 0, last: undefined });
    }
    await plant.settle();
  }
  return told;
}

test('[L2] [L3] [L4] [L5] [L7] [L8] [L9] hold for anything that anybody asks, in any order', async () => {
  const sum = { accepted: 0, refused: 0 };
  const types = new Set<string>();
  await fc.assert(
    fc.asyncProperty(beginnings, moves, async (beginning, all) => {
      const plant = await createPlant().run(anOrganisation(), aNightShift(), ...beginning);
      const told = await asked(plant, all);
      sum.accepted += told.accepted;
      sum.refused += told.refused;
      for (const { type } of await plant.events()) types.add(type);
      await memoryIsAFold(plant);
      await leavesAreSound(plant);
      await theLogOnlyGrew(plant);
    }),
    RUNS,
  );
  // A property that meets only refusals shows nothing.
  expect(sum.accepted).toBeGreaterThan(1000);
  const rare = [
    'task.completed',
    'task.verified',
    'task.reopened',
    'shift.sealed',
    'shift.change_refused',
    'shift.amended',
    'alarm.cleared',
  ];
  expect([...types].sort()).toEqual(expect.arrayContaining(rare));
});

test('[L14] what one organisation does leaves the other as it was', async () => {
  const other = createPlant();
  await fc.assert(
    fc.asyncProperty(moves, async (all) => {
      const plant = await createPlant().run(anOrganisation());
      const york = all.map((move) => ({ ...move, by: { ...move.by, org: other.random(4).join('') } }));
      const before = JSON.stringify(await plant.events());
      for (const move of york) await plant.ask(move);
      expect(JSON.stringify(await plant.events())).toBe(before);
    }),
    { seed: 7, numRuns: 20 },
  );
});
