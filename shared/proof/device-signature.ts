/** What a device signed, as a line of signatures.jsonl: the exact command, and an Ed25519 signature by the key that the device was paired with. */
import { fromBase64, sha256Hex, utf8 } from '../kernel/bytes.ts';
import { canonical, canonicalBytes } from '../kernel/canonical.ts';
import type { Json } from '../kernel/canonical.ts';
import { verifyEd25519 } from './ed25519.ts';
import { exactText } from './format.ts';
import { jsonLines } from './layout.ts';
import type { LeafV1 } from './leaf.ts';
import { must, within } from './verdict.ts';

export interface DeviceSignature {
  /** The entry that the command made, the first where it made several. */
  readonly seq: number;
  readonly device: string;
  readonly text: string;
  /** Base64. */
  readonly signature: string;
}

/** The kind of a device's stream, whose first entry is the pairing; and what that entry is called. */
export const DEVICE_KIND = 'device';
const PAIRED = 'device.paired';

export const signatureLines = (signatures: readonly DeviceSignature[]): Uint8Array =>
  jsonLines(signatures.map(({ seq, device, text, signature }) => canonicalBytes({ device, seq, signature, text })));

/** Strict: canonical JSON, ascending by seq. */
export function parseSignatures(lines: readonly Uint8Array[]): DeviceSignature[] {
  const signatures = lines.map((line, i) =>
    within(`line ${i + 1}`, () => {
      const text = exactText(line);
      const value: unknown = JSON.parse(text);
      must(isSignature(value) && canonical(value as unknown as Json) === text, 'Not a signature of a device.');
      return value;
    }),
  );
  signatures.forEach(({ seq }, i) =>
    must(i === 0 || signatures[i - 1]!.seq < seq, `line ${i + 1}: out of order or doubled.`),
  );
  return signatures;
}

function isSignature(value: unknown): value is DeviceSignature {
  if (typeof value !== 'object' || value === null) return false;
  const { device, seq, signature, text } = value as DeviceSignature;
  return (
    Object.keys(value).join() === 'device,seq,signature,text' &&
    Number.isSafeInteger(seq) &&
    [device, signature, text].every((member) => typeof member === 'string')
  );
}

/** The key of a pairing. Throws when the entry is none. */
export function pairedKey({ type, subject, body }: LeafV1): Uint8Array {
  const { publicKey } = body;
  must(
    type === PAIRED && subject.kind === DEVICE_KIND && typeof publicKey === 'string',
    'Not the pairing of a device.',
  );
  return fromBase64(publicKey);
}

/** Throws unless the device that was paired by `pairing` signed the very command that `leaf` says it made. */
export function requireSigned({ device, text, signature }: DeviceSignature, leaf: LeafV1, pairing: LeafV1): void {
  must(leaf.device === device && pairing.subject.id === device, 'It was made by another device.');
  must(pairing.seq < leaf.seq, 'The device was paired after it.');
  must(sha256Hex(utf8(text)) === leaf.command.sha256, 'The text is not the command that the entry records.');
  must(verifyEd25519(fromBase64(signature), utf8(text), pairedKey(pairing)), 'The device did not sign this text.');
  const { author, subject, deviceSeq, observedSeq, occurredAt } = JSON.parse(text) as Record<string, unknown>;
  must(leaf.actor.kind === 'user' && (author ?? leaf.actor.id) === leaf.actor.id, 'It was signed for another person.');
  must(subject === leaf.subject.id, 'It was signed for another item.');
  const made = leaf.body['made'] as { readonly deviceSeq?: unknown; readonly observedSeq?: unknown } | undefined;
  must(made?.deviceSeq === deviceSeq && made?.observedSeq === observedSeq, 'It was signed under another number.');
  must(Date.parse(String(occurredAt)) === Date.parse(leaf.recordedAt), 'It was signed for another time.');
}
