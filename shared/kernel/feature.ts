/** The form in which a feature is written: vocabulary (zod), two pure tables (decide, evolve), and how it looks as rows and notes. */
import * as z from 'zod';
import type { Area, Concern, Permission } from './roles.ts';
import type { Fact, Link, Recorded, Subject } from './event.ts';
import type { Flag } from './flags.ts';
import type { Connections, Telling } from './connection.ts';
import type { DeviceStanding, HeldCommand } from './held.ts';
import type { Refusal } from './refusal.ts';
import type { Caller } from './command.ts';
import type { Dashboard } from './dashboard.ts';
import type { Cell, Loaded, Read, Row, Select } from './read.ts';
import type { Note } from './note.ts';
import type { Policy } from './policy.ts';
import { erasable, text, timestamp } from './schema.ts';
import type { Capture, Sheet } from './sheet.ts';
import type { Past } from './trail.ts';

export interface CommandWord {
  readonly input: z.ZodObject;
  readonly permission: Permission;
  /** Makes its stream; `or-updates` when it may meet one that exists. */
  readonly creates?: true | 'or-updates';
  /** For people: what a button or a palette says, sentence case, verb first. */
  readonly title: string;
  /** All that a person must say is in this field; the rest can be guessed, and is asked for on request only. */
  readonly brief?: string;
  /** Only policies and hosts ask for it: no route, no button. */
  readonly internal?: true;
  /** A device asks for it by itself: a route, but no button. */
  readonly byDevice?: true;
  /** It takes what no form can ask for: a route, but no button. */
  readonly noForm?: true;
  /** Decided at the server only: no device performs it alone. */
  readonly online?: true;
  /** Why what the server remarks on the item is answered with a reason: a form demands one while there are remarks. */
  readonly answered?: string;
  /** What it does, where nobody can take it back: said before it is done, and asked for once. */
  readonly final?: string;
  /**
   * A secret that the host makes and shows once in the answer. It keeps a token or code as a hash under this name in `minted`; `secretHash` it
   * keeps for itself too, because it signs with it. Of `proof` the feature says which it is (`credentials.proof`), and `minted` holds `tokenHash`,
   * `routingHash` or `keyId`.
   */
  readonly mints?: 'tokenHash' | 'codeHash' | 'secretHash' | 'proof';
  /**
   * Whoever asks does not choose the stream: its id follows from what is asked, which is not checked yet, and from who asks. Its route names
   * no id, and no button asks for it.
   */
  readonly names?: (input: unknown, caller: { readonly id: string; readonly org: string }) => string;
  /** The field in which somebody brings a secret of their own: the host keeps it, and the door never sees it. */
  readonly confides?: string;
}

/** By what a sender is known: a token or a key in its messages, of which a hash is enough, or a secret that signs them, which the host keeps. */
export type Proof = 'token' | 'routing-key' | 'signature';

/** What somebody pastes into another system, so that it sends here. */
export interface Snippet {
  readonly file: string;
  readonly format: string;
  readonly text: string;
}

const COMMON = { reason: erasable(text(2000)).optional(), occurredAt: timestamp.optional() };

/** A command's vocabulary. `reason` and `occurredAt` are optional everywhere unless the command demands them itself. */
export const command = <S extends z.ZodRawShape, const M extends Omit<CommandWord, 'input'>>(shape: S, more: M) => ({
  ...more,
  input: z.strictObject({ ...COMMON, ...shape }),
});

export interface EventWord {
  readonly body: z.ZodObject;
  /** Text that the organisation's seal key signs in the same commit (SSHSIG), kept beside the event. */
  readonly attests?: { readonly namespace: string; readonly text: (body: never) => string };
}

export const event = <S extends z.ZodRawShape>(shape: S, more: Omit<EventWord, 'body'> = {}) => ({
  ...more,
  body: z.object(shape),
});

export type CommandWords = Readonly<Record<string, CommandWord>>;
export type EventWords = Readonly<Record<string, EventWord>>;

/** What a decider is told: the parsed input, who asks, when. Never a clock. */
export interface Ask<I = unknown> {
  readonly verb: string;
  readonly subject: Subject;
  readonly input: I;
  readonly caller: {
    readonly kind: string;
    readonly id: string;
    readonly role?: string;
    readonly areas: readonly Area[];
  };
  /** The server's time of receipt. */
  readonly now: string;
  readonly occurredAt: string;
  /** When it was written down, by the clock of whoever wrote it: a device away from the server has its own. */
  readonly recordedAt: string;
  readonly upstream: readonly Link[];
  readonly minted: Readonly<Record<string, string>>;
  /** A fresh id, made at the door. */
  readonly id: () => string;
}

type AskOf<C extends CommandWord> = Ask<z.output<C['input']>>;
type Reads = Readonly<Record<string, Read>>;
export type ReadTable<S, C extends CommandWords> = { readonly [K in keyof C]?: (ask: AskOf<C[K]>, state: S) => Reads };

type LoadedFor<T, K> = K extends keyof T ? (T[K] extends (...args: never[]) => infer R ? Loaded<R> : unknown) : unknown;
type Facts = readonly Fact[] | Refusal;

export type Decide<S, C extends CommandWords, R = unknown> = {
  readonly [K in keyof C]: (state: S, ask: AskOf<C[K]>, seen: LoadedFor<R, K>) => Facts;
};

export type Evolve<S, E extends EventWords> = {
  readonly [K in keyof E]: (state: S, event: Recorded<z.output<E[K]['body']>>) => S;
};

/** Further rows than the one that every stream has. */
export interface SideTable<S> {
  readonly columns: Readonly<Record<string, (value: never) => Cell>>;
  readonly from: (event: Recorded, state: S) => readonly { readonly key: string; readonly value: unknown }[];
}

/** Bytes that a stream can show, for example a shift's report. */
export interface Document {
  readonly contentType: string;
  /** Of JSON: its shape, for whoever reads the API's description. */
  readonly schema?: z.ZodObject;
  readonly title: string;
  readonly permission: (state: never) => Permission;
  /** Kept bytes by their SHA-256 once they are final, else what to read and how to write them now. */
  readonly final: (state: never) => string | null;
  readonly reads: (state: never, id: string) => Reads;
  /** A second round, for what could not be asked before the first was answered. */
  readonly further?: (seen: never) => Reads;
  /** Name of kept bytes that stand before what is written. */
  readonly begins?: (state: never) => string | null;
  readonly write: (state: never, seen: never, at: { readonly now: string; readonly number: number | null }) => string;
}

/**
 * When a stream waits for the clock, and the internal verb that it is asked then, with `{}`. The time follows from the state alone, so that a
 * restart neither forgets nor repeats. The verb decides by `ask.now`, and what it decides must move or end the time: the same state is
 * asked once.
 */
export interface Due<S> {
  /** RFC 3339, or null: it waits for nothing. */
  readonly at: (state: S) => string | null;
  readonly verb: string;
}

export interface SealedRecord {
  /** Position of the sealing event, and of the first and last event under the seal. */
  readonly sealedSeq: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly reportSha256: string;
  readonly attachments: readonly string[];
  readonly sealedAt: string;
  /** The person; null: the clock, because nobody had accepted it. */
  readonly sealedBy: string | null;
  /** How many entries stand beside the record. */
  readonly late: number;
  /** Types of the notes that hold the record and what came after it. */
  readonly notes: Readonly<Record<'record' | 'late', string>>;
  /** Positions of what was added after the seal. */
  readonly lateSeqs: readonly number[];
  /** Base name of the bundle's folder and zip. */
  readonly name: string;
}

/** What a stranger who holds a code may do with it, knowing nothing else. */
export interface Offers {
  /** By the code's hash, which is the key of the row; its value is a caller's, with the stream. */
  readonly by: (hash: string) => Read<readonly Row<Offered>[]>;
  /** The internal verb that takes it up as that person, with `{device}` if it is known. Mints a token. */
  readonly redeem: string;
}

export interface Offered {
  readonly stream: string;
  readonly user: string;
  readonly role: string;
  readonly areas: readonly Area[];
}

export interface FeatureDefinition<S, C extends CommandWords, E extends EventWords, R extends ReadTable<S, C>> {
  /** Plural noun: the path under /v1 and the name of the main table. */
  readonly name: string;
  /** Singular noun: the kind of its streams. */
  readonly kind: string;
  /** Letter of the short number for people, `T` in T-192. */
  readonly letter: string;
  readonly summary: string;
  readonly commands: C;
  readonly events: E;
  /** The entity as the API shows it. */
  readonly entity: z.ZodObject;
  readonly view: (
    state: S,
    row: { readonly id: string; readonly number: number | null; readonly seq: number },
  ) => object;
  /** What only a look at one entity adds, from other features' rows. */
  readonly details?: (
    state: S,
    id: string,
    load: <T>(read: Read<T>) => Promise<T>,
    at: { readonly now: string },
  ) => Promise<object>;
  readonly initial: S;
  readonly decide: Decide<S, C, R>;
  readonly reads?: R;
  /** Further rounds of `reads`, for what could not be asked before the last one was answered: asked again until it names nothing new. */
  readonly further?: Readonly<Record<string, (ask: Ask, state: S, seen: never) => Reads>>;
  readonly evolve: Evolve<S, E>;
  /** What a fact makes of the stream that was true of what its device saw but not of what it met (`body.aside`). Absent: nothing. */
  readonly aside?: (state: S, event: Recorded) => S;
  /** Flags of a device's command that met another state (`head`) than the one it was made on (`then`). */
  readonly conflicts?: (ask: Ask, head: S, then: S) => readonly Flag[];
  /** The part of a stream that a fact is about; a device's command about another part than the head would make it about stands aside. */
  readonly partOf?: (fact: Pick<Fact, 'type' | 'body'>) => string | undefined;
  /** Verbs that may be said once more although the rules are through with them: recorded aside, flagged `repeat`. */
  readonly repeats?: Readonly<Record<string, (state: S, ask: Ask) => readonly Fact[] | null>>;
  /** State fields whose `was` and `now` every event carries when they change. */
  readonly tracked: readonly (keyof S & string)[];
  /** Where it is and whose it is: for permissions, for the feed, for the shift stamp. */
  readonly areaOf: (state: S) => Area | undefined;
  readonly concern?: (state: S, ask: Ask) => Concern;
  readonly readers: Permission;
  /** Columns of the main table: what lists filter by. */
  readonly columns: Readonly<Record<string, (state: S) => Cell>>;
  readonly filters?: readonly string[];
  readonly tables?: Readonly<Record<string, SideTable<S>>>;
  /** How the item is called in a trail or a link; days in it are those of the zone, of UTC where that is not known. */
  readonly titleOf: (state: S, zone?: string) => string;
  /** Items inside a stream that others link to (an occurrence inside its condition). */
  readonly items?: Readonly<
    Record<
      string,
      {
        readonly table: string;
        readonly stream: (value: never) => string;
        readonly title: (value: never) => string;
        readonly holds: (event: Recorded, id: string) => boolean;
      }
    >
  >;
  /** For a trail where the events are not at hand. */
  readonly past?: (state: S, self: Subject) => Past;
  /** By which events people measure: in which words the time from an item's first event to the first of these is told. */
  readonly measures?: Readonly<Record<string, (body: never) => string>>;
  /** Whether the item has come to its end: what the orphan query asks about. */
  readonly isTerminal?: (state: S) => boolean;
  /** Only one feature has this: it tells which shift presides over an area. */
  readonly presides?: {
    readonly over: (paths: readonly Area[]) => Read<readonly Row<S>[]>;
    readonly pick: (rows: readonly Row<S>[]) => string | null;
    readonly isSealed: (state: S) => boolean;
  };
  /** Streams that a device holds; absent: the feature does not travel to devices. */
  readonly travels?: {
    /** What the server looks for: the union of these. `unsealed`: shifts that are not sealed yet. */
    readonly where: (unsealed: readonly string[]) => readonly NonNullable<Select['where']>[];
    /** The same rule for one stream, so that a device drops what a newcomer would not get (L6). */
    readonly holds: (state: S, isUnsealed: (shift: string) => boolean) => boolean;
  };
  /** The person that a stream is about, who may read it whatever their role. */
  readonly owner?: (state: S) => string;
  /** Who may read some streams beside the ordinary readers (an auditor, what is sealed). */
  readonly archive?: { readonly permission: Permission; readonly holds: (state: S) => boolean };
  /** Streams that hold a secret's hash and so tell who calls. */
  readonly credentials?: {
    readonly by: (hash: string) => Read<readonly Row[]>;
    readonly caller: (row: Row<never>, org: string, now: string) => Caller | Refusal;
    /** What a verb that mints `proof` mints. */
    readonly proof?: (input: Readonly<Record<string, unknown>>, state: S) => Proof | Refusal;
    /** `secret`: null where it was shown before. */
    readonly snippet?: (state: S, at: { readonly url: string; readonly secret: string | null }) => Snippet;
  };
  /** Only one feature has this: its streams may wait for somebody to bring a code. */
  readonly offers?: Offers;
  /** What a sealed stream's evidence bundle is made of; `null` until it is sealed. */
  readonly sealed?: (state: S) => SealedRecord | null;
  readonly documents?: Readonly<Record<string, Document>>;
  /** Each stream has one people's text: who may write in it, and the internal verb that records what was written after the seal. */
  readonly prose?: { readonly permission: Permission; readonly late: string };
  /** Streams that name files which come later, in sets that belong together, and the internal verb that records that they are here. */
  readonly awaits?: {
    readonly where: NonNullable<Select['where']>;
    readonly files: (state: S) => readonly (readonly string[])[];
    readonly verb: string;
  };
  /** Only one feature has this: its streams are the devices. */
  readonly devices?: (state: S) => DeviceStanding;
  /** Beside `devices`: the internal verb, with `{deviceSeq}`, that records that two copies of one device have spoken. */
  readonly forks?: string;
  /** Only one feature has this: its streams are people; the position at which one left, or null. */
  readonly people?: (state: S) => number | null;
  /** Only one feature has this: commands that wait for a supervisor become its streams. */
  readonly holds?: (held: HeldCommand) => Fact;
  /** What the clock asks of a stream. */
  readonly due?: Due<S>;
  /** Only one feature has this: its streams are the other systems that are connected. */
  readonly connections?: Connections<S>;
  /** What a connected system is told, by the type of the event that it follows from. */
  readonly tells?: Readonly<Record<string, (event: never) => Telling>>;
  readonly policies?: readonly Policy[];
  readonly dashboard?: Dashboard;
  readonly note?: Note<S>;
  /** The verb that people say most, as one text. */
  readonly capture?: Capture<S>;
  /** Sheets in place of a verb's form. */
  readonly sheets?: Readonly<Record<string, Sheet<S>>>;
}

/** As a loop over unlike features sees it: it hands a feature nothing but that feature's own states, rows and answers. */
export interface Feature extends Omit<
  FeatureDefinition<unknown, CommandWords, EventWords, ReadTable<unknown, CommandWords>>,
  'tracked'
> {
  readonly tracked: readonly string[];
}

/** Column of the main row: milliseconds since the epoch. */
export const DUE = 'due';

/** Checks a feature against its own words, and then forgets them: the only place where that happens. */
export const feature = <S, C extends CommandWords, E extends EventWords, R extends ReadTable<S, C>>(
  definition: FeatureDefinition<S, C, E, R>,
): Feature => {
  const { due } = definition;
  if (!due) return definition as unknown as Feature;
  const at = (state: S): number | null => {
    const time = due.at(state);
    return time === null ? null : Date.parse(time);
  };
  return { ...definition, columns: { ...definition.columns, [DUE]: at } } as unknown as Feature;
};
