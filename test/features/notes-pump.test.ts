import { expect, test } from 'vitest';
import { createPump } from '../../plugin/notes/pump.ts';

/** Work that ends when the test says so. */
function bench() {
  const ends = new Map<string, (error?: Error) => void>();
  const begun: string[] = [];
  const failed: string[] = [];
  const pump = createPump(
    (key) => {
      if (ends.has(key)) throw new Error(`${key} is worked on already.`);
      begun.push(key);
      return new Promise((resolve, reject) => {
        ends.set(key, (error) => {
          ends.delete(key);
          if (error) reject(error);
          else resolve();
        });
      });
    },
    (key) => void failed.push(key),
    () => Promise.resolve(),
  );
  const rest = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const end = async (key: string, error?: Error): Promise<void> => {
    ends.get(key)!(error);
    await rest();
  };
  return { pump, begun, failed, ends, rest, end };
}

test('a few keys are worked on at a time, and each that ends, well or not, lets the next one begin', async () => {
  const { pump, begun, failed, ends, rest, end } = bench();
  const keys = Array.from({ length: 100 }, (_, n) => `note ${n}`);
  for (const key of keys) pump.poke(key);
  await rest();
  const atOnce = begun.length;
  expect(atOnce).toBeGreaterThan(1);
  expect(atOnce).toBeLessThan(keys.length);
  await end('note 1');
  await end('note 0', new Error('The disk is full.'));
  expect([begun.length, failed]).toEqual([atOnce + 2, ['note 0']]);
  let isIdle = false;
  void pump.idle().then(() => (isIdle = true));
  while (ends.size) {
    expect([isIdle, ends.size <= atOnce]).toEqual([false, true]);
    await end([...ends.keys()][0]!);
  }
  await rest();
  expect([isIdle, begun]).toEqual([true, keys]);
});

test('a key that is asked for while it is worked on is worked on once more, after that, and holds up no other', async () => {
  const { pump, begun, rest, end } = bench();
  pump.poke('a');
  await rest();
  for (const key of ['a', 'a', 'b']) pump.poke(key);
  await rest();
  expect(begun).toEqual(['a', 'b']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'a']);
  await end('b');
  await end('a');
  await pump.idle();
  expect(begun).toEqual(['a', 'b', 'a']);
});
