import type { Ask, Decide, Evolve } from '../../kernel/feature.ts';
import { refuse } from '../../kernel/refusal.ts';
import { utc } from '../../kernel/schema.ts';
import { connectingDecide, connectingEvolve, unconnected } from './connecting.ts';
import type { commands, events, IntegrationState } from './contract.ts';
import { OVERLAP_MS } from './proof.ts';

export const initial: IntegrationState = {
  kind: 'generic',
  name: '',
  area: null,
  proof: 'token',
  key: '',
  earlier: [],
  retired: false,
  expectEverySeconds: null,
  expectedSince: null,
  limits: null,
  mapping: null,
  undatedSignatures: false,
  alarms: null,
  troubles: {},
  ...unconnected,
};

/** Kinds whose messages mean what somebody says they mean. */
const MAPPED: readonly IntegrationState['kind'][] = ['generic', 'node-red', 'cloudevents', 'standard-webhooks', 'mes'];

const RETIRED = refuse('transition-not-allowed', 'This integration is retired; create a new one.');

/** What it is known by, as the host has minted it. */
function known({ minted }: Pick<Ask, 'minted'>): { proof: IntegrationState['proof']; hash?: string; keyId?: string } {
  const { keyId, routingHash, tokenHash } = minted;
  if (keyId !== undefined) return { proof: 'signature', keyId };
  return routingHash === undefined ? { proof: 'token', hash: tokenHash! } : { proof: 'routing-key', hash: routingHash };
}

export const decide: Decide<IntegrationState, typeof commands> = {
  ...connectingDecide,
  create: (_state, { input: { kind, name, area }, minted }) => [
    { type: 'integration.created', body: { kind, name, area: area ?? null, ...known({ minted }) } },
  ],
  configure: (state, { input }) => {
    if (state.retired) return RETIRED;
    if (input.mapping && !MAPPED.includes(state.kind))
      return refuse(
        'invalid-input',
        `What ${state.kind} sends has a meaning of its own: only ${MAPPED.join(', ')} take a mapping.`,
        {
          fields: [{ field: '/mapping', problem: 'Not for this kind.' }],
        },
      );
    const { reason: _reason, occurredAt: _at, ...said } = input;
    const changes = Object.entries(said).filter(
      ([field, value]) => JSON.stringify(state[field as keyof IntegrationState]) !== JSON.stringify(value),
    );
    return changes.length ? [{ type: 'integration.configured', body: Object.fromEntries(changes) }] : [];
  },
  rotate: (state, { minted, now }) => {
    if (state.retired) return RETIRED;
    const { proof: _proof, ...key } = known({ minted });
    const previousUntil = utc(Date.parse(now) + OVERLAP_MS);
    return [{ type: 'integration.rotated', body: { ...key, previous: state.key, previousUntil } }];
  },
  retirePrevious: (state, { now }) =>
    state.earlier.some(({ until }) => until !== null && until > now)
      ? [{ type: 'integration.previous_retired', body: {} }]
      : refuse('transition-not-allowed', 'Only the newest token or secret counts already: there is none to retire.'),
  retire: (state) =>
    state.retired
      ? refuse('transition-not-allowed', 'This integration is retired already.')
      : [{ type: 'integration.retired', body: {} }],
  // Once for each episode, however often it is noticed.
  noteTrouble: (state, { input: { trouble, since, detail } }) =>
    state.troubles[trouble] === undefined && !state.retired
      ? [{ type: 'integration.trouble_began', body: { trouble, since, detail } }]
      : [],
  noteRelief: (state, { input: { trouble, detail } }) => {
    const since = state.troubles[trouble];
    return since === undefined ? [] : [{ type: 'integration.trouble_ended', body: { trouble, since, detail } }];
  },
};

export const evolve: Evolve<IntegrationState, typeof events> = {
  ...connectingEvolve<IntegrationState>(),
  'integration.created': (state, { body: { kind, name, area, proof = 'token', hash, keyId } }) => ({
    ...state,
    kind,
    name,
    area,
    proof,
    key: keyId ?? hash ?? '',
  }),
  'integration.rotated': (state, { body: { hash, keyId, previous, previousUntil = null } }) => ({
    ...state,
    key: keyId ?? hash ?? '',
    earlier: [...state.earlier, { key: previous, until: previousUntil }],
  }),
  'integration.previous_retired': (state) => ({
    ...state,
    earlier: state.earlier.map(({ key }) => ({ key, until: null })),
  }),
  'integration.configured': (state, { body, receivedAt }) => {
    const { name, area, expectEverySeconds, limits, mapping, undatedSignatures, alarms } = body;
    return {
      ...state,
      ...(name === undefined ? {} : { name }),
      ...(area === undefined ? {} : { area }),
      ...(expectEverySeconds === undefined ? {} : { expectEverySeconds, expectedSince: receivedAt }),
      ...(limits === undefined ? {} : { limits }),
      ...(mapping === undefined ? {} : { mapping }),
      ...(undatedSignatures === undefined ? {} : { undatedSignatures }),
      ...(alarms === undefined ? {} : { alarms }),
    };
  },
  'integration.retired': (state) => ({ ...state, retired: true }),
  'integration.trouble_began': (state, { body: { trouble, since } }) => ({
    ...state,
    troubles: { ...state.troubles, [trouble]: since },
  }),
  'integration.trouble_ended': (state, { body: { trouble } }) => {
    const { [trouble]: _over, ...troubles } = state.troubles;
    return { ...state, troubles };
  },
};
