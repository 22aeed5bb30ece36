/** Two who write in the same note: connected, apart, through crashes, and with a store that fails. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { calm, ENTITY, NOTE, relay, two } from '../kit/prose-devices.ts';

let server: ReturnType<typeof relay>;
beforeEach(() => void (server = relay()));
afterEach(() => server.close());

/** What is out of order then. */
const REQUEST: Readonly<Record<string, string>> = {
  'by socket': '/v1/sync/docs',
  'by request': '/v1/sync/tickets',
};

test('what one types in a note stands in the note of the other, and is stored', async () => {
  const [a, b] = await two(server);
  a.write('Running 4 % under rate.');
  await calm(a, b);
  expect([a.text(), b.text(), server.text()]).toEqual(Array(3).fill('Running 4 % under rate.'));
  expect([a.prose.waiting(), b.prose.waiting(), a.told, b.told]).toEqual([0, 0, [], []]);
});

test('[L13] it waits until the server has it on disk, with and without a network', async () => {
  const [a] = await two(server);
  a.cut();
  a.write('Pump 3 is warm.');
  await calm(a);
  expect([a.prose.waiting(), server.text(), a.text()]).toEqual([1, '', 'Pump 3 is warm.']);
  a.mend();
  await calm(a);
  expect([a.prose.waiting(), server.text()]).toEqual([0, 'Pump 3 is warm.']);
});

test('[L12] two who write apart keep both; what overlaps stands in a callout, the same on both', async () => {
  const [a, b] = await two(server);
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
  const [a, b] = await two(server);
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
    const [a, b] = await two(server);
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
  const [a, b] = await two(server);
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
  const [a, b] = await two(server);
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
  const [a, b] = await two(server);
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
  const [a, b] = await two(server);
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
  const [a, b] = await two(server);
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
  const [a, b] = await two(server);
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
  const [a] = await two(server);
  a.isFull = true;
  a.write('One.');
  await calm(a);
  expect(server.text()).toBe('One.');
  expect(a.told).toEqual([expect.stringContaining('storage is full')]);
});
