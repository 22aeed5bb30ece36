/**
 * The ledger port. `transact` is the only way in; nothing is answered before its events, rows, tree and signed checkpoint are durable
 * and the signer has stored the new head. Reads see committed state only.
 */
import type { Disclosure } from '../proof/leaf.ts';
import type { Command, Outcome } from './command.ts';
import type { Receipt, SignedCommand, SignOfLife } from './device.ts';
import type { Recorded, Relation, Subject } from './event.ts';
import type { Cell, Loaded, Read } from './read.ts';
import type { Refusal } from './refusal.ts';

export interface Stream<S = unknown> extends Subject {
  readonly number: number | null;
  /** Positions of its first and its latest event. */
  readonly first: number;
  readonly seq: number;
  readonly state: S;
}

export interface RowChange {
  readonly table: string;
  readonly key: string;
  readonly value: unknown;
  readonly columns: Readonly<Record<string, Cell>>;
}

/** All that one event writes, decided before anything is written. */
export interface Entry {
  readonly event: Recorded;
  readonly leaf: Uint8Array;
  readonly area: string | null;
  readonly disclosures: readonly Disclosure[];
  readonly stream: Stream;
  readonly main: RowChange;
  readonly rows: readonly RowChange[];
  readonly files: readonly Uint8Array[];
  readonly attestations: readonly Attestation[];
  /** What the device signed, on the first event of its command. */
  readonly signed?: SignedCommand;
  /** Entities whose people's text never changes from here on. */
  readonly seals: readonly string[];
}

/** A text that the organisation's seal key signed in the same commit, with its armoured SSHSIG. */
export interface Attestation {
  readonly namespace: string;
  readonly text: string;
  readonly signature: string;
}

export interface Kept {
  readonly sha256: string;
  readonly outcome: Outcome;
}

/** What `perform` works with, inside one transaction. Synchronous: nothing can slip between load and append. */
export interface Tx {
  kept(org: string, commandId: string): Kept | undefined;
  keep(org: string, commandId: string, kept: Kept): void;
  stream(org: string, kind: string, id: string): Stream | undefined;
  load(org: string, read: Read): unknown;
  head(org: string): number;
  lastNumber(org: string, kind: string): number;
  append(entry: Entry): void;
  /** All events of one stream, oldest first. */
  history(org: string, subject: Subject): readonly Recorded[];
  /** Streams with an event above this position. */
  touchedAfter(org: string, seq: number): readonly Subject[];
  /** The commands that arrived from this device under this number, in the order of their arrival. */
  receiptsAt(org: string, device: string, deviceSeq: number): readonly Receipt[];
  /** The one with the highest number below. */
  receiptBefore(org: string, device: string, deviceSeq: number): Receipt | undefined;
  receive(org: string, receipt: Receipt): void;
}

export interface FeedEvent extends Recorded {
  readonly area: string | null;
}

export interface LinkRow {
  readonly from: Subject;
  readonly rel: Relation;
  readonly to: Subject;
  readonly seq: number;
}

export interface Place {
  /** The id of the command. */
  readonly id: string;
  readonly seq: number;
}

/** A command, and what to ask in its place where the rules refuse it. */
export interface Asked {
  readonly command: Command;
  readonly ifRefused?: (refusal: Refusal) => Command;
}

/** Thinks of commands inside the transaction: what it loads holds all that was performed before it. Pure but for `load`. */
export type Thought = (load: (read: Read) => unknown) => readonly Asked[];

/** Content-addressed bytes. Not an event: they become part of the record when an event names them. */
export interface StoredFile {
  readonly org: string;
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

export interface Ledger {
  /** The files are durable in the same commit, whatever becomes of the commands. */
  transact(commands: readonly Command[], files?: readonly StoredFile[]): Promise<readonly Outcome[]>;
  /** One organisation's thoughts, in order, in one commit; for each the outcomes of what it asked. */
  think(org: string, thoughts: readonly Thought[]): Promise<readonly (readonly Outcome[])[]>;
  /** A stream by its id or its short number. */
  stream(org: string, kind: string, ref: string | number): Promise<Stream | undefined>;
  load<R extends Read>(org: string, read: R): Promise<Loaded<{ it: R }>['it']>;
  /** Events with `seq` above `after`, oldest first. */
  events(org: string, after: number, limit: number): Promise<readonly FeedEvent[]>;
  /** The events of one stream up to a position, oldest first. */
  history(org: string, subject: Subject, upTo?: number): Promise<readonly FeedEvent[]>;
  /** Of these commands those that are on record, each with the position of its last event. */
  places(org: string, commands: readonly string[]): Promise<readonly Place[]>;
  links(org: string, item: Subject, direction: 'up' | 'down'): Promise<readonly LinkRow[]>;
  organisations(): Promise<readonly string[]>;
  head(org: string): Promise<number>;
  leaves(
    org: string,
    from: number,
    to: number,
  ): Promise<readonly { readonly seq: number; readonly leaf: Uint8Array }[]>;
  disclosures(org: string, seqs: readonly number[]): Promise<readonly Disclosure[]>;
  node(org: string, level: number, index: number): Promise<Uint8Array>;
  inclusion(org: string, seq: number, size: number): Promise<readonly Uint8Array[]>;
  consistency(org: string, from: number, to: number): Promise<readonly Uint8Array[]>;
  /** The signed checkpoint of the smallest commit of at least this size, the latest without one. */
  checkpoint(org: string, atLeast?: number): Promise<string | undefined>;
  attestation(org: string, seq: number): Promise<Attestation | undefined>;
  /** What a device signed, by the position of the first event of its command. */
  signed(org: string, seq: number): Promise<SignedCommand | undefined>;
  /** A device has spoken: remembered, not recorded. */
  contact(org: string, said: SignOfLife): Promise<void>;
  file(org: string, sha256: string): Promise<Uint8Array | undefined>;
  /** Durable on return; whoever waits for files is told. */
  putFile(org: string, sha256: string, bytes: Uint8Array): Promise<void>;
  /** Told of every organisation that has got a file. */
  onFile(hear: (org: string) => void): () => void;
  onCommit(hear: (org: string, head: number) => void): () => void;
  close(): Promise<void>;
}
