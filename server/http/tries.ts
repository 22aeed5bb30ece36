/** Wrong tries at something that could be guessed, within the last minute: so many for one address, so many for all together. */
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import type { Clock } from '../clock.ts';

const MINUTE = 60_000;

export interface Tries {
  /** Counted before it is known whether it is wrong, so that many at once are many; `forgive` takes it back. */
  begin(address: string): Refusal | { readonly forgive: () => void };
}

interface Try {
  readonly at: number;
  readonly address: string;
}

export function createTries(clock: Clock, most: { readonly one: number; readonly all: number }): Tries {
  let recent: Try[] = [];
  return {
    begin(address) {
      const now = clock.now();
      recent = recent.filter(({ at }) => now - at < MINUTE);
      const own = recent.filter((each) => each.address === address);
      const full = [
        { tries: own, limit: most.one },
        { tries: recent, limit: most.all },
      ].flatMap(({ tries, limit }) => (tries.length >= limit ? [tries[tries.length - limit]!.at + MINUTE] : []));
      if (full.length) return tooMany(Math.max(1, Math.ceil((Math.max(...full) - now) / 1000)));
      const mine: Try = { at: now, address };
      recent.push(mine);
      return { forgive: () => void (recent = recent.filter((each) => each !== mine)) };
    },
  };
}

const tooMany = (seconds: number): Refusal =>
  refuse(
    'too-many-tries',
    `Too many wrong codes. Try again in ${seconds === 1 ? 'a second' : `${seconds} seconds`}, and check the code first.`,
    { extra: { retryAfter: seconds } },
  );
