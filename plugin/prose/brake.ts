/** Two programs that answer each other's writing make a text grow without end. Three doublings within seconds are nobody's typing. */

const TIMES = 3;
const WITHIN = 10_000;
/** Short texts double with every sentence. */
const LEAST = 1000;

export interface Brake {
  /** Whether to stop, now that a text of so many characters has become one of so many. */
  grew(from: number, to: number): boolean;
  release(): void;
}

export function createBrake(now: () => number): Brake {
  let doublings: number[] = [];
  return {
    grew(from, to) {
      if (to < LEAST || to < 2 * from) return false;
      doublings = [...doublings.filter((at) => now() - at < WITHIN), now()];
      return doublings.length >= TIMES;
    },
    release: () => void (doublings = []),
  };
}
