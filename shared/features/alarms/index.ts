import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import type { Recorded } from '../../kernel/event.ts';
import { commands, entity, events, type ConditionState, type Brought, type Occurrence } from './contract.ts';
import { decide, evolve, initial, isActive, reads } from './decider.ts';
import { note } from './note.ts';
import { past } from './past.ts';
import { policies } from './policy.ts';

const occurrenceOf = (event: Recorded): string => (event.body as unknown as { occurrence: string }).occurrence;

const episode = (event: Recorded, state: ConditionState): Occurrence => ({
  condition: event.subject.id,
  title: state.title,
  active: isActive(state) && state.watched,
  area: state.area,
  equipment: state.equipment,
  priority: state.priority,
  startedAt: state.activeSince ?? event.occurredAt,
  clearedAt: state.clearedAt,
  activations: state.activations,
});

export const alarms = feature({
  name: 'alarms',
  kind: 'condition',
  letter: 'A',
  summary: 'Conditions that machines raise and clear, and problems that people report',
  commands,
  events,
  entity,
  initial,
  view: (
    { keys: _keys, ended: _ended, messages: _messages, begun: _begun, ...state }: ConditionState,
    { id, number },
  ) => ({
    id,
    number,
    ref: shortNumber('A', number),
    active: isActive(state as ConditionState) && state.watched,
    ...state,
  }),
  decide,
  reads,
  evolve,
  // Whoever acknowledged another episode has not seen this one.
  partOf: ({ type, body }) => (type === 'alarm.acknowledged' ? String(body['occurrence']) : undefined),
  tracked: ['status', 'priority', 'activations'],
  areaOf: (state) => state.area ?? undefined,
  concern: (state, { verb, input }) => ({
    area: verb === 'report' ? (input as { area: string }).area : (state.area ?? undefined),
  }),
  readers: 'operations.read',
  travels: { where: () => [{ active: 1 }], holds: (state) => isActive(state) && state.watched },
  columns: {
    status: (state) => state.status,
    area: (state) => state.area,
    active: (state) => (isActive(state) && state.watched ? 1 : 0),
    priority: (state) => state.priority,
    search: (state) => `${state.title} ${state.conditionKey}`,
  },
  filters: ['status', 'area', 'priority'],
  tables: {
    occurrences: {
      columns: { condition: (row: Occurrence) => row.condition },
      // What a device says of an earlier episode tells nothing of the one that goes on.
      from: (event, state) =>
        occurrenceOf(event) === state.occurrence ? [{ key: state.occurrence, value: episode(event, state) }] : [],
    },
    transitions: {
      columns: { delivery: (row: Brought) => row.delivery, condition: (row: Brought) => row.condition },
      from: (event) =>
        event.upstream
          .filter(({ rel }) => rel === 'reported_by')
          .map(({ id }) => ({
            key: event.id,
            value: {
              delivery: id,
              condition: event.subject.id,
              occurrence: occurrenceOf(event),
              kind: event.type.slice('alarm.'.length),
            } satisfies Brought,
          })),
    },
  },
  titleOf: (state) => state.title,
  items: {
    occurrence: {
      table: 'occurrences',
      stream: (row: Occurrence) => row.condition,
      title: (row: Occurrence) => row.title,
      holds: (event, id) => occurrenceOf(event) === id,
    },
  },
  past,
  policies,
  note,
});
