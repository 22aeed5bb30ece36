/** Verification of a sealed shift, offline: a bundle, or its note alone. Never throws; every check says what it found. */
import { base64 } from '../kernel/bytes.ts';
import { bundleView } from './bundle-view.ts';
import type { BundleView } from './bundle-view.ts';
import { DEVICE_CHECKS } from './device-checks.ts';
import { FILE_CHECKS } from './file-checks.ts';
import { FILE } from './layout.ts';
import type { Files } from './layout.ts';
import { RECORD_CHECKS } from './record-checks.ts';
import { parseSealText } from './seal.ts';
import type { Seal } from './seal.ts';
import { readSealedNote } from './sealed-note.ts';
import { SIGNED_SEAL_CHECKS } from './signed-seal.ts';
import type { SignedSeal } from './signed-seal.ts';
import { parseTrustText } from './trust.ts';
import { requireLogged } from './logged.ts';
import { cannotJudge, finish, judging, once, within } from './verdict.ts';
import type { Check, Progress, Verdict } from './verdict.ts';

export type { Finding, Progress, Verdict } from './verdict.ts';

/** The checklist of a bundle, in the order in which trust is built up. */
export const BUNDLE_CHECKS: readonly Check<BundleView>[] = [
  ...FILE_CHECKS,
  ...SIGNED_SEAL_CHECKS,
  ...RECORD_CHECKS,
  ...DEVICE_CHECKS,
];

/** The checklist of a note alone. */
export const NOTE_CHECKS: readonly Check<SignedSeal>[] = [
  ...SIGNED_SEAL_CHECKS,
  {
    name: 'reach',
    run: () =>
      'A note shows who sealed which report. Entries, attachments and the log are checked on the evidence bundle',
  },
];

export interface Known {
  /** The organisation's root fingerprint from outside, `SHA256:…`. Without it the best verdict is `warnings`. */
  readonly root?: string | undefined;
}

export interface Verification extends Verdict {
  /** What the seal says, when it can be read; believe it as far as the verdict goes. */
  readonly seal?: Seal;
  readonly shift?: string;
  readonly org?: string;
  /** The head of the log that the seal was found in: its size and its root. */
  readonly head?: string;
}

export const verifyBundle = (files: Files, known: Known = {}): Verification => finish(verifyingBundle(files, known));

/** The same bit by bit, for whoever has a screen to keep alive; `more`: what else is asked of this bundle, before all others. */
export function* verifyingBundle(
  files: Files,
  { root }: Known = {},
  more: readonly Check<BundleView>[] = [],
): Generator<Progress, Verification> {
  if (![FILE.bagit, FILE.seal, FILE.manifest, FILE.bagInfo].some((path) => files.has(path)))
    return cannotJudge('This is not an evidence bundle: it has neither a seal nor a manifest.');
  const bundle = bundleView(files, root);
  const verdict = described(yield* judging([...more, ...BUNDLE_CHECKS], bundle), bundle);
  try {
    const { size, root: logRoot } = requireLogged(bundle, bundle.sealedEntry());
    return { ...verdict, head: `${size} ${base64(logRoot)}` };
  } catch {
    return verdict;
  }
}

/** The markdown note of a sealed shift; its front matter and the text around our regions are not part of the proof. */
export const verifySealedNote = (text: string, known: Known = {}): Verification =>
  finish(verifyingSealedNote(text, known));

export function* verifyingSealedNote(text: string, { root }: Known = {}): Generator<Progress, Verification> {
  if (!/^%% operary:seal %%\r?$/m.test(text))
    return cannotJudge('This is not the note of a sealed shift: it has no seal region.');
  const note = noteView(text, root);
  return described(yield* judging(NOTE_CHECKS, note), note);
}

function noteView(text: string, knownRoot: string | undefined): SignedSeal {
  const read = once(() => readSealedNote(text));
  return {
    knownRoot,
    rootKey: () => read().rootKey,
    trustText: () => read().trustText,
    trustSignature: () => read().trustSignature,
    trust: once(() => within('trust statement', () => parseTrustText(read().trustText))),
    sealText: () => read().sealText,
    sealSignature: () => read().signature,
    seal: once(() => within('seal', () => parseSealText(read().sealText))),
    report: () => read().report,
  };
}

function described(verdict: Verdict, evidence: SignedSeal): Verification {
  try {
    const seal = evidence.seal();
    return { ...verdict, seal, shift: seal.shift, org: seal.organisation };
  } catch {
    return verdict;
  }
}
