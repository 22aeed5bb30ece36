import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { select, type Row } from '../../kernel/read.ts';
import { refuse } from '../../kernel/refusal.ts';
import { utc } from '../../kernel/schema.ts';
import { usersAmong } from '../users/contract.ts';
import { commands, entity, events, type TokenState } from './contract.ts';

const initial: TokenState = {
  role: 'operator',
  user: '',
  areas: [],
  hash: '',
  expiresAt: null,
  earlier: [],
  revoked: false,
};

/** What one secret opens; the row is keyed by its hash. */
interface Secret {
  readonly user: string;
  readonly role: string;
  readonly areas: readonly string[];
  readonly until: string | null;
  readonly revoked: boolean;
  readonly rotated: boolean;
}

const secretsOf = (state: TokenState): { key: string; value: Secret }[] => {
  const { user, role, areas, revoked } = state;
  return [
    { key: state.hash, value: { user, role, areas, revoked, until: state.expiresAt, rotated: false } },
    ...state.earlier.map(({ hash, until }) => ({
      key: hash,
      value: { user, role, areas, revoked, until, rotated: true },
    })),
  ];
};

export const tokens = feature({
  name: 'tokens',
  kind: 'token',
  letter: 'K',
  summary: 'Access tokens of people: shown once, kept as a hash',
  commands,
  events,
  entity,
  initial,
  view: ({ role, user, areas, expiresAt, revoked }: TokenState, { id, number }) => ({
    id,
    number,
    ref: shortNumber('K', number),
    role,
    user,
    areas,
    expiresAt,
    revoked,
  }),
  reads: {
    create: ({ input }) => ({ person: usersAmong([input.user]) }),
  },
  decide: {
    create: (_state, { input: { role, user, areas, expiresAt }, minted }, { person }) => {
      const found = person[0];
      if (!found)
        return refuse('unknown-reference', 'There is no such person; add them first.', {
          fields: [{ field: '/user', problem: 'unknown' }],
        });
      if (found.value.leftAt !== null)
        return refuse('transition-not-allowed', 'This person has left. Reactivate them before you make a token.');
      const body = {
        hash: minted['tokenHash'],
        role,
        user,
        areas: areas ?? found.value.areas,
        expiresAt: expiresAt ?? null,
      };
      return [{ type: 'token.created', body }];
    },
    rotate: (state, { input, minted, now }) => {
      if (state.revoked) return refuse('transition-not-allowed', 'This token is revoked; create a new one.');
      const previousUntil = utc(Date.parse(now) + input.overlapMinutes * 60_000);
      return [{ type: 'token.rotated', body: { hash: minted['tokenHash'], previous: state.hash, previousUntil } }];
    },
    revoke: (state) =>
      state.revoked
        ? refuse('transition-not-allowed', 'This token is revoked already.')
        : [{ type: 'token.revoked', body: {} }],
  },
  evolve: {
    'token.created': (state, { body: { hash, role, user, areas, expiresAt } }) => ({
      ...state,
      hash,
      role,
      user,
      areas,
      expiresAt,
    }),
    'token.rotated': (state, { body: { hash, previous, previousUntil } }) => ({
      ...state,
      hash,
      earlier: [...state.earlier, { hash: previous, until: previousUntil }],
    }),
    'token.revoked': (state) => ({ ...state, revoked: true }),
  },
  tracked: ['role', 'areas', 'expiresAt', 'revoked'],
  areaOf: () => undefined,
  readers: 'config.read',
  columns: { user: (state) => state.user },
  filters: ['user'],
  tables: {
    secrets: { columns: {}, from: (_event, state) => secretsOf(state) },
  },
  credentials: {
    by: (hash) => select<Secret>('secrets', { where: { key: hash } }),
    caller: (row: Row<Secret>, org, now) => {
      const { user, role, areas, until, revoked, rotated } = row.value;
      if (revoked) return refuse('token-revoked', 'This token was revoked. Ask an admin for a new one.');
      if (until !== null && until <= now) {
        return refuse(
          'token-expired',
          rotated
            ? 'This token was replaced by a newer one; use that.'
            : 'This token has expired. Ask an admin for a new one.',
        );
      }
      return { kind: 'user', id: user, role, areas, org };
    },
  },
  titleOf: (state) => `Token of role ${state.role}`,
});
