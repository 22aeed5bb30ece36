/** How a stream looks as notes in a vault, and what an edit of their properties or boxes asks for. Pure, so that all devices write the same bytes. */
import type { Subject } from './event.ts';

export type Property = string | number | boolean | null | readonly string[];

/** Names of other items as this device knows them, and the organisation's language and zone. */
export interface Surroundings {
  readonly zone: string;
  readonly organisation: string;
  readonly userName: (id: string) => string;
  /** A link to the note of a person or a place: made once where there is none. */
  readonly linkToPerson: (id: string) => string;
  readonly linkToPlace: (place: string) => string;
  /** The base name of the other item's note, for a [[link]]; `undefined` when it has none here. */
  readonly linkTo: (subject: Subject) => string | undefined;
  readonly state: (subject: Subject) => unknown;
  /** The short number for people, `T-192`; `undefined` for what is not known here. */
  readonly refOf: (subject: Subject) => string | undefined;
  /** All known streams of a kind, in the order of their numbers. */
  readonly all: (kind: string) => readonly (Self & { readonly state: unknown })[];
  /** The evidence bundle of a sealed stream, once fetched; `undefined` where it is not here or this device may not have it. */
  readonly bundle: (id: string) => ReadonlyMap<string, Uint8Array> | undefined;
  readonly userByName: (name: string) => string | undefined;
}

/** A person or a place that a note links to. */
export interface Named {
  readonly folder: 'People' | 'Places';
  /** Base name of its note. */
  readonly name: string;
  readonly shown: string;
}

export interface Self {
  readonly id: string;
  readonly number: number | null;
  readonly seq: number;
}

export interface NoteText {
  /** Told apart from the other notes of the same stream: `operary_type`. */
  readonly type: string;
  /** Folder under `Operary/` and base name without `.md`, unique in the vault. */
  readonly folder: string;
  readonly name: string;
  /** Newest position among the other streams that it lists; those it reads one by one are known. */
  readonly seq?: number;
  /** Our keys of the frontmatter, in order, after `operary_id`, `operary_type` and `operary_seq`. */
  readonly properties: Readonly<Record<string, Property>>;
  readonly regions: readonly Region[];
  /** The note has one people's region, `notes`, under this heading, first made after our region of that name. */
  readonly prose?: { readonly heading: string; readonly after: string };
  /** The whole file is ours and final: no edit is welcome anywhere in it. */
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

/** May lack inputs that the command demands: the host asks for them where a person is there to answer. */
export interface EditAnswer {
  readonly subject: Subject;
  readonly type: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a person looks for work by. */
export interface Work {
  readonly status: string;
  readonly area: string | null;
  /** `null` once nobody has to do anything about it in time. */
  readonly dueAt: string | null;
  /** Whose it is: people by id, roles by name. */
  readonly hands: readonly string[];
}

/** One line of an overview: what is going on, told shortly. */
export interface Card {
  /** Cards of one group stand together; groups stand in the order of their rank. */
  readonly group: string;
  readonly rank: number;
  readonly title: string;
  readonly details: readonly string[];
  readonly urgent?: boolean;
  /** Verbs that are likely next, before all others. */
  readonly next?: readonly string[];
  /** Only of what somebody has to do. */
  readonly work?: Work;
}

export interface Note<S> {
  /** Base name of the stream's main note, by which others link to it, unique in the vault; `undefined` for what has a card only. */
  readonly name: (state: S, self: Self, zone: string) => string | undefined;
  readonly write: (state: S, self: Self, around: Surroundings) => readonly NoteText[];
  /** What the edit asks for, or a sentence that says why it cannot be asked. */
  readonly read: (edit: Edit, state: S, self: { readonly id: string }, around: Surroundings) => EditAnswer | string;
  /** Whether the notes of this stream need its evidence bundle before they are whole. */
  readonly needsBundle?: (state: S) => boolean;
  /** What a command's form holds before anybody has written in it. */
  readonly prefill?: (verb: string, state: S, self: Self, around: Surroundings) => Readonly<Record<string, unknown>>;
  /** Names (SHA-256) of the photos and files that its note shows. */
  readonly photos?: (state: S) => readonly string[];
  /** What the overview shows; `null` when there is nothing to do about it. */
  readonly card?: (state: S, self: Self, around: Surroundings) => Card | null;
}
