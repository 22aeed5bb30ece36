/** Alarms: a condition lives for years; an occurrence is one episode of it, from active to clear. Terms of ISA-18.2 / IEC 62682. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { derivedId } from '../../kernel/ids.ts';
import { areaPath, asked, erasable, line, sha256Name, text, timestamp, uuid } from '../../kernel/schema.ts';
import { priority, taskClass } from '../../kernel/work.ts';
import { alarmMode, conditionStatus, held, heldBy } from './condition.ts';

export * from './condition.ts';
export * from './reads.ts';
export * from './tuning.ts';

/** Why it is quiet: the condition itself, nobody repeated it in time, its source has died, or the sender does not say. */
export const clearCause = z.enum(['condition', 'timeout', 'source_lost', 'unknown']);

/** What one message of a sender says about one condition. Adapters make these; the rules never see the sender's own format. */
export const transition = z.strictObject({
  conditionKey: text(400),
  /** Names the episode where the sender does; the same episode again is not news. */
  occurrenceKey: text(400).nullable(),
  /** Names the message where the sender does: the same message again, however late, is not news. */
  messageKey: text(400).nullable(),
  /** `acked`: acknowledged at the machine; `info`: worth a line, asks for nobody. */
  kind: z.enum(['active', 'cleared', 'acked', 'info']),
  clearCause: clearCause.nullable(),
  /** Known before or long ago (a snapshot at birth, a historical value): the condition follows, nobody is asked. */
  quiet: z.boolean().optional(),
  /** What else the sender calls the thing (a tag, a path, a unit): looked up among the equipment's aliases. */
  names: z.array(text(400)).max(20).optional(),
  severity: line(60),
  priority,
  class: taskClass,
  at: timestamp,
  area: areaPath.nullable(),
  equipment: areaPath.nullable(),
  title: line(300),
  text: text(4000).nullable(),
  value: z.union([z.number(), line(200), z.boolean()]).nullable(),
  unit: line(40).nullable(),
  links: z.array(line(1000)).max(10),
});
export type Transition = z.output<typeof transition>;

const reason = erasable(text(2000));

export const commands = {
  observe: command(
    { integration: uuid, delivery: uuid, transition },
    { permission: 'event.deliver', creates: 'or-updates', title: 'Observe transition', internal: true },
  ),
  report: command(
    {
      text: text(2000).meta({ description: 'One sentence: what is wrong', example: 'Oil under gearbox 4' }),
      area: areaPath,
      equipment: areaPath.optional(),
      priority: priority.default('P3'),
      class: taskClass.default('maintenance'),
      evidence: z.array(sha256Name).max(20).default([]).meta({ description: 'Photos and files that show it' }),
    },
    { permission: 'problem.report', creates: true, title: 'Report problem', brief: 'text' },
  ),
  acknowledge: command(
    {
      observedSeq: asked(z.int().min(0), { byHost: true })
        .optional()
        .meta({ description: 'How far whoever acknowledges had seen: an episode that began later is not meant' }),
    },
    { permission: 'alarm.acknowledge', title: 'Acknowledge alarm' },
  ),
  shelve: command(
    {
      until: timestamp.meta({ description: 'At most 12 hours from now; a line lead: 8' }),
      oneShot: z.boolean().default(false).meta({ description: 'Ends as soon as the alarm clears' }),
      reason,
    },
    { permission: 'alarm.shelve', title: 'Shelve alarm', online: true },
  ),
  confirmShelving: command({}, { permission: 'alarm.shelve', title: 'Confirm shelving of alarm', online: true }),
  unshelve: command({}, { permission: 'alarm.shelve', title: 'Unshelve alarm', online: true }),
  takeOutOfService: command(
    { permit: erasable(line(120)).meta({ description: 'Number of the permit to work', example: 'PTW-118' }), reason },
    { permission: 'alarm.out-of-service', title: 'Take alarm out of service', online: true },
  ),
  returnToService: command({}, { permission: 'alarm.out-of-service', title: 'Return alarm to service', online: true }),
  tick: command({}, { permission: 'clock.tick', title: 'Look at the clock', internal: true }),
  reconsider: command({}, { permission: 'alarm.engine', title: 'Judge alarm again', internal: true }),
  join: command(
    { occurrence: uuid, incident: uuid },
    { permission: 'incident.gather', title: 'Join incident', internal: true },
  ),
  unjoin: command(
    { occurrence: uuid, incident: uuid },
    { permission: 'incident.gather', title: 'Leave incident', internal: true },
  ),
} as const;

const signal = {
  occurrence: uuid,
  occurrenceKey: z.string().nullable(),
  messageKey: z.string().nullable(),
  severity: z.string(),
  priority,
  class: taskClass,
  area: z.string().nullable(),
  equipment: z.string().nullable(),
  title: erasable(z.string()),
  text: erasable(z.string()).nullable(),
  value: transition.shape.value,
  unit: z.string().nullable(),
  links: z.array(z.string()),
  integration: uuid.nullable(),
  conditionKey: z.string(),
  /** Absent: it asks for somebody at once. */
  held: held.optional(),
  /** The operating position whose alarms are counted together. */
  position: z.string().nullable().optional(),
  /** The name by which the sender's equipment was found. */
  placedBy: z.string().optional(),
  /** When it will count as standing. */
  standsAt: z.string().optional(),
};

/** A line for people to read; no episode begins or ends. */
const { occurrence: _occurrence, held: _held, standsAt: _standsAt, ...noted } = signal;

export const events = {
  'alarm.activated': event(signal),
  'alarm.reactivated': event({ ...signal, activations: z.int() }),
  /** What was held asks for somebody now. */
  'alarm.announced': event({
    ...signal,
    waited: heldBy,
    /** It chatters: activated so often. */
    chattering: z.int().optional(),
  }),
  /** Still on record only, by another rule than before. */
  'alarm.held': event({ occurrence: uuid, held }),
  'alarm.cleared': event({
    occurrence: uuid,
    occurrenceKey: z.string().nullable(),
    messageKey: z.string().nullable(),
    clearCause,
    /** Gone again before it would have asked for somebody. */
    fleeting: z.boolean().optional(),
    /** Until then what comes back is the same episode. */
    closesAt: z.string().optional(),
  }),
  'alarm.chattering': event({ occurrence: uuid, count: z.int(), since: z.string(), quietMinutes: z.int() }),
  'alarm.quietened': event({ occurrence: uuid, count: z.int() }),
  'alarm.standing': event({ occurrence: uuid, since: z.string() }),
  'alarm.acknowledged': event({ occurrence: uuid }),
  'alarm.acknowledged_at_machine': event({ occurrence: uuid, messageKey: z.string().nullable() }),
  'alarm.noted': event(noted),
  'alarm.shelving_requested': event({ until: z.string(), oneShot: z.boolean() }),
  'alarm.shelving_lapsed': event({}),
  'alarm.shelved': event({
    until: z.string(),
    oneShot: z.boolean(),
    /** Who asked for it and why, where a second person was needed. */
    requested: z.object({ by: uuid, reason: erasable(z.string()) }).optional(),
  }),
  'alarm.unshelved': event({ how: z.enum(['person', 'time', 'cleared', 'out_of_service']) }),
  'alarm.taken_out_of_service': event({ permit: erasable(z.string()) }),
  'alarm.returned_to_service': event({}),
  'alarm.joined': event({ occurrence: uuid, incident: uuid }),
  'alarm.unjoined': event({ occurrence: uuid, incident: uuid }),
  'alarm.reported': event({ ...signal, evidence: z.array(sha256Name).optional() }),
} as const;

const shelving = z.object({
  until: z.string(),
  by: uuid,
  confirmedBy: uuid.nullable(),
  reason: z.string(),
  oneShot: z.boolean(),
});

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  status: conditionStatus,
  active: z.boolean(),
  watched: z.boolean(),
  title: z.string(),
  text: z.string().nullable(),
  priority,
  severity: z.string(),
  area: z.string().nullable(),
  equipment: z.string().nullable(),
  value: transition.shape.value,
  unit: z.string().nullable(),
  occurrence: uuid.nullable(),
  activations: z.int(),
  activeSince: z.string().nullable(),
  clearedAt: z.string().nullable(),
  clearCause: z.string().nullable(),
  conditionKey: z.string(),
  integration: uuid.nullable(),
  class: taskClass,
  begunAt: z.string().nullable(),
  closesAt: z.string().nullable(),
  mode: alarmMode,
  held: held.omit({ cause: true }).nullable(),
  announcedAt: z.string().nullable(),
  chattering: z.object({ count: z.int(), since: z.string() }).nullable(),
  fleeting: z.int(),
  standing: z.boolean(),
  shelved: shelving.nullable(),
  shelvingAsked: shelving.nullable(),
  outOfService: z.object({ by: uuid, permit: z.string(), reason: z.string(), since: z.string() }).nullable(),
  ackedAtMachine: z.string().nullable(),
});

export const conditionId = (org: string, integration: string, key: string): string =>
  derivedId('condition', org, integration, key);
