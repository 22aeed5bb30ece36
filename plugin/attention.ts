/** What somebody must see to, kept until it is dismissed. The same thing again is not news, unless it answers something that a person did. */

export interface Concern {
  readonly about: string;
  readonly sentence: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Attention {
  readonly all: readonly Concern[];
  tell(about: string, sentence: string): void;
  /** To somebody who has just done something: shown every time. */
  answer(about: string, sentence: string): void;
  dismiss(about: string): void;
  onChange(hear: () => void): void;
  /** A person has seen to it. */
  onDismiss(hear: (about: string) => void): void;
}

const MOST = 200;

export function createAttention(now: () => number, notice: (sentence: string) => void): Attention {
  let all: Concern[] = [];
  const listeners: (() => void)[] = [];
  const dismissals: ((about: string) => void)[] = [];
  const changed = (): void => listeners.forEach((hear) => hear());
  function put(about: string, sentence: string): void {
    all = [...all.filter((concern) => concern.about !== about), { about, sentence, at: now() }].slice(-MOST);
    notice(sentence);
    changed();
  }
  return {
    get all() {
      return all;
    },
    tell(about, sentence) {
      if (!all.some((concern) => concern.about === about && concern.sentence === sentence)) put(about, sentence);
    },
    answer: put,
    dismiss(about) {
      if (!all.some((concern) => concern.about === about)) return;
      all = all.filter((concern) => concern.about !== about);
      dismissals.forEach((hear) => hear(about));
      changed();
    },
    onChange: (hear) => void listeners.push(hear),
    onDismiss: (hear) => void dismissals.push(hear),
  };
}
