/** What the outbox needs of a device: two stores that outlive the app, and one writer among several windows. */
import type { Entry } from '../../shared/sync/outbox.ts';
import type { Snapshot } from '../connection.ts';

export interface Found {
  /** Of this device. */
  readonly own: readonly Entry[];
  /** Of other identities that left their entries in this vault, and still wait as far as can be seen. */
  readonly others: readonly Entry[];
}

/** Everything is on disk when a promise resolves; it rejects with a sentence when it is not. */
export interface OutboxStore {
  load(device: string): Promise<Found>;
  add(entry: Entry): Promise<void>;
  /** Those that are there already, changed. */
  update(entries: readonly Entry[]): Promise<void>;
  /** Exactly these from now on; only called when nothing waits. */
  keep(entries: readonly Entry[]): Promise<void>;
  close(): void;
}

/** Resolves when this window is the only one that writes; the answer lets the next one. */
export type WriterLock = () => Promise<() => void>;

/** The confirmed state of this account as it was last seen, so that the app can be opened without a network. */
export interface LastSeen {
  load(): Promise<Snapshot | undefined>;
  save(snapshot: Snapshot): Promise<void>;
}
