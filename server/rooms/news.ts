/** What became durable together is told together: under load one frame for each peer, not one for each letter. */
import * as Y from 'yjs';
import type { Author } from './author.ts';
import type { Peer } from './room.ts';
import * as wire from './wire.ts';

export interface News {
  readonly by: Author;
  readonly bytes: Uint8Array;
}

/** More than this goes out as it came: putting it together would take longer than sending it. */
const TOGETHER_BYTES = 64 * 1024;

/** To everybody but who wrote it. */
export function tellNews(news: readonly News[], peers: Iterable<Peer>): void {
  if (!news.length) return;
  const writers = new Set(news.map(({ by }) => by));
  const frames = framesOf(news);
  for (const peer of peers) {
    const others = writers.has(peer) ? framesOf(news.filter(({ by }) => by !== peer)) : frames;
    for (const frame of others) peer.send(frame);
  }
}

function framesOf(news: readonly News[]): readonly Uint8Array[] {
  const updates = news.map(({ bytes }) => bytes);
  const isSmall = updates.reduce((sum, { length }) => sum + length, 0) <= TOGETHER_BYTES;
  return (updates.length > 1 && isSmall ? [Y.mergeUpdates(updates)] : updates).map(wire.update);
}
