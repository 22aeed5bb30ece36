/**
 * What may be done with an item just now: what the role's row allows, and what the rules do not refuse outright. A dry run on made-up
 * input; only a refusal that speaks of the state hides a verb, everything else the server judges.
 */
import * as z from 'zod';
import type { Caller } from '../shared/kernel/command.ts';
import type { Ask } from '../shared/kernel/feature.ts';
import type { CommandEntry, Register } from '../shared/kernel/register.ts';
import { isRefusal, type Refusal } from '../shared/kernel/refusal.ts';
import { forbids, mayAtAll } from '../shared/kernel/roles.ts';
import type { Me } from './connection.ts';
import type { Held } from './replica.ts';

export const callerOf = (me: Me): Caller => ({
  kind: me.kind as Caller['kind'],
  id: me.id,
  org: '',
  areas: me.areas,
  ...(me.role === null ? {} : { role: me.role }),
});

const IMPOSSIBLE = ['transition-not-allowed', 'shift-sealed', 'not-sealed', 'same-person'];

/** What a person may ask for with a button or in the palette. */
export const isForPeople = ({ word }: CommandEntry): boolean =>
  !word.internal && !word.mints && !word.byDevice && !word.noForm && !word.names;

/** Commands that make something new, the shortest first; none where nobody is there to ask for it. */
export const creations = (register: Register, me: Me | undefined): CommandEntry[] =>
  [...register.commands.values()]
    .filter((entry) => me && entry.word.creates && isForPeople(entry) && mayAtAll(callerOf(me), entry.word.permission))
    .sort((a, b) => Number(b.word.brief !== undefined) - Number(a.word.brief !== undefined));

export function verbsFor(register: Register, held: Held, me: Me | undefined): CommandEntry[] {
  if (!me) return [];
  const feature = register.byKind.get(held.kind);
  const caller = callerOf(me);
  return [...register.commands.values()].filter((entry) => {
    if (entry.feature !== feature || entry.word.creates || !isForPeople(entry)) return false;
    return mayAtAll(caller, entry.word.permission) && !impossible(entry, held, caller);
  });
}

/** Why the rules refuse this outright, as far as this device can tell. */
export function impossible(entry: CommandEntry, held: Held, caller: Caller): Refusal | undefined {
  const { verb, word, feature } = entry;
  const now = '1970-01-01T00:00:00.000Z';
  const ask: Ask = {
    verb,
    subject: held,
    input: madeUp(word.input),
    caller,
    now,
    occurredAt: now,
    recordedAt: now,
    upstream: [],
    minted: {},
    id: () => held.id,
  };
  try {
    const concern = feature.concern?.(held.state, ask) ?? { area: feature.areaOf(held.state) };
    const forbidden = forbids(caller, word.permission, concern);
    if (forbidden) return forbidden;
    const reads = (feature.reads as Reads | undefined)?.[verb]?.(ask, held.state) ?? {};
    const seen = Object.fromEntries(Object.keys(reads).map((name) => [name, []]));
    const decided = (feature.decide as Decide)[verb]!(held.state, ask, seen);
    return isRefusal(decided) && IMPOSSIBLE.includes(decided.refused) ? decided : undefined;
  } catch {
    // The rule wanted to know what only the server holds.
    return undefined;
  }
}

type Reads = Readonly<Record<string, ((ask: Ask, state: unknown) => object) | undefined>>;
type Decide = Readonly<Record<string, (state: unknown, ask: Ask, seen: unknown) => unknown>>;

/** Some value of the right shape for everything that is demanded. */
function madeUp(input: z.ZodObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(input.shape as Record<string, z.ZodType>).flatMap(([key, schema]) =>
      schema.safeParse(undefined).success ? [[key, schema.parse(undefined)]] : [[key, sampleOf(schema)]],
    ),
  );
}

function sampleOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodUnion) return sampleOf(schema.options[0] as z.ZodType);
  if (schema instanceof z.ZodObject) return madeUp(schema);
  if (schema instanceof z.ZodArray) return [];
  if (schema instanceof z.ZodNumber) return 1;
  return 'x';
}
