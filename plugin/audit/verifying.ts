/** The verification of a seal as steps that a person can follow, and what it comes to in words. Pure; a screen gives it time. */
import { readSealedNote } from '../../shared/proof/sealed-note.ts';
import type { BundleView } from '../../shared/proof/bundle-view.ts';
import { rootFingerprint } from '../../shared/proof/signed-seal.ts';
import { must, type Check } from '../../shared/proof/verdict.ts';
import {
  BUNDLE_CHECKS,
  NOTE_CHECKS,
  verifyingBundle,
  verifyingSealedNote,
  type Finding,
  type Verification,
} from '../../shared/proof/verify.ts';
import type { Breathe } from '../notes/ports.ts';
import type { Bundle } from '../surroundings.ts';
import { auditWords } from '../words/index.ts';

export interface Step {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'ok' | 'warn' | 'failed' | 'unchecked';
  readonly detail: string;
}

/** What is at hand: the text of a sealed note, its evidence bundle, or both. */
export interface Given {
  readonly note?: string | undefined;
  readonly bundle?: Bundle | undefined;
  /** The organisation's fingerprint, from a source of its own; empty: not known. */
  readonly root: string;
}

export interface Seen {
  readonly steps: readonly Step[];
  /** Of all steps that can be made, from 0 to 1. */
  readonly share: number;
}

export interface Outcome extends Seen {
  readonly verification: Verification;
}

const NO_BUNDLE = auditWords.needsBundle;
const CANCELLED = auditWords.wasCancelled;
const FOUND = new Map<Finding['ok'], Step['state']>([
  [true, 'ok'],
  ['warn', 'warn'],
  [false, 'failed'],
]);
/** What the note itself says of its reach stands in the steps that are left unchecked. */
const REACH = 'reach';
const ofNote = NOTE_CHECKS.map(({ name }) => name).filter((name) => name !== REACH);
const ofBundle = BUNDLE_CHECKS.map(({ name }) => name);

const sameAs = (note: string): Check<BundleView> => ({
  name: auditWords.thisNote,
  run(bundle) {
    const { sealText, report } = readSealedNote(note);
    must(sealText === bundle.sealText(), auditWords.otherSeal);
    must(report === bundle.report(), auditWords.otherReport);
    return auditWords.sameNote;
  },
});

/** Yields often, and each time how far it has come. */
export function* verifying({ note, bundle, root }: Given): Generator<Seen, Outcome> {
  const known = root ? { root } : {};
  const more = note === undefined ? [] : [sameAs(note)];
  const work = bundle ? verifyingBundle(bundle, known, more) : verifyingSealedNote(note ?? '', known);
  const names = bundle ? [...more.map(({ name }) => name), ...ofBundle] : ofNote;
  const rest = bundle ? [] : ofBundle.filter((name) => !ofNote.includes(name));
  const unchecked = rest.map((name): Step => ({ name, state: 'unchecked', detail: NO_BUNDLE }));
  for (;;) {
    const step = work.next();
    if (step.done) {
      const { checks } = step.value;
      const found = checks.filter(({ name }) => name !== REACH).map(stepOf);
      return { steps: [...found, ...unchecked], share: 1, verification: step.value };
    }
    const { findings, share } = step.value;
    const ahead = names.slice(findings.length).map((name, at): Step => ({
      name,
      state: at ? 'waiting' : 'running',
      detail: at || !share ? '' : `${Math.floor(share * 100)} %`,
    }));
    yield {
      steps: [...findings.filter(({ name }) => name !== REACH).map(stepOf), ...ahead, ...unchecked],
      share: Math.min(1, (findings.length + share) / names.length),
    };
  }
}

const stepOf = ({ name, ok, detail }: Finding): Step => ({
  name,
  state: FOUND.get(ok)!,
  // On a device nobody types a command line.
  detail: detail.replace(/give it as --root\.$/, auditWords.enterIt),
});

/** What was still ahead when a person cancelled. */
export const cancelled = ({ steps, share }: Seen): Seen => ({
  share,
  steps: steps.map((step) =>
    step.state === 'waiting' || step.state === 'running'
      ? { name: step.name, state: 'unchecked', detail: CANCELLED }
      : step,
  ),
});

/** Longer than this at a stretch, and a screen stands still. */
const STRETCH = 12;

/** Does the work and lets the screen breathe. `undefined`: `show` said that it is not wanted any more. */
export async function watched(
  work: Generator<Seen, Outcome>,
  now: () => number,
  breathe: Breathe,
  show: (seen: Seen) => boolean,
): Promise<Outcome | undefined> {
  for (let since = -Infinity; ;) {
    const step = work.next();
    if (step.done) return step.value;
    if (now() - since < STRETCH) continue;
    if (!show(step.value)) return undefined;
    await breathe();
    since = now();
  }
}

const VERDICT: Readonly<Record<Verification['verdict'] | 'otherRoot', string>> = auditWords.verdict;

/** The check that the organisation's fingerprint belongs to. */
export const FINGERPRINT = rootFingerprint.name;

/** Checks that were not made, in one line for all that were not for the same reason. */
export interface Group {
  readonly words: string;
  readonly names: readonly string[];
}

/** What was checked, or will be, stands by itself; what was not is gathered. */
export function gathered(steps: readonly Step[]): {
  readonly made: readonly Step[];
  readonly groups: readonly Group[];
} {
  const because = (why: string): readonly string[] =>
    steps.filter(({ state, detail }) => state === 'unchecked' && detail === why).map(({ name }) => name);
  const [cancelledOnes, bundled] = [because(CANCELLED), because(NO_BUNDLE)];
  return {
    made: steps.filter(({ state }) => state !== 'unchecked'),
    groups: [
      { words: auditWords.notMade(cancelledOnes.length), names: cancelledOnes },
      { words: auditWords.needBundle(bundled.length), names: bundled },
    ].filter(({ names }) => names.length),
  };
}

/** The result in one sentence, then what was checked and what was not. */
export function wordsOf({ verification, steps }: Outcome, { bundle, root }: Given): readonly string[] {
  const { verdict } = verification;
  if (verdict === 'cannot-judge') return [VERDICT[verdict]];
  const isWarned = (name: string): boolean => steps.some((step) => step.name === name && step.state === 'warn');
  const failed = steps.filter(({ state }) => state === 'failed');
  const isOtherRoot = failed.length > 0 && failed.every(({ name }) => name === FINGERPRINT);
  return [
    VERDICT[isOtherRoot ? 'otherRoot' : verdict],
    bundle ? auditWords.checkedBundle : auditWords.checkedNote,
    ...(bundle ? [] : [auditWords.uncheckedEntries]),
    ...(root ? [] : [auditWords.uncheckedKeys(bundle !== undefined)]),
    ...(isWarned('evidence') ? [auditWords.uncheckedFiles] : []),
  ];
}
