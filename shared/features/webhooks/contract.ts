/** Webhooks: other people's systems that are told what happens here, by Standard Webhooks. An endpoint is told what its types and area say. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, erasable, line, sha256Name, text, timestamp, uuid } from '../../kernel/schema.ts';

/** How long the secret that was replaced signs beside the new one. */
export const OVERLAP_HOURS = 24;
/** Orders that its state remembers: more than these at once, and the oldest are passed over. */
export const MOST_ORDERS = 20;

const address = text(500)
  .refine((value) => /^https?:\/\/[^\s/?#]/i.test(value) && URL.canParse(value), {
    message: 'Must be an address that begins with https:// (or http:// inside the plant).',
  })
  .refine((value) => !/^https?:\/\/[^/?#]*@/i.test(value), {
    message: 'Holds a user name or password. Take them out: the signature tells who sends.',
  })
  .meta({ example: 'https://erp.example.com/hooks/operary' });

const pattern = z
  .string()
  .max(80)
  .regex(
    /^(?:\*|[a-z_]+\.(?:\*|[a-z_]+))$/,
    'Must be the type of an event such as shift.sealed, all of one kind such as task.*, or * for everything.',
  );

const connection = {
  url: address,
  types: z.array(pattern).min(1).max(50),
  name: line(120),
  area: areaPath.optional().meta({ description: 'Only what belongs to this area and what lies inside it' }),
};

const because = z.enum(['gone', 'unreachable', 'secret_lost']);

export const commands = {
  create: command(connection, {
    permission: 'config.write',
    creates: true,
    title: 'Create webhook',
    mints: 'secretHash',
  }),
  rotate: command({}, { permission: 'config.write', title: 'Rotate webhook secret', mints: 'secretHash' }),
  pause: command({}, { permission: 'config.write', title: 'Pause webhook' }),
  resume: command({}, { permission: 'config.write', title: 'Resume webhook' }),
  retire: command(
    {},
    {
      permission: 'config.write',
      title: 'Retire webhook',
      final: 'Nothing is sent there any more. What waits is dropped.',
    },
  ),
  redeliver: command(
    {
      event: z
        .int()
        .positive()
        .optional()
        .meta({ description: 'Position of one event in the record, as its message and the list of attempts tell it' }),
      since: timestamp
        .optional()
        .meta({ description: 'Everything that was recorded from then on, once more and in order' }),
    },
    { permission: 'config.write', title: 'Send again' },
  ),
  suspend: command(
    { because, seq: z.int(), status: z.int().nullable(), problem: line(500) },
    { permission: 'outbound.report', title: 'Note that a webhook does not answer', internal: true },
  ),
} as const;

const trouble = { seq: z.int(), status: z.int().nullable(), problem: erasable(z.string()) };

export const events = {
  'webhook.created': event({
    url: erasable(z.string()),
    types: z.array(z.string()),
    name: z.string(),
    area: z.string().nullable(),
    hash: sha256Name,
  }),
  'webhook.rotated': event({ hash: sha256Name, previous: sha256Name, previousUntil: z.string() }),
  'webhook.paused': event({}),
  'webhook.resumed': event({}),
  'webhook.retired': event({}),
  'webhook.redelivery_asked': event({ event: z.int().nullable(), since: z.string().nullable() }),
  'webhook.disabled': event(trouble),
  'webhook.failing': event({ ...trouble, because }),
} as const;

const status = z.enum(['active', 'paused', 'disabled', 'failing', 'retired']);

/** What was asked of its lane, by position. */
export type Order = { readonly seq: number } & (
  | { readonly what: 'resume' }
  | { readonly what: 'event'; readonly event: number }
  | { readonly what: 'since'; readonly since: string }
);

export interface WebhookState {
  readonly url: string;
  readonly types: readonly string[];
  readonly name: string;
  readonly area: string | null;
  readonly status: z.output<typeof status>;
  readonly hash: string;
  /** Replaced secrets and the time until which they sign too. */
  readonly earlier: readonly { readonly hash: string; readonly until: string }[];
  readonly orders: readonly Order[];
  /** Why nothing is sent at the moment, where nobody has decided that. */
  readonly problem: {
    readonly at: string;
    readonly seq: number;
    readonly status: number | null;
    readonly says: string;
  } | null;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  address: z.string(),
  types: z.array(z.string()),
  name: z.string(),
  area: z.string().nullable(),
  status,
  earlierSecretsUntil: z
    .array(z.string())
    .meta({ description: 'Until when replaced secrets sign too, beside the new one' }),
  problem: z
    .object({ at: z.string(), seq: z.int(), status: z.int().nullable(), says: z.string() })
    .nullable()
    .meta({ description: 'Why nothing is sent at the moment; `resume` tries again' }),
});

export const activeWebhooks = (): Read<readonly Row<WebhookState>[]> =>
  select('webhooks', { where: { status: 'active' }, order: 'oldest' });

export const matches = (types: readonly string[], type: string): boolean =>
  types.some((one) => one === '*' || one === type || (one.endsWith('.*') && type.startsWith(one.slice(0, -1))));
