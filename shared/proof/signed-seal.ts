/** What a bundle and a sealed note have in common: a seal, the keys that vouch for it, the report. And the checks on these. */
import { sha256Hex, utf8 } from '../kernel/bytes.ts';
import type { Seal } from './seal.ts';
import { SEAL_NAMESPACE } from './seal.ts';
import { fingerprint, parseSshPublicKey } from './ssh-key.ts';
import { parseSshsig, verifySshsig } from './sshsig.ts';
import type { Trust } from './trust.ts';
import { TRUST_NAMESPACE } from './trust.ts';
import { must } from './verdict.ts';
import type { Check } from './verdict.ts';

/** Each is read when a check asks for it and throws when it is missing or malformed. */
export interface SignedSeal {
  /** The root fingerprint that the reader knows from outside. */
  readonly knownRoot: string | undefined;
  rootKey(): Uint8Array;
  trustText(): string;
  trustSignature(): string;
  trust(): Trust;
  sealText(): string;
  sealSignature(): string;
  seal(): Seal;
  /** The report's bytes as text. */
  report(): string;
}

const signed = (armor: string, namespace: string, text: string, publicKey: Uint8Array): boolean => {
  parseSshsig(armor);
  return verifySshsig({ armor, namespace, message: utf8(text), publicKey });
};

export const rootFingerprint: Check<SignedSeal> = {
  name: 'root fingerprint',
  run: (evidence) => {
    const found = fingerprint(evidence.rootKey());
    must(found === evidence.trust().rootFingerprint, 'The root key is not the one that the trust statement names.');
    if (evidence.knownRoot === undefined)
      return {
        warn: `Trust taken from the bundle itself. Compare ${found} with a copy from outside and give it as --root.`,
      };
    must(found === evidence.knownRoot, `Wrong root: this was signed under ${found}, not under ${evidence.knownRoot}.`);
    return `${found}, as given`;
  },
};

export const trustSignature: Check<SignedSeal> = {
  name: 'trust statement',
  run: (evidence) => {
    const good = signed(evidence.trustSignature(), TRUST_NAMESPACE, evidence.trustText(), evidence.rootKey());
    must(good, 'The root key did not sign the trust statement.');
    return `The root key vouches for the log key and the seal key of ${evidence.trust().organisationName}`;
  },
};

export const sealStatement: Check<SignedSeal> = {
  name: 'seal statement',
  run: (evidence) => {
    const [seal, trust] = [evidence.seal(), evidence.trust()];
    must(seal.organisation === trust.origin, 'The seal is of another organisation than the trust statement.');
    return `${seal.record}, ${seal.kind}, sealed at ${seal.sealedAt}`;
  },
};

export const sealSignature: Check<SignedSeal> = {
  name: 'seal signature',
  run: (evidence) => {
    const sealKey = parseSshPublicKey(evidence.trust().sealKey);
    const good = signed(evidence.sealSignature(), SEAL_NAMESPACE, evidence.sealText(), sealKey);
    must(good, "The organisation's seal key did not sign this text.");
    return `Signed by the seal key ${fingerprint(sealKey)}`;
  },
};

export const reportDigest: Check<SignedSeal> = {
  name: 'report',
  run: (evidence) => {
    const found = sha256Hex(utf8(evidence.report()));
    must(found === evidence.seal().reportSha256, 'The report is not the one that was sealed.');
    return 'The report is byte for byte the one that was sealed';
  },
};

export const SIGNED_SEAL_CHECKS: readonly Check<SignedSeal>[] = [
  rootFingerprint,
  trustSignature,
  sealStatement,
  sealSignature,
  reportDigest,
];
