/** Pairing codes as the server makes and keeps them: only their hash is stored. */
import { createHash, randomBytes } from 'node:crypto';
import { codeFrom } from '../shared/sync/pairing.ts';

export interface MintedCode {
  readonly code: string;
  readonly codeHash: string;
}

export function mintCode(random: (length: number) => Uint8Array = randomBytes): MintedCode {
  const code = codeFrom(random(12));
  return { code, codeHash: codeHashOf(code) };
}

/** Of the code without dashes. The domain keeps it apart from every other hash. */
export const codeHashOf = (code: string): string =>
  createHash('sha256').update(`operary pairing code\0${code}`).digest('hex');
