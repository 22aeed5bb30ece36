/** Proves what happens to notes: files and their events, the editor, properties, reading view and Live Preview. */
import { expect } from 'vitest';
import { sampleRelease, seen, shiftNote } from './sample-plugin.ts';
import { browserSuite } from './suite.ts';

const { test, open } = browserSuite(async () => ({ pluginDir: await sampleRelease() }));

test('typing lands in the editor and, later, on the disk; in a guarded region it does nothing', async () => {
  const vault = await open({ baseFiles: { 'Shift.md': shiftNote } });
  await vault.openNote('Shift.md');
  await vault.cursorAfter('free text');
  await vault.type(' of people');
  await vault.cursorAfter('06:02');
  await vault.type('FORGED');
  await vault.until(() => vault.read('Shift.md'), {
    what: 'the saved note',
    is: shiftNote.replace('free text', 'free text of people'),
  });
  const text = await vault.editorText();
  await vault.replaceInEditor(0, text.length, '');
  expect(await vault.editorText()).toBe('%% guarded %%\n- 06:02 generated\n%% /guarded %%');
});

test('another program writes: the bytes are there at once, the event and the open note follow', async () => {
  const vault = await open({ baseFiles: { 'Shift.md': shiftNote } });
  await vault.openNote('Shift.md');
  await vault.disk.write('Shift.md', shiftNote.replace('06:02 generated', '06:03 synced'), 300);
  expect(await vault.read('Shift.md')).toContain('06:03 synced');
  expect(await seen(vault)).not.toContain('modify Shift.md');
  await vault.until(() => seen(vault), { what: 'the event' });
  await vault.until(async () => (await seen(vault)).includes('modify Shift.md'), { what: 'the modify event' });
  expect(await vault.editorText()).toContain('06:03 synced');
});

test('another program writes under a dirty editor: both edits stay', async () => {
  const vault = await open({ baseFiles: { 'Shift.md': shiftNote }, saveDelayMs: 400 });
  await vault.openNote('Shift.md');
  await vault.cursorAfter('free text');
  await vault.type(' typed');
  await vault.disk.write('Shift.md', shiftNote.replace('after', 'after, from outside'), 0);
  const both = shiftNote.replace('free text', 'free text typed').replace('after', 'after, from outside');
  await vault.until(() => vault.read('Shift.md'), { what: 'both edits', is: both });
  expect((await vault.notices()).join()).toContain('modified externally');
});

test('rename and delete by other programs and by the app arrive as events, and links follow the app', async () => {
  const vault = await open({
    baseFiles: { 'Shift.md': 'see [[Pump]] and [[Pump|the pump]]', 'Pump.md': 'p', 'Old.md': 'o' },
  });
  await vault.openNote('Pump.md');
  await vault.rename('Pump.md', 'Pump 101.md');
  await vault.until(() => vault.read('Shift.md'), { what: 'links', is: 'see [[Pump 101]] and [[Pump 101|the pump]]' });
  await vault.disk.rename('Old.md', 'New.md', 0);
  await vault.until(async () => (await seen(vault)).includes('create New.md'), { what: 'the new file' });
  await vault.disk.delete('New.md', 0);
  await vault.until(async () => (await seen(vault)).includes('delete New.md'), { what: 'the deletion' });
  expect(await seen(vault)).toEqual(expect.arrayContaining(['rename Pump.md to Pump 101.md', 'delete Old.md']));
  expect(await vault.page.locator('.mod-root .view-header-title').first().innerText()).toBe('Pump 101');
  await vault.trash('Shift.md');
  expect(await vault.files()).toEqual(['Pump 101.md']);
  expect(await vault.disk.paths()).toContain('.trash/Shift.md');
});

test('a property set in the panel reaches file and cache without an editor edit; a guard cannot stop it', async () => {
  const vault = await open({ baseFiles: { 'Shift.md': shiftNote, 'Other.md': '---\nstatus: open\n---\n' } });
  await vault.openNote('Shift.md');
  await vault.setProperty('Shift.md', 'status', 'sealed');
  await vault.until(async () => (await seen(vault)).includes('changed Shift.md sealed'), { what: 'the cache' });
  expect(await vault.read('Shift.md')).toBe(shiftNote.replace('status: open', 'status: sealed'));
  expect(await vault.page.locator('[data-property-key=status] input').inputValue()).toBe('sealed');
  await vault.page.locator('[data-property-key=status] input').fill('done');
  await vault.press('Enter');
  await vault.until(async () => (await vault.read('Shift.md')).includes('status: done'), { what: 'the panel edit' });
  await vault.setProperty('Other.md', 'status', 'closed');
  expect(await vault.read('Other.md')).toBe('---\nstatus: closed\n---\n');
});

test('checkboxes: the reading view edits the text, the editor dispatches a transaction', async () => {
  const vault = await open({ baseFiles: { 'Shift.md': shiftNote } });
  await vault.tickCheckbox('Shift.md', 'grease');
  await vault.until(async () => (await vault.read('Shift.md')).includes('- [x] grease'), { what: 'the tick' });
  await vault.toggleCheckboxInEditor('Shift.md', 'check oil');
  await vault.until(async () => (await vault.read('Shift.md')).includes('- [ ] check oil'), { what: 'the toggle' });
});

test('the reading view: hidden comments, links, callouts, tables, post-processors, and panels with a life', async () => {
  const note = `${shiftNote}\n> [!warning] Mind the [[Pump]]\n> it leaks\n\n*stress* ==mark== #tag/a\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n`;
  const vault = await open({ baseFiles: { 'Shift.md': note } });
  await vault.openNote('Shift.md', 'preview');
  const text = await vault.readingText();
  expect(text).not.toContain('%%');
  expect(text).toContain('06:02 generated');
  const dom = vault.page.locator('.mod-root .markdown-preview-view');
  expect(await dom.locator('.callout[data-callout=warning] .callout-title').innerText()).toBe('Mind the Pump');
  expect(await dom.locator('.callout-content').innerText()).toBe('it leaks');
  expect(await dom.locator('em.sample-em, mark, a.tag, table td').count()).toBe(5);
  expect(await dom.locator('.sample-panel').innerText()).toBe('Panel: one');
  await dom.locator('.sample-panel').evaluate((el) => el.setAttribute('data-kept', 'yes'));
  await vault.disk.write('Shift.md', note.replace('free text', 'other text'), 0);
  await vault.until(async () => (await vault.readingText()).includes('other text'), { what: 'the new text' });
  expect(await dom.locator('.sample-panel[data-kept]').count()).toBe(1);
  await vault.disk.write('Shift.md', note.replace('one', 'two'), 0);
  const lives = async () => (await seen(vault)).filter((line) => line.includes('load'));
  await vault.until(lives, { what: 'the panel', is: ['load one', 'load two', 'unload one'] });
  await dom.locator('.callout a.internal-link').click();
  await vault.until(() => vault.exists('Pump.md'), { what: 'the note made by following its link' });
});

test('Live Preview shows the panel too, and raw text when the cursor is in it', async () => {
  const vault = await open({ baseFiles: { 'Shift.md': shiftNote } });
  await vault.openNote('Shift.md');
  expect(await vault.page.locator('.cm-editor .sample-panel').innerText()).toBe('Panel: one');
  expect(await vault.page.locator('.cm-content').innerText()).not.toContain('status: open');
  await vault.cursorAfter('```sample');
  await vault.until(() => vault.page.locator('.cm-editor .sample-panel').count(), { what: 'the source', is: 0 });
});

test('a table cell in Live Preview is an editor of its own that names the host as its owner', async () => {
  const vault = await open({ baseFiles: { 'T.md': 'top\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n' } });
  await vault.openNote('T.md');
  await vault.click('.cm-editor td >> text=2');
  await vault.press('End');
  await vault.page.keyboard.type('3');
  expect(await vault.page.locator('.cm-editor .cm-editor').innerText()).toBe('23');
  await vault.cursorAfter('top');
  await vault.until(() => vault.read('T.md'), {
    what: 'the cell',
    is: 'top\n\n| a | b |\n| --- | --- |\n| 1 | 23 |\n',
  });
});

test('writes: CRLF stays, process is atomic, two thousand notes take less than a second', async () => {
  const vault = await open({ baseFiles: { 'Crlf.md': 'a\r\nb\r\n', 'Count.md': '0' } });
  const took = await vault.page.evaluate(async () => {
    const { vault: files } = window.harness.app();
    const file = files.getFileByPath('Count.md');
    if (!file) throw new Error('no Count.md');
    await Promise.all(Array.from({ length: 50 }, () => files.process(file, (text) => String(Number(text) + 1))));
    const start = performance.now();
    await Promise.all(Array.from({ length: 2000 }, (_, at) => files.create(`n${at}.md`, `note ${at}`)));
    return performance.now() - start;
  });
  expect(await vault.read('Count.md')).toBe('50');
  expect(await vault.read('Crlf.md')).toBe('a\r\nb\r\n');
  expect(took).toBeLessThan(1000);
});
