/** OpenSSH signatures over any text (PROTOCOL.sshsig, version 1): `ssh-keygen -Y verify` reads them, and we read its own. */
import { sha512 } from '@noble/hashes/sha2.js';
import { base64, concat, fromBase64, sameBytes, sha256, utf8 } from '../kernel/bytes.ts';
import { verifyEd25519 } from './ed25519.ts';
import type { Signer } from './ed25519.ts';
import { parseSshKeyBlob, sshKeyBlob, sshNumber, sshReader, sshString } from './ssh-key.ts';

export { signerFromSeed } from './ed25519.ts';
export type { Signer } from './ed25519.ts';
export { allowedSigner, fingerprint, parseSshPublicKey, sshPublicKey } from './ssh-key.ts';

export type HashAlgorithm = 'sha512' | 'sha256';

export interface Sshsig {
  readonly publicKey: Uint8Array;
  readonly namespace: string;
  readonly hashAlgorithm: HashAlgorithm;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

const MAGIC = utf8('SSHSIG');
const BEGIN = '-----BEGIN SSH SIGNATURE-----\n';
const END = '-----END SSH SIGNATURE-----\n';
const HASHES = { sha512, sha256 };

/** The bytes that are signed: "SSHSIG" ‖ str(namespace) ‖ str("") ‖ str(hash) ‖ str(H(message)). */
export function sshsigPayload(
  namespace: string,
  message: Uint8Array,
  hashAlgorithm: HashAlgorithm = 'sha512',
): Uint8Array {
  if (namespace === '') throw new Error('A signature needs a namespace.');
  const digest = HASHES[hashAlgorithm](message);
  return concat(MAGIC, sshString(namespace), sshString(''), sshString(hashAlgorithm), sshString(digest));
}

/** The text of a .sig file, wrapped at 70 as OpenSSH does. */
export function armorSshsig(
  publicKey: Uint8Array,
  namespace: string,
  signature: Uint8Array,
  hashAlgorithm: HashAlgorithm = 'sha512',
): string {
  if (signature.length !== 64) throw new Error('An Ed25519 signature has 64 bytes.');
  const blob = concat(
    ...[MAGIC, sshNumber(1), sshString(sshKeyBlob(publicKey)), sshString(namespace), sshString('')],
    ...[sshString(hashAlgorithm), sshString(concat(sshString('ssh-ed25519'), sshString(signature)))],
  );
  return `${BEGIN}${base64(blob).replace(/.{1,70}/g, '$&\n')}${END}`;
}

/** Strict: throws unless `armorSshsig` writes the same text, so that a signature has one spelling. */
export function parseSshsig(armor: string): Sshsig {
  if (!armor.startsWith(BEGIN) || !armor.endsWith(END)) throw new Error('Not an SSH signature.');
  const blob = sshReader(fromBase64(armor.slice(BEGIN.length, -END.length).replaceAll('\n', '')));
  if (!sameBytes(blob.take(10), concat(MAGIC, sshNumber(1)))) throw new Error('Not an SSH signature of version 1.');
  const publicKey = parseSshKeyBlob(blob.string());
  const namespace = blob.text();
  blob.string();
  const hashAlgorithm = blob.text();
  if (hashAlgorithm !== 'sha512' && hashAlgorithm !== 'sha256') throw new Error('An SSH signature with another hash.');
  const signature = blob.string().slice(-64);
  if (armorSshsig(publicKey, namespace, signature, hashAlgorithm) !== armor)
    throw new Error('A malformed SSH signature.');
  return { publicKey, namespace, hashAlgorithm, signature };
}

export interface SshsigClaim {
  readonly armor: string;
  readonly namespace: string;
  readonly message: Uint8Array;
  readonly publicKey: Uint8Array;
}

/** True only when `publicKey` signed `message` for `namespace`. Never throws. */
export function verifySshsig({ armor, namespace, message, publicKey }: SshsigClaim): boolean {
  try {
    const found = parseSshsig(armor);
    if (found.namespace !== namespace || !sameBytes(found.publicKey, publicKey)) return false;
    return verifyEd25519(found.signature, sshsigPayload(namespace, message, found.hashAlgorithm), publicKey);
  } catch {
    return false;
  }
}

export const signSshsig = (signer: Signer, namespace: string, message: Uint8Array): string =>
  armorSshsig(signer.publicKey, namespace, signer.sign(sshsigPayload(namespace, message)));
