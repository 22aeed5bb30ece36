/** The auditor's view in the built plugin: the archive, the seal above its note, verification step by step, evidence taken out, what was changed. */
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect } from 'vitest';
import { apiOf } from '../kit/api.ts';
import type { OpenOptions, VaultClient } from './harness/client.ts';
import { noteOf, notice, picture } from './harness/looking.ts';
import { proxy, type Line } from './harness/net.ts';
import { browserSuite } from './harness/suite.ts';
import { AREA, buildRelease, dropRelease, openWorks, type Works } from './works.ts';

let release = '';
let works: Works;
let line: Line;
let token = '';
const { test, open } = browserSuite(async () => ({ pluginDir: (release = await buildRelease()) }));
beforeAll(async () => {
  works = await openWorks();
  line = await proxy(Number(new URL(works.server.url).port));
  await works.begun('Grease conveyor 4');
  await works.ana.post(`/v1/shifts/${works.shift}/log`, { text: 'Took over. Filler 3 jammed at 23:10.' });
  await works.sealShift();
  await works.tom.post(`/v1/shifts/${works.shift}/amend`, { text: 'Bolt found.', reason: 'Came up at breakfast.' });
  const next = await works.ana.post('/v1/shifts', {
    ...{ area: AREA, name: 'Early', from: '2026-11-22T06:00:00Z', to: '2026-11-22T14:00:00Z' },
  });
  await works.ana.post(`/v1/shifts/${next.id}/start`, {});
  await works.ana.post(`/v1/shifts/${next.id}/log`, { text: 'Nobody outside shall read this.' });
  const { token: admin } = await works.server.token({ org: works.org, slug: '', root: '', admin: '' }, 'admin');
  const host = apiOf(works.server.url, admin);
  const { id } = await host.post('/v1/users', { name: 'Aude Lambert', role: 'auditor' });
  ({ token } = await host.post<{ token: string }>('/v1/tokens', { user: id, role: 'auditor' }));
});
afterAll(async () => {
  await line.close();
  await works.close();
  await dropRelease(release);
});

const aude = (more: OpenOptions = {}): Promise<VaultClient> =>
  open({
    name: 'Vault of aude',
    data: { url: line.origin, secret: 'operary-token', root: '' },
    secrets: { 'operary-token': token },
    ...more,
  });
const card = (vault: VaultClient) => vault.page.locator('.operary-board .operary-card');
const press = (vault: VaultClient, name: string) => card(vault).getByRole('button', { name, exact: true }).click();
const says = (vault: VaultClient, pattern: RegExp) =>
  vault.until(async () => (await vault.modal.isOpen()) && pattern.test(await vault.modal.text()), {
    ...{ what: String(pattern), timeout: 15_000 },
  });
const both = async (vault: VaultClient, name: string): Promise<void> => {
  for (const theme of ['light', 'dark'] as const) {
    await vault.theme(theme);
    await picture(vault, `${name}-${theme}`);
  }
  await vault.theme('light');
};
const onBoard = async (more: OpenOptions = {}): Promise<{ vault: VaultClient; sealed: string }> => {
  const vault = await aude(more);
  const sealed = await noteOf(vault, 'Operary/Sealed/', '(sealed).md');
  await vault.run('operary:open-board');
  await vault.until(() => card(vault).count(), { what: 'the archive', is: 1, timeout: 15_000 });
  return { vault, sealed };
};

test('[L14] the board is an archive: what is sealed, by month, and nothing that runs or cannot be pressed', async () => {
  const { vault } = await onBoard();
  const board = vault.page.locator('.operary-board');
  const text = await board.innerText();
  expect(text).toMatch(
    /(January|February|March|April|May|June|July|August|September|October|November|December) \d{4}/i,
  );
  expect(text).toMatch(/Night[^]*Sealed by Tom Hughes, \d{4}-\d\d-\d\d \d\d:\d\d[^]*Not verified on this device yet\./);
  expect(text).not.toMatch(/Early|Report a problem|Log entry|Plan shift/);
  expect(await card(vault).getByRole('button').allInnerTexts()).toEqual([
    'Open',
    'Verify',
    'Export evidence',
    '1 late entry',
  ]);
  for (const path of await vault.files()) {
    expect(path).not.toContain('Early');
    if (path.endsWith('.md')) expect(await vault.read(path)).not.toContain('Nobody outside shall read this');
  }
  expect((await vault.files()).filter((path) => path.endsWith('.base'))).toEqual(['Operary/Shifts.base']);
  expect(await vault.statusText()).toBe('Stored');
  await both(vault, 'archive-desktop');
  const search = board.getByRole('searchbox', { name: 'Search the archive' });
  await search.fill('tom december 1999');
  expect(await board.innerText()).toContain('Nothing in the archive has these words.');
  await search.fill('NIGHT hughes');
  expect(await card(vault).count()).toBe(1);
  expect(vault.consoleErrors()).toEqual([]);
});

test('the sealed note says above itself who sealed it, when, and what was late, and leads there', async () => {
  const { vault, sealed } = await onBoard();
  await press(vault, 'Open');
  const banner = vault.page.locator('.operary-banner');
  await vault.until(() => banner.count(), { what: 'the banner', is: 1 });
  expect(await banner.innerText()).toMatch(/^Sealed by Tom Hughes, [^]*After the seal: 1 late entry\. Read on/);
  await both(vault, 'sealed-note-desktop');
  await banner.getByRole('link', { name: 'Read on' }).click();
  await vault.until(() => vault.editorText().then((text) => text.includes('Bolt found.')), { what: 'the addendum' });
  expect(await vault.read(sealed)).not.toContain('operary-banner');
});

test('[L9] verified step by step: the bundle is fetched once, then all of it is checked again without a network', async () => {
  const { vault } = await onBoard();
  await press(vault, 'Verify');
  await says(
    vault,
    /Valid in itself[^]*Not checked: the entries behind the report[^]*\d+ further checks need the evidence bundle$/,
  );
  expect(await vault.modal.text()).not.toContain('inclusion in the log');
  await vault.page.locator('.operary-unchecked summary').press('Enter');
  await says(vault, /further checks need the evidence bundle[^]*entries[^]*inclusion in the log/);
  await both(vault, 'verify-note-desktop');
  await vault.modal.press('Fetch the evidence bundle and check all of it');
  await says(vault, /Checked on this device: the files[^]*taken from the bundle itself: somebody[^]*this note/);
  await both(vault, 'verify-bundle-desktop');
  expect(await vault.modal.text()).not.toMatch(/Failed|Waiting|Running/);
  await vault.modal.close();
  expect(await card(vault).innerText()).toMatch(/Verified on this device [^]*: valid with reservations\./);
  line.cut();
  try {
    await vault.run('operary:open-board');
    await press(vault, 'Verify');
    await says(vault, /Checked on this device: the files[^]*device signatures/);
    await vault.modal.close();
    await press(vault, 'Export evidence');
    await says(vault, /Saved as Operary\/Evidence\//);
  } finally {
    line.heal();
  }
});

test('[L7] without a network and without a bundle it says so, and the note is checked all the same', async () => {
  const { vault } = await onBoard();
  line.cut();
  try {
    await press(vault, 'Verify');
    await says(vault, /Valid in itself/);
    await vault.modal.press('Fetch the evidence bundle and check all of it');
    await says(vault, /The server cannot be reached\. Try again when the connection is back\./);
    await vault.modal.close();
    await press(vault, 'Export evidence');
    await notice(vault, 'The evidence could not be exported. The server cannot be reached.');
  } finally {
    line.heal();
  }
});

test('[L9] the evidence is written as the zip that the server gives, with the lines that check it, and written once', async () => {
  const { vault, sealed } = await onBoard();
  await press(vault, 'Export evidence');
  await says(vault, /Saved as[^]*operary verify [^]*sha256sum -c manifest-sha256[^]*ssh-keygen -Y verify/);
  await both(vault, 'exported-desktop');
  await vault.modal.close();
  const zips = async () => (await vault.files()).filter((path) => path.startsWith('Operary/Evidence/'));
  const [path] = await zips();
  expect(path).toMatch(/^Operary\/Evidence\/\d{4}-\d\d-\d\d-leeds-packaging-Night\.zip$/);
  const bytes = await vault.page.evaluate(async (at) => {
    const { vault: files } = window.harness.app();
    return [...new Uint8Array(await files.readBinary(files.getFileByPath(at)!))];
  }, path!);
  expect(Object.keys(unzipSync(new Uint8Array(bytes))).some((name) => name.endsWith('/seal.txt'))).toBe(true);
  await vault.openNote(sealed);
  await vault.run('operary:export-evidence');
  await says(vault, /Saved as/);
  expect(await zips()).toEqual([path]);
});

test('[L12] of a sealed note that was changed the difference is shown in words and kept; also when it was found at the start', async () => {
  const { vault, sealed } = await onBoard();
  const truth = await vault.read(sealed);
  await vault.disk.write(sealed, truth.replace('jammed at 23:10', 'ran well at 23:10'));
  await vault.until(() => vault.read(sealed), { what: 'the truth again', is: truth });
  const offer = vault.page.locator('.operary-concern').getByRole('button', { name: 'Show difference' });
  await vault.until(() => offer.count(), { what: 'the offer', is: 1 });
  await offer.click();
  await says(vault, /Sealed[^]*jammed at 23:10[^]*Changed[^]*ran well at 23:10/);
  expect((await vault.page.locator('.operary-difference ins').allTextContents()).join(' ').trim()).toBe('ran well');
  await both(vault, 'difference-desktop');
  await vault.modal.close();
  await vault.disablePlugin();
  await vault.disk.write(sealed, truth.replace('Took over', 'Took under'));
  await vault.reload();
  await vault.until(() => vault.read(sealed), { what: 'the truth once more', is: truth, timeout: 15_000 });
  await vault.openNote(await noteOf(vault, 'Operary/Sealed/', '(edited copy 2).md'));
  await vault.run('operary:show-difference');
  await says(vault, /Took over[^]*Took under/);
});

test('on the smallest phone all of it fits, and is large enough for a thumb', async () => {
  const { vault } = await onBoard({ platform: 'ios', viewport: { width: 320, height: 640 } });
  const fits = (selector: string) =>
    vault.page.locator(selector).evaluate((el) => [el.scrollWidth <= el.clientWidth, document.body.scrollWidth <= 320]);
  expect(await fits('.operary-board')).toEqual([true, true]);
  // In one look: the board may be drawn anew at any moment.
  const heights = () =>
    card(vault)
      .getByRole('button')
      .evaluateAll((all) => all.map((el) => el.getBoundingClientRect().height));
  await vault.until(async () => (await heights()).length, { what: 'the buttons', is: 4 });
  expect(Math.min(...(await heights()))).toBeGreaterThanOrEqual(44);
  await both(vault, 'archive-phone');
  await card(vault).getByRole('button', { name: 'Verify', exact: true }).tap();
  await says(vault, /Valid in itself/);
  await vault.modal.press('Fetch the evidence bundle and check all of it');
  await says(vault, /Checked on this device: the files/);
  expect(await fits('.operary-checklist')).toEqual([true, true]);
  await both(vault, 'verify-phone');
  await vault.modal.close();
  await card(vault).getByRole('button', { name: 'Export evidence' }).tap();
  await says(vault, /Saved as/);
  expect(await fits('.operary-exported')).toEqual([true, true]);
  await both(vault, 'exported-phone');
});

test('what came after the bundle was fetched is told, and the bundle fetched anew when somebody asks', async () => {
  const { vault } = await onBoard();
  await press(vault, 'Export evidence');
  await says(vault, /Saved as/);
  await vault.modal.close();
  await works.tom.post(`/v1/shifts/${works.shift}/amend`, { text: 'And the nut.', reason: 'Found at lunch.' });
  await vault.until(async () => (await card(vault).innerText()).includes('2 late entries'), { what: '2 late entries' });
  await press(vault, 'Verify');
  await says(vault, /Not checked: what was recorded after this bundle was fetched\./);
  await vault.modal.press('Fetch the bundle anew');
  await says(vault, /Entries after the seal: 2, each in the log/);
  expect(await vault.modal.text()).not.toContain('recorded after this bundle');
});

test('[L7] a note that proves nothing by itself: without its record and a network it says what to do; once fetched, the record needs none', async () => {
  const { vault, sealed } = await onBoard();
  await vault.openNote(sealed.replace('/Sealed/', '/Shifts/').replace(' (sealed)', ''));
  line.cut();
  try {
    await vault.run('operary:verify-seal');
    await says(
      vault,
      /This device does not hold the sealed record yet, and the server cannot be reached\. Connect once/,
    );
    line.heal();
    await vault.modal.press('Try again');
    await says(vault, /Checked on this device: the files/);
    await vault.modal.close();
    line.cut();
    await vault.run('operary:verify-seal');
    await says(vault, /Checked on this device: the files[^]*inclusion in the log/);
  } finally {
    line.heal();
  }
});

test('[L9] the fingerprint is entered beside the check that needs it, checked at once, and kept for the next', async () => {
  const { vault } = await onBoard();
  await press(vault, 'Verify');
  await says(vault, /Compare SHA256:\S+ with a copy from outside and enter it above\./);
  expect(await vault.modal.text()).not.toContain('--root');
  const [own] = /SHA256:\S{43}/.exec((await vault.modal.text()).replace(/SHA256:…/g, ''))!;
  const field = vault.page.getByLabel('Fingerprint of your organisation', { exact: true });
  await field.fill('SHA256:abc');
  await vault.modal.press('Check with it');
  await says(vault, /A fingerprint begins with SHA256: and has 43 more characters\./);
  await field.fill(`SHA256:${'A'.repeat(43)}`);
  await field.press('Enter');
  await says(vault, /Not valid[^]*Wrong root: this was signed under/);
  await both(vault, 'verify-wrong-fingerprint');
  await field.fill(` ${own} `);
  await field.press('Enter');
  await says(vault, /Valid: every check holds\.[^]*, as given/);
  expect(await field.count()).toBe(0);
  expect(JSON.parse(await vault.read('.obsidian/plugins/operary/data.json'))).toMatchObject({ root: own });
  await vault.modal.close();
  await press(vault, 'Verify');
  await says(vault, /Valid: every check holds\./);
});

test('a check that waits for a slow line is cancelled at once, says so, and can be made again', async () => {
  const { vault, sealed } = await onBoard();
  const live = sealed.replace('/Sealed/', '/Shifts/').replace(' (sealed)', '');
  await vault.openNote(live);
  line.blackhole();
  try {
    await vault.run('operary:verify-seal');
    await says(vault, /Fetching the evidence bundle…/);
    await vault.modal.press('Cancel');
    await says(vault, /Cancelled\. Nothing is known of the steps that were not made\./);
  } finally {
    line.heal();
  }
  await vault.modal.press('Check again');
  await says(vault, /Checked on this device: the files/);
});
