import { randomBytes } from 'node:crypto';

const POOL = 16_384;

/** The system's randomness, asked for in larger pieces: salts and ids are many and small. No byte is given out twice. */
export function randomPool(): (length: number) => Uint8Array {
  let pool = randomBytes(POOL);
  let used = 0;
  return (length) => {
    if (used + length > pool.length) {
      pool = randomBytes(Math.max(POOL, length));
      used = 0;
    }
    used += length;
    return new Uint8Array(pool.buffer, pool.byteOffset + used - length, length);
  };
}
