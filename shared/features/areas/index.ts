import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { commands, entity, events, GRACE_MINUTES, type AreaState } from './contract.ts';
import { decide, reads } from './decider.ts';
import { afterPlan, patternsOf } from './plan.ts';
import { policies } from './policy.ts';

const initial: AreaState = { path: '', name: '', shifts: [] };

export const areas = feature({
  name: 'areas',
  kind: 'area',
  letter: 'R',
  summary: 'Areas of the plant and the shifts of their day',
  commands,
  events,
  entity,
  initial,
  view: ({ planAt: _planAt, ...state }: AreaState, { id, number }) => ({
    ...{ id, number, ref: shortNumber('R', number) },
    ...{ autoplan: false, graceMinutes: GRACE_MINUTES, plannedUntil: null, taken: [], missed: [], missedCount: 0 },
    ...state,
    patterns: patternsOf(state),
  }),
  reads,
  decide,
  evolve: {
    'area.created': (_state, { body: { path, name, shifts } }) => ({ path, name, shifts }),
    'area.tuned': (state, { body: { alarms } }) => ({ ...state, alarms }),
    'area.planned': (state, { body, receivedAt }) => afterPlan(state, body, receivedAt),
    'area.shifts_planned': (state, { body: { until, nextAt, taken, missed, missedCount } }) => ({
      ...state,
      plannedUntil: until,
      planAt: nextAt,
      taken,
      ...(missedCount ? { missed, missedCount } : {}),
    }),
  },
  tracked: ['name', 'alarms', 'autoplan', 'graceMinutes'],
  // An area is configuration: reading its name is not reading what happened there.
  areaOf: () => undefined,
  readers: 'people.read',
  travels: { where: () => [{}], holds: () => true },
  columns: { path: (state) => state.path },
  filters: ['path'],
  titleOf: (state) => state.name,
  due: { at: (state) => state.planAt ?? null, verb: 'tick' },
  policies,
});
