/** Context menus: of a card on the board, of a note, and of a link to a note. */
import { afterEach, beforeEach, expect } from 'vitest';
import { completes, enrols, SHIFT, task } from './hands.ts';
import type { VaultClient } from './harness/client.ts';
import { noteOf, picture } from './harness/looking.ts';
import { aPhoto } from './harness/photo.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

const offered = (vault: VaultClient): Promise<readonly string[]> =>
  vault.page.locator('.menu .menu-item').allInnerTexts();

test('a card offers what may be done about it, by mouse and by keyboard', async () => {
  const { id, ref } = await works.task('Grease conveyor 4');
  const vault = await open(works.device('max'));
  await noteOf(vault, task(ref));
  await vault.run('operary:open-board');
  const card = vault.page.locator('.operary-card', { hasText: 'Grease conveyor 4' });
  await card.click({ button: 'right' });
  await picture(vault, 'menu-desktop');
  const names = await offered(vault);
  expect(names[0]).toBe(`${ref} Grease conveyor 4`);
  expect(names).toEqual(expect.arrayContaining(['Acknowledge task', 'Show trail']));
  expect(names).not.toContain('Verify task');
  expect(names).not.toContain('Show photos');
  await vault.page.locator('.menu .menu-item', { hasText: 'Acknowledge task' }).click();
  await vault.until(() => works.status(id), { what: 'the task', is: 'acknowledged' });
  await card.getByRole('button', { name: 'Start task' }).waitFor();
  await card.locator('.operary-link').focus();
  await vault.press('ContextMenu');
  await vault.page.locator('.menu .menu-item', { hasText: 'Start task' }).waitFor();
  expect(vault.consoleErrors()).toEqual([]);
});

test('so does a link to a note, in the editor and where it is read; a note of people has nothing of ours', async () => {
  const { ref } = await works.begun('Grease conveyor 4');
  const vault = await open(works.device('max'));
  const [note, ofShift] = [await noteOf(vault, task(ref)), await noteOf(vault, SHIFT)];
  await vault.disk.write('Mine.md', `See [[${note.slice(note.lastIndexOf('/') + 1, -3)}|the conveyor]] today`);
  const isNoticed = () => vault.page.evaluate(() => window.harness.app().vault.getFileByPath('Mine.md') !== null);
  await vault.until(isNoticed, { what: 'the note', is: true });
  await vault.openNote('Mine.md', 'source');
  const menu = (at: number) =>
    vault.page.evaluate((ch) => {
      window.harness.view().editor.setCursor({ line: 0, ch });
      window.harness.menuOfEditor();
    }, at);
  await menu(8);
  expect(await offered(vault)).toEqual(expect.arrayContaining([`${ref} Grease conveyor 4`, 'Complete task']));
  await vault.page.mouse.click(900, 700);
  await menu(1);
  expect(await offered(vault)).toEqual([]);
  await vault.page.evaluate((path) => window.harness.menuOfFile(path, 'link-context-menu'), ofShift);
  expect(await offered(vault)).toEqual(expect.arrayContaining(['Log entry', 'Show trail']));
});

test('a note of ours has a sign at its top that opens them, also on a phone; a note of people has none, and with the plugin off it is gone', async () => {
  const { ref, id } = await works.task('Replace seal on P-101');
  const phone = await open(works.device('max', { platform: 'android', viewport: { width: 320, height: 640 } }));
  const sign = phone.page.locator('.view-action[aria-label="What can be done with this"]');
  const signs = (count: number) => phone.until(() => sign.count(), { what: 'signs', is: count });
  await phone.openNote(await noteOf(phone, task(ref)));
  await sign.tap();
  await phone.tap('.menu .menu-item >> text=Acknowledge task');
  await phone.until(() => works.status(id), { what: 'the task', is: 'acknowledged' });
  await phone.openNote(await noteOf(phone, SHIFT));
  await signs(1);
  await phone.disk.write('Mine.md', 'Milk');
  const isNoticed = () => phone.page.evaluate(() => window.harness.app().vault.getFileByPath('Mine.md') !== null);
  await phone.until(isNoticed, { what: 'the note', is: true });
  await phone.openNote('Mine.md');
  await signs(0);
  await phone.openNote(await noteOf(phone, SHIFT));
  await signs(1);
  await phone.disablePlugin();
  await signs(0);
});

test('where there are photos they are offered; while the device is locked, only what may be read', async () => {
  const { ref } = await works.begun('Grease conveyor 4');
  const vault = await open(works.device('max'));
  await completes(vault, ref, 'Greased', [aPhoto('grease.png')]);
  const note = await noteOf(vault, task(ref));
  await vault.page.evaluate((path) => window.harness.menuOfFile(path, 'more-options'), note);
  const names = await offered(vault);
  expect(names).toEqual(expect.arrayContaining(['Add note to task', 'Show trail', 'Show photos']));
  await vault.page.mouse.click(900, 700);
  await enrols(vault, 'Ana Okafor', works.tokens.ana, '2580');
  await vault.run('operary:lock');
  await vault.page.evaluate((path) => window.harness.menuOfFile(path, 'more-options'), note);
  expect(await offered(vault)).toEqual([names[0], 'Show trail', 'Show photos']);
});
