/** What this device made stands once in what it shows, however its answer was lost: in the record, or waiting, never in both. */
import { describe, expect, test } from 'vitest';
import type { HostPorts } from '../../plugin/host.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { aDevice, aDisk, type ADevice, type Disk } from '../kit/a-device.ts';
import { aTask, aNightShift, anOrganisation, pump } from '../kit/given.ts';
import { manualClock, rest } from '../kit/manual-clock.ts';
import { marek } from '../kit/people.ts';
import { plantLink, plantSite, type PlantLink, type PlantSite } from '../kit/plant-link.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';

useNativeCrypto();

interface Placed extends ADevice {
  readonly link: PlantLink;
  /** The most notes that were shown at any moment. */
  readonly most: () => number;
  settle(seconds?: number): Promise<void>;
}

/** `mute`: the line takes no commands, so that nothing is answered. */
async function open(
  at: PlantSite,
  disk: Disk,
  { mute = false, ...more }: Pick<Partial<HostPorts>, 'lock'> & { readonly mute?: boolean } = {},
): Promise<Placed> {
  const [clock, link] = [manualClock(at.site.clock.now()), plantLink(at, marek)];
  if (mute) deafen(link);
  const device = aDevice(at.site.register, link, { disk, clock, ...more });
  let most = 0;
  device.host.onChange(() => void (most = Math.max(most, notesOn(device).length)));
  device.host.start();
  const settle = async (seconds = 0): Promise<void> => {
    await clock.pass(seconds * 1000);
    for (let quiet = 0; quiet < 3; quiet = link.inFlight ? 0 : quiet + 1) await rest();
    await device.host.notebook.idle();
  };
  await settle(1);
  return { ...device, link, settle, most: () => most };
}

function deafen(link: PlantLink): void {
  const { request } = link;
  link.request = (method, path, ...rest) =>
    method === 'POST' && path === '/v1/sync/commands'
      ? Promise.resolve({ status: 503, json: { code: 'not-ready', detail: 'Starting.' }, bytes: new Uint8Array() })
      : request(method, path, ...rest);
}

const started = (): Promise<Plant> => createPlant().run(anOrganisation(), aNightShift(), aTask('in_progress'));
const asks = (device: ADevice, verb: string, input: object) =>
  device.host.asking.ask({ type: `tasks.${verb}`, subject: { kind: 'task', id: pump.id }, input: { ...input } });
const notesOn = ({ host }: ADevice): string[] =>
  ((host.replica.get(pump)?.state as TaskState | undefined)?.actions ?? []).flatMap(({ what, text, waiting }) =>
    what === 'noted' ? [`${text}${waiting ? ' (waiting)' : ''}`] : [],
  );

/** The server has it; the answer never came, and the app was closed before the feed could tell. */
async function answerLost(): Promise<{ at: PlantSite; disk: Disk }> {
  const at = plantSite(await started());
  const device = await open(at, aDisk());
  device.link.line = 'deaf';
  void asks(device, 'note', { text: 'The bolt is worn.' });
  await device.settle(1);
  device.close();
  return { at, disk: device.disk };
}

describe('[L4] an entry whose answer was lost before a restart', () => {
  test('is shown once, as recorded, and stays in the queue until it is answered', async () => {
    const { at, disk } = await answerLost();
    const again = await open(at, disk, { mute: true });
    expect([notesOn(again), again.most()]).toEqual([['The bolt is worn.'], 1]);
    expect(again.host.waiting).toBe(1);
    const note = disk.vault.texts.get('Operary/Tasks/2026/11/T-1 Pump 3 leaks.md')!;
    expect(note.split('The bolt is worn.')).toHaveLength(2);
  });

  test('is shown once where another window had the outbox when the snapshot came', async () => {
    const { at, disk } = await answerLost();
    let free = (): void => undefined;
    const lock = new Promise<() => void>((resolve) => (free = () => resolve(() => undefined)));
    const again = await open(at, disk, { mute: true, lock: () => lock });
    expect([notesOn(again), again.most()]).toEqual([['The bolt is worn.'], 1]);
    free();
    await again.settle(1);
    expect(again.host.waiting).toBe(1);
    expect([notesOn(again), again.most()]).toEqual([['The bolt is worn.'], 1]);
  });

  test('is shown once after the next start too, where there is no network', async () => {
    const { at, disk } = await answerLost();
    const again = await open(at, disk, { mute: true });
    await again.settle(11);
    again.close();
    const link = plantLink(at, marek);
    link.line = 'down';
    const cellar = aDevice(at.site.register, link, { disk });
    cellar.host.start();
    await cellar.clock.pass(1000);
    expect(notesOn(cellar)).toEqual(['The bolt is worn.']);
  });

  test('waits, and is shown so, when the server that comes back does not have it', async () => {
    const { at, disk } = await answerLost();
    const again = await open(at, disk, { mute: true });
    again.close();
    at.become(await started(), 'restored');
    const there = await open(at, disk, { mute: true });
    expect(notesOn(there)).toEqual(['The bolt is worn. (waiting)']);
    there.close();
    const healed = await open(at, disk);
    await healed.settle(31);
    expect(notesOn(healed)).toEqual(['The bolt is worn.']);
    expect(healed.host.waiting).toBe(0);
  });

  test('is shown once where the snapshot is newer than it says, as when others write while it is read', async () => {
    const { at, disk } = await answerLost();
    const { head } = at.site.ledger;
    at.site.ledger.head = async (org) => (await head(org)) - 1;
    const again = await open(at, disk, { mute: true });
    expect([notesOn(again), again.most()]).toEqual([['The bolt is worn.'], 1]);
  });

  test('a server that cannot tell what it has is asked until it can', async () => {
    const { at, disk } = await answerLost();
    const { places } = at.site.ledger;
    let failures = 2;
    at.site.ledger.places = (...asked) => (failures-- > 0 ? Promise.reject(new Error('busy')) : places(...asked));
    const again = await open(at, disk, { mute: true });
    await again.settle(31);
    expect(failures).toBeLessThan(0);
    expect([notesOn(again), again.most()]).toEqual([['The bolt is worn.'], 1]);
  });
});
