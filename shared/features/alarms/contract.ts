/** Alarms: a condition lives for years; an occurrence is one episode of it, from active to clear. Terms of ISA-18.2 / IEC 62682. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { derivedId } from '../../kernel/ids.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, asked, erasable, line, sha256Name, text, timestamp, uuid } from '../../kernel/schema.ts';
import { priority, taskClass } from '../../kernel/work.ts';

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
} as const;

/** Why an alarm is on record and asks for nobody. */
export const heldBy = z.enum([
  'delay',
  'chattering',
  'shelved',
  'suppressed',
  'out_of_service',
  'maintenance',
  'flood',
  'quiet',
]);
/** `rule`: in words, for whoever asks why there is no task. */
const held = z.object({ by: heldBy, rule: z.string(), until: z.string().nullable() });
export type Held = z.output<typeof held>;

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
};

export const events = {
  'alarm.activated': event(signal),
  'alarm.reactivated': event({ ...signal, activations: z.int() }),
  /** What was held asks for somebody now. */
  'alarm.announced': event({ ...signal, waited: heldBy }),
  'alarm.cleared': event({
    occurrence: uuid,
    occurrenceKey: z.string().nullable(),
    messageKey: z.string().nullable(),
    clearCause,
  }),
  'alarm.acknowledged': event({ occurrence: uuid }),
  'alarm.reported': event({ ...signal, evidence: z.array(sha256Name).optional() }),
} as const;

/** NORM normal · UNACK active, unacknowledged · ACKED active, acknowledged · RTNUN returned to normal, unacknowledged. */
export const conditionStatus = z.enum(['NORM', 'UNACK', 'ACKED', 'RTNUN']);

export interface ConditionState {
  readonly status: z.output<typeof conditionStatus>;
  readonly conditionKey: string;
  readonly integration: string | null;
  readonly occurrence: string | null;
  /** Position of the event that began this episode. */
  readonly begun: number;
  /** Keys of the episode that goes on: a re-fire without a clear between adds one. */
  readonly keys: readonly string[];
  /** Episodes that came to their end, newest last, so that a delivery replayed late makes nothing new. */
  readonly ended: readonly string[];
  /** Keys of the latest messages, newest last. */
  readonly messages: readonly string[];
  readonly activations: number;
  readonly title: string;
  readonly text: string | null;
  readonly priority: z.output<typeof priority>;
  readonly severity: string;
  readonly area: string | null;
  readonly equipment: string | null;
  readonly value: Transition['value'];
  readonly unit: string | null;
  readonly activeSince: string | null;
  readonly clearedAt: string | null;
  readonly clearCause: string | null;
  /** Of those that machines watch: whether it is active now. What a person reported has no signal. */
  readonly watched: boolean;
}

export interface Occurrence {
  readonly condition: string;
  readonly title: string;
  readonly active: boolean;
  readonly area: string | null;
  readonly equipment: string | null;
  readonly priority: string;
  readonly startedAt: string;
  readonly clearedAt: string | null;
  readonly activations: number;
}

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
});

export const conditionId = (org: string, integration: string, key: string): string =>
  derivedId('condition', org, integration, key);

export const occurrencesAmong = (ids: readonly string[]): Read<readonly Row<Occurrence>[]> =>
  select('occurrences', { where: { key: { in: ids } } });
/** One recorded transition of a condition, and the delivery that brought it. */
export interface Brought {
  readonly delivery: string;
  readonly condition: string;
  readonly occurrence: string;
  readonly kind: string;
}
/** What one delivery brought that was new. */
export const broughtBy = (delivery: string): Read<readonly Row<Brought>[]> =>
  select('transitions', { where: { delivery }, order: 'oldest' });
export const transitionsOf = (conditions: readonly string[]): Read<readonly Row<Brought>[]> =>
  select('transitions', { where: { condition: { in: conditions } }, limit: 1 });

export const activeAlarmsIn = (area: string): Read<readonly Row<ConditionState>[]> =>
  select('alarms', { where: { active: 1, area: { within: [area] } }, order: 'oldest' });
