import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { commands, entity, events, type ScheduleState } from './contract.ts';
import { decide, reads } from './decider.ts';
import { evolve, initial } from './evolve.ts';
import { policies } from './policy.ts';

export const schedules = feature({
  name: 'schedules',
  kind: 'schedule',
  letter: 'C',
  summary: 'Checks, readings and other work that comes again',
  commands,
  events,
  entity,
  initial,
  view: (state: ScheduleState, { id, number }) => ({ id, number, ref: shortNumber('C', number), ...state }),
  decide,
  reads,
  evolve,
  tracked: ['status', 'rule', 'priority', 'class', 'area', 'dueWithinMinutes', 'assignee'],
  areaOf: (state) => state.area || undefined,
  concern: (state, { verb, input }) => ({ area: verb === 'create' ? (input as { area: string }).area : state.area }),
  readers: 'operations.read',
  columns: {
    status: (state) => state.status,
    area: (state) => state.area,
    hourly: (state) => ('every' in state.rule ? 1 : 0),
    search: (state) => `${state.title} ${state.equipment ?? ''}`,
  },
  filters: ['status', 'area'],
  titleOf: (state) => state.title,
  isTerminal: (state) => state.status === 'retired',
  due: { at: (state) => state.nextAt, verb: 'tick' },
  policies,
});
