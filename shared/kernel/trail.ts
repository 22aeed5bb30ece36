/** The walk along causal links: from any item up to its root, and down to all that followed from it. Cycles are cut, and so is what is too long. */
import { CAUSAL, type Link, type Relation, type Subject } from './event.ts';

/** What one item knows of its neighbours. `up`: what led to it; `down`: what it led to. */
export interface Ties {
  readonly up: (item: Subject) => Promise<readonly Link[]>;
  readonly down: (item: Subject) => Promise<readonly Link[]>;
}

export type Described<D> = Subject & D & { readonly parents: readonly Link[]; readonly children: readonly Link[] };

export interface Trail<D> {
  /** The one cause of it all; null when there is none (a cycle) or more than one. */
  readonly root: (Subject & D) | null;
  readonly roots: readonly (Subject & D)[];
  /** From the root to the item that was asked for. */
  readonly chain: readonly (Subject & D)[];
  /** Nearest first: the item itself, what led to it, what followed from it. */
  readonly items: readonly Described<D>[];
  readonly complete: boolean;
}

/** What a trail tells of one event: that much is known of it away from the server too. */
export interface TrailEvent {
  /** `null`: not known here. */
  readonly seq: number | null;
  readonly type: string;
  readonly subject: Subject;
  readonly actor: Subject;
  readonly occurredAt: string;
  /** `null`: not known here. */
  readonly recordedAt: string | null;
  readonly upstream: readonly Link[];
  readonly body: Readonly<Record<string, unknown>>;
}

/** What a state alone can tell of the way it came, where its events are not at hand. */
export interface Past {
  readonly upstream: readonly Link[];
  /** Items that live inside it. */
  readonly inside: readonly (Subject & { readonly title: string })[];
  readonly events: readonly TrailEvent[];
}

/** How an item of a trail is called, and whether whoever asked may see it. */
export interface Seen {
  readonly ref: string | null;
  readonly title: string | null;
  readonly visible: boolean;
  /** There is more about it than whoever asked may see. */
  readonly more?: boolean;
}

export interface TrailAnswer extends Trail<Seen> {
  readonly events: readonly TrailEvent[];
}

export const isCausal = (rel: Relation): boolean => (CAUSAL as readonly Relation[]).includes(rel);

const keyOf = ({ kind, id }: Subject): string => `${kind}/${id}`;

/** Causal links that no later one took back, in the order of the log. */
function standing(links: readonly Link[]): readonly Link[] {
  const taken = new Map<string, number>();
  links.forEach((link, at) => link.rel === 'retracted_from' && taken.set(keyOf(link), at));
  return links.filter((link, at) => isCausal(link.rel) && at > (taken.get(keyOf(link)) ?? -1));
}

/** Every event of an item may name the same cause. */
const distinct = (links: readonly Link[]): readonly Link[] => [
  ...new Map(links.map((link) => [`${link.rel} ${keyOf(link)}`, link])).values(),
];

interface Walked {
  readonly items: Map<string, Subject>;
  readonly ties: Map<string, readonly Link[]>;
  /** The neighbour through which an item was first met. */
  readonly metThrough: Map<string, string>;
  readonly complete: boolean;
}

async function walk(start: Subject, neighbours: Ties['up'], most: number): Promise<Walked> {
  const items = new Map([[keyOf(start), start]]);
  const ties = new Map<string, readonly Link[]>();
  const metThrough = new Map<string, string>();
  // A Map is iterated in the order of insertion, what is added on the way included: breadth first.
  for (const [key, item] of items) {
    if (ties.size >= most) return { items, ties, metThrough, complete: false };
    const links = distinct(standing(await neighbours(item)));
    ties.set(key, links);
    for (const { kind, id } of links) {
      const next = keyOf({ kind, id });
      if (items.has(next)) continue;
      items.set(next, { kind, id });
      metThrough.set(next, key);
    }
  }
  return { items, ties, metThrough, complete: true };
}

/** Items without a causal parent among the ancestors of `start`, itself included. */
export async function rootsOf(start: Subject, up: Ties['up'], most = 500): Promise<readonly Subject[]> {
  const { items, ties } = await walk(start, up, most);
  return [...items].filter(([key]) => ties.get(key)?.length === 0).map(([, item]) => item);
}

export async function walkTrail<D>(
  start: Subject,
  ties: Ties,
  describe: (item: Subject) => Promise<D>,
  most = 500,
): Promise<Trail<D>> {
  const above = await walk(start, ties.up, most);
  const below = await walk(start, ties.down, most);
  const all = new Map([...above.items, ...below.items]);
  const described = new Map<string, Subject & D>();
  for (const [key, item] of all) described.set(key, { ...item, ...(await describe(item)) });

  const parents = new Map<string, readonly Link[]>(above.ties);
  for (const [key, item] of below.items) if (!parents.has(key)) parents.set(key, standing(await ties.up(item)));
  const children = new Map<string, Link[]>([...below.ties].map(([key, links]) => [key, [...links]]));
  for (const [key, links] of parents) {
    const { kind, id } = all.get(key)!;
    for (const link of links) {
      const known = children.get(keyOf(link)) ?? [];
      if (!known.some((child) => child.kind === kind && child.id === id)) known.push({ kind, id, rel: link.rel });
      children.set(keyOf(link), known);
    }
  }

  const roots = [...above.items.keys()].filter((key) => above.ties.get(key)?.length === 0);
  const [only] = roots.length === 1 ? roots : [];
  const chain: (Subject & D)[] = [];
  for (let at: string | undefined = only; at !== undefined; at = above.metThrough.get(at))
    chain.push(described.get(at)!);
  return {
    root: only === undefined ? null : described.get(only)!,
    roots: roots.map((key) => described.get(key)!),
    chain,
    items: [...described].map(([key, item]) => ({
      ...item,
      parents: parents.get(key) ?? [],
      children: children.get(key) ?? [],
    })),
    complete: above.complete && below.complete,
  };
}
