/** The other way round: where an integration is told what became of its orders, and where it is asked for what is new. */
import * as z from 'zod';
import { DIRECTIONS } from '../../kernel/connection.ts';
import { command, event } from '../../kernel/feature.ts';
import { line, text, uuid } from '../../kernel/schema.ts';

/** Credentials belong into a secret: an address stands in the record, in logs and in front of people. */
const address = line(1000).refine(
  (value) => {
    if (!/^https?:\/\//.test(value) || !URL.canParse(value)) return false;
    const { username, password } = new URL(value);
    return !username && !password;
  },
  { message: 'Must be an address such as https://erp.plant.example/orders, without user and password.' },
);

/** RFC 6901; the whole answer is the empty pointer. */
const pointer = z
  .string()
  .max(200)
  .regex(/^(?:\/(?:[^~/]|~[01])*)*$/, 'Must be a JSON pointer such as /data/items, or empty for the whole answer.');

export const pull = z.strictObject({
  url: address,
  everySeconds: z.int().min(30).max(86_400).default(60),
  cursorParam: line(60).optional().meta({ description: 'Query parameter that carries the cursor of the page before' }),
  itemsPointer: pointer.default('').meta({ description: 'Where the list of items stands in the answer' }),
  nextCursorPointer: pointer.optional().meta({ description: 'Where the answer names the cursor of the next page' }),
});
const direction = z.enum(DIRECTIONS);

export const connectingCommands = {
  connect: command(
    {
      statusUrl: address
        .nullable()
        .optional()
        .meta({ description: 'Is told by POST what becomes of its orders; null ends it, left out it stays' }),
      pull: pull
        .nullable()
        .optional()
        .meta({ description: 'Is asked for what is new; null ends it, left out it stays' }),
    },
    { permission: 'config.write', title: 'Connect integration' },
  ),
  keepSecret: command(
    { what: direction, key: uuid },
    { permission: 'config.write', title: 'Keep secret of integration', internal: true },
  ),
  noteFault: command(
    { what: direction, detail: text(500).nullable() },
    { permission: 'connection.watch', title: 'Note fault of integration', internal: true },
  ),
} as const;

export const connectingEvents = {
  'integration.connected': event({ statusUrl: z.string().nullable(), pull: pull.nullable() }),
  /** The secret itself is never recorded: only that there is another one now. */
  'integration.secret_kept': event({ what: direction, key: uuid }),
  'integration.faulted': event({ what: direction, detail: z.string() }),
  'integration.recovered': event({ what: direction }),
} as const;

type ByDirection<T> = { readonly [D in z.output<typeof direction>]: T | null };

export interface Connecting {
  readonly statusUrl: string | null;
  /** Position at which it was first to be told. */
  readonly statusSince: number;
  readonly pull: z.output<typeof pull> | null;
  readonly secretKeys: ByDirection<string>;
  readonly faults: ByDirection<{ readonly detail: string; readonly since: string }>;
}

export const connectingEntity = {
  statusUrl: z.string().nullable(),
  pull: pull.nullable(),
  secrets: z.array(direction).meta({ description: 'For which directions a secret is kept; it is never shown' }),
  faults: z.array(z.object({ what: direction, detail: z.string(), since: z.string() })),
};
