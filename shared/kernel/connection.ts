/** Other systems that are connected: where they are told of things, and where they are asked. Secrets are named here, never held. */

import type { Select } from './read.ts';

/** Which connected system hears what. */
export interface Telling {
  readonly connection: string;
  readonly message: Readonly<Record<string, unknown>>;
}

export interface TellTo {
  readonly url: string;
  /** Name of the secret that is sent as the Authorization header. */
  readonly secret: string | null;
  /** Position from which on it is told. */
  readonly since: number;
}

/** A list that is asked for page by page. Pointers are RFC 6901 JSON pointers into the answer. */
export interface PullFrom {
  readonly url: string;
  readonly everySeconds: number;
  /** Query parameter that carries the cursor of the page before. */
  readonly cursorParam: string | null;
  readonly itemsPointer: string;
  readonly nextCursorPointer: string | null;
  readonly secret: string | null;
}

export interface Connection {
  readonly tells: TellTo | null;
  readonly pulls: PullFrom | null;
  /** Under which names its secrets are kept. */
  readonly secrets: Readonly<Record<Direction, string | null>>;
  /** What is known not to work. */
  readonly faulty: readonly Direction[];
}

export const DIRECTIONS = ['status', 'pull'] as const;
export type Direction = (typeof DIRECTIONS)[number];

export interface Connections<S> {
  readonly of: (state: S) => Connection;
  /** Which of them are asked. */
  readonly pulling: NonNullable<Select['where']>;
  /** The internal verb, with `{what, detail}`, that records that one direction does not work; without a detail, that it does again. */
  readonly noteFault: string;
  /** The internal verb, with `{what, key}`, that records under which key the host keeps a secret now. */
  readonly keepSecret: string;
}

/** How a secret is called in the host's store. A new one gets a new key, so that what is recorded and what is kept never disagree. */
export const secretName = (what: Direction, key: string): string => `${what}.${key}`;
