/** The clock's follower on both stores: whoever waits for a time is asked when it has come, once, also by a server that was away. */
import { afterEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { askDue } from '../../server/followers/timers.ts';
import { command, event, feature } from '../../shared/kernel/feature.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { refuse } from '../../shared/kernel/refusal.ts';
import { utc } from '../../shared/kernel/schema.ts';
import { diskLedger, memoryLedger, NOON, PLANT, temporaryFolder, uuid, type TestLedger } from '../kit/ledger.ts';

interface EggState {
  readonly at: string | null;
  readonly rings: number;
  readonly left: number;
  readonly mood: string;
}

const MINUTE = 60_000;
const eggs = feature({
  name: 'eggs',
  kind: 'egg',
  letter: 'G',
  summary: 'Egg timers',
  commands: {
    set: command(
      { minutes: z.int(), times: z.int().default(1), mood: z.enum(['rings', 'deaf', 'refuses']).default('rings') },
      { permission: 'task.create', creates: true, title: 'Set egg timer' },
    ),
    ring: command({}, { permission: 'clock.tick', title: 'Ring', internal: true }),
  } as const,
  events: {
    'egg.set': event({ at: z.string(), times: z.int(), mood: z.string() }),
    'egg.rang': event({ next: z.string().nullable() }),
  } as const,
  entity: z.object({ id: z.string() }),
  view: (_state: EggState, { id }) => ({ id }),
  initial: { at: null, rings: 0, left: 0, mood: 'rings' },
  decide: {
    set: (_state, { input: { minutes, times, mood } }) => [
      { type: 'egg.set', body: { at: utc(NOON + minutes * MINUTE), times, mood } },
    ],
    ring: (state) => {
      if (state.mood === 'deaf') return [];
      if (state.mood === 'refuses') return refuse('transition-not-allowed', 'Not now.');
      return [{ type: 'egg.rang', body: { next: state.left > 1 ? utc(Date.parse(state.at!) + 10 * MINUTE) : null } }];
    },
  },
  evolve: {
    'egg.set': (state, { body: { at, times, mood } }) => ({ ...state, at, left: times, mood }),
    'egg.rang': (state, { body: { next } }) => ({ ...state, at: next, rings: state.rings + 1, left: state.left - 1 }),
  },
  tracked: [],
  areaOf: () => undefined,
  readers: 'operations.read',
  due: { at: (state) => state.at, verb: 'ring' },
  columns: {},
  titleOf: () => 'An egg',
});

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});
const register = () => createRegister([eggs]);
const on = {
  memory: (): TestLedger => memoryLedger(register()),
  SQLite: (): TestLedger => {
    const { folder, remove } = temporaryFolder();
    opened.push(remove);
    return diskLedger(folder, { register: register() });
  },
};

const cook = { kind: 'user', id: uuid('cook'), role: 'supervisor', areas: [], org: PLANT } as const;

describe.each(Object.entries(on))('on %s', (_name, open) => {
  function plant() {
    const { ledger, close } = open();
    opened.push(close);
    let now = NOON;
    const refusals: unknown[] = [];
    const clock = () => askDue(ledger, register(), () => now, { warn: (what: unknown) => void refusals.push(what) });
    return {
      ledger,
      refusals,
      clock,
      at: (minutes: number) => void (now = NOON + minutes * MINUTE),
      set: (name: string, input: object) =>
        ledger.transact([
          {
            id: uuid(`set ${name}`),
            org: PLANT,
            type: 'eggs.set',
            subject: { kind: 'egg', id: uuid(name) },
            input,
            caller: cook,
          },
        ]),
      rings: async (name: string) => ((await ledger.stream(PLANT, 'egg', uuid(name)))!.state as EggState).rings,
    };
  }

  test('whoever waits is asked when the time has come, and not before', async () => {
    const { clock, set, rings, at } = plant();
    await set('soft', { minutes: 4 });
    await set('hard', { minutes: 10 });
    const ask = clock();
    expect(await ask()).toBe(0);
    at(4);
    expect(await ask()).toBe(1);
    expect([await rings('soft'), await rings('hard')]).toEqual([1, 0]);
    at(60);
    expect(await ask()).toBe(1);
    expect([await rings('soft'), await rings('hard')]).toEqual([1, 1]);
  });

  test('[L4] a second clock, and one that begins anew, ask nobody twice', async () => {
    const { clock, set, rings, at } = plant();
    for (let n = 0; n < 200; n++) await set(`egg ${n}`, { minutes: 1 });
    at(2);
    const asked = await Promise.all([clock()(), clock()()]);
    expect(asked[0] + asked[1]).toBe(200);
    expect(await clock()()).toBe(0);
    for (let n = 0; n < 200; n++) expect(await rings(`egg ${n}`)).toBe(1);
  });

  test('what becomes due by being asked is asked the next time, in the order of its times', async () => {
    const { clock, set, rings, at } = plant();
    await set('thrice', { minutes: 10, times: 3 });
    at(25);
    const ask = clock();
    expect([await ask(), await ask(), await ask()]).toEqual([1, 1, 0]);
    at(30);
    expect([await ask(), await ask()]).toEqual([1, 0]);
    expect(await rings('thrice')).toBe(3);
  });

  test('one that makes nothing of it, or refuses, is asked once and holds up nobody', async () => {
    const { clock, set, rings, at, refusals, ledger } = plant();
    await set('deaf', { minutes: 1, mood: 'deaf' });
    await set('cross', { minutes: 1, mood: 'refuses' });
    await set('good', { minutes: 1 });
    at(2);
    const ask = clock();
    expect(await ask()).toBe(1);
    expect(await rings('good')).toBe(1);
    const head = await ledger.head(PLANT);
    expect([await ask(), await ask()]).toEqual([0, 0]);
    expect(refusals).toMatchObject([{ egg: uuid('cross'), refused: 'transition-not-allowed' }]);
    expect(await ledger.head(PLANT)).toBe(head);
  });
});
