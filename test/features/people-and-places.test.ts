/** Notes of people and places: links to them live, and what people write in them is theirs. */
import { expect, test } from 'vitest';
import { createThings } from '../../plugin/things.ts';
import { namesOf } from '../../shared/kernel/markdown.ts';
import { task } from '../kit/ask.ts';
import { aDisk, type Disk } from '../kit/a-device.ts';
import { PACKAGING } from '../kit/given.ts';
import { longAgo, visit } from '../kit/long-ago.ts';
import { rest } from '../kit/manual-clock.ts';
import { memoryMemory, memoryVault } from '../kit/memory-vault.ts';
import { ana, marek } from '../kit/people.ts';
import { replicaOf } from '../kit/vault-of.ts';

const FILLER = 'Operary/Places/Filler 2.md';
const MAREK = 'Operary/People/Marek Zieliński.md';
const TASK = 'Operary/Tasks/2026/11/T-2 Belt slips.md';

async function plantWithTask() {
  const { plant } = await longAgo(1);
  await plant.run(
    task('belt')
      .create({ title: 'Belt slips', area: PACKAGING, equipment: 'Filler 2', assignee: { user: marek.id } })
      .by(ana),
  );
  return { plant, items: [...(await replicaOf(plant)).everything()] };
}

async function opened(disk: Disk) {
  const device = await visit(await plantWithTask(), 30, disk);
  for (let n = 0; n < 50; n++) await rest();
  return device;
}

test('what a task names is a link, and its note is there, so that backlinks tell its history', async () => {
  const disk = aDisk();
  await opened(disk);
  const { texts } = disk.vault;
  expect(texts.get(TASK)).toContain('> **For** [[Marek Zieliński]] · **at** leeds/packaging · [[Filler 2]]');
  expect(texts.get(FILLER)).toContain('**Filler 2**: what names this place.');
  expect(texts.get(FILLER)).toContain('file.hasLink(this.file)');
  expect(texts.get(MAREK)).toContain('- operary/people');
  // Names in properties stay words, which tables and other plugins compare.
  expect(texts.get(TASK)).toContain('assignee: "Marek Zieliński"');
});

test('[L12] they are made once: what people wrote stays, and what they deleted stays away', async () => {
  const disk = aDisk();
  (await opened(disk)).close();
  disk.vault.texts.set(FILLER, 'Mind the left guard.');
  disk.vault.texts.delete(MAREK);
  await opened(disk);
  expect(disk.vault.texts.get(FILLER)).toBe('Mind the left guard.');
  expect(disk.vault.texts.has(MAREK)).toBe(false);
});

test("a person's own note of that name is where the links lead: no second one is made", async () => {
  const disk = aDisk();
  disk.vault.texts.set('Machines/Filler 2.md', 'Bought in 2014.');
  await opened(disk);
  expect([...disk.vault.texts.keys()].filter((path) => path.endsWith('/Filler 2.md'))).toEqual([
    'Machines/Filler 2.md',
  ]);
});

test.each([
  ['leeds/packaging/filler-2', 'leeds-packaging-filler-2', 'leeds/packaging/filler-2'],
  ['Filler [2] #3|4', 'Filler 2 3 4', 'Filler 2 3 4'],
  ['../../etc', '-..-etc', 'etc'],
  ['مضخة ٣', 'مضخة ٣', 'مضخة ٣'],
  ['\u202eevil', 'evil', 'evil'],
  ['###', '', ''],
])('%s is called %s', (said, name, shown) => {
  expect(namesOf(said)).toEqual({ name, shown });
});

test('a name of any length is one that a file system takes', () => {
  expect(new TextEncoder().encode(namesOf('ü'.repeat(500)).name).length).toBeLessThanOrEqual(150);
});

test('two that are called alike share a note, and one that cannot be written is told, once', async () => {
  const [files, told] = [memoryVault(), [] as string[]];
  const attention = { tell: (_about: string, sentence: string) => void told.push(sentence) };
  const parts = { memory: memoryMemory(), breathe: () => Promise.resolve() };
  const things = createThings({ ...parts, files, attention });
  const at = (path: string) => ({ folder: 'Places' as const, ...namesOf(path) });
  things.want([at('a/b'), at('a-b')]);
  things.want([at('a/b')]);
  const full = { ...files, create: () => Promise.reject(new Error('no space left')) };
  const other = createThings({ ...parts, files: full, attention });
  other.want([at('c')]);
  other.want([at('c')]);
  for (let n = 0; n < 10; n++) await rest();
  expect([...files.texts.keys()]).toEqual(['Operary/Places/a-b.md']);
  expect(told).toEqual(['The note c could not be written: Error: no space left']);
});
