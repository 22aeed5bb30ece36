/** Pairing codes: how they read, how often one may guess, and what becomes of a token that is offered. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeHashOf, mintCode } from '../../server/pairing-codes.ts';
import { createTries } from '../../server/http/tries.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { codeFrom, codeIn, pairingLink, spelledCode } from '../../shared/sync/pairing.ts';
import { token, user } from '../kit/ask.ts';
import { anOrganisation, by, given, minutes } from '../kit/given.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { ben, marek, root } from '../kit/people.ts';

describe('a code', () => {
  test('has 60 bits, in groups that can be read aloud', () => {
    const { code, codeHash } = mintCode();
    expect(spelledCode(code)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    expect(codeHash).toBe(codeHashOf(code));
    expect(new Set(Array.from({ length: 500 }, () => mintCode().code)).size).toBe(500);
    const chars = Array.from({ length: 256 }, (_, byte) => codeFrom(new Uint8Array(12).fill(byte))[0]);
    expect(new Set(chars).size).toBe(32);
  });

  test('is found again in whatever people make of it', () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 12, maxLength: 12 }),
        fc.constantFrom('', '-', ' ', '–', ' - '),
        (bytes, gap) => {
          const code = codeFrom(bytes);
          const typed = spelledCode(code).replaceAll('-', gap).toLowerCase();
          expect(codeIn(`  ${typed}\n`)).toBe(code);
          expect(codeIn(typed.replaceAll('0', 'o').replaceAll('1', 'l'))).toBe(code);
          expect(codeIn(`${typed}0`)).toBeUndefined();
          expect(codeIn(typed.slice(1))).toBeUndefined();
        },
      ),
    ));

  test.each(['', '----', 'open sesame', 'ABCD-EFGH-JKU!', 'ÄBCD-EFGH-JKMN', '1234567890123'])('%j is none', (typed) =>
    expect(codeIn(typed)).toBeUndefined(),
  );

  test('travels in a link with its address', () =>
    expect(pairingLink('https://plant.example:8443/operary', 'K7QM-4TRP-9X2C')).toBe(
      'obsidian://operary?url=https%3A%2F%2Fplant.example%3A8443%2Foperary&code=K7QM-4TRP-9X2C',
    ));
});

describe('wrong tries', () => {
  const tries = () => {
    const clock = manualClock(0);
    return { clock, tries: createTries(clock, { one: 3, all: 5 }) };
  };
  const retryAfter = (answer: unknown) => (isRefusal(answer) ? answer.extra?.['retryAfter'] : undefined);

  test('of one address are counted, and forgotten after a minute', async () => {
    const { clock, tries: at } = tries();
    at.begin('a');
    await clock.pass(20_000);
    at.begin('a');
    at.begin('a');
    expect(at.begin('a')).toMatchObject({ refused: 'too-many-tries', extra: { retryAfter: 40 } });
    expect(isRefusal(at.begin('b'))).toBe(false);
    await clock.pass(40_000);
    expect(isRefusal(at.begin('a'))).toBe(false);
    expect(retryAfter(at.begin('a'))).toBe(20);
  });

  test('are counted for all addresses together', async () => {
    const { clock, tries: at } = tries();
    for (const address of ['a', 'b', 'c', 'd', 'e']) expect(isRefusal(at.begin(address))).toBe(false);
    expect(retryAfter(at.begin('f'))).toBe(60);
    await clock.pass(60_000);
    expect(isRefusal(at.begin('f'))).toBe(false);
  });

  test('that were right do not count', () => {
    const { tries: at } = tries();
    for (let n = 0; n < 20; n++) {
      const begun = at.begin('a');
      if (isRefusal(begun)) throw new Error(begun.detail);
      begun.forgive();
    }
  });
});

describe('an offered token', () => {
  const phone = token('phone');
  const codeHash = 'c'.repeat(64);
  const secret = { minted: { tokenHash: 'd'.repeat(64) } };
  const offered = phone.offer({ role: 'operator', user: ben.id }, { minted: { codeHash } }).by(root);

  test('says for whom it is and until when', () =>
    given(anOrganisation())
      .when(phone.offer({ role: 'operator', user: ben.id, areas: ['leeds'] }, { minted: { codeHash } }), by(root))
      .then({
        type: 'token.offered',
        body: { codeHash, user: ben.id, role: 'operator', areas: ['leeds'], until: '2026-11-20T22:15:00.000Z' },
      }));
  test('is taken by its person, who gets a secret', () =>
    given(anOrganisation(), offered)
      .when(phone.redeem({ device: marek.id }, secret), by(ben))
      .then({ type: 'token.redeemed', actor: { id: ben.id }, body: { hash: 'd'.repeat(64), device: marek.id } }));
  test('[L7] is taken once', () =>
    given(anOrganisation(), offered, phone.redeem({}, secret).by(ben))
      .when(phone.redeem({}, secret), by(ben))
      .refused('code-used'));
  test('[L7] is taken before its time is over', () =>
    given(anOrganisation(), offered, minutes(15)).when(phone.redeem({}, secret), by(ben)).refused('code-expired'));
  test('[L7] is not taken by somebody who has left meanwhile', () =>
    given(anOrganisation(), offered, user(ben.id).deactivate({ reason: 'Left' }).by(root))
      .when(phone.redeem({}, secret), by(ben))
      .refused('gone'));
  test('[L7] is not taken once it is withdrawn', () =>
    given(anOrganisation(), offered, phone.revoke().by(root)).when(phone.redeem({}, secret), by(ben)).refused('gone'));
  test('[L7] has no secret to rotate before, and one after', async () => {
    await given(anOrganisation(), offered).when(phone.rotate({}, secret), by(root)).refused('transition-not-allowed');
    await given(anOrganisation(), offered, phone.redeem({}, secret).by(ben))
      .when(phone.rotate({}, { minted: { tokenHash: 'e'.repeat(64) } }), by(root))
      .then('token.rotated');
  });
  test('[L7] a token that was made with its secret is not redeemed', () =>
    given(anOrganisation(), phone.create({ role: 'operator', user: ben.id }, secret).by(root))
      .when(phone.redeem({}, secret), by(ben))
      .refused('not-found'));
});
