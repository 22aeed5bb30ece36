/** What every check looks at: one organisation in one snapshot of the file, and where its sentences go. */
import type { Database } from 'better-sqlite3';
import type { Head } from '../../shared/kernel/ledger-on-store.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Trust } from '../../shared/proof/trust.ts';

export interface Ground {
  readonly db: Database;
  readonly register: Register;
  readonly org: string;
  /** Its number in the file. */
  readonly no: number;
  /** Who may sign; undefined when the statement itself is not sound. */
  readonly trust: Trust | undefined;
  /** Read before the snapshot was taken, so never ahead of it. */
  readonly signed: Head | undefined;
}

/** Takes one sentence. */
export type Find = (sentence: string) => void;

export type Check = (ground: Ground, find: Find) => void;

/** The first of many alike, and how many more there are. */
export function atMost(limit: number, find: Find, rest: (more: number) => string): { find: Find; end(): void } {
  let count = 0;
  return {
    find(sentence) {
      count += 1;
      if (count <= limit) find(sentence);
    },
    end() {
      if (count > limit) find(rest(count - limit));
    },
  };
}

/** `5` or `5 to 9`. */
export const span = (from: number, to: number): string => (from === to ? `${from}` : `${from} to ${to}`);

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
