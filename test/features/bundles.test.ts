/** Evidence bundles on their way to a device: those that notes are made of, and those that a person keeps. */
import { IDBFactory } from 'fake-indexeddb';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createKept, type KeptBundle } from '../../plugin/audit/kept.ts';
import { createBundles } from '../../plugin/bundles.ts';
import { bundleStore } from '../../plugin/device/bundle-store.ts';
import type { Held } from '../../plugin/replica.ts';
import { features } from '../../shared/features/index.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { memoryMemory } from '../kit/memory-vault.ts';
import { scriptedLink } from '../kit/scripted-link.ts';

const register = createRegister(features);
const zip = zipSync({ 'night/seal.txt': utf8('sealed') });
const heldAt = (seq: number) => ({ kind: 'shift', id: 'night', seq, first: 1, state: {} }) as unknown as Held;
const PATH = 'GET /v1/shifts/night/bundle';
const busy = (status: number) => ({ status, json: { code: 'x', detail: 'Later.' } });

describe('for notes', () => {
  function device(answers: readonly (object | 'nothing')[]) {
    const left = [...answers];
    const [link, clock, arrived] = [
      scriptedLink({ [PATH]: () => left.shift() ?? busy(404) }),
      manualClock(),
      [] as number[],
    ];
    const bundles = createBundles(link, register, ({ seq }) => void arrived.push(seq), clock);
    return { bundles, clock, arrived, asked: () => answers.length - left.length };
  }
  test.each([503, 500, 429])('a server that answers %s is asked again until it gives it', async (status) => {
    const { bundles, clock, arrived } = device([busy(status), { status: 200, bytes: zip }]);
    bundles.fetch(heldAt(7));
    await clock.pass(0);
    expect(arrived).toEqual([]);
    await clock.pass(15_000);
    expect(arrived).toEqual([7]);
  });
  test('what is not for this role is asked once', async () => {
    const { bundles, clock, arrived, asked } = device([busy(403), { status: 200, bytes: zip }]);
    bundles.fetch(heldAt(7));
    await clock.pass(15_000);
    bundles.fetch(heldAt(7));
    await clock.pass(15_000);
    expect([arrived, asked()]).toEqual([[], 1]);
  });
  test('what is newer is not overtaken by what failed before it', async () => {
    const { bundles, clock, arrived } = device(['nothing', { status: 200, bytes: zip }]);
    bundles.fetch(heldAt(7));
    bundles.fetch(heldAt(9));
    await clock.pass(15_000);
    expect(arrived).toEqual([9]);
  });
});

describe('for a person', () => {
  const earlier: KeptBundle = { id: 'night', seq: 7, zip: utf8('earlier') };
  beforeEach(() => void vi.stubGlobal('window', { indexedDB: new IDBFactory() }));
  afterEach(() => void vi.unstubAllGlobals());
  async function device(here: KeptBundle | undefined, answer: object) {
    const link = scriptedLink({ [PATH]: () => answer });
    const store = bundleStore(memoryMemory());
    if (here) await store.put(here);
    return createKept(
      store,
      link,
      manualClock(),
      register,
      (sentence) => expect.fail(sentence),
      () => 30,
    );
  }
  test('what is as new as what is known goes out without asking, what is older is fetched anew', async () => {
    const kept = await device(earlier, { status: 200, bytes: zip });
    expect(await kept.newest(heldAt(7))).toEqual({ bundle: earlier, isEarlier: false });
    expect(await kept.newest(heldAt(9))).toEqual({ bundle: { id: 'night', seq: 9, zip }, isEarlier: false });
  });
  test('[L7] the earlier one goes out where no newer can be had, and says that it is; without any it is refused in words', async () => {
    expect(await (await device(earlier, busy(503))).newest(heldAt(9))).toEqual({ bundle: earlier, isEarlier: true });
    await expect((await device(undefined, busy(503))).newest(heldAt(9))).rejects.toThrow('Later.');
  });
});
