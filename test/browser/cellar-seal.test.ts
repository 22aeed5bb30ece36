/** A shift is sealed while somebody is in the cellar: the seal says who was missing, never changes, and what comes later stands beside it. */
import { afterEach, beforeEach, expect } from 'vitest';
import { verifySealedNote } from '../../shared/proof/verify.ts';
import type { VaultClient } from './harness/client.ts';
import { agree, noteOf, notice, picture, says as hasAll, status, times } from './harness/looking.ts';
import { proxy, type Line } from './harness/net.ts';
import { joined, logs, SHIFT, writes } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const HOUR = 3_600_000;
const { test: shortTest, open } = releaseSuite();
/** Three apps, and hours on the server's clock. */
const test = (name: string, body: () => Promise<void>) => shortTest(name, body, 120_000);
let works: Works;
let line: Line;
let later: number;
beforeEach(async () => {
  later = 0;
  works = await openWorks({ clock: { now: () => Date.now() + later } });
  line = await proxy(Number(new URL(works.server.url).port));
});
afterEach(async () => {
  await line.close();
  await works.close();
});

const person = (who: 'ana' | 'tom' | 'max', device: string, url?: string): Promise<VaultClient> =>
  joined(works, () => open(works.device(who, { localStorage: { 'operary-device-name': device } }, url)));

const LATE = ['Valve V-7 exchanged', 'Pressure test at 6 bar held', 'The old valve lies in box 4.'];
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1, -'.md'.length);

test('[L2, L9] sealed without the engineer: the dialog names the device and asks why; what surfaces later stands in an addendum, the seal as it was', async () => {
  const [max, ana, tom] = [
    await person('max', 'Tablet in the cellar', line.origin),
    await person('ana', 'Laptop of Ana'),
    await person('tom', 'Laptop of Tom'),
  ];
  const shift = await noteOf(max, SHIFT);
  line.cut();
  await status(max, /^Offline since/);
  await logs(max, LATE[0]!);
  await logs(max, LATE[1]!);
  await writes(max, shift, LATE[2]!);
  await status(max, / · 3 waiting$/);

  later = HOUR;
  for (const vault of [ana, tom]) await vault.reload();
  await works.handOver();
  for (const vault of [ana, tom]) await status(vault, 'Stored');
  await tom.openNote(await noteOf(tom, SHIFT));
  await tom.run('operary:shifts-seal');
  const says = (words: RegExp) => async () => words.test(await tom.modal.text());
  await tom.until(says(/Device Tablet in the cellar silent since (?:[\w-]+ )*\d\d:\d\d/), {
    what: 'the missing device',
  });
  await tom.until(says(/Reason\s+What is on these devices cannot stand in the seal/), { what: 'why a reason' });
  await tom.modal.press('Seal shift');
  await tom.until(says(/Say why it is done nevertheless/), { what: 'the question why, at the field' });
  expect((await tom.modal.text()).includes('(optional)')).toBe(false);
  await picture(tom, 'seal-dialog');
  await tom.modal.fill('Reason', 'Max is in the cellar until ten');
  await tom.modal.press('Seal shift');
  await tom.until(async () => !(await tom.modal.isOpen()), { what: 'the form to close' });
  const sealed = await noteOf(tom, 'Operary/Sealed/', '(sealed).md');
  const truth = await tom.read(sealed);
  expect(truth).toMatch(
    /Exception: Device Tablet in the cellar silent since (?:[\w-]+ )*\d\d:\d\d: Max is in the cellar until ten/,
  );
  for (const words of LATE) expect(truth).not.toContain(words);

  line.heal();
  await max.run('operary:retry');
  const addendum = await noteOf(tom, 'Operary/Sealed/', '(late entries).md');
  for (const vault of [tom, ana, max]) {
    await noteOf(vault, 'Operary/Sealed/', '(late entries).md');
    await hasAll(vault, addendum, ...LATE, '**Max Meyer** on Tablet in the cellar', `![[${nameOf(sealed)}]]`);
    for (const words of LATE) expect(times(await vault.read(addendum), words), words).toBe(1);
    await hasAll(vault, shift, `What came after the seal: [[${nameOf(addendum)}]]`);
  }
  await status(max, 'Needs attention: 2');
  await notice(max, '2 entries of this device arrived after the shift was sealed, and stand in its addendum.');
  await notice(max, `was sealed before your words arrived. They are kept as a late entry in the addendum: ${LATE[2]!}`);
  for (const vault of [ana, max]) await agree(vault, tom, [shift, addendum]);
  for (const vault of [ana, tom]) expect(await vault.read(sealed)).toBe(truth);
  expect(verifySealedNote(truth)).toMatchObject({ verdict: 'warnings' });
  expect(verifySealedNote(truth).checks.filter(({ ok }) => ok === false)).toEqual([]);
  await max.openNote(shift, 'preview');
  await max.run('operary:open-board');
  await tom.openNote(addendum, 'preview');
  await tom.run('operary:open-board');
  const board = tom.page.locator('.operary-board');
  await tom.until(async () => (await board.innerText()).includes('3 late entries to shift Night'), {
    what: 'the late entries on the board',
  });
  await picture(max, 'seal-surfaced');
  await picture(tom, 'seal-addendum');
  await tom.dismissNotices();
  await board.getByRole('button', { name: 'Mark late entries as read' }).click();
  await hasAll(ana, addendum, 'Read by **Tom Hughes**', 'unread: 0');
  for (const vault of [max, ana, tom]) expect(vault.consoleErrors()).toEqual([]);
});
