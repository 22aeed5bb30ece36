/** Alarms become items of incidents: of the flood over their area, of what else goes on at their line, of their own when they are P1. */
import type { Recorded } from '../../kernel/event.ts';
import { policy, type Wish } from '../../kernel/policy.ts';
import { select, type Row } from '../../kernel/read.ts';
import { pathsUp } from '../../kernel/record.ts';
import type { Priority, TaskClass } from '../../kernel/work.ts';
import { announcedIn, occurrencesAmong, type Announcement, type Held } from '../alarms/contract.ts';
import type { AreaState } from '../areas/contract.ts';
import {
  incidentsAmong,
  openFloodsOver,
  openGroupsIn,
  type IncidentState,
  type Item,
  type Joined,
  type Taken,
} from './contract.ts';
import { lineOf, positionOf } from './lines.ts';

/** Alarms of one class and line that come within this time are one incident (domain model 3.5: group interval). */
const TOGETHER_MS = 300_000;
/** The highest number of neighbours that an incident begins with. */
const MOST = 50;

interface Signal {
  readonly held?: Held;
  readonly occurrence: string;
  readonly title: string;
  readonly priority: Priority;
  readonly class: TaskClass;
  readonly area: string | null;
  readonly equipment: string | null;
  /** The operating position, where the engine has named it. */
  readonly position?: string | null;
}
const signalOf = (event: Recorded): Signal => event.body as unknown as Signal;

/** What a person reports is an incident when it is a P1 only. */
const isForIncidents = ({ type }: Recorded, { held, priority }: Signal): boolean =>
  type === 'alarm.reported' ? priority === 'P1' : !held || held.by === 'flood';

const receivedMs = ({ receivedAt }: Recorded): number => Date.parse(receivedAt);

const takenOf = ({ subject }: Recorded, { occurrence: id, title }: Signal): Taken => ({
  kind: 'occurrence',
  id,
  condition: subject.id,
  title: title.slice(0, 300),
});

const gather = (incident: string, items: readonly Taken[]): Wish => ({
  type: 'incidents.gather',
  subject: { kind: 'incident', id: incident },
  input: { items },
});
const raise = (input: Wish['input']): Wish => ({
  type: 'incidents.raise',
  subject: { kind: 'incident', id: 'new' },
  input,
});

const isLately = ({ kind, condition, at }: Joined, event: Recorded): boolean =>
  kind === 'occurrence' && condition !== event.subject.id && Date.parse(at) > receivedMs(event) - TOGETHER_MS;

interface Seen {
  readonly areas: readonly Row<AreaState>[];
  readonly floods: readonly Row<IncidentState>[];
  readonly groups: readonly Row<IncidentState>[];
  readonly others: readonly Row<Announcement>[];
}

function asksFor(event: Recorded, { areas, floods, groups, others }: Seen): readonly Wish[] {
  const signal = signalOf(event);
  if (!isForIncidents(event, signal)) return [];
  const { area, equipment, priority, class: taskClass, title } = signal;
  const own = takenOf(event, signal);
  const common = { equipment: null, class: null, line: null, at: event.occurredAt };
  const known = areas.map(({ value }) => value.path);
  const position = signal.position ?? (area === null ? null : positionOf(area, known));
  const [flood] = floods.toSorted((a, b) => b.value.area.length - a.value.area.length);
  if (flood) return [gather(flood.key, [own])];
  if (signal.held) {
    const named = `Alarm flood in ${position ?? 'an area that nobody named'}`;
    const rule = `Flood: ${signal.held.rule}`.slice(0, 300);
    return [raise({ ...common, kind: 'flood', title: named, area: position, priority: 'P2', rule, items: [own] })];
  }
  const line = position === null ? null : lineOf(position, equipment ?? area ?? position);
  const group = groups.find(({ value }) => value.line === line && value.items.some((item) => isLately(item, event)));
  if (line !== null && group) return [gather(group.key, [own])];
  const near = others
    .filter(({ first, value }) => first < event.seq && value.held === null && value.condition !== event.subject.id)
    .filter(({ value }) => lineOf(positionOf(value.area, known), value.place) === line)
    .reverse();
  const grouped = { ...common, kind: 'group', equipment, class: taskClass, line };
  if (near.length === 0)
    return priority === 'P1'
      ? [raise({ ...grouped, title, area, priority, rule: 'P1 opens an incident', items: [own] })]
      : [];
  const areasOf = new Set([area, ...near.map(({ value }) => value.area)]);
  return [
    raise({
      ...grouped,
      title: `${near[0]!.value.title.slice(0, 150)}, and more on ${line}`.slice(0, 300),
      area: areasOf.size === 1 ? area : position,
      priority: [priority, ...near.map(({ value }) => value.priority)].sort()[0],
      rule: `Alarms of class ${taskClass} on ${line} within ${TOGETHER_MS / 60_000} minutes`,
      items: [...near.map(({ value }) => nearby(value)), own],
    }),
  ];
}

const nearby = ({ occurrence: id, condition, title }: Announcement): Taken => ({
  kind: 'occurrence',
  id,
  condition,
  title: title.slice(0, 300),
});

interface Joining {
  readonly item: Item;
  readonly condition: string | null;
}

/** In the item's own stream, so that its trail leads up to the incident. */
const told = (verb: 'join' | 'unjoin') => (event: Recorded) => {
  const { item, condition } = event.body as unknown as Joining;
  if (event.body.aside) return [];
  const common = { ...(event.actor.kind === 'user' ? { onBehalfOf: event.actor.id } : {}) };
  const incident = event.subject.id;
  return item.kind === 'task'
    ? [{ ...common, type: `tasks.${verb}`, subject: item, input: { incident } }]
    : [
        {
          ...common,
          type: `alarms.${verb}`,
          subject: { kind: 'condition', id: condition ?? '' },
          input: { incident, occurrence: item.id },
        },
      ];
};

export const policies = [
  policy({
    name: 'gather-alarms',
    hears: ['alarm.activated', 'alarm.reactivated', 'alarm.announced', 'alarm.reported'],
    reads: (event) => {
      const signal = signalOf(event);
      const { area, held, class: taskClass } = signal;
      const around = area === null || !isForIncidents(event, signal) ? [] : pathsUp(area);
      // The place that all others lie in: where its line begins is known only when the areas are.
      const site = held ? [] : around.slice(-1);
      const since = receivedMs(event) - TOGETHER_MS;
      return {
        areas: select<AreaState>('areas', { where: { path: { in: around } } }),
        floods: openFloodsOver(area === null && held?.by === 'flood' ? [''] : around),
        groups: openGroupsIn(site, taskClass),
        others: announcedIn(site, since, { order: 'newest', limit: MOST, class: taskClass }),
      };
    },
    asks: (event, seen): readonly Wish[] => asksFor(event, seen),
  }),
  policy({ name: 'join-item', hears: ['incident.joined'], reads: () => ({}), asks: told('join') }),
  policy({ name: 'unjoin-item', hears: ['incident.unjoined'], reads: () => ({}), asks: told('unjoin') }),
  policy({
    name: 'take-in-work',
    hears: ['task.created'],
    reads: () => ({}),
    asks: ({ subject, upstream, body }): Wish[] => {
      const incident = upstream.find(({ kind, rel }) => kind === 'incident' && rel === 'part_of');
      if (!incident || body.aside) return [];
      const title = (body as unknown as { title: string }).title.slice(0, 300);
      return [gather(incident.id, [{ kind: 'task', id: subject.id, condition: null, title }])];
    },
  }),
  policy({
    name: 'open-anew-for-what-was-missed',
    hears: ['incident.missed'],
    reads: (event) => ({
      floods: openFloodsOver([(event.body as unknown as { area: string }).area]),
      resolved: incidentsAmong([event.subject.id]),
      episodes: occurrencesAmong((event.body as unknown as { items: readonly Item[] }).items.map(({ id }) => id)),
    }),
    asks: (event, { floods, resolved, episodes }): Wish[] => {
      const items = episodes.map(({ key, value: { condition, title } }): Taken => ({
        ...{ kind: 'occurrence', id: key, condition, title: title.slice(0, 300) },
      }));
      const [flood] = floods;
      const before = resolved[0]?.value;
      if (!items.length || !before) return [];
      if (flood && before.kind === 'flood') return [gather(flood.key, items)];
      const { kind, title, area, equipment, priority, class: taskClass, line, rule } = before;
      const again = { kind, title, equipment, priority, class: taskClass, line, rule, items, at: event.occurredAt };
      return [raise({ ...again, area: area || null })];
    },
  }),
];
