/** Two to four devices write in one note, through editors, on disk, with and without a network, and crash: in the end all read the same. */
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { manualClock } from '../kit/manual-clock.ts';
import { calm, device, ENTITY, NOTE, relay, type Device } from '../kit/prose-devices.ts';

const RUNS = Number(process.env['OPERARY_PROSE_SEEDS'] ?? 80);
type Step =
  | {
      readonly kind: 'type' | 'open' | 'close' | 'save' | 'cut' | 'mend' | 'halfOpen';
      readonly who: number;
      readonly at: number;
    }
  | { readonly kind: 'crash'; readonly who: number; readonly isSaved: boolean; readonly isWiped: boolean }
  | { readonly kind: 'strike'; readonly who: number; readonly at: number }
  | { readonly kind: 'pass'; readonly seconds: number }
  | { readonly kind: 'shown' | 'restart' | 'lock'; readonly who: number }
  | { readonly kind: 'takeOver'; readonly who: number; readonly person: string };

/** The first two meet more often. */
const who = fc.constantFrom(0, 0, 0, 1, 1, 2, 3);
const at = fc.nat(1000);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('type' as const), who, at }) },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.constantFrom(0.1, 0.4, 3, 61) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('open' as const, 'close' as const, 'save' as const), who, at }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constantFrom('cut' as const, 'mend' as const, 'halfOpen' as const), who, at }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('strike' as const), who, at }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('shown' as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('crash' as const),
      who,
      isSaved: fc.boolean(),
      isWiped: fc.nat(3).map((n) => n === 0),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('restart' as const, 'lock' as const), who }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('takeOver' as const), who, person: fc.constantFrom('marek', 'dana') }),
  },
);

let close = (): void => undefined;
afterEach(() => close());

async function play(count: number, isLive: boolean, steps: readonly Step[]): Promise<void> {
  const server = relay();
  close = () => server.close();
  const clock = manualClock();
  const devices = Array.from({ length: count }, () => device(server, clock));
  if (isLive) for (const one of devices) one.prose.shown([ENTITY]);
  await calm(...devices);
  const words = new Set<string>();
  const unsaved = devices.map(() => new Set<string>());
  let typed = 0;
  for (const one of steps) {
    if (one.kind === 'pass') {
      await clock.pass(one.seconds * 1000);
      continue;
    }
    const n = one.who % count;
    await take(one, devices[n]!, n);
  }

  async function take(one: Exclude<Step, { kind: 'pass' }>, self: Device, n: number): Promise<void> {
    const isOpen = self.vault.editors.has(NOTE);
    if (one.kind === 'type') {
      const word = `w${++typed}x`;
      self.write(withWord(self.text(), word, one.at));
      if (isOpen) unsaved[n]!.add(word);
      words.add(word);
    } else if (one.kind === 'strike') {
      const all = self.text().match(/w\d+x/g) ?? [];
      const word = all[one.at % Math.max(1, all.length)];
      if (word === undefined) return;
      words.delete(word);
      self.write(self.text().replaceAll(word, ''));
    } else if (one.kind === 'open' && !isOpen) self.vault.editor.open(NOTE);
    else if (one.kind === 'close' && isOpen) {
      self.vault.editor.close(NOTE);
      unsaved[n]!.clear();
    } else if (one.kind === 'save' && isOpen) {
      self.vault.editor.save(NOTE);
      unsaved[n]!.clear();
    } else if (one.kind === 'cut') self.cut();
    else if (one.kind === 'mend') self.mend();
    else if (one.kind === 'halfOpen') self.isHalfOpen = true;
    else if (one.kind === 'shown') self.prose.shown([ENTITY]);
    else if (one.kind === 'restart') server.restart();
    else if (one.kind === 'takeOver') self.takesOver(one.person);
    else if (one.kind === 'lock') self.takesOver(undefined);
    else if (one.kind === 'crash') {
      // What stood in an editor alone is as lost as in any other program; what others wrote is not.
      if (!one.isSaved) for (const word of unsaved[n]!) words.delete(word);
      unsaved[n]!.clear();
      self.crash(one.isSaved);
      if (one.isWiped) self.kept.clear();
      self.start();
      await self.notebook.idle();
    }
  }

  for (const one of devices) {
    one.takesOver(one.user);
    one.mend();
  }
  await calm(...devices);
  const texts = devices.map((one) => one.text());
  expect(texts).toEqual(texts.map(() => server.text()));
  for (const word of words) expect(texts[0]).toContain(word);
  server.close();
  close = () => undefined;
}

/** In front of a line, behind it, or on a line of its own. */
function withWord(text: string, word: string, place: number): string {
  const lines = text.split('\n');
  const line = place % lines.length;
  const how = Math.floor(place / lines.length) % 3;
  const now = lines[line]!;
  if (how === 0) lines.splice(line, 0, word);
  else lines[line] = how === 1 ? `${word} ${now}` : `${now} ${word}`;
  return lines.join('\n');
}

const plays = fc.asyncProperty(
  fc.integer({ min: 2, max: 4 }),
  fc.boolean(),
  fc.array(step, { maxLength: 40, size: 'max' }),
  play,
);

test('[L12] whatever happens, all notes read the same in the end, and every word is there', async () => {
  await fc.assert(plays, { numRuns: RUNS, endOnFailure: process.env['OPERARY_PROSE_SEEDS'] === undefined });
}, 600_000);
