/** Figures without a server: gathered from a plant's own events, or from events that were made by hand. */
import { gather } from '../../shared/figures/index.ts';
import type { Figure, Scope } from '../../shared/figures/figure.ts';
import type { FeedEvent } from '../../shared/kernel/ledger.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { ORG } from './people.ts';
import type { Plant } from './plant.ts';

export type Figures = Readonly<Record<string, Figure>>;

export const scopeOf = (from: string, to: string, areas: readonly string[] = [], now = to): Scope => ({
  areas,
  from: Date.parse(from),
  to: Date.parse(to),
  now: Date.parse(now),
});

export const byKey = (figures: readonly Figure[]): Figures =>
  Object.fromEntries(figures.map((figure) => [figure.key, figure]));

export function heard(events: readonly FeedEvent[], scope: Scope): Figures {
  const gathering = gather(scope);
  for (const event of events) gathering.hear(event);
  return byKey(gathering.figures());
}

export async function figuresOf(plant: Plant, scope: Scope): Promise<Figures> {
  const gathering = gather(scope);
  for (const event of await plant.events()) gathering.hear(event);
  for (const { read, learn } of gathering.lookups()) learn(await plant.ledger.load(ORG, read));
  return byKey(gathering.figures());
}

/** As the ledger would have it, with only what figures look at. */
export const eventAt = (
  at: string | number,
  type: string,
  name: string,
  body: object = {},
  area: string | null = 'leeds/packaging',
): FeedEvent => {
  const occurredAt = new Date(at).toISOString();
  const [noun = ''] = type.split('.');
  return {
    ...{ seq: 1, org: ORG, id: derivedId(type, name, occurredAt), type, shift: null, device: null, area },
    subject: { kind: noun === 'alarm' ? 'condition' : noun, id: name },
    actor: { kind: 'engine', id: 'test' },
    ...{ occurredAt, recordedAt: occurredAt, receivedAt: occurredAt, upstream: [] },
    command: { id: derivedId(type), sha256: '' },
    body: { ...body },
  };
};
