/** The code on a machine, `obsidian://operary?equipment=leeds/packaging/line-3/filler-2`: what is wrong there can be reported at once. */
import { inAreas, isWithin } from '../shared/kernel/roles.ts';
import { areaPath } from '../shared/kernel/schema.ts';
import type { Fields } from './asking.ts';
import { areasKnownTo } from './board/area.ts';
import { connectWords } from './words/index.ts';
import { callerOf } from './verbs.ts';

type Here = Parameters<typeof areasKnownTo>[0];

interface Scanned {
  readonly about: string;
  readonly filled: Fields;
}

/** What stands in a form for it: the equipment, and the innermost area around it in which this person works. */
export function scannedIn(here: Here, equipment: string): Scanned | string {
  if (!areaPath.safeParse(equipment).success) return connectWords.noEquipment;
  const { me } = here;
  const [area] = areasKnownTo(here)
    .filter((known) => known !== equipment && isWithin(equipment, known) && me && inAreas(callerOf(me), known))
    .sort((a, b) => b.length - a.length);
  return { about: equipment, filled: { equipment, ...(area === undefined ? {} : { area }) } };
}
