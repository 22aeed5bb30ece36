/** A tablet that a crew shares, in the hand, in the cellar: a PIN takes over, and every entry carries whoever did. */
import { afterEach, beforeEach, expect } from 'vitest';
import { noteOf, notice, picture, says } from './harness/looking.ts';
import { proxy, type Line } from './harness/net.ts';
import { enrols, logs, SHIFT } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const { test, open } = releaseSuite();
let works: Works;
let line: Line;
beforeEach(async () => {
  works = await openWorks();
  line = await proxy(Number(new URL(works.server.url).port));
});
afterEach(async () => {
  await line.close();
  await works.close();
});

test('on a phone-sized screen without a network a person takes over with a PIN in under three seconds, and the entry is theirs', async () => {
  const tablet = await open(works.device('max', { platform: 'android' }, line.origin));
  await tablet.run('operary:open-board');
  const board = tablet.page.locator('.operary-board');
  const shows = (words: string) =>
    tablet.until(async () => (await board.innerText()).includes(words), { what: `"${words}" on the board` });
  await shows('Stored');
  await enrols(tablet, 'Ana Okafor', works.tokens.ana, '2580');
  await picture(tablet, 'phone-board');
  line.cut();
  await shows('Offline since');
  await tablet.run('operary:lock');
  await shows('Locked');
  await picture(tablet, 'phone-locked');
  await tablet.dismissNotices();
  const start = Date.now();
  await board.getByRole('button', { name: 'Ana Okafor' }).tap();
  await tablet.page.locator('.operary-takeover input:focus').waitFor();
  await tablet.page.keyboard.type('2580');
  await tablet.page.keyboard.press('Enter');
  await notice(tablet, 'Ana Okafor has taken over.');
  await shows('Ana Okafor');
  const took = Date.now() - start;
  await picture(tablet, 'phone-taken-over');
  await logs(tablet, 'Walked the line, all guards closed');
  await says(
    tablet,
    await noteOf(tablet, SHIFT),
    '**Ana Okafor** Walked the line, all guards closed · waiting to be sent',
  );
  await tablet.run('operary:open-board');
  await picture(tablet, 'phone-waiting');
  line.heal();
  await tablet.run('operary:retry');
  await shows('Stored');
  const { items } = await works.tom.get<{ items: { entries: { by: string; text: string }[] }[] }>('/v1/shifts');
  expect(items[0]!.entries).toMatchObject([{ by: works.ids.ana, text: 'Walked the line, all guards closed' }]);
  expect(took).toBeLessThan(3000);
  expect(tablet.consoleErrors()).toEqual([]);
});
