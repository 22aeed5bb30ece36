/** What notes tell to whoever holds them: where late words were written, what waits, and who may open a sealed record. */
import { expect, test } from 'vitest';
import { shifts } from '../../shared/features/shifts/index.ts';
import { tasks } from '../../shared/features/tasks/index.ts';
import type { NoteText } from '../../shared/kernel/note.ts';
import { aDevice } from '../kit/a-device.ts';
import { asking } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, night, pump } from '../kit/given.ts';
import { sealedNight } from '../kit/handover.ts';
import { manualClock, rest } from '../kit/manual-clock.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { engine, marek, tom, type Person } from '../kit/people.ts';
import { plantLink, plantSite } from '../kit/plant-link.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

useNativeCrypto();

const NIGHT = '2026-11-20 leeds-packaging Night';
const lateWords = (words: object) =>
  asking('shifts.lateProse', night, {
    ...{ author: marek.id, device: null, inserted: 'Bolt M8 fitted.', struck: '', context: '…' },
    ...{ update: 'a'.repeat(64), receivedAt: '2026-11-21T07:00:00.000Z', ...words },
  });

async function notesOf(plant: Plant): Promise<readonly NoteText[]> {
  const replica = await replicaOf(plant);
  const held = replica.all('shift')[0]!;
  return shifts.note!.write(held.state, held, around(replica));
}
const lateIn = (texts: readonly NoteText[]): string =>
  texts.find(({ type }) => type === 'addendum')!.regions.find(({ name }) => name === 'late')!.markdown;

test.each([
  ['line 3 … guard', '', 'wrote in the notes: Bolt M8 fitted. · near: line 3 … guard'],
  ['…', '', 'wrote in the notes: Bolt M8 fitted. · in an empty note'],
  ['\n…\n', '', 'wrote in the notes: Bolt M8 fitted. · in an empty note'],
  ['…', 'Bolt M10', 'wrote in the notes: Bolt M8 fitted. · proposes to strike: Bolt M10'],
  ['', '', 'wrote in the notes: Bolt M8 fitted.'],
])('late words say where they were written, near %j with %j struck', async (context, struck, said) => {
  const plant = await sealedNight();
  await plant.must(lateWords({ context, struck }).by(engine));
  expect(lateIn(await notesOf(plant))).toMatch(new RegExp(`: ${said.replaceAll('.', '\\.')} · not known`));
});

/** A person's device that has met the server, with time to let pass. */
async function deviceOf(plant: Plant, by: Person) {
  const [clock, link] = [manualClock(Date.parse(plant.now())), plantLink(plantSite(plant), by)];
  const device = aDevice(plant.register, link, { clock });
  const settle = async (seconds: number): Promise<void> => {
    await clock.pass(seconds * 1000);
    for (let quiet = 0; quiet < 3; quiet = link.inFlight ? 0 : quiet + 1) await rest();
    await device.host.notebook.idle();
  };
  device.host.start();
  await settle(1);
  return { ...device, link, settle, texts: device.disk.vault.texts };
}

async function vaultOf(plant: Plant, by: Person): Promise<ReadonlyMap<string, string>> {
  const { host, texts } = await deviceOf(plant, by);
  host.stop();
  return texts;
}

test('[L6] every vault says who may open the sealed record, beside what leads to it, whether it holds the record or not', async () => {
  const plant = await sealedNight(aTask('closed'));
  await plant.must(lateWords({}).by(engine));
  const [engineers, supervisors] = [await vaultOf(plant, marek), await vaultOf(plant, tom)];
  expect(engineers).toEqual(supervisors);
  const words =
    'The record is open to supervisors and auditors of leeds/packaging; where it is not in your vault, ask one of them to show it.';
  const addendum = engineers.get(`Operary/Sealed/2026/11/${NIGHT} (late entries).md`)!;
  expect(addendum).toContain(`%% operary:sealed %%\n${words}\n\n![[${NIGHT} (sealed)]]\n%% /operary:sealed %%`);
  expect(engineers.get(`Operary/Shifts/2026/11/${NIGHT}.md`)).toContain(
    `As they stood at the seal: [[${NIGHT} (sealed)]]. ${words}`,
  );
});

test('what is done in the cellar says in header and card that it waits, until the server has it', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('in_progress'));
  const { host, link, settle, texts } = await deviceOf(plant, marek);
  const header = (): string =>
    texts
      .get('Operary/Tasks/2026/11/T-1 Pump 3 leaks.md')!
      .split('\n')
      .find((line) => /^> \[!/.test(line))!;
  const card = () => {
    const held = host.replica.get(pump)!;
    return tasks.note!.card!(held.state, held, host.scribe.around());
  };
  expect(header()).toMatch(/ · in progress · due /);
  link.line = 'down';
  link.cut();
  await settle(1);
  await host.asking.ask({ type: 'tasks.complete', subject: { kind: 'task', id: pump.id }, input: { note: 'Sealed.' } });
  await settle(1);
  expect(header()).toMatch(/ · closed · waiting to be sent · due /);
  expect(card()).toMatchObject({
    group: 'Closed',
    details: expect.arrayContaining(['waiting to be sent']) as string[],
  });
  link.line = 'up';
  await settle(31);
  expect(header()).toMatch(/ · closed · due /);
  expect(card()).toBeNull();
  host.stop();
});
