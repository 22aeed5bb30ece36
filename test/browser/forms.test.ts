/** Forms in a hurry and far away: a photo that is still being kept, and a device whose clock shows another zone than the plant's. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { VaultClient } from './harness/client.ts';
import { noteOf, notice, says, status } from './harness/looking.ts';
import { aPhoto } from './harness/photo.ts';
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
  vault.until(async () => !(await vault.modal.isOpen()), { what: 'the form to close', timeout: 15_000 });
async function joined(who: 'ana' | 'max'): Promise<VaultClient> {
  const vault = await open(works.device(who, { platform: 'desktop' }));
  await noteOf(vault, SHIFT);
  return vault;
}

/** Chooses files and presses the button in one go, before anything of it can be kept. */
const chooseAndPress = (vault: VaultClient, bytes: Uint8Array): Promise<void> =>
  vault.page.evaluate((base64) => {
    const modal = document.querySelector('.modal')!;
    const input = modal.querySelector<HTMLInputElement>('input[type=file]')!;
    const chosen = new DataTransfer();
    const plain = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
    chosen.items.add(new File([plain], 'oil.png', { type: 'image/png' }));
    input.files = chosen.files;
    input.dispatchEvent(new Event('change'));
    modal.querySelector<HTMLElement>('button.mod-cta')!.click();
  }, Buffer.from(bytes).toString('base64'));

test('whoever presses at once after choosing a photo sends it along', async () => {
  const vault = await joined('max');
  await vault.run('operary:alarms-report');
  await vault.modal.fill('Text', 'Oil under gearbox 4');
  await chooseAndPress(vault, aPhoto('oil.png').bytes);
  await closed(vault);
  await says(vault, await noteOf(vault, task('T-1')), '![[');
});

test('[L7] a photo that cannot be kept is told, and nothing is sent without it before somebody presses again', async () => {
  const vault = await joined('max');
  await vault.run('operary:alarms-report');
  await vault.modal.fill('Text', 'Oil under gearbox 4');
  await chooseAndPress(vault, new Uint8Array());
  await vault.page.locator('.modal .operary-problem', { hasText: 'oil.png is empty. Choose another file.' }).waitFor();
  expect(await vault.modal.isOpen()).toBe(true);
  await vault.modal.press('Report problem');
  await closed(vault);
  expect(await vault.read(await noteOf(vault, task('T-1')))).not.toContain('![[');
});

test('times are those of the plant, wherever the device is, and none lies ahead', async () => {
  const vault = await joined('ana');
  const devTools = await vault.page.context().newCDPSession(vault.page);
  await devTools.send('Emulation.setTimezoneOverride', { timezoneId: 'America/New_York' });
  await vault.run('operary:shifts-log');
  await vault.modal.fill('Text', 'Grease line blocked');
  await vault.page.locator('summary').click();
  expect(await vault.modal.text()).toContain('Times are those of UTC.');
  const inUtc = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString().slice(0, 16);
  await vault.modal.fill('Happened at', inUtc(60));
  await vault.modal.press('Log entry');
  await vault.page.locator('.modal .operary-problem', { hasText: 'has not happened yet' }).waitFor();
  const happened = inUtc(-60);
  await vault.modal.fill('Happened at', happened);
  await vault.modal.press('Log entry');
  await closed(vault);
  await says(vault, await noteOf(vault, SHIFT), `${happened.slice(11)}) Grease line blocked`);
  const { entries } = await works.ana.get<{ entries: { at: string }[] }>(`/v1/shifts/${works.shift}`);
  expect(entries.map(({ at }) => at.slice(0, 16))).toEqual([happened]);
});

test('[L7] whose role reports no problems is told so', async () => {
  const { token } = await works.server.token({ org: works.org, slug: '', root: '', admin: '' }, 'auditor');
  const vault = await open({ ...works.device('ana'), secrets: { 'operary-token': token } });
  await status(vault, 'Stored');
  await vault.page.locator('[aria-label="Report problem"]').first().click();
  await notice(vault, 'Your role here reports no problems. Tell somebody who is on shift.');
  expect(await vault.modal.isOpen()).toBe(false);
});

const MACHINE = 'leeds/packaging/line-3/filler-2';

test('the code on a machine opens the report for it, also before anything is known here; a wrong one says so', async () => {
  const vault = await open(works.device('max', { platform: 'android', viewport: { width: 320, height: 700 } }));
  await vault.protocol('operary', { equipment: MACHINE });
  await vault.until(async () => (await vault.modal.isOpen()) && vault.modal.title(), {
    what: 'the form',
    is: 'Report problem',
    timeout: 15_000,
  });
  expect(await vault.modal.text()).toContain(MACHINE);
  expect(await vault.modal.value('Area')).toBe(AREA);
  await vault.modal.fill('Text', 'Drips at the third head');
  await vault.modal.press('Report problem');
  await closed(vault);
  await says(vault, await noteOf(vault, task('T-1')), 'filler-2');
  for (const equipment of ['', '../../x', '<img src=x onerror=alert(1)>', `a/${'b'.repeat(5000)}`]) {
    await vault.dismissNotices();
    await vault.protocol('operary', { equipment });
    await notice(vault, 'This link names no equipment of a plant.');
    expect(await vault.modal.isOpen()).toBe(false);
  }
  expect(vault.consoleErrors()).toEqual([]);
});
