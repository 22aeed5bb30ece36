/** Where something new is likely to be: where this person entered something last, where they work, where a shift is running. */
import { inAreas, isWithin } from '../../shared/kernel/roles.ts';
import type { Fields } from '../asking.ts';
import type { Host } from '../host.ts';
import { callerOf } from '../verbs.ts';

type Here = Pick<Host, 'register' | 'replica' | 'me' | 'memory'>;
const keyFor = (person: string): string => `area:${person}`;

/** Where anything is or was, as paths. */
export function areasKnownTo({ replica, register }: Here): readonly string[] {
  const paths = new Set<string>();
  for (const held of replica.everything()) {
    const { path } = held.state as { readonly path?: unknown };
    const area = typeof path === 'string' ? path : register.byKind.get(held.kind)?.areaOf(held.state);
    if (area) paths.add(area);
  }
  return [...paths].sort();
}

export function guessedArea(here: Here): string | undefined {
  const { me, memory } = here;
  if (!me) return undefined;
  const last = memory.get(keyFor(me.id));
  const known = areasKnownTo(here);
  const guesses = [
    ...(last !== undefined && known.some((area) => isWithin(last, area)) ? [last] : []),
    ...me.areas,
    ...running(here),
    ...known,
  ];
  return guesses.find((area) => inAreas(callerOf(me), area));
}

export function rememberArea({ me, memory }: Here, { area }: Fields): void {
  if (me && typeof area === 'string') memory.set(keyFor(me.id), area);
}

/** Of what presides now, the newest first. */
function running({ register, replica }: Here): readonly string[] {
  const { presiding } = register;
  if (!presiding) return [];
  return replica
    .all(presiding.kind)
    .flatMap(({ state }) => (presiding.presides!.isSealed(state) ? [] : (presiding.areaOf(state) ?? [])))
    .reverse();
}
