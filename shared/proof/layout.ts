/** The names in an evidence bundle (BagIt, RFC 8493), its manifests and its tag files. Nothing here reads a clock. */
import { sha256Hex, utf8 } from '../kernel/bytes.ts';
import { escapeLine } from './statement.ts';
import type { Seal } from './seal.ts';

export type Files = ReadonlyMap<string, Uint8Array>;

export const BUNDLE_VERSION = 1;
export const VERSION_LABEL = 'Operary-Bundle: v';
export const BAGIT_TEXT = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n';

/** Files that every bundle has. */
export const FILE = {
  readme: 'README.txt',
  bagit: 'bagit.txt',
  bagInfo: 'bag-info.txt',
  manifest: 'manifest-sha256.txt',
  tagManifest: 'tagmanifest-sha256.txt',
  report: 'data/report.md',
  evidence: 'data/evidence.jsonl',
  disclosures: 'disclosures.json',
  seal: 'seal.txt',
  sealSignature: 'seal.txt.sig',
  sealedLeaf: 'proofs/sealed-leaf.json',
  sealProof: 'proofs/seal.tlog-proof',
  allowedSigners: 'trust/allowed_signers',
  trust: 'trust/trust.txt',
  trustSignature: 'trust/trust.txt.sig',
  rootKey: 'trust/org-root.pub',
  logKey: 'trust/log.vkey',
} as const;

/** Only there when something came after the seal. */
export const ADDENDA = 'proofs/addenda.jsonl';
export const addendumProof = (place: number): string =>
  `proofs/addenda/${String(place + 1).padStart(3, '0')}.tlog-proof`;

/** Only there when a device signed one of the entries: what it signed, and the entry that paired each such device with its key. */
export const SIGNATURES = 'signatures.jsonl';
export const DEVICES = 'proofs/devices.jsonl';
export const deviceProof = (place: number): string => `proofs/devices/${String(place + 1).padStart(3, '0')}.tlog-proof`;

export const attachment = (sha256: string): string => `data/attachments/${sha256}`;
/** For files that the sealed manifest does not know because they came after it. */
export const lateAttachment = (sha256: string): string => `proofs/addenda/attachments/${sha256}`;
/** The digest in an attachment's name, early or late; undefined for every other file. */
export const attachmentDigest = (path: string): string | undefined =>
  /^(?:data|proofs\/addenda)\/attachments\/([0-9a-f]{64})$/.exec(path)?.[1];

const isPayload = (path: string): boolean => path.startsWith('data/');

export interface Payload {
  readonly report: string;
  readonly leaves: readonly Uint8Array[];
  /** Only digests: a file's name is its SHA-256. */
  readonly attachments: readonly { readonly sha256: string }[];
}

/** manifest-sha256.txt, which the seal names: input of `sha256sum -c`. Known before any bundle exists. */
export function manifestText({ report, leaves, attachments }: Payload): string {
  return listing([
    [FILE.report, sha256Hex(utf8(report))],
    [FILE.evidence, sha256Hex(jsonLines(leaves))],
    ...attachments.map(({ sha256 }): [string, string] => [attachment(sha256), sha256]),
  ]);
}

/** The manifest that these files should have; equal to `manifestText` of what they hold. */
export const manifestOf = (files: Files, digest = digestIn(files)): string =>
  listing(digests(files, isPayload, digest));

/** tagmanifest-sha256.txt: every file outside data/ but itself. */
export const tagManifestOf = (files: Files, digest = digestIn(files)): string =>
  listing(digests(files, (path) => !isPayload(path) && path !== FILE.tagManifest, digest));

const digestIn =
  (files: Files) =>
  (path: string): string =>
    sha256Hex(files.get(path)!);

/** bag-info.txt. The last line is the version of the whole bundle's format. */
export function bagInfoText(seal: Seal, files: Files): string {
  const payload = [...files].filter(([path]) => isPayload(path));
  const octets = payload.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  const lines = [
    `Source-Organization: ${escapeLine(seal.organisationName)}`,
    `External-Description: ${escapeLine(seal.record)}`,
    `External-Identifier: ${seal.shift}`,
    `Bagging-Date: ${seal.sealedAt.slice(0, 10)}`,
    `Payload-Oxum: ${octets}.${payload.length}`,
    `${VERSION_LABEL}${BUNDLE_VERSION}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Exact bytes, one leaf a line: canonical JSON holds no raw LF. */
export function jsonLines(leaves: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(leaves.reduce((sum, leaf) => sum + leaf.length + 1, 0));
  let at = 0;
  for (const leaf of leaves) {
    out.set(leaf, at);
    at += leaf.length + 1;
    out[at - 1] = 0x0a;
  }
  return out;
}

/** Undoes `jsonLines`. Throws when the last line has no LF. */
export function splitJsonLines(bytes: Uint8Array): Uint8Array[] {
  const lines: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0x0a, at);
    if (end < 0) throw new Error('The last line has no end.');
    lines.push(bytes.slice(at, end));
    at = end + 1;
  }
  return lines;
}

const digests = (
  files: Files,
  wanted: (path: string) => boolean,
  digest: (path: string) => string,
): [string, string][] => [...files.keys()].filter(wanted).map((path) => [path, digest(path)]);

/** Sorted, so that the same files give the same text. A path with a line break would forge a line: refused. */
function listing(entries: readonly (readonly [path: string, sha256: string])[]): string {
  const lines = entries.map(([path, sha256]) => {
    if (path !== escapeLine(path)) throw new Error('A file name that cannot stand in a manifest.');
    return [path, `${sha256}  ${path}\n`] as const;
  });
  const byPath = new Map(lines);
  return [...byPath.keys()]
    .sort()
    .map((path) => byPath.get(path))
    .join('');
}
