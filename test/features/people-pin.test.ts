/** The PIN of a shared tablet: how often it may be wrong, how it is derived, and what is kept of it. */
import { describe, expect, test } from 'vitest';
import { derivePin } from '../../plugin/device/keys.ts';
import type { People } from '../../plugin/people.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { dana, marek, MINUTE, OWNER, tablet, withTwo } from '../kit/shared-tablet.ts';

describe('a wrong PIN', () => {
  const detail = async (people: People, pin: string) => (await people.takeOver(marek, pin))?.detail;

  test('five in a row make a pause, which grows, survives a restart, and is not shortened by the right one', async () => {
    const { it, people } = await withTwo();
    for (const left of ['4 tries are', '3 tries are', '2 tries are', 'One try is'])
      expect(await detail(people, '0000')).toBe(`Wrong PIN. ${left} left before a pause.`);
    expect(await detail(people, '0000')).toBe('Too many wrong PINs. Try again in 30 seconds.');
    expect(people.active?.user).toBe(dana);
    await it.clock.pass(10_000);
    const again = it.open();
    expect(await detail(again, '1234')).toBe('Too many wrong PINs. Try again in 20 seconds.');
    await it.clock.pass(20_000);
    expect(await detail(again, '0000')).toBe('Too many wrong PINs. Try again in 60 seconds.');
    await it.clock.pass(60_000);
    for (let i = 0; i < 8; i++) {
      await detail(again, '0000');
      await it.clock.pass(15 * MINUTE);
    }
    await detail(again, '0000');
    expect(await detail(again, '1234')).toBe('Too many wrong PINs. Try again in 15 minutes.');
    await it.clock.pass(15 * MINUTE);
    expect(await detail(again, '1234')).toBeUndefined();
    expect(await detail(again, '0000')).toContain('4 tries');
  });

  test('closing the app while it is checked wins no further try, nor do many at once', async () => {
    const { it, people } = await withTwo();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => people.takeOver(marek, `00${10 + i}`)));
    expect(answers.filter((refusal) => refusal?.detail.startsWith('Wrong'))).toHaveLength(4);
    expect((await it.open().takeOver(marek, '1234'))?.detail).toContain('Too many');
  });

  test('another person is not paused with them', async () => {
    const { people } = await withTwo();
    for (let i = 0; i < 5; i++) await people.takeOver(marek, '0000');
    expect(await people.takeOver(dana, '987654')).toBeUndefined();
  });

  test('a clock that is set back does not make the pause longer than it was', async () => {
    const { it } = await withTwo();
    for (let i = 0; i < 5; i++) await it.open().takeOver(marek, '0000');
    const earlier = manualClock(it.clock.now() - 365 * 24 * 60 * MINUTE);
    const people = it.open({ clock: earlier });
    expect(await detail(people, '1234')).toContain('30 seconds');
    await earlier.pass(30_001);
    expect(await detail(people, '1234')).toBeUndefined();
  });

  test.each(['', '123', '123456789', '12a4', '１２３４', '-123'])('%j is no PIN', async (pin) => {
    const { people } = await withTwo();
    expect((await people.takeOver(marek, pin))?.refused).toBe('invalid-input');
    expect((await people.setPin(dana, pin))?.refused).toBe('invalid-input');
  });
});

test('what is kept holds no PIN and no token', async () => {
  const { it } = await withTwo();
  const kept = [...it.memory.all.values()].join();
  expect(kept).not.toMatch(/1234"|987654|"token/);
  const { people } = JSON.parse(it.memory.all.get('people')!);
  expect(people[1].pin).toMatchObject({ iterations: 300_000 });
  expect(people[1].pin.salt).not.toBe(people[2].pin.salt);
});

test('the PIN is PBKDF2 with HMAC-SHA-256', async () => {
  // RFC 7914, section 11.
  const derived = await derivePin('passwd', utf8('salt'), 1);
  expect(Buffer.from(derived).toString('hex')).toBe('55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc');
});

test('the device’s own check of a PIN', async () => {
  const it = tablet();
  let rounds = 0;
  const people = it.open({
    derive: (pin, salt, iterations) => {
      rounds = iterations;
      return derivePin(pin, salt, iterations);
    },
  });
  people.met(OWNER);
  await people.setPin(OWNER.id, '4711');
  expect((await people.takeOver(OWNER.id, '4712'))?.refused).toBe('unauthenticated');
  expect(await people.takeOver(OWNER.id, '4711')).toBeUndefined();
  expect(rounds).toBeGreaterThanOrEqual(300_000);
});
