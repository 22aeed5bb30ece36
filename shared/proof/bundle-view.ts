/** A bundle's files, each read when a check asks for it. Reading throws with the file's name in the sentence. */
import { canonical } from '../kernel/canonical.ts';
import type { Json } from '../kernel/canonical.ts';
import { parseSignatures, type DeviceSignature } from './device-signature.ts';
import type { Disclosure } from './disclosure.ts';
import { exactText, isHash } from './format.ts';
import { ADDENDA, addendumProof, deviceProof, DEVICES, FILE, SIGNATURES, splitJsonLines } from './layout.ts';
import type { Files } from './layout.ts';
import { parseLeaf } from './leaf.ts';
import type { LeafV1 } from './leaf.ts';
import { parseSealText } from './seal.ts';
import type { SignedSeal } from './signed-seal.ts';
import { parseSshPublicKey } from './ssh-key.ts';
import { parseTlogProof } from './tlog-proof.ts';
import type { TlogProof } from './tlog-proof.ts';
import { parseTrustText } from './trust.ts';
import { must, once, within } from './verdict.ts';

export interface Entry {
  /** File and line, for people. */
  readonly place: string;
  readonly bytes: Uint8Array;
  readonly leaf: LeafV1;
}

/** An entry with its own way into the log. */
export interface LoggedEntry extends Entry {
  readonly proof: TlogProof;
}

export interface BundleView extends SignedSeal {
  readonly files: Files;
  text(path: string): string;
  entries(): readonly Entry[];
  sealedEntry(): LoggedEntry;
  addenda(): readonly LoggedEntry[];
  disclosures(): readonly Disclosure[];
  /** What devices signed, and the entries that paired them. */
  signatures(): readonly DeviceSignature[];
  devices(): readonly LoggedEntry[];
}

export function bundleView(files: Files, knownRoot: string | undefined): BundleView {
  const bytes = (path: string): Uint8Array => {
    const found = files.get(path);
    must(found !== undefined, `${path} is missing.`);
    return found;
  };
  const text = (path: string): string => within(path, () => exactText(bytes(path)));
  const entry = (place: string, leaf: Uint8Array): Entry => ({
    place,
    bytes: leaf,
    leaf: within(place, () => parseLeaf(leaf)),
  });
  const lines = (path: string): Entry[] =>
    within(path, () => splitJsonLines(bytes(path))).map((line, i) => entry(`${path} line ${i + 1}`, line));
  const logged = (found: Entry, path: string): LoggedEntry => {
    const proof = within(path, () => parseTlogProof(text(path)));
    must(proof.extra === undefined, `${path}: it holds data that no signature covers.`);
    return { ...found, proof };
  };
  return {
    files,
    knownRoot,
    text,
    rootKey: once(() => within(FILE.rootKey, () => parseSshPublicKey(text(FILE.rootKey).trimEnd()))),
    trustText: () => text(FILE.trust),
    trustSignature: () => text(FILE.trustSignature),
    trust: once(() => within(FILE.trust, () => parseTrustText(text(FILE.trust)))),
    sealText: () => text(FILE.seal),
    sealSignature: () => text(FILE.sealSignature),
    seal: once(() => within(FILE.seal, () => parseSealText(text(FILE.seal)))),
    report: () => text(FILE.report),
    entries: once(() => lines(FILE.evidence)),
    sealedEntry: once(() => logged(entry(FILE.sealedLeaf, bytes(FILE.sealedLeaf)), FILE.sealProof)),
    addenda: once(() => (files.has(ADDENDA) ? lines(ADDENDA).map((found, i) => logged(found, addendumProof(i))) : [])),
    signatures: once(() =>
      files.has(SIGNATURES) ? within(SIGNATURES, () => parseSignatures(splitJsonLines(bytes(SIGNATURES)))) : [],
    ),
    devices: once(() => (files.has(DEVICES) ? lines(DEVICES).map((found, i) => logged(found, deviceProof(i))) : [])),
    disclosures: once(() => within(FILE.disclosures, () => parseDisclosures(text(FILE.disclosures)))),
  };
}

/** Canonical JSON, `[{path, salt, seq, value}]`, ascending by seq and path. */
function parseDisclosures(text: string): Disclosure[] {
  const value = JSON.parse(text) as Json;
  must(Array.isArray(value) && canonical(value) === text, 'Not a canonical JSON array.');
  const disclosures = value as unknown as Disclosure[];
  disclosures.forEach((disclosure, i) => {
    const fields = typeof disclosure === 'object' && disclosure !== null ? Object.keys(disclosure).join() : '';
    must(fields === 'path,salt,seq,value' && isHash(disclosure.salt), `Item ${i + 1} is not a disclosure.`);
    must(
      typeof disclosure.path === 'string' && Number.isSafeInteger(disclosure.seq),
      `Item ${i + 1} is not a disclosure.`,
    );
    const before = disclosures[i - 1];
    const ascends =
      !before || before.seq < disclosure.seq || (before.seq === disclosure.seq && before.path < disclosure.path);
    must(ascends, `Item ${i + 1} is out of order or doubled.`);
  });
  return disclosures;
}
