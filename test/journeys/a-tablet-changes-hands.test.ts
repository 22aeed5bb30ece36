/**
 * Marek writes in the shift's notes in the cellar, Dana takes the tablet over with his PIN and goes on; then the app is killed, and the shift
 * sealed above. What each of them wrote arrives in their own name.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useNativeCrypto } from '../../server/native.ts';
import { openPlant, type Plant } from '../demo/plant.ts';
import type { Plant as Organisation } from '../kit/a-server.ts';
import { aHandheld, aYard, noteOf, type, typedIn, type Handheld, type InHand, type Yard } from '../kit/handheld.ts';
import { listed, type Shift } from '../kit/shapes.ts';

const AREA = 'leeds/packaging';
const NOTE = 'Operary/Shifts/2026/11/2026-11-20 leeds-packaging Night.md';
const PIN = { marek: '1234', dana: '987654' };

let base: string;
let yard: Yard;
let plant: Plant;
let org: Organisation;
let kept: Handheld;
let tablet: InHand;
let night: Shift;
beforeAll(async () => {
  useNativeCrypto();
  base = mkdtempSync(join(tmpdir(), 'operary-hands-'));
  yard = await aYard('2026-11-20T21:55:00Z', join(base, 'data'));
  org = await yard.server.plant('leeds');
  plant = await openPlant(yard.server.url, org.admin);
  // The tablet is the supervisor's.
  kept = aHandheld('Tablet', plant.tokens['priya']!);
  tablet = yard.start(kept);
  await yard.until('it is paired', async () => (await listed(plant.admin, '/v1/devices')).length);
  await yard.inStep(org.org, tablet);
  for (const name of ['marek', 'dana'] as const) {
    expect(await tablet.people.add(plant.tokens[name]!)).toMatchObject({ user: plant.ids[name] });
    expect(await tablet.people.setPin(plant.ids[name]!, PIN[name])).toBeUndefined();
  }
  yard.at('22:00');
  night = await plant.priya.post<Shift>('/v1/shifts', {
    ...{ area: AREA, name: 'Night', from: '2026-11-20T22:00:00Z', to: '2026-11-21T06:00:00Z' },
  });
  await plant.priya.post(`/v1/shifts/${night.id}/start`);
  await yard.inStep(org.org, tablet);
}, 60_000);
afterAll(async () => {
  await yard.close();
  rmSync(base, { recursive: true, force: true });
});

const takesOver = async (name: keyof typeof PIN): Promise<void> =>
  expect(await tablet.people.takeOver(plant.ids[name]!, PIN[name])).toBeUndefined();
const adds = (words: string): Promise<void> => {
  type(tablet, NOTE, (text) => `${text}${words}`);
  return tablet.host.notebook.idle();
};

test('on the line each writes, and all of it is stored', async () => {
  await takesOver('marek');
  await adds('Belt 2 is loud.\n');
  await yard.until('it is stored', () => tablet.host.waiting === 0);
  await takesOver('dana');
  await adds('Filler 1 is clean.\n');
  await yard.until('it is stored', () => tablet.host.waiting === 0);
  expect(tablet.attention.all).toEqual([]);
});

test('[L12] in the cellar one writes, the other takes over, and the app is killed', async () => {
  yard.at('23:00');
  await takesOver('marek');
  await yard.until('the tablet has kept what it knows', () => kept.disk.lastSeen.kept?.includes(night.id));
  await yard.down(tablet);
  await adds('Water on the cellar floor.\n');
  await takesOver('dana');
  await adds('Pump 3 is warm.\n');
  yard.kill(tablet);
  tablet = yard.start(kept, () => 'no answer');
  await yard.until('it has opened', () => tablet.host.waiting === 1);
  expect(typedIn(tablet, NOTE)).toContain('Water on the cellar floor.\nPump 3 is warm.');
});

test('while it is locked nobody writes in its notes, and reading goes on', () => {
  tablet.people.lock();
  expect([tablet.host.isClosed(NOTE), typedIn(tablet, NOTE).includes('Pump 3')]).toEqual([true, true]);
});

test('[L12] above, the shift is sealed; then each has a late entry of their own, whoever holds the tablet', async () => {
  for (const verb of ['close', 'sign'])
    await plant.priya.post(`/v1/shifts/${night.id}/${verb}`, verb === 'sign' ? { decisions: [] } : {});
  await plant.tom.post(`/v1/shifts/${night.id}/accept`);
  await plant.tom.post(`/v1/shifts/${night.id}/seal`, { reason: 'The tablet is in the cellar.' });
  yard.at('2026-11-21T06:30:00Z');
  await yard.up(tablet);
  await yard.until('all is stored', () => tablet.host.waiting === 0);
  await yard.inStep(org.org, tablet);
  const { lateEntries } = await plant.tom.get<{ lateEntries: { by: string; text: string }[] }>(
    `/v1/shifts/${night.id}`,
  );
  expect(lateEntries.map(({ by, text }) => [by, text.trim()])).toEqual([
    [plant.ids['marek'], 'Water on the cellar floor.'],
    [plant.ids['dana'], 'Pump 3 is warm.'],
  ]);
  const late = noteOf(tablet, 'Operary/Sealed/2026/11/2026-11-20 leeds-packaging Night (late entries).md');
  for (const words of [/Marek .*Water on the cellar floor/, /Dana .*Pump 3 is warm/]) expect(late).toMatch(words);
});
