/** Trails, timelines and dashboards in the built plugin: seen, pressed, saved, with and without a network, large and small. */
import { afterEach, beforeEach, expect } from 'vitest';
import { parse } from 'yaml';
import { apiOf, type Api } from '../kit/api.ts';
import type { VaultClient } from './harness/client.ts';
import { noteOf, notice, picture, status } from './harness/looking.ts';
import { proxy, type Line } from './harness/net.ts';
import { task } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { AREA, openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
let line: Line;
let machine: Api;
let integration = '';
beforeEach(async () => {
  works = await openWorks();
  line = await proxy(Number(new URL(works.server.url).port));
  const { token } = await works.server.token({ org: works.org, slug: '', root: '', admin: '' }, 'admin');
  const made = await apiOf(works.server.url, token).post<{ id: string; token: string }>('/v1/integrations', {
    ...{ kind: 'generic', name: 'PLC gateway', area: AREA },
  });
  integration = made.id;
  machine = apiOf(works.server.url, made.token);
});
afterEach(async () => {
  await line.close();
  await works.close();
});

const signal = (condition: string, title: string, severity: string) =>
  machine.post(`/v1/ingest/${integration}`, { condition, title, state: 'active', severity, area: AREA });
const LONG = 'Füllmaschinenhauptantriebslagertemperaturüberwachung meldet Übertemperatur';
const ARABIC = 'استبدال محمل مضخة التعبئة رقم ٢';

/** An alarm, its task done, and two tasks that follow from it. */
async function story(): Promise<void> {
  await signal('filler-2/A-1042', LONG, 'critical');
  await works.server.settled();
  const { items } = await works.ana.get<{ items: { id: string }[] }>('/v1/tasks');
  const first = items[0]!.id;
  await works.max.post(`/v1/tasks/${first}/acknowledge`);
  await works.max.post(`/v1/tasks/${first}/start`);
  await works.max.post(`/v1/tasks/${first}/complete`, {
    ...{ note: 'Relubricated; bearing worn.', resolutionCode: 'made_safe', overrideReason: 'Falling.' },
  });
  const upstream = [{ kind: 'task', id: first, rel: 'follow_up_of' }];
  await works.task(ARABIC, { upstream });
  await works.task('Order a spare bearing', { upstream });
  await works.ana.post(`/v1/shifts/${works.shift}/log`, { text: 'Filler 2 runs at 80 %.' });
}

const svg = (vault: VaultClient, kind: string) => vault.page.locator(`svg.operary-${kind}`);
const shown = (vault: VaultClient, kind: string) =>
  vault.until(() => svg(vault, kind).count(), { what: `the ${kind}`, is: 1, timeout: 15_000 });
const both = async (vault: VaultClient, name: string): Promise<void> => {
  await vault.dismissNotices();
  for (const theme of ['light', 'dark'] as const) {
    await vault.theme(theme);
    await picture(vault, `${name}-${theme}`);
  }
  await vault.theme('light');
};

test('the trail of a task is a picture whose parts open notes, by mouse and by keyboard', async () => {
  await story();
  const vault = await open(works.device('ana'));
  await vault.openNote(await noteOf(vault, task('T-1')));
  await vault.run('operary:show-trail');
  await shown(vault, 'picture');
  const drawn = svg(vault, 'picture');
  expect(await drawn.getAttribute('aria-label')).toMatch(
    /^Picture of the trail\. 5 items, \d+ entries\. It begins with I-1 Füll/,
  );
  const links = drawn.getByRole('link');
  expect(await links.count()).toBe(4);
  await both(vault, 'trail-desktop');
  await drawn.getByRole('link', { name: `Open T-2 ${ARABIC}` }).focus();
  await vault.page.keyboard.press('Enter');
  await vault.until(() => vault.editorText().then((text) => text.includes(ARABIC)), { what: 'the note' });
  expect(await vault.modal.isOpen()).toBe(false);
  await vault.run('operary:show-trail');
  await shown(vault, 'picture');
  await drawn.getByRole('link', { name: 'Open T-1' }).click();
  await vault.until(() => vault.editorText().then((text) => text.includes('made safe')), { what: 'the other note' });
  expect(vault.consoleErrors()).toEqual([]);
});

test('a trail is saved as a note, written anew, and left alone once a person has changed it', async () => {
  await story();
  const vault = await open(works.device('ana'));
  await vault.openNote(await noteOf(vault, task('T-1')));
  await vault.run('operary:show-trail');
  await shown(vault, 'picture');
  await vault.modal.press('Save trail as note');
  const path = await noteOf(vault, 'Operary/Trails/T-1 ', '(trail).md');
  const text = await vault.read(path);
  expect(text).toContain('```mermaid\nflowchart TD\n');
  expect(text).toMatch(/\*\*Times\*\* T-1: to acknowledge \d+ s · to safe \d+ s/);
  await notice(vault, `Saved as ${path}.`);
  await both(vault, 'trail-note-desktop');
  await vault.openNote(await noteOf(vault, task('T-1')));
  await vault.run('operary:save-trail');
  await vault.until(async () => (await vault.notices()).filter((one) => one.startsWith('Saved')).length, {
    ...{ what: 'the second time', is: 2 },
  });
  await vault.disk.write(path, `${await vault.read(path)}\nWhy did nobody look?\n`);
  await vault.openNote(await noteOf(vault, task('T-1')));
  await vault.run('operary:save-trail');
  await noteOf(vault, 'Operary/Trails/T-1 ', '(trail) 2.md');
  expect(await vault.read(path)).toContain('Why did nobody look?');
});

test('a task that was finished long ago has a trail while the server can be reached', async () => {
  const { id } = await works.begun('Grease conveyor 4');
  const vault = await open(works.device('ana', {}, line.origin));
  const note = await noteOf(vault, task('T-1'));
  await works.max.post(`/v1/tasks/${id}/complete`, { note: 'Greased' });
  await works.sealShift();
  await noteOf(vault, 'Operary/Sealed/');
  await vault.reload();
  await status(vault, 'Stored');
  await vault.openNote(note);
  expect(await vault.commands()).not.toContain('operary:tasks-note');
  await vault.run('operary:show-trail');
  await shown(vault, 'picture');
  expect(await vault.modal.text()).toContain('completed · T-1 Grease conveyor 4');
  await vault.modal.close();
  line.cut();
  await vault.run('operary:show-trail');
  await notice(vault, 'This item is not on this device any more.');
});

test('without a network the trail is told from what the device holds, and says so; an alarm has one too', async () => {
  await story();
  const vault = await open(works.device('max', { platform: 'android' }, line.origin));
  const note = await noteOf(vault, task('T-2'));
  await noteOf(vault, task('T-1'));
  line.cut();
  await vault.openNote(note);
  await vault.run('operary:show-trail');
  await shown(vault, 'picture');
  expect(await vault.modal.text()).toContain('Told from what this device holds');
  expect(await svg(vault, 'picture').getByRole('link').count()).toBe(2);
  await both(vault, 'trail-phone-offline');
  const box = vault.page.locator('.operary-picture-box');
  const fits = await box.evaluate((el) => el.getBoundingClientRect().right <= window.innerWidth);
  expect(fits).toBe(true);
  await vault.modal.close();
  await vault.run('operary:open-board');
  const alarm = vault.page.locator('.operary-card', { hasText: /^A-1 / });
  await alarm.getByRole('button', { name: 'Show trail' }).tap();
  await vault.until(async () => (await vault.modal.isOpen()) && (await vault.modal.text()).includes('activated'), {
    what: 'the trail of the alarm',
  });
});

test('the board shows the timeline of the running shift, and in words what a flood is', async () => {
  await story();
  // So many that ten minutes which end in between make a flood all the same.
  for (let n = 0; n < 24; n++) await signal(`conveyor/${n}`, `Jam ${n}`, 'low');
  await works.server.settled();
  const vault = await open(works.device('ana'));
  await vault.run('operary:open-board');
  await shown(vault, 'timeline');
  const words = vault.page.locator('.operary-timeline-box');
  await vault.until(() => words.innerText().then((text) => text.includes('25 alarms')), { what: 'the alarms' });
  expect(await words.innerText()).toMatch(
    /tasks: \d+ opened, 0 closed · 1 entry in the log\. Counted until \d\d:\d\d\./,
  );
  expect(await words.innerText()).toMatch(/Flood, more than 10 alarms in 10 minutes: /);
  expect(await svg(vault, 'timeline').getAttribute('role')).toBe('img');
  await both(vault, 'timeline-desktop');
});

test('on the smallest phone the timeline and the trail fit, and a quiet shift says so', async () => {
  const vault = await open(works.device('ana', { platform: 'ios', viewport: { width: 320, height: 640 } }));
  await vault.run('operary:open-board');
  const box = vault.page.locator('.operary-timeline-box');
  const says = async () => (await box.allInnerTexts()).join('').includes('Nothing has happened in this shift yet.');
  await vault.until(says, { what: 'words', timeout: 15_000 });
  expect(await svg(vault, 'timeline').count()).toBe(0);
  await story();
  await shown(vault, 'timeline');
  await both(vault, 'timeline-phone');
  const wide = await vault.page.evaluate(() => document.querySelector('.operary-board')!.scrollWidth);
  expect(wide).toBeLessThanOrEqual(320);
  await vault.openNote(await noteOf(vault, task('T-1')));
  await vault.run('operary:show-trail');
  await shown(vault, 'picture');
  await both(vault, 'trail-phone');
});

test('dashboards are there, are of this person, and stay away when somebody deletes them', async () => {
  const vault = await open(works.device('max'));
  const path = 'Operary/Tasks.base';
  await vault.until(() => vault.exists('Operary/Shifts.base'), { what: 'the dashboards', timeout: 15_000 });
  const base = parse(await vault.read(path)) as { views: { name: string }[] };
  expect(base.views[0]!.name).toBe('Mine (Max Meyer)');
  await vault.trash(path);
  await vault.reload();
  await status(vault, 'Stored');
  await works.task('After the restart');
  await noteOf(vault, task('T-1'));
  expect(await vault.exists(path)).toBe(false);
  await vault.run('operary:restore-notes');
  await vault.until(() => vault.exists(path), { what: 'it again' });
  await notice(vault, '1 deleted notes are made again.');
});
