/** A verification as steps that a person can follow: what each says, when it breathes, what it comes to, what is kept of it. */
import { describe, expect, test } from 'vitest';
import { keepVerdict, lastVerdict, verdictWords } from '../../plugin/audit/verdicts.ts';
import {
  cancelled,
  FINGERPRINT,
  gathered,
  verifying,
  watched,
  wordsOf,
  type Given,
  type Seen,
} from '../../plugin/audit/verifying.ts';
import { reportRegion, sealRegion } from '../../shared/proof/sealed-note.ts';
import { finish } from '../../shared/proof/verdict.ts';
import { verifyBundle } from '../../shared/proof/verify.ts';
import { FILE } from '../../shared/proof/layout.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { memoryMemory } from '../kit/memory-vault.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { ROOT, sampleBundle, sampleInput, type SampleOptions } from '../kit/sample-bundle.ts';

useNativeCrypto();

function noteOf(options: SampleOptions = {}): string {
  const input = sampleInput(options);
  return `${reportRegion(input.report)}\n\n${sealRegion({ ...input, signature: input.sealSignature })}\n`;
}
const whole = (more: Partial<Given> = {}): Given => ({ bundle: sampleBundle(), root: ROOT, ...more });
const stateOf = (seen: Seen, name: string) => seen.steps.find((step) => step.name === name);

describe('with the evidence bundle', () => {
  test('[L9] it finds what the verification at once finds, step for step', () => {
    const { verification, steps, share } = finish(verifying(whole()));
    const { checks } = verifyBundle(sampleBundle(), { root: ROOT });
    expect(verification).toMatchObject({
      verdict: 'valid',
      checks,
      head: expect.stringMatching(/^6 .{43}=$/) as string,
    });
    expect(steps).toEqual(checks.map(({ name, detail }) => ({ name, state: 'ok', detail })));
    expect(share).toBe(1);
  });
  test('one step runs, those before it are told, those behind it wait; it only moves on', () => {
    let last = -1;
    for (const { steps, share } of verifying(whole())) {
      const running = steps.findIndex(({ state }) => state === 'running');
      expect(steps.slice(0, running).every(({ state }) => state === 'ok')).toBe(true);
      expect(steps.slice(running + 1).every(({ state }) => state === 'waiting')).toBe(true);
      expect(share).toBeGreaterThanOrEqual(last);
      last = share;
    }
  });
  test('[L9] one letter that was changed is one named step that fails, and the sentence says it', () => {
    const bundle = sampleBundle();
    bundle.set(FILE.report, utf8('# Nothing happened\n'));
    const given = whole({ bundle });
    const outcome = finish(verifying(given));
    expect(stateOf(outcome, 'report')).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('not the one') as string,
    });
    expect(wordsOf(outcome, given)[0]).toBe('Not valid: this is not what was sealed.');
  });
  test('[L9] a note that is not of this bundle is told apart from it, though each is valid', () => {
    const mine = finish(verifying(whole({ note: noteOf() })));
    expect(stateOf(mine, 'this note')?.state).toBe('ok');
    const other = finish(verifying(whole({ note: noteOf({ report: '# Another night\n' }) })));
    expect(stateOf(other, 'this note')?.state).toBe('failed');
    expect(other.verification.verdict).toBe('invalid');
    expect(finish(verifying(whole({ note: 'not even a note' }))).verification.verdict).toBe('invalid');
  });
  test('without the fingerprint from outside it says where the trust came from', () => {
    const given = whole({ root: '' });
    expect(wordsOf(finish(verifying(given)), given).join(' ')).toMatch(
      /^Valid in itself, with reservations\. .*taken from the bundle itself: somebody who made all of it anew, with keys of their own, would pass too\./,
    );
  });
  test('a device says where to enter the fingerprint, and names no option of the command line', () => {
    for (const given of [whole({ root: '' }), { note: noteOf(), root: '' }]) {
      const outcome = finish(verifying(given));
      expect(stateOf(outcome, FINGERPRINT)).toMatchObject({
        state: 'warn',
        detail: expect.stringMatching(/Compare SHA256:\S+ with a copy from outside and enter it above\.$/) as string,
      });
      expect(JSON.stringify([outcome.steps, wordsOf(outcome, given)])).not.toContain('--');
    }
    const wrong = finish(verifying(whole({ root: `SHA256:${'A'.repeat(43)}` })));
    expect(stateOf(wrong, FINGERPRINT)?.state).toBe('failed');
    expect(wordsOf(wrong, whole({ root: 'x' }))[0]).toMatch(
      /^Not valid: it was signed under another key .* Compare what was entered/,
    );
  });
  test('what is no bundle cannot be judged, in one step and one sentence', () => {
    const given = whole({ bundle: new Map([['readme', utf8('?')]]) });
    const outcome = finish(verifying(given));
    expect(outcome.steps).toHaveLength(1);
    expect(wordsOf(outcome, given)).toEqual(['This cannot be judged here.']);
  });
});

test('[L9] a note alone: what it cannot show is left unchecked, and the reason is given', () => {
  const given: Given = { note: noteOf(), root: ROOT };
  const outcome = finish(verifying(given));
  expect(stateOf(outcome, 'report')?.state).toBe('ok');
  const { made, groups } = gathered(outcome.steps);
  expect(made.map(({ state }) => state)).not.toContain('unchecked');
  expect(groups).toEqual([
    {
      words: expect.stringMatching(/^\d+ further checks need the evidence bundle$/) as string,
      names: outcome.steps.filter(({ state }) => state === 'unchecked').map(({ name }) => name),
    },
  ]);
  expect(made.length + groups[0]!.names.length).toBe(outcome.steps.length);
  for (const name of ['entries', 'inclusion in the log', 'device signatures'])
    expect(stateOf(outcome, name)).toMatchObject({
      state: 'unchecked',
      detail: expect.stringContaining('not on this device') as string,
    });
  expect(wordsOf(outcome, given).join(' ')).toMatch(/Valid.*Not checked: the entries/);
});

describe('in time', () => {
  /** A clock on which every look takes a millisecond. */
  const ticking = () => {
    let now = 0;
    return () => (now += 1);
  };
  test('it shows what it does at once, and lets the screen breathe again and again', async () => {
    let breaths = 0;
    const shown: Seen[] = [];
    const outcome = await watched(
      verifying(whole()),
      ticking(),
      async () => void (breaths += 1),
      (seen) => {
        shown.push(seen);
        return true;
      },
    );
    expect(stateOf(shown[0]!, 'format')?.state).toBe('running');
    expect(breaths).toBeGreaterThan(2);
    expect(outcome?.verification.verdict).toBe('valid');
  });
  test('cancelled, it stops, and says of every step ahead that it was not made', async () => {
    let seen: Seen | undefined;
    const outcome = await watched(
      verifying(whole()),
      ticking(),
      async () => undefined,
      (now) => {
        seen = now;
        return now.share < 0.3;
      },
    );
    expect(outcome).toBeUndefined();
    const { steps } = cancelled(seen!);
    expect(new Set(steps.map(({ state }) => state))).toEqual(new Set(['ok', 'unchecked']));
    expect(gathered(steps).groups).toEqual([
      {
        words: expect.stringMatching(/^\d+ checks were cancelled before they were made$/) as string,
        names: steps.filter(({ state }) => state === 'unchecked').map(({ name }) => name),
      },
    ]);
    expect(steps.at(-1)).toMatchObject({ state: 'unchecked', detail: 'It was cancelled before this.' });
  });
  test('every entry is a place to breathe at', () => {
    const places = [...verifying(whole())].filter(
      ({ steps }) => steps.find(({ name }) => name === 'entries')?.state === 'running',
    );
    // Once before it, and after each of its three entries.
    expect(places).toHaveLength(4);
  });
});

describe('what is kept of it', () => {
  const AT = '2026-11-21T06:30:00.000Z';
  test('date, verdict and head, in words', () => {
    const memory = memoryMemory();
    expect(verdictWords(lastVerdict(memory, 's'), 'UTC')).toBe('Not verified on this device yet.');
    keepVerdict(memory, 's', verifyBundle(sampleBundle(), { root: ROOT }), AT);
    expect(lastVerdict(memory, 's')).toMatchObject({
      at: AT,
      verdict: 'valid',
      head: expect.stringMatching(/^6 /) as string,
    });
    expect(verdictWords(lastVerdict(memory, 's'), 'Europe/Berlin')).toBe(
      'Verified on this device 2026-11-21 07:30: valid.',
    );
    keepVerdict(memory, 's', finish(verifying({ note: noteOf(), root: '' })).verification, AT);
    expect(verdictWords(lastVerdict(memory, 's'), 'UTC')).toContain('06:30, the note alone: valid with reservations.');
  });
  test.each(['', '{', 'null', '7', '{"at":1}', '{"at":"x","verdict":"splendid"}'])(
    'what was spoiled is as if it were not there: %s',
    (text) => {
      const memory = memoryMemory();
      memory.set('verdict:s', text);
      expect(lastVerdict(memory, 's')).toBeUndefined();
    },
  );
});
