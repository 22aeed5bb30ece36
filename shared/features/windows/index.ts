import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { commands, entity, events, type WindowState } from './contract.ts';
import { decide, evolve, initial, isLive, reads } from './decider.ts';
import { note, titleOf } from './note.ts';
import { policies } from './policy.ts';

export const windows = feature({
  name: 'windows',
  kind: 'window',
  letter: 'W',
  summary: 'Maintenance windows: planned times in which alarms ask for nobody',
  commands,
  events,
  entity,
  initial,
  view: (state: WindowState, { id, number }) => ({ id, number, ref: shortNumber('W', number), ...state }),
  decide,
  reads,
  evolve,
  tracked: ['status', 'from', 'to'],
  areaOf: (state) => state.equipment || undefined,
  concern: (state, { verb, input }) => ({
    area: verb === 'create' ? (input as { equipment: string }).equipment : state.equipment,
  }),
  readers: 'operations.read',
  travels: { where: () => [{ status: { in: ['planned', 'open'] } }], holds: isLive },
  columns: {
    status: (state) => state.status,
    equipment: (state) => state.equipment,
    area: (state) => state.area,
    live: (state) => (state.status === 'open' ? 1 : null),
    search: (state) => `${state.equipment} ${state.reason}`,
  },
  filters: ['status', 'equipment', 'area'],
  titleOf,
  due: {
    at: ({ status, from, to }) => (status === 'planned' ? from : status === 'open' ? to : null),
    verb: 'tick',
  },
  policies,
  note,
});
