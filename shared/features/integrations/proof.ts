/** How senders of a kind prove who they are, and which of their secrets count at a time. */
import type { Proof } from '../../kernel/feature.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import type { IntegrationKind, IntegrationState } from './contract.ts';

const USUAL: Readonly<Partial<Record<IntegrationKind, Proof>>> = {
  'standard-webhooks': 'signature',
  pagerduty: 'routing-key',
};

/** Senders that cannot sign. */
const UNSIGNED: readonly IntegrationKind[] = ['alertmanager', 'ignition'];

interface Wish {
  readonly kind?: unknown;
  readonly proof?: unknown;
  readonly secret?: unknown;
}

/** For a new integration, whose state has no key yet, or for one that gets another secret. */
export function proofOf({ kind: wished, proof, secret }: Wish, state: IntegrationState): Proof | Refusal {
  const isNew = state.key === '';
  const kind = (isNew ? wished : state.kind) as IntegrationKind;
  const signs = isNew ? proof === 'signature' || secret !== undefined : state.proof === 'signature';
  const chosen = signs ? 'signature' : isNew ? ((proof as Proof | undefined) ?? USUAL[kind] ?? 'token') : state.proof;
  if (signs && UNSIGNED.includes(kind))
    return refuse('invalid-input', 'Senders of this kind cannot sign. Leave out the secret and use a token.', {
      fields: [{ field: '/proof', problem: 'Cannot sign.' }],
    });
  if (secret === undefined) return chosen;
  if (chosen !== 'signature')
    return refuse('invalid-input', 'This integration has no secret of its own: a new one is made for it.', {
      fields: [{ field: '/secret', problem: 'Not taken here.' }],
    });
  return kind === 'standard-webhooks' && !isStandardSecret(secret)
    ? refuse(
        'invalid-input',
        'A secret of Standard Webhooks is whsec_ and 24 to 64 bytes in base64, or whpk_ and a public key.',
        { fields: [{ field: '/secret', problem: 'Not whsec_… or whpk_….' }] },
      )
    : chosen;
}

const isStandardSecret = (secret: unknown): boolean =>
  typeof secret === 'string' && /^(?:whsec_[A-Za-z0-9+/_-]{32,88}|whpk_[A-Za-z0-9+/_-]{43})={0,2}$/.test(secret);

/** For how long the one before counts beside a new one. */
export const OVERLAP_MS = 24 * 60 * 60_000;

/** Of all that it was ever known by, what counts now: the newest first. */
export const keysAt = ({ key, earlier }: IntegrationState, now: string): readonly string[] => [
  key,
  ...earlier.flatMap(({ key: before, until }) => (until !== null && until > now ? [before] : [])).reverse(),
];
