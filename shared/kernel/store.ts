/** What a store must offer so that `openLedger` can run on it. Synchronous: memory and SQLite. */
import type { Disclosure } from '../proof/leaf.ts';
import type { NodeReader } from '../proof/tree.ts';
import type { SignedCommand, SignOfLife } from './device.ts';
import type { Subject } from './event.ts';
import type { Attestation, FeedEvent, LinkRow, Place, StoredFile, Stream, Tx } from './ledger.ts';
import type { Prose } from './prose.ts';
import type { Read } from './read.ts';

export interface Nodes extends NodeReader {
  put(level: number, index: number, hash: Uint8Array): void;
}

/** Committed state. */
export interface StoreReads {
  byRef(org: string, kind: string, ref: string | number): Stream | undefined;
  load(org: string, read: Read): unknown;
  events(org: string, after: number, limit: number): readonly FeedEvent[];
  history(org: string, subject: Subject, upTo: number): readonly FeedEvent[];
  places(org: string, commands: readonly string[]): readonly Place[];
  links(org: string, item: Subject, direction: 'up' | 'down'): readonly LinkRow[];
  organisations(): readonly string[];
  head(org: string): number;
  leaves(org: string, from: number, to: number): readonly { readonly seq: number; readonly leaf: Uint8Array }[];
  disclosures(org: string, seqs: readonly number[]): readonly Disclosure[];
  nodes(org: string): NodeReader;
  checkpoint(org: string, atLeast?: number): string | undefined;
  attestation(org: string, seq: number): Attestation | undefined;
  signed(org: string, seq: number): SignedCommand | undefined;
  file(org: string, sha256: string): Uint8Array | undefined;
}

/** Inside a transaction: what the batch has written so far is visible. */
export interface BatchTx extends Tx {
  /** What `work` wrote disappears when it throws; the transaction goes on. */
  savepoint<T>(work: () => T): T;
  leavesAfter(org: string, seq: number): readonly Uint8Array[];
  nodes(org: string): Nodes;
  putCheckpoint(org: string, size: number, note: string): void;
  putFile(file: StoredFile): void;
}

export interface Store {
  readonly committed: StoreReads;
  /** Durable on disk when it returns; nothing remains when `work` throws. `work` must not return a promise. */
  transaction<T>(work: (tx: BatchTx) => T): T;
  contact(org: string, said: SignOfLife): void;
  /** Who keeps the people's texts; `NO_PROSE` until told. */
  attachProse(prose: Prose): void;
  close(): void;
}
