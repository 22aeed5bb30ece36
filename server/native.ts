/** Node's own SHA-256 and Ed25519 in place of the pure ones: the same answers, many times faster. */
import { createPublicKey, hash, verify, type KeyObject } from 'node:crypto';
import { useNativeSha256 } from '../shared/kernel/bytes.ts';
import { useNativeEd25519 } from '../shared/proof/ed25519.ts';

export function nativeSha256(bytes: Uint8Array): Uint8Array {
  const digest = hash('sha256', bytes, 'buffer');
  return new Uint8Array(digest.buffer, digest.byteOffset, digest.length);
}

// SubjectPublicKeyInfo of RFC 8410 up to the 32 bytes of the key.
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export const publicKeyObject = (publicKey: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });

export const nativeEd25519 = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean =>
  verify(null, message, publicKeyObject(publicKey), signature);

/** Before anything is hashed or checked: once where a process starts. */
export function useNativeCrypto(): void {
  useNativeSha256(nativeSha256, (text) => hash('sha256', text));
  useNativeEd25519(nativeEd25519);
}
