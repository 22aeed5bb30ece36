/** Forms that were closed before they were done, acts that nobody can take back, and a handover with more tasks than a screen can hold. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Command } from '../../shared/kernel/command.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { SHIFT } from './hands.ts';
import type { VaultClient } from './harness/client.ts';
import { noteOf, picture, status } from './harness/looking.ts';
import { aPhoto } from './harness/photo.ts';
import { releaseSuite } from './release-suite.ts';
import { AREA, openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

const OFFER = 'You did not finish this the last time.';
const closed = (vault: VaultClient): Promise<boolean> =>
  vault.until(async () => !(await vault.modal.isOpen()), { what: 'the form to close', timeout: 15_000 });
const shift = () => works.ana.get<{ status: string }>(`/v1/shifts/${works.shift}`);
async function joined(platform: 'desktop' | 'android' = 'desktop'): Promise<VaultClient> {
  const vault = await open(works.device('ana', { platform }));
  await noteOf(vault, SHIFT);
  if (platform === 'desktop') await status(vault, 'Stored');
  return vault;
}

test('a shift is closed after its leader was told what that does, and was asked once', async () => {
  const vault = await joined();
  await vault.openNote(await noteOf(vault, SHIFT));
  await vault.run('operary:shifts-close');
  expect(await vault.modal.title()).toBe('Close shift');
  expect(await vault.modal.text()).toContain('The handover begins');
  await picture(vault, 'close-desktop');
  await vault.press('Escape');
  await closed(vault);
  expect((await shift()).status).toBe('active');
  await vault.run('operary:shifts-close');
  await vault.modal.press('Close shift');
  await closed(vault);
  await vault.until(async () => (await shift()).status, { what: 'the shift', is: 'closing' });
  expect(vault.consoleErrors()).toEqual([]);
});

test('what was entered in a form is there after Escape, a tap beside it and the end of the app, until it is done', async () => {
  const phone = await joined('android');
  await phone.run('operary:alarms-report');
  expect(await phone.modal.text()).not.toContain(OFFER);
  await phone.modal.fill('Text', 'Oil under gearbox 4');
  await phone.modal.attach('Evidence', [aPhoto('oil.png')]);
  await phone.page.locator('.operary-photo img').waitFor();
  await phone.page.mouse.click(2, 2);
  await closed(phone);
  await phone.reload();
  const mayReport = async () => (await phone.commands()).includes('operary:alarms-report');
  await phone.until(mayReport, { what: 'whoever uses this phone', is: true });
  await phone.run('operary:alarms-report');
  for (const name of ['Continue where you stopped', 'Start anew'])
    expect((await phone.page.getByRole('button', { name }).boundingBox())!.height).toBeGreaterThanOrEqual(44);
  expect(await phone.modal.value('Text')).toBe('');
  await picture(phone, 'unfinished-phone');
  await phone.modal.press('Continue where you stopped');
  expect(await phone.modal.value('Text')).toBe('Oil under gearbox 4');
  await phone.page.locator('.operary-photo img').waitFor();
  await phone.modal.press('Report problem');
  await closed(phone);
  const { items } = await works.ana.get<{ items: readonly { id: string }[] }>('/v1/tasks');
  expect(items).toHaveLength(1);
  await phone.run('operary:alarms-report');
  expect(await phone.modal.text()).not.toContain(OFFER);
});

test('an entry that was not saved is offered again, and is gone for good after a fresh start', async () => {
  const vault = await joined();
  await vault.run('operary:shifts-log');
  await vault.page.keyboard.type('Filler 2 at 80 %');
  await vault.press('Escape');
  await closed(vault);
  await vault.run('operary:shifts-log');
  await vault.modal.press('Continue where you stopped');
  expect(await vault.modal.value('Text')).toBe('Filler 2 at 80 %');
  await vault.press('Escape');
  await closed(vault);
  await vault.run('operary:shifts-log');
  await vault.modal.press('Start anew');
  expect(await vault.modal.value('Text')).toBe('');
  await vault.press('Escape');
  await closed(vault);
  await vault.run('operary:shifts-log');
  expect(await vault.modal.text()).not.toContain(OFFER);
});

test('a handover that was half filled in goes on where it stopped', async () => {
  const { ref } = await works.task('Sweep aisle 3', { priority: 'P4' });
  const vault = await joined();
  await noteOf(vault, 'Operary/Tasks/');
  await vault.run('operary:shifts-sign');
  await vault.modal.fill(`${ref} Sweep aisle 3`, 'Cancel');
  await vault.modal.fill('Reason', 'Done by the contractor.');
  await vault.modal.fill('Line status', 'Line 3 at 80 %');
  await vault.press('Escape');
  await closed(vault);
  await vault.run('operary:shifts-sign');
  expect(await vault.modal.value(`${ref} Sweep aisle 3`)).toBe('continue');
  await vault.modal.press('Continue where you stopped');
  expect(await vault.modal.value(`${ref} Sweep aisle 3`)).toBe('cancel');
  expect(await vault.modal.value('Reason')).toBe('Done by the contractor.');
  expect(await vault.modal.value('Line status')).toBe('Line 3 at 80 %');
  await vault.modal.press('Sign handover');
  await closed(vault);
  const { signature } = await works.ana.get<{ signature: { decisions: readonly object[] } }>(
    `/v1/shifts/${works.shift}`,
  );
  expect(signature.decisions).toMatchObject([{ decision: 'cancel', reason: 'Done by the contractor.' }]);
});

const MANY = 2000;

test(`a handover with ${MANY} open tasks draws a page of them, finds each, and decides all`, async () => {
  const { server, org, ids } = works;
  const fresh = () => uuidV7(Date.now(), randomBytes(10));
  const commands = Array.from({ length: MANY }, (_, i): Command => {
    const input = { title: `Check bearing ${i}`, area: AREA, priority: 'P4' };
    const caller = { kind: 'user', id: ids.ana, org, role: 'supervisor', areas: [] } as const;
    return { id: fresh(), org, type: 'tasks.create', subject: { kind: 'task', id: fresh() }, input, caller };
  });
  for (let i = 0; i < MANY; i += 500) await server.ledger.transact(commands.slice(i, i + 500));
  const vault = await joined();
  const notes = async () => (await vault.files()).filter((path) => path.startsWith('Operary/Tasks/')).length;
  await vault.until(notes, { what: 'all notes', is: MANY, timeout: 60_000 });
  await vault.run('operary:shifts-sign');
  const sheet = vault.page.locator('.operary-sheet');
  expect(await sheet.locator('.operary-decision').count()).toBe(50);
  expect(await sheet.locator('*').count()).toBeLessThan(2500);
  await sheet.getByRole('button', { name: 'Show 50 more of 1950' }).first().press('Enter');
  expect(await sheet.locator('.operary-decision').count()).toBe(100);
  const focused = sheet.locator('.operary-decision').nth(50).locator('select:focus');
  await focused.waitFor();
  await picture(vault, 'handover-many-desktop');
  await sheet.getByLabel('Find in this list').first().fill('bearing 1234');
  await vault.until(() => sheet.locator('.operary-decision').count(), { what: 'the one', is: 1 });
  await sheet.locator('.operary-decision select').selectOption('cancel');
  await vault.modal.fill('Reason', 'Replaced.');
  await vault.modal.press('Sign handover');
  await vault.until(async () => (await shift()).status, { what: 'the handover', is: 'closing', timeout: 60_000 });
  const signed = async () =>
    (
      await works.ana.get<{ signature: { decisions: readonly { decision: string; reason?: string }[] } | null }>(
        `/v1/shifts/${works.shift}`,
      )
    ).signature?.decisions ?? [];
  await vault.until(async () => (await signed()).length, { what: 'all decisions', is: MANY, timeout: 60_000 });
  expect((await signed()).filter(({ decision }) => decision === 'cancel')).toMatchObject([{ reason: 'Replaced.' }]);
}, 180_000);
