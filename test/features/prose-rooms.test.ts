import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPeoples } from '../../plugin/notes/people.ts';
import { ROOM_CLOSE } from '../../shared/sync/room-words.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { calm, device, ENTITY, NOTE, relay, wanted } from '../kit/prose-devices.ts';

let server: ReturnType<typeof relay>;
beforeEach(() => void (server = relay()));
afterEach(() => server.close());

/** What is out of order then. */
const REQUEST: Readonly<Record<string, string>> = {
  'by socket': '/v1/sync/docs',
  'by request': '/v1/sync/tickets',
};

const two = async (on = server) => {
  const clock = manualClock();
  const both = [device(on, clock), device(on, clock)] as const;
  await calm(...both);
  return both;
};

test('what one types in a note stands in the note of the other, and is stored', async () => {
  const [a, b] = await two();
  a.write('Running 4 % under rate.');
  await calm(a, b);
  expect([a.text(), b.text(), server.text()]).toEqual(Array(3).fill('Running 4 % under rate.'));
  expect([a.prose.waiting(), b.prose.waiting(), a.told, b.told]).toEqual([0, 0, [], []]);
});

test('[L13] it waits until the server has it on disk, with and without a network', async () => {
  const [a] = await two();
  a.cut();
  a.write('Pump 3 is warm.');
  await calm(a);
  expect([a.prose.waiting(), server.text(), a.text()]).toEqual([1, '', 'Pump 3 is warm.']);
  a.mend();
  await calm(a);
  expect([a.prose.waiting(), server.text()]).toEqual([0, 'Pump 3 is warm.']);
});

test('[L12] two who write apart keep both; what overlaps stands in a callout, the same on both', async () => {
  const [a, b] = await two();
  a.write('Rate is 94.\nAll quiet.');
  await calm(a, b);
  a.cut();
  b.cut();
  a.write('Rate is 93.\nAll quiet.\nMax is in the cellar.');
  b.write('Rate is 91.\nAll quiet here.');
  await calm(a, b);
  a.mend();
  await calm(a, b);
  b.mend();
  await calm(a, b);
  expect(b.text()).toBe(a.text());
  for (const part of ['93', '91', 'All quiet here.', 'Max is in the cellar.', '[!warning]'])
    expect(a.text()).toContain(part);
  expect(a.text()).not.toContain('94');
});

test('[L12] a crash between typing and storing loses nothing and doubles nothing', async () => {
  const [a, b] = await two();
  a.prose.shown([ENTITY]);
  await calm(a, b);
  a.isHalfOpen = true;
  a.write('One.');
  await a.clock.pass(2000);
  a.crash(true);
  a.isHalfOpen = false;
  a.start();
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(['One.', 'One.']);
});

test.each(['by socket', 'by request'])(
  '[L12] nothing reaches the server before this device has kept it, %s',
  async (how) => {
    const [a, b] = await two();
    server.script = (path) => (path === REQUEST[how] ? { status: 503 } : undefined);
    a.prose.shown([ENTITY]);
    await calm(a, b);
    let release = (): void => undefined;
    a.keeps = new Promise((resolve) => (release = resolve));
    a.write('One.');
    await a.clock.pass(30_000);
    expect([server.text(), a.prose.waiting()]).toEqual(['', 1]);
    release();
    await calm(a, b);
    expect([server.text(), a.prose.waiting()]).toEqual(['One.', 0]);
  },
);

test('[L12] an editor that never saved is no edit: what others wrote stays', async () => {
  const [a, b] = await two();
  a.write('Mine.');
  await calm(a, b);
  b.vault.editor.open(NOTE);
  a.write('Mine.\nYours.');
  await calm(a, b);
  expect(b.text()).toBe('Mine.\nYours.');
  b.crash(false);
  expect(b.text()).toBe('Mine.');
  b.start();
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(['Mine.\nYours.', 'Mine.\nYours.']);
});

test('[L12] neither is one that was looked at before anything was agreed', async () => {
  const [a, b] = await two();
  b.crash(true);
  b.kept.clear();
  b.start();
  await b.notebook.idle();
  b.vault.editor.open(NOTE);
  a.write('Yours.');
  b.write('Mine.');
  await calm(a, b);
  b.crash(false);
  expect(b.text()).toBe('');
  b.start();
  await calm(a, b);
  expect(b.text()).toBe(a.text());
  for (const words of ['Yours.', 'Mine.']) expect(a.text()).toContain(words);
});

test('[L12] what was looked at and not yet taken is still an edit after a crash', async () => {
  const [a, b] = await two();
  a.write('One.');
  await calm(a, b);
  b.cut();
  b.write('One.\nTwo.');
  await b.clock.pass(1000);
  a.cut();
  a.write('Zero.\nOne.');
  a.mend();
  b.crash(true);
  b.isDown = false;
  b.start();
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(Array(2).fill('Zero.\nOne.\nTwo.'));
});

test('the file changed while the plugin was off: an edit like any other', async () => {
  const [a, b] = await two();
  a.write('One.\nTwo.');
  await calm(a, b);
  a.crash(true);
  a.vault.hear = undefined;
  a.write('One.\nTwo and a half.');
  b.write('Zero.\nOne.\nTwo.');
  await calm(b);
  a.start();
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(['Zero.\nOne.\nTwo and a half.', 'Zero.\nOne.\nTwo and a half.']);
});

test('[L12] without what was agreed, equal texts are fine and different ones both stay', async () => {
  const [a, b] = await two();
  a.write('One.\nTwo.');
  await calm(a, b);
  for (const isEqual of [true, false]) {
    a.crash(true);
    a.kept.clear();
    if (!isEqual) b.write('One.\nTwo.\nThree there.');
    await calm(b);
    a.vault.hear = undefined;
    if (!isEqual) a.write('One.\nTwo.\nThree here.');
    a.start();
    await calm(a, b);
    expect(b.text()).toBe(a.text());
    expect(a.text().match(/One\.|Two\./g)).toEqual(['One.', 'Two.']);
  }
  expect(a.text()).toContain('Three here.');
  expect(a.text()).toContain('Three there.');
});

test('a damaged copy on this device is dropped and told; the note goes on', async () => {
  const [a, b] = await two();
  a.write('One.');
  await calm(a, b);
  a.crash(true);
  const kept = a.kept.get(ENTITY)!;
  a.kept.set(ENTITY, { ...kept, state: kept.state!.slice(0, -3) });
  b.write('One.\nTwo.');
  a.start();
  await calm(a, b);
  expect(a.text()).toBe('One.\nTwo.');
  expect(a.told).toEqual([expect.stringContaining('damaged')]);
});

test('a full device says so, and what is typed still reaches the server', async () => {
  const [a] = await two();
  a.isFull = true;
  a.write('One.');
  await calm(a);
  expect(server.text()).toBe('One.');
  expect(a.told).toEqual([expect.stringContaining('storage is full')]);
});

test('[L12] a CRLF note keeps its line ends, and the room has none of them', async () => {
  const [a, b] = await two();
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
  const [a, b] = await two();
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
  const [a] = await two();
  const before = server.asked.filter((path) => path !== '/v1/sync/docs').length;
  a.vault.external.write(NOTE, a.note().replace('operary_seq', 'mine: x\noperary_seq'));
  a.notebook.want(`task/${ENTITY}`, [wanted(2)]);
  await calm(a);
  expect(server.asked.filter((path) => path !== '/v1/sync/docs')).toHaveLength(before);
  expect([a.note().includes('mine: x'), a.note().includes('[!todo] 2'), server.text()]).toEqual([true, true, '']);
});

test('a renamed note keeps its room', async () => {
  const [a, b] = await two();
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
  const [a, b] = await two();
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
  const [a, b] = await two();
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
  const [a, b] = await two();
  a.write('One.');
  await calm(a, b);
  a.vault.external.write('Copy.md', a.note().replace('One.', 'Copied.'));
  await calm(a, b);
  expect([a.text(), b.text(), a.vault.texts.get('Copy.md')!.includes('Copied.')]).toEqual(['One.', 'One.', true]);
  expect(a.told).toEqual([expect.stringContaining('Copy.md is a copy of')]);
});

test('a second copy of the part in one note: the first counts, and somebody is told', async () => {
  const [a, b] = await two();
  a.write('One.');
  await calm(a, b);
  a.vault.external.write(NOTE, `${a.note()}\n%% operary:notes %%\nPasted.\n%% /operary:notes %%\n`);
  await calm(a, b);
  expect([a.text(), b.text()]).toEqual(['One.', 'One.']);
  expect(a.told).toEqual([expect.stringContaining('twice')]);
});

test('[L12] markers that are gone detach the note: nothing is guessed, and "Restore notes" brings them back', async () => {
  const [a, b] = await two();
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
  const [a, b] = await two();
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
  const [a, b] = await two();
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
  const [a] = await two();
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
  const [a, b] = await two();
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

test('at most six sockets are open; those who look at a note come first, the others are compared by request', async () => {
  const ids = Array.from({ length: 9 }, (_, n) => ENTITY.replace(/aa$/, `b${n}`));
  const all = ids.map((id, n) => wanted(1, id, `T-${n + 1} Seal`));
  const clock = manualClock();
  const [a, b] = [device(server, clock, all), device(server, clock, all)];
  a.prose.shown(ids);
  await calm(a, b);
  expect(server.wires.size).toBe(6);
  a.prose.shown(ids.slice(7));
  await calm(a, b);
  expect(server.wires.size).toBe(6);
  const open = new Set(
    server.asked
      .filter((path) => path.startsWith('WS'))
      .slice(-3)
      .map((path) => path.slice(3, -2)),
  );
  expect([...open].some((id) => ids.slice(7).includes(id))).toBe(true);
  for (const [n, id] of ids.entries()) {
    const path = `Operary/Tasks/T-${n + 1} Seal.md`;
    a.vault.external.write(
      path,
      a.vault.texts.get(path)!.replace('%% operary:notes %%\n', `%% operary:notes %%\nNote ${n}`),
    );
    expect(id).toBeDefined();
  }
  await calm(a, b);
  for (const [n, id] of ids.entries()) {
    expect(server.text(id)).toBe(`Note ${n}`);
    expect(b.vault.texts.get(`Operary/Tasks/T-${n + 1} Seal.md`)).toContain(`Note ${n}`);
  }
});

test.each([true, false])('a room that begins anew takes the note along, once; on the way: %s', async (isOnItsWay) => {
  const [a, b] = await two();
  a.write('One.');
  a.prose.shown([ENTITY]);
  await calm(a, b);
  if (isOnItsWay) a.isHalfOpen = true;
  else a.cut();
  a.write('One.\nOffline.');
  await a.clock.pass(1000);
  a.cut();
  const { update, client } = (await import('../../server/rooms/text-doc.ts')).seedOf('One.');
  const next = { org: 'org', entity: ENTITY, epoch: 2 };
  server.store.turn(next);
  server.store.putUpdate({
    ...next,
    n: 1,
    bytes: update,
    sha256: '',
    user: 'server',
    device: null,
    receivedAt: '',
    clients: [client],
  });
  server.restart();
  await calm(a, b);
  a.mend();
  await calm(a, b);
  expect([a.text(), b.text(), server.text()]).toEqual(Array(3).fill('One.\nOffline.'));
  expect(a.kept.get(ENTITY)!.room).toBe(`${ENTITY}@2`);
});

test('[L12] a server restored from an older copy gets everything back from the notes', async () => {
  const [a, b] = await two();
  a.write('One.\nTwo.');
  await calm(a, b);
  const other = relay();
  Object.assign(server, { asked: other.asked });
  server.store.turn({ org: 'org', entity: ENTITY, epoch: 2 });
  server.restart();
  for (const one of [a, b]) one.prose.serverReplaced();
  await calm(a, b);
  expect([a.text(), b.text(), server.text()]).toEqual(Array(3).fill('One.\nTwo.'));
  other.close();
});

test('[L12] what is written after the seal becomes a late entry; the note shows the sealed text, the words are told', async () => {
  for (const isShown of [true, false]) {
    const fresh = relay();
    const [a, b] = await two(fresh);
    a.write('Before the seal.');
    await calm(a, b);
    if (isShown) a.prose.shown([ENTITY]);
    await calm(a, b);
    a.cut();
    a.write('Before the seal.\nIn the cellar: seal P-101 replaced.');
    await calm(a, b);
    fresh.seal();
    a.mend();
    await calm(a, b);
    expect([a.text(), b.text(), fresh.text()]).toEqual(Array(3).fill('Before the seal.'));
    expect(fresh.late.join('')).toContain('In the cellar: seal P-101 replaced.');
    expect(a.told.join()).toContain('In the cellar: seal P-101 replaced.');
    expect([b.told, a.prose.isClosed(ENTITY), a.prose.waiting()]).toEqual([[], true, 0]);
    // Another program writes into it once more.
    a.write('Before the seal.\nAnd once more.');
    await calm(a, b);
    expect([a.text(), fresh.late.length, a.told.length]).toEqual(['Before the seal.', 2, 2]);
    fresh.close();
  }
});

test('[L7] who may not write is told when they have written, not before, and keeps what they wrote', async () => {
  const [a] = await two();
  server.script = (path, body) =>
    path === '/v1/sync/tickets'
      ? { status: 403, json: { code: 'role-not-allowed', detail: 'Viewers read.' } }
      : {
          json: {
            docs: (body as { docs: { entity: string }[] }).docs.map(({ entity }) => ({
              entity,
              problem: { type: '', title: '', status: 403, detail: 'Viewers read.', code: 'role-not-allowed' },
            })),
          },
        };
  await calm(a);
  expect(a.told).toEqual([]);
  a.write('Mine.');
  await calm(a);
  expect(a.told).toEqual(['T-1 Seal: Viewers read.']);
  expect(a.text()).toBe('Mine.');
  server.script = undefined;
  a.notebook.restore();
  await calm(a);
  expect([server.text(), a.prose.waiting()]).toEqual(['Mine.', 0]);
});

test('every close that a room knows either comes back or says what to do', async () => {
  for (const code of Object.values(ROOM_CLOSE)) {
    const fresh = relay();
    const a = device(fresh, manualClock());
    a.prose.shown([ENTITY]);
    await calm(a);
    for (const { peer } of fresh.wires) peer.close(code, code === ROOM_CLOSE.superseded ? `${ENTITY}@1` : 'x');
    await calm(a);
    a.write('One.');
    await calm(a);
    if (fresh.text() !== 'One.') expect([code, a.told.length]).toEqual([code, 1]);
    a.notebook.restore();
    await calm(a);
    expect([code, fresh.text()]).toEqual([code, 'One.']);
    a.crash(true);
    fresh.close();
  }
});
