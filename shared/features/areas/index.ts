import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { select } from '../../kernel/read.ts';
import { refuse } from '../../kernel/refusal.ts';
import { commands, entity, events, type AreaState } from './contract.ts';

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
  view: (state: AreaState, { id, number }) => ({ id, number, ref: shortNumber('R', number), ...state }),
  reads: {
    create: ({ input }) => ({ same: select<AreaState>('areas', { where: { path: input.path } }) }),
  },
  decide: {
    create: (_state, { input: { path, name, shifts } }, { same }) =>
      same.length
        ? refuse('already-exists', `There is an area ${path} already.`)
        : [{ type: 'area.created', body: { path, name, shifts } }],
    tune: ({ path }, { input: { alarms } }) => [{ type: 'area.tuned', body: { path, alarms } }],
  },
  evolve: {
    'area.created': (_state, { body: { path, name, shifts } }) => ({ path, name, shifts }),
    'area.tuned': (state, { body: { alarms } }) => ({ ...state, alarms }),
  },
  tracked: ['name', 'alarms'],
  // An area is configuration: reading its name is not reading what happened there.
  areaOf: () => undefined,
  readers: 'people.read',
  travels: { where: () => [{}], holds: () => true },
  columns: { path: (state) => state.path },
  filters: ['path'],
  titleOf: (state) => state.name,
});
