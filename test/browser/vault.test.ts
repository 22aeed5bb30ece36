/** A vault over the years, with the built plugin: a window of past shifts, older ones on demand, people and places, settings, the way it loads. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { VaultClient } from './harness/client.ts';
import { noteOf, notice, picture, says, status } from './harness/looking.ts';
import { joined, SHIFT, task } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

/** What was sealed before now lies outside the window. */
const nothingPast = () => {
  const ana = works.device('ana');
  return { ...ana, data: { ...ana.data, pastDays: 0 } };
};
const under = async (vault: VaultClient, folder: string): Promise<string[]> =>
  (await vault.files()).filter((path) => path.startsWith(`Operary/${folder}/`) && path.endsWith('.md'));
const FILED = /^Operary\/(?:Shifts|Sealed|Audit)\/\d{4}\/\d{2}\/[^/]+\.md$/;

test('a sealed shift outside the window has no notes; fetched by a few letters and Enter it has them, and they stay', async () => {
  await works.begun('Check pump 3');
  await works.sealShift();
  const vault = await joined(works, () => open(nothingPast()));
  for (const folder of ['Shifts', 'Sealed', 'Audit']) expect(await under(vault, folder)).toEqual([]);
  expect(await vault.run('operary:fetch-older-shift')).toBe(true);
  await picture(vault, 'vault-fetch-older');
  await vault.page.keyboard.type('pack night');
  await vault.press('Enter');
  const sealed = await noteOf(vault, 'Operary/Sealed/', '(sealed).md');
  const live = await noteOf(vault, SHIFT);
  for (const path of [sealed, live]) expect(path).toMatch(FILED);
  await vault.until(() => vault.editorText(), { what: 'the fetched note on the screen', is: await vault.read(live) });
  await vault.reload();
  await status(vault, 'Stored');
  expect(await under(vault, 'Sealed')).toContain(sealed);
  await vault.run('operary:fetch-older-shift');
  expect(await vault.modal.text()).toContain('Every shift has its notes in this vault.');
  expect(vault.consoleErrors()).toEqual([]);
});

test('the window is a setting: longer, it brings what was left out, and a number is asked for', async () => {
  await works.sealShift();
  const vault = await joined(works, () => open({ ...nothingPast(), theme: 'dark' }));
  expect(await under(vault, 'Shifts')).toEqual([]);
  await vault.settings.open();
  await picture(vault, 'vault-settings');
  await vault.settings.fill('Days of past shifts', 'a month');
  expect(await vault.settings.error('Days of past shifts')).toBe('A number of days, such as 30.');
  await vault.settings.fill('Days of past shifts', '30');
  await vault.settings.close();
  await noteOf(vault, 'Operary/Sealed/', '(sealed).md');
  expect(JSON.parse(await vault.read('.obsidian/plugins/operary/data.json'))).toMatchObject({ pastDays: 30 });
});

test('diagnostics are copied from the settings of a narrow phone, and nothing secret is in them', async () => {
  await works.task('Weeping seal', { equipment: 'Filler 2' });
  const phone = await open(works.device('ana', { platform: 'android', viewport: { width: 320, height: 640 } }));
  await noteOf(phone, SHIFT);
  await phone.context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await phone.settings.open();
  expect(await phone.settings.text()).toMatch(/English, [A-Z][A-Za-z/]+: as your organisation has set it/);
  await phone.page.getByText('Copy diagnostics').scrollIntoViewIfNeeded();
  await picture(phone, 'vault-settings-phone');
  await phone.settings.press('Copy diagnostics');
  await notice(phone, 'Diagnostics copied.');
  const copied = await phone.page.evaluate(() => navigator.clipboard.readText());
  for (const part of ['Connection: live', 'role: supervisor', 'tasks 1', `Server: ${works.server.url}`])
    expect(copied).toContain(part);
  for (const secret of [works.tokens.ana, works.org, works.ids.ana, 'Ana', 'Okafor', 'Max', 'Weeping', 'Filler'])
    expect(copied).not.toContain(secret);
  const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(320);
});

test('people and places of a task have notes that its links lead to; what is written there stays', async () => {
  const { ref } = await works.task('Replace seal', { equipment: 'Filler 2' });
  const vault = await joined(works, () => open(works.device('ana')));
  const path = await noteOf(vault, task(ref));
  const [place, person] = ['Operary/Places/Filler 2.md', 'Operary/People/Max Meyer.md'];
  await says(vault, path, '**For** [[Max Meyer]]', '[[Filler 2]]');
  await noteOf(vault, place);
  await noteOf(vault, person);
  const leadTo = (name: string) =>
    vault.page.evaluate((of) => window.harness.app().metadataCache.getFirstLinkpathDest(of, '')?.path, name);
  expect([await leadTo('Filler 2'), await leadTo('Max Meyer')]).toEqual([place, person]);
  await vault.openNote(path, 'preview');
  await picture(vault, 'vault-task-links');
  await vault.openNote(place, 'preview');
  await picture(vault, 'vault-place');
  await vault.disk.write(place, 'Mind the left guard.');
  await vault.disk.delete(person);
  await vault.reload();
  await status(vault, 'Stored');
  expect(await vault.read(place)).toBe('Mind the left guard.');
  expect(await vault.exists(person)).toBe(false);
});

test('nothing of the network before the layout is ready, and at once from then on', async () => {
  const vault = await open({ ...works.device('ana'), enable: false });
  await vault.page.evaluate(() => {
    const seen: string[] = [];
    const { WebSocket: Socket, __operaryRequest: send } = window;
    Object.assign(window, {
      seen,
      __operaryRequest: (wire: Parameters<typeof send>[0]) => (seen.push(wire.url), send(wire)),
      WebSocket: class extends Socket {
        constructor(url: string, protocols?: string[]) {
          seen.push(url);
          super(url, protocols);
        }
      },
    });
    window.harness.app().workspace.layoutReady = false;
  });
  const seen = () => vault.page.evaluate(() => (window as unknown as { seen: string[] }).seen);
  await vault.enablePlugin();
  await vault.page.waitForTimeout(500);
  expect(await seen()).toEqual([]);
  expect(await vault.statusText()).toBe('Not connected');
  await vault.page.evaluate(() => window.harness.app().workspace.ready__());
  await status(vault, 'Stored');
  expect((await seen())[0]).toBe(`${works.server.url}/v1/sync/snapshot`);
});
