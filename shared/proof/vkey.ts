/** Verifier keys of C2SP signed notes (c2sp.org/signed-note@v1.0.0): `NAME+HEX8(key id)+BASE64(type ‖ public key)`. */
import { base64, concat, fromBase64, hex, sha256, utf8 } from '../kernel/bytes.ts';

/** Signature types: a log's own, and a witness's cosignature/v1. */
export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;

export interface VerifierKey {
  readonly name: string;
  /** 4 bytes. */
  readonly id: Uint8Array;
  readonly type: number;
  readonly publicKey: Uint8Array;
}

/** SHA-256(name ‖ LF ‖ type ‖ public key)[0:4]. */
export const keyId = (name: string, type: number, publicKey: Uint8Array): Uint8Array =>
  sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey)).slice(0, 4);

export function vkey(name: string, publicKey: Uint8Array, type: number = ED25519): string {
  if (!isKeyName(name)) throw new Error('A key name has no spaces, no control characters and no plus sign.');
  return `${name}+${hex(keyId(name, type, publicKey))}+${base64(concat(Uint8Array.of(type), publicKey))}`;
}

/** Throws unless the text is what `vkey` writes for an Ed25519 key of type 0x01 or 0x04. */
export function parseVkey(text: string): VerifierKey {
  const [name = '', id = '', ...rest] = text.split('+');
  const key = fromBase64(rest.join('+'));
  const type = key[0] ?? 0;
  const publicKey = key.slice(1);
  if (![ED25519, COSIGNATURE].includes(type) || publicKey.length !== 32)
    throw new Error('Not an Ed25519 verifier key.');
  if (vkey(name, publicKey, type) !== text) throw new Error(`The key id ${id} is not that of this name and key.`);
  return { name, id: keyId(name, type, publicKey), type, publicKey };
}

export const isKeyName = (name: string): boolean => name.isWellFormed() && /^[^\s+\p{Cc}]+$/u.test(name);
