/** Where alarms belong together: the operating position is the nearest area upward, the line the first place below it. */
import { isWithin, type Area } from '../../kernel/roles.ts';

/** `areas`: those that the plant knows, above the place or at it. */
export const positionOf = (place: Area, areas: readonly Area[]): Area =>
  areas.filter((area) => isWithin(place, area)).sort((a, b) => b.length - a.length)[0] ?? place;

/** `leeds/packaging` and `leeds/packaging/line-3/filler-2` → `leeds/packaging/line-3`; what names no place below is the position itself. */
export function lineOf(position: Area, place: Area): Area {
  if (place === position || !isWithin(place, position)) return position;
  const [line] = place.slice(position.length + 1).split('/');
  return `${position}/${line}`;
}
