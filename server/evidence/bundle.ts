/** The evidence bundle of a sealed stream, from the ledger and the public keys. The same record gives the same bytes. */
import { zipSync, type Zippable } from 'fflate';
import { textOf } from '../../shared/kernel/bytes.ts';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';
import type { SealedRecord } from '../../shared/kernel/feature.ts';
import { leavesOfShift } from '../../shared/kernel/read.ts';
import { Fault } from '../../shared/kernel/refusal.ts';
import { bundleFiles, type Attachment, type BundleInput } from '../../shared/proof/bundle.ts';
import { DEVICE_KIND, type DeviceSignature } from '../../shared/proof/device-signature.ts';
import { parseLeaf } from '../../shared/proof/leaf.ts';
import { formatTlogProof } from '../../shared/proof/tlog-proof.ts';
import type { OrganisationTrust } from '../host/keyring.ts';
import { sizeOf } from './signed-size.ts';

export async function evidenceBundle(
  ledger: Ledger,
  trust: OrganisationTrust,
  org: string,
  shift: string,
  sealed: SealedRecord,
): Promise<Map<string, Uint8Array>> {
  const attestation = present(await ledger.attestation(org, sealed.sealedSeq), 'seal');
  const all = await ledger.load(org, leavesOfShift(shift));
  const leaves = all.filter(({ seq }) => seq >= sealed.firstSeq && seq <= sealed.lastSeq);
  const seqs = [...leaves.map(({ seq }) => seq), sealed.sealedSeq, ...sealed.lateSeqs];
  const attached = new Set(sealed.attachments);
  const late = await Promise.all(sealed.lateSeqs.map((seq) => leafAt(ledger, org, seq)));
  const sealedLeaf = await leafAt(ledger, org, sealed.sealedSeq);
  const signatures = await signaturesOf(ledger, org, [...leaves.map(({ leaf }) => leaf), sealedLeaf, ...late]);
  return bundleFiles({
    ...trust,
    sealText: attestation.text,
    sealSignature: attestation.signature,
    report: textOf(present(await ledger.file(org, sealed.reportSha256), 'report')),
    leaves: leaves.map(({ leaf }) => leaf),
    attachments: await files(ledger, org, sealed.attachments),
    lateAttachments: await files(
      ledger,
      org,
      (await lateEvidence(ledger, org, sealed)).filter((name) => !attached.has(name)),
    ),
    disclosures: await ledger.disclosures(org, seqs),
    sealedLeaf,
    sealedProof: await proofOf(ledger, org, sealed.sealedSeq),
    addenda: await Promise.all(
      sealed.lateSeqs.map(async (seq, i) => ({
        leaf: late[i]!,
        proof: await proofOf(ledger, org, seq),
      })),
    ),
    signatures,
    devices: await pairingsOf(ledger, org, [...new Set(signatures.map(({ device }) => device))]),
  });
}

async function signaturesOf(ledger: Ledger, org: string, leaves: readonly Uint8Array[]): Promise<DeviceSignature[]> {
  const found = await Promise.all(
    leaves.map(async (bytes): Promise<DeviceSignature[]> => {
      const { seq, device } = parseLeaf(bytes);
      const signed = device === null ? undefined : await ledger.signed(org, seq);
      return signed && device !== null ? [{ seq, device, text: signed.text, signature: signed.signature }] : [];
    }),
  );
  return found.flat();
}

/** The first entry of a device's stream is its pairing. */
async function pairingsOf(
  ledger: Ledger,
  org: string,
  devices: readonly string[],
): Promise<NonNullable<BundleInput['devices']>> {
  const streams = await Promise.all(
    devices.map(async (id) => present(await ledger.stream(org, DEVICE_KIND, id), 'pairing of a device')),
  );
  const seqs = streams.map(({ first }) => first).sort((a, b) => a - b);
  return Promise.all(
    seqs.map(async (seq) => ({ leaf: await leafAt(ledger, org, seq), proof: await proofOf(ledger, org, seq) })),
  );
}

/** Of the commit that recorded it, so that the proof never changes while the log grows. */
async function proofOf(ledger: Ledger, org: string, seq: number): Promise<string> {
  const checkpoint = present(await ledger.checkpoint(org, seq), 'checkpoint');
  const hashes = await ledger.inclusion(org, seq, sizeOf(checkpoint));
  return formatTlogProof({ index: seq - 1, hashes, checkpoint });
}

async function leafAt(ledger: Ledger, org: string, seq: number): Promise<Uint8Array> {
  return present((await ledger.leaves(org, seq, seq))[0], 'entry').leaf;
}

const files = (ledger: Ledger, org: string, names: readonly string[]): Promise<Attachment[]> =>
  Promise.all(names.map(async (sha256) => ({ sha256, bytes: present(await ledger.file(org, sha256), 'attachment') })));

async function lateEvidence(ledger: Ledger, org: string, { lateSeqs }: SealedRecord): Promise<string[]> {
  const events = await Promise.all(lateSeqs.map(async (seq) => (await ledger.events(org, seq - 1, 1))[0]));
  const named = events.flatMap((event) => evidenceIn(event));
  return [...new Set(named)].sort();
}

const evidenceIn = (event: FeedEvent | undefined): string[] => {
  const evidence = (event?.body as { readonly evidence?: unknown } | undefined)?.evidence;
  return Array.isArray(evidence) ? evidence.filter((name): name is string => typeof name === 'string') : [];
};

function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Fault(`The ${what} of a sealed record is not in the ledger.`);
  return value;
}

/** One folder inside, fixed times, nothing of this machine. */
export function zipOf(bundle: ReadonlyMap<string, Uint8Array>, folder: string): Uint8Array {
  const entries: Zippable = {};
  for (const path of [...bundle.keys()].sort()) entries[`${folder}/${path}`] = bundle.get(path)!;
  // The first moment that a zip can name, read as local time by fflate: built from local parts, it is the same everywhere.
  return zipSync(entries, { mtime: new Date(1980, 0, 1), level: 6, os: 3 });
}
