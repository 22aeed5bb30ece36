/**
 * Who wrote what stands in a note and is not in its copy yet. Without a network several people may write in it, one after the other: each
 * one's text is kept as they left it, so that it goes to the room in their name, and in their order.
 */
import { BEARER, type Turn, type Writer } from './unsent.ts';

/** A text as its writer left it, and the one that they began with, where it is known. */
export interface Words {
  readonly by: Writer;
  readonly base: string | undefined;
  readonly local: string;
}

export interface Hands {
  /** Of those who wrote before, oldest first. */
  readonly left: readonly Words[];
  /** Who has written in the note since; undefined when nothing was written, or nobody knows by whom. */
  readonly writer: Writer | undefined;
  /** Something is written in the note that was there before this device looked. */
  found(): void;
  /** The note reads otherwise; `before`: what stood there and was not taken yet. Answers whether that was somebody else's, and is kept. */
  wrote(before: Omit<Words, 'by'> | undefined): boolean;
  /** What stands in the note goes away with it. */
  gone(words: Omit<Words, 'by'>): void;
  /** What was in a copy that is given up, in its order. `base`: what the room held before it; undefined when that is not known any more. */
  unsaid(turns: readonly Omit<Turn, 'state'>[], base: string | undefined): void;
  /** In order, as long as they can be taken. Answers whether none is left. */
  take(each: (words: Words) => boolean): boolean;
  /** All that stands in the note is in the copy. */
  agreed(): void;
  /** What is only here of one person becomes another's. */
  inherit(from: Writer, to: Writer): void;
}

interface Known {
  readonly left: readonly Words[];
  readonly note: Writer | undefined;
}

/** `now`: who may write just now; undefined while the device is locked. */
export function createHands(known: Known | undefined, now: () => Writer | undefined): Hands {
  let left = known?.left ?? [];
  let writer = known?.note;
  return {
    get left() {
      return left;
    },
    get writer() {
      return writer;
    },
    found() {
      if (writer === undefined) writer = now();
    },
    wrote(before) {
      const by = now();
      const isHandedOver = before !== undefined && writer !== undefined && writer !== by;
      if (isHandedOver) left = [...left, { by: writer!, ...before }];
      writer = by;
      return isHandedOver;
    },
    gone(words) {
      left = [...left, { by: writer ?? now() ?? BEARER, ...words }];
      writer = undefined;
    },
    unsaid(turns, base) {
      const bases = [base, ...turns.map(({ text }) => text)];
      const [first, ...rest] = left;
      const known = first && base === undefined ? [{ ...first, base }, ...rest] : left;
      left = [...turns.map(({ by, text }, n) => ({ by, base: bases[n], local: text })), ...known];
    },
    take(each) {
      while (left.length && each(left[0]!)) left = left.slice(1);
      return left.length === 0;
    },
    agreed: () => void (writer = undefined),
    inherit(from, to) {
      left = left.map((words) => (words.by === from ? { ...words, by: to } : words));
      if (writer === from) writer = to;
    },
  };
}
