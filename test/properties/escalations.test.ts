/** A week of tasks that people take up, give back and forget, with hours in which nothing runs: nobody is forgotten, and nothing bursts. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { nextAt } from '../../shared/features/tasks/ladder.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import type { FeedEvent } from '../../shared/kernel/ledger.ts';
import { select, type Row } from '../../shared/kernel/read.ts';
import { shift, task, type Asked } from '../kit/ask.ts';
import { anOrganisation, LINE_3, NIGHT_CREW, PACKAGING } from '../kit/given.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { ana, ben, dana, marek, ORG, tom } from '../kit/people.ts';
import { createPlant, NIGHT_BEGINS, type Plant } from '../kit/plant.ts';

useNativeCrypto();
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * 24 * 60;
/** The longest time of a level in the plans that hold here. */
const ALLOWED = { P1: 15 * MINUTE, P2: 15 * MINUTE } as const;

const reason = 'Said so.';
const WORDS = {
  acknowledge: {},
  start: {},
  note: { text: reason },
  takeOver: {},
  reject: { reason },
  escalate: { reason },
  return: { reason },
  complete: { note: reason },
  cancel: { reasonCode: 'not_needed' },
} as const;
type Verb = keyof typeof WORDS;
const VERBS = Object.keys(WORDS) as readonly Verb[];

const move = fc.record({
  /** Minutes that pass before. */
  after: fc.oneof({ arbitrary: fc.nat(25), weight: 3 }, { arbitrary: fc.nat(400), weight: 1 }),
  /** Nothing runs meanwhile. */
  down: fc.nat(4).map((n) => n === 0),
  restart: fc.boolean(),
  by: fc.constantFrom(ana, tom, dana, ben, marek),
  verb: fc.option(fc.constantFrom(...VERBS), { freq: 4, nil: null }),
  /** Which of the tasks so far, the newest first. */
  of: fc.nat(4),
  priority: fc.constantFrom('P1', 'P2', 'P3'),
  holder: fc.constantFrom('maintenance_engineer', 'line_lead', undefined),
});
type Move = (typeof move)['generate'] extends (...given: never[]) => { readonly value: infer M } ? M : never;

/** Work on one of the tasks so far, or a new one. */
function askedBy({ verb, of, priority, holder }: Move, made: ReturnType<typeof task>[]): Asked {
  const known = made.at(-1 - (of % Math.max(1, made.length)));
  if (verb && known) return (known[verb] as (input: object) => Asked)(WORDS[verb]);
  const one = task(`t${made.length}`);
  made.push(one);
  const title = `Task ${made.length}`;
  return one.create({ title, area: LINE_3, priority, ...(holder ? { assignee: { role: holder } } : {}) });
}
const story = fc.record({
  crew: fc.subarray([...NIGHT_CREW]),
  moves: fc.array(move, { minLength: 60, maxLength: 110, size: 'max' }),
});

const openTasks = (plant: Plant): Promise<readonly Row<TaskState>[]> =>
  plant.ledger.load(ORG, select<TaskState>('tasks', { where: { live: 1 } }));

/** The clock looks whenever something is due. */
async function liveUntil(plant: Plant, end: number): Promise<void> {
  for (;;) {
    const times = (await openTasks(plant)).flatMap(({ value }) => nextAt(value) ?? []).map((at) => Date.parse(at));
    const next = Math.min(end, ...times);
    if (Date.parse(plant.now()) < next) plant.waitUntil(new Date(next).toISOString());
    await plant.settle();
    if (next >= end) return;
  }
}

/** A shift a day, each handed over to the next before anything else happens in it. */
async function shiftsOf(plant: Plant, crew: readonly (typeof NIGHT_CREW)[number][]) {
  let n = 0;
  const day = (at: number) => new Date(Date.parse(NIGHT_BEGINS) + at * DAY).toISOString();
  const begin = async () => {
    const next = shift(`day-${n}`);
    await plant.run(next.create({ area: PACKAGING, from: day(n), to: day(n + 1), name: `Day ${n}` }).by(ana));
    await plant.run(next.start({ crew: [...crew] }).by(ana));
  };
  await begin();
  return {
    async until(then: number): Promise<void> {
      while (then >= Date.parse(day(n + 1))) {
        await liveUntil(plant, Date.parse(day(n + 1)));
        const old = shift(`day-${n}`);
        await plant.must(old.close().by(ana));
        const decisions = (await openTasks(plant)).map(({ key }) => ({ task: key, decision: 'continue' as const }));
        await plant.must(old.sign({ decisions }).by(ana));
        const { signature } = await plant.state<ShiftState>(old);
        await plant.must(old.accept({ criticalItems: [...signature!.criticalItems] }).by(tom));
        n += 1;
        await begin();
        await plant.must(old.seal().by(tom));
      }
    },
  };
}

interface Told {
  readonly plant: Plant;
  /** Spans in which nothing ran, milliseconds since the epoch. */
  readonly down: readonly (readonly [number, number])[];
}

async function tell(
  { crew, moves }: { crew: readonly (typeof NIGHT_CREW)[number][]; moves: readonly Move[] },
  withRestarts: boolean,
): Promise<Told> {
  const plant = await createPlant().run(anOrganisation());
  const days = await shiftsOf(plant, crew);
  const down: [number, number][] = [];
  const made: ReturnType<typeof task>[] = [];
  for (const move of moves) {
    const { after, down: isDown, restart, by } = move;
    const then = Date.parse(plant.now()) + after * MINUTE;
    if (then > Date.parse(NIGHT_BEGINS) + WEEK * MINUTE) break;
    await days.until(then);
    const now = Date.parse(plant.now());
    if (isDown) {
      plant.waitUntil(new Date(then).toISOString());
      down.push([now, then]);
    } else await liveUntil(plant, then);
    if (withRestarts && restart) plant.restart();
    await plant.ask(askedBy(move, made).by(by));
    await plant.settle();
  }
  return { plant, down };
}

const BEGINS = ['task.created', 'task.assigned', 'task.rejected', 'task.returned'];
const isStep = ({ type, body }: FeedEvent): boolean =>
  type === 'task.escalated' && (body as { cause?: string }).cause !== 'overdue';
const ENDS = ['task.acknowledged', 'task.taken_over', 'task.started', 'task.completed', 'task.cancelled'];

/** From what is on record alone: how long each urgent task waited between one asking and the next. */
function waitsOf(events: readonly FeedEvent[], { now, down }: { now: number; down: Told['down'] }): readonly string[] {
  const wrong: string[] = [];
  const [first] = events;
  const { priority } = first!.body as unknown as { priority: 'P1' | 'P2' | 'P3' };
  if (priority === 'P3') return wrong;
  let since: number | undefined;
  const look = (at: number): void => {
    if (since === undefined) return;
    const asleep = down.filter(([from, to]) => from < at && to > since!);
    const slept = asleep.reduce((sum, [from, to]) => sum + to - from, 0);
    if (at - since - slept > ALLOWED[priority])
      wrong.push(`${first!.subject.id} waited ${(at - since) / MINUTE} minutes`);
  };
  for (const event of events) {
    const at = Date.parse(event.receivedAt);
    if (isStep(event) || BEGINS.includes(event.type) || ENDS.includes(event.type)) look(at);
    if (isStep(event)) since = (event.body as { last?: true }).last ? undefined : at;
    else if (BEGINS.includes(event.type)) since = at;
    else if (ENDS.includes(event.type)) since = undefined;
  }
  look(now);
  return wrong;
}

test('[L3] a week of shifts: equal after a restart at any point, one step at a time, and nobody waits unasked', async () => {
  let seen = 0;
  await fc.assert(
    fc.asyncProperty(story, async (told) => {
      const { plant, down } = await tell(told, false);
      const events = await plant.events();
      const again = await tell(told, true);
      expect((await again.plant.events()).map(({ seq, type, body }) => ({ seq, type, body }))).toEqual(
        events.map(({ seq, type, body }) => ({ seq, type, body })),
      );
      const byTask = Map.groupBy(
        events.filter(({ subject }) => subject.kind === 'task'),
        ({ subject }) => subject.id,
      );
      for (const [id, own] of byTask) {
        const ticks = own.filter(({ type, actor }) => type === 'task.escalated' && actor.id === 'clock');
        seen += ticks.length;
        const times = ticks.map(({ receivedAt }) => receivedAt);
        expect(new Set(times).size, `${id} was asked twice at once`).toBe(times.length);
        expect(waitsOf(own, { now: Date.parse(plant.now()), down })).toEqual([]);
      }
    }),
    { numRuns: 5, endOnFailure: true },
  );
  expect(seen).toBeGreaterThan(80);
}, 300_000);
