/** Rooms as a device meets them: few sockets for many, begun anew, restored, sealed, refused, closed. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOM_CLOSE } from '../../shared/sync/room-words.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { calm, device, ENTITY, relay, two, wanted } from '../kit/prose-devices.ts';

let server: ReturnType<typeof relay>;
beforeEach(() => void (server = relay()));
afterEach(() => server.close());

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
  const [a, b] = await two(server);
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
  const [a, b] = await two(server);
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
  const [a] = await two(server);
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
