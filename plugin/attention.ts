/** What somebody must see to. Said once when it comes up, and kept until it is dismissed; the same thing again is not news. */

export interface Concern {
  readonly about: string;
  readonly sentence: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Attention {
  readonly all: readonly Concern[];
  tell(about: string, sentence: string): void;
  dismiss(about: string): void;
  onChange(hear: () => void): void;
}

const MOST = 200;

export function createAttention(now: () => number, notice: (sentence: string) => void): Attention {
  let all: Concern[] = [];
  const listeners: (() => void)[] = [];
  const changed = (): void => listeners.forEach((hear) => hear());
  return {
    get all() {
      return all;
    },
    tell(about, sentence) {
      const known = all.find((concern) => concern.about === about);
      if (known?.sentence === sentence) return;
      all = [...all.filter((concern) => concern !== known), { about, sentence, at: now() }].slice(-MOST);
      notice(sentence);
      changed();
    },
    dismiss(about) {
      all = all.filter((concern) => concern.about !== about);
      changed();
    },
    onChange: (hear) => void listeners.push(hear),
  };
}
