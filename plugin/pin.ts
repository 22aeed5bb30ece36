/** PINs of people on a shared tablet: kept as a salted PBKDF2 hash, compared in constant time, and slow to guess at the screen. */
import { base64, fromBase64, sameBytes } from '../shared/kernel/bytes.ts';

export interface PinHash {
  /** Base64, both. */
  readonly salt: string;
  readonly hash: string;
  readonly iterations: number;
}

/** PBKDF2 with HMAC-SHA-256, 32 bytes. */
export type Derive = (pin: string, salt: Uint8Array, iterations: number) => Promise<Uint8Array>;

/** How often a wrong PIN was entered in a row, and when the next try is allowed. */
export interface Tries {
  readonly wrong: number;
  readonly until: number;
}

const ITERATIONS = 300_000;
const SALT = 16;
const FREE_TRIES = 5;
const PAUSE = { least: 30_000, most: 15 * 60_000 };

export const isPin = (text: string): boolean => /^[0-9]{4,8}$/.test(text);

export async function hashOf(pin: string, derive: Derive, random: (length: number) => Uint8Array): Promise<PinHash> {
  const salt = random(SALT);
  return { salt: base64(salt), hash: base64(await derive(pin, salt, ITERATIONS)), iterations: ITERATIONS };
}

export async function fits(pin: string, { salt, hash, iterations }: PinHash, derive: Derive): Promise<boolean> {
  return sameBytes(await derive(pin, fromBase64(salt), iterations), fromBase64(hash));
}

export const triesLeft = (wrong: number): number => Math.max(0, FREE_TRIES - wrong);

/** From the fifth wrong PIN on, twice as long each time. */
export const pauseAfter = (wrong: number): number =>
  wrong < FREE_TRIES ? 0 : Math.min(PAUSE.most, PAUSE.least * 2 ** (wrong - FREE_TRIES));
