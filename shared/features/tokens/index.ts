import { feature, type Offered } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { select, type Row } from '../../kernel/read.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { utc } from '../../kernel/schema.ts';
import { usersAmong, type UserState } from '../users/contract.ts';
import { commands, entity, events, type TokenState } from './contract.ts';
import { codesOf, isWaiting, offeredUntil, redeemed } from './offer.ts';

const initial: TokenState = {
  role: 'operator',
  user: '',
  areas: [],
  hash: '',
  expiresAt: null,
  earlier: [],
  revoked: false,
  offer: null,
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
  if (isWaiting(state)) return [];
  const { user, role, areas, revoked } = state;
  return [
    { key: state.hash, value: { user, role, areas, revoked, until: state.expiresAt, rotated: false } },
    ...state.earlier.map(({ hash, until }) => ({
      key: hash,
      value: { user, role, areas, revoked, until, rotated: true },
    })),
  ];
};

interface Wanted {
  readonly role: TokenState['role'];
  readonly user: string;
  readonly areas?: readonly string[] | undefined;
  readonly expiresAt?: string | undefined;
}

/** What a token of this person is good for; only who is known and has not left gets one. */
function grantTo([person]: readonly Row<UserState>[], { role, user, areas, expiresAt }: Wanted) {
  if (!person)
    return refuse('unknown-reference', 'There is no such person; add them first.', {
      fields: [{ field: '/user', problem: 'unknown' }],
    });
  if (person.value.leftAt !== null)
    return refuse('transition-not-allowed', 'This person has left. Reactivate them before you make a token.');
  return { role, user, areas: areas ?? person.value.areas, expiresAt: expiresAt ?? null };
}

const LEFT = refuse('gone', 'The person of this pairing code was deactivated. Ask an admin to reactivate them.');
const NOT_YET = refuse(
  'transition-not-allowed',
  'The pairing code of this token was not used: there is no secret to replace. Revoke it and make a new code.',
);

export const tokens = feature({
  name: 'tokens',
  kind: 'token',
  letter: 'K',
  summary: 'Access tokens of people: shown once, kept as a hash',
  commands,
  events,
  entity,
  initial,
  view: ({ role, user, areas, expiresAt, revoked, offer }: TokenState, { id, number }) => ({
    id,
    number,
    ref: shortNumber('K', number),
    role,
    user,
    areas,
    expiresAt,
    revoked,
    offer: offer && { expiresAt: offer.until, redeemedAt: offer.redeemedAt, device: offer.device },
  }),
  reads: {
    create: ({ input }) => ({ person: usersAmong([input.user]) }),
    offer: ({ input }) => ({ person: usersAmong([input.user]) }),
    redeem: (_ask, { user }) => ({ person: usersAmong([user]) }),
  },
  decide: {
    create: (_state, { input, minted }, { person }) => {
      const grant = grantTo(person, input);
      if (isRefusal(grant)) return grant;
      return [{ type: 'token.created', body: { hash: minted['tokenHash'], ...grant } }];
    },
    offer: (_state, { input, minted, now }, { person }) => {
      const grant = grantTo(person, input);
      if (isRefusal(grant)) return grant;
      return [{ type: 'token.offered', body: { codeHash: minted['codeHash'], until: offeredUntil(now), ...grant } }];
    },
    redeem: (state, { input, minted, now }, { person }) =>
      person[0]?.value.leftAt === null
        ? redeemed(state, { now, hash: minted['tokenHash'], device: input.device ?? null })
        : LEFT,
    rotate: (state, { input, minted, now }) => {
      if (isWaiting(state)) return NOT_YET;
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
    'token.offered': (state, { body: { codeHash, until, role, user, areas, expiresAt } }) => ({
      ...state,
      role,
      user,
      areas,
      expiresAt,
      offer: { codeHash, until, redeemedAt: null, device: null },
    }),
    'token.redeemed': (state, { body: { hash, device }, receivedAt }) => ({
      ...state,
      hash,
      offer: state.offer && { ...state.offer, redeemedAt: receivedAt, device },
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
    pairing_codes: { columns: {}, from: ({ subject }, state) => codesOf(subject.id, state) },
  },
  offers: {
    by: (hash) => select<Offered>('pairing_codes', { where: { key: hash } }),
    redeem: 'redeem',
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
