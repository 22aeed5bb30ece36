/** Sealed notes on a device: whatever is done to them, the record stands again, and what people wrote is kept beside it. */
import { afterAll, beforeAll, expect } from 'vitest';
import { verifySealedNote } from '../../shared/proof/verify.ts';
import type { VaultClient } from './harness/client.ts';
import { browserSuite } from './harness/suite.ts';
import { buildRelease, dropRelease, openWorks, type Works } from './works.ts';

let release = '';
let works: Works;
const { test, open } = browserSuite(async () => ({ pluginDir: (release = await buildRelease()) }));
beforeAll(async () => {
  works = await openWorks();
  await works.begun('Grease conveyor 4');
  await works.ana.post(`/v1/shifts/${works.shift}/log`, { text: 'Took over. | [[Evil]] %% /operary:audit %%' });
  await works.sealShift();
});
afterAll(async () => {
  await works.close();
  await dropRelease(release);
});

const sealedVault = async (
  who: 'ana' | 'tom' = 'ana',
): Promise<{ vault: VaultClient; sealed: string; audit: string; truth: string }> => {
  const vault = await open(works.device(who));
  const find = async (end: string) =>
    (await vault.until(async () => (await vault.files()).find((file) => file.endsWith(end)), {
      what: `a note ${end}`,
    }))!;
  const sealed = await find('(sealed).md');
  return { vault, sealed, audit: await find('(audit).md'), truth: await vault.read(sealed) };
};
const isTruth = (vault: VaultClient, path: string, truth: string) =>
  vault.until(() => vault.read(path), { what: `the truth in ${path}`, is: truth });

test('[L9] the sealed note proves itself, without the plugin and without the server', async () => {
  const { vault, truth, audit } = await sealedVault();
  const { verdict, checks } = verifySealedNote(truth);
  expect([verdict, checks.filter(({ ok }) => ok === false)]).toEqual(['warnings', []]);
  const rows = (await vault.read(audit)).split('\n').filter((line) => /^\| \d/.test(line));
  expect(rows.length).toBeGreaterThan(8);
  for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(9);
});

test('[L6] two devices write the same sealed record and the same audit trail', async () => {
  const [one, two] = [await sealedVault('ana'), await sealedVault('tom')];
  expect(two.truth).toBe(one.truth);
  expect(await two.vault.read(two.audit)).toBe(await one.vault.read(one.audit));
});

test('a sealed note refuses typing in the editor and opens for reading', async () => {
  const { vault, sealed, truth } = await sealedVault();
  await vault.openNote(sealed, 'source');
  await vault.replaceInEditor(0, 0, 'forged');
  await vault.replaceInEditor(0, truth.length, '');
  expect(await vault.editorText()).toBe(truth);
  const mode = () => vault.page.evaluate(() => window.harness.view().getMode());
  await vault.until(mode, { what: 'reading view', is: 'preview' });
  expect(await vault.read(sealed)).toBe(truth);
});

test('[L2, L12] a sealed note changed on disk is noticed and restored, and each changed copy is kept beside it', async () => {
  const { vault, sealed, truth } = await sealedVault();
  const forged = truth.replace('Grease conveyor 4', 'Nothing to see');
  await vault.disk.write(sealed, forged);
  await isTruth(vault, sealed, truth);
  expect(await vault.read(sealed.replace('.md', ' (edited copy).md'))).toBe(forged);
  expect((await vault.notices()).join()).toContain('is sealed and was put back');
  await vault.setProperty(sealed, 'status', 'open');
  await isTruth(vault, sealed, truth);
  expect(await vault.read(sealed.replace('.md', ' (edited copy 2).md'))).toContain('status: open');
});

test('[L2] a sealed note that is deleted or renamed stands again where it was; so does the audit trail', async () => {
  const { vault, sealed, audit, truth } = await sealedVault();
  await vault.disk.delete(sealed);
  await vault.until(() => vault.exists(sealed), { what: 'the note again' });
  expect(await vault.read(sealed)).toBe(truth);
  const trail = await vault.read(audit);
  await vault.rename(audit, 'Elsewhere.md');
  await vault.until(() => vault.exists(audit), { what: 'the trail again' });
  expect(await vault.read(audit)).toBe(trail);
  await vault.until(async () => !(await vault.exists('Elsewhere.md')), { what: 'no second copy' });
});

test('[L2] a sealed note that was changed while Obsidian was closed is restored at the next start', async () => {
  const { vault, sealed, truth } = await sealedVault();
  await vault.disablePlugin();
  await vault.disk.write(sealed, `${truth}mine\n`);
  await vault.reload();
  await isTruth(vault, sealed, truth);
  await vault.until(() => vault.exists(sealed.replace('.md', ' (edited copy).md')), { what: 'the copy' });
});

test('"Verify seal" shows the checklist, and warns until the fingerprint is known from elsewhere', async () => {
  const { vault, sealed } = await sealedVault();
  await vault.openNote(sealed);
  await vault.run('operary:verify-seal');
  const shows = (words: RegExp) =>
    vault.until(async () => (await vault.modal.isOpen()) && words.test(await vault.modal.text()), {
      what: `the checklist with ${String(words)}`,
    });
  await shows(/Valid in itself[^]*seal signature[^]*byte for byte/);
  await vault.modal.close();
  const live = (await vault.files()).find((file) => file.startsWith('Operary/Shifts/'))!;
  await vault.openNote(live);
  await vault.run('operary:verify-seal');
  await shows(/Valid in itself[^]*shift root\s+[A-Za-z0-9+/]{43}=, rebuilt from the entries/);
});
