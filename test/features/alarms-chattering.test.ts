/** Chattering (domain model 3.5): one task stands for all that a switch does, until it has been quiet. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { select } from '../../shared/kernel/read.ts';
import { task } from '../kit/ask.ts';
import { marek, ORG } from '../kit/people.ts';
import type { Plant, Step } from '../kit/plant.ts';
import { after, aPlantAtNight, occurrencesOf, signals, tasksOf, tuned, until } from '../kit/signals.ts';

interface Sequence {
  readonly expect: {
    readonly occurrences: number;
    readonly activations: number;
    readonly chatteringFlaggedAt: string;
    readonly occurrenceClosedAt: string;
    readonly tasks: number;
  };
  readonly events: readonly { readonly at: string; readonly condition: string; readonly transition: string }[];
}
const sequence = JSON.parse(
  readFileSync(new URL('../fixtures/constructed-sequence-chattering.json', import.meta.url), 'utf8'),
) as Sequence;

const level = signals('LS-3110');
/** On and off again every so many seconds, from a second on. */
const toggles = (times: number, every: number, from = 0, said = {}): Step[] =>
  Array.from({ length: times }, (_, n) => [
    level.on(after(from + n * every), said),
    level.off(after(from + n * every + every / 2), said),
  ]).flat();
const flagged = async (plant: Plant) =>
  (await plant.history(level)).filter(({ type }) => type === 'alarm.chattering').map(({ occurredAt }) => occurredAt);

test('the sequence of the study has the outcome that it expects', async () => {
  const { expect: wanted, events } = sequence;
  const plant = await aPlantAtNight(
    ...events.map(({ at, transition }) => (transition === 'active' ? level.on(at) : level.off(at))),
    until('2026-11-21T04:00:00.000Z'),
  );
  const [episode, ...others] = await occurrencesOf(plant);
  expect(others).toHaveLength(wanted.occurrences - 1);
  expect(episode).toMatchObject({ activations: wanted.activations, closesAt: wanted.occurrenceClosedAt });
  expect(await flagged(plant)).toEqual([wanted.chatteringFlaggedAt]);
  expect(await tasksOf(plant)).toHaveLength(wanted.tasks);
  const announced = (await plant.history(level)).filter(({ type }) => type === 'alarm.announced');
  expect(announced.map(({ body }) => body)).toMatchObject([{ waited: 'chattering', chattering: 3 }]);
});

describe('chattering', () => {
  test('three times in a minute: announced once, then held, and quiet after ten minutes without', async () => {
    const plant = await aPlantAtNight(...toggles(4, 20), until(after(2000)));
    expect(await level.told(plant)).toEqual([
      ...['activated (delay)', 'cleared', 'reactivated (delay)', 'cleared'],
      ...['reactivated (chattering)', 'chattering', 'announced', 'cleared', 'reactivated (chattering)', 'cleared'],
      'quietened',
    ]);
    const [, quiet] = (await plant.history(level)).slice(-2);
    expect(quiet).toMatchObject({ occurredAt: after(60 + 600), body: { count: 4 } });
    expect(await level.state(plant)).toMatchObject({ chattering: null });
  });
  test('at twenty seconds apart the first and the fourth are not within a minute, but three are', async () => {
    const plant = await aPlantAtNight(...toggles(3, 30));
    expect(await flagged(plant)).toEqual([]);
  });
  test('ten times in an hour, however far apart', async () => {
    const plant = await aPlantAtNight(...toggles(9, 300));
    expect(await flagged(plant)).toEqual([]);
    await plant.run(level.on(after(2700)));
    expect(await flagged(plant)).toEqual([after(2700)]);
  });
  test('what it did before the quiet does not make the next one chatter', async () => {
    const plant = await aPlantAtNight(...toggles(3, 20), until(after(700)), level.on(after(700)));
    expect(await level.state(plant)).toMatchObject({ chattering: null, held: { by: 'delay' } });
  });
  test('a quiet period that nobody looked at ends with the next signal', async () => {
    const plant = await aPlantAtNight(...toggles(3, 20));
    plant.waitUntil(after(700));
    await plant.must(level.says('active', after(700)));
    expect((await level.told(plant)).slice(-2)).toEqual(['quietened', 'activated (delay)']);
  });
  test('on for good at last, it asks again once it is quiet: its first task may be closed by then', async () => {
    const plant = await aPlantAtNight(...toggles(3, 20), level.on(after(60)));
    const [made] = await plant.ledger.load(ORG, select('tasks'));
    const first = task(made!.key);
    await plant.run(
      first.acknowledge().by(marek),
      first.start().by(marek),
      first.complete({ note: 'Dried the switch.', overrideReason: 'It settles.' }).by(marek),
      until(after(659)),
    );
    expect((await tasksOf(plant)).map(({ status }) => status)).toEqual(['closed']);
    await plant.run(until(after(660)));
    expect((await tasksOf(plant)).map(({ status }) => status)).toEqual(['closed', 'assigned']);
  });
  test('of a critical alarm: its first activation asks, no later one is held, and one task stands for all', async () => {
    const plant = await aPlantAtNight(...toggles(5, 20, 0, { priority: 'P1' }));
    const told = await level.told(plant);
    expect(told.filter((one) => one.includes('('))).toEqual([]);
    expect(told).toContain('chattering');
    expect(await tasksOf(plant)).toHaveLength(1);
  });
  test('an area may say what chatters, and when it is quiet', async () => {
    const plant = await aPlantAtNight(tuned({ chattering: { perMinute: 2, quietMinutes: 1 } }), ...toggles(2, 20));
    expect(await flagged(plant)).toEqual([after(20)]);
    await plant.run(until(after(80)));
    expect((await level.told(plant)).at(-1)).toBe('quietened');
  });
});
