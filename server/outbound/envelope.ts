/** What a webhook says of an event: enough to know whether to ask, and where. Follows from the record alone, so that every attempt says the same. */
import { evolved } from '../../shared/kernel/evolved.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import type { FeedEvent, Ledger, Stream } from '../../shared/kernel/ledger.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { itemLink } from './link.ts';

export interface Envelope {
  readonly type: string;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Longer titles are cut: the whole message stays far below what is sent at most. */
const MOST_TITLE = 500;

/** `url`: where people reach this server, when that was set. */
export async function envelopeOf(
  ledger: Ledger,
  register: Register,
  event: FeedEvent,
  url: string | undefined,
): Promise<Envelope | undefined> {
  const feature = register.events.get(event.type)?.feature;
  const stream = feature && (await streamAt(ledger, feature, event));
  if (!stream) return undefined;
  const { kind, id } = event.subject;
  const view = feature.view(stream.state, { id, number: stream.number, seq: stream.seq }) as Record<string, unknown>;
  const { status, priority } = view;
  return {
    type: event.type,
    timestamp: event.occurredAt,
    data: {
      ...{ event: event.id, seq: event.seq, kind, id },
      ref: shortNumber(feature.letter, stream.number),
      title: feature.titleOf(stream.state).slice(0, MOST_TITLE),
      area: event.area,
      shift: event.shift,
      ...(typeof status === 'string' ? { status } : {}),
      ...(typeof priority === 'string' ? { priority } : {}),
      actor: { kind: event.actor.kind, id: event.actor.id },
      receivedAt: event.receivedAt,
      link: itemLink(kind, id),
      ...(url === undefined ? {} : { url: `${url}/v1/${feature.name}/${id}` }),
    },
  };
}

/** As the event left it. */
async function streamAt(
  ledger: Ledger,
  feature: Feature,
  { org, subject, seq }: FeedEvent,
): Promise<Stream | undefined> {
  const now = await ledger.stream(org, subject.kind, subject.id);
  if (!now || now.seq === seq) return now;
  let state: unknown = feature.initial;
  for (const event of await ledger.history(org, subject, seq)) state = evolved(feature, state, event);
  return { ...now, seq, state };
}
