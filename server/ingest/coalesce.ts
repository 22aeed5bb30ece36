/**
 * Of many transitions of one condition, those that change what comes out: the clear that ends what was before, the first activation, the last
 * one, and the last word. So an activation never vanishes behind a clear, and a storm costs no more than its conditions.
 */
import type { Transition } from '../../shared/features/alarms/contract.ts';

/** Positions that stay, in order. */
export function speaking(transitions: readonly Pick<Transition, 'conditionKey' | 'kind'>[]): ReadonlySet<number> {
  const byCondition = new Map<string, number[]>();
  for (const [i, { conditionKey }] of transitions.entries())
    byCondition.set(conditionKey, [...(byCondition.get(conditionKey) ?? []), i]);
  const kept = new Set<number>();
  const keep = (i: number | undefined) => {
    if (i !== undefined) kept.add(i);
  };
  for (const all of byCondition.values()) {
    const of = (...kinds: readonly Transition['kind'][]) => all.filter((i) => kinds.includes(transitions[i]!.kind));
    const actives = of('active');
    const [first] = actives;
    keep(of('cleared').findLast((i) => first === undefined || i < first));
    keep(first);
    keep(actives.at(-1));
    keep(of('active', 'cleared').at(-1));
    keep(of('acked').at(-1));
    keep(of('info')[0]);
    keep(of('info').at(-1));
  }
  return new Set([...kept].sort((a, b) => a - b));
}
