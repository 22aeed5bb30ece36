/** Features looked up by every name that the hosts meet. Built once from the list in `features/index.ts`. */
import type { CommandWord, EventWord, Feature } from './feature.ts';
import type { Policy } from './policy.ts';
import { Fault } from './refusal.ts';
import { erasablePaths, type Path } from './schema.ts';

export interface CommandEntry {
  readonly type: string;
  readonly verb: string;
  readonly word: CommandWord;
  readonly feature: Feature;
}

export interface EventEntry {
  readonly word: EventWord;
  readonly feature: Feature;
  readonly erasable: readonly Path[];
}

export interface Register {
  readonly features: readonly Feature[];
  readonly commands: ReadonlyMap<string, CommandEntry>;
  readonly events: ReadonlyMap<string, EventEntry>;
  readonly byKind: ReadonlyMap<string, Feature>;
  readonly byName: ReadonlyMap<string, Feature>;
  readonly policies: ReadonlyMap<string, readonly Policy[]>;
  /** Items that live inside a stream, by their kind. */
  readonly items: ReadonlyMap<string, { readonly feature: Feature; readonly table: string }>;
  readonly presiding: Feature | undefined;
  /** The features that keep devices, people, and what is held; see `FeatureDefinition`. */
  readonly devices: Feature | undefined;
  readonly people: Feature | undefined;
  readonly holding: Feature | undefined;
}

export function createRegister(features: readonly Feature[]): Register {
  const commands = new Map<string, CommandEntry>();
  const events = new Map<string, EventEntry>();
  const policies = new Map<string, Policy[]>();
  const items = new Map<string, { feature: Feature; table: string }>();
  const byKind = new Map<string, Feature>();
  for (const feature of features) {
    once(byKind, feature.kind, feature);
    for (const [verb, word] of Object.entries(feature.commands)) {
      once(commands, `${feature.name}.${verb}`, { type: `${feature.name}.${verb}`, verb, word, feature });
    }
    for (const [type, word] of Object.entries(feature.events)) {
      const leaks = erasablePaths(word.body).find(([field = '']) => feature.tracked.includes(field));
      if (leaks)
        throw new Fault(
          `${feature.name} tracks ${leaks[0]}, which is erasable in ${type}: its words would stay in the leaf.`,
        );
      once(events, type, { word, feature, erasable: [['reason'], ...erasablePaths(word.body)] });
    }
    for (const [kind, item] of Object.entries(feature.items ?? {})) once(items, kind, { feature, table: item.table });
    for (const policy of feature.policies ?? []) {
      for (const type of policy.hears) policies.set(type, [...(policies.get(type) ?? []), policy]);
    }
  }
  for (const type of policies.keys())
    if (!events.has(type)) throw new Fault(`A policy hears ${type}, which no feature says.`);
  return {
    features,
    commands,
    events,
    policies,
    items,
    byKind,
    byName: new Map(features.map((feature) => [feature.name, feature])),
    presiding: features.find((feature) => feature.presides),
    devices: features.find((feature) => feature.devices),
    people: features.find((feature) => feature.people),
    holding: features.find((feature) => feature.holds),
  };
}

/** Every table that the register asks a store for: the main one of each feature and its side tables, with their columns. */
export const tablesOf = (
  register: Register,
): readonly { readonly name: string; readonly columns: readonly string[]; readonly main: boolean }[] =>
  register.features.flatMap((feature) => [
    { name: feature.name, columns: Object.keys(feature.columns), main: true },
    ...Object.entries(feature.tables ?? {}).map(([name, side]) => ({
      name,
      columns: Object.keys(side.columns),
      main: false,
    })),
  ]);

function once<V>(map: Map<string, V>, key: string, value: V): void {
  if (map.has(key)) throw new Fault(`The register holds ${key} twice.`);
  map.set(key, value);
}
