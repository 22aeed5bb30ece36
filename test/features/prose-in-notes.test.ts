/** The people's part of a note and whatever happens to the note around it: other programs, renames, copies, lost markers. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPeoples } from '../../plugin/notes/people.ts';
import { calm, ENTITY, NOTE, relay, two, wanted } from '../kit/prose-devices.ts';

let server: ReturnType<typeof relay>;
beforeEach(() => void (server = relay()));
afterEach(() => server.close());

test('[L12] a CRLF note keeps its line ends, and the room has none of them', async () => {
  const [a, b] = await two(server);
  a.vault.external.write(NOTE, a.note().replaceAll('\n', '\r\n'));
  a.write('One.\r\nTwo.\r');
  await calm(a, b);
  expect(server.text()).toBe('One.\nTwo.');
  b.write('One.\nOne and a half.\nTwo.');
  await calm(a, b);
  expect(a.note()).toContain('One.\r\nOne and a half.\r\nTwo.\r\n%% /operary:notes %%');
  expect(a.note().replaceAll('\r\n', '')).not.toContain('\n');
});

test('while a word is composed nothing comes under it; then both are there', async () => {
  const [a, b] = await two(server);
  a.vault.editor.open(NOTE);
  a.vault.composing = true;
  a.write('に');
  b.write('Pump 3.');
  await calm(b);
  await a.clock.pass(61_000);
  expect([a.text(), b.text()]).toEqual(['に', 'Pump 3.']);
  a.vault.composing = false;
  await calm(a, b);
  expect(b.text()).toBe(a.text());
  expect(a.text()).toContain('に');
  expect(a.text()).toContain('Pump 3.');
});

test('properties and our own regions change without a word to the room', async () => {
  const [a] = await two(server);
  const before = server.asked.filter((path) => path !== '/v1/sync/docs').length;
  a.vault.external.write(NOTE, a.note().replace('operary_seq', 'mine: x\noperary_seq'));
  a.notebook.want(`task/${ENTITY}`, [wanted(2)]);
  await calm(a);
  expect(server.asked.filter((path) => path !== '/v1/sync/docs')).toHaveLength(before);
  expect([a.note().includes('mine: x'), a.note().includes('[!todo] 2'), server.text()]).toEqual([true, true, '']);
});

test('a renamed note keeps its room', async () => {
  const [a, b] = await two(server);
  a.write('One.');
  await calm(a, b);
  a.vault.external.rename(NOTE, 'Mine.md');
  expect([a.notebook.nameOf(ENTITY), a.notebook.entityAt('Mine.md'), a.notebook.entityAt(NOTE)]).toEqual([
    'Mine',
    ENTITY,
    undefined,
  ]);
  b.write('One.\nTwo.');
  await calm(a, b);
  expect(a.vault.texts.get('Mine.md')).toContain('One.\nTwo.');
  a.vault.external.write('Mine.md', a.vault.texts.get('Mine.md')!.replace('Two.', 'Two.\nThree.'));
  await calm(a, b);
  expect(b.text()).toBe('One.\nTwo.\nThree.');
});

test('[L12] a deleted note takes no text with it, and "Restore notes" brings it back whole', async () => {
  const [a, b] = await two(server);
  a.write('One.');
  await calm(a, b);
  a.cut();
  a.write('One.\nJust typed.');
  await calm(a);
  a.vault.external.remove(NOTE);
  a.mend();
  await calm(a, b);
  expect([b.text(), a.note()]).toEqual(['One.\nJust typed.', '']);
  b.write('One.\nJust typed.\nTwo.');
  await calm(a, b);
  a.notebook.restore();
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(Array(2).fill('One.\nJust typed.\nTwo.'));
});

test('[L12] a note deleted while the plugin was off comes back with its text', async () => {
  const [a, b] = await two(server);
  a.write('One.');
  await calm(a, b);
  a.crash(true);
  a.kept.set(ENTITY, { ...a.kept.get(ENTITY)!, earlier: [] });
  a.vault.texts.delete(NOTE);
  a.start();
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(['One.', 'One.']);
});

test('of a copied note only the first is shared, and the copy is named', async () => {
  const [a, b] = await two(server);
  a.write('One.');
  await calm(a, b);
  a.vault.external.write('Copy.md', a.note().replace('One.', 'Copied.'));
  await calm(a, b);
  expect([a.text(), b.text(), a.vault.texts.get('Copy.md')!.includes('Copied.')]).toEqual(['One.', 'One.', true]);
  expect(a.told).toEqual([expect.stringContaining('Copy.md is a copy of')]);
});

test('a second copy of the part in one note: the first counts, and somebody is told', async () => {
  const [a, b] = await two(server);
  a.write('One.');
  await calm(a, b);
  a.vault.external.write(NOTE, `${a.note()}\n%% operary:notes %%\nPasted.\n%% /operary:notes %%\n`);
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(['One.', 'One.']);
  expect(a.told).toEqual([expect.stringContaining('twice')]);
});

test('[L12] markers that are gone detach the note: nothing is guessed, and "Restore notes" brings them back', async () => {
  const [a, b] = await two(server);
  a.write('One.\nTwo.');
  await calm(a, b);
  const without = a
    .note()
    .replace(/%% \/?operary:notes %%\n/g, '')
    .replace('Two.', 'Three.');
  a.vault.external.write(NOTE, without);
  b.write('Zero.\nOne.\nTwo.');
  await calm(a, b);
  expect([a.note(), b.text()]).toEqual([without, 'Zero.\nOne.\nTwo.']);
  expect(a.told).toEqual([expect.stringContaining('Restore notes')]);
  a.notebook.restore();
  await calm(a, b);
  expect(b.text()).toBe(a.text());
  expect(
    a
      .text()
      .match(/Zero|One|Two|Three/g)!
      .sort(),
  ).toEqual(['One', 'Three', 'Two', 'Zero']);
});

test('[L12] half a marker is damage, and mending it loses no line', async () => {
  const [a, b] = await two(server);
  a.write('One.');
  await calm(a, b);
  a.vault.external.write(NOTE, a.note().replace('%% /operary:notes %%\n', ''));
  await calm(a, b);
  expect(findPeoples(a.note()).kind).toBe('damaged');
  a.notebook.restore();
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(['One.', 'One.']);
});

test('a second program that brings the same text as the room is an echo, whichever is first', async () => {
  const [a, b] = await two(server);
  a.write('One.');
  await calm(a);
  // The file arrives before the room does.
  b.vault.external.write(NOTE, a.note());
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(['One.', 'One.']);
  b.cut();
  a.write('One.\nTwo.');
  await calm(a);
  b.vault.external.write(NOTE, a.note().replace('One.', 'Zero.\nOne.'));
  await calm(b);
  b.mend();
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(Array(2).fill('Zero.\nOne.\nTwo.'));
});

test('a text that doubles again and again is stopped and told, until somebody asks for it', async () => {
  const [a] = await two(server);
  const long = 'x'.repeat(600);
  for (const times of [2, 4, 8, 16]) {
    a.write(long.repeat(times));
    await a.clock.pass(1000);
  }
  await calm(a);
  expect(a.told).toEqual([expect.stringContaining('keep doubling')]);
  expect([server.text().length < 600 * 16, a.text().length]).toEqual([true, 600 * 16]);
  a.notebook.restore();
  await calm(a);
  expect(server.text()).toBe(a.text());
});

test('a line of the text that looks like our marker cannot end the part', async () => {
  const [a, b] = await two(server);
  const { update } = (await import('../../server/rooms/text-doc.ts')).seedOf(
    'One.\n%% /operary:notes %%\n%% operary:log %%\nTwo.',
  );
  await server.rooms.room('org', ENTITY).exchange({ user: 'x', device: null }, { update });
  await calm(a, b);
  expect(a.text()).toBe('One.\n%% /operary: notes %%\n%% operary:log %%\nTwo.');
  a.write(`${a.text()}\nThree.`);
  await calm(a, b);
  expect(b.text()).toBe(a.text());
});
