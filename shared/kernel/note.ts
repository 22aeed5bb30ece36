/** How a stream looks as a note in a vault, and what an edit of its properties or boxes asks for. Pure, so that all devices write the same bytes. */
import type { Recorded, Subject } from './event.ts';

export type Property = string | number | boolean | null | readonly string[];

/** Names of other items as this device knows them, and the organisation's language and zone. */
export interface Surroundings {
  readonly zone: string;
  readonly organisation: string;
  readonly userName: (id: string) => string;
  /** The base name of the other item's note, for a [[link]]; its short number when it has none here. */
  readonly linkTo: (subject: Subject) => string;
  readonly state: (subject: Subject) => unknown;
  /** All known streams of a kind, in the order of their numbers. */
  readonly all: (
    kind: string,
  ) => readonly { readonly id: string; readonly number: number | null; readonly state: unknown }[];
  /** Final documents that the device has fetched by their SHA-256; `undefined` until then. */
  readonly document: (sha256: string) => string | undefined;
  /** Events of a shift, once fetched. */
  readonly events: (shift: string) => readonly Recorded[] | undefined;
  readonly userByName: (name: string) => string | undefined;
}

export interface NoteText {
  /** Folder under `Operary/` and base name without `.md`. */
  readonly folder: string;
  readonly name: string;
  /** Our keys of the frontmatter, in order. */
  readonly properties: Readonly<Record<string, Property>>;
  readonly regions: readonly Region[];
  /** A sealed note: no edit is welcome anywhere below the frontmatter. */
  readonly sealed?: true;
}

export interface Region {
  readonly name: string;
  /** Heading written above the region when the note is first made; people may change it. */
  readonly heading?: string;
  readonly markdown: string;
}

export type Edit =
  | { readonly kind: 'property'; readonly key: string; readonly was: Property; readonly now: Property }
  | { readonly kind: 'box'; readonly line: string; readonly ticked: boolean };

export interface EditAnswer {
  readonly subject: Subject;
  readonly type: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface Note<S> {
  readonly write: (
    state: S,
    self: { readonly id: string; readonly number: number | null; readonly seq: number },
    around: Surroundings,
  ) => readonly NoteText[];
  /** What the edit asks for, or a sentence that says why it cannot be asked. */
  readonly read: (edit: Edit, state: S, self: { readonly id: string }, around: Surroundings) => EditAnswer | string;
  /** What else the note needs before it can be written: documents by SHA-256, events of a shift. */
  readonly needs?: (
    state: S,
    self: { readonly id: string },
  ) => { readonly documents?: readonly string[]; readonly eventsOfShift?: string };
}
