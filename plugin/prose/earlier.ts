/** Texts that stood in the note before, known by their digests: a file that was saved late, or not at all before a crash, is no edit. */
import { sha256HexOfText } from '../../shared/kernel/bytes.ts';

/** Obsidian saves two seconds after the last key: so many looks back a file may be. */
const MOST = 40;

export interface Earlier {
  readonly digests: readonly string[];
  has(text: string): boolean;
  add(text: string): void;
}

export const digestOf = (text: string): string => sha256HexOfText(text).slice(0, 16);

export function createEarlier(known: readonly string[]): Earlier {
  let digests = known;
  return {
    get digests() {
      return digests;
    },
    has: (text) => digests.includes(digestOf(text)),
    add(text) {
      const digest = digestOf(text);
      if (digests.at(-1) !== digest) digests = [...digests.filter((one) => one !== digest), digest].slice(-MOST);
    },
  };
}
