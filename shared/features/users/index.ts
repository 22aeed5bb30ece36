import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { refuse } from '../../kernel/refusal.ts';
import { commands, entity, events, type UserState } from './contract.ts';

const initial: UserState = { name: '', role: 'operator', areas: [], leftAt: null };

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
    // Whoever is the only admin must not lock the door from inside.
    deactivate: ({ leftAt }, { subject, caller }) => {
      if (subject.id === caller.id)
        return refuse('same-person', 'Nobody deactivates themselves. Ask another admin to do it.');
      return leftAt === null
        ? [{ type: 'user.deactivated', body: {} }]
        : refuse('transition-not-allowed', 'This person has left already.');
    },
    reactivate: ({ leftAt }) =>
      leftAt === null
        ? refuse('transition-not-allowed', 'This person has not left; there is nothing to take back.')
        : [{ type: 'user.reactivated', body: {} }],
  },
  evolve: {
    'user.added': (_state, { body: { name, role, areas } }) => ({ name, role, areas, leftAt: null }),
    'user.deactivated': (state, { seq }) => ({ ...state, leftAt: seq }),
    'user.reactivated': (state) => ({ ...state, leftAt: null }),
  },
  tracked: ['role', 'areas', 'leftAt'],
  areaOf: () => undefined,
  readers: 'people.read',
  travels: { where: () => [{}], holds: () => true },
  columns: { name: (state) => state.name, role: (state) => state.role },
  filters: ['role', 'name'],
  titleOf: (state) => state.name,
  people: (state) => state.leftAt,
});
