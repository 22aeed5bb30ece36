import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { commands, entity, events, type WebhookState } from './contract.ts';
import { decide } from './decider.ts';
import { evolve, initial } from './evolve.ts';

export const webhooks = feature({
  name: 'webhooks',
  kind: 'webhook',
  letter: 'B',
  summary: 'Systems that are told what happens here, by signed messages (Standard Webhooks)',
  commands,
  events,
  entity,
  initial,
  view: ({ url, types, name, area, status, earlier, problem }: WebhookState, { id, number }) => ({
    id,
    number,
    ref: shortNumber('B', number),
    address: url,
    types,
    name,
    area,
    status,
    earlierSecretsUntil: earlier.map(({ until }) => until),
    problem,
  }),
  decide,
  evolve,
  tracked: ['types', 'area', 'status'],
  areaOf: () => undefined,
  readers: 'config.read',
  columns: { status: (state) => state.status },
  filters: ['status'],
  titleOf: (state) => state.name,
});
