/** Suggestions while somebody writes in a note: an entry, a link, a task worked, by `@`; and all places where it stays silent. */
import { afterEach, beforeEach, expect } from 'vitest';
import { counted } from './counted.ts';
import { enrols, peoplesText, SHIFT, task, toNotes } from './hands.ts';
import type { OpenOptions, VaultClient } from './harness/client.ts';
import { noteOf, notice, picture, says } from './harness/looking.ts';
import { releaseSuite } from './release-suite.ts';
import { AREA, openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

const rows = (vault: VaultClient) => vault.page.locator('.suggestion-item');
const shown = (vault: VaultClient): Promise<string[]> => rows(vault).allInnerTexts();
/** Told with what is shown, and what was typed, in place of "false". */
const offers = (vault: VaultClient, words: string): Promise<unknown> =>
  vault.until(
    async () => {
      const all = await shown(vault);
      return all.some((row) => row.includes(words)) || [...all, peoplesText(await vault.editorText())].join(' | ');
    },
    { what: `the offer "${words}"`, is: true, timeout: 10_000 },
  );
const peoples = async (vault: VaultClient): Promise<string> => peoplesText(await vault.editorText());
const reads = (vault: VaultClient, is: string): Promise<unknown> =>
  vault.until(() => peoples(vault), { what: "people's part", is, timeout: 10_000 });
const closed = (vault: VaultClient): Promise<boolean> =>
  vault.until(async () => !(await vault.modal.isOpen()), { what: 'the form to close', timeout: 10_000 });
const entries = async () =>
  (await works.ana.get<{ entries: { text: string }[] }>(`/v1/shifts/${works.shift}`)).entries.map(({ text }) => text);

/** With a note open, that of the shift, and the cursor where people write. */
async function writing(who: 'ana' | 'max', more: OpenOptions = {}, start = SHIFT): Promise<VaultClient> {
  const vault = await open(works.device(who, more));
  await vault.openNote(await noteOf(vault, start), 'source');
  await vault.until(async () => (await vault.editorText()).includes('operary:notes'), { what: "people's part" });
  await toNotes(vault);
  return vault;
}

test('an entry is written after an @ and logged in two actions; it leaves the text, and one undo brings that back', async () => {
  const vault = await writing('ana');
  const hands = counted(vault);
  await vault.type('Calm so far. @guard of conveyor 4 is loose');
  await offers(vault, 'Log entry: guard of conveyor 4 is loose');
  expect(await shown(vault)).toEqual([
    'Log entry: guard of conveyor 4 is loose',
    'Report problem: guard of conveyor 4 is loose',
  ]);
  await hands.key('Enter');
  expect(await vault.modal.value('Text')).toBe('guard of conveyor 4 is loose');
  expect(await entries()).toEqual([]);
  await hands.key('Enter');
  await closed(vault);
  hands.atMost(2);
  expect(await entries()).toEqual(['guard of conveyor 4 is loose']);
  await reads(vault, 'Calm so far. ');
  await says(vault, await noteOf(vault, SHIFT), 'guard of conveyor 4 is loose');
  await vault.type('');
  await vault.press('Control+z');
  await reads(vault, 'Calm so far. @guard of conveyor 4 is loose');
  expect(vault.consoleErrors()).toEqual([]);
}, 60_000);

test('a link is put in the place of the words, in one step; Escape leaves them, in the note and in a form', async () => {
  const { ref } = await works.task('Check pump P-101');
  const vault = await writing('ana');
  const note = await noteOf(vault, task(ref));
  const link = `[[${note.slice(note.lastIndexOf('/') + 1, -'.md'.length)}]]`;
  await vault.type('See @PUMP');
  await offers(vault, `${ref} Check pump P-101`);
  for (const theme of ['light', 'dark'] as const) {
    await vault.theme(theme);
    await picture(vault, `suggest-${theme}`);
  }
  await vault.press('Escape');
  expect(await shown(vault)).toEqual([]);
  expect(await peoples(vault)).toBe('See @PUMP');
  await vault.type(' ');
  await offers(vault, 'Log entry: PUMP');
  await vault.click('.suggestion-item >> text=Log entry');
  await vault.press('Escape');
  await closed(vault);
  expect(await peoples(vault)).toBe('See @PUMP ');
  await vault.type('1');
  await offers(vault, `${ref} Check pump P-101`);
  await vault.press('Enter');
  await reads(vault, `See ${link}`);
  await vault.press('Control+z');
  expect(await peoples(vault)).toBe('See @PUMP 1');
  expect(await entries()).toEqual([]);
}, 60_000);

test('on a phone without a network a task is worked by its verb: at once where nothing is asked, else by its form', async () => {
  const { id, ref } = await works.begun('Füllmaschinenhauptantriebslagertemperatur prüfen');
  const other = await works.task('استبدال محمل مضخة التعبئة');
  const size = { platform: 'android', viewport: { width: 320, height: 640 } } as const;
  const phone = await writing('max', size);
  await noteOf(phone, task(other.ref));
  await phone.online(false);
  await phone.type('@ack 2');
  await offers(phone, 'Acknowledge task');
  await phone.tap('.suggestion-item >> text=Acknowledge task');
  await notice(phone, 'Acknowledge task: saved here');
  await phone.until(() => peoples(phone), { what: 'the link', is: '[[T-2 استبدال محمل مضخة التعبئة]]' });
  await phone.type(' @complete FULL');
  await offers(phone, `Complete task: ${ref} Füllmaschinen`);
  await phone.dismissNotices();
  await picture(phone, 'suggest-phone');
  for (const row of await rows(phone).all()) {
    const box = (await row.boundingBox())!;
    expect(box.height, await row.innerText()).toBeGreaterThanOrEqual(44);
    expect(box.x + box.width).toBeLessThanOrEqual(320);
    expect(await row.evaluate((el) => el.scrollWidth - el.clientWidth)).toBe(0);
  }
  await phone.tap('.suggestion-item >> text=Complete task');
  await phone.modal.fill('Note', 'New bearing.');
  await phone.modal.press('Complete task');
  await closed(phone);
  await phone.until(async () => (await peoples(phone)).split('[[').length, { what: 'both links', is: 3 });
  expect(await peoples(phone)).not.toContain('@');
  await phone.online(true);
  await phone.until(() => works.status(id), { what: 'the task', is: 'closed', timeout: 15_000 });
}, 60_000);

test('a refusal says why, and the text is as it was', async () => {
  const { id } = await works.task('Check pump');
  const { ref } = await works.task('Sweep aisle 3');
  const vault = await writing('max', {}, task(ref));
  await vault.type('After @acknowledge pump');
  await offers(vault, 'Acknowledge task: T-1 Check pump');
  const first = await noteOf(vault, task('T-1'));
  await works.ana.post(`/v1/tasks/${id}/cancel`, { reasonCode: 'duplicate' });
  await says(vault, first, 'status: cancelled');
  await vault.press('Enter');
  await notice(vault, 'This task is cancelled.');
  expect(await peoples(vault)).toBe('After @acknowledge pump');
}, 60_000);

const silent = async (vault: VaultClient, text: string): Promise<void> => {
  await vault.type(text);
  await vault.until(async () => (await vault.editorText()).includes(text), { what: text });
  expect(await shown(vault), await vault.editorText()).toEqual([]);
};

test('it stays silent in an address, in code and in links, in our regions, and in notes that are not ours', async () => {
  await works.task('Check pump');
  const mine = '%% operary:notes %%\n\n%% /operary:notes %%\n';
  const vault = await writing('ana', { baseFiles: { 'Mine.md': mine } });
  await silent(vault, 'ana@leeds.example, code `@pump` and [[@pump');
  const end = (await vault.editorText()).indexOf('\n%% /operary:notes %%');
  await vault.replaceInEditor(end, end, '\n```\ncode \n```\nafter ');
  await vault.cursorAfter('\ncode ');
  await silent(vault, '@pump in code');
  await vault.cursorAfter('\nafter ');
  await vault.type('@pump');
  await offers(vault, 'Check pump');
  await vault.press('Escape');
  await vault.cursorAfter('**Crew** ');
  const before = await vault.editorText();
  await vault.type('@pump');
  expect(await shown(vault)).toEqual([]);
  expect(await vault.editorText()).toBe(before);
  await vault.openNote('Mine.md', 'source');
  await vault.cursorAfter('%% operary:notes %%\n');
  await silent(vault, '@pump');
}, 60_000);

test('on a locked tablet nothing is offered until somebody takes over', async () => {
  await works.begun('Check pump');
  const tablet = await writing('max', { platform: 'android' });
  await enrols(tablet, 'Ana Okafor', works.tokens.ana, '2580');
  await toNotes(tablet);
  await tablet.type('@pump');
  await offers(tablet, 'Check pump');
  await tablet.run('operary:lock');
  await tablet.type('s');
  await notice(tablet, 'locked');
  await tablet.press('Escape');
  expect(await shown(tablet)).toEqual([]);
  expect(await peoples(tablet)).toBe('@pump');
}, 60_000);

test('a sheet begins in the note that it is about; when it is signed the words are gone', async () => {
  const vault = await writing('ana');
  await vault.type('@sign');
  await offers(vault, 'Sign handover');
  await vault.press('Enter');
  await vault.until(async () => (await vault.modal.text()).includes('open 0'), { what: 'the sheet', timeout: 10_000 });
  expect(await peoples(vault)).toBe('@sign');
  await vault.modal.press('Sign handover');
  await closed(vault);
  await reads(vault, '');
}, 60_000);

test(`at most twenty of many, wherever they are in ${AREA}`, async () => {
  for (let i = 0; i < 30; i++) await works.task(`Check bearing ${i}`);
  const vault = await writing('max');
  await noteOf(vault, task('T-30'));
  await vault.type('@');
  await offers(vault, 'T-1 Check bearing 0');
  expect((await shown(vault)).length).toBeLessThan(12);
  await vault.type('packaging');
  await offers(vault, 'Log entry: packaging');
  expect((await shown(vault)).length).toBeLessThanOrEqual(20);
}, 60_000);

test('once closed it stays closed while news come into the note, so that Enter is a new line; another letter asks anew', async () => {
  await works.task('Check pump');
  const vault = await writing('ana');
  await vault.type('Look at @pump');
  await offers(vault, 'T-1 Check pump');
  await vault.press('Escape');
  await works.ana.post(`/v1/shifts/${works.shift}/log`, { text: 'Valve 3 is open' });
  await says(vault, await noteOf(vault, SHIFT), 'Valve 3 is open');
  expect(await shown(vault)).toEqual([]);
  await vault.press('Enter');
  await vault.type('and @pum');
  await offers(vault, 'T-1 Check pump');
  await vault.press('Escape');
  await reads(vault, 'Look at @pump\nand @pum');
}, 60_000);
