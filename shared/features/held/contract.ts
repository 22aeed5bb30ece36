/** Held: what a device brought that may not pass without a supervisor, kept whole, so that it can pass later exactly as it was made. */
import * as z from 'zod';
import type { Made, SignedCommand } from '../../kernel/device.ts';
import type { Subject } from '../../kernel/event.ts';
import { command, event } from '../../kernel/feature.ts';
import type { HeldCommand } from '../../kernel/held.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { erasable, line, text, uuid } from '../../kernel/schema.ts';

export const commands = {
  confirm: command(
    {},
    {
      permission: 'held.decide',
      title: 'Confirm held entry',
      online: true,
      final: 'It goes on record in the name of whoever wrote it.',
    },
  ),
  discard: command(
    {},
    {
      permission: 'held.decide',
      title: 'Discard held entry',
      online: true,
      final: 'It never goes on record, and nobody can bring it back.',
    },
  ),
  noteRefused: command(
    { code: line(60), detail: erasable(text(4000)) },
    { permission: 'device.watch', title: 'Note refusal of held entry', internal: true },
  ),
} as const;

const item = z.object({ kind: z.string(), id: z.string() });
const author = z.object({
  kind: z.string(),
  id: z.string(),
  org: z.string(),
  role: z.string().optional(),
  areas: z.array(z.string()),
});

export const events = {
  // How it was made, by whom it was submitted and its flags stand in the envelope.
  'held.received': event({
    asks: z.string(),
    item,
    input: erasable(z.string()),
    author,
    shiftNamed: z.string().nullable(),
    signed: z.object({ text: erasable(z.string()), signature: z.string() }).nullable(),
    because: z.string(),
  }),
  'held.confirmed': event({ marks: z.array(z.string()) }),
  'held.discarded': event({}),
  'held.refused': event({ code: z.string(), detail: erasable(z.string()) }),
} as const;

export const status = z.enum(['waiting', 'confirmed', 'refused', 'discarded']);
/** Whether a supervisor has still to decide. */
export const isOpen = (at: z.output<typeof status>): boolean => at === 'waiting' || at === 'refused';

export interface HeldState {
  readonly status: z.output<typeof status>;
  /** The command that it is, for example `tasks.complete`. */
  readonly asks: string;
  readonly item: Subject;
  /** As JSON text, for its words may be erased. */
  readonly input: string;
  readonly author: HeldCommand['author'] | null;
  readonly device: string;
  readonly made: Made | null;
  readonly occurredAt: string;
  readonly shift: string | null;
  readonly submittedBy: string | null;
  readonly signed: SignedCommand | null;
  readonly because: string;
  /** What was out of the ordinary about it; what is recorded carries them. */
  readonly flags: readonly string[];
  /** Why the rules refused it when it was confirmed: it waits again then. */
  readonly refusal: { readonly code: string; readonly detail: string } | null;
  /** Position at which it arrived. */
  readonly seq: number;
  readonly decided: { readonly by: string; readonly at: string; readonly reason: string | null } | null;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  status,
  asks: z.string().meta({ example: 'tasks.complete' }),
  item,
  input: z.string().meta({ description: 'What was asked, as JSON text' }),
  author: z.string(),
  device: z.string(),
  deviceSeq: z.int(),
  occurredAt: z.string(),
  shift: z.string().nullable(),
  submittedBy: z.string().nullable(),
  because: z.string(),
  flags: z.array(z.string()),
  refusal: z.object({ code: z.string(), detail: z.string() }).nullable(),
  decided: z.object({ by: z.string(), at: z.string(), reason: z.string().nullable() }).nullable(),
});

export const heldAmong = (ids: readonly string[]): Read<readonly Row<HeldState>[]> =>
  select('held', { where: { key: { in: ids } } });
