import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { dueAt } from './due.ts';
import { commands, entity, events, initial, isOn, modeOf, type ConditionState, type Occurrence } from './contract.ts';
import { decide, further, reads } from './decider.ts';
import { evolve } from './evolve.ts';
import { note } from './note.ts';
import { past } from './past.ts';
import { policies } from './policy.ts';
import { announcements, occurrenceOf, occurrences, transitions } from './tables.ts';

export const alarms = feature({
  name: 'alarms',
  kind: 'condition',
  letter: 'A',
  summary: 'Conditions that machines raise and clear, and problems that people report',
  commands,
  events,
  entity,
  initial,
  view: (state: ConditionState, { id, number }) => {
    const { keys: _keys, ended: _ended, messages: _messages, begun: _begun, recent: _recent, ...more } = state;
    const { standsAt: _stands, position: _position, notedAt: _noted, chattering, held, ...shown } = more;
    return {
      id,
      number,
      ref: shortNumber('A', number),
      active: isOn(state),
      mode: modeOf(state),
      ...shown,
      held: held && { by: held.by, rule: held.rule, until: held.until },
      chattering: chattering && { count: chattering.count, since: chattering.since },
    };
  },
  decide,
  reads,
  further,
  evolve,
  // Whoever acknowledged another episode has not seen this one.
  partOf: ({ type, body }) => (type === 'alarm.acknowledged' ? String(body['occurrence']) : undefined),
  tracked: ['status', 'priority', 'activations'],
  areaOf: (state) => state.area ?? undefined,
  concern: (state, { verb, input }) => ({
    area: verb === 'report' ? (input as { area: string }).area : (state.area ?? undefined),
  }),
  readers: 'operations.read',
  due: { at: dueAt, verb: 'tick' },
  travels: { where: () => [{ active: 1 }], holds: isOn },
  columns: {
    status: (state) => state.status,
    area: (state) => state.area,
    active: (state) => (isOn(state) ? 1 : 0),
    priority: (state) => state.priority,
    search: (state) => `${state.title} ${state.conditionKey}`,
    mode: modeOf,
    standing: (state) => (state.standing ? 1 : 0),
    chattering: (state) => (state.chattering ? 1 : 0),
    equipment: (state) => state.equipment,
    conditionKey: (state) => state.conditionKey,
    /** The most exact place that is known of it. */
    place: (state) => state.equipment ?? state.area,
    heldBy: (state) => state.held?.by ?? null,
    cause: (state) => state.held?.cause ?? null,
  },
  filters: ['status', 'area', 'priority', 'mode', 'standing', 'chattering'],
  tables: { occurrences, transitions, announcements },
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
