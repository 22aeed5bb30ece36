import { feature } from '../../kernel/feature.ts';
import { commands, entity, events, type OrgState } from './contract.ts';

const initial: OrgState = { slug: '', name: '', zone: 'UTC', keys: null, refusedChanges: 0 };

export const orgs = feature({
  name: 'orgs',
  kind: 'org',
  letter: 'O',
  summary: 'The organisation, its zone and its public keys',
  commands,
  events,
  entity,
  initial,
  view: (state: OrgState, { id }) => ({ id, ...state }),
  decide: {
    create: (_state, { input: { slug, name, zone, keys } }) => [
      { type: 'org.created', body: { slug, name, zone, keys } },
    ],
  },
  evolve: {
    'org.created': (state, { body: { slug, name, zone, keys } }) => ({ ...state, slug, name, zone, keys }),
    'shift.change_refused': (state) => ({ ...state, refusedChanges: state.refusedChanges + 1 }),
  },
  tracked: ['slug', 'zone'],
  areaOf: () => undefined,
  readers: 'people.read',
  travels: { where: () => [{}], holds: () => true },
  columns: { slug: (state) => state.slug },
  titleOf: (state) => state.name,
});
