/** A bundle's files, each read when a check asks for it. Reading throws with the file's name in the sentence. */
import { sha256Hex, sha256HexSlowly } from '../kernel/bytes.ts';
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
import { finish, must, once, part, slowly, within } from './verdict.ts';
import type { Work } from './verdict.ts';

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
  readonly text: (path: string) => string;
  /** SHA-256 of a file that is there, taken once. */
  readonly digest: (path: string) => string;
  /** Takes it of all files. */
  readonly readFiles: () => Work<void>;
  readonly entries: () => readonly Entry[];
  /** The same, read one by one when they have not been read yet. */
  readonly readEntries: () => Work<readonly Entry[]>;
  readonly sealedEntry: () => LoggedEntry;
  readonly addenda: () => readonly LoggedEntry[];
  readonly disclosures: () => readonly Disclosure[];
  readonly readDisclosures: () => Work<readonly Disclosure[]>;
  /** What devices signed, and the entries that paired them. */
  readonly signatures: () => readonly DeviceSignature[];
  readonly devices: () => readonly LoggedEntry[];
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
  const linesOf = (path: string): Uint8Array[] => within(path, () => splitJsonLines(bytes(path)));
  const lines = (path: string): Entry[] => linesOf(path).map((line, i) => entry(`${path} line ${i + 1}`, line));
  let read: readonly Entry[] | undefined;
  function* readEntries(): Work<readonly Entry[]> {
    read ??= yield* slowly(linesOf(FILE.evidence), (line, i) => entry(`${FILE.evidence} line ${i + 1}`, line));
    return read;
  }
  const digests = new Map<string, string>();
  function* readFiles(): Work<void> {
    for (const [path, file] of files) {
      const [from, to] = [digests.size, digests.size + 1].map((count) => count / files.size);
      digests.set(path, yield* part(sha256HexSlowly(file), from!, to!));
      yield to!;
    }
  }
  let disclosed: readonly Disclosure[] | undefined;
  function* readDisclosures(): Work<readonly Disclosure[]> {
    disclosed ??= yield* parseDisclosures(text(FILE.disclosures));
    return disclosed;
  }
  const logged = (found: Entry, path: string): LoggedEntry => {
    const proof = within(path, () => parseTlogProof(text(path)));
    must(proof.extra === undefined, `${path}: it holds data that no signature covers.`);
    return { ...found, proof };
  };
  return {
    files,
    knownRoot,
    text,
    digest(path) {
      const digest = digests.get(path) ?? sha256Hex(bytes(path));
      digests.set(path, digest);
      return digest;
    },
    readFiles,
    rootKey: once(() => within(FILE.rootKey, () => parseSshPublicKey(text(FILE.rootKey).trimEnd()))),
    trustText: () => text(FILE.trust),
    trustSignature: () => text(FILE.trustSignature),
    trust: once(() => within(FILE.trust, () => parseTrustText(text(FILE.trust)))),
    sealText: () => text(FILE.seal),
    sealSignature: () => text(FILE.sealSignature),
    seal: once(() => within(FILE.seal, () => parseSealText(text(FILE.seal)))),
    report: () => text(FILE.report),
    entries: () => read ?? finish(readEntries()),
    readEntries,
    sealedEntry: once(() => logged(entry(FILE.sealedLeaf, bytes(FILE.sealedLeaf)), FILE.sealProof)),
    addenda: once(() => (files.has(ADDENDA) ? lines(ADDENDA).map((found, i) => logged(found, addendumProof(i))) : [])),
    signatures: once(() =>
      files.has(SIGNATURES) ? within(SIGNATURES, () => parseSignatures(splitJsonLines(bytes(SIGNATURES)))) : [],
    ),
    devices: once(() => (files.has(DEVICES) ? lines(DEVICES).map((found, i) => logged(found, deviceProof(i))) : [])),
    disclosures: () => disclosed ?? finish(readDisclosures()),
    readDisclosures,
  };
}

/** Canonical JSON, `[{path, salt, seq, value}]`, ascending by seq and path. */
function* parseDisclosures(text: string): Work<readonly Disclosure[]> {
  const value = within(FILE.disclosures, () => JSON.parse(text) as Json);
  must(Array.isArray(value), `${FILE.disclosures}: Not a canonical JSON array.`);
  const disclosures = value as unknown as Disclosure[];
  const lines = yield* slowly(disclosures, (disclosure, i) =>
    within(FILE.disclosures, () => {
      requireDisclosure(disclosure, disclosures[i - 1], i + 1);
      return canonical(disclosure as unknown as Json);
    }),
  );
  must(`[${lines.join(',')}]` === text, `${FILE.disclosures}: Not a canonical JSON array.`);
  return disclosures;
}

function requireDisclosure(disclosure: Disclosure, before: Disclosure | undefined, place: number): void {
  const fields = typeof disclosure === 'object' && disclosure !== null ? Object.keys(disclosure).join() : '';
  must(fields === 'path,salt,seq,value' && isHash(disclosure.salt), `Item ${place} is not a disclosure.`);
  must(
    typeof disclosure.path === 'string' && Number.isSafeInteger(disclosure.seq),
    `Item ${place} is not a disclosure.`,
  );
  const ascends =
    !before || before.seq < disclosure.seq || (before.seq === disclosure.seq && before.path < disclosure.path);
  must(ascends, `Item ${place} is out of order or doubled.`);
}
