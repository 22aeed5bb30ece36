/** What a person says or decides in one go: a quick line in a log, or a sheet that is read from top to bottom. Pure, drawn by any host. */
import type { Self, Surroundings } from './note.ts';

export interface Correctable {
  readonly id: string;
  /** How a person knows it again, and the words by which a line of the note is known to tell it. */
  readonly label: string;
  readonly words: string;
  readonly filled: Readonly<Record<string, string>>;
}

/** A verb that is little more than one text: under which inputs the host puts what was entered. */
export interface Capture<S> {
  readonly verb: string;
  readonly text: string;
  readonly choice: string;
  readonly thing: string;
  readonly corrects: string;
  /** Things that people wrote about before. */
  readonly things: (around: Surroundings) => readonly string[];
  /** What this person may still put right. */
  readonly correctable: (state: S, me: string, around: Surroundings) => readonly Correctable[];
}

interface Item {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
  readonly urgent?: boolean;
}

/** An answer of a decision; `asks`: the member of the row that has to be said with it. */
export interface Choice {
  readonly value: string;
  readonly title: string;
  readonly asks?: string;
}

export type SheetPart = { readonly heading: string; readonly help?: string } & (
  | { readonly kind: 'read'; readonly lines: readonly string[] }
  | { readonly kind: 'tick'; readonly key: string; readonly items: readonly Item[]; readonly folded?: true }
  | {
      readonly kind: 'decide';
      /** The rows of this input of the sheet's verb: the item, the answer, and what the answer asks for. */
      readonly key: string;
      readonly item: string;
      readonly answer: string;
      readonly choices: readonly Choice[];
      readonly items: readonly (Item & { readonly start?: string })[];
    }
  | { readonly kind: 'fields'; readonly fields: readonly { readonly key: string; readonly label: string }[] }
);

export interface Answers {
  readonly text: (key: string) => string;
  readonly ticked: (key: string) => readonly string[];
  readonly rows: (key: string) => readonly Readonly<Record<string, unknown>>[];
}

export interface Step {
  readonly verb: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface SheetAct {
  readonly title: string;
  readonly main?: true;
  /** What is asked for, in this order; or a sentence that says what is missing. */
  readonly steps: (answers: Answers) => readonly Step[] | string;
}

export interface SheetText {
  readonly parts: readonly SheetPart[];
  readonly acts: readonly SheetAct[];
  /** A verb that is offered by its own form. */
  readonly opens?: string;
}

export interface Sheet<S> {
  /** Verbs that it does by itself, so that nobody needs a button for each. */
  readonly covers: readonly string[];
  readonly isDue: (state: S, me: string) => boolean;
  readonly write: (state: S, self: Self, around: Surroundings, now: string) => SheetText;
}
