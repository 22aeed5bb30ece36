/**
 * Our own changes of one room that the server has not yet said to have on disk, numbered so that an answer says how far it got. Those of
 * several people go there one after the other, each in their own name: only the first one's are told of until they are stored.
 */
import { joined } from './text-doc.ts';

/** A person of this device, or whoever’s token it uses. */
export type Writer = string;
export const BEARER: Writer = '';

/** The copy as one person left it to the next. */
export interface Turn {
  readonly by: Writer;
  readonly text: string;
  readonly state: Uint8Array;
}

export interface Unsent {
  /** Before a change of this person: what waits of the one before is theirs, up to the copy as it is now. */
  turn(by: Writer, now: () => Omit<Turn, 'by'>): void;
  add(update: Uint8Array, by: Writer): void;
  readonly isEmpty: boolean;
  /** Whose changes go first. */
  readonly first: Writer | undefined;
  readonly latest: Writer | undefined;
  /** Of those whose changes wait for the server, but the latest. */
  readonly turns: readonly Turn[];
  /** The number of the first one's last change, or of the last one ever added. */
  readonly last: number;
  after(number: number): readonly Uint8Array[];
  /** All of the first one in one; undefined when there is none. */
  all(): Uint8Array | undefined;
  /** Those up to this number are on disk over there. */
  stored(upto: number): void;
  /** The server could not use them: it may lack something from before. */
  doubt(): void;
  readonly isDoubted: boolean;
  clear(): void;
}

interface Piece {
  readonly number: number;
  readonly update: Uint8Array;
  readonly by: Writer;
}

export function createUnsent(): Unsent {
  let last = 0;
  let isDoubted = false;
  let waiting: readonly Piece[] = [];
  let turns: readonly (Turn & { readonly upto: number })[] = [];
  const upto = (): number => turns[0]?.upto ?? last;
  const after = (number: number) =>
    waiting.filter((one) => one.number > number && one.number <= upto()).map(({ update }) => update);
  const latest = (): Writer | undefined => waiting.at(-1)?.by;
  return {
    turn(by, now) {
      const before = latest();
      if (before !== undefined && before !== by) turns = [...turns, { by: before, upto: last, ...now() }];
    },
    add: (update, by) => void (waiting = [...waiting, { number: ++last, update, by }]),
    get isEmpty() {
      return waiting.length === 0;
    },
    get first() {
      return waiting[0]?.by;
    },
    get latest() {
      return latest();
    },
    get turns() {
      return turns.map(({ by, text, state }) => ({ by, text, state }));
    },
    get last() {
      return upto();
    },
    after,
    all: () => (waiting.length ? joined(after(0)) : undefined),
    stored(number) {
      waiting = waiting.filter((one) => one.number > number);
      turns = turns.filter((one) => one.upto > number);
      isDoubted &&= waiting.length > 0;
    },
    doubt: () => void (isDoubted = waiting.length > 0),
    get isDoubted() {
      return isDoubted;
    },
    clear() {
      waiting = [];
      turns = [];
      isDoubted = false;
    },
  };
}
