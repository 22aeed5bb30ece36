/** A small sealed shift with everything a bundle can hold, made with fixed keys and times: the same bytes on every run. */
import { base64, hex, sha256, sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import type { Json } from '../../shared/kernel/canonical.ts';
import type { BundleInput } from '../../shared/proof/bundle.ts';
import { bundleFiles, manifestText } from '../../shared/proof/bundle.ts';
import { signCheckpoint } from '../../shared/proof/checkpoint.ts';
import { FILE, manifestOf, tagManifestOf } from '../../shared/proof/layout.ts';
import type { Disclosure, LeafV1 } from '../../shared/proof/leaf.ts';
import { commitment, leafBytes } from '../../shared/proof/leaf.ts';
import { vkey } from '../../shared/proof/note.ts';
import { SEAL_NAMESPACE, sealText } from '../../shared/proof/seal.ts';
import type { Seal } from '../../shared/proof/seal.ts';
import type { Signer } from '../../shared/proof/sshsig.ts';
import { fingerprint, signerFromSeed, signSshsig, sshPublicKey } from '../../shared/proof/sshsig.ts';
import { formatTlogProof } from '../../shared/proof/tlog-proof.ts';
import {
  appendLeaf,
  inclusionProof,
  leafHash,
  memoryNodes,
  rootAt,
  rootOfLeafHashes,
} from '../../shared/proof/tree.ts';
import { trustText, TRUST_NAMESPACE } from '../../shared/proof/trust.ts';

export const ORG = '019aa000-0000-7000-8000-000000000001';
export const ORIGIN = `operary.internal/${ORG}`;
export const SHIFT = '019aa000-0000-7000-8000-00000000000c';
export const REPORT = '# Night 20/21 Nov 2026\n\n- 23:10 Filler 3 jammed; cleared by Ana. **T-192**\n';
export const PHOTO = utf8('not really a photo\n');
export const LATE_PHOTO = utf8('found after the seal\n');

const signer = (name: string): Signer => signerFromSeed(sha256(utf8(`sample key: ${name}`)));

export const KEYS = { root: signer('root'), log: signer('log'), seal: signer('seal') };
export const OTHER_KEYS = { root: signer('other root'), log: signer('other log'), seal: signer('other seal') };
export const ROOT = fingerprint(KEYS.root.publicKey);

const at = (minute: number): string => `2026-11-20T23:${String(minute).padStart(2, '0')}:00.000Z`;
const salt = (seq: number): Uint8Array => sha256(utf8(`sample salt ${seq}`));

export const sampleLeaf = (seq: number, type: string, body: LeafV1['body'], shift: string | null = SHIFT): LeafV1 => ({
  v: 1,
  org: ORG,
  seq,
  id: `019aa000-0000-7000-8000-0000000001${String(seq).padStart(2, '0')}`,
  type,
  subject: { kind: 'shift', id: SHIFT },
  shift,
  actor: { kind: 'user', id: 'u-1', role: 'supervisor' },
  device: null,
  occurredAt: at(seq),
  recordedAt: at(seq),
  receivedAt: at(seq),
  upstream: [],
  command: { id: `c-${seq}`, sha256: sha256Hex(utf8(`command ${seq}`)) },
  body,
});

export interface SampleOptions {
  readonly keys?: typeof KEYS;
  readonly report?: string;
  /** What the entries say, by seq; for histories that differ. */
  readonly text?: (seq: number) => string;
  readonly seal?: Partial<Seal>;
  readonly sealedBody?: Partial<Record<string, Json>>;
  readonly addenda?: boolean;
}

export function sampleInput(options: SampleOptions = {}): BundleInput {
  const { keys = KEYS, report = REPORT, text = (seq) => `entry ${seq}` } = options;
  const nodes = memoryNodes();
  const leaves: Uint8Array[] = [];
  const disclosures: Disclosure[] = [];
  const append = (leaf: LeafV1): Uint8Array => {
    const bytes = leafBytes(leaf);
    for (const node of appendLeaf(leaves.length, leafHash(bytes), nodes)) nodes.put(node.level, node.index, node.hash);
    leaves.push(bytes);
    return bytes;
  };
  const said = (seq: number): Json => {
    disclosures.push({ seq, path: '/text', salt: hex(salt(seq)), value: text(seq) });
    return { $commit: commitment(salt(seq), text(seq)) };
  };
  const proofOf = (index: number): string => {
    const size = leaves.length;
    const checkpoint = signCheckpoint(
      { origin: ORIGIN, size, root: rootAt(size, nodes) },
      { name: ORIGIN, ...keys.log },
    );
    return formatTlogProof({ index, hashes: inclusionProof(index, size, nodes), checkpoint });
  };

  append(sampleLeaf(1, 'task.created', {}, null));
  const own = [append(sampleLeaf(2, 'shift.started', {})), append(sampleLeaf(3, 'shift.logged', { text: said(3) }))];
  append(sampleLeaf(4, 'task.noted', {}, null));
  own.push(append(sampleLeaf(5, 'task.completed', { text: said(5), evidence: [sha256Hex(PHOTO)] })));

  const attachments = [{ sha256: sha256Hex(PHOTO), bytes: PHOTO }];
  const seal = sealText({
    record: 'Shift report, leeds/packaging, Night 20/21 Nov 2026, S-12',
    organisationName: 'Leeds Works',
    organisation: ORIGIN,
    shift: SHIFT,
    from: '2026-11-20T22:00:00.000Z',
    to: '2026-11-21T06:00:00.000Z',
    handedOverBy: 'Ana Lead, supervisor, 2026-11-21T05:58:00.000Z',
    acceptedBy: 'Ben Ode, supervisor, 2026-11-21T06:04:00.000Z',
    kind: 'accepted',
    sealedAt: '2026-11-21T06:30:00.000Z',
    entries: own.length,
    firstSeq: 2,
    lastSeq: 5,
    shiftRoot: base64(rootOfLeafHashes(own.map(leafHash))),
    reportSha256: sha256Hex(utf8(report)),
    manifestSha256: sha256Hex(utf8(manifestText({ report, leaves: own, attachments }))),
    previousSeal: null,
    exceptions: ['Tablet 3 was not heard of since 02:14'],
    ...options.seal,
  });
  const sealedLeaf = append(sampleLeaf(6, 'shift.sealed', { ...sealedBody(seal, own), ...options.sealedBody }));
  const sealedProof = proofOf(5);
  const trust = sampleTrust(keys);
  const addenda = [];
  if (options.addenda !== false) {
    append(sampleLeaf(7, 'task.created', {}, null));
    const leaf = append(sampleLeaf(8, 'shift.amended', { text: said(8), evidence: [sha256Hex(LATE_PHOTO)] }));
    addenda.push({ leaf, proof: proofOf(7) });
  }
  return {
    sealText: seal,
    sealSignature: signSshsig(keys.seal, SEAL_NAMESPACE, utf8(seal)),
    trustText: trust,
    trustSignature: signSshsig(keys.root, TRUST_NAMESPACE, utf8(trust)),
    rootKey: keys.root.publicKey,
    report,
    leaves: own,
    attachments,
    disclosures,
    sealedLeaf,
    sealedProof,
    addenda,
    lateAttachments: addenda.length > 0 ? [{ sha256: sha256Hex(LATE_PHOTO), bytes: LATE_PHOTO }] : [],
  };
}

export const sampleTrust = (keys: typeof KEYS): string =>
  trustText({
    organisationName: 'Leeds Works',
    origin: ORIGIN,
    rootFingerprint: fingerprint(keys.root.publicKey),
    logKey: vkey(ORIGIN, keys.log.publicKey),
    sealKey: sshPublicKey(keys.seal.publicKey),
    createdAt: '2026-01-02T03:04:05.000Z',
  });

function sealedBody(text: string, own: readonly Uint8Array[]): LeafV1['body'] {
  const field = (label: string): string => new RegExp(`^${label}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  return {
    sealSha256: sha256Hex(utf8(text)),
    reportSha256: field('Report SHA-256'),
    manifestSha256: field('Manifest SHA-256'),
    shiftRoot: field('Shift root'),
    entries: own.length,
    firstSeq: 2,
    lastSeq: 5,
    previousSeal: null,
    kind: 'accepted',
  };
}

export const sampleBundle = (options: SampleOptions = {}): Map<string, Uint8Array> => bundleFiles(sampleInput(options));

/** A forger's second step: every unsigned list fits the changed files again. */
export function relisted(files: Map<string, Uint8Array>): Map<string, Uint8Array> {
  const payload = [...files].filter(([path]) => path.startsWith('data/'));
  const oxum = `${payload.reduce((sum, [, bytes]) => sum + bytes.length, 0)}.${payload.length}`;
  const info = Buffer.from(files.get(FILE.bagInfo) ?? []).toString();
  files.set(FILE.bagInfo, utf8(info.replace(/Payload-Oxum: .*/, `Payload-Oxum: ${oxum}`)));
  files.set(FILE.manifest, utf8(manifestOf(files)));
  files.set(FILE.tagManifest, utf8(tagManifestOf(files)));
  return files;
}
