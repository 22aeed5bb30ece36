/**
 * Who is in the room, as they say themselves: repeated to all, kept nowhere, believed by nobody here. Stock clients also repeat what they hear
 * of others; for a client speaks only who spoke for it first.
 */
import { isSame } from './author.ts';
import { createBucket, type Bucket } from './bucket.ts';
import type { Peer } from './room.ts';
import type { Presence } from './wire.ts';

const STATE_CHARS = 4096;
const CLIENTS_OF_PEER = 8;
const GONE_KEPT = 2000;
const PER_SECOND = 20;
const AT_ONCE = 60;
const GONE = 'null';

export interface Present {
  /** What of it is news to the room. */
  take(peer: Peer, said: readonly Presence[]): readonly Presence[];
  /** The farewells to say for somebody who has gone. */
  leave(peer: Peer): readonly Presence[];
  all(): readonly Presence[];
}

export function createPresent(): Present {
  const known = new Map<number, Presence & { readonly peer: Peer }>();
  const buckets = new WeakMap<Peer, Bucket>();

  const isNews = (peer: Peer, { client, clock, state }: Presence): boolean => {
    if (state.length > STATE_CHARS) return false;
    const before = known.get(client);
    if (!before) return state !== GONE && ownedBy(peer).length < CLIENTS_OF_PEER;
    if (before.peer !== peer && !isSame(before.peer, peer)) return false;
    return clock > before.clock || (clock === before.clock && state === GONE && before.state !== GONE);
  };
  const ownedBy = (peer: Peer) => [...known.values()].filter((one) => one.peer === peer && one.state !== GONE);
  const forget = () => {
    if (known.size < GONE_KEPT) return;
    for (const [client, { state }] of known) if (state === GONE) known.delete(client);
  };

  return {
    take(peer, said) {
      const bucket = buckets.get(peer) ?? createBucket(PER_SECOND, AT_ONCE);
      buckets.set(peer, bucket);
      if (!bucket.take(1)) return [];
      forget();
      const news = said.filter((one) => isNews(peer, one));
      for (const one of news) known.set(one.client, { ...one, peer });
      return news;
    },
    leave(peer) {
      const farewells = ownedBy(peer).map(({ client, clock }) => ({ client, clock: clock + 1, state: GONE }));
      for (const one of farewells) known.set(one.client, { ...one, peer });
      return farewells;
    },
    all: () => [...known.values()].filter(({ state }) => state !== GONE),
  };
}
