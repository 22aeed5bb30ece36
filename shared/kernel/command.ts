/** What is asked, and what came of it. */
import type { Actor, Link, Subject } from './event.ts';
import type { Refusal } from './refusal.ts';
import type { Area } from './roles.ts';

/** Somebody or something that asks: who they are, and how far their role reaches. */
export interface Caller extends Actor {
  readonly org: string;
  /** Empty: the whole organisation. */
  readonly areas: readonly Area[];
  readonly scopes?: readonly string[];
}

export interface Command {
  readonly id: string;
  readonly org: string;
  /** `feature.verb`, for example `tasks.complete`. */
  readonly type: string;
  readonly subject: Subject;
  readonly input: unknown;
  readonly caller: Caller;
  readonly device?: string;
  readonly occurredAt?: string;
  readonly recordedAt?: string;
  readonly reason?: string;
  readonly upstream?: readonly Link[];
  /** The shift that the command names; otherwise the door finds the area's active one. */
  readonly shift?: string;
  /** Made by the host for this command (a token's hash): not part of what was asked, so a retry may carry another. */
  readonly minted?: Readonly<Record<string, string>>;
  /** SHA-256 of the exact bytes that a device signed; otherwise the door digests what was asked. */
  readonly askedSha256?: string;
  /** Over HTTP a refusal leaves nothing; from a device every outcome is kept. */
  readonly keepRefusal?: boolean;
}

export type Outcome =
  | {
      readonly outcome: 'accepted' | 'duplicate';
      readonly subject: Subject;
      readonly seqs: readonly number[];
      readonly head: number;
    }
  | { readonly outcome: 'rejected'; readonly refusal: Refusal };
