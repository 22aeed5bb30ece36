/** Our board over a base: columns and cards, by mouse, keyboard and finger, with few notes and with five thousand. */
import type { Locator } from 'playwright-core';
import { expect } from 'vitest';
import type { OpenOptions, VaultClient } from './harness/client.ts';
import { noteOf, picture, status } from './harness/looking.ts';
import { SHIFT, task } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks } from './works.ts';

const { test, open } = releaseSuite();

const BASE = 'Work.base';
const LONG = 'Füllmaschinenhauptantriebslagertemperaturüberwachung prüfen';
const ARABIC = 'استبدال محمل مضخة التعبئة';
const base = (more = ''): string => `views:
  - type: operary-board
    name: Board
    filters:
      and:
        - 'file.hasTag("work")'
    order: [file.name, area, due, assignee, shift]
    sort: []
    firstColumns: [open, in_progress, on_hold, done]
${more}`;
const note = (properties: Record<string, string>): string =>
  `---\ntags: [work]\n${Object.entries(properties)
    .map(([key, value]) => `${key}: ${value}`)
    .join('\n')}\n---\n`;
const FEW: Record<string, string> = {
  'T-1 Replace seal on P-101.md': note({
    ...{ status: 'open', area: 'leeds/packaging', due: '2026-11-21T02:00', assignee: 'maintenance_engineer' },
    shift: '"[[2026-11-20 leeds-packaging Night|Night]]"',
  }),
  'T-2 Grease conveyor 4.md': note({ status: 'open', area: 'leeds/packaging' }),
  [`T-3 ${LONG}.md`]: note({ status: 'on_hold', area: 'leeds/filling' }),
  [`T-4 ${ARABIC}.md`]: note({ status: 'in_progress', area: 'leeds/filling' }),
  'T-5 Look at noise.md': note({ area: 'leeds/filling' }),
  'Recipe.md': '# Nobody asked for this\n',
};

const boardOf = (vault: VaultClient): Locator => vault.page.getByRole('region', { name: 'Board' });
const heads = (vault: VaultClient): Promise<string[]> =>
  boardOf(vault)
    .getByRole('heading')
    .evaluateAll((all) => all.map((head) => [...head.children].map(({ textContent }) => textContent).join(' ')));
const headsAre = (vault: VaultClient, ...wanted: readonly string[]) =>
  vault.until(() => heads(vault), { what: 'the columns', is: wanted });
const cards = (vault: VaultClient): Locator => boardOf(vault).getByRole('article');
const focused = (vault: VaultClient): Promise<string | null> =>
  vault.page.evaluate(() => document.activeElement?.closest('[data-path]')?.getAttribute('data-path') ?? null);
const openNotes = (vault: VaultClient): Promise<string[]> =>
  vault.page.evaluate(() => window.harness.panes().map(({ view }) => view.getDisplayText()));
const openBases = (vault: VaultClient): Promise<number> =>
  vault.page.evaluate(() => window.harness.app().workspace.getLeavesOfType('bases').length);

async function over(files: Record<string, string>, yaml = base(), options: OpenOptions = {}): Promise<VaultClient> {
  const vault = await open({ baseFiles: { ...files, [BASE]: yaml }, ...options });
  await vault.openBase(BASE, 'Board');
  return vault;
}
const both = async (vault: VaultClient, name: string): Promise<void> => {
  for (const theme of ['light', 'dark'] as const) {
    await vault.theme(theme);
    await picture(vault, `${name}-${theme}`);
  }
};

test('a column for each status in the order of the work, a card for each note, and its properties in words', async () => {
  const vault = await over(FEW);
  await headsAre(vault, 'Open 2', 'In progress 1', 'On hold 1', 'No status 1');
  const card = boardOf(vault).getByRole('article', { name: 'T-1 Replace seal on P-101' });
  expect((await card.innerText()).split(/\s*\n\s*/)).toEqual([
    'T-1 Replace seal on P-101',
    ...['area', 'leeds/packaging', 'due', '2026-11-21 02:00', 'assignee', 'Maintenance engineer', 'shift', 'Night'],
  ]);
  expect(await cards(vault).count()).toBe(5);
  const lists = await boardOf(vault).getByRole('feed').all();
  expect(await Promise.all(lists.map((list) => list.getAttribute('aria-label')))).toEqual([
    ...['Open', 'In progress', 'On hold', 'No status'],
  ]);
  const tops = await Promise.all(lists.map(async (list) => (await list.boundingBox())!.y));
  expect(new Set(tops).size).toBe(1);
  await both(vault, 'bases-board-few');
  expect(vault.consoleErrors()).toEqual([]);
});

test('a base that is grouped has its own columns; a person may choose another property', async () => {
  const grouped = await over(FEW, base(`    groupBy:\n      property: area\n      direction: DESC\n`));
  await headsAre(grouped, 'leeds/packaging 2', 'leeds/filling 3');
  const chosen = await over(FEW, base(`    columnsBy: note.area\n`), { name: 'Other' });
  await headsAre(chosen, 'leeds/filling 3', 'leeds/packaging 2');
});

test('a card opens by mouse, by Enter, and with Ctrl or the middle button in a new tab', async () => {
  const vault = await over(FEW);
  const card = (name: string) => boardOf(vault).getByRole('article', { name });
  const opened: string[] = [];
  const opens = async (name: string, act: () => Promise<void>): Promise<void> => {
    await act();
    opened.push(name);
    await vault.until(() => openNotes(vault), { what: `a tab with ${name}`, is: opened });
  };
  const anew = async (name: string, act: () => Promise<void>): Promise<void> => {
    const before = await openBases(vault);
    await opens(name, act);
    expect(await openBases(vault)).toBe(before);
    await vault.openBase(BASE, 'Board');
  };
  await anew('T-2 Grease conveyor 4', () =>
    card('T-2')
      .getByText('leeds/packaging')
      .click({ modifiers: ['ControlOrMeta'] }),
  );
  await anew('T-1 Replace seal on P-101', async () => {
    await card('T-1').getByRole('link').focus();
    await vault.press('Control+Enter');
  });
  await anew(`T-3 ${LONG}`, () => card('T-3').click({ button: 'middle' }));
  const before = await openBases(vault);
  await opens('T-5 Look at noise', async () => {
    await card('T-5').getByRole('link').focus();
    await vault.press('Enter');
  });
  expect(await openBases(vault)).toBe(before - 1);
  await vault.openBase(BASE, 'Board');
  await opens(`T-4 ${ARABIC}`, () => card('T-4').getByRole('link').click());
  expect(await openBases(vault)).toBe(before - 1);
});

test('it follows the notes, keeps the focus on a card that changes its column, and writes nothing', async () => {
  const vault = await over(FEW);
  await headsAre(vault, 'Open 2', 'In progress 1', 'On hold 1', 'No status 1');
  const path = 'T-2 Grease conveyor 4.md';
  await boardOf(vault).getByRole('link', { name: 'T-2 Grease' }).focus();
  const text = note({ status: 'done', area: 'leeds/packaging' });
  await vault.disk.write(path, text);
  await headsAre(vault, 'Open 1', 'In progress 1', 'On hold 1', 'Done 1', 'No status 1');
  expect(await focused(vault)).toBe(path);
  for (const [file, was] of Object.entries({ ...FEW, [path]: text, [BASE]: base() }))
    expect(await vault.read(file), file).toBe(was);
  for (const file of Object.keys(FEW)) await vault.disk.delete(file);
  await boardOf(vault).getByText('No note is like this.').waitFor();
  expect(await cards(vault).count()).toBe(0);
  await both(vault, 'bases-board-empty');
});

test('by keyboard alone: down a column, across to the next ones, and back', async () => {
  const vault = await over(FEW);
  await headsAre(vault, 'Open 2', 'In progress 1', 'On hold 1', 'No status 1');
  const after = async (key: string): Promise<string> => {
    await vault.press(key);
    return (await focused(vault))!.slice(0, 3);
  };
  expect(await after('Tab')).toBe('T-1');
  expect(await after('ArrowDown')).toBe('T-2');
  expect(await after('ArrowRight')).toBe('T-4');
  expect(await after('ArrowRight')).toBe('T-3');
  expect(await after('ArrowRight')).toBe('T-5');
  expect(await after('ArrowRight')).toBe('T-5');
  expect(await after('ArrowLeft')).toBe('T-3');
  expect(await after('Tab')).toBe('T-5');
});

test('on a phone the columns stand one under the other, fit into 320 px, and what is touched has 44', async () => {
  const phone = await over(FEW, base(), { platform: 'android', viewport: { width: 320, height: 640 } });
  await headsAre(phone, 'Open 2', 'In progress 1', 'On hold 1', 'No status 1');
  await both(phone, 'bases-board-phone');
  const board = boardOf(phone);
  expect(await board.evaluate((el) => el.scrollWidth - el.clientWidth)).toBe(0);
  const lists = await board.locator('.operary-cards').all();
  expect(lists).toHaveLength(4);
  const boxes = await Promise.all(lists.map(async (list) => (await list.boundingBox())!));
  for (let i = 1; i < boxes.length; i++)
    expect(boxes[i]!.y).toBeGreaterThanOrEqual(boxes[i - 1]!.y + boxes[i - 1]!.height);
  for (const link of await board.getByRole('link').all())
    expect((await link.boundingBox())!.height).toBeGreaterThanOrEqual(44);
  await board.evaluate((el) => el.scrollTo(0, el.scrollHeight));
  await board.getByRole('article', { name: 'T-5' }).tap();
  await phone.until(() => openNotes(phone), { what: 'the note', is: ['T-5 Look at noise'] });
});

const MANY = 5_000;
const STATES = ['open', 'in_progress', 'on_hold', 'done', 'closed', 'cancelled', 'planned', 'ready'];
const many = Object.fromEntries(
  Array.from({ length: MANY }, (_, i) => [
    `Tasks/T-${String(i).padStart(4, '0')} ${i % 7 ? 'Check bearing' : LONG}.md`,
    note({
      ...{ status: STATES[i % STATES.length]!, area: `leeds/line-${i % 40}`, due: '2026-11-21T02:00' },
      assignee: 'maintenance_engineer',
    }),
  ]),
);

test(`${MANY} notes: some sixty cards are drawn, wherever one looks and walks, and news come quickly`, async () => {
  const vault = await over(many);
  await vault.until(async () => (await heads(vault)).length, { what: 'the columns', is: 8, timeout: 15_000 });
  const [board, { page }] = [boardOf(vault), vault];
  await both(vault, 'bases-board-many');
  const most: number[] = [];
  const count = async (): Promise<void> => void most.push(await cards(vault).count());
  const settled = () =>
    page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  await count();
  for (const [x, y] of [
    [0, 0.5],
    [1, 0.9],
    [0.4, 1],
    [0, 0.2],
  ] as const) {
    await board.evaluate((el, at) => el.scrollTo(at.x * el.scrollWidth, at.y * el.scrollHeight), { x, y });
    await settled();
    const view = (await board.boundingBox())!;
    const inSight = (await Promise.all((await cards(vault).all()).map((card) => card.boundingBox()))).filter(
      (box) => box!.y < view.y + view.height && box!.y + box!.height > view.y && box!.x < view.x + view.width,
    );
    expect(inSight.length).toBeGreaterThan(8);
    await count();
  }
  await board.evaluate((el) => el.scrollTo(0, 0));
  await settled();
  await cards(vault).first().getByRole('link').focus();
  for (let i = 0; i < 100; i++) await vault.press('ArrowDown');
  const place = () => page.evaluate(() => document.activeElement?.closest('[role=article]')?.ariaPosInSet);
  expect(await place()).toBe('101');
  for (let i = 0; i < 7; i++) await vault.press('ArrowRight');
  const walked = page.locator(':focus');
  expect(await walked.evaluate((el) => el.closest('[role=feed]')?.ariaLabel)).toBe('Ready');
  const [at, view] = [(await walked.boundingBox())!, (await board.boundingBox())!];
  expect([at.x >= view.x, at.x + at.width <= view.x + view.width]).toEqual([true, true]);
  expect(
    await board.evaluate((el) => document.activeElement!.getBoundingClientRect().top - el.getBoundingClientRect().top),
  ).toBeGreaterThan(0);
  await count();
  expect(Math.max(...most)).toBeLessThanOrEqual(60);

  const path = (await focused(vault))!;
  await vault.disk.write(path, note({ status: 'done', area: 'leeds/line-1', due: '2026-11-22T02:00' }));
  await vault.until(() => heads(vault).then((all) => all.includes('Ready 624')), { what: 'one less', is: true });
  expect(await focused(vault)).toBe(path);

  // What is looked at stays where it is while others come.
  await board.evaluate((el) => el.scrollTo(0, 0.5 * el.scrollHeight));
  await settled();
  const seen = cards(vault).nth(4);
  const [name, y] = [await seen.getAttribute('data-path'), (await seen.boundingBox())!.y];
  await vault.disk.write('Tasks/A first one.md', note({ status: 'open', area: 'leeds/line-1' }));
  await vault.until(() => heads(vault).then((all) => all.includes('Open 626')), { what: 'one more', is: true });
  const same = (await board.locator(`[data-path="${name}"]`).boundingBox())!;
  expect(Math.abs(same.y - y)).toBeLessThan(2);
  const times = await page.evaluate(() => window.harness.redrawBase(5));
  console.log(`5,000 notes: the base's board drawn anew in ${times.map(Math.round).join(', ')} ms`);
  expect(Math.min(...times)).toBeLessThan(300);
  expect(vault.consoleErrors()).toEqual([]);
}, 120_000);

test("the plant's own dashboards have it as their last view; with the plugin off Obsidian says that it does not know it", async () => {
  const works = await openWorks();
  await works.begun('Replace seal on P-101');
  await works.task('Grease conveyor 4', { priority: 'P1' });
  const vault = await open(works.device('max'));
  await status(vault, 'Stored');
  await noteOf(vault, task('T-1'));
  await noteOf(vault, task('T-2'));
  await noteOf(vault, SHIFT);
  await vault.until(() => vault.exists('Operary/Shifts.base'), { what: 'the dashboards', timeout: 15_000 });
  await vault.openBase('Operary/Tasks.base', 'Board');
  await headsAre(vault, 'Assigned 1', 'In progress 1');
  await both(vault, 'bases-board-plant');
  await works.max.post(`/v1/tasks/T-2/acknowledge`);
  await headsAre(vault, 'Acknowledged 1', 'In progress 1');
  await vault.openBase('Operary/Shifts.base', 'Board');
  await headsAre(vault, 'Active 1');
  await vault.disablePlugin();
  await vault.openBase('Operary/Tasks.base', 'Board');
  await vault.page.getByText('Unknown view type: operary-board').waitFor();
  await works.close();
}, 60_000);

test('an app without Bases views loads the plugin all the same', async () => {
  const vault = await open({ enable: false, baseFiles: FEW });
  await vault.page.evaluate(() => {
    const { obsidian } = window.harness;
    for (const name of Object.keys(obsidian)) if (/^Bases|^Query/.test(name)) Reflect.deleteProperty(obsidian, name);
    Reflect.deleteProperty((obsidian['Plugin'] as { prototype: object }).prototype, 'registerBasesView');
  });
  await vault.enablePlugin();
  expect(await vault.commands()).toContain('operary:open-board');
  expect(vault.consoleErrors()).toEqual([]);
});
