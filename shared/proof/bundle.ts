/** The evidence bundle of a sealed shift: BagIt (RFC 8493), checked by `sha256sum -c`, `ssh-keygen -Y verify` and `verify.ts`. */
import { utf8 } from '../kernel/bytes.ts';
import { canonicalBytes } from '../kernel/canonical.ts';
import type { Json } from '../kernel/canonical.ts';
import type { Disclosure } from './disclosure.ts';
import { signatureLines, type DeviceSignature } from './device-signature.ts';
import {
  ADDENDA,
  addendumProof,
  attachment,
  BAGIT_TEXT,
  bagInfoText,
  DEVICES,
  deviceProof,
  FILE,
  jsonLines,
} from './layout.ts';
import { lateAttachment, manifestOf, SIGNATURES, tagManifestOf } from './layout.ts';
import { readmeText } from './readme.ts';
import { parseSealText } from './seal.ts';
import { sshPublicKey } from './ssh-key.ts';
import { allowedSigners, parseTrustText } from './trust.ts';

export { manifestText } from './layout.ts';

export interface BundleInput {
  readonly sealText: string;
  /** SSHSIG armor over it. */
  readonly sealSignature: string;
  readonly trustText: string;
  readonly trustSignature: string;
  /** 32 bytes. */
  readonly rootKey: Uint8Array;
  /** The markdown whose SHA-256 the seal names. */
  readonly report: string;
  /** The shift's leaves in seq order, without shift.sealed. */
  readonly leaves: readonly Uint8Array[];
  /** Those that the sealed manifest lists. */
  readonly attachments: readonly Attachment[];
  readonly disclosures: readonly Disclosure[];
  readonly sealedLeaf: Uint8Array;
  /** tlog-proof text. */
  readonly sealedProof: string;
  /** Late entries and amendments in seq order. */
  readonly addenda: readonly { readonly leaf: Uint8Array; readonly proof: string }[];
  /** Evidence that arrived after the seal. */
  readonly lateAttachments?: readonly Attachment[];
  /** What devices signed, in seq order. */
  readonly signatures?: readonly DeviceSignature[];
  /** The pairing of every device that signed, with its way into the log. */
  readonly devices?: readonly { readonly leaf: Uint8Array; readonly proof: string }[];
}

export interface Attachment {
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

/** Path → bytes. The same input gives the same bytes; throws when seal or trust statement cannot be read. */
export function bundleFiles(input: BundleInput): Map<string, Uint8Array> {
  const seal = parseSealText(input.sealText);
  const trust = parseTrustText(input.trustText);
  const files = new Map<string, Uint8Array>();
  const text = (path: string, content: string): unknown => files.set(path, utf8(content));
  const { signatures = [], devices = [] } = input;

  text(FILE.report, input.report);
  files.set(FILE.evidence, jsonLines(input.leaves));
  for (const { sha256, bytes } of input.attachments) files.set(attachment(sha256), bytes);

  text(FILE.readme, readmeText(seal, trust, signatures.length > 0));
  text(FILE.bagit, BAGIT_TEXT);
  text(FILE.bagInfo, bagInfoText(seal, files));
  text(FILE.manifest, manifestOf(files));
  files.set(FILE.disclosures, disclosureBytes(input.disclosures));

  text(FILE.seal, input.sealText);
  text(FILE.sealSignature, input.sealSignature);
  files.set(FILE.sealedLeaf, input.sealedLeaf);
  text(FILE.sealProof, input.sealedProof);
  if (input.addenda.length > 0) files.set(ADDENDA, jsonLines(input.addenda.map(({ leaf }) => leaf)));
  input.addenda.forEach(({ proof }, place) => text(addendumProof(place), proof));
  for (const { sha256, bytes } of input.lateAttachments ?? []) files.set(lateAttachment(sha256), bytes);

  if (signatures.length > 0) files.set(SIGNATURES, signatureLines(signatures));
  if (devices.length > 0) files.set(DEVICES, jsonLines(devices.map(({ leaf }) => leaf)));
  devices.forEach(({ proof }, place) => text(deviceProof(place), proof));

  text(FILE.allowedSigners, allowedSigners(trust, input.rootKey));
  text(FILE.trust, input.trustText);
  text(FILE.trustSignature, input.trustSignature);
  text(FILE.rootKey, rootKeyLine(input.rootKey));
  text(FILE.logKey, `${trust.logKey}\n`);
  text(FILE.tagManifest, tagManifestOf(files));
  return files;
}

/** disclosures.json: canonical JSON, by seq and path. */
export function disclosureBytes(disclosures: readonly Disclosure[]): Uint8Array {
  const sorted = [...disclosures].sort((a, b) => a.seq - b.seq || (a.path < b.path ? -1 : 1));
  return canonicalBytes(sorted.map(({ seq, path, salt, value }): Json => ({ seq, path, salt, value })));
}

export const rootKeyLine = (rootKey: Uint8Array): string => `${sshPublicKey(rootKey, 'operary organisation root')}\n`;
