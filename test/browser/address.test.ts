/** The address in the settings, changed by hand in the built plugin: what waits goes to the plant that it was made for, and to no other. */
import { afterEach, beforeEach, expect } from 'vitest';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { selfSigned } from '../kit/self-signed.ts';
import { noteOf, picture, says, status } from './harness/looking.ts';
import { proxy, type Line } from './harness/net.ts';
import { aPhoto } from './harness/photo.ts';
import { completes, joined, logs, SHIFT } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let ours: Works;
let other: Works;
let line: Line;
beforeEach(async () => {
  [ours, other] = await Promise.all([openWorks(), openWorks()]);
  line = await proxy(Number(new URL(ours.server.url).port));
});
afterEach(async () => {
  await line.close();
  await Promise.all([ours.close(), other.close()]);
});

const has = async (works: Works, words: string) =>
  JSON.stringify(await works.ana.get('/v1/events?after=0')).includes(words);

test('[L12] an entry and a photo that wait are not sent to another plant whose address and token are entered; they go home when home is entered again', async () => {
  const { ref } = await ours.begun('Replace seal on P-101');
  const photo = aPhoto('seal.png');
  const secrets = { mine: ours.tokens.max, theirs: other.tokens.max };
  const data = { url: line.origin, secret: 'mine', root: '' };
  const vault = await joined(ours, () => open({ name: 'Vault of max', data, secrets }));
  const shift = await noteOf(vault, SHIFT);
  line.cut();
  await status(vault, /^Offline/);
  await logs(vault, 'Guard of conveyor 4 is loose');
  await completes(vault, ref, 'New seal fitted.', [photo]);
  await says(vault, shift, 'Guard of conveyor 4 is loose · waiting to be sent');

  await vault.settings.open();
  expect(await vault.settings.text()).toContain('they go to that plant and to no other');
  await vault.settings.fill('Server', '');
  expect(await vault.settings.error('Server')).toContain('To leave this plant choose "Disconnect"');
  await vault.settings.fill('Server', other.server.url);
  await vault.page.locator('.mod-settings select').first().selectOption('theirs');
  await picture(vault, 'address-of-another');
  await vault.settings.press('Connect');
  await vault.settings.close();
  await status(vault, 'Needs attention');
  await vault.run('operary:open-board');
  const box = vault.page.locator('.operary-status-box');
  await vault.until(async () => (await box.innerText()).includes('Another plant answers at this address'), {
    what: 'the reason on the board',
  });
  await vault.run('operary:retry');
  await status(vault, 'Needs attention');
  expect([await has(other, 'conveyor 4'), await has(other, 'New seal')]).toEqual([false, false]);
  const file = `/v1/files/${sha256Hex(photo.bytes)}`;
  expect((await other.max.ask('HEAD', file)).status).toBe(404);

  line.heal();
  await vault.settings.open();
  await vault.settings.fill('Server', line.origin);
  await vault.page.locator('.mod-settings select').first().selectOption('mine');
  await vault.settings.press('Connect');
  await vault.settings.close();
  await status(vault, 'Stored');
  expect([await has(ours, 'conveyor 4'), await has(other, 'conveyor 4')]).toEqual([true, false]);
  expect([(await ours.max.ask('HEAD', file)).status, (await other.max.ask('HEAD', file)).status]).toEqual([200, 404]);
}, 60_000);

test('[L7] a server with a certificate of its own making is told in the form, and hears nothing', async () => {
  const strange = await selfSigned((_request, response) => void response.end());
  const vault = await open();
  await vault.run('operary:connect');
  await vault.modal.fill('Server address', strange.url);
  await vault.modal.fill('Pairing code', 'K7QM-4TRP-9X2C');
  await vault.modal.press('Connect');
  await vault.until(async () => (await vault.modal.text()).includes('does not trust the certificate of 127.0.0.1'), {
    what: 'the reason in the form',
  });
  await picture(vault, 'connect-certificate');
  expect(strange.heard).toBe(0);
  await strange.close();
});

test('a folder whose name only some systems tell apart is named with the cure, and left alone', async () => {
  const vault = await open({ baseFiles: { 'operary/Recipes.md': '# Mine\n' } });
  await vault.run('operary:connect');
  await vault.modal.fill('Server address', ours.server.url);
  await vault.modal.fill('Pairing code', 'K7QM-4TRP-9X2C');
  await vault.modal.press('Connect');
  await vault.until(async () => (await vault.modal.text()).includes('There is something called operary'), {
    what: 'the reason in the form',
  });
  expect(await vault.files()).toEqual(['operary/Recipes.md']);
});
