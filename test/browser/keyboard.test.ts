/** A shift and a task from beginning to end by keyboard alone: every control is reached with Tab, and is seen to have the focus. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { VaultClient } from './harness/client.ts';
import { noteOf, status } from './harness/looking.ts';
import { SHIFT } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

async function boardOf(who: 'ana' | 'tom' | 'max'): Promise<VaultClient> {
  const vault = await open(works.device(who));
  await vault.openNote(await noteOf(vault, SHIFT));
  await status(vault, 'Stored');
  await vault.run('operary:open-board');
  await vault.page.locator('.operary-board :focus').waitFor();
  return vault;
}

const MOST_STEPS = 60;

/** What has the focus now; and what had it before, where that looks no other without it. */
const look = (vault: VaultClient): Promise<{ readonly name: string; readonly unseen: string }> =>
  vault.page.evaluate(() => {
    const memory = window as unknown as { last?: { readonly el: Element; readonly look: string } };
    const lookOf = (el: Element): string =>
      [el, el.closest('label'), el.querySelector('rect')]
        .filter((one) => one !== null)
        .map((one) => getComputedStyle(one))
        .map((style) => [style.outline, style.boxShadow, style.borderColor, style.stroke, style.strokeWidth].join())
        .join('\n');
    const nameOf = (el: Element): string => {
      const by = (el.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id));
      const words = by.map((one) => one?.textContent ?? '').join(' ');
      return (words || el.ariaLabel || (el.closest('label') ?? el).textContent || el.tagName).trim();
    };
    const el = document.activeElement!;
    const { last } = memory;
    if (el === document.body) return { name: '', unseen: '' };
    const isUnseen = last && last.el !== el && last.el.isConnected && lookOf(last.el) === last.look;
    // The parts of a date share one element.
    if (last?.el !== el) memory.last = { el, look: lookOf(el) };
    return { name: nameOf(el), unseen: isUnseen ? nameOf(last.el) : '' };
  });

/** Tab after Tab until what is called so has the focus. */
async function to(vault: VaultClient, name: string, key = 'Tab'): Promise<void> {
  const met: string[] = [];
  for (let step = 0; step < MOST_STEPS; step++) {
    const here = await look(vault);
    expect(here.unseen, 'had the focus, and nobody saw it').toBe('');
    if (here.name.startsWith(name)) return;
    met.push(here.name);
    if (here.name === '') break;
    await vault.press(key);
  }
  throw new Error(`${key} does not lead to "${name}". It led to: ${met.join(' | ')}`);
}

async function press(vault: VaultClient, name: string, key = 'Tab'): Promise<void> {
  await to(vault, name, key);
  await vault.press('Enter');
}

const inForm = (vault: VaultClient): Promise<void> => vault.page.locator('.modal :focus').waitFor();

async function closed(vault: VaultClient): Promise<void> {
  await vault.page.locator('.modal').waitFor({ state: 'detached', timeout: 15_000 });
  await vault.page.locator('.operary-board :focus').waitFor({ timeout: 15_000 });
}

interface Shift {
  readonly status: string;
  readonly signature: object | null;
}
const shiftIs = (vault: VaultClient, what: string, isSo: (shift: Shift) => boolean) =>
  vault.until(async () => isSo(await works.ana.get<Shift>(`/v1/shifts/${works.shift}`)), {
    ...{ what: `the shift to be ${what}`, is: true, timeout: 15_000 },
  });

test('a shift: an entry, the handover with a task to decide, the acceptance with a critical item, the seal', async () => {
  await works.task('Bearing of filler 2 hot', { priority: 'P1' });
  const ana = await boardOf('ana');
  await press(ana, 'Log entry');
  await inForm(ana);
  await ana.page.keyboard.type('Guard of conveyor 4 is loose');
  await ana.press('Enter');
  await closed(ana);
  await press(ana, 'Sign handover');
  await to(ana, 'T-1 Bearing of filler 2 hot');
  await ana.page.keyboard.type('Cont');
  await press(ana, 'Sign handover');
  await closed(ana);
  await shiftIs(ana, 'signed', ({ signature }) => signature !== null);

  const tom = await boardOf('tom');
  await press(tom, 'Accept handover');
  await to(tom, 'T-1 Bearing of filler 2 hot');
  await tom.press('Space');
  await press(tom, 'Accept handover');
  await tom.page.locator('.modal button').filter({ hasText: 'Seal' }).waitFor({ timeout: 15_000 });
  await press(tom, 'Seal shift');
  await inForm(tom);
  await press(tom, 'Seal shift');
  await shiftIs(tom, 'sealed', (one) => one.status === 'sealed');
  expect([...ana.consoleErrors(), ...tom.consoleErrors()]).toEqual([]);
}, 60_000);

test('a task: made, acknowledged, started, put on hold, resumed, completed, verified; the focus stays with its card', async () => {
  const ana = await boardOf('ana');
  await press(ana, 'Create task');
  await inForm(ana);
  await to(ana, 'Title');
  await ana.page.keyboard.type('Replace seal on P-101');
  await to(ana, 'Priority');
  await ana.page.keyboard.type('P1');
  await to(ana, 'Assignee (optional)');
  await ana.page.keyboard.type('Max');
  await press(ana, 'Create task');
  await closed(ana);
  const made = async () => (await works.ana.get<{ items: { id: string }[] }>('/v1/tasks')).items[0]?.id;
  const id = (await ana.until(made, { what: 'the task', timeout: 15_000 }))!;
  const taskIs = (vault: VaultClient, wanted: string) =>
    vault.until(() => works.status(id), { what: `the task to be ${wanted}`, is: wanted, timeout: 15_000 });
  const card = (vault: VaultClient) => vault.page.locator('.operary-card:focus-within').filter({ hasText: 'P-101' });

  const max = await boardOf('max');
  await press(max, 'Acknowledge task');
  await taskIs(max, 'acknowledged');
  await card(max).getByRole('button', { name: 'Start task' }).waitFor();
  await press(max, 'Start task');
  await taskIs(max, 'in_progress');
  await card(max).getByRole('button', { name: 'Complete task' }).waitFor();
  await press(max, 'More');
  await card(max).getByRole('button', { name: 'Less' }).waitFor();
  await press(max, 'Put task on hold', 'Shift+Tab');
  await inForm(max);
  await to(max, 'What it waits for');
  await max.press('ArrowDown');
  await press(max, 'Put task on hold');
  await closed(max);
  await taskIs(max, 'on_hold');
  await card(max).getByRole('button', { name: 'Resume task' }).waitFor();
  await press(max, 'Resume task');
  await taskIs(max, 'in_progress');
  await card(max).getByRole('button', { name: 'Complete task' }).waitFor();
  await press(max, 'Complete task');
  await inForm(max);
  await to(max, 'Note');
  await max.page.keyboard.type('New seal fitted.');
  await press(max, 'Complete task');
  await closed(max);
  await taskIs(max, 'done');

  await ana.page.locator('.operary-card[data-card]').getByRole('button', { name: 'Verify task' }).waitFor();
  await press(ana, 'Verify task');
  await taskIs(ana, 'closed');
  expect([...ana.consoleErrors(), ...max.consoleErrors()]).toEqual([]);
}, 60_000);
