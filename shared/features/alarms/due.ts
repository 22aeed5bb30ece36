/** What a condition waits for: the clock asks it when the first of these times has come. */
import { utc } from '../../kernel/schema.ts';
import { type ConditionState, isOn, quietAt } from './contract.ts';

/** All times that a condition waits for, in milliseconds. */
export const waits = (
  state: ConditionState,
): Readonly<Record<'delay' | 'quiet' | 'shelf' | 'asked' | 'stands', number | null>> => {
  const at = (time: string | null | undefined) => (time ? Date.parse(time) : null);
  return {
    delay: state.held?.by === 'delay' ? at(state.held.until) : null,
    quiet: quietAt(state),
    shelf: at(state.shelved?.until),
    asked: at(state.shelvingAsked?.until),
    stands: isOn(state) ? at(state.standsAt) : null,
  };
};

export function dueAt(state: ConditionState): string | null {
  const times = Object.values(waits(state)).filter((time) => time !== null);
  return times.length ? utc(Math.min(...times)) : null;
}
