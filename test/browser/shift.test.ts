/** A shift as its leader works it: quick entries, corrections, and a handover between two people, each in as few actions as promised. */
import { afterEach, beforeEach, expect } from 'vitest';
import { apiOf } from '../kit/api.ts';
import { counted } from './counted.ts';
import type { OpenOptions, VaultClient } from './harness/client.ts';
import { noteOf, picture, says, status } from './harness/looking.ts';
import { SHIFT, task } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { AREA, openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

const closed = (vault: VaultClient): Promise<boolean> =>
  vault.until(async () => !(await vault.modal.isOpen()), { what: 'the sheet to close', timeout: 15_000 });
const tells = (vault: VaultClient, words: string): Promise<unknown> =>
  vault.until(async () => (await vault.modal.text()).includes(words), { what: `"${words}"`, timeout: 15_000 });
const shift = () =>
  works.ana.get<{
    status: string;
    entries: { id: string; text: string; kind: string; late: boolean; corrects: string | null }[];
    signature: { decisions: { task: string; decision: string; reason?: string }[]; criticalItems: string[] } | null;
    acceptance: { criticalItems: string[]; reservations: string | null } | null;
  }>(`/v1/shifts/${works.shift}`);
const both = async (vault: VaultClient, name: string): Promise<void> => {
  await vault.dismissNotices();
  for (const theme of ['light', 'dark'] as const) {
    await vault.theme(theme);
    await picture(vault, `${name}-${theme}`);
  }
  await vault.theme('light');
};
async function joined(
  who: 'ana' | 'tom' | 'max',
  platform: 'desktop' | 'android' = 'desktop',
  more: Partial<OpenOptions> = {},
): Promise<VaultClient> {
  const vault = await open(works.device(who, { platform, ...more }));
  await noteOf(vault, SHIFT);
  if (platform === 'desktop') await status(vault, 'Stored');
  return vault;
}
const HOUR = 3_600_000;
const at = (hours: number): string => new Date(Date.now() + hours * HOUR).toISOString();

test('an entry is two actions and the text, by keyboard alone, with no note open; Shift+Enter is a new line', async () => {
  const vault = await joined('ana');
  const hands = counted(vault);
  await hands.run('operary:shifts-log');
  await both(vault, 'capture-desktop');
  await hands.types('Filler 2 at 80 %');
  await vault.press('Shift+Enter');
  await hands.types('until 14:00');
  await hands.key('Enter');
  await closed(vault);
  hands.atMost(2);
  await says(vault, await noteOf(vault, SHIFT), 'Filler 2 at 80 % ⏎ until 14:00');
  expect((await shift()).entries).toMatchObject([{ text: 'Filler 2 at 80 %\nuntil 14:00', kind: 'note' }]);
  expect(vault.consoleErrors()).toEqual([]);
});

test('a template is chosen after a slash and filled in from gap to gap; people make their own in the settings', async () => {
  const vault = await joined('ana');
  await vault.settings.open();
  await vault.settings.fill('Templates', 'Line stopped: Line … stopped: …\nNo colon here\nTook over: From …');
  await vault.settings.close();
  await vault.run('operary:shifts-log');
  const buttons = () => vault.page.locator('.operary-capture .operary-actions button').allInnerTexts();
  expect(await buttons()).toEqual(['Line stopped', 'Took over']);
  await vault.page.keyboard.type('/st');
  expect(await buttons()).toEqual(['Line stopped']);
  await vault.press('Enter');
  await vault.page.keyboard.type('3');
  await vault.press('Tab');
  await vault.page.keyboard.type('jam');
  await vault.press('Enter');
  await closed(vault);
  expect((await shift()).entries).toMatchObject([{ text: 'Line 3 stopped: jam' }]);
});

test('on a phone without a network: what happened earlier is a marked late entry, the thing is suggested', async () => {
  await works.ana.post('/v1/tasks', { title: 'Oil', area: AREA, equipment: 'filler-2' });
  const phone = await joined('max', 'android');
  await phone.online(false);
  await phone.run('operary:shifts-log');
  await phone.modal.fill('Text', 'Found the grease line blocked');
  await phone.page.getByLabel('Equipment').tap();
  await phone.page.locator('.suggestion-item', { hasText: 'filler-2' }).tap();
  await phone.page.locator('summary').tap();
  const earlier = new Date(Date.now() - HOUR - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  await phone.modal.fill('Happened at', earlier);
  await both(phone, 'capture-phone');
  for (const box of await phone.page.locator('.operary-capture button:visible, .operary-capture summary').all())
    expect((await box.boundingBox())!.height, await box.innerText()).toBeGreaterThanOrEqual(44);
  await phone.modal.press('Log entry');
  await closed(phone);
  await says(phone, await noteOf(phone, SHIFT), 'late entry, happened', 'Found the grease line blocked ([[filler-2]])');
  await phone.online(true);
  await phone.until(async () => (await shift()).entries.map(({ late }) => late), { what: 'it', is: [true] });
});

test('with two shifts running, an entry goes where the open note is unless another is chosen', async () => {
  const { token } = await works.server.token({ org: works.org, slug: '', root: '', admin: '' }, 'admin');
  await apiOf(works.server.url, token).post('/v1/areas', { path: 'leeds/utilities', name: 'Utilities' });
  const { ref } = await works.task('Sweep aisle 3');
  const span = { from: at(-1), to: at(7) };
  const other = await works.tom.post<{ id: string }>('/v1/shifts', { area: 'leeds/utilities', name: 'Day', ...span });
  await works.tom.post(`/v1/shifts/${other.id}/start`);
  const vault = await joined('ana');
  await noteOf(vault, SHIFT, 'Day.md');
  await vault.openNote(await noteOf(vault, task(ref)));
  await vault.run('operary:shifts-log');
  expect(await vault.modal.value('Where')).toBe(works.shift);
  await vault.page.keyboard.type('Here');
  await vault.press('Enter');
  await closed(vault);
  await vault.run('operary:shifts-log');
  await vault.modal.fill('Where', other.id);
  await vault.modal.fill('Text', 'There');
  await vault.modal.press('Log entry');
  await closed(vault);
  expect((await shift()).entries).toMatchObject([{ text: 'Here' }]);
  const { entries } = await works.tom.get<{ entries: { text: string }[] }>(`/v1/shifts/${other.id}`);
  expect(entries).toMatchObject([{ text: 'There' }]);
});

test('a correction begins at the line in the note, with its words; the original is struck and stays', async () => {
  await works.ana.post(`/v1/shifts/${works.shift}/log`, { text: 'Tag TT-3205 checked', equipment: 'filler-2' });
  await works.tom.post(`/v1/shifts/${works.shift}/log`, { text: 'Not hers' });
  const vault = await joined('ana');
  const path = await noteOf(vault, SHIFT);
  await says(vault, path, 'Not hers');
  await vault.openNote(path, 'source');
  await vault.cursorAfter('Tag TT-3205');
  const hands = counted(vault);
  await hands.run('operary:shifts-log-correction');
  expect(await vault.modal.value('Text')).toBe('Tag TT-3205 checked');
  expect(await vault.modal.value('Equipment')).toBe('filler-2');
  expect(await vault.page.getByLabel('Corrects').innerText()).not.toContain('Not hers');
  await both(vault, 'correct-desktop');
  await vault.modal.fill('Text', 'Tag TT-3204 checked');
  await hands.press('Correct entry');
  await closed(vault);
  hands.atMost(2);
  await says(vault, path, '~~Tag TT-3205 checked ([[filler-2]])~~ Tag TT-3204 checked ([[filler-2]]) (corrected');
});

test('a quiet shift is handed over in four actions, and sealing is offered', async () => {
  const [ana, tom] = [await joined('ana'), await joined('tom')];
  const [out, into] = [counted(ana), counted(tom)];
  await out.run('operary:shifts-sign');
  await tells(ana, 'Tasks completed 0 · open 0');
  await out.press('Sign handover');
  await closed(ana);
  await says(tom, await noteOf(tom, SHIFT), 'handed over, 0 open tasks decided');
  await into.run('operary:shifts-accept');
  await into.press('Accept handover');
  await tells(tom, 'Seal it');
  expect(out.actions.length + into.actions.length).toBeLessThanOrEqual(4);
  await both(tom, 'receive-seal-desktop');
  await tom.modal.press('Seal shift');
  await tom.until(() => tom.modal.title(), { what: 'its form', is: 'Seal shift' });
  await tom.modal.press('Seal shift');
  await closed(tom);
  expect((await shift()).status).toBe('sealed');
  expect([...ana.consoleErrors(), ...tom.consoleErrors()]).toEqual([]);
});

test('every open task is decided in one list; what was said is logged once; critical items are read back; the next shift sees them first', async () => {
  const [urgent, late, plain] = [
    await works.task('Bearing of filler 2 hot', { priority: 'P1', dueAt: at(5) }),
    await works.task('Grease conveyor 4', { priority: 'P3', dueAt: at(1 / 3600) }),
    await works.task('Sweep aisle 3', { priority: 'P4', dueAt: at(50) }),
  ];
  await works.ana.post(`/v1/shifts/${works.shift}/log`, { text: 'Guard door 3 opened while coasting', kind: 'safety' });
  const [ana, tom] = [await joined('ana', 'android', { viewport: { width: 320, height: 700 } }), await joined('tom')];
  // Until the second one is overdue.
  await new Promise((resolve) => setTimeout(resolve, 1100));
  await ana.run('operary:shifts-sign');
  await tells(ana, `${plain.ref} Sweep aisle 3`);
  expect(await ana.modal.value(`${plain.ref} Sweep aisle 3`)).toBe('continue');
  await ana.modal.press('Sign handover');
  await tells(ana, `Decide each open task: ${urgent.ref}, ${late.ref}.`);
  expect((await shift()).status).toBe('active');
  await ana.modal.fill(`${urgent.ref} Bearing of filler 2 hot`, 'Continue');
  await ana.modal.fill(`${late.ref} Grease conveyor 4`, 'Cancel');
  await ana.modal.press('Sign handover');
  await tells(ana, `Decide each open task: ${late.ref}.`);
  await both(ana, 'handover-phone');
  await ana.modal.fill('Reason', 'Done by the contractor.');
  await ana.page.locator('.operary-sheet summary').tap();
  await ana.page.getByLabel('Guard door 3 opened').check();
  await ana.modal.fill('Line status', 'Line 3 at 80 %');
  await ana.modal.fill(`${plain.ref} Sweep aisle 3`, 'Reassign');
  await ana.modal.fill('Assignee', 'Tom Hughes');
  await both(ana, 'handover-filled-phone');
  const isTooWide = (el: Element): boolean => el.scrollWidth > el.clientWidth;
  expect(await ana.page.locator('.operary-sheet .modal-content').evaluate(isTooWide)).toBe(false);
  // A task that comes while she decides is hers to decide as well.
  const fresh = await works.task('Oil under gearbox 4', { priority: 'P4', dueAt: at(40) });
  const name = `${fresh.ref} Oil under gearbox 4`;
  const isThere = async () => (await ana.files()).some((path) => path.includes(name));
  await ana.until(isThere, { what: 'the fresh task', is: true, timeout: 15_000 });
  await ana.modal.press('Sign handover');
  await tells(ana, `Decide each open task: ${fresh.ref}.`);
  expect(await ana.modal.value(name)).toBe('continue');
  expect(await ana.modal.value('Line status')).toBe('Line 3 at 80 %');
  await ana.modal.press('Sign handover');
  await closed(ana);
  const signed = await shift();
  expect((await ana.notices()).filter((text) => text.includes('done'))).toEqual(['Sign handover: done.']);
  const decided = Object.fromEntries(signed.signature!.decisions.map(({ task, ...rest }) => [task, rest]));
  expect(decided).toMatchObject({
    [urgent.id]: { decision: 'continue' },
    [late.id]: { decision: 'cancel', reason: 'Done by the contractor.' },
    [plain.id]: { decision: 'reassign', assignee: { user: works.ids.tom } },
    [fresh.id]: { decision: 'continue' },
  });
  const said = signed.entries.map(({ kind, text }) => [kind, text]);
  expect(said.slice(1)).toEqual([
    ['handover_item', 'Guard door 3 opened while coasting'],
    ['production', 'Line status: Line 3 at 80 %'],
  ]);

  const path = await noteOf(tom, SHIFT);
  await says(tom, path, 'Line status: Line 3 at 80 %', 'handed over, 4 open tasks decided');
  await tom.run('operary:open-board');
  const button = tom.page.locator('.operary-board').getByRole('button', { name: 'Accept handover' });
  await button.click();
  await tom.modal.press('Accept handover');
  await tells(tom, 'Read back every critical item and tick it');
  await both(tom, 'receive-desktop');
  const hands = counted(tom);
  await hands.tick(`${urgent.ref} Bearing of filler 2 hot`);
  await hands.tick('Guard door 3 opened while coasting');
  await hands.press('Accept handover');
  hands.atMost(3);
  await tells(tom, 'Seal it');
  const item = signed.entries[1]!.id;
  expect((await shift()).acceptance).toMatchObject({ criticalItems: [urgent.id, item], reservations: null });
  await tom.modal.close();
  const next = await works.tom.post<{ id: string }>('/v1/shifts', {
    area: AREA,
    name: 'Early',
    from: at(0),
    to: at(8),
  });
  await works.tom.post(`/v1/shifts/${next.id}/start`);
  const early = await noteOf(tom, SHIFT, 'Early.md');
  await says(tom, early, '> [!todo] First', `1. [[${urgent.ref} Bearing of filler 2 hot]] · P1 · critical at the`);
  await tom.openNote(early, 'preview');
  await both(tom, 'first-desktop');
  expect([...ana.consoleErrors(), ...tom.consoleErrors()]).toEqual([]);
}, 60_000);
