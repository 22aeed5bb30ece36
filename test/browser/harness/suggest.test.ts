/** Proves suggestions while typing: what opens them, what closes them, and what keys and fingers do. */
import { expect } from 'vitest';
import type { VaultClient } from './client.ts';
import { sampleRelease, seen } from './sample-plugin.ts';
import { browserSuite } from './suite.ts';

const main = String.raw`
const obsidian = require('obsidian');
class Towns extends obsidian.EditorSuggest {
  constructor(app, sign, plugin) {
    super(app);
    this.sign = sign;
    this.plugin = plugin;
    this.limit = 3;
    this.setInstructions([{ command: 'esc', purpose: 'to leave' }]);
  }
  onTrigger(cursor, editor, file) {
    const before = editor.getLine(cursor.line).slice(0, cursor.ch);
    const at = before.lastIndexOf(this.sign);
    if (at < 0) return null;
    return { start: { line: cursor.line, ch: at }, end: cursor, query: before.slice(at + 1) };
  }
  getSuggestions({ query, file }) {
    const towns = ['Leeds', 'York', 'Hull', 'Ripon'].filter((town) => town.toLowerCase().startsWith(query));
    this.plugin.seen.push(this.sign + query + ' ' + file.path);
    return this.sign === '&' ? new Promise((resolve) => window.setTimeout(() => resolve(towns), query ? 10 : 300)) : towns;
  }
  renderSuggestion(town, el) { el.setText(this.sign + town); }
  selectSuggestion(town) {
    const { editor, start, end } = this.context;
    this.close();
    editor.replaceRange(town, start, end);
  }
}
module.exports = class extends obsidian.Plugin {
  onload() {
    this.seen = [];
    for (const sign of ['!', '&', '!']) this.registerEditorSuggest(new Towns(this.app, sign, this));
  }
};`;

const { test, open } = browserSuite(async () => ({ pluginDir: await sampleRelease({ main }) }));
const shown = (vault: VaultClient): Promise<string[]> => vault.page.locator('.suggestion-item').allInnerTexts();
const shows = (vault: VaultClient, is: string[]): Promise<unknown> =>
  vault.until(() => shown(vault), { what: 'the suggestions', is });
const marked = (vault: VaultClient): Promise<string> => vault.page.locator('.suggestion-item.is-selected').innerText();

async function opened(platform: 'desktop' | 'android' = 'desktop'): Promise<VaultClient> {
  const vault = await open({ platform, baseFiles: { 'A.md': 'one !\ntwo\n' } });
  await vault.openNote('A.md', 'source');
  await vault.cursorAfter('two');
  return vault;
}

test('typing opens them, at most as many as wanted; the first that takes the place has it; a cursor that leaves closes them', async () => {
  const vault = await opened();
  await vault.type(' !');
  await shows(vault, ['!Leeds', '!York', '!Hull']);
  expect(await vault.page.locator('.suggestion-container').count()).toBe(1);
  expect(await vault.page.locator('.suggestion-container .prompt-instructions').innerText()).toContain('to leave');
  await vault.type('yo');
  await shows(vault, ['!York']);
  await vault.press('Home');
  await shows(vault, []);
  await vault.press('ArrowUp');
  await vault.press('End');
  expect(await shown(vault)).toEqual([]);
  expect(await seen(vault)).toEqual(['! A.md', '!y A.md', '!yo A.md']);
  await vault.type('zz');
  await shows(vault, []);
});

test('arrows mark, Enter chooses and makes no line, Escape closes and leaves the text', async () => {
  const vault = await opened();
  await vault.type(' !');
  await shows(vault, ['!Leeds', '!York', '!Hull']);
  await vault.press('ArrowDown');
  expect(await marked(vault)).toBe('!York');
  await vault.press('ArrowUp');
  await vault.press('ArrowUp');
  expect(await marked(vault)).toBe('!Hull');
  await vault.press('Enter');
  expect(await vault.editorText()).toBe('one !\ntwo Hull\n');
  await shows(vault, []);
  await vault.type(' !');
  await shows(vault, ['!Leeds', '!York', '!Hull']);
  await vault.press('Escape');
  await shows(vault, []);
  expect(await vault.editorText()).toBe('one !\ntwo Hull !\n');
  await vault.press('Enter');
  expect(await vault.editorText()).toBe('one !\ntwo Hull !\n\n');
});

test('a finger chooses; what another program writes opens nothing', async () => {
  const vault = await opened('android');
  await vault.type(' !');
  await vault.tap('.suggestion-item >> text=York');
  await vault.until(() => vault.editorText(), { what: 'the choice', is: 'one !\ntwo York\n' });
  await vault.until(() => vault.read('A.md'), { what: 'the saved note', is: 'one !\ntwo York\n' });
  await vault.disk.write('A.md', 'one !\ntwo York !\n', 0);
  await vault.until(() => vault.editorText(), { what: 'their text', is: 'one !\ntwo York !\n' });
  expect(await shown(vault)).toEqual([]);
});

test('an answer that comes late is shown only while it is still the question; an unloaded plugin asks no more', async () => {
  const vault = await opened();
  await vault.type(' &');
  await vault.type('y');
  await shows(vault, ['&York']);
  await vault.page.waitForTimeout(350);
  expect(await shown(vault)).toEqual(['&York']);
  expect(await vault.disablePlugin()).toEqual([]);
  expect(await shown(vault)).toEqual([]);
  await vault.type(' !');
  expect(await shown(vault)).toEqual([]);
});
