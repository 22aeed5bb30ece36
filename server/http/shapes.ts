/** Shapes of answers that belong to no feature. */
import * as z from 'zod';
import type { CommandWord } from '../../shared/kernel/feature.ts';
import type { Feature } from '../../shared/kernel/feature.ts';
import * as messages from '../../shared/sync/messages.ts';
import { named, nameOf } from './named.ts';

export const Event = named('Event', messages.Event);
export const FeedPage = messages.FeedPage.extend({ items: z.array(Event) });

export const entitySchema = ({ kind, entity, prose }: Feature): z.ZodObject =>
  named(nameOf(kind), prose ? entity.extend({ noteRoom }) : entity);

const noteRoom = z.string().meta({ description: 'Where its notes are written: the room of `WS /v1/sync/docs/{room}`' });

export const listOf = (entity: z.ZodObject): z.ZodObject =>
  z.object({ items: z.array(entity), next: z.string().nullable().meta({ description: 'Cursor of the next page' }) });

/** A command that mints shows the secret in its first answer, and only there. */
export const withSecret = (entity: z.ZodObject, { mints }: CommandWord): z.ZodObject =>
  mints ? entity.extend(SECRETS[mints]) : entity;

export const Snippet = z
  .object({ file: z.string(), format: z.string(), text: z.string() })
  .meta({ description: 'What to paste into the sender, and where' });

const SECRETS: Readonly<Record<NonNullable<CommandWord['mints']>, z.ZodRawShape>> = {
  tokenHash: {
    token: z.string().optional().meta({ description: 'Shown once', example: 'opy_live_…' }),
    tokenNote: z.string().optional(),
  },
  proof: {
    token: z.string().optional().meta({ description: 'Shown once', example: 'opy_live_…' }),
    routingKey: z.string().optional().meta({ description: 'Shown once; 32 hex digits' }),
    secret: z.string().optional().meta({ description: 'Shown once; signs what is sent', example: 'whsec_…' }),
    tokenNote: z.string().optional(),
    snippet: Snippet.optional(),
  },
  codeHash: {
    code: z.string().optional().meta({ description: 'Shown once; works once, and soon', example: 'K7QM-4TRP-9X2C' }),
    link: z.string().optional().meta({ description: 'Opens Obsidian with address and code filled in' }),
    codeNote: z.string().optional(),
  },
  secretHash: {
    secret: z.string().optional().meta({ description: 'Shown once; checks the signatures', example: 'whsec_…' }),
    secretNote: z.string().optional(),
  },
};

export const limit = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);
export const position = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const ofItem = {
  kind: z.string(),
  id: z.string(),
  ref: z.string().nullable(),
  title: z.string().nullable(),
  visible: z.boolean().meta({ description: 'False: it is there, but not for this role.' }),
  more: z.boolean().meta({ description: 'True: more happened to it than this role may see.' }),
};
const item = named('Item', z.object(ofItem));
const link = z.object({ kind: z.string(), id: z.string(), rel: z.string() });
export const Trail = named(
  'Trail',
  z.object({
    root: item.nullable().meta({ description: 'The one cause of it all; null when there is none or more than one.' }),
    roots: z.array(item),
    chain: z.array(item).meta({ description: 'From the root to the item that was asked for.' }),
    items: z.array(z.object({ ...ofItem, parents: z.array(link), children: z.array(link) })),
    events: z.array(Event),
    complete: z.boolean().meta({ description: 'False when the trail was cut for its size.' }),
  }),
);

export const Audited = z.object({
  items: z.array(Event.extend({ leafHash: z.string().meta({ description: 'RFC 6962 leaf hash, base64' }) })),
  next: z.number().int(),
  head: z.number().int(),
});
export const Orphans = z.object({
  items: z.array(
    z.object({ kind: z.string(), id: z.string(), ref: z.string(), title: z.string(), roots: z.number().int() }),
  ),
  examined: z.number().int(),
});
