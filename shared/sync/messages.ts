/** What devices and the server say to each other under /v1/sync: the words, once, for both sides. */
import * as z from 'zod';
import { line, text, timestamp, uuid } from '../kernel/schema.ts';

export { CLOSE, SUBPROTOCOL, TICKET_PREFIX } from './socket-words.ts';

export const MAX_COMMANDS = 50;

const position = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const link = z.object({ kind: z.string(), id: z.string(), rel: z.string() });
const item = z.object({ kind: z.string(), id: z.string() });

export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().meta({ description: 'What happened, and what to do.' }),
  code: z.string().meta({ description: 'Stable, kebab-case.', example: 'transition-not-allowed' }),
  fields: z.array(z.object({ field: z.string(), problem: z.string() })).optional(),
  requestId: z.string().optional(),
});

/**
 * One command as a device recorded it. `occurredAt` is the device's own time of the record; when it happened earlier, `body.occurredAt` says so.
 * A device with a key signs the canonical JSON (RFC 8785) of all members but `sig`: Ed25519, base64.
 */
export const DeviceCommand = z.strictObject({
  id: uuid,
  type: z.string().max(100).meta({ example: 'tasks.complete' }),
  v: z.literal(1),
  subject: uuid.meta({ description: 'The item; for one that is made, its new UUIDv7.' }),
  body: z.record(z.string(), z.unknown()),
  deviceSeq: position.min(1).meta({ description: 'Counts the commands of this device without gaps, from 1.' }),
  observedSeq: position.meta({ description: 'The latest position that the device had seen.' }),
  occurredAt: timestamp,
  tz: line(64).meta({ example: 'Europe/London' }),
  clockOffsetMs: z.number().int().nullable().meta({ description: 'Device clock minus server clock, when measured.' }),
  author: uuid
    .optional()
    .meta({ description: 'Who made it, on a device that several people use. Default: whose token brings it.' }),
  shift: uuid.optional().meta({ description: 'The shift it was written into, fixed when it was made.' }),
  sig: text(2000).optional(),
});
export type DeviceCommand = z.input<typeof DeviceCommand>;

/** The commands themselves are judged one by one, so that a wrong one never fails the others. */
export const CommandBatch = z.strictObject({
  deviceId: uuid,
  lastDeviceSeq: position.optional().meta({ description: 'The highest number that this device has given.' }),
  outboxDepth: position.optional().meta({ description: 'How many commands wait on the device, these included.' }),
  commands: z
    .array(z.looseObject({ id: uuid }))
    .min(1)
    .max(MAX_COMMANDS),
});

export const CommandOutcome = z.object({
  id: z.string(),
  outcome: z.enum(['accepted', 'duplicate', 'flagged', 'held', 'rejected']),
  seq: position.optional(),
  flags: z.array(z.string()).meta({ description: 'What was out of the ordinary; see `/v1/sync/flags`.' }),
  problem: Problem.optional(),
});
export type CommandOutcome = z.output<typeof CommandOutcome>;

const instance = z.string().meta({ description: 'Another one: this is not the server that you spoke with before.' });
const standing = z
  .enum(['active', 'forked', 'written-off', 'unpaired'])
  .meta({ description: 'forked: connect this device again. written-off: what it sends is held for a supervisor.' });

export type Standing = z.output<typeof standing>;

export const FlagList = z.object({
  items: z.array(z.object({ flag: z.string(), says: z.string(), do: z.string(), look: z.boolean() })),
});

export const BatchAnswer = z.object({ outcomes: z.array(CommandOutcome), head: position, instance, standing });

/** Of the commands that were asked for, those that are on record, with the position of their last event. */
export const CommandPlaces = z.object({ items: z.array(z.object({ id: z.string(), seq: position })) });

/** A device says that it is there, and what still waits on it. */
export const Hello = z.strictObject({
  deviceId: uuid,
  lastDeviceSeq: position.default(0),
  outboxDepth: position.default(0),
});
export const HelloAnswer = z.object({ now: z.string(), head: position, instance, standing });

export const Event = z.object({
  seq: position,
  org: z.string(),
  id: z.string(),
  type: z.string().meta({ example: 'task.completed' }),
  subject: item,
  shift: z.string().nullable(),
  actor: z.object({ kind: z.string(), id: z.string(), role: z.string().optional(), onBehalfOf: z.string().optional() }),
  device: z.string().nullable(),
  occurredAt: z.string(),
  recordedAt: z.string(),
  receivedAt: z.string(),
  upstream: z.array(link),
  command: z.object({ id: z.string(), sha256: z.string() }),
  body: z.looseObject({}),
  area: z.string().nullable(),
});

/** `next` also moves over positions that this role may not see: ask again with `after=next`. */
export const FeedPage = z.object({ items: z.array(Event), next: position, head: position });

export const Snapshot = z.object({
  head: position.meta({ description: 'Follow the feed from here; skip what is not above the `seq` of an item.' }),
  instance,
  organisation: z.string(),
  me: z.object({
    id: z.string(),
    kind: z.string(),
    role: z.string().nullable(),
    areas: z.array(z.string()).meta({ description: 'Empty: the whole organisation.' }),
  }),
  items: z.array(
    z.object({
      kind: z.string(),
      id: z.string(),
      number: z.number().int().nullable(),
      first: position,
      seq: position,
      state: z.looseObject({}),
    }),
  ),
  next: z.string().nullable(),
});

export const SIGNED =
  'Of the device, where `as` names somebody: Ed25519 over the canonical JSON (RFC 8785) of all other members, base64.';

export const TicketWish = z.strictObject({
  purpose: z.enum(['feed', 'doc']),
  room: text(200)
    .optional()
    .meta({ description: 'For doc: `ENTITY@EPOCH`, or the id of the entity alone for its current room.' }),
  deviceId: uuid.optional(),
  as: uuid.optional().meta({
    description: 'For doc: who writes, on a device that several people use. Default: whose token asks.',
  }),
  sig: text(2000).optional().meta({ description: SIGNED }),
});
export const Ticket = z.object({ ticket: z.string(), room: z.string().optional(), expiresAt: z.string() });

/** The only message of a client: where to start. Without it the feed starts at the head. */
export const SocketWish = z.strictObject({ after: position });
export const SocketMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('events'), items: z.array(Event), next: position, head: position }),
  z.object({ type: z.literal('heartbeat'), head: position, instance: z.string() }),
]);
export type SocketMessage = z.output<typeof SocketMessage>;
