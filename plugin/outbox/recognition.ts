/**
 * Which of the entries that wait here are on record already: the answer to one may have been lost, and the state that a snapshot brings does
 * not name the commands that made it. What the server shows is not shown a second time.
 */
import type * as z from 'zod';
import type { CommandPlaces } from '../../shared/sync/messages.ts';
import { isQueued, placed, type Entry } from '../../shared/sync/outbox.ts';
import { answered, problemIn, type Clock, type Link } from '../link.ts';
import { MOST } from './courier.ts';

/** Answers the entries whose place is another one than was known. Rejects when the server could not be asked. */
export type Recognition = (entries: readonly Entry[]) => Promise<readonly Entry[]>;

export function createRecognition(link: Link, clock: Clock): Recognition {
  async function placesOf(ids: readonly string[]): Promise<z.output<typeof CommandPlaces>['items']> {
    const reply = await answered(link, clock, 'GET', `/v1/sync/commands?ids=${ids.join()}`);
    if (reply.status >= 500 || reply.status === 429) throw new Error(problemIn(reply).detail);
    // A server that does not know the question cannot be asked until it does.
    return reply.status === 200 ? (reply.json as z.output<typeof CommandPlaces>).items : [];
  }

  return async (entries) => {
    const queued = entries.filter(isQueued);
    const places = new Map<string, number>();
    for (let i = 0; i < queued.length; i += MOST) {
      const ids = queued.slice(i, i + MOST).map(({ command }) => command.id);
      for (const { id, seq } of await placesOf(ids)) places.set(id, seq);
    }
    return queued
      .filter(({ command, seq }) => places.get(command.id) !== seq)
      .map((entry) => placed(entry, places.get(entry.command.id)));
  };
}
