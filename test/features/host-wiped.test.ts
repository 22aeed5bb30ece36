/** A start without a network: what a device that has met the server says when its database was taken away, and one that never has. */
import { expect, test } from 'vitest';
import { aDevice, aDisk, type Disk } from '../kit/a-device.ts';
import { aNightShift, anOrganisation, aTask, pump } from '../kit/given.ts';
import { manualClock, rest, type ManualClock } from '../kit/manual-clock.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { marek } from '../kit/people.ts';
import { plantLink, plantSite, type PlantSite } from '../kit/plant-link.ts';
import { createPlant, type Plant } from '../kit/plant.ts';

useNativeCrypto();

interface Around {
  readonly plant: Plant;
  readonly at: PlantSite;
  readonly clock: ManualClock;
}

async function open({ plant, at, clock }: Around, disk: Disk, line: 'up' | 'down') {
  const link = plantLink(at, marek);
  link.line = line;
  const device = aDevice(plant.register, link, { disk, clock });
  const settle = async (seconds: number): Promise<void> => {
    await clock.pass(seconds * 1000);
    for (let quiet = 0; quiet < 3; quiet = link.inFlight ? 0 : quiet + 1) await rest();
  };
  device.host.start();
  await settle(11);
  const note = () =>
    device.host.asking.ask({ type: 'tasks.note', subject: pump, input: { text: 'The bolt is worn.' } });
  return { ...device, link, settle, note };
}

const around = async (): Promise<Around> => {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('open'));
  return { plant, at: plantSite(plant), clock: manualClock(Date.parse(plant.now())) };
};

test('[L7] with its database taken away, a device says that what it knew must come once more from the server; then it can record', async () => {
  const [all, disk] = [await around(), aDisk()];
  const before = await open(all, disk, 'up');
  expect(disk.lastSeen.kept).toBeDefined();
  before.close();
  disk.lastSeen.kept = undefined;
  disk.first.rows.clear();
  const after = await open(all, disk, 'down');
  expect(await after.note()).toMatchObject({
    kind: 'refused',
    code: 'not-ready',
    detail:
      'What this device knew of the plant is not on it any more and must come once more from the server. Connect it once, then enter it again.',
  });
  after.link.line = 'up';
  await after.settle(31);
  expect(await after.note()).toMatchObject({ kind: 'done' });
  after.close();
});

test('[L7] a device that was never connected says so', async () => {
  const device = await open(await around(), aDisk(), 'down');
  expect(await device.note()).toMatchObject({
    code: 'not-ready',
    detail: 'This device has not met the server yet. Connect it once, then enter it again.',
  });
  device.close();
});
