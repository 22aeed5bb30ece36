/** Causal ties as the ledger records them. An item may live inside a stream (an episode inside its alarm): then the events that hold it speak for it. */
import { evolved } from '../../shared/kernel/evolved.ts';
import type { Link, Subject } from '../../shared/kernel/event.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import type { FeedEvent, Ledger } from '../../shared/kernel/ledger.ts';
import { select } from '../../shared/kernel/read.ts';
import type { Register } from '../../shared/kernel/register.ts';
import type { Ties } from '../../shared/kernel/trail.ts';

interface Inside {
  readonly table: string;
  readonly stream: (value: unknown) => string;
  readonly title: (value: unknown) => string;
  readonly holds: (event: FeedEvent, id: string) => boolean;
}

/** Where an item lives: its stream, and which of the stream's events are its own. */
export interface Home {
  readonly feature: Feature;
  readonly stream: Subject;
  readonly title: string | undefined;
  readonly isOwn: (event: FeedEvent) => boolean;
}

export interface Causes extends Ties {
  homeOf(item: Subject): Promise<Home | undefined>;
  eventsOf(home: Home): Promise<readonly FeedEvent[]>;
}

export function causesIn(ledger: Ledger, register: Register, org: string): Causes {
  async function homeOf({ kind, id }: Subject): Promise<Home | undefined> {
    const feature = register.byKind.get(kind);
    if (feature) return { feature, stream: { kind, id }, title: undefined, isOwn: () => true };
    const found = register.items.get(kind);
    if (!found) return undefined;
    const inside = found.feature.items![kind] as unknown as Inside;
    const [row] = await ledger.load(org, select<unknown>(inside.table, { where: { key: id } }));
    if (!row) return undefined;
    const stream = { kind: found.feature.kind, id: inside.stream(row.value) };
    return {
      feature: found.feature,
      stream,
      title: inside.title(row.value),
      isOwn: (event) => inside.holds(event, id),
    };
  }

  const eventsOf = async ({ stream, isOwn }: Home): Promise<readonly FeedEvent[]> =>
    (await ledger.history(org, stream)).filter(isOwn);

  /** The items inside a stream that these of its events touch; all of them without a position. */
  async function insideOf(subject: Subject, seq?: number): Promise<Subject[]> {
    const feature = register.byKind.get(subject.kind);
    const kinds = Object.entries((feature?.items ?? {}) as unknown as Record<string, Inside>);
    if (!feature || !kinds.length) return [];
    const found = new Map<string, Subject>();
    const known = new Map<string, Subject>();
    let state: unknown = feature.initial;
    for (const event of await ledger.history(org, subject, seq)) {
      state = evolved(feature, state, event);
      for (const [kind, { table }] of kinds)
        for (const { key } of feature.tables![table]!.from(event, state))
          known.set(`${kind}/${key}`, { kind, id: key });
      if (seq !== undefined && event.seq !== seq) continue;
      // An event may be about an item that was there before.
      for (const [name, item] of known) if (feature.items![item.kind]!.holds(event, item.id)) found.set(name, item);
    }
    return [...found.values()];
  }

  return {
    homeOf,
    eventsOf,
    async up(item) {
      if (register.byKind.has(item.kind))
        return (await ledger.links(org, item, 'up')).map(({ to, rel }) => ({ ...to, rel }));
      const home = await homeOf(item);
      return home ? (await eventsOf(home)).flatMap(({ upstream }) => upstream) : [];
    },
    async down(item) {
      const followed: Link[] = [];
      for (const { from, rel, seq } of await ledger.links(org, item, 'down')) {
        const inside = await insideOf(from, seq);
        for (const child of inside.length ? inside : [from]) followed.push({ ...child, rel });
      }
      for (const child of await insideOf(item)) followed.push({ ...child, rel: 'part_of' });
      return followed;
    },
  };
}
