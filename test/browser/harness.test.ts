/** Proves the stand-in app: loading and unloading plugins, their surface, restarts, vaults, platforms. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { chooseChromium } from '../kit/chromium.ts';
import { sampleRelease, seen, shiftNote } from './harness/sample-plugin.ts';
import { browserSuite } from './harness/suite.ts';
import { promisedByTypings } from './harness/typings.ts';

const { test, open } = browserSuite(async () => ({ pluginDir: await sampleRelease() }));

test('the packaged Chromium unpacks once for two workers and runs on the libraries that it carries', async () => {
  const folder = join(await mkdtemp(join(tmpdir(), 'chromium-test-')), 'unpacked');
  const bare = { ignoreSystem: true, libraries: 'always', folder } as const;
  const [one, two] = await Promise.all([chooseChromium(bare), chooseChromium(bare)]);
  expect(one).toEqual(two);
  expect(one.env['LD_LIBRARY_PATH']).toBe(join(folder, 'al2023', 'lib'));
  expect((await readdir(join(folder, 'al2023', 'lib'))).sort()).toContain('libnss3.so');
  expect(await readdir(dirname(folder))).toEqual(['unpacked']);
  await rm(dirname(folder), { recursive: true });
});

test('the built bundle loads as on a phone: with obsidian and CodeMirror, and nothing else', async () => {
  const vault = await open();
  expect(await vault.statusText()).toBe('Sample ready');
  expect(vault.consoleErrors()).toEqual([]);
  const node = await sampleRelease({ main: `require('node:fs'); module.exports = class {};` });
  await expect(open({ pluginDir: node })).rejects.toThrow('which a phone does not have');
});

test('files appear after the plugins, each with a create, and then the layout is ready', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'a', 'Folder/B.md': 'b' } });
  expect(await seen(vault)).toEqual(['storm A.md', 'storm Folder', 'storm Folder/B.md', 'ready']);
  expect(await vault.files()).toEqual(['A.md', 'Folder/B.md']);
  expect(
    await vault.page.evaluate(() => (window.harness.plugin() as unknown as { filesAtLoad: number }).filesAtLoad),
  ).toBe(0);
});

test('commands, modals, notices, protocol links and side views', async () => {
  const vault = await open({ baseFiles: { 'A.md': '' } });
  expect(await vault.commands()).toEqual(['sample:say', 'sample:show-view', 'sample:leak']);
  expect(await vault.run('sample:when-note')).toBe(false);
  await vault.openNote('A.md');
  expect(await vault.run('sample:when-note')).toBe(true);
  await vault.run('sample:say');
  expect(await vault.modal.title()).toBe('Say it');
  await vault.modal.fill('Text', 'hello');
  await vault.modal.press('Say');
  expect(await vault.notices()).toEqual(['note A', 'hello']);
  expect(await vault.modal.isOpen()).toBe(false);
  await vault.protocol('sample', { code: '42' });
  expect(await seen(vault)).toContain('protocol 42');
  await vault.click('[aria-label="Sample view"]');
  expect(await vault.page.locator('.mod-right-split').innerText()).toContain('A view at the side');
});

test('declarative settings: validated, kept in data.json, predicates followed', async () => {
  const vault = await open({ data: { server: 'http://old' } });
  await vault.settings.open();
  expect(await vault.settings.value('Server')).toBe('http://old');
  await vault.settings.fill('Server', 'nonsense');
  expect(await vault.settings.error('Server')).toBe('Not an address');
  await vault.settings.fill('Server', 'http://plant:8787');
  expect(await vault.settings.text()).not.toContain('Volume');
  await vault.settings.fill('Loud', true);
  await vault.until(async () => (await vault.settings.text()).includes('Volume'), {
    what: 'the row that depends on it',
  });
  await vault.settings.press('Reset');
  expect(await vault.notices()).toEqual(['reset']);
  await vault.settings.close();
  expect(JSON.parse(await vault.read('.obsidian/plugins/sample/data.json'))).toEqual({
    server: 'http://plant:8787',
    loud: true,
  });
});

test('a reload restores files, open note, side view and storage; a kill loses only what was not written', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'a' }, secrets: { 'device-token': 's3cret' }, saveDelayMs: 60_000 });
  await vault.openNote('A.md', 'source');
  await vault.run('sample:show-view');
  await vault.openNote('A.md');
  await vault.type('typed ');
  await vault.page.evaluate(() => window.harness.app().saveLocalStorage('device', { id: 7 }));
  await vault.reload();
  expect(await vault.editorText()).toBe('typed a');
  expect(await vault.page.locator('.mod-right-split').innerText()).toContain('A view at the side');
  await vault.type('lost ');
  await vault.page.evaluate(() => window.harness.app().vault.create('B.md', 'written'));
  await vault.killPage();
  await vault.reopen();
  expect(await vault.read('A.md')).toBe('typed a');
  expect(await vault.read('B.md')).toBe('written');
  expect(await vault.page.evaluate(() => window.harness.app().loadLocalStorage('device'))).toEqual({ id: 7 });
  expect(await vault.page.evaluate(() => window.harness.app().secretStorage.getSecret('device-token'))).toBe('s3cret');
});

test('two vaults are separate, also in one app with one origin', async () => {
  const a = await open({ name: 'A', baseFiles: { 'Same.md': 'from A' }, secrets: { token: 'a' } });
  const b = await open({ name: 'B', baseFiles: { 'Same.md': 'from B' }, context: a.context });
  await a.page.evaluate(() => window.harness.app().saveLocalStorage('device', 'a'));
  expect(await b.read('Same.md')).toBe('from B');
  expect(await b.page.evaluate(() => window.harness.app().secretStorage.listSecrets())).toEqual([]);
  expect(await b.page.evaluate(() => window.harness.app().loadLocalStorage('device'))).toBeNull();
  expect(await a.read('Same.md')).toBe('from A');
});

test('errors as the app has them: missing folders, taken names, members that the typings do not promise', async () => {
  const vault = await open({ baseFiles: { 'A.md': 'a' } });
  const attempt = (code: string) =>
    vault.page.evaluate(async (body) => {
      try {
        // Reflect: code as text is how a plugin arrives, too.
        const run = Reflect.construct(Function, ['app', `return (async () => ${body})()`]) as (
          app: unknown,
        ) => Promise<unknown>;
        const value: unknown = await run(window.harness.app());
        return String(value);
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    }, code);
  expect(await attempt(`app.vault.create('no/such/A.md', '')`)).toContain('ENOENT');
  expect(await attempt(`app.vault.create('A.md', '')`)).toBe('File already exists.');
  expect(await attempt(`app.vault.createFolder('Made').then(() => app.vault.createFolder('Made'))`)).toBe(
    'Folder already exists.',
  );
  for (const secret of [
    'app.plugins',
    'app.commands',
    'app.setting',
    'app.appId',
    'app.vault.getConfig',
    'app.workspace.getLeaf().tabHeaderEl',
  ]) {
    expect(await attempt(secret)).toContain('not in Obsidian');
  }
});

test('the runtime module offers what the public typings promise, and nothing else', async () => {
  const promised = promisedByTypings();
  const vault = await open({ baseFiles: { 'A.md': 'a' } });
  await vault.openNote('A.md');
  expect(await vault.page.evaluate(() => window.harness.obsidianKeys())).toEqual(promised.values);
  const found = await vault.page.evaluate(() => window.harness.membersByClass());
  const wrong = [...promised.members].flatMap(([name, members]) => {
    const { whole, members: mine } = found[name] ?? { whole: false, members: [] };
    const wanted = whole ? members : (promised.methods.get(name) ?? []);
    const surplus = mine
      .filter((member) => !members.includes(member))
      .map((member) => `${name}.${member} is ours alone`);
    return [
      ...surplus,
      ...wanted.filter((member) => !mine.includes(member)).map((member) => `${name}.${member} is missing`),
    ];
  });
  expect(wrong).toEqual([]);
});

test('an unloaded plugin leaves nothing behind, and one that does is told on', async () => {
  const vault = await open({ baseFiles: { 'Shift.md': shiftNote } });
  await vault.openNote('Shift.md');
  await vault.run('sample:show-view');
  expect(await vault.disablePlugin()).toEqual([]);
  expect(await vault.statusText()).toBe('');
  expect(await vault.commands()).toEqual([]);
  expect(await vault.page.locator('.sample-panel').count()).toBe(0);
  await vault.enablePlugin();
  expect(await vault.page.locator('.mod-right-split').innerText()).toContain('A view at the side');
  await vault.run('sample:leak');
  expect((await vault.disablePlugin()).map((leak) => leak.replace(/\d+/, 'N'))).toEqual([
    'event "modify"',
    'interval N',
    'document listener "click"',
    'element <div class="lost"> in the body',
  ]);
});

test('a phone: no status bar, platform flags, mobile commands, the CapacitorAdapter, no desktop-only plugins', async () => {
  const vault = await open({ platform: 'ios', baseFiles: { 'A.md': 'a' } });
  expect(await vault.statusText()).toBeNull();
  expect(await vault.commands()).toContain('sample:mobile');
  const facts = await vault.page.evaluate(() => {
    const { Platform, CapacitorAdapter } = window.harness.obsidian as {
      Platform: Record<string, boolean>;
      CapacitorAdapter: new () => object;
    };
    return [
      Platform['isMobile'],
      Platform['isIosApp'],
      Platform['isDesktopApp'],
      window.harness.app().vault.adapter instanceof CapacitorAdapter,
    ];
  });
  expect(facts).toEqual([true, true, false, true]);
  const desktopOnly = await sampleRelease({ manifest: { isDesktopOnly: true } });
  await expect(open({ platform: 'android', pluginDir: desktopOnly })).rejects.toThrow('for the desktop only');
});
