import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { occurrencesAmong } from '../alarms/contract.ts';
import { commands, entity, events, type IncidentState, type Membership } from './contract.ts';
import { decide, further, reads, workOf } from './decider.ts';
import { aside, evolve, initial } from './evolve.ts';
import { endsAt } from './flood.ts';
import { note } from './note.ts';
import { past } from './past.ts';
import { policies } from './policy.ts';

const isFlooding = ({ status, flood }: IncidentState): boolean =>
  status === 'open' && flood !== null && flood.endedAt === null;

export const incidents = feature({
  name: 'incidents',
  kind: 'incident',
  letter: 'I',
  summary: 'What went wrong, as one thing: floods and groups of alarms, P1, and what people flag',
  commands,
  events,
  entity,
  initial,
  view: ({ area, flood, items, ...state }: IncidentState, { id, number, seq }) => ({
    id,
    number,
    ref: shortNumber('I', number),
    seq,
    ...state,
    area: area || null,
    flood: flood && { end: flood.end, began: flood.began, endedAt: flood.endedAt },
    items: items.map(({ recordedAt: _at, ...item }) => item),
  }),
  async details(state, _id, load) {
    const episodes = await load(
      occurrencesAmong(state.items.flatMap(({ kind, id }) => (kind === 'occurrence' ? id : []))),
    );
    const { own, caused } = workOf(state);
    const work = new Map([...(await load(own)), ...(await load(caused))].map((row) => [row.key, row]));
    return {
      active: episodes.filter(({ value }) => value.active).map(({ key }) => key),
      tasks: [...work.values()].map(({ key: id, number, value: { title, status } }) => ({
        ...{ id, ref: shortNumber('T', number), title, status },
      })),
    };
  },
  decide,
  reads,
  further,
  evolve,
  aside,
  tracked: ['status'],
  areaOf: (state) => state.area || undefined,
  concern: (state, { verb, input }) => ({
    area: verb === 'open' ? (input as { area: string }).area : state.area || undefined,
  }),
  readers: 'operations.read',
  travels: {
    where: (unsealed) => [{ status: 'open' }, { resolvedIn: { in: unsealed } }],
    holds: (state, isUnsealed) =>
      state.status === 'open' || (state.resolvedIn !== null && isUnsealed(state.resolvedIn)),
  },
  columns: {
    status: (state) => state.status,
    kind: (state) => state.kind,
    area: (state) => state.area,
    priority: (state) => state.priority,
    class: (state) => state.class,
    flood: (state) => (isFlooding(state) ? 1 : null),
    resolvedIn: (state) => state.resolvedIn,
    search: (state) => `${state.title} ${state.equipment ?? ''} ${state.text ?? ''}`,
  },
  filters: ['status', 'kind', 'area', 'priority'],
  tables: {
    incident_items: {
      columns: { incident: (row: Membership) => row.incident },
      from: ({ type, subject, body }) => {
        const isIn = type === 'incident.joined';
        if ((!isIn && type !== 'incident.unjoined') || body.aside) return [];
        const { item } = body as unknown as { item: { id: string } };
        return [{ key: item.id, value: { incident: isIn ? subject.id : null } satisfies Membership }];
      },
    },
  },
  titleOf: (state) => state.title,
  past,
  isTerminal: (state) => state.status === 'resolved',
  due: { at: (state) => (isFlooding(state) ? endsAt(state.flood!) : null), verb: 'tick' },
  policies,
  note,
});
