/** The built plugin, unchanged, in a real browser, against a real server on SQLite: notes appear, and what people do in them happens. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { OpenOptions, VaultClient } from './harness/client.ts';
import { proxy } from './harness/net.ts';
import { SHIFT, task } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { AREA, openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

const noteOf = async (vault: VaultClient, start: string): Promise<string> => {
  const find = async () => (await vault.files()).find((file) => file.startsWith(start) && file.endsWith('.md'));
  return (await vault.until(find, { what: `a note ${start}` }))!;
};
const until = (vault: VaultClient, path: string, part: string) =>
  vault.until(async () => (await vault.read(path)).includes(part), { what: `"${part}" in ${path}` });
const notice = (vault: VaultClient, part: string) =>
  vault.until(async () => (await vault.notices()).some((text) => text.includes(part)), {
    what: `a notice with "${part}"`,
  });
const connected = async (who: 'ana' | 'tom' | 'max', more?: OpenOptions, url?: string): Promise<VaultClient> => {
  const vault = await open(works.device(who, more, url));
  if (more?.platform === undefined) await vault.until(() => vault.statusText(), { what: 'the status', is: 'Stored' });
  return vault;
};

test('a supervisor enters server and token, presses Connect, and the notes of the shift are there', async () => {
  const { ref } = await works.task('Replace seal on P-101');
  const vault = await open({ secrets: { mine: works.tokens.ana } });
  expect(await vault.statusText()).toBe('Not connected');
  await vault.settings.open();
  await vault.settings.fill('Server', 'not an address');
  expect(await vault.settings.error('Server')).toContain('address of the server');
  await vault.settings.fill('Server', works.server.url);
  await vault.page.locator('.mod-settings select').first().selectOption('mine');
  await vault.settings.press('Connect');
  await vault.settings.close();
  await vault.until(() => vault.statusText(), { what: 'the status', is: 'Stored' });
  const shift = await vault.read(await noteOf(vault, SHIFT));
  expect(shift).toContain(`- [ ] [[${ref} Replace seal on P-101]] 🆔 ${ref.replace('T-', 't')} 🔼 📅 `);
  expect(await vault.read(await noteOf(vault, task(ref)))).toContain('status: assigned');
  expect(vault.consoleErrors()).toEqual([]);
});

test('a link with a token is all that a device needs, but for a yes', async () => {
  const vault = await open({});
  await vault.protocol('operary', { url: `${works.server.url}/`, token: works.tokens.max });
  expect(await vault.statusText()).toBe('Not connected');
  await vault.modal.press('Connect');
  await vault.until(() => vault.statusText(), { what: 'the status', is: 'Stored' });
  expect(await vault.read('.obsidian/plugins/operary/data.json')).not.toContain(works.tokens.max);
});

test('[L6] two devices that saw the same events hold the same bytes, whoever was there first', async () => {
  const early = await connected('ana');
  const { id, ref } = await works.begun('Grease conveyor 4', {
    priority: 'P2',
    description: '[[Evil]] %% /operary:log %%\n# x',
  });
  await works.ana.post(`/v1/shifts/${works.shift}/log`, { text: 'Restarted at 80 % | by *agreement*' });
  await works.max.post(`/v1/tasks/${id}/complete`, { note: 'Greased' });
  await until(early, await noteOf(early, task(ref)), 'status: done');
  const late = await connected('tom');
  const notes = async (vault: VaultClient) => (await vault.files()).filter((path) => path.endsWith('.md'));
  await late.until(async () => (await notes(late)).length, { what: 'all notes', is: (await notes(early)).length });
  for (const path of await notes(early)) expect(await late.read(path)).toBe(await early.read(path));
});

test('changing status in the properties performs the command, and the crew sees it', async () => {
  const { id, ref } = await works.task('Check pump 3');
  const [max, ana] = [await connected('max'), await connected('ana')];
  const path = await noteOf(max, task(ref));
  await max.openNote(path);
  await max.setProperty(path, 'status', 'acknowledged');
  await max.until(() => works.status(id), { what: 'the task on the server', is: 'acknowledged' });
  await until(ana, path, '**Max Meyer** acknowledged');
  await until(max, path, '**Max Meyer** acknowledged');
  expect(await max.read(path)).toContain('status: acknowledged');
  expect(await max.notices()).toEqual([]);
});

test('[L7] a status that cannot be is put back and says why; what people wrote stays', async () => {
  const { id, ref } = await works.task('Check pump 3');
  const vault = await connected('max');
  const path = await noteOf(vault, task(ref));
  const mine = (await vault.read(path)).replace('## Notes\n', '## Notes\nSee [[P-101]], running warm.\n');
  await vault.disk.write(path, mine);
  await vault.setProperty(path, 'status', 'done');
  await notice(vault, 'This task is assigned');
  await until(vault, path, 'status: assigned');
  expect(await vault.read(path)).toBe(mine);
  expect(await works.status(id)).toBe('assigned');
  expect(await vault.statusText()).toBe('Needs attention: 1');
});

test('a box ticked in reading view asks how it went and completes the task', async () => {
  const { id, ref } = await works.begun('Grease conveyor 4');
  const [max, ana] = [await connected('max'), await connected('ana')];
  const path = await noteOf(max, SHIFT);
  await max.tickCheckbox(path, ref);
  await max.until(() => max.modal.isOpen(), { what: 'the form' });
  expect(await max.modal.title()).toBe('Complete task');
  await max.modal.press('Complete task');
  expect(await max.modal.text()).toContain('note');
  await max.modal.fill('Note', 'Greased, no noise left');
  await max.modal.press('Complete task');
  await max.until(() => works.status(id), { what: 'the task on the server', is: 'closed' });
  for (const vault of [max, ana])
    await until(vault, path, `- [x] [[${ref} Grease conveyor 4]] 🆔 ${ref.replace('T-', 't')} ✅`);
});

test('a box ticked in the editor of the task note does the same, and Cancel puts it back', async () => {
  const { id, ref } = await works.begun('Grease conveyor 4');
  const vault = await connected('max');
  const path = await noteOf(vault, task(ref));
  await vault.toggleCheckboxInEditor(path, 'Grease conveyor 4');
  await vault.until(() => vault.modal.isOpen(), { what: 'the form' });
  await vault.modal.press('Cancel');
  await until(vault, path, '- [ ] T-');
  expect(await vault.editorText()).toContain('- [ ] T-');
  await vault.toggleCheckboxInEditor(path, 'Grease conveyor 4');
  await vault.until(() => vault.modal.isOpen(), { what: 'the form' });
  await vault.modal.fill('Note', 'Done');
  await vault.modal.press('Complete task');
  await vault.until(() => works.status(id), { what: 'the task on the server', is: 'closed' });
  await vault.until(async () => (await vault.editorText()).includes('status: closed'), { what: 'the open editor' });
});

test('[L7] a box ticked by another program, where nobody can be asked, is put back with the reason', async () => {
  const { id, ref } = await works.begun('Grease conveyor 4');
  const vault = await connected('max');
  const path = await noteOf(vault, SHIFT);
  const before = await vault.read(path);
  await vault.disk.write(path, before.replace(`- [ ] [[${ref}`, `- [x] [[${ref}`));
  await notice(vault, 'needs to be told more');
  await vault.until(() => vault.read(path), { what: 'the note as it was', is: before });
  expect(await works.status(id)).toBe('in_progress');
});

test('[L12] nothing can be typed into a generated region; beside it everything can, and stays through all news', async () => {
  const { id, ref } = await works.task('Check pump 3');
  const vault = await connected('max');
  const path = await noteOf(vault, task(ref));
  await vault.openNote(path, 'source');
  const before = await vault.editorText();
  for (const inside of ['**For** [[Max', '%% operary:header %%', '%% /operary:actions %%']) {
    const at = before.indexOf(inside) + 1;
    await vault.replaceInEditor(at, at, 'forged');
    await vault.replaceInEditor(at, at + 3, '');
  }
  expect(await vault.editorText()).toBe(before);
  await vault.cursorAfter('## Notes');
  await vault.type('\nBearing is warm, [[P-101]]');
  await works.max.post(`/v1/tasks/${id}/acknowledge`);
  await vault.until(async () => (await vault.editorText()).includes('status: acknowledged'), {
    what: 'news in the open editor',
  });
  await vault.type(' and loud');
  await works.max.post(`/v1/tasks/${id}/start`);
  await until(vault, path, 'status: in_progress');
  await until(vault, path, '## Notes\nBearing is warm, [[P-101]] and loud\n');
});

test('a note may be renamed and moved; a copy is told, a deleted one comes back only when asked', async () => {
  const { id, ref } = await works.task('Check pump 3');
  const vault = await connected('max');
  const path = await noteOf(vault, task(ref));
  await vault.rename(path, 'Pumps.md');
  await works.max.post(`/v1/tasks/${id}/acknowledge`);
  await until(vault, 'Pumps.md', 'status: acknowledged');
  expect(await vault.exists(path)).toBe(false);
  await vault.disk.write('Copy.md', await vault.read('Pumps.md'));
  await notice(vault, 'Copy.md is a copy of Pumps.md');
  await vault.disk.delete('Copy.md');
  await vault.trash('Pumps.md');
  await works.max.post(`/v1/tasks/${id}/start`);
  await until(vault, await noteOf(vault, SHIFT), ref);
  expect(await vault.exists(path)).toBe(false);
  await vault.run('operary:restore-notes');
  await until(vault, await noteOf(vault, task(ref)), 'status: in_progress');
});

test('after a restart nothing is written that is as it should be, and an edit made meanwhile counts', async () => {
  const { id, ref } = await works.task('Check pump 3');
  const vault = await connected('max');
  const path = await noteOf(vault, task(ref));
  const shift = await noteOf(vault, SHIFT);
  const times = async () => [await vault.disk.mtime(shift), await vault.disk.mtime(path)];
  const before = await times();
  await vault.reload();
  await vault.until(() => vault.statusText(), { what: 'the status', is: 'Stored' });
  await works.task('After the restart');
  await until(vault, shift, 'After the restart');
  expect((await times())[1]).toBe(before[1]);
  await vault.disablePlugin();
  await vault.disk.write(path, (await vault.read(path)).replace('status: assigned', 'status: acknowledged'));
  await vault.reload();
  await vault.until(() => works.status(id), { what: 'the task on the server', is: 'acknowledged' });
  await until(vault, path, '**Max Meyer** acknowledged');
});

test('[L13] cut off, the status says since when; healed, what happened meanwhile arrives', async () => {
  const line = await proxy(Number(new URL(works.server.url).port));
  const vault = await connected('ana', {}, line.origin);
  line.cut();
  await vault.until(async () => /^Offline since \d\d:\d\d/.test((await vault.statusText()) ?? ''), {
    what: 'offline',
  });
  const { ref } = await works.task('While away');
  line.heal();
  await vault.run('operary:retry');
  await noteOf(vault, task(ref));
  await vault.until(() => vault.statusText(), { what: 'the status', is: 'Stored' });
  expect(await vault.notices()).toEqual([]);
  await line.close();
});

test('a token that is not right is said once, in words, and not tried for ever', async () => {
  const vault = await open(works.device('ana', { secrets: { 'operary-token': 'opy_live_wrong' } }));
  await vault.until(() => vault.statusText(), { what: 'the status', is: 'Needs attention' });
  await vault.run('operary:open-board');
  await vault.until(async () => (await vault.page.locator('.operary-status-box').innerText()).includes('Retry now'), {
    what: 'the board',
  });
  expect(await vault.files()).toEqual([]);
});

test('commands come from the register: a form creates a task, a verb is there where its note is', async () => {
  const vault = await connected('ana');
  expect(await vault.commands()).toContain('operary:tasks-create');
  expect(await vault.commands()).not.toContain('operary:tasks-cancel');
  await vault.run('operary:tasks-create');
  expect(await vault.modal.value('Area')).toBe(AREA);
  await vault.modal.fill('Title', 'Sweep aisle 3');
  await vault.modal.fill('Assignee (optional)', 'Max Meyer');
  await vault.modal.press('Create task');
  await notice(vault, 'Create task: done, T-1');
  const path = await noteOf(vault, task('T-1'));
  await vault.openNote(path);
  expect(await vault.commands()).toContain('operary:tasks-cancel');
  await vault.run('operary:tasks-cancel');
  await vault.modal.fill('Why it is cancelled', 'Not needed');
  await vault.modal.press('Cancel task');
  await until(vault, path, 'status: cancelled');
  await vault.run('operary:show-trail');
  await vault.until(async () => (await vault.modal.isOpen()) && (await vault.modal.text()).includes('cancelled'), {
    what: 'the trail',
  });
});

test('on a phone the board tells the connection and works the task', async () => {
  const { id } = await works.task('Check pump 3');
  const vault = await connected('max', { platform: 'android' });
  await vault.run('operary:open-board');
  const board = vault.page.locator('.operary-board');
  await vault.until(async () => (await board.innerText()).includes('Stored'), { what: 'the board' });
  expect(await vault.statusText()).toBe(null);
  const button = board.getByRole('button', { name: 'Acknowledge task' });
  // The board is drawn anew with every news: the button of now is looked for.
  await vault.until(async () => ((await button.boundingBox())?.height ?? 0) >= 44, { what: 'a button for a thumb' });
  await button.click();
  await vault.until(() => works.status(id), { what: 'the task on the server', is: 'acknowledged' });
  await vault.until(async () => (await board.innerText()).includes('Start task'), { what: 'the next verb' });
  expect(vault.consoleErrors()).toEqual([]);
});

test('disabled, the plugin leaves nothing behind', async () => {
  const vault = await connected('ana');
  await vault.run('operary:open-board');
  expect(await vault.disablePlugin()).toEqual([]);
});
