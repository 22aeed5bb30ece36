/** Streams by the names that people use for them, and as the API shows them. */
import { evolved } from '../../shared/kernel/evolved.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import { isUuid } from '../../shared/kernel/ids.ts';
import type { FeedEvent, Ledger, Stream } from '../../shared/kernel/ledger.ts';
import type { Site } from './site.ts';

/** By UUID, by number (`192`) or by short number (`T-192`, any case). */
export async function streamOf(
  ledger: Ledger,
  org: string,
  feature: Feature,
  ref: string,
): Promise<Stream | undefined> {
  const id = ref.toLowerCase();
  if (isUuid(id)) return ledger.stream(org, feature.kind, id);
  const [, letter, number] = /^(?:([a-z])-)?([1-9][0-9]{0,14})$/.exec(id) ?? [];
  if (!number || (letter && letter !== feature.letter.toLowerCase())) return undefined;
  return ledger.stream(org, feature.kind, Number(number));
}

/** How this server shows entities: `origin` makes a path in `url` one that another machine can call; `noteRoom` names a text's current room. */
export interface Shown {
  readonly origin: string;
  readonly noteRoom: (entity: string) => string;
}

export const shownBy = ({ rooms }: Pick<Site, 'rooms'>, org: string, url: string): Shown => ({
  origin: new URL(url).origin,
  noteRoom: (entity) => rooms.roomNameOf(org, entity),
});

export function entityOf(
  feature: Feature,
  stream: Omit<Stream, 'kind' | 'first'>,
  { origin, noteRoom }: Shown,
): Record<string, unknown> {
  const { id, number, seq, state } = stream;
  const view: Record<string, unknown> = {
    ...feature.view(state, { id, number, seq }),
    ...(feature.prose ? { noteRoom: noteRoom(id) } : {}),
  };
  const { url } = view;
  return typeof url === 'string' && url.startsWith('/') ? { ...view, url: `${origin}${url}` } : view;
}

/** The stream as it stood after these events, which are all of its first ones. */
export function foldOf(feature: Feature, events: readonly FeedEvent[]): Stream | undefined {
  const [first, last] = [events[0], events.at(-1)];
  if (!first || !last) return undefined;
  let state: unknown = feature.initial;
  for (const event of events) state = evolved(feature, state, event);
  const number = (first.body as { number?: number }).number ?? null;
  return { ...first.subject, number, first: first.seq, seq: last.seq, state };
}
