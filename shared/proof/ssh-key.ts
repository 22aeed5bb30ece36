/** OpenSSH public keys of type ssh-ed25519 (RFC 8709): lines, fingerprints, allowed_signers. Never a trailing LF. */
import { base64, concat, fromBase64, sameBytes, sha256, textOf, utf8 } from '../kernel/bytes.ts';
import { isInstant } from './format.ts';

const TYPE = 'ssh-ed25519';

/** str(x) of RFC 4251 §5: u32 length, big endian, then the bytes. */
export function sshString(value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? utf8(value) : value;
  return concat(sshNumber(bytes.length), bytes);
}

export function sshNumber(value: number): Uint8Array {
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, value);
  return out;
}

/** Reads str(x) one after another. Throws past the end. */
export function sshReader(bytes: Uint8Array) {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.length) throw new Error('The SSH data is cut off.');
    at += length;
    return bytes.slice(at - length, at);
  };
  const string = (): Uint8Array => take(new DataView(take(4).buffer).getUint32(0));
  return { take, string, text: () => textOf(string()), atEnd: () => at === bytes.length };
}

/** str("ssh-ed25519") ‖ str(32 bytes). */
export function sshKeyBlob(publicKey: Uint8Array): Uint8Array {
  if (publicKey.length !== 32) throw new Error('An Ed25519 public key has 32 bytes.');
  return concat(sshString(TYPE), sshString(publicKey));
}

export function parseSshKeyBlob(blob: Uint8Array): Uint8Array {
  const publicKey = blob.slice(-32);
  if (blob.length !== 51 || !sameBytes(sshKeyBlob(publicKey), blob)) throw new Error('Not an ssh-ed25519 key.');
  return publicKey;
}

/** The line of authorized_keys. */
export function sshPublicKey(publicKey: Uint8Array, comment = ''): string {
  return `${TYPE} ${base64(sshKeyBlob(publicKey))}${comment && ` ${comment}`}`;
}

/** The 32 bytes in an authorized_keys line without options. Throws on any other key. */
export function parseSshPublicKey(line: string): Uint8Array {
  const [type, blob = ''] = line.split(' ');
  if (type !== TYPE || /[\r\n]/.test(line)) throw new Error('Not an ssh-ed25519 public key line.');
  return parseSshKeyBlob(fromBase64(blob));
}

/** As `ssh-keygen -lf` prints it: SHA256: and unpadded base64. */
export const fingerprint = (publicKey: Uint8Array): string =>
  `SHA256:${base64(sha256(sshKeyBlob(publicKey))).replace(/=+$/, '')}`;

/** A line of allowed_signers (ssh-keygen(1)). `validAfter` is an RFC 3339 instant in UTC; it needs OpenSSH 9.1 to be read. */
export function allowedSigner(
  principal: string,
  namespaces: readonly string[],
  publicKey: Uint8Array,
  { validAfter }: { readonly validAfter?: string } = {},
): string {
  if (!isPrincipal(principal)) throw new Error('A principal is a name without spaces, commas, quotes or wildcards.');
  if (namespaces.length === 0 || !namespaces.every(isPrincipal)) throw new Error('A namespace is a plain word.');
  const after = validAfter === undefined ? '' : `,valid-after="${sshInstant(validAfter)}"`;
  return `${principal} namespaces="${namespaces.join(',')}"${after} ${sshPublicKey(publicKey)}`;
}

/** YYYYMMDDHHMMSSZ, the seconds cut, as ssh-keygen takes times. */
export function sshInstant(instant: string): string {
  if (!isInstant(instant)) throw new Error('Not an RFC 3339 instant in UTC with milliseconds.');
  return `${instant.slice(0, 19).replace(/[-T:]/g, '')}Z`;
}

export const isPrincipal = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._~:@/-]*$/.test(text);
