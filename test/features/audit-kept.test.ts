/** Evidence bundles that are kept on a device: how long, in the real store, and what is said of them. */
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createKept, type KeptBundles } from '../../plugin/audit/kept.ts';
import { bundleStore } from '../../plugin/device/bundle-store.ts';
import type { Held } from '../../plugin/replica.ts';
import { features } from '../../shared/features/index.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { manualClock, type ManualClock } from '../kit/manual-clock.ts';
import { memoryMemory } from '../kit/memory-vault.ts';
import { scriptedLink } from '../kit/scripted-link.ts';

const DAY = 86_400_000;
const register = createRegister(features);
const shiftOf = (name: string): Held => ({
  ...{ kind: 'shift', id: derivedId('test', 'shift', name), number: 1, first: 1, seq: 9, state: {} },
});
const [monday, tuesday, friday] = [shiftOf('Monday'), shiftOf('Tuesday'), shiftOf('Friday')];
const zip = new Uint8Array(1000);
const memory = memoryMemory();
let clock: ManualClock;

beforeEach(() => {
  vi.stubGlobal('window', { indexedDB: new IDBFactory() });
  for (const key of memory.all.keys()) memory.set(key, undefined);
  clock = manualClock(Date.parse('2026-11-21T06:00:00.000Z'));
});
afterEach(() => vi.unstubAllGlobals());

function kept(days = () => 30, isThere = true): KeptBundles {
  const reply = () => (isThere ? { bytes: zip } : ('nothing' as const));
  const answers = [monday, tuesday, friday].map(({ id }) => [`GET /v1/shifts/${id}/bundle`, reply]);
  const link = scriptedLink(Object.fromEntries(answers));
  return createKept(bundleStore(memory), link, clock, register, (sentence) => expect.fail(sentence), days);
}
const here = async (bundles: KeptBundles): Promise<boolean[]> =>
  (await Promise.all([monday, tuesday, friday].map(({ id }) => bundles.held(id)))).map((one) => one !== undefined);

test('with a new one go those that were fetched before the window began; those fetched within it stay, however many', async () => {
  const bundles = kept();
  await bundles.fetched(monday);
  await clock.pass(20 * DAY);
  await bundles.fetched(tuesday);
  await clock.pass(10 * DAY);
  await bundles.fetched(friday);
  expect(await here(bundles)).toEqual([true, true, true]);
  await clock.pass(DAY);
  await bundles.fetched(friday);
  expect(await here(bundles)).toEqual([false, true, true]);
  expect(bundles.taken).toEqual({ count: 2, bytes: 2000 });
});

test('fetched once more, it stays as if it were new', async () => {
  const bundles = kept();
  await bundles.fetched(monday);
  await clock.pass(29 * DAY);
  await bundles.fetched(monday);
  await clock.pass(29 * DAY);
  await bundles.fetched(friday);
  expect(await here(bundles)).toEqual([true, false, true]);
});

test('without a network nothing goes, however old: nobody could fetch it again', async () => {
  await kept().fetched(monday);
  await clock.pass(400 * DAY);
  const away = kept(() => 1, false);
  await expect(away.fetched(friday)).rejects.toThrow('The server cannot be reached.');
  expect(await here(away)).toEqual([true, false, false]);
});

test('the window is the setting of now', async () => {
  let days = 30;
  const bundles = kept(() => days);
  await bundles.fetched(monday);
  await clock.pass(8 * DAY);
  await bundles.fetched(tuesday);
  days = 7;
  await bundles.fetched(friday);
  expect(await here(bundles)).toEqual([false, true, true]);
});

test('fetched at the same time, all are counted; one whose age was lost is kept from now on', async () => {
  const bundles = kept();
  await Promise.all([bundles.fetched(monday), bundles.fetched(tuesday)]);
  expect(bundles.taken).toEqual({ count: 2, bytes: 2000 });
  await clock.pass(29 * DAY);
  bundleStore(memory).list = undefined;
  await clock.pass(2 * DAY);
  await bundles.fetched(friday);
  expect(await here(bundles)).toEqual([true, true, true]);
  await clock.pass(31 * DAY);
  await bundles.fetched(friday);
  expect(await here(bundles)).toEqual([false, false, true]);
});

test('each plant has its own', async () => {
  await kept().fetched(monday);
  memory.set('vault', 'of another plant');
  const bundles = kept();
  expect(bundles.taken).toEqual({ count: 0, bytes: 0 });
  await bundles.fetched(friday);
  expect(await here(bundles)).toEqual([false, false, true]);
});
