/** Incidents: an unplanned event with real or potential loss, and the root of what it led to. Opened by people, or by rule for a flood, a group, a P1. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, asked, erasable, line, text, timestamp, uuid } from '../../kernel/schema.ts';
import { priority, taskClass } from '../../kernel/work.ts';

/** `group`: what the rule gathers by class and line, from the first P1 or the second alarm on. */
export const incidentKind = z.enum(['flood', 'group', 'manual']);
export const incidentStatus = z.enum(['open', 'resolved']);

const item = z.strictObject({ kind: z.enum(['task', 'occurrence']), id: uuid });
export type Item = z.output<typeof item>;
/** An item that a rule takes in, with the condition of an episode and what it is called. */
const taken = item.extend({ condition: uuid.nullable(), title: line(300).nullable() });
export type Taken = z.output<typeof taken>;

const reason = erasable(text(2000));

export const commands = {
  open: command(
    {
      title: line(300),
      area: areaPath,
      equipment: areaPath.optional(),
      priority: priority.default('P2'),
      text: asked(text(8000), { label: 'What happened' }).optional(),
    },
    { permission: 'incident.keep', creates: true, title: 'Flag incident' },
  ),
  join: command(
    {
      item: item.meta({
        description: 'A task, or one episode of an alarm: a task comes with the episode that led to it',
      }),
    },
    { permission: 'incident.keep', title: 'Join to incident', online: true },
  ),
  unjoin: command({ item, reason }, { permission: 'incident.keep', title: 'Take out of incident', online: true }),
  note: command({ text: text(8000) }, { permission: 'incident.keep', title: 'Add note to incident' }),
  resolve: command(
    {
      text: asked(text(8000), { label: 'How it was settled' }),
      cause: asked(text(2000), { label: 'Cause, as far as it is known' }).optional(),
    },
    {
      permission: 'incident.resolve',
      title: 'Resolve incident',
      final: 'A resolved incident is not opened again; alarms that come later belong to a new one.',
    },
  ),
  raise: command(
    {
      kind: z.enum(['flood', 'group']),
      title: line(300),
      area: areaPath.nullable(),
      equipment: areaPath.nullable(),
      priority,
      class: taskClass.nullable(),
      line: areaPath.nullable(),
      rule: line(300),
      items: z.array(taken).min(1).max(100),
      /** When the first of them was announced. */
      at: timestamp,
      /** Fewer than so many in ten minutes end the flood. */
      end: z.int().min(1).max(1000).optional(),
    },
    { permission: 'incident.gather', creates: true, title: 'Open incident by rule', internal: true },
  ),
  gather: command(
    { items: z.array(taken).min(1).max(100) },
    { permission: 'incident.gather', title: 'Take items in', internal: true },
  ),
  tick: command({}, { permission: 'clock.tick', title: 'End flood', internal: true }),
} as const;

const firstOut = z.object({ occurrence: uuid, at: z.string(), title: erasable(z.string()) });

export const events = {
  'incident.opened': event({
    title: erasable(z.string()),
    text: erasable(z.string()).nullable(),
    kind: incidentKind,
    /** Empty: nobody knows where. */
    area: z.string(),
    equipment: z.string().nullable(),
    priority,
    class: taskClass.nullable(),
    line: z.string().nullable(),
    /** Why a rule opened it, in words; null: a person did. */
    rule: z.string().nullable(),
    firstOut: firstOut.nullable(),
    end: z.int().nullable(),
  }),
  'incident.joined': event({ item, condition: uuid.nullable(), title: erasable(z.string()).nullable() }),
  'incident.unjoined': event({ item, condition: uuid.nullable() }),
  'incident.noted': event({ text: erasable(z.string()) }),
  /** It came when the incident was resolved already, and belongs to a new one. */
  'incident.missed': event({ area: z.string(), items: z.array(item) }),
  /** The rate is back to normal; people resolve the incident. `active`: episodes that still go on, at most 500 of them. */
  'incident.flood_ended': event({ joined: z.int(), active: z.array(uuid), stillActive: z.int() }),
  'incident.resolved': event({
    text: erasable(z.string()),
    cause: erasable(z.string()).nullable(),
    /** When the first of its tasks was acknowledged, and when the last one was done. */
    acknowledgedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
  }),
} as const;

export interface Joined extends Item {
  readonly condition: string | null;
  readonly title: string | null;
  readonly at: string;
  readonly recordedAt: string;
  readonly by: By;
  readonly seq: number;
}
interface By {
  readonly kind: string;
  readonly id: string;
}

/** One line of what happened. */
export interface Happening {
  readonly seq: number;
  readonly at: string;
  readonly recordedAt: string;
  readonly by: By;
  readonly what: string;
  readonly text: string | null;
  readonly flags?: readonly string[];
  /** Only on the device that made it: not yet on the server. */
  readonly waiting?: true;
}

export interface Flood {
  readonly end: number;
  /** When it began and when its latest items came, by the server's clock, newest last: as many as end it. */
  readonly began: string;
  readonly recent: readonly string[];
  readonly endedAt: string | null;
}

export interface IncidentState {
  readonly title: string;
  readonly text: string | null;
  readonly kind: z.output<typeof incidentKind>;
  readonly status: z.output<typeof incidentStatus>;
  /** Empty: nobody knows where. */
  readonly area: string;
  readonly equipment: string | null;
  readonly priority: z.output<typeof priority>;
  readonly class: z.output<typeof taskClass> | null;
  readonly line: string | null;
  readonly rule: string | null;
  readonly openedAt: string;
  readonly openedBy: By;
  readonly firstOut: z.output<typeof firstOut> | null;
  readonly flood: Flood | null;
  readonly items: readonly Joined[];
  readonly happened: readonly Happening[];
  readonly resolution: {
    readonly by: string;
    readonly at: string;
    readonly text: string;
    readonly cause: string | null;
    readonly acknowledgedAt: string | null;
    readonly finishedAt: string | null;
  } | null;
  /** The shift in which it was resolved. */
  readonly resolvedIn: string | null;
}

const by = z.object({ kind: z.string(), id: z.string() });
export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  seq: z.int(),
  title: z.string(),
  text: z.string().nullable(),
  kind: incidentKind,
  status: incidentStatus,
  area: z.string().nullable(),
  equipment: z.string().nullable(),
  priority,
  class: taskClass.nullable(),
  line: z.string().nullable(),
  rule: z.string().nullable().meta({ description: 'Why a rule opened it; null: a person did' }),
  openedAt: z.string(),
  openedBy: by,
  firstOut: z.object({ occurrence: uuid, at: z.string(), title: z.string() }).nullable(),
  flood: z.object({ end: z.int(), began: z.string(), endedAt: z.string().nullable() }).nullable(),
  items: z.array(
    item.extend({ condition: uuid.nullable(), title: z.string().nullable(), at: z.string(), by, seq: z.int() }),
  ),
  happened: z.array(
    z.object({
      seq: z.int(),
      at: z.string(),
      recordedAt: z.string(),
      by,
      what: z.string(),
      text: z.string().nullable(),
      flags: z.array(z.string()).optional(),
    }),
  ),
  resolution: z
    .object({
      by: z.string(),
      at: z.string(),
      text: z.string(),
      cause: z.string().nullable(),
      acknowledgedAt: z.string().nullable(),
      finishedAt: z.string().nullable(),
    })
    .nullable(),
  resolvedIn: uuid.nullable(),
  active: z.array(uuid).optional().meta({ description: 'Of one incident: its episodes that still go on' }),
  tasks: z
    .array(z.object({ id: uuid, ref: z.string(), title: z.string(), status: z.string() }))
    .optional()
    .meta({ description: 'Of one incident: the tasks in it and of its alarms' }),
});

/** Which incident an item is part of now. */
export interface Membership {
  readonly incident: string | null;
}

export const incidentsAmong = (ids: readonly string[]): Read<readonly Row<IncidentState>[]> =>
  select('incidents', { where: { key: { in: ids } } });
export const membershipsOf = (items: readonly string[]): Read<readonly Row<Membership>[]> =>
  select('incident_items', { where: { key: { in: items } } });
/** Floods that go on over one of these places. */
export const openFloodsOver = (paths: readonly string[]): Read<readonly Row<IncidentState>[]> =>
  select('incidents', { where: { flood: 1, area: { in: paths } } });
export const openIncidentsIn = (area: string): Read<readonly Row<IncidentState>[]> =>
  select('incidents', { where: { status: 'open', area: { within: [area] } }, order: 'oldest' });
/** What the rule could add to. */
export const openGroupsIn = (areas: readonly string[], of: string): Read<readonly Row<IncidentState>[]> =>
  select('incidents', { where: { status: 'open', kind: 'group', class: of, area: { within: areas } }, limit: 50 });
/** Incidents that were resolved in this shift. */
export const incidentsResolvedIn = (shift: string): Read<readonly Row<IncidentState>[]> =>
  select('incidents', { where: { resolvedIn: shift }, order: 'oldest' });
