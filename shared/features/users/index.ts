import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { commands, entity, events, type UserState } from './contract.ts';

const initial: UserState = { name: '', role: 'operator', areas: [] };

export const users = feature({
  name: 'users',
  kind: 'user',
  letter: 'U',
  summary: 'People, their roles and areas',
  commands,
  events,
  entity,
  initial,
  view: (state: UserState, { id, number }) => ({ id, number, ref: shortNumber('U', number), ...state }),
  decide: {
    add: (_state, { input: { name, role, areas } }) => [{ type: 'user.added', body: { name, role, areas } }],
  },
  evolve: {
    'user.added': (_state, { body: { name, role, areas } }) => ({ name, role, areas }),
  },
  tracked: ['role', 'areas'],
  areaOf: () => undefined,
  readers: 'people.read',
  travels: { where: () => [{}], holds: () => true },
  columns: { name: (state) => state.name, role: (state) => state.role },
  filters: ['role', 'name'],
  titleOf: (state) => state.name,
});
