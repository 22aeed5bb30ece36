/** The board in people's hands: what a locked tablet shows, what notices leave in sight, and what a keyboard and a screen reader meet. */
import type { Locator } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import { enrols, SHIFT, task } from './hands.ts';
import type { VaultClient } from './harness/client.ts';
import { noteOf, notice, picture } from './harness/looking.ts';
import { aPhoto } from './harness/photo.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

const boardOf = (vault: VaultClient): Locator => vault.page.locator('.operary-board');
const shows = (vault: VaultClient, words: string): Promise<unknown> =>
  vault.until(async () => (await boardOf(vault).innerText()).includes(words), { what: `"${words}" on the board` });
const buttons = async (vault: VaultClient): Promise<readonly string[]> =>
  (await boardOf(vault).getByRole('button').allInnerTexts()).map((text) => text.split('\n')[0]!);

const opened = (vault: VaultClient, words: string): Promise<unknown> =>
  vault.until(async () => (await vault.paneTexts()).some((text) => text.includes(`] ${words}`)), {
    what: `the note with "${words}"`,
  });

/** Max's tablet, which Ana uses too. */
async function shared(platform: 'android' | 'desktop'): Promise<VaultClient> {
  const tablet = await open(works.device('max', { platform }));
  await tablet.run('operary:open-board');
  await shows(tablet, 'Stored');
  await enrols(tablet, 'Ana Okafor', works.tokens.ana, '2580');
  return tablet;
}

test('a locked tablet shows who can take over and lets everybody read; nothing on it or in the palette would be refused', async () => {
  await works.begun('Replace seal on P-101');
  const tablet = await shared('android');
  await shows(tablet, 'Replace seal on P-101');
  await tablet.openNote(await noteOf(tablet, SHIFT));
  const acts = ['operary:tasks-create', 'operary:shifts-log', 'operary:lock'];
  expect(await tablet.commands()).toEqual(expect.arrayContaining(acts));
  await tablet.run('operary:lock');
  await shows(tablet, 'Locked');
  await picture(tablet, 'board-locked');
  expect(await buttons(tablet)).toEqual(['Max Meyer', 'Ana Okafor', 'Somebody else']);
  await shows(tablet, 'Night · leeds/packaging');
  const left = await tablet.commands();
  for (const command of acts) expect(left).not.toContain(command);
  expect(left).toEqual(expect.arrayContaining(['operary:take-over', 'operary:show-trail', 'operary:show-status']));
  await tablet.dismissNotices();
  await boardOf(tablet).getByRole('link', { name: 'Replace seal on P-101' }).tap();
  await opened(tablet, 'T-1 Replace seal');
});

test('on a phone notices leave the status and who is there in sight', async () => {
  const tablet = await shared('android');
  await tablet.run('operary:lock');
  await tablet.run('operary:show-status');
  await shows(tablet, 'Locked');
  await picture(tablet, 'board-notices');
  const notices = (await tablet.page.locator('.notice-container').boundingBox())!;
  expect(notices.height).toBeGreaterThan(0);
  for (const part of ['.operary-status-box', '.operary-who']) {
    const box = (await tablet.page.locator(part).boundingBox())!;
    expect(box.y, part).toBeGreaterThanOrEqual(notices.y + notices.height);
    const clear = await tablet.page.evaluate(
      ([x, y, selector]) => document.elementFromPoint(Number(x), Number(y))?.closest(String(selector)) !== null,
      [box.x + box.width / 2, box.y + box.height / 2, part],
    );
    expect(clear, part).toBe(true);
  }
});

test('by keyboard alone: the board is walked through, somebody takes over, and the place is kept while it is drawn anew', async () => {
  const laptop = await shared('desktop');
  await laptop.run('operary:lock');
  await shows(laptop, 'Locked');
  const { page } = laptop;
  const ana = boardOf(laptop).getByRole('button', { name: 'Ana Okafor' });
  await boardOf(laptop).getByRole('button', { name: 'Max Meyer' }).focus();
  await page.keyboard.press('Tab');
  expect(await ana.evaluate((el) => el === document.activeElement)).toBe(true);
  await page.keyboard.press('Enter');
  await page.getByLabel('PIN').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('2580');
  await page.keyboard.press('Enter');
  await notice(laptop, 'Ana Okafor has taken over.');
  await shows(laptop, 'Ana Okafor');

  const shift = boardOf(laptop).getByRole('group', { name: 'Night · leeds/packaging' });
  await shift.getByRole('button', { name: 'Log entry' }).focus();
  await works.begun('Replace seal on P-101');
  await shows(laptop, 'Replace seal on P-101');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Log entry');
  await boardOf(laptop).getByRole('link', { name: 'Replace seal on P-101' }).focus();
  await page.keyboard.press('Enter');
  await opened(laptop, 'T-1 Replace seal');
});

test('a form tells its fields to a screen reader, and a photo is taken out by a button under all of it that has its name', async () => {
  const { ref } = await works.begun('Replace seal on P-101');
  const laptop = await open(works.device('max'));
  await laptop.openNote(await noteOf(laptop, task(ref)));
  await laptop.run('operary:tasks-complete');
  const form = laptop.page.locator('.modal');
  await form.getByRole('textbox', { name: 'Note' }).waitFor();
  await form.getByRole('combobox', { name: 'How it was settled' }).waitFor();
  await laptop.modal.attach('Evidence', [aPhoto('old seal.png')]);
  const remove = form.getByRole('button', { name: 'Remove old seal.png' });
  await remove.waitFor();
  await form.locator('.operary-photo img').evaluate((image: HTMLImageElement) => image.decode());
  await picture(laptop, 'form-photo');
  const [image, button] = [await form.locator('.operary-photo img').boundingBox(), await remove.boundingBox()];
  expect([button!.x, button!.width]).toEqual([image!.x, image!.width]);
  await remove.click();
  expect(await form.locator('.operary-photo').count()).toBe(0);
});
