/** A shift in a cellar: hours without a network, a killed app, a purged store, a dead server; afterwards everybody sees the same, once. */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect } from 'vitest';
import type { VaultClient } from './harness/client.ts';
import { agree, noteOf, notice, picture, says, status, times } from './harness/looking.ts';
import { aPhoto } from './harness/photo.ts';
import { proxy, type Line } from './harness/net.ts';
import { completes, creates, joined, killed, logs, SHIFT, task } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openMortalWorks, type MortalWorks } from './works.ts';

const { test: shortTest, open } = releaseSuite();
/** Several starts of the app and of the server. */
const test = (name: string, body: () => Promise<void>) => shortTest(name, body, 90_000);
let works: MortalWorks;
let line: Line;
beforeEach(async () => {
  works = await openMortalWorks();
  line = await proxy(works.port);
});
afterEach(async () => {
  await line.close();
  await works.close();
});

/** The engineer, over the line that is cut; the supervisor, beside the server. */
const engineer = (): Promise<VaultClient> =>
  joined(works, () => open(works.device('max', { name: 'Cellar' }, line.origin)));
const supervisor = (): Promise<VaultClient> => joined(works, () => open(works.device('ana', { name: 'Office' })));
const SAID = ['Lockout set on P-101', 'Old seal was cracked', 'Pump runs dry, no leak'];
const WAITING = SAID.map((text) => `${text} · waiting to be sent`);
const OFFLINE = /^Offline since \d\d:\d\d$/;
const offlineWith = (waiting: number): RegExp => new RegExp(`^Offline since \\d\\d:\\d\\d · ${waiting} waiting$`);

/** Logs three actions and makes a task, all of it without a network. */
async function recordsFour(vault: VaultClient): Promise<void> {
  for (const text of SAID) await logs(vault, text);
  await creates(vault, 'Order a spare seal');
  await notice(vault, 'Create task: saved here, and sent when there is a network, T-new.');
  await noteOf(vault, task('T-new'));
  await says(vault, await noteOf(vault, SHIFT), ...WAITING, '[[T-new Order a spare seal]]');
}

/** Everything in both vaults, once, and nothing waits or needs anybody. */
async function isStoredOnce(cellar: VaultClient, office: VaultClient, made: string): Promise<void> {
  await status(cellar, 'Stored');
  await status(office, 'Stored');
  await agree(cellar, office);
  const text = await office.read(await noteOf(office, SHIFT));
  for (const words of [...SAID, `[[${made} Order a spare seal]]`]) expect(times(text, words), words).toBe(1);
  expect(text).not.toContain('waiting');
  expect((await office.files()).filter((path) => path.includes('Order a spare seal'))).toEqual([
    `${task(made)}Order a spare seal.md`,
  ]);
  expect(await cellar.notices()).toEqual([]);
  expect(cellar.consoleErrors()).toEqual([]);
}

test('[L4, L6, L13] hours in a cellar: killed, half-open, the server dead in between; then all of it is there, once, for everybody', async () => {
  const { id, ref } = await works.begun('Replace seal on P-101');
  const [cellar, office] = [await engineer(), await supervisor()];
  line.cut();
  await status(cellar, OFFLINE);
  await recordsFour(cellar);
  const photo = aPhoto();
  await completes(cellar, ref, 'New seal fitted', [photo]);
  await says(cellar, await noteOf(cellar, task(ref)), 'completed: New seal fitted · waiting to be sent');
  await status(cellar, offlineWith(6));
  await picture(cellar, 'cellar-waiting-task');

  await killed(cellar);
  await status(cellar, offlineWith(6));
  const shift = await noteOf(cellar, SHIFT);
  await says(cellar, shift, ...WAITING, '[[T-new Order a spare seal]]', '- [x] [[T-1');
  await cellar.openNote(shift, 'preview');
  await picture(cellar, 'cellar-waiting-shift');

  line.swallow();
  await cellar.run('operary:retry');
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(await cellar.statusText()).toMatch(/ · 6 waiting$/);
  await picture(cellar, 'cellar-half-open');
  await works.killServer();
  await works.startServer();
  line.heal();
  await cellar.run('operary:retry');
  await isStoredOnce(cellar, office, 'T-2');
  await picture(cellar, 'cellar-stored');
  expect(await works.status(id)).toBe('closed');
  const name = createHash('sha256').update(photo.bytes).digest('hex');
  const file = await works.ana.ask('GET', `/v1/files/${name}`);
  expect(Buffer.from(await file.arrayBuffer()).equals(photo.bytes)).toBe(true);
});

test("the device's database is taken away in the cellar: the file in the vault brings every entry back", async () => {
  const [cellar, office] = [await engineer(), await supervisor()];
  line.cut();
  await status(cellar, OFFLINE);
  await recordsFour(cellar);
  const before = await cellar.read(await noteOf(cellar, task('T-new')));
  await killed(cellar, () => cellar.wipeIndexedDb());
  await status(cellar, offlineWith(4));
  // Time enough to write notes from what is left.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await says(cellar, await noteOf(cellar, SHIFT), ...WAITING, '[[T-new Order a spare seal]]');
  expect(await cellar.read(await noteOf(cellar, task('T-new')))).toBe(before);
  line.heal();
  await cellar.run('operary:retry');
  await isStoredOnce(cellar, office, 'T-1');
});

test('[L4] an answer that is lost on the way is asked for again, and nothing is recorded twice', async () => {
  const [cellar, office] = [await engineer(), await supervisor()];
  line.swallow('down');
  await logs(cellar, 'Said into the dark');
  await says(office, await noteOf(office, SHIFT), 'Said into the dark');
  await status(cellar, 'Saved here · 1 waiting');
  await picture(cellar, 'cellar-answer-lost');
  await killed(cellar);
  line.heal();
  await cellar.run('operary:retry');
  await status(cellar, 'Stored');
  await agree(cellar, office);
  expect(times(await office.read(await noteOf(office, SHIFT)), 'Said into the dark')).toBe(1);
  expect(await cellar.notices()).toEqual([]);
});

test('a photo that was taken away with the database before it could be sent is missed in words', async () => {
  const { id, ref } = await works.begun('Replace seal on P-101');
  const cellar = await engineer();
  line.cut();
  await status(cellar, OFFLINE);
  await completes(cellar, ref, 'New seal fitted', [aPhoto('old seal.png')]);
  await status(cellar, offlineWith(2));
  await killed(cellar, () => cellar.wipeIndexedDb());
  line.heal();
  await cellar.run('operary:retry');
  await cellar.until(() => works.status(id), { what: 'the task on the server', is: 'closed', timeout: 15_000 });
  const words = async () => (await cellar.notices()).some((text) => /photo|file/i.test(text) && text.includes('gain'));
  await cellar.until(words, { what: 'words about the photo', timeout: 15_000 });
});
