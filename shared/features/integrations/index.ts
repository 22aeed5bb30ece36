import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { select, type Row } from '../../kernel/read.ts';
import { refuse } from '../../kernel/refusal.ts';
import { connectingDecide, connectingEvolve, connectingView, connectionOf, unconnected } from './connecting.ts';
import { commands, entity, events, type IntegrationState } from './contract.ts';

const initial: IntegrationState = {
  kind: 'generic',
  name: '',
  area: null,
  hash: '',
  retired: false,
  replaced: [],
  ...unconnected,
};

interface Secret {
  readonly integration: string;
  readonly state: 'valid' | 'replaced' | 'retired';
}

export const integrations = feature({
  name: 'integrations',
  kind: 'integration',
  letter: 'N',
  summary: 'Senders of events: monitoring, SCADA, anything that can post JSON',
  commands,
  events,
  entity,
  initial,
  view: ({ kind, name, area, retired, ...more }: IntegrationState, { id, number }) => ({
    id,
    number,
    ref: shortNumber('N', number),
    kind,
    name,
    area,
    url: `/v1/ingest/${id}`,
    retired,
    ...connectingView(more),
  }),
  decide: {
    ...connectingDecide,
    create: (_state, { input: { kind, name, area }, minted }) => [
      { type: 'integration.created', body: { kind, name, area: area ?? null, hash: minted['tokenHash'] } },
    ],
    rotate: (state, { minted }) =>
      state.retired
        ? refuse('transition-not-allowed', 'This integration is retired; create a new one.')
        : [{ type: 'integration.rotated', body: { hash: minted['tokenHash'], previous: state.hash } }],
    retire: (state) =>
      state.retired
        ? refuse('transition-not-allowed', 'This integration is retired already.')
        : [{ type: 'integration.retired', body: {} }],
  },
  evolve: {
    'integration.created': (state, { body: { kind, name, area, hash } }) => ({ ...state, kind, name, area, hash }),
    'integration.rotated': (state, { body: { hash, previous } }) => ({
      ...state,
      hash,
      replaced: [...state.replaced, previous],
    }),
    'integration.retired': (state) => ({ ...state, retired: true }),
    ...connectingEvolve<IntegrationState>(),
  },
  tracked: ['name', 'area', 'retired'],
  areaOf: () => undefined,
  readers: 'config.read',
  columns: { kind: (state) => state.kind, pulls: (state) => (state.pull && !state.retired ? 1 : null) },
  filters: ['kind'],
  tables: {
    integration_secrets: {
      columns: {},
      from: ({ subject }, state) => [
        {
          key: state.hash,
          value: { integration: subject.id, state: state.retired ? 'retired' : 'valid' } satisfies Secret,
        },
        ...state.replaced.map((key) => ({
          key,
          value: { integration: subject.id, state: 'replaced' } satisfies Secret,
        })),
      ],
    },
  },
  credentials: {
    by: (hash) => select<Secret>('integration_secrets', { where: { key: hash } }),
    caller: ({ value }: Row<Secret>, org) => {
      if (value.state === 'retired')
        return refuse('gone', 'This integration is retired. Stop sending, or ask an admin for a new one.');
      if (value.state === 'replaced')
        return refuse('token-expired', 'This token was replaced by a newer one; use that.');
      return { kind: 'integration', id: value.integration, areas: [], org };
    },
  },
  connections: { of: connectionOf, pulling: { pulls: 1 }, noteFault: 'noteFault', keepSecret: 'keepSecret' },
  titleOf: (state) => state.name,
});
