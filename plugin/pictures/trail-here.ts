/** The trail of an item as far as this device holds it: the same walk as the server's, over what states tell of the way they came. */
import type { Link, Subject } from '../../shared/kernel/event.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import { walkTrail, type Past, type Seen, type TrailAnswer } from '../../shared/kernel/trail.ts';
import type { View } from '../provisional-tx.ts';
import { keyOf, type Held } from '../replica.ts';

interface Known {
  readonly seen: Seen;
  readonly past: Past;
}

const HERE = { visible: true, more: false };
const AWAY: Seen = { ref: null, title: null, visible: false, more: true };
const NOTHING: Past = { upstream: [], inside: [], events: [] };

export async function trailHere(view: View, start: Subject): Promise<TrailAnswer> {
  const known = new Map<string, Known>();
  const below = new Map<string, Link[]>();
  const leads = (from: Subject, to: Subject, rel: Link['rel']): void => {
    const all = below.get(keyOf(from)) ?? [];
    below.set(keyOf(from), [...all, { kind: to.kind, id: to.id, rel }]);
  };
  const learn = (held: Held): void => {
    const feature = view.register.byKind.get(held.kind)!;
    const self = { kind: held.kind, id: held.id };
    const past = feature.past?.(held.state, self) ?? NOTHING;
    const ref = shortNumber(feature.letter, held.number);
    known.set(keyOf(held), { seen: { ...HERE, ref, title: feature.titleOf(held.state) }, past });
    for (const cause of past.upstream) leads(cause, self, cause.rel);
    for (const item of past.inside) {
      known.set(keyOf(item), {
        seen: { ...HERE, ref: null, title: item.title },
        past: { ...NOTHING, events: past.events },
      });
      leads(self, item, 'part_of');
    }
  };
  for (const held of view.everything()) if (view.register.byKind.get(held.kind)?.past) learn(held);
  const self = view.get(start);
  if (self && !known.has(keyOf(self))) learn(self);

  const trail = await walkTrail<Seen>(
    { kind: start.kind, id: start.id },
    {
      up: (item) => Promise.resolve(known.get(keyOf(item))?.past.upstream ?? []),
      down: (item) => Promise.resolve(below.get(keyOf(item)) ?? []),
    },
    (item) => Promise.resolve(known.get(keyOf(item))?.seen ?? AWAY),
  );
  const events = new Set(trail.items.flatMap((item) => known.get(keyOf(item))?.past.events ?? []));
  return { ...trail, events: [...events] };
}
