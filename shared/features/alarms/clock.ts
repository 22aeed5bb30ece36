/** What the clock asks of a condition, and what is decided when something around it has changed. */
import type { Ask } from '../../kernel/feature.ts';
import type { Fact } from '../../kernel/event.ts';
import type { Seen } from './around.ts';
import { type ConditionState, type HeldBy, isWaiting } from './contract.ts';
import { waits } from './due.ts';
import { quietened } from './observe.ts';
import type { Situation } from './rules/rule.ts';
import { nowOf, reviewed } from './verdict.ts';

export function tick(state: ConditionState, ask: Ask, seen: Seen): Fact[] {
  const now = nowOf(ask);
  const times = waits(state);
  const isDue = (what: keyof typeof times): boolean => times[what] !== null && times[what] <= now;
  const facts: Fact[] = [];
  const ended: HeldBy[] = [];
  let without: Partial<Situation> = {};
  if (isDue('asked')) facts.push({ type: 'alarm.shelving_lapsed', body: {} });
  if (isDue('shelf')) {
    facts.push({ type: 'alarm.unshelved', body: { how: 'time' } });
    without = { ...without, shelved: null };
    ended.push('shelved');
  }
  if (isDue('quiet')) {
    facts.push(quietened(state));
    without = { ...without, chattering: null };
    // What asks for somebody already need not ask again because it has become quiet.
    if (state.held?.by === 'chattering') ended.push('chattering');
  }
  if (isDue('delay')) ended.push('delay');
  if (ended.length) facts.push(...reviewed(state, ask, seen, ended[0]!, without));
  if (isDue('stands'))
    facts.push({ type: 'alarm.standing', body: { occurrence: state.occurrence, since: state.activeSince } });
  return facts;
}

export const reconsider = (state: ConditionState, ask: Ask, seen: Seen): Fact[] =>
  state.held && isWaiting(state) ? reviewed(state, ask, seen, state.held.by) : [];
