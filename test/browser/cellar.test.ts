/** A shift in a cellar: hours without a network, a killed app, a purged store, a dead server; afterwards everybody sees the same, once. */
import { afterAll, afterEach, beforeEach, expect } from 'vitest';
import type { OpenOptions, VaultClient } from './harness/client.ts';
import { noteOf, notice, picture, says, status, times } from './harness/looking.ts';
import { proxy, type Line } from './harness/net.ts';
import { browserSuite } from './harness/suite.ts';
import { buildRelease, dropRelease, openMortalWorks, type MortalWorks } from './works.ts';

let release = '';
const { test, open } = browserSuite(async () => ({ pluginDir: (release = await buildRelease()) }));
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
const PHOTO = { name: 'seal.jpg', type: 'image/jpeg', bytes: Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251) };
