/** A photo that comes after its entry: until it is here the entry says so; then the record tells that it came, on every device alike. */
import { expect, test } from 'vitest';
import type { Logger } from 'pino';
import { createReplica } from '../../plugin/replica.ts';
import { followFiles } from '../../server/followers/awaited-files.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { tasks } from '../../shared/features/tasks/index.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { aNightShift, anOrganisation, aTask, pump } from '../kit/given.ts';
import { bring, device, flagsOf } from '../kit/made.ts';
import { handedOver } from '../kit/handover.ts';
import { dana, marek, ORG, tom, type Person } from '../kit/people.ts';
import { night } from '../kit/given.ts';
import { createPlant, type Plant } from '../kit/plant.ts';

const photos = ['the guard', 'the seal', 'the label'].map(utf8);
const [guard, seal, label] = photos.map(sha256Hex) as [string, string, string];
const LOG = { error: (said: unknown) => expect.unreachable(JSON.stringify(said)) } as unknown as Logger;

async function told(...evidence: readonly string[]): Promise<Plant> {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('in_progress'));
  expect(flagsOf(await completed(plant, marek, evidence))).toEqual(['evidence_pending']);
  return plant;
}
async function completed(plant: Plant, by: Person, evidence: readonly string[], seen?: number) {
  const asked = pump.complete({ note: 'Guard mounted.', evidence: [...evidence] });
  const [outcome] = await bring(
    plant,
    device(by.name)
      .observed(seen ?? (await plant.head()))
      .does(asked)
      .by(by),
  );
  return outcome;
}
const put = (plant: Plant, name: string): Promise<void> =>
  plant.ledger.putFile(
    ORG,
    name,
    photos.find((bytes) => sha256Hex(bytes) === name)!,
  );
const stateOf = (plant: Plant): Promise<TaskState> => plant.state<TaskState>(pump);
const lastFlags = async (plant: Plant) =>
  (await stateOf(plant)).actions.findLast(({ what }) => what === 'completed')!.flags ?? [];

test('its entry says so until the last of its files has come, and then who brought them', async () => {
  const plant = await told(guard, seal);
  const files = await followFiles(plant.ledger, plant.register, LOG);
  await put(plant, guard);
  await files.settled();
  expect(await lastFlags(plant)).toEqual(['evidence_pending']);
  await put(plant, seal);
  await files.settled();
  expect(await lastFlags(plant)).toEqual([]);
  expect((await plant.history(pump)).at(-1)).toMatchObject({
    type: 'task.files_received',
    actor: { kind: 'engine' },
    body: { files: [guard, seal] },
  });
  expect((await stateOf(plant)).actions.at(-1)).toMatchObject({ what: 'files_received', by: { id: marek.id } });
  await files.close();
});

test('what came while nobody looked is found at the next start, and told once', async () => {
  const plant = await told(guard);
  await put(plant, guard);
  for (let starts = 0; starts < 2; starts++) {
    const files = await followFiles(plant.ledger, plant.register, LOG);
    await files.settled();
    await files.close();
  }
  expect((await plant.history(pump)).filter(({ type }) => type === 'task.files_received')).toHaveLength(1);
  expect(await lastFlags(plant)).toEqual([]);
});

test('of two reports each waits for its own files, and what needs a look stays flagged', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('in_progress'));
  const seen = await plant.head();
  await completed(plant, marek, [guard], seen);
  await completed(plant, dana, [label], seen);
  const files = await followFiles(plant.ledger, plant.register, LOG);
  await put(plant, label);
  await files.settled();
  const state = await stateOf(plant);
  expect(state.furtherReports.map(({ flags }) => flags)).toEqual([['concurrent_completion']]);
  expect(state.flags).toEqual(['concurrent_completion']);
  expect(state.awaited.map(({ files: names }) => names)).toEqual([[guard]]);
  await files.close();
});

test('[L2] after the seal of its shift too: the sealed record does not change, a device folds the same', async () => {
  const plant = await told(guard);
  await plant.run(handedOver());
  await plant.must(night.seal({ reason: 'A tablet is in the cellar.' }).by(tom));
  const under = (await plant.state<{ seal: unknown }>(night)).seal;
  const files = await followFiles(plant.ledger, plant.register, LOG);
  await put(plant, guard);
  await files.settled();
  expect(await lastFlags(plant)).toEqual([]);
  expect((await plant.state<{ seal: unknown }>(night)).seal).toEqual(under);
  expect((await plant.history(pump)).at(-1)).toMatchObject({
    type: 'task.files_received',
    body: { entries: [expect.any(Number)] },
  });
  const replica = createReplica(plant.register);
  const events = await plant.events();
  const finished = events.findIndex(({ type }) => type === 'shift.sealed');
  replica.apply(events.slice(0, finished));
  replica.apply(events.slice(finished).filter(({ type }) => type.startsWith('task.')));
  expect(replica.get(pump)!.state).toEqual(await stateOf(plant));
  await files.close();
});

test('the note and the API tell the same', async () => {
  const plant = await told(guard);
  const shown = async (): Promise<string> => JSON.stringify(tasks.view(await stateOf(plant), await plant.stream(pump)));
  expect(await shown()).toContain('evidence_pending');
  const files = await followFiles(plant.ledger, plant.register, LOG);
  await put(plant, guard);
  await files.settled();
  expect(await shown()).not.toContain('evidence_pending');
  expect(await shown()).not.toContain('awaited');
  await files.close();
});
