import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import type { Row } from '../../kernel/read.ts';
import { refuse } from '../../kernel/refusal.ts';
import { connectingView, connectionOf } from './connecting.ts';
import { commands, entity, events, secretWith, type IntegrationState, type Secret, type Trouble } from './contract.ts';
import { decide, evolve, initial } from './decider.ts';
import { proofOf } from './proof.ts';
import { snippetOf } from './snippets.ts';

const secretsOf = (integration: string, { proof, key, earlier, retired }: IntegrationState) =>
  proof === 'signature'
    ? []
    : [
        { key, value: { integration, state: retired ? 'retired' : 'valid', until: null } satisfies Secret },
        ...earlier.map(({ key: before, until }) => ({
          key: before,
          value: { integration, state: retired ? 'retired' : 'replaced', until } satisfies Secret,
        })),
      ];

export const integrations = feature({
  name: 'integrations',
  kind: 'integration',
  letter: 'N',
  summary: 'Senders of events: monitoring, SCADA, anything that can post JSON',
  commands,
  events,
  entity,
  initial,
  view: (state: IntegrationState, { id, number }) => {
    const { kind, name, area, proof, retired, expectEverySeconds, limits, mapping, undatedSignatures, alarms } = state;
    return {
      id,
      number,
      ref: shortNumber('N', number),
      url: `/v1/ingest/${id}`,
      ...{ kind, name, area, proof, retired, expectEverySeconds, limits, mapping, undatedSignatures, alarms },
      previousUntil: state.earlier.at(-1)?.until ?? null,
      troubles: Object.entries(state.troubles).map(([trouble, since]) => ({ trouble: trouble as Trouble, since })),
      ...connectingView(state),
    };
  },
  decide,
  evolve,
  tracked: ['name', 'area', 'retired', 'expectEverySeconds', 'limits', 'mapping', 'undatedSignatures', 'alarms'],
  areaOf: () => undefined,
  readers: 'config.read',
  columns: { kind: (state) => state.kind, pulls: (state) => (state.pull && !state.retired ? 1 : null) },
  filters: ['kind'],
  tables: {
    integration_secrets: { columns: {}, from: ({ subject }, state) => secretsOf(subject.id, state) },
  },
  credentials: {
    by: secretWith,
    caller: ({ value }: Row<Secret>, org, now) => {
      if (value.state === 'retired')
        return refuse('gone', 'This integration is retired. Stop sending, or ask an admin for a new one.');
      if (value.state === 'replaced' && (value.until === null || value.until <= now))
        return refuse('token-expired', 'This token was replaced by a newer one; use that.');
      return { kind: 'integration', id: value.integration, areas: [], org };
    },
    proof: proofOf,
    snippet: snippetOf,
  },
  connections: { of: connectionOf, pulling: { pulls: 1 }, noteFault: 'noteFault', keepSecret: 'keepSecret' },
  titleOf: (state) => state.name,
});
