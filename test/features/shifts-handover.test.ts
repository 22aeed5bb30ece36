/** The sheets of a handover as a feature writes them, what a shift must do first, and whom an entry can be corrected by. */
import { describe, expect, test } from 'vitest';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { shifts } from '../../shared/features/shifts/index.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { Answers, SheetPart, Step } from '../../shared/kernel/sheet.ts';
import { shift, task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, EARLY, night, PACKAGING } from '../kit/given.ts';
import { ana, dana, marek, tom } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

const early = shift('early');
const at = (hour: number): string => `2026-11-21T${String(hour).padStart(2, '0')}:00:00.000Z`;
const [hot, guard, grease, sweep] = ['hot', 'guard', 'grease', 'sweep'].map(task);
const tasks = [
  hot!.create({ title: 'Bearing hot', area: PACKAGING, priority: 'P1', dueAt: at(9) }).by(ana),
  guard!.create({ title: 'Guard door 3', area: PACKAGING, class: 'safety', dueAt: at(9) }).by(ana),
  grease!.create({ title: 'Grease C4', area: PACKAGING, dueAt: at(4) }).by(ana),
  sweep!.create({ title: 'Sweep', area: PACKAGING, priority: 'P4', dueAt: at(20) }).by(ana),
];
const aNight = (): Promise<Plant> => createPlant().run(anOrganisation(), aNightShift(), ...tasks);

async function sheetOf(plant: Plant, verb: 'sign' | 'accept', of = night) {
  const replica = await replicaOf(plant);
  const held = replica.get(of)!;
  return shifts.sheets![verb]!.write(held.state, held, around(replica), plant.now());
}
const partOf = <K extends SheetPart['kind']>(parts: readonly SheetPart[], kind: K, key: string) =>
  parts.find((part) => part.kind === kind && 'key' in part && part.key === key) as Extract<SheetPart, { kind: K }>;
const answers = (given: {
  readonly text?: Readonly<Record<string, string>>;
  readonly ticked?: readonly string[];
  readonly rows?: readonly object[];
}): Answers => ({
  text: (key) => given.text?.[key] ?? '',
  ticked: () => given.ticked ?? [],
  rows: () => (given.rows ?? []) as readonly Readonly<Record<string, unknown>>[],
});
const allGoOn = tasks.map(({ asked }) => ({ task: asked.subject.id, decision: 'continue' }));
const isDue = async (plant: Plant, verb: 'sign' | 'accept', person: string) =>
  shifts.sheets![verb]!.isDue(await plant.state<ShiftState>(night), person);
const steps = (taken: readonly Step[] | string): readonly Step[] => {
  if (typeof taken === 'string') throw new Error(taken);
  return taken;
};

describe('whoever hands over', () => {
  test('decides P1, safety and overdue tasks one by one; the others go on unless they say otherwise', async () => {
    const plant = await aNight();
    plant.waitUntil(at(5));
    const { items } = partOf((await sheetOf(plant, 'sign')).parts, 'decide', 'decisions');
    expect(items.map(({ title, start }) => [title, start])).toEqual([
      ['T-1 Bearing hot', undefined],
      ['T-2 Guard door 3', undefined],
      ['T-3 Grease C4', undefined],
      ['T-4 Sweep', 'continue'],
    ]);
  });
  test('[L7] signs nothing while a task is undecided, and is told which', async () => {
    const { acts } = await sheetOf(await aNight(), 'sign');
    expect(acts[0]!.steps(answers({ rows: allGoOn.slice(1) }))).toBe('Decide each open task: T-1.');
  });
  test('says into the log what the next shift must know; the rules take each step, in this order', async () => {
    const plant = await aNight();
    const { acts } = await sheetOf(plant, 'sign');
    const text = { critical: 'Key box 4 is open', output: '41 200 bottles', question: 'Who has the spare?' };
    const all = steps(acts[0]!.steps(answers({ rows: allGoOn, text, ticked: [sweep!.id] })));
    expect(all.map(({ verb, input }) => [verb, input['kind'], input['text']])).toEqual([
      ['log', 'handover_item', 'T-4 Sweep'],
      ['log', 'handover_item', 'Key box 4 is open'],
      ['log', 'production', 'Output: 41 200 bottles'],
      ['log', 'handover_item', 'Question: Who has the spare?'],
      ['close', undefined, undefined],
      ['sign', undefined, undefined],
    ]);
    for (const { verb, input } of all) await plant.must(night[verb as 'log'](input as never).by(ana));
    expect(await isDue(plant, 'sign', ana.id)).toBe(false);
    expect(await isDue(plant, 'accept', ana.id)).toBe(false);
    expect(await isDue(plant, 'accept', tom.id)).toBe(true);
  });
  test('signs a shift that was closed before without closing it again', async () => {
    const plant = await aNight();
    await plant.must(night.close().by(ana));
    const { acts } = await sheetOf(plant, 'sign');
    expect(steps(acts[0]!.steps(answers({ rows: allGoOn }))).map(({ verb }) => verb)).toEqual(['sign']);
  });
});

describe('whoever takes over', () => {
  const handed = async (): Promise<Plant> =>
    (await aNight()).run(
      night.log({ text: 'Key box 4 is open', kind: 'handover_item' }).by(ana),
      night.close().by(ana),
      night.sign({ decisions: allGoOn as never }).by(ana),
    );

  test('reads back every critical item, or says why not', async () => {
    const plant = await handed();
    const { parts, acts } = await sheetOf(plant, 'accept');
    const { items } = partOf(parts, 'tick', 'critical');
    expect(items.map(({ title }) => title)).toEqual(['T-1 Bearing hot', 'Key box 4 is open']);
    const [accept] = acts;
    expect(accept!.steps(answers({ ticked: [hot!.id] }))).toMatch(/^Read back every critical item/);
    expect(accept!.steps(answers({ text: { words: 'Box not seen.' } }))).toEqual([
      { verb: 'accept', input: { criticalItems: [], reservations: 'Box not seen.' } },
    ]);
    const [{ input }] = steps(accept!.steps(answers({ ticked: items.map(({ id }) => id) }))) as [Step];
    await plant.must(night.accept(input).by(tom));
    const { acceptance } = await plant.state<ShiftState>(night);
    expect(acceptance).toMatchObject({ criticalItems: items.map(({ id }) => id), reservations: null });
    expect((await sheetOf(plant, 'accept')).opens).toBe('seal');
    expect(await isDue(plant, 'accept', ana.id)).toBe(false);
  });
  test('[L7] ticks nothing that was not said for the next shift', async () => {
    const plant = await handed();
    await plant.must(night.log({ text: 'Just a note' }).by(ana));
    const other = (await plant.state<ShiftState>(night)).entries.at(-1)!.id;
    await plant.must(night.accept({ criticalItems: [other, sweep!.id] }).by(tom));
    expect((await plant.state<ShiftState>(night)).acceptance!.criticalItems).toEqual([]);
  });
  test('refuses with a reason only', async () => {
    const { acts } = await sheetOf(await handed(), 'accept');
    expect(acts[1]!.steps(answers({}))).toBe('Say why you refuse it.');
    expect(acts[1]!.steps(answers({ text: { words: 'No keys.' } }))).toEqual([
      { verb: 'refuse', input: { reason: 'No keys.' } },
    ]);
  });
  test('once refused, the handover is to be signed again, with the reason in sight', async () => {
    const plant = await handed();
    await plant.must(night.refuse({ reason: 'No keys.' }).by(tom));
    expect([await isDue(plant, 'sign', ana.id), await isDue(plant, 'accept', tom.id)]).toEqual([true, false]);
    const again = (await sheetOf(plant, 'sign')).parts.find(({ heading }) => heading === 'Refused before');
    expect(again).toMatchObject({ lines: [expect.stringMatching(/Tom Hughes: No keys\.$/)] });
  });
});

describe('the next shift', () => {
  const headerOf = async (plant: Plant, of = early): Promise<string> => {
    const replica = await replicaOf(plant);
    const held = replica.get(of)!;
    const [text] = shifts.note!.write(held.state, held, around(replica));
    return text!.regions[0]!.markdown;
  };
  const begun = async (): Promise<Plant> => {
    const plant = await aNight();
    await plant.run(
      night.log({ text: 'Key box 4 is [[open]]', kind: 'handover_item' }).by(ana),
      night.close().by(ana),
      night.sign({ decisions: allGoOn as never }).by(ana),
      night.accept({ criticalItems: [hot!.id] }).by(tom),
    );
    plant.waitUntil(at(6));
    return plant.run(early.create(EARLY).by(tom), early.start().by(tom));
  };

  test('[L6] sees first what was critical, what is overdue since before it began, and what was said; then how much was carried over', async () => {
    const plant = await begun();
    const first = (await headerOf(plant)).split('\n\n')[1]!;
    expect(first.trimEnd().split('\n')).toEqual([
      '> [!todo] First',
      '> 1. [[T-1 Bearing hot]] · P1 · critical at the handover of S-1',
      '> 2. [[T-3 Grease C4]] · overdue since 2026-11-21 04:00',
      '> 3. Key box 4 is \\[\\[open\\]\\] · said at the handover of S-1',
      '>',
      '> 2 more tasks carried over from S-1, below.',
    ]);
    const replica = await replicaOf(plant);
    const held = replica.get(early)!;
    expect(shifts.note!.card!(held.state as ShiftState, held, around(replica))!.details.at(-1)).toBe(
      'first: T-1 Bearing hot and 2 more',
    );
    plant.waitUntil(at(13));
    expect((await headerOf(plant)).split('\n\n')[1]).toBe(`${first}`);
  });
  test('sees nothing of it any more once it is done; a P1 of its own stands there', async () => {
    const plant = await begun();
    await plant.run(...[hot!, grease!, guard!, sweep!].map((one) => one.cancel({ reasonCode: 'not_needed' }).by(tom)));
    expect(await headerOf(plant)).not.toContain('T-1');
    await plant.must(task('fire').create({ title: 'Smoke at C4', area: PACKAGING, priority: 'P1' }).by(tom));
    const dueAt = (await plant.state<TaskState>(task('fire'))).dueAt;
    await plant.must(task('spill').create({ title: 'Spill', area: PACKAGING, priority: 'P1', dueAt }).by(tom));
    expect(await headerOf(plant)).toContain('> 1. [[T-5 Smoke at C4]] · P1\n> 2. [[T-6 Spill]] · P1\n');
  });
  test('the first shift of a plant has nothing to say first', async () => {
    const plant = await createPlant().run(anOrganisation(), aNightShift());
    expect(await headerOf(plant, night)).not.toContain('[!todo]');
  });
});

test('people correct their own entries, once each, beginning with what was said; things are those that were written about', async () => {
  const plant = await createPlant().run(
    anOrganisation(),
    aNightShift(),
    night.log({ text: 'Tag 3205', equipment: 'filler-2' }).by(ana),
    night.log({ text: 'Not hers', equipment: 'c4' }).by(dana),
  );
  const { entries } = await plant.state<ShiftState>(night);
  await plant.must(night.log({ text: 'Tag 3204', corrects: entries[0]!.id }).by(ana));
  const replica = await replicaOf(plant);
  const { correctable, things } = shifts.capture!;
  const state = replica.get(night)!.state as ShiftState;
  expect(correctable(state, ana.id, around(replica))).toMatchObject([
    { label: '22:00 Tag 3204', words: 'Tag 3204', filled: { text: 'Tag 3204', kind: 'note' } },
  ]);
  expect(correctable(state, marek.id, around(replica))).toEqual([]);
  expect(things(around(replica))).toEqual(['c4', 'filler-2']);
});
