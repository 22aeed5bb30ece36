/** Polling with a message worth reading: what was awaited, for how long, and what was seen last. */
import { isDeepStrictEqual, inspect } from 'node:util';

export interface UntilOptions<T> {
  readonly what: string;
  readonly timeout?: number;
  readonly every?: number;
  /** Awaited value; without it, anything truthy. */
  readonly is?: T;
}

export async function until<T>(look: () => T | Promise<T>, options: UntilOptions<T>): Promise<T> {
  const { what, timeout = 5000, every = 20 } = options;
  const deadline = Date.now() + timeout;
  let last: string;
  for (;;) {
    try {
      const seen = await look();
      if ('is' in options ? isDeepStrictEqual(seen, options.is) : seen) return seen;
      last = inspect(seen, { depth: 4, breakLength: 100, maxStringLength: 2000 });
    } catch (error) {
      last = `an error: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (Date.now() > deadline) {
      const wanted = 'is' in options ? `, wanted ${inspect(options.is, { depth: 4, maxStringLength: 2000 })}` : '';
      throw new Error(`Waited ${timeout} ms for ${what}${wanted}; last seen: ${last}`);
    }
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
