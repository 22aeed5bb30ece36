/** The organisation: its name, its zone, its public keys, and what it saw refused. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import type { Fact } from '../../kernel/event.ts';
import { isZone } from '../../kernel/local-time.ts';
import { erasable, line, slug, text, uuid } from '../../kernel/schema.ts';

export const ZONE = z
  .string()
  .max(60)
  .refine(isZone, 'Must be an IANA time zone such as Europe/London.')
  .default('UTC');

const keys = z.object({ root: z.string(), log: z.string(), seal: z.string() });

export const commands = {
  create: command(
    { slug, name: line(120), zone: ZONE, keys },
    { permission: 'config.write', creates: true, title: 'Create organisation', internal: true },
  ),
} as const;

export const events = {
  'org.created': event({ slug: z.string(), name: erasable(z.string()), zone: z.string(), keys }),
  'shift.change_refused': event({ shift: uuid, command: z.string(), detail: erasable(text(500)), caller: z.string() }),
} as const;

export interface OrgState {
  readonly slug: string;
  readonly name: string;
  readonly zone: string;
  readonly keys: z.output<typeof keys> | null;
  readonly refusedChanges: number;
}

export const entity = z.object({
  id: uuid,
  slug: z.string(),
  name: z.string(),
  zone: z.string(),
  keys: keys.nullable(),
  refusedChanges: z.int(),
});

/** The one thing that a refusal leaves: somebody tried to change what is sealed. */
export const changeRefused = (shift: string, attempted: string, detail: string, caller: string): Fact => ({
  type: 'shift.change_refused',
  body: { shift, command: attempted, detail, caller },
});
