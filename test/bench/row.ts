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
