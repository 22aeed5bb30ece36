/** A task that this device made and the server has not numbered yet: it is worked on and linked to like any other. */
import { expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { refuse } from '../../shared/kernel/refusal.ts';
import { aDevice, type ADevice } from '../kit/a-device.ts';
import { aNightShift, anOrganisation, PACKAGING } from '../kit/given.ts';
import { manualClock, rest } from '../kit/manual-clock.ts';
import { marek } from '../kit/people.ts';
import { plantLink, plantSite, type PlantLink } from '../kit/plant-link.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';

useNativeCrypto();

interface Cellar extends ADevice {
  readonly plant: Plant;
  readonly link: PlantLink;
  settle(seconds?: number): Promise<void>;
  comeUp(): Promise<void>;
}

async function inTheCellar(): Promise<Cellar & { lock(): void }> {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  const [clock, link] = [manualClock(Date.parse(plant.now())), plantLink(plantSite(plant), marek)];
  const askPerson = () => Promise.resolve({ note: 'Tightened.' });
  let isLocked = false;
  const refusal = () => (isLocked ? refuse('role-not-allowed', 'Nobody has taken over this tablet.') : undefined);
  const people = { refusal, met: () => undefined, onChange: () => undefined };
  const device = aDevice(plant.register, link, { clock, askPerson, people });
  const settle = async (seconds = 0): Promise<void> => {
    await clock.pass(seconds * 1000);
    for (let quiet = 0; quiet < 3; quiet = link.inFlight ? 0 : quiet + 1) await rest();
    await device.host.notebook.idle();
  };
  device.host.start();
  await settle(1);
  link.line = 'down';
  link.cut();
  await settle();
  const comeUp = async (): Promise<void> => {
    link.line = 'up';
    await settle(31);
  };
  return { ...device, plant, link, settle, comeUp, lock: () => void (isLocked = true) };
}

/** Made, taken and begun where there is no network. */
async function begun({ host }: Cellar, title: string): Promise<string> {
  const assignee = { role: 'maintenance_engineer' };
  const made = await host.asking.ask({ type: 'tasks.create', input: { title, area: PACKAGING, assignee } });
  if (made.kind !== 'saved') throw new Error(JSON.stringify(made));
  for (const verb of ['acknowledge', 'start'])
    expect(await host.asking.ask({ type: `tasks.${verb}`, subject: made.subject, input: {} })).toMatchObject({
      kind: 'saved',
    });
  return made.subject.id;
}

const SHIFT = 'Operary/Shifts/2026/11/2026-11-20 leeds-packaging Night.md';
const statusOf = ({ host }: ADevice, id: string): string =>
  (host.replica.get({ kind: 'task', id })!.state as TaskState).status;

test('its box in the shift note is ticked like any other, also where two have the same name', async () => {
  const device = await inTheCellar();
  const [one, two] = [await begun(device, 'Belt slips'), await begun(device, 'Belt slips')];
  await device.settle();
  const { texts, external } = device.disk.vault;
  const lines = texts
    .get(SHIFT)!
    .split('\n')
    .filter((line) => line.includes('T-new Belt slips'));
  expect(lines).toHaveLength(2);
  external.write(SHIFT, texts.get(SHIFT)!.replace(lines[1]!, lines[1]!.replace('- [ ]', '- [x]')));
  await device.settle();
  expect(device.attention.all).toEqual([]);
  expect([statusOf(device, one), statusOf(device, two)].sort()).toEqual(['closed', 'in_progress']);
  await device.comeUp();
  const states = await Promise.all([one, two].map((id) => device.plant.state<TaskState>({ kind: 'task', id })));
  expect(states.map(({ status }) => status).sort()).toEqual(['closed', 'in_progress']);
  expect(texts.get(SHIFT)).toMatch(/- \[x\] \[\[T-\d Belt slips\]\] 🆔 t\d ✅/u);
});

test('a tick that was made before the number came finds its task all the same', async () => {
  const device = await inTheCellar();
  const id = await begun(device, 'Belt slips');
  await device.settle();
  const line = device.disk.vault.texts
    .get(SHIFT)!
    .split('\n')
    .find((one) => one.includes('T-new Belt slips'))!;
  await device.comeUp();
  const [shift] = device.host.replica.all('shift');
  const { note } = device.host.register.byKind.get('shift')!;
  const read = note!.read({ kind: 'box', line, ticked: true }, shift!.state, shift!, device.host.scribe.around());
  expect(read).toMatchObject({ subject: { kind: 'task', id }, type: 'tasks.complete' });
});

const WORDS = 'Look at [[T-new Belt slips]], ![[T-new Belt slips#Actions|the belt]]; not at T-new Belt slips.';
const FOLLOWED = 'Look at [[T-1 Belt slips]], ![[T-1 Belt slips#Actions|the belt]]; not at T-new Belt slips.';

/** In a note of their own, and in their part of the shift's. */
async function linked(device: Cellar): Promise<void> {
  await begun(device, 'Belt slips');
  await device.settle();
  const { texts, external } = device.disk.vault;
  external.write(SHIFT, texts.get(SHIFT)!.replace('%% operary:notes %%\n', `%% operary:notes %%\n${WORDS}\n`));
  const paths =
    '[it](Operary/Tasks/2026/11/T-new%20Belt%20slips.md) [[Operary/Tasks/2026/11/T-new Belt slips.md]] [[T-new Belt]]';
  external.write('Daily.md', `---\nabout: "[[T-new Belt slips]]"\n---\n${WORDS} ${paths}\n`);
  await device.settle();
}

test('[L12] what people linked to under its first name follows it, and nothing else of theirs is touched', async () => {
  const device = await inTheCellar();
  await linked(device);
  await device.comeUp();
  const { texts } = device.disk.vault;
  const paths =
    '[it](Operary/Tasks/2026/11/T-1%20Belt%20slips.md) [[Operary/Tasks/2026/11/T-1 Belt slips.md]] [[T-new Belt]]';
  expect(texts.get('Daily.md')).toBe(`---\nabout: "[[T-1 Belt slips]]"\n---\n${FOLLOWED} ${paths}\n`);
  expect(texts.get(SHIFT)).toContain(`%% operary:notes %%\n${FOLLOWED}\n`);
  expect(texts.get(SHIFT)).toContain('- [ ] [[T-1 Belt slips]] 🆔 t1');
  expect(device.attention.all).toEqual([]);
});

test('[L12] while nobody has taken over a shared tablet, words in our notes stay as they are', async () => {
  const device = await inTheCellar();
  await linked(device);
  device.lock();
  await device.comeUp();
  const { texts } = device.disk.vault;
  expect(texts.get('Daily.md')).toContain(FOLLOWED);
  expect(texts.get(SHIFT)).toContain(`%% operary:notes %%\n${WORDS}\n`);
  expect(texts.get(SHIFT)).toContain('- [ ] [[T-1 Belt slips]] 🆔 t1');
});
