/** What a rule looks at, and what it answers: held by what, or nothing. */
import type { ConditionState, Held, Settings } from '../contract.ts';
import type { IncidentState } from '../../incidents/contract.ts';
import type { WindowState } from '../../windows/contract.ts';
import type { Row } from '../../../kernel/read.ts';

/** What stands around an alarm at the moment of the verdict. */
export interface Around {
  readonly settings: Settings;
  /** The area row nearest upward; the alarm's own area where there is none. */
  readonly position: string | null;
  /** Maintenance windows over its equipment. */
  readonly windows: readonly WindowState[];
  /** Floods that are open over its area. */
  readonly floods: readonly IncidentState[];
  /** Other episodes announced at its position within the flood's minutes. */
  readonly announced: number;
  /** Active causes, by the rule of suppression that names them. */
  readonly causes: readonly { readonly reason: string; readonly active: readonly Row<ConditionState>[] }[];
}

/** One activation, new or looked at again. Times in milliseconds. */
export interface Situation extends Pick<ConditionState, 'priority' | 'shelved' | 'outOfService' | 'chattering'> {
  readonly condition: string;
  readonly isQuiet: boolean;
  readonly since: number;
  readonly now: number;
  /** When a delay that runs already will be over. */
  readonly delayUntil: number | null;
  readonly around: Around;
}

export type Rule = (situation: Situation) => Held | null;
