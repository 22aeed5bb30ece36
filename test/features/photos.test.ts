/** Photos as files of the vault: named by what they hold, made once, refused when they are not what was recorded. */
import { expect, test } from 'vitest';
import { createPhotos, fetchesPhotos } from '../../plugin/photos.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { photosOf } from '../../shared/features/tasks/files.ts';
import { note } from '../../shared/features/tasks/note.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { aNightShift, anOrganisation, aTask, by, given, pump } from '../kit/given.ts';
import { memoryMemory } from '../kit/memory-vault.ts';
import { marek, ORG } from '../kit/people.ts';
import type { Step } from '../kit/plant.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]);
const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 9]);
const text = utf8('<svg onload="alert(1)"/>');
const nameOf = (bytes: Uint8Array): string => sha256Hex(bytes);
const pathOf = (bytes: Uint8Array): string => `Operary/Photos/${nameOf(bytes).slice(0, 12)}.jpg`;

function device(
  kept: readonly Uint8Array[],
  server: ReadonlyMap<string, Uint8Array | 'damaged'> = new Map(),
  fetches = () => false,
) {
  let now = 0;
  const vault = new Map<string, Uint8Array>();
  const memory = memoryMemory();
  const here = async (name: string) => kept.find((bytes) => nameOf(bytes) === name);
  const asked: string[] = [];
  const photos = createPhotos({
    fetches,
    now: () => now,
    files: {
      exists: (path) => vault.has(path),
      create: async (path, bytes) => {
        if (vault.has(path)) throw new Error(`${path} exists.`);
        vault.set(path, bytes);
      },
    },
    memory,
    evidence: () => ({
      here,
      get: async (name) => {
        asked.push(name);
        return (await here(name)) ?? server.get(name);
      },
    }),
  });
  const pass = (milliseconds: number): void => void (now += milliseconds);
  return { vault, photos, asked, pass };
}

test('what lies on the device stands beside the note that shows it, once, and nobody is asked for the rest', async () => {
  const { vault, photos, asked } = device([jpeg]);
  await Promise.all([photos.shown([nameOf(jpeg), nameOf(png)]), photos.shown([nameOf(jpeg)])]);
  expect([...vault]).toEqual([[pathOf(jpeg), jpeg]]);
  expect(asked).toEqual([]);
});

test('where the settings want it, those of the server come unasked, once; without a line nobody is asked', async () => {
  let isWanted = false;
  const { vault, photos, asked } = device([], new Map([[nameOf(png), png]]), () => isWanted);
  await photos.shown([nameOf(png)]);
  expect([vault.size, asked]).toEqual([0, []]);
  isWanted = true;
  await photos.shown([nameOf(png)]);
  await photos.shown([nameOf(png)]);
  expect([[...vault], asked]).toEqual([[[pathOf(png), png]], [nameOf(png)]]);
  vault.clear();
  await photos.shown([nameOf(png)]);
  expect([vault.size, asked.length]).toEqual([0, 1]);
});

test('what the server does not have yet is asked for again after a minute, and not with every change of a note', async () => {
  const server = new Map<string, Uint8Array>();
  const { vault, photos, asked, pass } = device([], server, () => true);
  await photos.shown([nameOf(png)]);
  server.set(nameOf(png), png);
  await photos.shown([nameOf(png)]);
  expect([vault.size, asked.length]).toEqual([0, 1]);
  pass(60_000);
  await photos.shown([nameOf(png)]);
  expect([vault.size, asked.length]).toEqual([1, 2]);
});

test.each([
  ['computers', false, true],
  ['computers', true, false],
  ['always', true, true],
  ['asked', false, false],
] as const)('"%s", on a phone: %s, fetches unasked: %s', (when, isMobile, does) => {
  expect(fetchesPhotos(when, isMobile)).toBe(does);
});

test('who deletes a photo is given it again only when they ask', async () => {
  const { vault, photos } = device([jpeg]);
  await photos.shown([nameOf(jpeg)]);
  vault.clear();
  await photos.shown([nameOf(jpeg)]);
  expect(vault.size).toBe(0);
  expect(await photos.show([nameOf(jpeg)])).toBe('1 of 1 photos are shown.');
  expect(vault.get(pathOf(jpeg))).toEqual(jpeg);
});

test('a file of that name that is there already is never written over', async () => {
  const { vault, photos } = device([jpeg]);
  vault.set(pathOf(jpeg), png);
  await photos.shown([nameOf(jpeg)]);
  expect(await photos.show([nameOf(jpeg)])).toBe('1 of 1 photos are shown.');
  expect(vault.get(pathOf(jpeg))).toBe(png);
});

test('[L10] what is not what was recorded, is not to be had, or is no picture is not kept, and each is told', async () => {
  const damaged = sha256Hex(utf8('damaged'));
  const gone = sha256Hex(utf8('gone'));
  const { vault, photos } = device(
    [text],
    new Map<string, Uint8Array | 'damaged'>([
      [damaged, 'damaged'],
      [nameOf(png), png],
    ]),
  );
  const said = await photos.show([damaged, gone, nameOf(text), nameOf(png)]);
  expect(said.split('\n').map((line) => line.slice(0, 43))).toEqual([
    '1 of 4 photos are shown.',
    `${damaged.slice(0, 12)}.jpg did not arrive as it was r`,
    `${gone.slice(0, 12)}.jpg could not be fetched: the `,
    `${nameOf(text).slice(0, 12)}.jpg is no picture, so a note c`,
  ]);
  expect([...vault.keys()]).toEqual([pathOf(png)]);
});

const isStored: Step = (plant) => plant.ledger.putFile(ORG, nameOf(jpeg), jpeg);

test("[L6] a task's note shows its photos under a name that follows from the record alone", async () => {
  const plant = await given(anOrganisation(), aNightShift(), aTask('in_progress'), isStored)
    .when(pump.complete({ note: 'Guard mounted.', evidence: [nameOf(jpeg)] }), by(marek))
    .then('task.completed');
  const state = await plant.state<TaskState>(pump);
  const write = (of: TaskState, replica: Awaited<ReturnType<typeof replicaOf>>): string =>
    note.write(of, { id: pump.id, number: 1, seq: 1 }, around(replica))[0]!.regions[0]!.markdown;
  const header = write(state, await replicaOf(plant));
  expect(header.split('\n\n').at(-2)).toBe(`![[${nameOf(jpeg).slice(0, 12)}.jpg]]`);
  expect(note.photos!(state)).toEqual([nameOf(jpeg)]);
  const other = sha256Hex(png);
  expect(photosOf({ ...state, evidence: [other, nameOf(jpeg)] })).toEqual([other, nameOf(jpeg)]);
});
