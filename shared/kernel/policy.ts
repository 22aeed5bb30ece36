/** "When I hear X, I ask for Y." Runs on the server only, after the commit; what it asks goes through the door like anything else. */
import type { Link, Recorded, Subject } from './event.ts';
import type { HeldCommand } from './held.ts';
import type { Loaded, Read } from './read.ts';

export interface Wish {
  readonly type: string;
  readonly subject: Subject | { readonly kind: string; readonly id: 'new' };
  readonly input: Readonly<Record<string, unknown>>;
  readonly upstream?: readonly Link[];
  readonly shift?: string;
  readonly onBehalfOf?: string;
  /** What a device made and a supervisor confirmed: performed as its author's, with everything it carried. */
  /** The internal verb, with `{code, detail}`, that records in the stream which was heard that the rules refused this. */
  readonly ifRefused?: string;
  readonly confirmed?: Omit<HeldCommand, 'type' | 'subject' | 'input' | 'because'>;
}

export interface Policy {
  /** Part of the id of what is asked, so that a crash between commit and wish repeats harmlessly. */
  readonly name: string;
  readonly hears: readonly string[];
  readonly reads: (event: Recorded) => Readonly<Record<string, Read>>;
  readonly asks: (event: Recorded, seen: never) => readonly Wish[];
}

/** Ties what is read to what `asks` is given. */
export const policy = <R extends Readonly<Record<string, Read>>>(rule: {
  readonly name: string;
  readonly hears: readonly string[];
  readonly reads: (event: Recorded) => R;
  readonly asks: (event: Recorded, seen: Loaded<R>) => readonly Wish[];
}): Policy => rule;
