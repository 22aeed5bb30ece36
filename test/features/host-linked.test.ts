/** What an entry moves in a vault: the notes that tell something of it, and none that only name what it was made on. */
import { expect, test } from 'vitest';
import { keyOf } from '../../plugin/replica.ts';
import { task } from '../kit/ask.ts';
import { aDevice } from '../kit/a-device.ts';
import { anOrganisation, aNightShift, aTask, night, PACKAGING, pump } from '../kit/given.ts';
import { manualClock, rest } from '../kit/manual-clock.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { ana, marek } from '../kit/people.ts';
import { plantLink, plantSite } from '../kit/plant-link.ts';
import { createPlant } from '../kit/plant.ts';
import { bookOf } from '../kit/vault-of.ts';

useNativeCrypto();

const SHIFT_NOTE = '2026-11-20 leeds-packaging Night.md';
const TITLES = ['Oil', 'Grease', 'Sweep'];

async function aShiftWithTasks() {
  const plant = await createPlant().run(
    anOrganisation(),
    aNightShift(),
    ...TITLES.map((title) => task(title).create({ title, area: PACKAGING }).by(ana)),
  );
  const [clock, link] = [manualClock(Date.parse(plant.now())), plantLink(plantSite(plant), ana)];
  const device = aDevice(plant.register, link, { clock });
  const { texts } = device.disk.vault;
  const settle = async (seconds = 0): Promise<void> => {
    await clock.pass(seconds * 1000);
    for (let quiet = 0; quiet < 3; quiet = link.inFlight ? 0 : quiet + 1) await rest();
    await device.host.notebook.idle();
  };
  device.host.start();
  await settle(1);
  return {
    ...{ device, link, settle },
    ask: (type: string, subject: { kind: string; id: string }, input: object) =>
      device.host.asking.ask({ type, subject: { kind: subject.kind, id: subject.id }, input: { ...input } }),
    /** The folders of the notes that are not what they were. */
    async movedBy(work: () => Promise<unknown>): Promise<string[]> {
      const before = new Map(texts);
      await work();
      return [...texts].flatMap(([path, text]) => (before.get(path) === text ? [] : path.split('/').at(-1)!)).sort();
    },
  };
}

test('an entry moves the note of its shift, and none of the tasks that name the shift', async () => {
  const { ask, link, settle, movedBy } = await aShiftWithTasks();
  link.line = 'down';
  link.cut();
  await settle();
  const entry = { text: 'Filler 2 at 80 %' };
  const offline = await movedBy(async () => {
    void ask('shifts.log', { kind: 'shift', id: night.id }, entry);
    await settle();
  });
  expect(offline).toEqual([SHIFT_NOTE]);
  link.line = 'up';
  const online = await movedBy(() => settle(31));
  expect(online).toEqual([SHIFT_NOTE]);
});

async function aTaskOfMarek() {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('acknowledged'));
  const book = await bookOf(plant);
  const key = keyOf(marek);
  /** Confirmed state in which Marek is somebody else than before. */
  const become = (state: object, meanwhile = (): void => undefined): ReadonlySet<string> => {
    const { replica, scribe } = book;
    const items = [...replica.everything()];
    replica.load(
      items.map((held) => (keyOf(held) === key ? { ...held, state: { ...(held.state as object), ...state } } : held)),
    );
    meanwhile();
    return scribe.affectedBy(new Set([key]));
  };
  return { ...book, become, task: keyOf(pump) };
}

test('what is called otherwise is called so in every note that mentions it', async () => {
  const { become, task: key, files, scribe, notebook } = await aTaskOfMarek();
  expect(become({ active: false })).not.toContain(key);
  const affected = become({ name: 'Marek Novak-Smith' });
  expect(affected).toContain(key);
  scribe.write(affected);
  await notebook.idle();
  expect([...files.texts].filter(([path]) => path.includes('/Tasks/'))[0]![1]).toContain('Marek Novak-Smith');
  expect(become({ name: 'Marek Novak-Smith' })).not.toContain(key);
});

test('a note that was written in between, with the new name, does not hide the change from the others', async () => {
  const { scribe, become, task: key } = await aTaskOfMarek();
  const affected = become({ name: 'Marek Novak-Smith' }, () => scribe.write([keyOf(night)]));
  expect(affected).toContain(key);
});
