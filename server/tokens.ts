/** Bearer tokens: `opy_live_` + base62(16 bytes organisation ‖ 32 random bytes) + 6 characters of CRC-32, which secret scanners check. Stored only as SHA-256. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

const PREFIX = 'opy_live_';
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
// 62^65 > 2^384: 48 bytes always fit 65 characters.
const BODY = 65;
const CHECK = 6;
const SHAPE = new RegExp(`^${PREFIX}([0-9A-Za-z]{${BODY}})([0-9A-Za-z]{${CHECK}})$`);

export interface MintedToken {
  readonly token: string;
  readonly tokenHash: string;
}

export function mintToken(org: string, random: (length: number) => Uint8Array = randomBytes): MintedToken {
  const body = base62(Buffer.concat([Buffer.from(org.replaceAll('-', ''), 'hex'), random(32)]), BODY);
  const token = `${PREFIX}${body}${checksum(body)}`;
  return { token, tokenHash: tokenHashOf(token) };
}

export const tokenHashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** A key of 32 hex digits, as senders for PagerDuty have a field for. The domain keeps its hash apart from every other. */
export function mintRoutingKey(random: (length: number) => Uint8Array = randomBytes): {
  readonly key: string;
  readonly routingHash: string;
} {
  const key = Buffer.from(random(16)).toString('hex');
  return { key, routingHash: routingHashOf(key) };
}

export const routingHashOf = (key: string): string =>
  createHash('sha256').update(`operary routing key\0${key}`).digest('hex');

/** The organisation that a token names, or undefined when this is no token of ours. Proves nothing yet. */
export function organisationOf(token: string): string | undefined {
  const [, body = '', check = ''] = SHAPE.exec(token) ?? [];
  if (!body || checksum(body) !== check) return undefined;
  let value = 0n;
  for (const char of body) value = value * 62n + BigInt(ALPHABET.indexOf(char));
  const hex = value.toString(16).padStart(96, '0');
  if (hex.length > 96) return undefined;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** Takes the same time wherever the first difference is. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest()];
  return timingSafeEqual(left, right);
}

const checksum = (body: string): string => base62(uint32(crc32(body)), CHECK);

function uint32(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function base62(bytes: Uint8Array, width: number): string {
  let value = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  let out = '';
  for (let i = 0; i < width; i++) {
    out = ALPHABET[Number(value % 62n)]! + out;
    value /= 62n;
  }
  return out;
}
