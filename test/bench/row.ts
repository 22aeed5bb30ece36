/** One line of the table that `npm run bench` prints: ours beside a peer's, measured in the same run on the same machine. */
export interface Row {
  readonly what: string;
  readonly ours: number;
  readonly peer: number;
  readonly unit: string;
  /** Above 1: ours is faster. */
  readonly ratio: number;
  /** What the issue asks for. */
  readonly target: number;
  readonly beside: Readonly<Record<string, string | number>>;
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** What may take at most twice as long when there is much more of everything. */
export const grown = (what: string, small: number, large: number): Row => ({
  what,
  ours: Math.round(small),
  peer: Math.round(large),
  unit: ' ms',
  ratio: small / large,
  target: 0.5,
  beside: {},
});

/** Turn by turn, so that what else the machine does meets both alike: the best of each. */
export async function bestOf<T>(
  rounds: number,
  small: T,
  large: T,
  measure: (one: T, round: number) => Promise<number>,
): Promise<readonly [small: number, large: number]> {
  const best: [number, number] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    best[0] = Math.min(best[0], await measure(small, round));
    best[1] = Math.min(best[1], await measure(large, round));
  }
  return best;
}
