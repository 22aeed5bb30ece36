/**
 * Tokens: shown once by the host, kept here as a SHA-256, expiring, rotated and revoked by events. One that is offered waits for its person
 * to bring a pairing code, once and soon; until then it has no secret.
 */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { areaPath, sha256Name, timestamp, uuid } from '../../kernel/schema.ts';
import { role } from '../users/contract.ts';

/** How long a pairing code works. */
export const CODE_MINUTES = 15;

const grant = { role, user: uuid, areas: z.array(areaPath).max(50).optional(), expiresAt: timestamp.optional() };

export const commands = {
  create: command(grant, { permission: 'config.write', creates: true, title: 'Create token', mints: 'tokenHash' }),
  offer: command(grant, {
    permission: 'config.write',
    creates: true,
    title: 'Make pairing code',
    mints: 'codeHash',
  }),
  redeem: command(
    { device: uuid.optional() },
    { permission: 'device.pair', title: 'Redeem pairing code', internal: true, mints: 'tokenHash' },
  ),
  rotate: command(
    {
      overlapMinutes: z
        .int()
        .min(0)
        .max(10_080)
        .default(0)
        .meta({ description: 'How long the old secret goes on working' }),
    },
    { permission: 'config.write', title: 'Rotate token', mints: 'tokenHash' },
  ),
  revoke: command(
    {},
    {
      permission: 'config.write',
      title: 'Revoke token',
      final: 'Whoever uses this token is shut out at once. It never works again.',
    },
  ),
} as const;

export const events = {
  'token.created': event({
    hash: sha256Name,
    role,
    user: uuid,
    areas: z.array(z.string()),
    expiresAt: z.string().nullable(),
  }),
  'token.offered': event({
    codeHash: sha256Name,
    until: z.string(),
    role,
    user: uuid,
    areas: z.array(z.string()),
    expiresAt: z.string().nullable(),
  }),
  'token.redeemed': event({ hash: sha256Name, device: uuid.nullable() }),
  'token.rotated': event({ hash: sha256Name, previous: sha256Name, previousUntil: z.string() }),
  'token.revoked': event({}),
} as const;

export interface TokenState {
  readonly role: z.output<typeof role>;
  readonly user: string;
  readonly areas: readonly string[];
  readonly hash: string;
  readonly expiresAt: string | null;
  /** Earlier secrets and the time until which they work. */
  readonly earlier: readonly { readonly hash: string; readonly until: string }[];
  readonly revoked: boolean;
  /** How it was offered; null when it was made with its secret. */
  readonly offer: Offer | null;
}

export interface Offer {
  readonly codeHash: string;
  readonly until: string;
  /** When its person brought the code, and on which device. */
  readonly redeemedAt: string | null;
  readonly device: string | null;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  role,
  user: uuid,
  areas: z.array(z.string()),
  expiresAt: z.string().nullable(),
  revoked: z.boolean(),
  offer: z
    .object({ expiresAt: z.string(), redeemedAt: z.string().nullable(), device: z.string().nullable() })
    .nullable()
    .meta({ description: 'Its pairing code: until when it works, or when and on which device it was used' }),
});
