/** Proves the ways in which people and programs write: input methods, two panes, other programs, old line ends, photos, fingers. */
import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { sampleRelease, seen } from './sample-plugin.ts';
import { browserSuite } from './suite.ts';

const { test, open } = browserSuite(async () => ({ pluginDir: await sampleRelease() }));

test('an input method composes in the editor: its guesses replace one another, and the last text is settled once', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'Pump:  ok\n' } });
  await vault.openNote('A.md', 'source');
  await vault.cursorAfter('Pump: ');
  for (const guess of ['n', 'に', 'にほ', 'にほん']) {
    await vault.compose(guess);
    expect(await vault.isComposing()).toBe(true);
    await vault.until(() => vault.editorText(), { what: 'the guess', is: `Pump: ${guess} ok\n` });
  }
  await vault.composed('日本');
  await vault.until(() => vault.isComposing(), { what: 'the end of composing', is: false });
  expect(await vault.editorText()).toBe('Pump: 日本 ok\n');
  await vault.type('!');
  await vault.until(() => vault.read('A.md'), { what: 'the saved note', is: 'Pump: 日本! ok\n' });
});

test('two panes of one note stand beside each other: each shows at once what is typed in the other, and it is saved once', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'one\ntwo\n' }, saveDelayMs: 400 });
  await vault.openNote('A.md', 'source');
  await vault.openNote('A.md', 'source', { beside: true });
  expect(await vault.page.locator('.mod-root .cm-editor:visible').count()).toBe(2);
  await vault.cursorAfter('two');
  await vault.type(' right');
  expect(await vault.paneTexts()).toEqual(['one\ntwo right\n', 'one\ntwo right\n']);
  expect(await vault.read('A.md')).toBe('one\ntwo\n');
  await vault.intoPane(0);
  await vault.cursorAfter('one');
  await vault.type(' left');
  await vault.until(() => vault.read('A.md'), { what: 'both', is: 'one left\ntwo right\n' });
  await vault.disk.write('A.md', 'one left\ntwo right\nthree\n', 0);
  await vault.until(() => vault.paneTexts(), {
    what: 'both panes',
    is: ['one left\ntwo right\nthree\n', 'one left\ntwo right\nthree\n'],
  });
  expect(await vault.notices()).toEqual([]);
});

test('a file with CRLF keeps its line ends while it is only shown, written from outside or appended to', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'one\r\ntwo\r\n' } });
  await vault.openNote('A.md', 'source');
  expect(await vault.editorText()).toBe('one\ntwo\n');
  await vault.disk.write('A.md', 'one\r\ntwo\r\nthree\r\n', 0);
  await vault.until(() => vault.editorText(), { what: 'the editor', is: 'one\ntwo\nthree\n' });
  await vault.saveNow();
  expect(await vault.read('A.md')).toBe('one\r\ntwo\r\nthree\r\n');
  expect(await vault.notices()).toEqual([]);
});

test('letters that are typed while the disk is still writing earlier ones stay where they were typed', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'mine:\n\ntheirs:\n' } });
  await vault.openNote('A.md', 'source');
  await vault.page.evaluate(() => {
    const files = window.harness.app().vault;
    const modify = files.modify.bind(files);
    files.modify = async (...written: Parameters<typeof modify>) => {
      await new Promise((resolve) => setTimeout(resolve, 80));
      await modify(...written);
    };
  });
  await vault.cursorAfter('mine:');
  await vault.page.keyboard.type(' slowly, letter by letter', { delay: 45 });
  await vault.until(() => vault.read('A.md'), {
    what: 'all letters, in their order',
    is: 'mine: slowly, letter by letter\n\ntheirs:\n',
  });
  expect(await vault.editorText()).toBe(await vault.read('A.md'));
});

test('another program writes again and again under somebody who types: no letter of either is lost', async () => {
  // Saved when the typing is over, as in the app: a program that writes in the instant of a save is overwritten by both.
  const vault = await open({ saveDelayMs: 2000, baseFiles: { 'A.md': 'mine:\n\ntheirs:\nend\n' } });
  await vault.openNote('A.md', 'source');
  await vault.cursorAfter('mine:');
  const typing = vault.type(' every letter of this line');
  for (const line of ['first', 'second', 'third']) {
    await new Promise((resolve) => setTimeout(resolve, 120));
    await vault.disk.replace('A.md', 'end', `${line}\nend`, 0);
  }
  await typing;
  await vault.until(() => vault.read('A.md'), {
    what: 'both',
    is: 'mine: every letter of this line\n\ntheirs:\nfirst\nsecond\nthird\nend\n',
  });
  expect(await vault.editorText()).toBe(await vault.read('A.md'));
});

const camera = String.raw`
const obsidian = require('obsidian');
class Camera extends obsidian.Modal {
  onOpen() {
    this.setTitle('Look');
    const setting = new obsidian.Setting(this.contentEl).setName('Photos');
    const input = setting.controlEl.createEl('input', { type: 'file', attr: { multiple: '' } });
    input.style.display = 'none';
    input.onchange = async () => {
      for (const file of Array.from(input.files)) {
        const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
        const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
        this.contentEl.createEl('p', { text: [file.name, file.type, hex.slice(0, 8)].join(' ') });
      }
    };
  }
}
module.exports = class extends obsidian.Plugin {
  onload() { this.seen = []; this.addRibbonIcon('camera', 'Look', () => new Camera(this.app).open()); }
};`;

test('on a phone of 390 × 844, a finger opens a form and the form gets a photo', async () => {
  const vault = await open({ platform: 'android', pluginDir: await sampleRelease({ main: camera }) });
  expect(
    await vault.page.evaluate(() => [window.innerWidth, window.innerHeight, navigator.maxTouchPoints > 0]),
  ).toEqual([390, 844, true]);
  await vault.tap('[aria-label="Ribbon"]');
  await vault.tap('[aria-label="Look"]');
  const files = [
    { name: 'seal.jpg', type: 'image/jpeg', bytes: Uint8Array.of(0xff, 0xd8, 0xff) },
    { name: 'list.csv', type: 'text/csv', bytes: new TextEncoder().encode('a;b\n') },
  ];
  await vault.modal.attach('Photos', files);
  const lines = files.map(
    ({ name, type, bytes }) => `${name} ${type} ${createHash('sha256').update(bytes).digest('hex').slice(0, 8)}`,
  );
  await vault.until(async () => (await vault.modal.text()).split('\n').filter((line) => /\w \w/.test(line)), {
    what: 'both files',
    is: lines,
  });
  await expect(vault.modal.attach('Name', [])).rejects.toThrow('takes no files');
  expect(await seen(vault)).toEqual([]);
});
