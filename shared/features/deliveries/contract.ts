/** Deliveries: one message of a sender, kept byte for byte, and what was read from it. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, line, sha256Name, text, uuid } from '../../kernel/schema.ts';

const received = {
  integration: uuid,
  sha256: sha256Name,
  bytes: z.int(),
  contentType: line(200),
  area: areaPath.nullable(),
  transitions: z.int(),
  warnings: z.array(text(500)).max(20),
  /** By what the sender was known. */
  via: line(60).optional(),
  /** Headers that say something of the message: an event's attributes, the message's id. */
  headers: z.record(line(60), text(500)).optional(),
  /** The delivery whose bytes were read once more. */
  rerunOf: uuid.optional(),
  /** Sent by an admin to see whether it works. */
  test: z.literal(true).optional(),
};

export const commands = {
  // Beside what is recorded, the conditions it speaks of: whether anything was heard of them before.
  receive: command(
    { ...received, conditions: z.array(uuid) },
    { permission: 'event.deliver', creates: true, title: 'Receive delivery', internal: true },
  ),
} as const;

export const events = { 'delivery.received': event(received) } as const;

export interface DeliveryState {
  readonly integration: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly area: string | null;
  readonly transitions: number;
  readonly warnings: readonly string[];
  readonly receivedAt: string;
  readonly via: string | null;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly rerunOf: string | null;
  readonly test: boolean;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  integration: uuid,
  sha256: z.string(),
  bytes: z.int(),
  contentType: z.string(),
  transitions: z.int(),
  warnings: z.array(z.string()),
  receivedAt: z.string(),
  via: z.string().nullable(),
  headers: z.record(z.string(), z.string()).nullable(),
  rerunOf: uuid.nullable(),
  test: z.boolean(),
  stages: z
    .object({
      authenticated: z.string(),
      stored: z.string(),
      read: z.string(),
      conditions: z.string(),
      rules: z.string(),
      tasks: z.string(),
    })
    .meta({ description: 'What became of it at each stage: why did this alarm make no task?' })
    .optional(),
  recorded: z
    .array(z.object({ condition: uuid, occurrence: uuid.nullable(), kind: z.string(), held: z.string().nullable() }))
    .optional(),
  tasks: z
    .array(
      z.object({
        id: uuid,
        ref: z.string(),
        status: z.string(),
        assignee: z.unknown(),
        unassignedBecause: z.string().nullable(),
      }),
    )
    .optional(),
});

/** The newest deliveries of one sender. */
export const latestDeliveriesOf = (integration: string, limit: number): Read<readonly Row<DeliveryState>[]> =>
  select('deliveries', { where: { integration }, limit });

/** Deliveries of exactly these bytes. */
export const deliveriesOf = (sha256: string): Read<readonly Row<DeliveryState>[]> =>
  select('deliveries', { where: { sha256 }, order: 'oldest', limit: 1 });
