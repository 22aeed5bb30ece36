/** Notes on a tablet that several people use: what each of them wrote goes to the room in their name, whoever uses it when it is sent. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { manualClock } from '../kit/manual-clock.ts';
import { byAuthor } from '../kit/prose-authors.ts';
import { calm, device, ENTITY, NOTE, relay, type Device } from '../kit/prose-devices.ts';

let server: ReturnType<typeof relay>;
beforeEach(() => void (server = relay()));
afterEach(() => server.close());

const [MAREK, DANA] = ['0192f000-0000-7000-8000-00000000000a', '0192f000-0000-7000-8000-00000000000d'];

/** Marek has taken over. */
async function tablet(isShown = false): Promise<Device> {
  const one = device(server, manualClock());
  await calm(one);
  one.takesOver(MAREK);
  if (isShown) one.prose.shown([ENTITY]);
  await calm(one);
  return one;
}

const add = async (one: Device, words: string): Promise<void> => {
  one.write(`${one.text()}${words}`);
  await one.notebook.idle();
};
const BOTH = { [MAREK]: 'Marek. ', [DANA]: 'Dana. ' };
const ways = [
  ['by socket', true],
  ['by request', false],
] as const;

test.each(ways)('on the line each writes under their own name, %s', async (_how, isShown) => {
  const one = await tablet(isShown);
  await add(one, 'Marek. ');
  await calm(one);
  one.takesOver(DANA);
  await add(one, 'Dana. ');
  await calm(one);
  one.takesOver(MAREK);
  await add(one, 'Marek again. ');
  await calm(one);
  expect(byAuthor(server)).toEqual({ [MAREK]: 'Marek. Marek again. ', [DANA]: 'Dana. ' });
  expect([one.prose.waiting(), one.told]).toEqual([0, []]);
});

test('whoever’s token the tablet uses needs no naming', async () => {
  const one = await tablet();
  one.takesOver(one.user);
  await add(one, 'Owner. ');
  await calm(one);
  one.takesOver(DANA);
  await add(one, 'Dana. ');
  await calm(one);
  expect(byAuthor(server)).toEqual({ [one.user]: 'Owner. ', [DANA]: 'Dana. ' });
});

for (const [how, isShown] of ways)
  for (const isRestarted of [false, true])
    test(`[L12] without a network each keeps what they wrote, over restarts: ${isRestarted}, ${how}`, async () => {
      const one = await tablet(isShown);
      const restart = async (): Promise<void> => {
        if (!isRestarted) return;
        await one.clock.pass(100);
        one.crash(true);
        one.start();
        if (isShown) one.prose.shown([ENTITY]);
        await one.notebook.idle();
      };
      one.cut();
      await add(one, 'Marek. ');
      await restart();
      one.takesOver(undefined);
      await restart();
      one.takesOver(DANA);
      await restart();
      await add(one, 'Dana. ');
      await restart();
      one.takesOver(MAREK);
      one.mend();
      await calm(one);
      expect(byAuthor(server)).toEqual(BOTH);
      expect([one.text(), one.prose.waiting()]).toEqual(['Marek. Dana. ', 0]);
    });

for (const [how, isShown] of ways)
  for (const isRestarted of [false, true])
    test(`[L12] so they do when it was on its way already, over a restart: ${isRestarted}, ${how}`, async () => {
      const one = await tablet(isShown);
      one.isHalfOpen = true;
      await add(one, 'Marek. ');
      await one.clock.pass(1000);
      one.takesOver(DANA);
      await add(one, 'Dana. ');
      await one.clock.pass(1000);
      if (isRestarted) {
        one.crash(true);
        one.start();
      }
      one.cut();
      one.takesOver(MAREK);
      one.mend();
      if (isShown) one.prose.shown([ENTITY]);
      await calm(one);
      expect(byAuthor(server)).toEqual(BOTH);
      expect([one.text(), one.prose.waiting()]).toEqual(['Marek. Dana. ', 0]);
    });

test.each([
  ['that begins anew', () => server.store.turn({ org: 'org', entity: ENTITY, epoch: 2 })],
  ['of a server that was restored', () => server.store.turn({ org: 'org', entity: ENTITY, epoch: 3 })],
])('[L12] in a room %s too', async (which, turn) => {
  const one = await tablet(true);
  one.isHalfOpen = true;
  await add(one, 'Marek. ');
  await one.clock.pass(1000);
  one.takesOver(DANA);
  await add(one, 'Dana. ');
  await one.clock.pass(1000);
  one.cut();
  server.rooms.room('org', ENTITY);
  server.store.putUpdate({
    ...{ org: 'org', entity: ENTITY, epoch: 1, n: 1, bytes: new Uint8Array([0, 0]), sha256: '' },
    ...{ user: 'server', device: null, receivedAt: '', clients: [] },
  });
  turn();
  server.restart();
  if (which.includes('restored')) one.prose.serverReplaced();
  one.mend();
  await calm(one);
  expect(byAuthor(server)).toEqual(BOTH);
  expect(one.text()).toBe('Marek. Dana. ');
});

/** No socket is to be had. */
const byRequestOnly = (): void => {
  server.script = (path) => (path === '/v1/sync/tickets' ? { status: 503 } : undefined);
};

test('what several people wrote is brought at once, and not one a minute', async () => {
  const one = await tablet();
  byRequestOnly();
  one.isHalfOpen = true;
  await add(one, 'Marek. ');
  one.takesOver(DANA);
  await add(one, 'Dana. ');
  await one.clock.pass(1000);
  one.crash(true);
  expect(one.kept.get(ENTITY)!.writers).toMatchObject({ copy: DANA, turns: [{ by: MAREK }], left: [] });
  one.isHalfOpen = false;
  one.start();
  await one.notebook.idle();
  for (let n = 0; n < 10; n++) await one.clock.pass(300);
  expect(byAuthor(server)).toEqual(BOTH);
});

test('[L12] a file that was not saved before a crash takes nothing back that was kept', async () => {
  const one = await tablet();
  one.cut();
  one.vault.editor.open(NOTE);
  await add(one, 'Marek. ');
  one.vault.editor.save(NOTE);
  await add(one, 'And more. ');
  one.takesOver(DANA);
  await add(one, 'Dana. ');
  await one.clock.pass(100);
  one.crash(false);
  one.start();
  one.mend();
  await calm(one);
  // What stood in an editor alone, and was nobody's text left to the next, is as lost as in any other program.
  expect([one.text(), byAuthor(server)]).toEqual(['Marek. And more. ', { [MAREK]: 'Marek. And more. ' }]);
});

test.each(ways)('[L12] after the seal each has a late entry of their own, %s', async (_how, isSocket) => {
  const one = await tablet();
  if (!isSocket) byRequestOnly();
  await add(one, 'Before. ');
  await calm(one);
  server.makesEntries = false;
  one.cut();
  await add(one, 'Marek. ');
  one.takesOver(DANA);
  await add(one, 'Dana. ');
  server.seal();
  one.mend();
  await calm(one);
  const told = server.store.unentered().map(({ user, inserted }) => [user, inserted]);
  expect(told).toEqual([
    [MAREK, 'Marek. '],
    [DANA, 'Dana. '],
  ]);
  expect([one.text(), one.prose.waiting()]).toEqual(['Before. ', 0]);
  expect(one.told).toEqual([expect.stringMatching(/could not make a late entry of it yet.*: Marek\. Dana\.$/)]);
});

test('[L12] a note that is deleted takes nobody’s words with it', async () => {
  const one = await tablet();
  one.cut();
  await add(one, 'Marek. ');
  one.takesOver(DANA);
  await add(one, 'Dana. ');
  one.vault.external.remove(NOTE);
  one.mend();
  await calm(one);
  expect(byAuthor(server)).toEqual(BOTH);
});

test('what one wrote and the next took away again before it was sent was written all the same', async () => {
  const one = await tablet();
  one.cut();
  await add(one, 'Marek. ');
  one.takesOver(DANA);
  one.write('Dana. ');
  await one.notebook.idle();
  one.mend();
  await calm(one);
  expect(one.text()).toBe('Dana. ');
  expect(server.store.read('org', ENTITY)!.count).toBe(2);
  expect(byAuthor(server)).toEqual({
    [MAREK]: expect.stringContaining('Marek'),
    [DANA]: expect.stringContaining('Dana'),
  });
});

test('while the tablet is locked nobody writes: what comes from elsewhere waits, is told, and is theirs who take over', async () => {
  const one = await tablet();
  one.takesOver(undefined);
  await one.clock.pass(10_000);
  await add(one, 'From a file. ');
  await calm(one).catch(() => undefined);
  expect([server.text(), one.text(), one.prose.waiting()]).toEqual(['', 'From a file. ', 1]);
  expect(one.told).toEqual([expect.stringContaining('T-1 Seal: this device is locked')]);
  one.takesOver(DANA);
  await calm(one);
  expect(byAuthor(server)).toEqual({ [DANA]: 'From a file. ' });
});

test('what was typed in the moment before it was locked is still theirs', async () => {
  const one = await tablet();
  one.vault.editor.open(NOTE);
  one.takesOver(undefined);
  await add(one, 'Last words. ');
  await calm(one);
  expect([byAuthor(server), one.told]).toEqual([{ [MAREK]: 'Last words. ' }, []]);
});

test('[L7] of whom the server takes nothing, the words stay until somebody else shares them in their own name', async () => {
  const one = await tablet();
  server.script = (_path, body) => {
    const { as, docs = [] } = body as { readonly as?: string; readonly docs?: { entity: string; as?: string }[] };
    const problem = { type: '', title: '', status: 403, detail: 'Its author has left.', code: 'role-not-allowed' };
    if (as === MAREK) return { status: 403, json: problem };
    return docs.some((doc) => doc.as === MAREK)
      ? { json: { docs: docs.map(({ entity }) => ({ entity, problem })) } }
      : undefined;
  };
  await add(one, 'Marek. ');
  await calm(one).catch(() => undefined);
  one.takesOver(DANA);
  await add(one, 'Dana. ');
  await calm(one).catch(() => undefined);
  expect([server.text(), one.text(), one.prose.waiting()]).toEqual(['', 'Marek. Dana. ', 1]);
  expect(one.told.at(-1)).toContain('Its author has left. It stays in the note on this device; "Restore notes" shares');
  one.notebook.restore();
  await calm(one);
  expect([byAuthor(server), one.prose.waiting()]).toEqual([{ [DANA]: 'Marek. Dana. ' }, 0]);
});

test('[L7] who may not write holds up nobody after them', async () => {
  const one = await tablet();
  server.script = (path, body) =>
    path === '/v1/sync/tickets' && (body as { readonly as?: string }).as === MAREK
      ? { status: 403, json: { code: 'role-not-allowed', detail: 'Viewers read.' } }
      : undefined;
  one.prose.shown([ENTITY]);
  await calm(one);
  one.takesOver(DANA);
  await add(one, 'Dana. ');
  await calm(one);
  expect([byAuthor(server), one.told]).toEqual([{ [DANA]: 'Dana. ' }, []]);
});
