/** Tokens: shown once by the host, kept here as a SHA-256, expiring, rotated and revoked by events. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { areaPath, sha256Name, timestamp, uuid } from '../../kernel/schema.ts';
import { role } from '../users/contract.ts';

const grant = { role, user: uuid, areas: z.array(areaPath).max(50).optional(), expiresAt: timestamp.optional() };

export const commands = {
  create: command(grant, { permission: 'config.write', creates: true, title: 'Create token', mints: 'tokenHash' }),
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
  revoke: command({}, { permission: 'config.write', title: 'Revoke token' }),
} as const;

export const events = {
  'token.created': event({
    hash: sha256Name,
    role,
    user: uuid,
    areas: z.array(z.string()),
    expiresAt: z.string().nullable(),
  }),
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
});
