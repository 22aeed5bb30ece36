/** The register with its purity enforced (L5): states are frozen, and every rule is asked twice and must answer the same. */
import assert from 'node:assert/strict';
import type { Ask, Feature } from '../../shared/kernel/feature.ts';
import { createRegister, type Register } from '../../shared/kernel/register.ts';

type Rule = (state: unknown, askOrEvent: unknown, seen?: unknown) => unknown;

export const strictRegister = (features: readonly Feature[]): Register => createRegister(features.map(strict));

export function strict(feature: Feature): Feature {
  const decide = mapped(feature.decide as Record<string, Rule>, (rule) => (state, given, seen) => {
    const ask = given as Ask;
    const ids: string[] = [];
    const first = rule(freeze(state), freeze({ ...ask, id: () => ids[ids.push(ask.id()) - 1]! }), freeze(seen));
    const replayed = ids.values();
    const second = rule(state, { ...ask, id: () => replayed.next().value! }, seen);
    assert.deepEqual(second, first, `${feature.name}.decide answers differently when asked twice`);
    return first;
  });
  const evolve = mapped(feature.evolve as Record<string, Rule>, (rule) => once(rule, `${feature.name}.evolve`));
  const also = {
    ...(feature.aside ? { aside: once(feature.aside as Rule, `${feature.name}.aside`) } : {}),
    ...(feature.conflicts ? { conflicts: frozen(feature.conflicts) } : {}),
  };
  // A test's register cannot name the state types of unlike features any better than the register itself.
  return { ...feature, decide: decide as Feature['decide'], evolve: evolve, ...(also as object) };
}

const once =
  (rule: Rule, name: string): Rule =>
  (state, event) => {
    const first = rule(freeze(state), freeze(event));
    assert.deepEqual(rule(state, event), first, `${name} answers differently when asked twice`);
    return freeze(first);
  };
const frozen =
  (rule: (...given: never[]) => unknown) =>
  (...given: readonly unknown[]): unknown =>
    rule(...(given.map(freeze) as never[]));

const mapped = (table: Record<string, Rule>, wrap: (rule: Rule) => Rule): Record<string, Rule> =>
  Object.fromEntries(Object.entries(table).map(([name, rule]) => [name, wrap(rule)]));

export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) freeze(member);
  return value;
}
