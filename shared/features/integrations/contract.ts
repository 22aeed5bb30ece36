/** Integrations: who may deliver events, of what kind, for which area. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { areaPath, line, sha256Name, uuid } from '../../kernel/schema.ts';
import { connectingCommands, connectingEntity, connectingEvents, type Connecting } from './connecting-words.ts';

/** Kinds of senders that this version understands; each has an adapter on the server. */
export const integrationKind = z.enum(['alertmanager', 'mes', 'generic']);

const connection = {
  kind: integrationKind,
  name: line(120),
  area: areaPath
    .optional()
    .meta({ description: 'Where its events belong when they do not say so themselves; they never leave it' }),
};

export const commands = {
  create: command(connection, {
    permission: 'config.write',
    creates: true,
    title: 'Create integration',
    mints: 'tokenHash',
  }),
  rotate: command({}, { permission: 'config.write', title: 'Rotate integration token', mints: 'tokenHash' }),
  retire: command(
    {},
    {
      permission: 'config.write',
      title: 'Retire integration',
      final: 'What this system sends is refused from now on.',
    },
  ),
  ...connectingCommands,
} as const;

export const events = {
  'integration.created': event({
    kind: integrationKind,
    name: z.string(),
    area: z.string().nullable(),
    hash: sha256Name,
  }),
  'integration.rotated': event({ hash: sha256Name, previous: sha256Name }),
  'integration.retired': event({}),
  ...connectingEvents,
} as const;

export interface IntegrationState extends Connecting {
  readonly kind: z.output<typeof integrationKind>;
  readonly name: string;
  readonly area: string | null;
  readonly hash: string;
  readonly retired: boolean;
  readonly replaced: readonly string[];
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  kind: integrationKind,
  name: z.string(),
  area: z.string().nullable(),
  url: z.string(),
  retired: z.boolean(),
  ...connectingEntity,
});
