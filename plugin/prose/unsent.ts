/** Our own changes of one room that the server has not yet said to have on disk, numbered so that an answer says how far it got. */
import { joined } from './text-doc.ts';

export interface Unsent {
  add(update: Uint8Array): void;
  readonly isEmpty: boolean;
  /** The number of the last one ever added. */
  readonly last: number;
  after(number: number): readonly Uint8Array[];
  /** All in one; undefined when there is none. */
  all(): Uint8Array | undefined;
  /** Those up to this number are on disk over there. */
  stored(upto: number): void;
  /** The server could not use them: it may lack something from before. */
  doubt(): void;
  readonly isDoubted: boolean;
  clear(): void;
}

export function createUnsent(): Unsent {
  let last = 0;
  let isDoubted = false;
  let waiting: { readonly number: number; readonly update: Uint8Array }[] = [];
  const after = (number: number) => waiting.filter((one) => one.number > number).map(({ update }) => update);
  return {
    add: (update) => void waiting.push({ number: ++last, update }),
    get isEmpty() {
      return waiting.length === 0;
    },
    get last() {
      return last;
    },
    after,
    all: () => (waiting.length ? joined(after(0)) : undefined),
    stored(upto) {
      waiting = waiting.filter(({ number }) => number > upto);
      isDoubted &&= waiting.length > 0;
    },
    doubt: () => void (isDoubted = waiting.length > 0),
    get isDoubted() {
      return isDoubted;
    },
    clear() {
      waiting = [];
      isDoubted = false;
    },
  };
}
