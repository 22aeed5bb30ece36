/** As much of Obsidian's Bases as our dashboards use: which notes a view shows, and in which order. Obsidian's own reading is not proven by it. */
import { parse } from 'yaml';
import { localDateTime } from '../../shared/kernel/local-time.ts';

type Filter =
  | string
  | { readonly and: readonly Filter[] }
  | { readonly or: readonly Filter[] }
  | { readonly not: readonly Filter[] };
export interface BaseView {
  readonly type: string;
  readonly name: string;
  readonly filters?: Filter;
  readonly groupBy?: { readonly property: string; readonly direction: string };
  readonly order: readonly string[];
  readonly sort: readonly { readonly property: string; readonly direction: 'ASC' | 'DESC' }[];
}
export interface Base {
  readonly filters?: Filter;
  readonly views: readonly BaseView[];
}
export interface BaseNote {
  readonly name: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

export const baseIn = (text: string): Base => parse(text) as Base;

export const noteIn = (path: string, text: string): BaseNote => ({
  name: path.slice(path.lastIndexOf('/') + 1).replace(/\.md$/, ''),
  properties: parse(/^---\n([^]*?)\n---\n/.exec(text)?.[1] ?? '') as Record<string, unknown>,
});

/** Every property of notes that the base names anywhere. */
export function propertiesIn({ filters, views }: Base): ReadonlySet<string> {
  const named = views.flatMap(({ order, sort, groupBy, filters: own }) => [
    ...order.filter((property) => !property.startsWith('file.')),
    ...sort.map(({ property }) => property),
    ...(groupBy ? [groupBy.property] : []),
    ...(own ? wordsIn(own) : []),
  ]);
  return new Set([...named, ...(filters ? wordsIn(filters) : [])]);
}

const FUNCTIONS = ['date', 'now', 'file', 'hasTag'];
const wordsIn = (filter: Filter): readonly string[] =>
  typeof filter === 'string'
    ? (filter.replace(/"(?:[^"\\]|\\.)*"/g, '').match(/[A-Za-z_]\w*/g) ?? []).filter((one) => !FUNCTIONS.includes(one))
    : Object.values(filter as Record<string, readonly Filter[]>).flatMap((all) => all.flatMap(wordsIn));

/** Names of the notes that a view shows, sorted as it says. `now` is local time, as the device's clock shows it. */
export function shownBy(base: Base, view: string, notes: readonly BaseNote[], now: string, zone: string): string[] {
  const { filters, sort } = base.views.find(({ name }) => name === view)!;
  const local = localDateTime(now, zone);
  return notes
    .filter((note) => [base.filters, filters].every((filter) => filter === undefined || holds(filter, note, local)))
    .sort((a, b) => {
      for (const { property, direction } of sort) {
        const [one, other] = [a, b].map(({ properties }) => JSON.stringify(properties[property] ?? ''));
        if (one !== other) return (one! < other! ? -1 : 1) * (direction === 'ASC' ? 1 : -1);
      }
      return 0;
    })
    .map(({ name }) => name);
}

function holds(filter: Filter, note: BaseNote, now: string): boolean {
  if (typeof filter === 'string') return Boolean(evaluated(filter, note, now));
  if ('and' in filter) return filter.and.every((one) => holds(one, note, now));
  if ('or' in filter) return filter.or.some((one) => holds(one, note, now));
  return !filter.not.some((one) => holds(one, note, now));
}

/** A statement: comparisons joined by `||`; whatever else it says is an error here. */
const evaluated = (statement: string, note: BaseNote, now: string): boolean =>
  statement.split(' || ').some((part) => {
    const compared = /^(.+?) (==|!=|<) (.+)$/.exec(part);
    if (!compared) return valueOf(part, note, now) === true;
    const [left, right] = [valueOf(compared[1]!, note, now), valueOf(compared[3]!, note, now)];
    if (compared[2] === '<') return String(left) < String(right);
    return (left === right) === (compared[2] === '==');
  });

function valueOf(term: string, { properties }: BaseNote, now: string): unknown {
  if (term.startsWith('"')) return JSON.parse(term);
  if (term === 'now()') return now;
  const tagged = /^file\.hasTag\((.+)\)$/.exec(term)?.[1];
  if (tagged !== undefined) {
    const tags = (properties['tags'] ?? []) as readonly string[];
    const wanted = JSON.parse(`[${tagged}]`) as readonly string[];
    return wanted.some((tag) => tags.some((one) => one === tag || one.startsWith(`${tag}/`)));
  }
  const dated = /^date\((\w+)\)$/.exec(term)?.[1];
  const name = dated ?? /^\w+$/.exec(term)?.[0];
  if (name === undefined) throw new Error(`No statement of ours: ${term}`);
  return properties[name] ?? null;
}
