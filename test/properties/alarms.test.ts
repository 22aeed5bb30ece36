/** The alarm engine on anything that senders may say and people may shelve, restarted at any point. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConditionState, Held, Transition } from '../../shared/features/alarms/contract.ts';
import { isOn } from '../../shared/features/alarms/contract.ts';
import { evolved } from '../../shared/kernel/evolved.ts';
import type { FeedEvent } from '../../shared/kernel/ledger.ts';
import { select } from '../../shared/kernel/read.ts';
import { rowsOf } from '../../shared/kernel/record.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { ana, dana, ORG, scada, tom } from '../kit/people.ts';
import type { Plant } from '../kit/plant.ts';
import { aPlantAtNight, signals, transitionOf, tuned } from '../kit/signals.ts';
import type { Priority } from '../../shared/kernel/work.ts';

useNativeCrypto();
const CONDITIONS = Array.from({ length: 14 }, (_, n) => signals(`c-${n}`));
const FLOOD = 6;
const PRIORITIES: readonly Priority[] = ['P1', 'P2', 'P2', 'P3', 'P3', 'P3', 'P4'];
const KINDS: readonly Transition['kind'][] = ['active', 'active', 'active', 'cleared', 'cleared', 'acked', 'info'];
const MODES = ['shelve', 'confirmShelving', 'unshelve', 'takeOutOfService', 'returnToService', 'prompt'] as const;

const move = fc.record({
  /** Seconds that pass before; what is due meanwhile is asked only when the server looks. */
  wait: fc.oneof(
    { arbitrary: fc.nat(8), weight: 20 },
    { arbitrary: fc.constantFrom(20, 60, 70, 610, 4000, 90_000), weight: 1 },
  ),
  /** Seconds by which the machine's clock is behind or ahead. */
  skew: fc.oneof({ arbitrary: fc.constant(0), weight: 10 }, fc.constantFrom(-5, -300, 40)),
  // Two of them say most of it, so that they chatter.
  condition: fc.oneof(fc.nat(1), fc.nat(CONDITIONS.length - 1)),
  kind: fc.constantFrom(...KINDS),
  priority: fc.constantFrom(...PRIORITIES),
  isKeyed: fc.boolean(),
  isQuiet: fc.oneof({ arbitrary: fc.constant(false), weight: 12 }, fc.constant(true)),
  mode: fc.oneof({ arbitrary: fc.constant(null), weight: 14 }, fc.constantFrom(...MODES)),
});
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never;

async function made(plant: Plant, { skew, condition, kind, priority, isKeyed, isQuiet, mode }: Move, n: number) {
  const one = CONDITIONS[condition]!;
  if (mode !== null) {
    const hour = new Date(Date.parse(plant.now()) + 3_600_000).toISOString();
    const asked = {
      shelve: () => one.shelve({ until: hour, oneShot: n % 3 === 0, reason: 'Known.' }).by(n % 2 ? ana : dana),
      confirmShelving: () => one.confirmShelving().by(tom),
      unshelve: () => one.unshelve().by(tom),
      takeOutOfService: () => one.takeOutOfService({ permit: 'PTW-1', reason: 'Work.' }).by(ana),
      returnToService: () => one.returnToService().by(ana),
      prompt: () => tuned({ onDelay: { P3: 0 }, flood: { start: FLOOD } }),
    };
    await plant.ask(asked[mode]());
    return;
  }
  const at = new Date(Date.parse(plant.now()) + skew * 1000).toISOString();
  const said = { priority, occurrenceKey: isKeyed && kind === 'active' ? `e-${n}` : null, quiet: isQuiet };
  const transition = transitionOf(`c-${condition}`, kind, at, said);
  const delivery = signals(`delivery-${n}`).id;
  await plant.ask(one.observe({ integration: scada.id, delivery, transition }, { occurredAt: at }).by(scada));
}

async function story(moves: readonly Move[], restartsBefore: (n: number) => boolean): Promise<Plant> {
  const plant = await aPlantAtNight(tuned({ flood: { start: FLOOD } }));
  for (const [n, one] of moves.entries()) {
    plant.pass(one.wait / 60);
    if (restartsBefore(n)) plant.restart();
    await made(plant, one, n);
    // Between its message and all that follows from it.
    if (restartsBefore(n)) plant.restart();
    await plant.settle();
    await restsWell(plant);
  }
  return plant;
}

const isAlarm = ({ subject }: FeedEvent): boolean => subject.kind === 'condition';
const heldIn = ({ body }: FeedEvent): Held | undefined => (body as { held?: Held }).held;

/** When nothing is due any more: whatever is active asks for somebody, or says by which rule it does not. */
async function restsWell(plant: Plant): Promise<void> {
  for (const { value } of await plant.ledger.load(ORG, select<ConditionState>('alarms'))) {
    if (!isOn(value)) expect(value.held).toBeNull();
    else if (value.held === null) expect(value.announcedAt).not.toBeNull();
    else expect(value.held.rule.length).toBeGreaterThan(5);
    if (value.held?.by === 'delay') expect(value.held.until! > plant.now()).toBe(true);
    if (value.shelved) expect(value.shelved.until > plant.now()).toBe(true);
  }
}

/** In ten minutes at one position, no more than the flood's start that are not critical get a task of their own. */
function floodIsBounded(events: readonly FeedEvent[]): void {
  const seen = new Set<string>();
  const times: number[] = [];
  for (const event of events) {
    if (!['alarm.activated', 'alarm.reactivated', 'alarm.announced'].includes(event.type)) continue;
    const { occurrence, priority } = event.body as unknown as { occurrence: string; priority: string };
    const held = heldIn(event);
    if (seen.has(occurrence) || (held && held.by !== 'flood')) continue;
    seen.add(occurrence);
    if (!held && priority !== 'P1') times.push(Date.parse(event.receivedAt));
  }
  for (const end of times)
    expect(times.filter((time) => time <= end && time > end - 600_000).length).toBeLessThan(FLOOD);
}

function criticalIsNeverSwallowed(events: readonly FeedEvent[]): void {
  for (const event of events) {
    const { priority } = event.body as unknown as { priority?: string };
    if (priority !== 'P1' || !isAlarm(event)) continue;
    expect(['delay', 'chattering', 'flood']).not.toContain(heldIn(event)?.by);
  }
}

/** Every condition and its rows made anew from the recorded events alone. */
async function memoryIsAFold(plant: Plant): Promise<void> {
  const feature = plant.register.byName.get('alarms')!;
  const rows = new Map<string, unknown>();
  for (const one of CONDITIONS) {
    const stream = await plant.ledger.stream(ORG, one.kind, one.id);
    if (!stream) continue;
    let state = feature.initial;
    for (const event of await plant.history(one)) {
      state = evolved(feature, state, event);
      for (const { table, key, value } of rowsOf(feature, event, { ...stream, state }).rows)
        rows.set(`${table} ${key}`, value);
    }
    expect(stream.state).toEqual(state);
  }
  for (const table of Object.keys(feature.tables!))
    for (const { key, value } of await plant.ledger.load(ORG, select(table))) {
      expect(value).toEqual(rows.get(`${table} ${key}`));
      rows.delete(`${table} ${key}`);
    }
  expect([...rows.keys()]).toEqual([]);
}

const told = async (plant: Plant) =>
  (await plant.events())
    .filter(({ subject }) => ['condition', 'task'].includes(subject.kind))
    .map(({ type, subject, occurredAt, body }) => [
      type,
      subject.kind,
      occurredAt,
      heldIn({ body } as FeedEvent)?.rule,
    ]);

test('[L3] [L5] whatever is said, in whatever order and however often the server starts anew: the same alarms, each announced or held by a rule', async () => {
  const types = new Set<string>();
  const rules = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 50, maxLength: 80, size: 'max' }), fc.nat(4), async (moves, every) => {
      const plain = await story(moves, () => false);
      const restarted = await story(moves, (n) => n % 5 === every);
      expect(await told(restarted)).toEqual(await told(plain));
      expect(restarted.refusedWishes).toEqual([]);
      const events = await plain.events();
      floodIsBounded(events);
      criticalIsNeverSwallowed(events);
      await memoryIsAFold(plain);
      for (const event of events.filter(isAlarm)) {
        types.add(event.type);
        rules.add(heldIn(event)?.by ?? 'none');
      }
    }),
    { seed: 4711, numRuns: 14 },
  );
  // A property that meets nothing shows nothing.
  expect([...rules].sort()).toEqual([...RULES_MET]);
  expect([...types]).toEqual(expect.arrayContaining([...TYPES_MET]));
});

const RULES_MET = ['chattering', 'delay', 'flood', 'none', 'out_of_service', 'quiet', 'shelved'] as const;
const TYPES_MET = ['announced', 'chattering', 'quietened', 'standing', 'unshelved', 'noted', 'held'].map(
  (name) => `alarm.${name}`,
);
