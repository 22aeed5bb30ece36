/** A shift in a cellar: hours without a network, a killed app, a purged store, a dead server; afterwards everybody sees the same, once. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import type { OpenOptions, VaultClient } from './harness/client.ts';
import type { Picked } from './harness/forms.ts';
import { agree, noteOf, notice, picture, says, status, times } from './harness/looking.ts';
import { aPhoto } from './harness/photo.ts';
import { proxy, type Line } from './harness/net.ts';
import { browserSuite } from './harness/suite.ts';
import { buildRelease, dropRelease, openMortalWorks, type MortalWorks } from './works.ts';

let release = '';
const { test: shortTest, open } = browserSuite(async () => ({ pluginDir: (release = await buildRelease()) }));
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
afterAll(() => dropRelease(release));

const SHIFT = 'Operary/Shifts/';
const task = (ref: string): string => `Operary/Tasks/${ref} `;
/** The engineer, over the line that is cut; the supervisor, beside the server. */
const engineer = async (more?: OpenOptions): Promise<VaultClient> => {
  const vault = await open(works.device('max', { name: 'Cellar', ...more }, line.origin));
  await status(vault, 'Stored');
  return vault;
};
const supervisor = async (): Promise<VaultClient> => {
  const vault = await open(works.device('ana', { name: 'Office' }));
  await status(vault, 'Stored');
  return vault;
};
async function logs(vault: VaultClient, text: string): Promise<void> {
  await vault.openNote(await noteOf(vault, SHIFT));
  await vault.run('operary:shifts-log');
  await vault.modal.fill('Text', text);
  await vault.modal.press('Log entry');
  await vault.until(async () => !(await vault.modal.isOpen()), { what: 'the form to close' });
}
const completes = async (vault: VaultClient, ref: string, note: string, photos: readonly Picked[] = []): Promise<void> => {
  await vault.openNote(await noteOf(vault, task(ref)));
  await vault.run('operary:tasks-complete');
  await vault.modal.fill('Note', note);
  if (photos.length) await vault.modal.attach('Evidence', photos);
  const shown = () => vault.page.locator('.operary-photo img').count();
  await vault.until(shown, { what: 'the photos in the form', is: photos.length });
  await picture(vault, 'cellar-form');
  await vault.modal.press('Complete task');
  await vault.until(async () => !(await vault.modal.isOpen()), { what: 'the form to close' });
};
const killed = async (vault: VaultClient, between: () => Promise<unknown> = () => Promise.resolve()): Promise<void> => {
  await vault.killPage();
  await between();
  await vault.reopen();
};
const SAID = ['Lockout set on P-101', 'Old seal was cracked', 'Pump runs dry, no leak'];
const WAITING = SAID.map((text) => `${text} · waiting to be sent`);
const OFFLINE = /^Offline since \d\d:\d\d$/;
const offlineWith = (waiting: number): RegExp => new RegExp(`^Offline since \\d\\d:\\d\\d · ${waiting} waiting$`);

/** Logs three actions and makes a task, all of it without a network. */
async function works3(vault: VaultClient): Promise<void> {
  for (const text of SAID) await logs(vault, text);
  await vault.run('operary:tasks-create');
  await vault.modal.fill('Title', 'Order a spare seal');
  await vault.modal.press('Create task');
  await notice(vault, 'saved here, and sent when there is a network, T-new.');
  await noteOf(vault, task('T-new'));
  await says(vault, await noteOf(vault, SHIFT), ...WAITING, '[[T-new Order a spare seal]]');
}

/** Everything in both vaults, once, and nothing waits or needs anybody. */
async function isStoredOnce(cellar: VaultClient, office: VaultClient): Promise<void> {
  await status(cellar, 'Stored');
  await status(office, 'Stored');
  await agree(cellar, office);
  const text = await office.read(await noteOf(office, SHIFT));
  for (const words of [...SAID, '[[T-2 Order a spare seal]]']) expect(times(text, words), words).toBe(1);
  expect(text).not.toContain('waiting');
  expect((await office.files()).filter((path) => path.includes('Order a spare seal'))).toEqual([
    'Operary/Tasks/T-2 Order a spare seal.md',
  ]);
  expect(await cellar.notices()).toEqual([]);
  expect(cellar.consoleErrors()).toEqual([]);
}

test('[L4, L6, L13] hours in a cellar: killed, half-open, the server dead in between; then all of it is there, once, for everybody', async () => {
  const { id, ref } = await works.begun('Replace seal on P-101');
  const [cellar, office] = [await engineer(), await supervisor()];
  line.cut();
  await status(cellar, OFFLINE);
  await works3(cellar);
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
  await isStoredOnce(cellar, office);
  await picture(cellar, 'cellar-stored');
  expect(await works.status(id)).toBe('closed');
  const name = createHash('sha256').update(photo.bytes).digest('hex');
  const file = await works.ana.ask('GET', `/v1/files/${name}`);
  expect(Buffer.from(await file.arrayBuffer()).equals(photo.bytes)).toBe(true);
});

test("the device's database is taken away in the cellar: the file in the vault brings every entry back", async () => {
  const [cellar, office] = [await engineer(), await supervisor()];
  await works.begun('Replace seal on P-101');
  line.cut();
  await status(cellar, OFFLINE);
  await works3(cellar);
  await killed(cellar, () => cellar.wipeIndexedDb());
  await status(cellar, offlineWith(4));
  await says(cellar, await noteOf(cellar, SHIFT), ...WAITING, '[[T-new Order a spare seal]]');
  line.heal();
  await cellar.run('operary:retry');
  await isStoredOnce(cellar, office);
});

test('[L4] an answer that is lost on the way is asked for again, and nothing is recorded twice', async () => {
  const [cellar, office] = [await engineer(), await supervisor()];
  line.swallow('down');
  await logs(cellar, 'Said into the dark');
  await says(office, await noteOf(office, SHIFT), 'Said into the dark');
  console.log(await cellar.statusText());
  await picture(cellar, 'cellar-answer-lost');
  await killed(cellar);
  console.log(await cellar.statusText());
  line.heal();
  await cellar.run('operary:retry');
  await status(cellar, 'Stored');
  await agree(cellar, office);
  expect(times(await office.read(await noteOf(office, SHIFT)), 'Said into the dark')).toBe(1);
  console.log(await cellar.notices());
});
