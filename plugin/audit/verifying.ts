/** The verification of a seal as steps that a person can follow, and what it comes to in words. Pure; a screen gives it time. */
import { readSealedNote } from '../../shared/proof/sealed-note.ts';
import type { BundleView } from '../../shared/proof/bundle-view.ts';
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

const NO_BUNDLE = 'It needs the evidence bundle, which is not on this device.';
const CANCELLED = 'It was cancelled before this.';
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
  name: 'this note',
  run(bundle) {
    const { sealText, report } = readSealedNote(note);
    must(sealText === bundle.sealText(), 'The seal in this note is not that of the evidence bundle.');
    must(report === bundle.report(), 'The report in this note is not that of the evidence bundle.');
    return 'Its report and its seal are those of the evidence bundle';
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
  detail: detail.replace(/give it as --root\.$/, 'enter it in the settings.'),
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

const VERDICT: Readonly<Record<Verification['verdict'], string>> = {
  valid: 'Valid: every check holds.',
  warnings: 'Valid in itself, with reservations.',
  invalid: 'Not valid: this is not what was sealed.',
  'cannot-judge': 'This cannot be judged here.',
};

/** The result in one sentence, then what was checked and what was not. */
export function wordsOf({ verification, steps }: Outcome, { bundle, root }: Given): readonly string[] {
  const { verdict } = verification;
  if (verdict === 'cannot-judge') return [VERDICT[verdict]];
  const isWarned = (name: string): boolean => steps.some((step) => step.name === name && step.state === 'warn');
  return [
    VERDICT[verdict],
    bundle
      ? 'Checked on this device: the files, the seal and its keys, the report, every entry and what came after, the log, and what devices signed.'
      : 'Checked on this device: the seal, its keys, and the report in this note.',
    ...(bundle
      ? []
      : ['Not checked: the entries behind the report, their files, the log. They are in the evidence bundle.']),
    ...(root
      ? []
      : [
          `Not checked: whose keys these are. The fingerprint of your organisation was taken from the ${bundle ? 'bundle' : 'note'} itself; enter it in the settings, from a source of its own.`,
        ]),
    ...(isWarned('evidence') ? ['Not checked: files that entries name and that are not in the bundle.'] : []),
  ];
}
