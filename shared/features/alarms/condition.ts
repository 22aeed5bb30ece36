/** What is known of a condition, and of one episode of it. */
import * as z from 'zod';
import { uuid } from '../../kernel/schema.ts';
import type { Priority, TaskClass } from '../../kernel/work.ts';

/** NORM normal · UNACK active, unacknowledged · ACKED active, acknowledged · RTNUN returned to normal, unacknowledged. */
export const conditionStatus = z.enum(['NORM', 'UNACK', 'ACKED', 'RTNUN']);

/** Hidden by a person for a limited time, by design while a cause is active, or taken out of service with a permit: three different things. */
export const alarmMode = z.enum(['IN_SERVICE', 'SHELVED', 'SUPPRESSED', 'OUT_OF_SERVICE']);

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
/** `rule`: in words, for whoever asks why there is no task; `cause`: the active condition that it follows from. */
export const held = z.object({ by: heldBy, rule: z.string(), until: z.string().nullable(), cause: uuid.optional() });
export type Held = z.output<typeof held>;
export type HeldBy = Held['by'];

export interface Shelving {
  readonly until: string;
  readonly by: string;
  readonly reason: string;
  /** Ends when the alarm clears. */
  readonly oneShot: boolean;
  /** The second person, where two were needed. */
  readonly confirmedBy: string | null;
}

export interface OutOfService {
  readonly by: string;
  readonly permit: string;
  readonly reason: string;
  readonly since: string;
}

export interface Chattering {
  readonly count: number;
  readonly since: string;
  readonly quietMinutes: number;
}

export interface ConditionState {
  readonly status: z.output<typeof conditionStatus>;
  readonly conditionKey: string;
  readonly integration: string | null;
  readonly occurrence: string | null;
  /** Position of the event that began this episode. */
  readonly begun: number;
  readonly begunAt: string | null;
  /** Keys of the episode that goes on: a re-fire without a clear between adds one. */
  readonly keys: readonly string[];
  /** Episodes that came to their end, newest last, so that a delivery replayed late makes nothing new. */
  readonly ended: readonly string[];
  /** Keys of the latest messages, newest last. */
  readonly messages: readonly string[];
  readonly activations: number;
  readonly title: string;
  readonly text: string | null;
  readonly priority: Priority;
  readonly class: TaskClass;
  readonly severity: string;
  readonly area: string | null;
  readonly equipment: string | null;
  readonly value: number | string | boolean | null;
  readonly unit: string | null;
  readonly activeSince: string | null;
  readonly clearedAt: string | null;
  readonly clearCause: string | null;
  /** Until then the clear is provisional: what comes back is the same episode. */
  readonly closesAt: string | null;
  /** Of those that machines watch: whether it is active now. What a person reported has no signal. */
  readonly watched: boolean;
  /** Why it asks for nobody just now; null while it asks, and while it is not active. */
  readonly held: Held | null;
  /** When this episode first asked for somebody, or became an item of a flood. */
  readonly announcedAt: string | null;
  /** The operating position whose alarms are counted together. */
  readonly position: string | null;
  /** Latest activations, oldest first, in milliseconds. */
  readonly recent: readonly number[];
  readonly chattering: Chattering | null;
  /** How often it was on and off again before it would have asked for somebody. */
  readonly fleeting: number;
  readonly standsAt: string | null;
  readonly standing: boolean;
  readonly shelved: Shelving | null;
  /** Asked for by one person, waits for another. */
  readonly shelvingAsked: Shelving | null;
  readonly outOfService: OutOfService | null;
  readonly ackedAtMachine: string | null;
  readonly notedAt: string | null;
}

export const initial: ConditionState = {
  status: 'NORM',
  conditionKey: '',
  integration: null,
  occurrence: null,
  begun: 0,
  begunAt: null,
  keys: [],
  ended: [],
  messages: [],
  activations: 0,
  title: '',
  text: null,
  priority: 'P3',
  class: 'maintenance',
  severity: '',
  area: null,
  equipment: null,
  value: null,
  unit: null,
  activeSince: null,
  clearedAt: null,
  clearCause: null,
  closesAt: null,
  watched: true,
  held: null,
  announcedAt: null,
  position: null,
  recent: [],
  chattering: null,
  fleeting: 0,
  standsAt: null,
  standing: false,
  shelved: null,
  shelvingAsked: null,
  outOfService: null,
  ackedAtMachine: null,
  notedAt: null,
};

export const isActive = (state: ConditionState): boolean => state.status === 'UNACK' || state.status === 'ACKED';
/** Active by a machine's signal. */
export const isOn = (state: ConditionState): boolean => isActive(state) && state.watched;

/** On record for later: something has to change before it asks for anybody. Items of a flood and what was told quietly never do. */
export const isWaiting = ({ held: by }: ConditionState): boolean =>
  by !== null && by.by !== 'flood' && by.by !== 'quiet';

export const modeOf = (state: ConditionState): z.output<typeof alarmMode> => {
  if (state.outOfService) return 'OUT_OF_SERVICE';
  if (state.shelved) return 'SHELVED';
  return state.held?.by === 'suppressed' ? 'SUPPRESSED' : 'IN_SERVICE';
};

/** When a chattering alarm counts as quiet, in milliseconds. */
export const quietAt = ({ chattering, recent }: ConditionState): number | null =>
  chattering ? (recent.at(-1) ?? Date.parse(chattering.since)) + chattering.quietMinutes * 60_000 : null;

export interface Occurrence {
  readonly condition: string;
  readonly title: string;
  readonly active: boolean;
  readonly area: string | null;
  readonly equipment: string | null;
  readonly priority: string;
  readonly startedAt: string;
  readonly clearedAt: string | null;
  readonly clearCause: string | null;
  /** When its clear is final. */
  readonly closesAt: string | null;
  readonly activations: number;
  readonly announcedAt: string | null;
}

/** One recorded transition of a condition, and the delivery that brought it. */
export interface Brought {
  readonly delivery: string;
  readonly condition: string;
  /** Null: a line without an episode. */
  readonly occurrence: string | null;
  readonly kind: string;
  /** The rule by which it asks for nobody. */
  readonly held?: string;
}

/** One episode that asked for somebody at an operating position, at milliseconds. */
export interface Announcement {
  /** The operating position. */
  readonly area: string;
  /** Its equipment, else its area. */
  readonly place: string;
  readonly class: TaskClass;
  /** What kept it from asking for somebody; null: it did ask. */
  readonly held: HeldBy | null;
  readonly at: number;
  readonly condition: string;
  readonly occurrence: string;
  readonly priority: Priority;
  readonly title: string;
}
