/** Ed25519 (RFC 8032). The one place that touches @noble/ed25519; hosts and tests may put a native check in its place. */
import * as ed from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { fromHex, hex, utf8 } from '../kernel/bytes.ts';

ed.hashes.sha512 = sha512;

/** One key for one role. `sign` gives 64 bytes; never compare two signatures for equality (some platforms randomise). */
export interface Signer {
  readonly publicKey: Uint8Array;
  sign(bytes: Uint8Array): Uint8Array;
}

export type Ed25519Check = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => boolean;

// zip215: false is the stricter branch, which OpenSSL, OpenSSH and Go agree with on honest keys.
const pure: Ed25519Check = (signature, message, publicKey) =>
  ed.verify(signature, message, publicKey, { zip215: false });

let check: Ed25519Check = pure;

/** True only for 64 bytes that `publicKey` (32 bytes) signed over `message`. Malformed input is false; it never throws. */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  try {
    return check(signature, message, publicKey);
  } catch {
    return false;
  }
}

/** A signer on a 32-byte seed (RFC 8032 secret key), for devices and tests. */
export function signerFromSeed(seed: Uint8Array): Signer {
  if (seed.length !== 32) throw new Error('An Ed25519 seed has 32 bytes.');
  const secret = seed.slice();
  return { publicKey: ed.getPublicKey(secret), sign: (bytes) => ed.sign(bytes, secret) };
}

/** A host may put its native Ed25519 in place: ten times faster. It must accept a good signature and refuse two bad ones first. */
export function useNativeEd25519(native: Ed25519Check): void {
  const probe = signerFromSeed(fromHex('4f'.repeat(32)));
  const message = utf8('operary ed25519 probe');
  const good = probe.sign(message);
  const flipped = good.map((byte, i) => (i === 40 ? byte ^ 1 : byte));
  const judges =
    native(good, message, probe.publicKey) &&
    !native(flipped, message, probe.publicKey) &&
    !native(good, utf8('another'), probe.publicKey);
  if (!judges) throw new Error('This Ed25519 judges other than RFC 8032.');
  check = (signature, text, key) => !isSmallOrder(key) && native(signature, text, key);
}

// y-coordinates of the points of order 1, 2, 4 and 8, the two spellings above the prime too (RFC 7748 §7 says why to refuse them).
const SMALL_ORDER = [
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  `ec${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}7f`,
];

/** A key of small order accepts signatures that nobody made. @noble refuses it; native libraries may not. */
function isSmallOrder(publicKey: Uint8Array): boolean {
  return SMALL_ORDER.includes(hex(publicKey.map((byte, i) => (i === 31 ? byte & 0x7f : byte))));
}
