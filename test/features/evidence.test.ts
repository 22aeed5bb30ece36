/** Photos from a device's own store to a real server, over a line that fails in every way a line fails. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { digestOf } from '../../plugin/device/keys.ts';
import { createEvidence } from '../../plugin/evidence/evidence.ts';
import type { SendBytes } from '../../plugin/evidence/ports.ts';
import { PIECE } from '../../plugin/evidence/transfer.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { kept, photo, photographers, sentences, type Fault } from '../kit/photographer.ts';
import '../kit/seed.ts';
import { until } from '../kit/until.ts';

const { server, aDevice, onServer } = await photographers();
afterAll(() => server.close());

test('a photo is on the device when it may be named, counts as waiting, and is stored when the server has it', async () => {
  const device = aDevice();
  device.faults = () => 'no answer';
  const evidence = await device.open();
  const bytes = photo(PIECE * 2 + 1);
  const sha256 = await kept(evidence, bytes);
  expect([evidence.waiting(), evidence.waitingBytes()]).toEqual([1, bytes.length]);
  expect(await evidence.get(sha256)).toEqual(bytes);
  await device.clock.pass(5000);
  expect(await onServer(sha256)).toBeUndefined();
  device.faults = () => 'none';
  device.asked.length = 0;
  evidence.wake();
  await device.reaches('stored', () => evidence.waiting() === 0);
  expect(device.asked).toEqual(['HEAD', 'PATCH 0', `PATCH ${PIECE}`, `PATCH ${PIECE * 2}`]);
  expect(await onServer(sha256)).toEqual(bytes);
  expect(evidence.waitingBytes()).toBe(0);
});

test('[L13] closed in a cellar with photos that wait, the app has them when it opens again, and goes on in the middle', async () => {
  const device = aDevice();
  // Of the first photo one piece gets through.
  device.faults = ({ n }) => (n === 2 ? 'lost answer' : n > 2 ? 'no answer' : 'none');
  const first = await device.open();
  const [one, two] = [photo(PIECE * 3), photo(10)];
  await kept(first, one, 'one.jpg');
  await device.reaches('a piece', () => device.asked.length > 2);
  await kept(first, two, 'two.jpg');
  device.faults = () => 'none';
  device.asked.length = 0;
  const again = await device.open();
  expect([again.waiting(), again.waitingBytes()]).toEqual([2, one.length + two.length]);
  await device.reaches('stored', () => again.waiting() === 0);
  expect(device.asked).toEqual(['HEAD', `PATCH ${PIECE * 2}`, 'HEAD', 'PATCH 0']);
  expect(await onServer(sha256Hex(one))).toEqual(one);
  const third = await device.open();
  expect(third.waiting()).toBe(0);
});

test('one at a time, in the order in which they were taken', async () => {
  const device = aDevice();
  device.faults = () => 'no answer';
  const evidence = await device.open();
  const all = [];
  for (let i = 0; i < 4; i++) {
    all.push(await kept(evidence, photo(PIECE + 4 + i), `${i}.jpg`));
    await device.clock.pass(1);
  }
  device.faults = () => 'none';
  device.asked.length = 0;
  evidence.wake();
  await device.reaches('stored', () => evidence.waiting() === 0);
  const each = ['HEAD', 'PATCH 0', `PATCH ${PIECE}`];
  expect(device.asked).toEqual([...each, ...each, ...each, ...each]);
  expect(device.files.filter((path, i) => path !== device.files[i - 1]).slice(-4)).toEqual(all);
});

test('[L4] the same photo twice is one, and one that the server has is not sent', async () => {
  const device = aDevice();
  const evidence = await device.open();
  const bytes = photo(40);
  await kept(evidence, bytes);
  await kept(evidence, bytes);
  await device.reaches('stored', () => evidence.waiting() === 0);
  await kept(evidence, bytes);
  expect(evidence.waiting()).toBe(0);
  expect(device.asked.filter((one) => one.startsWith('PATCH'))).toHaveLength(1);
  const other = aDevice();
  const theirs = await other.open();
  await kept(theirs, bytes);
  await other.reaches('known', () => theirs.waiting() === 0);
  expect(other.asked).toEqual(['HEAD']);
});

test('it tries again by itself, later and later, at most every 30 seconds', async () => {
  const device = aDevice();
  device.faults = () => 'busy';
  const evidence = await device.open();
  await kept(evidence, photo(9));
  await device.reaches('a first try', () => device.asked.length > 1);
  const tries: number[] = [];
  for (let i = 0; i < 200; i++) {
    const before = device.asked.length;
    await device.clock.pass(1000);
    // The stores of the device answer in macrotasks of their own.
    await new Promise((resolve) => setTimeout(resolve, 2));
    if (device.asked.length > before) tries.push(i);
  }
  const gaps = tries.slice(1).map((at, i) => at - tries[i]!);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(30);
  expect(gaps.at(-1)).toBeGreaterThan(10);
  device.faults = () => 'none';
  await device.reaches('stored', () => evidence.waiting() === 0);
  expect(sentences(device)).toEqual([]);
});

test('a request that nobody answers is given up after a minute', async () => {
  const device = aDevice();
  const never: SendBytes = () => new Promise(() => undefined);
  let asked = 0;
  const evidence = createEvidence({
    blobs: device.blobs,
    send: (...request) => {
      asked += 1;
      return never(...request);
    },
    clock: device.clock,
    attention: device.attention,
    digest: digestOf,
  });
  await kept(evidence, photo(9));
  await until('a first try', () => asked === 1 || undefined);
  await device.clock.pass(59_000);
  expect(asked).toBe(1);
  await device.reaches('a second try', () => asked > 1);
  evidence.stop();
});

test('[L12] however the line fails and the app dies, every photo arrives whole, once, and nothing waits for ever', async () => {
  const fault = fc.constantFrom<Fault>('none', 'none', 'no answer', 'lost answer', 'busy');
  const runs = fc.record({
    sizes: fc.array(fc.integer({ min: 1, max: PIECE * 2 + 10 }), { minLength: 1, maxLength: 3 }),
    faults: fc.array(fault, { maxLength: 12 }),
    dies: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(runs, async ({ sizes, faults, dies }) => {
      const device = aDevice();
      device.faults = ({ n }) => faults[n] ?? 'none';
      let evidence = await device.open();
      const all = [];
      for (const size of sizes) {
        const bytes = photo(Math.max(4, size));
        await kept(evidence, bytes);
        all.push(bytes);
      }
      for (const after of dies) {
        await device.clock.pass(after * 500);
        evidence = await device.open();
      }
      await device.reaches('stored', () => evidence.waiting() === 0);
      for (const bytes of all) expect(await onServer(sha256Hex(bytes))).toEqual(bytes);
      expect(sentences(device)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});
