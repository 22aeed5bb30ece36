/** This device's copy of a room, with what of it the server does not have yet: each person's changes, under a client id that is theirs alone. */
import { editsBetween, normalised } from '../../shared/sync/text-merge.ts';
import { harmless } from '../notes/people.ts';
import { createOwnWords } from './own-words.ts';
import type { Kept } from './ports.ts';
import { createTextDoc, lacking } from './text-doc.ts';
import { BEARER, createUnsent, type Turn, type Unsent, type Writer } from './unsent.ts';
import { wholeWords } from './whole-words.ts';

export interface Copy {
  readonly unsent: Unsent;
  /** It holds what the room once held, not just nothing. */
  readonly isKnown: boolean;
  /** What was kept of it could not be read. */
  readonly isDamaged: boolean;
  /** What the room held when everything of ours was last stored there. */
  readonly stored: string;
  /** As a note may hold it. */
  text(): string;
  state(): Uint8Array;
  vector(): Uint8Array;
  /** What whoever's changes go first may bring: nothing that others wrote after them. */
  whole(): Uint8Array;
  lacking(vector: Uint8Array): Uint8Array;
  /** It reads like this from now on. */
  write(by: Writer, text: string): void;
  heard(update: Uint8Array): 'spoilt' | 'news' | 'known';
  met(): void;
  /** An empty one, without history. Answers what was on this device only, in its order. */
  giveUp(): readonly Omit<Turn, 'state'>[];
  /** The text is final. Answers what it was before, and which words of ours are not in it; undefined when nothing of ours was late. */
  close(state: Uint8Array): { readonly before: string; readonly written: readonly string[] } | undefined;
}

export function createCopy(kept: Kept | undefined): Copy {
  const unsent = createUnsent();
  const own = createOwnWords();
  let stored = kept?.stored ?? '';
  let doc = createTextDoc();
  /** Whose changes bear the client id of this document. */
  let hand: Writer | undefined;
  let isKnown = false;
  let isDamaged = false;
  let good: string | undefined;
  load();

  function load(): void {
    if (!kept?.state) return;
    try {
      doc = createTextDoc(kept.state);
      isKnown = true;
      if (!kept.isUnsent) return;
      const { copy = BEARER, turns = [] } = kept.writers ?? {};
      for (const [n, { by, state }] of [...turns, { by: copy, state: kept.state }].entries()) {
        unsent.turn(by, () => turns[n - 1]!);
        unsent.add(state, by);
      }
      own.add(editsBetween(stored, doc.text()));
    } catch {
      doc = createTextDoc();
      isKnown = false;
      isDamaged = true;
    }
  }

  const text = (): string => harmless(normalised(good ?? doc.text()));
  const whole = (): Uint8Array => unsent.turns[0]?.state ?? doc.state();
  const become = (state?: Uint8Array): void => {
    doc = createTextDoc(state);
    hand = good = undefined;
  };

  return {
    unsent,
    get isKnown() {
      return isKnown;
    },
    isDamaged,
    get stored() {
      return stored;
    },
    text,
    state: () => doc.state(),
    vector: () => doc.vector(),
    whole,
    lacking: (vector) => lacking(whole(), vector),
    write(by, wanted) {
      if (unsent.isEmpty) stored = text();
      unsent.turn(by, () => ({ text: text(), state: doc.state() }));
      if (hand !== undefined && hand !== by) become(doc.state());
      hand = by;
      const edits = wholeWords(doc.text(), editsBetween(doc.text(), wanted));
      own.add(edits);
      unsent.add(doc.edit(edits), by);
    },
    heard(update) {
      const before = doc.text();
      try {
        doc.apply(update);
      } catch {
        good = before;
        return 'spoilt';
      }
      return doc.text() === before ? 'known' : 'news';
    },
    met: () => void (isKnown = true),
    giveUp() {
      const turns = unsent.isEmpty ? [] : [...unsent.turns, { by: unsent.latest!, text: text() }];
      unsent.clear();
      become();
      isKnown = false;
      return turns.map(({ by, text: words }) => ({ by, text: words }));
    },
    close(state) {
      const before = text();
      const wasLate = !unsent.isEmpty;
      become(state);
      unsent.clear();
      isKnown = true;
      const written = own.missing(before, text());
      return written.length || (wasLate && before !== text()) ? { before, written } : undefined;
    },
  };
}
