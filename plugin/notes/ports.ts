/** What the notes need of a vault. A device has adapters for it; tests have a vault in memory. */
import type { Edit } from '../../shared/kernel/note.ts';
import type { Splice } from './splice.ts';

/** What the frontmatter of a note says it is. */
export interface Identity {
  readonly path: string;
  readonly id: string;
  readonly type: string;
}

export interface NoteFiles {
  /** Every note of the vault that has an identity of ours, wherever people put it. */
  identified(): readonly Identity[];
  exists(path: string): boolean;
  read(path: string): Promise<string>;
  /** Makes folders as needed. Fails when the file exists. */
  create(path: string, text: string): Promise<void>;
  /** Atomic: in the open editor where there is one, else on disk. The plan is made for the text that is there at that moment. */
  change(path: string, plan: (text: string) => readonly Splice[]): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** Leaves links in other notes as they are: ours are written anew anyway, at the same moment. */
  renameAlone(from: string, to: string): Promise<void>;
  /** Whether a note somewhere in the vault has this base name, so that links by it lead there. */
  isNamed(name: string): boolean;
  /** The notes in which somebody linked to this one. */
  linkedFrom(path: string): readonly string[];
  /** Whether somebody is typing in the properties of this note just now. */
  isBusy(path: string): boolean;
}

/** Small facts of this device that outlive a restart. */
export interface Memory {
  get(key: string): string | undefined;
  /** `undefined` forgets. */
  set(key: string, value: string | undefined): void;
}

export interface Person {
  /** Performs what an edit asks for and returns when its effects, if any, have arrived. */
  edited(noteKey: string, edit: Edit, stream: string, path: string): Promise<void>;
  /** Something to know: shown once, and kept until somebody has seen to it. */
  tell(about: string, sentence: string): void;
  /** A sealed note was changed, and this device does not hold its true text now. */
  needs(streamId: string): void;
}

/** A macrotask: lets the screen breathe between slices of work. */
export type Breathe = () => Promise<void>;

/** Who keeps people's text in step with the rooms where others write the same text. Texts are in LF. */
export interface PeoplesText {
  /** Until then nothing is known of what was agreed before. */
  readonly ready: Promise<void>;
  /** Takes what is new in the note; answers what should stand there. Changes nothing when asked the same again. */
  look(entity: string, text: string): string;
  /** The answer to the last look stands in the note. */
  stands(entity: string, text: string): void;
  /** The text of the note does not come from the one that was there before. Kept when it returns. */
  forget(entity: string): Promise<void>;
  /** The note is away; its text is not. */
  gone(entity: string): void;
  /** Somebody has seen to what stopped a text, and asks for it again. */
  resume(): void;
}
