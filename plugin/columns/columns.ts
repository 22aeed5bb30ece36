/** A base as columns of cards: which there are, in which order, and what a card says. Knows Obsidian's values by their texts only. */
import { wordsOf } from '../fields.ts';
import { columnsWords } from '../words/index.ts';

/** Type of the view in a `.base`. */
export const BOARD_VIEW = 'operary-board';
/** What a person may choose for it: the property of the columns, and which of its values come first. */
export const BY = 'columnsBy';
export const FIRST = 'firstColumns';
export const STATUS = 'note.status';
/** It is every card's title. */
const TITLE = 'file.name';

export interface Column<Entry> {
  readonly name: string;
  readonly entries: readonly Entry[];
}

/** A group as the base makes them; without a key it holds what has no value. */
export interface Grouped<Entry> {
  readonly key: string;
  readonly entries: readonly Entry[];
}

/** Where the base is not grouped, by the value that each entry has; the first ones in their order, then by name, last what has none. */
export function columnsBy<Entry>(
  entries: readonly Entry[],
  valueOf: (entry: Entry) => string,
  first: readonly string[],
  property: string,
): readonly Column<Entry>[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const value = valueOf(entry).trim();
    const members = groups.get(value);
    if (members) members.push(entry);
    else groups.set(value, [entry]);
  }
  const rank = (value: string): number => (value === '' ? Infinity : first.indexOf(value) + 1 || first.length + 1);
  const sorted = [...groups].map(([key, members]): Grouped<Entry> => ({ key, entries: members }));
  sorted.sort((a, b) => rank(a.key) - rank(b.key) || a.key.localeCompare(b.key));
  return columnsOf(sorted, property);
}

/** As the base grouped them; what reads the same stands together. */
export function columnsOf<Entry>(groups: readonly Grouped<Entry>[], property: string): readonly Column<Entry>[] {
  const columns = new Map<string, readonly Entry[]>();
  for (const { key, entries } of groups) {
    if (!entries.length) continue;
    const name = key.trim() === '' ? columnsWords.without(property) : headed(key);
    columns.set(name, [...(columns.get(name) ?? []), ...entries]);
  }
  return [...columns].map(([name, entries]) => ({ name, entries }));
}

const WORD = /^[a-z]+(_[a-z]+)*$/;
const CODE = /^[a-z]+(_[a-z]+)+$/;
const LINK = /!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g;
const MOMENT = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d(\.\d+)?)?$/;

/** A property's value as people say it: codes in words, links by what they show, times without the T. */
export const readable = (value: string): string =>
  CODE.test(value) ? wordsOf(value) : value.replace(LINK, '$1').replace(MOMENT, '$1 $2').trim();

const headed = (value: string): string => (WORD.test(value) ? wordsOf(value) : readable(value));

/** What a card says below its title: the properties that the view shows, where they have a value. */
export const detailsOf = <Property extends string>(
  order: readonly Property[],
  textOf: (property: Property) => string,
  labelOf: (property: Property) => string,
): readonly (readonly [label: string, value: string])[] =>
  order.flatMap((property) => {
    const text = property === TITLE ? '' : readable(textOf(property));
    return text ? [[labelOf(property), text] as const] : [];
  });

/** What a person has listed, whatever stands in the file. */
export const listed = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
