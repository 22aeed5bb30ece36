/** What a person asks for, and what came of it. */
import type { Subject } from '../../shared/kernel/event.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Asked {
  readonly type: string;
  /** Absent where the command makes its item. */
  readonly subject?: Subject;
  readonly input: Fields;
}

export type Outcome =
  /** The server has it. */
  | { readonly kind: 'done'; readonly entity: Fields }
  /** This device has it, and will send it. */
  | { readonly kind: 'saved'; readonly id: string; readonly subject: Subject; readonly entity: Fields }
  | {
      readonly kind: 'refused';
      readonly code: string;
      readonly detail: string;
      readonly fields: readonly { readonly field: string; readonly problem: string }[];
    };
