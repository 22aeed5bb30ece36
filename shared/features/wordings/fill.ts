/** `{{title}}` and the like: a place is a name from the list, what goes in is put there as it is, and is not looked at again. */

export const PLACES = ['title', 'priority', 'ref', 'area', 'link', 'level', 'why', 'count', 'list'] as const;
export type Place = (typeof PLACES)[number];

const PLACE = /\{\{\s*([^{}]*?)\s*\}\}/g;
const isPlace = (name: string): name is Place => (PLACES as readonly string[]).includes(name);

/** The first name that is none of ours. */
export const strangePlace = (words: string): string | undefined =>
  [...words.matchAll(PLACE)].map(([, name]) => name!).find((name) => !isPlace(name));

export const filled = (words: string, values: Readonly<Record<Place, string>>): string =>
  words.replace(PLACE, (whole, name: string) => (isPlace(name) ? values[name] : whole));
