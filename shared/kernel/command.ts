/** What is asked, and what came of it. */
import type { Made, SignedCommand } from './device.ts';
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
  /** A device made it away from the server: it is decided as of what that device had seen. */
  readonly made?: Made;
  /** What the device signed; checked by whoever brought it to the door. */
  readonly signed?: SignedCommand;
  /** Whose credential brought it, when that is not its author. */
  readonly submittedBy?: string;
  /** A supervisor has confirmed what was held: these flags are recorded, and the standing of device and author is not asked again. */
  readonly confirmed?: readonly string[];
  /** Over HTTP a refusal leaves nothing; from a device every outcome is kept. */
  readonly keepRefusal?: boolean;
}

export type Outcome =
  | {
      readonly outcome: 'accepted' | 'duplicate';
      readonly subject: Subject;
      readonly seqs: readonly number[];
      readonly head: number;
      /** What was out of the ordinary about it (flags.ts); absent when nothing was. */
      readonly flags?: readonly string[];
    }
  /** Kept for a supervisor to confirm or discard; `subject` is where it is held. */
  | { readonly outcome: 'held'; readonly subject: Subject; readonly seqs: readonly number[]; readonly refusal: Refusal }
  | { readonly outcome: 'rejected'; readonly refusal: Refusal };
