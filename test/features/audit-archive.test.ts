/** The archive of an auditor: who gets it, what stands in it, what a search finds; and the bundles that are kept on the device. */
import { describe, expect, test } from 'vitest';
import { archiveOf, readsArchiveOnly } from '../../plugin/audit/archive.ts';
import { createKept, type BundleStore, type KeptBundle } from '../../plugin/audit/kept.ts';
import { basesFor } from '../../plugin/pictures/bases.ts';
import { features } from '../../shared/features/index.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { ROLES } from '../../shared/kernel/roles.ts';
import { shift } from '../kit/ask.ts';
import { night } from '../kit/given.ts';
import { sealedNight } from '../kit/handover.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { tom } from '../kit/people.ts';
import type { Step } from '../kit/plant.ts';
import { scriptedLink } from '../kit/scripted-link.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

const register = createRegister(features);
const archive = async (...steps: readonly Step[]) => {
  const plant = await sealedNight();
  await plant.run(...steps);
  const replica = await replicaOf(plant);
  return (search?: string) => archiveOf(replica, around(replica), search);
};

test('[L14] only who may read nothing but the archive gets it as a board', () => {
  const me = { kind: 'user', id: 'x', areas: [] };
  expect(ROLES.filter((role) => readsArchiveOnly(register, { ...me, role }))).toEqual(['auditor']);
  expect(readsArchiveOnly(register, undefined)).toBe(false);
});
test('[L14] and gets tables over what is sealed, none over what they never get', () => {
  expect([...basesFor(register, { name: 'Aude', role: 'auditor' }).keys()]).toEqual(['Shifts']);
  expect([...basesFor(register, { name: 'Ana', role: 'supervisor' }).keys()]).toEqual(['Tasks', 'Shifts']);
});
test('a sealed shift says who sealed it, when, and what was late', async () => {
  const [row] = (await archive())();
  expect(row).toMatchObject({ month: 'November 2026', late: '' });
  expect(row!.details[0]).toMatch(/^Sealed by Tom Hughes, 2026-11-2\d \d\d:\d\d$/);
  const [late] = (await archive(night.amend({ text: 'Bolt found.', reason: 'Came up.' }).by(tom)))();
  expect(late!.late).toBe('1 late entry');
});
test('a shift is called by the day that it began on at the plant, as its note is', async () => {
  const plant = await sealedNight();
  const replica = await replicaOf(plant);
  const titleIn = (zone: string) => archiveOf(replica, { ...around(replica), zone })[0]!.title;
  expect([titleIn('Pacific/Auckland'), titleIn('Europe/London')]).toEqual([
    'Night leeds/packaging 2026-11-21',
    'Night leeds/packaging 2026-11-20',
  ]);
});
test('a shift that still runs is not in it', async () => {
  const find = await archive(
    shift('next').create({ area: 'leeds/packaging', from: '2026-11-22T22:00:00Z', to: '2026-11-23T06:00:00Z' }).by(tom),
  );
  expect(find()).toHaveLength(1);
});
test('a search finds all of its words, wherever they stand, in any letters', async () => {
  const find = await archive();
  for (const search of ['', '  ', 'tom', 'NOVEMBER hughes', 'packaging']) expect(find(search)).toHaveLength(1);
  for (const search of ['december', 'tom december', '.*']) expect(find(search)).toHaveLength(0);
});

describe('bundles that are kept', () => {
  const HELD = { kind: 'shift', id: night.id, number: 1, first: 1, seq: 9, state: {} };
  const PATH = `GET /v1/shifts/${night.id}/bundle`;
  const bytes = new Uint8Array([1, 2]);
  const shelf = (): BundleStore & { readonly all: Map<string, KeptBundle> } => {
    const all = new Map<string, KeptBundle>();
    return {
      all,
      get: async (id) => all.get(id),
      put: async (bundle) => void all.set(bundle.id, bundle),
      ids: async () => [...all.keys()],
      remove: async (ids) => ids.forEach((id) => all.delete(id)),
      list: undefined,
    };
  };
  const kept = (store: BundleStore, link = scriptedLink({ [PATH]: () => ({ bytes }) }), told: string[] = []) =>
    createKept(
      store,
      link,
      manualClock(),
      register,
      (sentence) => told.push(sentence),
      () => 30,
    );

  test('fetched once, it is there without a network, with the position up to which it is whole', async () => {
    const store = shelf();
    await kept(store).fetched(HELD);
    const away = kept(store, scriptedLink({ [PATH]: () => 'nothing' }));
    expect(await away.held(night.id)).toEqual({ id: night.id, seq: 9, zip: bytes });
    await expect(away.fetched(HELD)).rejects.toThrow('The server cannot be reached.');
  });
  test('[L7] what the server refuses is said in its words, and nothing is kept', async () => {
    const store = shelf();
    const link = scriptedLink({
      [PATH]: () => ({ status: 403, json: { code: 'role-not-allowed', detail: 'Ask somebody.' } }),
    });
    await expect(kept(store, link).fetched(HELD)).rejects.toThrow('Ask somebody.');
    expect(store.all.size).toBe(0);
  });
  test('a full device says so, and the bundle can be used all the same', async () => {
    const told: string[] = [];
    const full = {
      ...shelf(),
      get: () => Promise.reject(new Error('broken')),
      put: () => Promise.reject(new Error('the storage is full')),
    };
    expect((await kept(full, undefined, told).fetched(HELD)).zip).toEqual(bytes);
    expect(told.join()).toContain('the storage is full');
    expect(await kept(full).held(night.id)).toBeUndefined();
  });
});
