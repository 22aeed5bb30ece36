/**
 * What a rule may look at beside its own stream: descriptions that a feature exports in its contract, a command declares in `reads`,
 * and the door loads inside the same transaction. Data, not functions, so that any store can answer them.
 */
import type { Contact } from './device.ts';
import type { Recorded } from './event.ts';
import type { ProsePhoto } from './prose.ts';
import { isWithin } from './roles.ts';

export type Cell = string | number | null;

export type Test =
  | Cell
  | { readonly in: readonly Cell[] }
  | { readonly not: Cell }
  | { readonly within: readonly string[] }
  | { readonly contains: string }
  | { readonly above: number }
  | { readonly below: number };

export interface Select {
  readonly table: string;
  readonly where?: Readonly<Record<string, Test>>;
  /** Newest first unless said otherwise; the order of first appearance in the ledger. */
  readonly order?: 'oldest' | 'newest';
  readonly limit?: number;
}

/** One row of a projection: a key, the value, when it first appeared and last changed (positions in the ledger). */
export interface Row<V = unknown> {
  readonly key: string;
  readonly value: V;
  readonly number: number | null;
  readonly first: number;
  readonly seq: number;
}

/** Phantom type: what the description answers with. */
export type Read<T = unknown> = (
  | { readonly select: Select }
  | { readonly eventsOfShift: string }
  | { readonly leavesOfShift: string }
  | { readonly filesAmong: readonly string[] }
  | { readonly head: true }
  | { readonly prose: readonly string[] }
  | { readonly contacts: true }
) & { readonly answers?: T };

export const select = <V>(table: string, more: Omit<Select, 'table'> = {}): Read<readonly Row<V>[]> => ({
  select: { table, ...more },
});
/** Every event that the door stamped with this shift, in order. */
export const eventsOfShift = (shift: string): Read<readonly Recorded[]> => ({ eventsOfShift: shift });
export const leavesOfShift = (shift: string): Read<readonly { readonly seq: number; readonly leaf: Uint8Array }[]> => ({
  leavesOfShift: shift,
});
/** Of these SHA-256 names, those whose bytes are stored. */
export const filesAmong = (sha256: readonly string[]): Read<readonly string[]> => ({ filesAmong: sha256 });

/** Photographs of people's texts, for those of these entities that have one. */
export const proseOf = (entities: readonly string[]): Read<readonly ProsePhoto[]> => ({ prose: entities });
/** Every device that was ever heard of. Noticed, not recorded: it is no part of the fold. */
export const contacts = (): Read<readonly Contact[]> => ({ contacts: true });

export type Loaded<R> = { readonly [K in keyof R]: R[K] extends Read<infer T> ? T : never };

/** Whether a row's columns pass every test; the meaning that each store's own query language must reproduce. */
export function passes(columns: Readonly<Record<string, Cell>>, where: Select['where'] = {}): boolean {
  return Object.entries(where).every(([column, test]) => passesOne(columns[column] ?? null, test));
}

function passesOne(cell: Cell, test: Test): boolean {
  if (test === null || typeof test !== 'object') return cell === test;
  if ('in' in test) return test.in.includes(cell);
  if ('not' in test) return cell !== test.not;
  if ('within' in test) return typeof cell === 'string' && test.within.some((outer) => isWithin(cell, outer));
  if ('contains' in test) return typeof cell === 'string' && cell.toLowerCase().includes(test.contains.toLowerCase());
  if ('above' in test) return typeof cell === 'number' && cell > test.above;
  return typeof cell === 'number' && cell < test.below;
}
