/** Where an alarm belongs: by what its sender calls the thing, looked up among the plant's equipment. */
import { isWithin } from '../../kernel/roles.ts';
import type { Row } from '../../kernel/read.ts';
import { folded, type Alias } from '../equipment/contract.ts';
import type { Transition } from './contract.ts';

export interface Place {
  readonly area: string | null;
  readonly equipment: string | null;
  /** The name by which it was found. */
  readonly placedBy?: string;
}

export const namesOf = ({ equipment, names = [], conditionKey }: Transition): readonly string[] => [
  ...(equipment === null ? [] : [equipment]),
  ...names,
  conditionKey,
];

/** `confined`: the integration's own area, which nothing leaves. What nobody knows stays as the sender said it. */
export function placeOf(transition: Transition, confined: string | null, known: readonly Row<Alias>[]): Place {
  const { area, equipment } = transition;
  for (const name of namesOf(transition)) {
    const path = known.find(({ key }) => key === folded(name))?.value.path;
    if (typeof path !== 'string' || (confined !== null && !isWithin(path, confined))) continue;
    if (path === equipment && area !== null && isWithin(path, area)) return { area, equipment };
    return { area: area !== null && isWithin(path, area) ? area : null, equipment: path, placedBy: name };
  }
  return { area, equipment };
}

/** The area row nearest upward, else what stands around the equipment. */
export function areaAround(path: string, areas: readonly string[]): string {
  const nearest = areas.filter((area) => isWithin(path, area)).sort((a, b) => b.length - a.length)[0];
  return nearest ?? path.replace(/\/[^/]+$/, '');
}
