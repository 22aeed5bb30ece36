/** What a host must know to make a first organisation, its first people and their tokens, without knowing any feature. */
import type { Wish } from './policy.ts';
import type { Read, Row } from './read.ts';

/** Public keys, each for one role: fingerprint of the root, vkey of the log (C2SP signed note), authorized_keys line of the seal. */
export interface PublicKeys {
  readonly root: string;
  readonly log: string;
  readonly seal: string;
}

export interface Bootstrap {
  /** What makes the organisation itself; asked by the host. */
  organisation(order: {
    readonly org: string;
    readonly slug: string;
    readonly name: string;
    readonly zone?: string;
    readonly keys: PublicKeys;
  }): readonly Wish[];
  /** What the very first start adds: an area and its shifts around `now` (milliseconds); asked by the host. */
  firstDay(order: { readonly id: () => string; readonly now: number; readonly zone?: string }): readonly Wish[];
  /** The organisation's own row. */
  readonly organisationRow: Read<readonly Row[]>;
  described(row: Row): { readonly slug: string; readonly name: string };
  personNamed(name: string): Read<readonly Row[]>;
  person(order: {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    readonly areas: readonly string[];
  }): Wish;
  /** The host adds the hash of the token that it made. */
  token(order: Grant): Wish;
  /** The same to be fetched with a pairing code, whose hash the host adds. */
  offer(order: Grant): Wish;
  /** Until when the code of what was offered works. */
  offeredUntil(state: unknown): string;
}

interface Grant {
  readonly id: string;
  readonly user: string;
  readonly role: string;
  readonly areas: readonly string[];
  readonly expiresAt?: string;
}
