/** Integrations: who may deliver events, of what kind, for which area, and how they prove who they are. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, asked, line, sha256Name, text, timestamp, uuid } from '../../kernel/schema.ts';
import { connectingCommands, connectingEntity, connectingEvents, type Connecting } from './connecting-words.ts';
import { tuning, type Tuning } from '../alarms/contract.ts';
import { mapping, type Mapping } from './mapping.ts';

export type { Mapping } from './mapping.ts';

/** Kinds of senders that this version understands; each has an adapter on the server. */
export const integrationKind = z.enum([
  'alertmanager',
  'grafana',
  'cloudevents',
  'standard-webhooks',
  'pagerduty',
  'ignition',
  'opcua',
  'sparkplug',
  'node-red',
  'mes',
  'generic',
]);
export type IntegrationKind = z.output<typeof integrationKind>;

export const proof = z.enum(['token', 'routing-key', 'signature']);

const connection = {
  kind: integrationKind,
  name: line(120),
  area: areaPath
    .optional()
    .meta({ description: 'Where its events belong when they do not say so themselves; they never leave it' }),
  proof: z
    .enum(['token', 'signature'])
    .optional()
    .meta({ description: 'Whether it sends a token or signs what it sends; what is usual for its kind unless said' }),
  secret: asked(text(200, 16), { byHost: true }).optional().meta({
    description: 'The secret with which it signs already; one is made unless given. Kept outside the record.',
  }),
};

/** As many deliveries in five minutes are worked off one by one; what is above is stored and worked off together. */
const limits = z.strictObject({
  integration: z.int().min(1).max(1_000_000).optional().meta({ description: '300 unless said' }),
  organisation: z.int().min(1).max(1_000_000).optional().meta({ description: '900 unless said' }),
});

/** How alarms are handled; null puts a setting back to what it is without saying anything. */
const settings = {
  name: line(120).optional(),
  area: areaPath.nullable().optional(),
  expectEverySeconds: z
    .int()
    .min(10)
    .max(7 * 86_400)
    .nullable()
    .optional()
    .meta({ description: 'It is heard of at least so often; three times as long without a word is an alarm' }),
  limits: limits.nullable().optional(),
  mapping: mapping.nullable().optional(),
  undatedSignatures: z
    .boolean()
    .optional()
    .meta({ description: 'Whether a signature without a time is taken, though it could be replayed' }),
  alarms: tuning
    .nullable()
    .optional()
    .meta({ description: 'How its alarms are judged, where that differs from the area' }),
};

/** What can be the matter with a sender. */
export const trouble = z.enum(['silence', 'forged', 'unreadable', 'storm']);
export type Trouble = z.output<typeof trouble>;

const engine = { permission: 'sender.watch', internal: true } as const;

export const commands = {
  create: command(connection, {
    permission: 'config.write',
    creates: true,
    title: 'Create integration',
    mints: 'proof',
    confides: 'secret',
  }),
  configure: command(settings, { permission: 'config.write', title: 'Configure integration' }),
  rotate: command(
    { secret: connection.secret },
    { permission: 'config.write', title: 'Rotate integration token', mints: 'proof', confides: 'secret' },
  ),
  retirePrevious: command({}, { permission: 'config.write', title: 'Retire previous integration token' }),
  retire: command(
    {},
    {
      permission: 'config.write',
      title: 'Retire integration',
      final: 'What this system sends is refused from now on.',
    },
  ),
  ...connectingCommands,
  noteTrouble: command({ trouble, since: timestamp, detail: line(500) }, { ...engine, title: 'Note trouble' }),
  noteRelief: command({ trouble, detail: line(500) }, { ...engine, title: 'Note relief' }),
} as const;

/** Names a secret that the host keeps; says nothing of it. */
const keyId = z.string().regex(/^[0-9a-f]{32}$/, 'Must be 32 hex digits.');

export const events = {
  /** `hash`: of a token or routing key. `keyId`: of a secret that signs. */
  'integration.created': event({
    kind: integrationKind,
    name: z.string(),
    area: z.string().nullable(),
    hash: sha256Name.optional(),
    proof: proof.optional(),
    keyId: keyId.optional(),
  }),
  /** Without `previousUntil` the one before ended at once. */
  'integration.rotated': event({
    hash: sha256Name.optional(),
    keyId: keyId.optional(),
    previous: z.string(),
    previousUntil: timestamp.optional(),
  }),
  'integration.previous_retired': event({}),
  'integration.configured': event(settings),
  'integration.retired': event({}),
  ...connectingEvents,
  'integration.trouble_began': event({ trouble, since: timestamp, detail: z.string() }),
  'integration.trouble_ended': event({ trouble, since: timestamp, detail: z.string() }),
} as const;

export interface Earlier {
  readonly key: string;
  /** Null: not any more since it was replaced. */
  readonly until: string | null;
}

export interface IntegrationState extends Connecting {
  readonly kind: IntegrationKind;
  readonly name: string;
  readonly area: string | null;
  readonly proof: z.output<typeof proof>;
  /** Hash of the token or routing key, or id of the secret, that counts now. */
  readonly key: string;
  readonly earlier: readonly Earlier[];
  readonly retired: boolean;
  readonly expectEverySeconds: number | null;
  /** Since when that is expected. */
  readonly expectedSince: string | null;
  readonly limits: z.output<typeof limits> | null;
  readonly mapping: Mapping | null;
  readonly undatedSignatures: boolean;
  readonly alarms: Tuning | null;
  /** What is the matter with it, and since when. */
  readonly troubles: Readonly<Partial<Record<Trouble, string>>>;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  kind: integrationKind,
  name: z.string(),
  area: z.string().nullable(),
  proof,
  url: z.string(),
  retired: z.boolean(),
  ...connectingEntity,
  previousUntil: z.string().nullable().meta({ description: 'Until when the token or secret before this one counts' }),
  expectEverySeconds: z.int().nullable(),
  limits: limits.nullable(),
  mapping: mapping.nullable(),
  undatedSignatures: z.boolean(),
  alarms: tuning.nullable(),
  troubles: z.array(z.object({ trouble, since: z.string() })),
});

export const integrationsOf = (): Read<readonly Row<IntegrationState>[]> => select('integrations', { order: 'oldest' });

/** Whoever is known by this hash. */
export interface Secret {
  readonly integration: string;
  readonly state: 'valid' | 'replaced' | 'retired';
  readonly until: string | null;
}
export const secretWith = (hash: string): Read<readonly Row<Secret>[]> =>
  select('integration_secrets', { where: { key: hash } });
