/** Entries that wait here were made for one plant: whatever address or token a device is given by hand, they go to that one only. */
import { expect, test } from 'vitest';
import { leavePlant, plantOf } from '../../plugin/plant.ts';
import { aDevice, aDisk, type Disk } from '../kit/a-device.ts';
import { area, organisation, shift, user } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, NIGHT, PACKAGING, pump } from '../kit/given.ts';
import { manualClock, rest, type ManualClock } from '../kit/manual-clock.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { host, marek, ORG, OTHER_ORG, person, type Person } from '../kit/people.ts';
import { plantLink, plantSite, type PlantSite } from '../kit/plant-link.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { publicKeysOf } from '../kit/test-signer.ts';

useNativeCrypto();

const eve = person('Eve Marsh', 'supervisor', [], OTHER_ORG);

const leeds = (): Promise<Plant> => createPlant().run(anOrganisation(), aNightShift(), aTask('open'));

async function york(): Promise<Plant> {
  const [plant, founder] = [createPlant(OTHER_ORG), { ...host, org: OTHER_ORG }];
  const keys = publicKeysOf(OTHER_ORG);
  const wishes = [
    organisation(OTHER_ORG).create({ slug: 'york', name: 'York Dairy', zone: 'Europe/London', keys }),
    user(eve.id).add({ name: eve.name, role: 'supervisor' }),
    area('packing').create({ path: PACKAGING, name: 'Packaging' }),
  ];
  await plant.ledger.transact(wishes.map((wish) => plant.command(wish.by(founder))));
  await plant.settle();
  // A night of the same name, so that its note wants the same place.
  return plant.run(shift('night of york').create(NIGHT).by(eve));
}

async function open(at: PlantSite, by: Person, disk: Disk, clock: ManualClock, line: 'up' | 'down' = 'up') {
  const link = plantLink(at, by);
  link.line = line;
  const device = aDevice(at.site.register, link, { disk, clock });
  const settle = async (seconds: number): Promise<void> => {
    await clock.pass(seconds * 1000);
    for (let quiet = 0; quiet < 3; quiet = link.inFlight ? 0 : quiet + 1) await rest();
  };
  device.host.start();
  await settle(11);
  const cut = (): void => {
    link.line = 'down';
    link.cut();
  };
  return { ...device, link, settle, cut };
}

const notes = async (plant: Plant): Promise<number> =>
  (await plant.events()).filter(({ type }) => type === 'task.noted').length;

test('[L12] what waits is not sent to another plant at an address that somebody typed, which is said; it goes when its own is back', async () => {
  const [ours, other, disk] = [await leeds(), await york(), aDisk()];
  const clock = manualClock(Date.parse(ours.now()));
  const before = await open(plantSite(ours), marek, disk, clock);
  before.cut();
  const input = { text: 'The bolt is worn.' };
  await before.host.asking.ask({ type: 'tasks.note', subject: pump, input });
  expect(before.host.waiting).toBe(1);
  before.close();

  const head = await other.head();
  const strange = await open(plantSite(other, 'the other'), eve, disk, clock);
  await strange.settle(120);
  expect(strange.host.connection.state).toMatchObject({
    kind: 'denied',
    why: expect.stringMatching(/^Another plant.*Enter its address again, or choose "Disconnect"/) as string,
  });
  expect([strange.link.sent, await other.head(), strange.host.waiting, strange.host.isAtPlant]).toEqual([
    [],
    head,
    1,
    false,
  ]);
  strange.host.connection.retryNow();
  strange.host.wake();
  await strange.settle(400);
  expect([strange.link.sent, await other.head()]).toEqual([[], head]);
  strange.close();

  const home = await open(plantSite(ours), marek, disk, clock);
  await home.settle(31);
  expect([home.host.waiting, home.host.isAtPlant, await notes(ours)]).toEqual([0, true, 1]);
  home.close();
});

test('a device belongs to the plant that it met first, also when it was closed without a network since', async () => {
  const [ours, disk] = [await leeds(), aDisk()];
  const clock = manualClock(Date.parse(ours.now()));
  const down = await open(plantSite(ours), marek, disk, clock, 'down');
  expect([plantOf(disk.memory), down.host.isAtPlant]).toEqual([undefined, false]);
  down.close();
  const up = await open(plantSite(ours), marek, disk, clock);
  expect([plantOf(disk.memory), up.host.isAtPlant]).toEqual([ORG, true]);
  up.close();
});

test('[L12] left for another plant in the same vault, the notes of before stay as they are, also where a new one wants their place', async () => {
  const [ours, other, disk] = [await leeds(), await york(), aDisk()];
  const clock = manualClock(Date.parse(ours.now()));
  const before = await open(plantSite(ours), marek, disk, clock);
  await before.host.notebook.idle();
  before.close();
  const left = new Map(disk.vault.texts);
  expect(left.size).toBeGreaterThan(1);
  leavePlant(disk.memory);
  disk.memory.set('history', undefined);
  disk.lastSeen.kept = undefined;
  const after = await open(plantSite(other, 'the other'), eve, disk, clock);
  await after.host.notebook.idle();
  expect(after.host.connection.state.kind).toBe('live');
  expect(new Map([...disk.vault.texts].filter(([path]) => left.has(path)))).toEqual(left);
  expect([...disk.vault.texts.keys()].filter((path) => !left.has(path)).join()).toContain('Night');
  after.close();
});
