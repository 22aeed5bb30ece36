/** Several people write on one tablet, with and without a network, over crashes: every word is in the room, in the name of who typed it. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { manualClock } from '../kit/manual-clock.ts';
import { byAuthor } from '../kit/prose-authors.ts';
import { calm, device, ENTITY, NOTE, relay } from '../kit/prose-devices.ts';
import '../kit/seed.ts';

const RUNS = Number(process.env['OPERARY_PROSE_SEEDS'] ?? 80);
const PEOPLE = ['a', 'b', 'd'].map((letter) => `0192f000-0000-7000-8000-00000000000${letter}`);

type Step =
  | { readonly kind: 'type'; readonly at: number }
  | { readonly kind: 'takeOver'; readonly who: number }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'lock' | 'cut' | 'mend' | 'halfOpen' | 'crash' | 'restart' | 'open' | 'shown' };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('type' as const), at: fc.nat(500) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('takeOver' as const), who: fc.nat(2) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(0.4, 3, 61) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('lock', 'cut', 'mend', 'halfOpen', 'crash', 'restart', 'open', 'shown'),
    }),
  },
);

let close = (): void => undefined;
afterEach(() => close());

async function play(steps: readonly Step[]): Promise<void> {
  const server = relay();
  close = () => server.close();
  const tablet = device(server, manualClock());
  tablet.takesOver(PEOPLE[0]);
  await calm(tablet);
  const typed = new Map<string, string>();
  const take: { readonly [K in Step['kind']]: (one: Step & { kind: K }) => unknown } = {
    type({ at }) {
      // Nobody types on a locked tablet.
      if (tablet.who === undefined) return;
      const word = `w${typed.size}x`;
      const words = tablet.text().split(' ');
      words.splice(at % words.length, 0, word);
      typed.set(word, tablet.who);
      tablet.write(words.join(' '));
      return tablet.notebook.idle();
    },
    takeOver: ({ who }) => tablet.takesOver(PEOPLE[who]),
    lock: () => tablet.takesOver(undefined),
    pass: ({ seconds }) => tablet.clock.pass(seconds * 1000),
    cut: () => tablet.cut(),
    mend: () => tablet.mend(),
    halfOpen: () => void (tablet.isHalfOpen = true),
    restart: () => server.restart(),
    open: () => tablet.vault.editors.has(NOTE) || tablet.vault.editor.open(NOTE),
    shown: () => tablet.prose.shown([ENTITY]),
    async crash() {
      // What this device keeps is written within the same moment as the note is saved.
      await tablet.clock.pass(50);
      tablet.crash(true);
      tablet.start();
      await tablet.notebook.idle();
    },
  };
  for (const one of steps) await take[one.kind](one as never);
  tablet.takesOver(PEOPLE[2]);
  tablet.mend();
  await calm(tablet);

  expect([tablet.text(), tablet.told]).toEqual([server.text(), []]);
  if (!typed.size) return;
  const found = byAuthor(server);
  const authors = [...typed.keys()].map((word) => [word, PEOPLE.filter((who) => found[who]?.match(`${word}\\b`))]);
  expect(authors).toEqual([...typed].map(([word, who]) => [word, [who]]));
  close = () => undefined;
  server.close();
}

test('[L12] whoever sends it, every word on a shared tablet is whose it was', async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), play), {
    numRuns: RUNS,
    endOnFailure: process.env['OPERARY_PROSE_SEEDS'] === undefined,
  });
}, 600_000);
