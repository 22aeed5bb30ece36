/** Two people at once, each away from the other: everything that both did and wrote stays, and both see the same. */
import { afterEach, beforeEach, expect } from 'vitest';
import type { OpenOptions, VaultClient } from './harness/client.ts';
import { agree, noteOf, picture, says, status, times } from './harness/looking.ts';
import { proxy, type Line } from './harness/net.ts';
import { completes, joined, peoplesText, SHIFT, task, toNotes, writes } from './hands.ts';
import { releaseSuite } from './release-suite.ts';
import { openWorks, type Works } from './works.ts';

const { test: shortTest, open } = releaseSuite();
/** Two apps, and lines that go and come back. */
const test = (name: string, body: () => Promise<void>) => shortTest(name, body, 90_000);
let works: Works;
let lines: Record<'ana' | 'max', Line>;
beforeEach(async () => {
  works = await openWorks();
  const port = Number(new URL(works.server.url).port);
  lines = { ana: await proxy(port), max: await proxy(port) };
});
afterEach(async () => {
  await Promise.all(Object.values(lines).map((line) => line.close()));
  await works.close();
});

const person = (who: 'ana' | 'max', more: OpenOptions = {}): Promise<VaultClient> =>
  joined(works, () => open(works.device(who, more, lines[who].origin)));
/** As the app does. A program that writes in the very instant of a save is overwritten, by the app as by the stand-in. */
const SAVED_AFTER_TYPING = { saveDelayMs: 2000 };
async function away(...vaults: readonly VaultClient[]): Promise<void> {
  for (const line of Object.values(lines)) line.cut();
  for (const vault of vaults) await status(vault, /^Offline since/);
}
async function back(...vaults: readonly VaultClient[]): Promise<void> {
  for (const line of Object.values(lines)) line.heal();
  for (const vault of vaults) await vault.run('operary:retry');
}
/** Waits until both notes hold the same text of people, and gives it. */
async function sameText(
  path: string,
  one: VaultClient,
  other: VaultClient,
  ...words: readonly string[]
): Promise<string> {
  const look = async () => {
    const [mine, theirs] = [peoplesText(await one.read(path)), peoplesText(await other.read(path))];
    const missing = words.filter((word) => !mine.includes(word) || !theirs.includes(word));
    return mine === theirs && !missing.length ? 'the same' : { mine, theirs, missing };
  };
  await one.until<unknown>(look, { what: 'the same text in both notes', is: 'the same', timeout: 20_000 });
  return peoplesText(await one.read(path));
}

test('two people complete the same task, each without a network: both reports stay, in both vaults, with words about it', async () => {
  const { id, ref } = await works.begun('Grease conveyor 4');
  const [max, ana] = [await person('max'), await person('ana')];
  await away(max, ana);
  await completes(max, ref, 'Greased both bearings');
  await completes(ana, ref, 'Greased, belt re-tensioned');
  await back(max);
  const path = await noteOf(max, task(ref));
  await status(max, 'Stored');
  await back(ana);
  const reports = [
    '**Max Meyer** completed: Greased both bearings',
    '**Ana Okafor** completed: Greased, belt re-tensioned',
  ];
  const WORDS = 'Somebody else completed this too, without either knowing of the other. Both reports are kept.';
  for (const vault of [max, ana]) await says(vault, path, ...reports, 'Needs a look', WORDS);
  await agree(max, ana);
  expect(await works.status(id)).toBe('closed');
  await status(max, 'Stored');
  await status(ana, 'Needs attention: 1');
  await ana.openNote(path, 'preview');
  await ana.run('operary:open-board');
  const board = ana.page.locator('.operary-board');
  await ana.until(async () => (await board.innerText()).includes(WORDS), { what: 'the words on the board' });
  await picture(ana, 'together-two-reports');
  await ana.dismissNotices();
  await board.locator('.operary-concern').getByRole('button', { name: 'Seen' }).click();
  await status(ana, 'Stored');
});

test('[L12] two people write into the notes of a shift at once, without a network: the same text in both, every word there', async () => {
  const [max, ana] = [await person('max'), await person('ana')];
  const path = await noteOf(max, SHIFT);
  await writes(ana, path, 'Line 2 runs slow.');
  await sameText(path, ana, max, 'Line 2 runs slow.');
  await away(max, ana);
  await Promise.all([writes(max, path, ' Motor hums at load.'), writes(ana, path, '\nAsk for the spare drive.')]);
  await status(max, / · 1 waiting$/);
  await status(ana, / · 1 waiting$/);
  await picture(ana, 'together-text-waiting');
  await back(max, ana);
  const text = await sameText(path, max, ana, 'Line 2 runs slow.', 'Motor hums at load.', 'Ask for the spare drive.');
  for (const word of ['Line 2 runs slow.', 'Motor hums at load.', 'Ask for the spare drive.'])
    expect(times(text, word), word).toBe(1);
  expect(text).not.toContain('[!warning]');
  for (const vault of [max, ana]) {
    await status(vault, 'Stored');
    expect(await vault.notices()).toEqual([]);
  }
  await agree(max, ana);
});

test('[L12] another program writes into the note while somebody types in it and somebody else elsewhere: nothing is lost', async () => {
  const [max, ana] = [await person('max', SAVED_AFTER_TYPING), await person('ana')];
  const path = await noteOf(max, SHIFT);
  await writes(max, path, 'One.\n\nTwo.\n\nThree.');
  await sameText(path, max, ana, 'One.', 'Three.');
  const typing = (async () => {
    await max.cursorAfter('One.');
    await max.type(' typed here');
  })();
  const elsewhere = (async () => {
    await ana.openNote(path, 'source');
    await ana.cursorAfter('Three.');
    await ana.type(' typed elsewhere');
  })();
  await new Promise((resolve) => setTimeout(resolve, 100));
  await max.disk.replace(path, 'Two.', 'Two, from a script.', 0);
  await Promise.all([typing, elsewhere]);
  const text = await sameText(path, max, ana, 'typed here', 'Two, from a script.', 'typed elsewhere');
  expect(text).toBe('One. typed here\n\nTwo, from a script.\n\nThree. typed elsewhere');
  for (const vault of [max, ana]) await status(vault, 'Stored');
  await agree(max, ana);
});

test('[L12] while an input method composes, news of others waits; what was settled and what arrived both stand', async () => {
  const [max, ana] = [await person('max'), await person('ana')];
  const path = await noteOf(max, SHIFT);
  await writes(max, path, 'Pump: ');
  await sameText(path, max, ana, 'Pump:');
  await max.compose('に');
  await max.compose('にほ');
  await ana.openNote(path, 'source');
  await ana.page.evaluate(() => {
    const { editor } = window.harness.view();
    editor.focus();
    editor.setCursor(editor.offsetToPos(editor.getValue().indexOf('Pump:')));
  });
  await ana.type('Checked at nine. ');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await max.isComposing()).toBe(true);
  await max.composed('日本');
  const text = await sameText(path, max, ana, 'Checked at nine. ', '日本');
  expect(text).toBe('Checked at nine. Pump: 日本');
  await toNotes(max);
  for (const vault of [max, ana]) await status(vault, 'Stored');
});

test('[L12] two panes of one note, a file with CRLF: what is typed in either and what arrives stands once, in the line ends of the file', async () => {
  const [max, ana] = [await person('max'), await person('ana')];
  const path = await noteOf(max, SHIFT);
  await writes(max, path, 'Left.\nRight.');
  await sameText(path, max, ana, 'Left.', 'Right.');
  await ana.disk.write(path, (await ana.read(path)).replaceAll('\n', '\r\n'), 0);
  await max.openNote(path, 'source', { beside: true });
  await max.cursorAfter('Right.');
  await max.type(' Of the right pane.');
  await max.intoPane(0);
  await max.cursorAfter('Left.');
  await max.type(' Of the left pane.');
  const text = await sameText(path, max, ana, 'Of the left pane.', 'Of the right pane.');
  expect(text).toBe('Left. Of the left pane.\nRight. Of the right pane.');
  expect((await ana.read(path)).replaceAll('\r\n', '')).not.toContain('\n');
  expect(await max.read(path)).not.toContain('\r');
  for (const vault of [max, ana]) {
    await status(vault, 'Stored');
    expect(await vault.notices()).toEqual([]);
  }
});
