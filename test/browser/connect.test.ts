/** The first minutes of a vault with the built plugin: an address and a code, or a link, and the notes of the plant are there; and out again. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import { demand, giveCode } from '../../server/host/founding.ts';
import { pairingLink } from '../../shared/sync/pairing.ts';
import type { VaultClient } from './harness/client.ts';
import { noteOf, notice, picture, says, status } from './harness/looking.ts';
import { proxy } from './harness/net.ts';
import { enrols, logs, SHIFT } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
beforeEach(async () => {
  works = await openWorks();
});
afterEach(() => works.close());

const WELCOME = 'Operary/Welcome.md';
const DATA = '.obsidian/plugins/operary/data.json';
const codeAt = async ({ server, org }: Works, user = 'Ana Okafor', role = 'supervisor'): Promise<string> =>
  (await giveCode(server.installation, { org, user, role, areas: [] })).code;
const tells = (vault: VaultClient, part: string | RegExp) =>
  vault.until(
    async () => (await vault.modal.isOpen()) && new RegExp(part).test((await vault.modal.text()).replace(/\s+/g, ' ')),
    { what: `${String(part)} in the form` },
  );
async function connect(vault: VaultClient, address: string, code: string): Promise<void> {
  await vault.run('operary:connect');
  await vault.modal.fill('Server address', address);
  await vault.modal.fill('Pairing code', code);
  await vault.modal.press('Connect');
}
/** The server has this device's key: nothing of it waits. */
async function isKnown(vault: VaultClient, at = works): Promise<void> {
  const devices = async () => (await at.ana.get<{ items: readonly unknown[] }>('/v1/devices')).items.length;
  await vault.until(devices, { what: 'the device on the server', is: 1, timeout: 15_000 });
  await status(vault, 'Stored');
}
const isClosed = (vault: VaultClient) => vault.until(() => vault.modal.isOpen(), { what: 'no form', is: false });

test('an address and a code, typed as people type: the notes of the shift are there, and a note that says what one can do', async () => {
  const { ref } = await works.task('Replace seal on P-101');
  const vault = await open({ theme: 'dark' });
  expect(await vault.statusText()).toBe('Not connected');
  await vault.settings.open();
  await picture(vault, 'connect-settings');
  await vault.settings.press('Connect to a plant');
  await vault.modal.press('Connect');
  expect(await vault.modal.text()).toContain('Enter the address of the server.');
  const host = new URL(works.server.url).host;
  await vault.modal.fill('Server address', `  ${host}/docs `);
  await vault.modal.fill('Pairing code', 'aaaa bbbb cccc');
  await vault.modal.press('Connect');
  await tells(vault, 'This pairing code is not known here.');
  await picture(vault, 'connect-wrong-code');
  await vault.modal.fill('Pairing code', (await codeAt(works)).toLowerCase().replaceAll('-', ' '));
  await vault.page.getByLabel('Pairing code').press('Enter');
  await isClosed(vault);
  await notice(vault, 'as Ana Okafor. The notes appear in the folder Operary.');
  expect(await vault.settings.text()).toContain(`Connected to http://${host}.`);
  await vault.settings.close();
  await status(vault, 'Stored');
  await says(vault, await noteOf(vault, SHIFT), `${ref} Replace seal on P-101`);
  expect(await vault.editorText()).toContain('Four things you can do');
  await vault.openNote(WELCOME, 'preview');
  await vault.dismissNotices();
  await picture(vault, 'connect-welcome');
  expect(JSON.parse(await vault.read(DATA))).toMatchObject({ url: `http://${host}`, secret: 'operary-token' });
  expect(await vault.read(DATA)).not.toContain('opy_');
  expect(vault.consoleErrors()).toEqual([]);
});

test('on a narrow phone a scanned link fills the form in and asks; nothing happens before somebody says yes', async () => {
  const phone = await open({ platform: 'android', viewport: { width: 320, height: 640 } });
  const code = await codeAt(works);
  await phone.protocol('operary', { url: `${works.server.url}/`, code });
  await tells(phone, 'A link wants to connect this vault to 127.0.0.1');
  await picture(phone, 'connect-link-phone');
  await phone.modal.press('Cancel');
  expect(await phone.files()).toEqual([]);
  expect(await phone.exists(DATA)).toBe(false);
  await phone.protocol('operary', { url: works.server.url, code });
  expect([await phone.modal.value('Server address'), await phone.modal.value('Pairing code')]).toEqual([
    works.server.url,
    code,
  ]);
  const modal = phone.page.locator('.operary-connect');
  for (const name of ['Server address', 'Pairing code'])
    expect((await modal.getByLabel(name).boundingBox())!.height, name).toBeGreaterThanOrEqual(44);
  for (const name of ['Cancel', 'Connect'])
    expect((await modal.getByRole('button', { name, exact: true }).boundingBox())!.height, name).toBeGreaterThanOrEqual(
      44,
    );
  expect(await modal.evaluate((el) => el.scrollWidth <= el.clientWidth)).toBe(true);
  await modal.getByRole('button', { name: 'Connect', exact: true }).tap();
  await isClosed(phone);
  await noteOf(phone, SHIFT);
  await phone.dismissNotices();
  await phone.openNote(WELCOME, 'preview');
  await picture(phone, 'connect-welcome-phone');
  expect(phone.consoleErrors()).toEqual([]);
});

test('[L7] what goes wrong is said in the form, with what to do, and leaves nothing behind', async () => {
  const vault = await open({
    baseFiles: {
      'Operary/Recipes.md': '# Mine\n',
      '.obsidian/community-plugins.json': '["obsidian-livesync"]',
    },
  });
  const web = createServer((_request, answer) => answer.end('<h1>It works!</h1>')).listen(0, '127.0.0.1');
  const line = await proxy(Number(new URL(works.server.url).port));
  const page = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const code = await codeAt(works);
  await connect(vault, page, code);
  await tells(vault, 'The folder Operary holds a note of your own. It stays as it is');
  await tells(vault, 'Self-hosted LiveSync syncs this vault too.');
  await tells(vault, `Something answers at ${page}, but it is not Operary.`);
  line.cut();
  await vault.modal.fill('Server address', line.origin);
  await vault.modal.press('Connect');
  await tells(vault, `Nothing answers at ${line.origin}`);
  await picture(vault, 'connect-failure');
  await vault.modal.fill('Server address', 'http://plant.example');
  await tells(vault, 'This address is not encrypted');
  await vault.online(false);
  await vault.modal.press('Connect');
  await tells(vault, 'This device is offline.');
  await vault.online(true);
  expect(await vault.files()).toEqual(['Operary/Recipes.md']);
  expect(await vault.exists(DATA)).toBe(false);
  line.heal();
  await vault.modal.fill('Server address', pairingLink(line.origin, code));
  expect(await vault.modal.value('Server address')).toBe(line.origin);
  await vault.modal.press('Connect');
  await isClosed(vault);
  await status(vault, 'Stored');
  expect(await vault.read('Operary/Recipes.md')).toBe('# Mine\n');
  web.close();
  await line.close();
});

test('a file where the folder belongs is named; a second plant is not mixed with the first', async () => {
  const vault = await open({ baseFiles: { Operary: 'a file' } });
  const code = await codeAt(works);
  await connect(vault, works.server.url, code);
  await tells(vault, 'There is a file called Operary');
  await vault.modal.close();
  await vault.rename('Operary', 'Old');
  await connect(vault, works.server.url, code);
  await isClosed(vault);
  await status(vault, 'Stored');
  await vault.protocol('operary', { url: 'https://other.example', code: 'AAAA-BBBB-CCCC' });
  await tells(vault, 'One vault belongs to one plant: disconnect it first');
  await vault.modal.press('Cancel');
  expect(await vault.statusText()).toBe('Stored');
});

test('[L12] disconnecting counts what waits and keeps it: it goes to its own plant and to no other, and the welcome is not said twice', async () => {
  const line = await proxy(Number(new URL(works.server.url).port));
  const other = await openWorks();
  const vault = await open();
  await connect(vault, line.origin, await codeAt(works));
  await isKnown(vault);
  const shift = await noteOf(vault, SHIFT);
  await vault.trash(WELCOME);
  line.cut();
  await status(vault, /^Offline/);
  await vault.openNote(shift);
  await logs(vault, 'Guard of conveyor 4 is loose');
  await says(vault, shift, 'Guard of conveyor 4 is loose · waiting to be sent');
  await vault.run('operary:disconnect');
  await tells(vault, 'One entry, photo or text is on this device only');
  const disconnect = vault.page.getByRole('button', { name: 'Disconnect', exact: true });
  expect(await disconnect.isDisabled()).toBe(true);
  await picture(vault, 'disconnect-waiting');
  await vault.modal.fill('I have read this; disconnect all the same', true);
  await disconnect.click();
  await status(vault, 'Not connected');
  const left = await vault.read(shift);
  expect(left).toContain('Guard of conveyor 4 is loose');
  expect(left).not.toContain('```');
  expect(JSON.parse(await vault.read(DATA))).toMatchObject({ url: '', secret: '' });
  expect(await vault.commands()).not.toContain('operary:disconnect');
  line.heal();

  await connect(vault, other.server.url, await codeAt(other));
  await isKnown(vault, other);
  await vault.run('operary:disconnect');
  await vault.modal.press('Disconnect');
  await status(vault, 'Not connected');
  const logged = async (at: Works) => JSON.stringify(await at.ana.get(`/v1/events?after=0`)).includes('conveyor 4');
  expect([await logged(works), await logged(other)]).toEqual([false, false]);

  await connect(vault, line.origin, await codeAt(works));
  await status(vault, 'Stored');
  await vault.until(() => logged(works), { what: 'the entry on the server', is: true });
  expect(await logged(other)).toBe(false);
  expect(await vault.exists(WELCOME)).toBe(false);
  expect(vault.consoleErrors()).toEqual([]);
  await other.close();
  await line.close();
}, 40_000);

test('whose token was revoked connects again with a new code, and only to the plant of before', async () => {
  const vault = await open();
  await connect(vault, works.server.url, await codeAt(works));
  await isKnown(vault);
  await works.server.plant('york');
  const codeOfYork = (
    await giveCode(works.server.installation, { org: 'york', user: 'Eve', role: 'operator', areas: [] })
  ).code;
  const left = { type: 'users.deactivate', subject: { kind: 'user', id: works.ids.ana }, input: { reason: 'Left' } };
  await demand(works.server.installation, works.org, [left]);
  await vault.run('operary:retry');
  await status(vault, 'Needs attention');
  await vault.run('operary:open-board');
  await vault.page.locator('.operary-status-box').getByRole('button', { name: 'Connect to a plant' }).click();
  expect(await vault.modal.value('Server address')).toBe(works.server.url);
  await vault.modal.fill('Pairing code', codeOfYork);
  await vault.modal.press('Connect');
  await tells(vault, 'This code is for york, but this vault holds the notes of another one.');
  await vault.modal.fill('Pairing code', await codeAt(works, 'Tom Hughes'));
  await vault.modal.press('Connect');
  await isClosed(vault);
  await status(vault, 'Stored');
});

test('[L7] a locked tablet is not disconnected by whoever finds it', async () => {
  const vault = await open(works.device('max'));
  await status(vault, 'Stored');
  await enrols(vault, 'Ana Okafor', works.tokens.ana, '2580');
  await vault.run('operary:lock');
  await vault.run('operary:disconnect');
  await notice(vault, 'This device is locked. Take over with your PIN first.');
  expect(await vault.modal.isOpen()).toBe(false);
});
