/** What else may come upon a device: a copy of itself, a server that was restored, a lost one that comes back, other people, another window. */
import { expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { aTask, aNightShift, anOrganisation, pump } from '../kit/given.ts';
import { device as deviceNamed } from '../kit/ask.ts';
import { aDevice, aDisk, type ADevice, type Disk } from '../kit/a-device.ts';
import { manualClock, rest, type ManualClock } from '../kit/manual-clock.ts';
import { ana, dana, marek, type Person } from '../kit/people.ts';
import { plantLink, plantSite, type PlantLink, type PlantSite } from '../kit/plant-link.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import type { HostPorts } from '../../plugin/host.ts';
import { contacts } from '../../shared/kernel/read.ts';
import type { Entry } from '../../shared/sync/outbox.ts';

useNativeCrypto();

interface Placed extends ADevice {
  readonly link: PlantLink;
  readonly clock: ManualClock;
}

async function open(
  at: PlantSite,
  by: Person,
  disk: Disk,
  more: Pick<Partial<HostPorts>, 'lock'> = {},
): Promise<Placed> {
  const [clock, link] = [manualClock(at.site.clock.now()), plantLink(at, by)];
  const device = aDevice(at.site.register, link, { disk, clock, ...more });
  device.host.start();
  const placed = { ...device, link, clock };
  await settle([placed], 1);
  return placed;
}

async function settle(all: readonly Placed[], seconds = 0): Promise<void> {
  for (const { clock } of all) await clock.pass(seconds * 1000);
  for (let quiet = 0; quiet < 3; quiet = all.some(({ link }) => link.inFlight) ? 0 : quiet + 1) await rest();
  for (const { host } of all) await host.notebook.idle();
}
const down = ({ link }: Placed): void => {
  link.line = 'down';
  link.cut();
};
const note = (device: ADevice, text: string) =>
  device.host.asking.ask({ type: 'tasks.note', subject: { kind: 'task', id: pump.id }, input: { text } });
const notesIn = async (plant: Plant): Promise<string[]> =>
  (await plant.state<TaskState>(pump)).actions.flatMap(({ what, text }) => (what === 'noted' ? [text!] : []));
const started = (): Promise<Plant> => createPlant().run(anOrganisation(), aNightShift(), aTask('in_progress'));

test('a copy of a device is noticed: both keep all they have, and this one goes on under an identity of its own', async () => {
  const plant = await started();
  const at = plantSite(plant);
  const disk = aDisk('tablet');
  const first = await open(at, marek, disk);
  first.close();
  const copied: Disk = { ...aDisk('tablet'), drawn: 1000 };
  for (const [key, value] of disk.memory.all) copied.memory.set(key, value);
  for (const [id, row] of disk.first.rows) copied.first.rows.set(id, row);
  const [one, two] = [await open(at, marek, disk), await open(at, marek, copied)];
  down(one);
  down(two);
  for (const text of ['One.', 'Two.']) await note(one, text);
  for (const text of ['Eins.', 'Zwei.', 'Drei.']) await note(two, text);
  const old = disk.identity.deviceId;
  one.link.line = two.link.line = 'up';
  await settle([one], 31);
  await settle([two], 31);
  expect((await notesIn(plant)).sort()).toEqual(['Drei.', 'Eins.', 'One.', 'Two.', 'Zwei.']);
  expect(two.disk.identity.deviceId).not.toBe(old);
  expect(two.attention.all.map(({ sentence }) => sentence).join()).toContain('Two devices use one identity');
  await note(two, 'Vier.');
  await settle([two], 6);
  const devices = (await plant.history(pump)).slice(-1).map(({ device }) => device);
  expect(devices).toEqual([two.disk.identity.deviceId]);
  expect(two.host.waiting).toBe(0);
});

test('a server that was restored from a copy gets back what it has lost, and the person is told', async () => {
  const plant = await started();
  const at = plantSite(plant);
  const device = await open(at, marek, aDisk());
  const outcomes = ['One.', 'Two.', 'Three.'].map((text) => note(device, text));
  await settle([device], 6);
  expect((await Promise.all(outcomes)).map(({ kind }) => kind)).toEqual(['done', 'done', 'done']);
  // The same first steps with the same chance: what the copy holds.
  const copy = await started();
  at.become(copy, 'restored');
  device.link.cut();
  await settle([device], 45);
  await settle([device], 31);
  expect(await notesIn(copy)).toEqual(['One.', 'Two.', 'Three.']);
  expect(device.host.waiting).toBe(0);
  expect(device.attention.all.map(({ sentence }) => sentence)).toEqual([
    'The server was restored from a copy; 4 entries were brought back.',
  ]);
  expect(
    (device.host.replica.get(pump)!.state as TaskState).actions.filter(({ what }) => what === 'noted'),
  ).toHaveLength(3);
});

test('[L8] a history that was written anew under the same name is found out by proof', async () => {
  const plant = await started();
  const at = plantSite(plant);
  const device = await open(at, marek, aDisk());
  const saved = note(device, 'One.');
  await settle([device], 6);
  expect((await saved).kind).toBe('done');
  const other = await createPlant().run(anOrganisation(), aNightShift(), aTask('open'));
  for (let i = 0; i < 12; i++) await other.must(pump.note({ text: `Another history ${i}` }).by(ana));
  at.become(other, 'the first');
  device.link.cut();
  await settle([device], 45);
  await settle([device], 31);
  expect(await notesIn(other)).toContain('One.');
  expect(device.attention.all.map(({ sentence }) => sentence).join()).toContain('restored from a copy');
});

test('what a device that was written off still brings is held, and the person is told who decides', async () => {
  const plant = await started();
  const at = plantSite(plant);
  const device = await open(at, marek, aDisk());
  down(device);
  await note(device, 'From the cellar.');
  await plant.must(deviceNamed(device.disk.identity.deviceId).writeOff({ reason: 'Lost in the cellar.' }).by(ana));
  device.link.line = 'up';
  await settle([device], 31);
  expect(device.host.waiting).toBe(0);
  expect(await notesIn(plant)).toEqual([]);
  const told = device.attention.all.map(({ sentence }) => sentence);
  expect(told).toEqual([
    expect.stringContaining('This device was written off as lost') as string,
    expect.stringContaining('is kept for a supervisor. The device was written off.') as string,
  ]);
});

test('on a shared tablet every entry carries the person who has taken over, with that person’s role', async () => {
  const plant = await started();
  const at = plantSite(plant);
  const device = await open(at, marek, aDisk());
  const tablet = deviceNamed(device.disk.identity.deviceId);
  await plant.must(tablet.enrol({}).by(dana));
  await settle([device], 1);
  down(device);
  device.disk.identity.who = dana.id;
  expect(device.host.me).toMatchObject({ id: dana.id, role: 'line_lead' });
  await note(device, 'By Dana.');
  device.disk.identity.who = ana.id;
  expect(await note(device, 'By Ana?')).toMatchObject({ kind: 'refused', code: 'role-not-allowed' });
  device.link.line = 'up';
  await settle([device], 31);
  const [event] = (await plant.history(pump)).slice(-1);
  expect(event).toMatchObject({
    type: 'task.noted',
    actor: { id: dana.id, role: 'line_lead' },
    body: { submittedBy: marek.id },
  });
});

test('one window writes; another says so until it may', async () => {
  const plant = await started();
  const at = plantSite(plant);
  let free: () => void = () => undefined;
  const waiting = new Promise<void>((resolve) => (free = resolve));
  const disk = aDisk();
  const one = await open(at, marek, disk);
  const two = await open(at, marek, disk, { lock: () => waiting.then(() => () => undefined) });
  const refused = note(two, 'Here?');
  await settle([two], 6);
  expect(await refused).toMatchObject({
    code: 'not-ready',
    detail: expect.stringContaining('Another window') as string,
  });
  one.close();
  free();
  await settle([two], 1);
  const done = note(two, 'Here.');
  await settle([two], 6);
  expect((await done).kind).toBe('done');
});

test('a purge of all storage leaves the file in the vault, from which the same person’s entries still go up', async () => {
  const plant = await started();
  const at = plantSite(plant);
  const disk = aDisk('tablet');
  const first = await open(at, marek, disk);
  down(first);
  await note(first, 'Before the purge.');
  first.close();
  const left = [...disk.second.rows.values()].map((row) => JSON.parse(row) as never);
  const fresh = aDisk('another');
  fresh.second.load = async () => ({
    own: [...fresh.second.rows.values()].map((row) => JSON.parse(row) as never),
    others: left,
  });
  const again = await open(at, marek, fresh);
  await settle([again], 31);
  expect(await notesIn(plant)).toEqual(['Before the purge.']);
  expect(again.host.waiting).toBe(0);
});

test('the clock of the device is measured, and every entry says how wrong it is', async () => {
  const plant = await started();
  const at = plantSite(plant);
  const device = await open(at, marek, aDisk());
  const wrong = manualClock(device.clock.now() + 5 * 60_000);
  device.close();
  const skewed = aDevice(plant.register, device.link, { disk: device.disk, clock: wrong });
  skewed.host.start();
  await settle([{ ...skewed, link: device.link }], 1);
  const done = note(skewed, 'Late?');
  await settle([{ ...skewed, link: device.link }], 6);
  expect(await done).toMatchObject({ kind: 'done' });
  const [event] = (await plant.history(pump)).slice(-1);
  expect(event!.body.made!.clockOffsetMs).toBeGreaterThan(4.9 * 60_000);
  expect(event!.body.flags).toContain('clock_suspect');
});

test('an idle device says every five minutes that it is there, and what waits on it', async () => {
  const plant = await started();
  const at = plantSite(plant);
  const device = await open(at, marek, aDisk());
  const contact = async () => (await plant.ledger.load(marek.org, contacts()))[0]!;
  const first = await contact();
  plant.pass(6);
  await settle([device], 6 * 60);
  const later = await contact();
  expect(later).toMatchObject({ device: device.disk.identity.deviceId, lastDeviceSeq: 1, outboxDepth: 0, received: 1 });
  expect(Date.parse(later.at!)).toBeGreaterThan(Date.parse(first.at!));
});

test('[L12] what a note showed of an entry that was refused while the app was closed is put back, and is nobody’s edit', async () => {
  const plant = await started();
  const at = plantSite(plant);
  const device = await open(at, marek, aDisk());
  down(device);
  await device.host.asking.ask({
    type: 'tasks.hold',
    subject: { kind: 'task', id: pump.id },
    input: { reasonCode: 'waiting_parts' },
  });
  await settle([device]);
  const note = (): string => device.disk.vault.texts.get('Operary/Tasks/2026/11/T-1 Pump 3 leaks.md')!;
  expect(note()).toContain('status: on_hold');
  device.close();
  for (const store of [device.disk.first, device.disk.second])
    for (const [id, row] of store.rows) {
      const entry = JSON.parse(row) as Entry;
      const refused = { ...entry, state: 'attention', settledAt: 1, outcome: 'rejected', dismissed: true, revision: 9 };
      if (entry.settledAt === undefined) store.rows.set(id, JSON.stringify(refused));
    }
  const head = await plant.head();
  const again = await open(at, marek, device.disk);
  await settle([again], 6);
  expect(note()).toContain('status: in_progress');
  expect(await plant.head()).toBe(head);
  expect(again.notices).toEqual([]);
});

test('a host that is stopped stores nothing more, for its successor may have read the store already', async () => {
  const plant = await started();
  const device = await open(plantSite(plant), marek, aDisk());
  down(device);
  const refused = note(device, 'Just now.');
  device.close();
  const rows = device.disk.first.rows.size;
  await settle([device]);
  expect(await refused).toMatchObject({ kind: 'refused', code: 'not-saved' });
  expect(device.disk.first.rows.size).toBe(rows);
});
