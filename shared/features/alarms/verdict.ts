/** From a condition to a verdict, and from a verdict to facts: shared by messages, by the clock, and by people who end a shelving. */
import type { Ask } from '../../kernel/feature.ts';
import type { Fact } from '../../kernel/event.ts';
import { aroundReads, aroundSeen, settingsReads, type Seen, type Subjected } from './around.ts';
import { type ConditionState, type Held, type HeldBy, isOn } from './contract.ts';
import { judge } from './rules/judge.ts';
import type { Around, Situation } from './rules/rule.ts';

export const nowOf = ({ now }: Pick<Ask, 'now'>): number => Date.parse(now);

const subjected = (state: ConditionState, ask: Ask): Subjected => ({ ...state, now: nowOf(ask) });

/** First and second round for a condition as it stands. */
export const stateReads = (_ask: Ask, state: ConditionState) => settingsReads(state, state.integration);
export const furtherStateReads = (ask: Ask, state: ConditionState, seen: Seen) =>
  aroundReads(state, subjected(state, ask), seen);

/** `without`: what has just come to its end, although the state does not say so yet. */
export function situationOf(
  state: ConditionState,
  ask: Ask,
  around: Around,
  without: Partial<Situation> = {},
): Situation {
  const now = nowOf(ask);
  const { held, priority, shelved, outOfService, chattering } = state;
  return {
    ...{ priority, shelved, outOfService, chattering, now, around },
    condition: ask.subject.id,
    isQuiet: held?.by === 'quiet',
    since: Math.min(Date.parse(state.activeSince ?? ask.now), now),
    delayUntil: held?.by === 'delay' && held.until !== null ? Date.parse(held.until) : null,
    ...without,
  };
}

/** The alarm as it stands, looked at again: it asks for somebody, becomes an item of a flood, or waits for something else. */
export function reviewed(
  state: ConditionState,
  ask: Ask,
  seen: Seen,
  waited: HeldBy,
  without: Partial<Situation> = {},
): Fact[] {
  const neverAsks = state.held?.by === 'quiet' || state.held?.by === 'flood';
  if (!isOn(state) || neverAsks) return [];
  const around = aroundSeen(state, subjected(state, ask), seen);
  const verdict = judge(situationOf(state, ask, around, without));
  if (verdict === null || verdict.by === 'flood') return [announced(state, around, waited, verdict)];
  if (isSame(verdict, state.held)) return [];
  return [{ type: 'alarm.held', body: { occurrence: state.occurrence, held: verdict } }];
}

const isSame = (one: Held, other: Held | null): boolean =>
  one.by === other?.by && one.until === other.until && one.cause === other.cause;

export function announced(
  state: ConditionState,
  { position }: Pick<Around, 'position'>,
  waited: HeldBy,
  held: Held | null,
): Fact {
  const { occurrence, severity, priority, area, equipment, title, text, value, unit, integration, conditionKey } =
    state;
  const body = {
    ...{ occurrence, severity, priority, area, equipment, title, text, value, unit, integration, conditionKey },
    ...{ class: state.class, occurrenceKey: state.keys.at(-1) ?? null, messageKey: null, links: [], position, waited },
    ...(held ? { held } : {}),
  };
  return { type: 'alarm.announced', body };
}
