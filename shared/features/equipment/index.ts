import { feature, type Ask } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { select, type Row } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { commands, entity, equipmentCalled, events, folded, type Alias, type EquipmentState } from './contract.ts';

const initial: EquipmentState = { path: '', level: 'unit', name: '', aliases: [], externalIds: {}, criticality: 'B' };

/** Each name once, as it was first written. */
const distinct = (names: readonly string[]): string[] =>
  names.map((name) => name.trim()).filter((name, i, all) => all.findIndex((one) => folded(one) === folded(name)) === i);

const taken = (found: readonly Row<Alias>[], { subject }: Ask, field: string): Refusal | undefined => {
  const other = found.find(({ value }) => value.path !== null && value.equipment !== subject.id);
  return other
    ? refuse(
        'already-exists',
        `The name ${other.value.called} leads to ${other.value.path} already: remove it there first.`,
        {
          fields: [{ field, problem: `Leads to ${other.value.path}` }],
        },
      )
    : undefined;
};

export const equipment = feature({
  name: 'equipment',
  kind: 'equipment',
  letter: 'Q',
  summary: 'Lines, units and modules of the plant, and what senders call them',
  commands,
  events,
  entity,
  initial,
  view: (state: EquipmentState, { id, number }) => ({ id, number, ref: shortNumber('Q', number), ...state }),
  reads: {
    create: ({ input }) => ({
      same: select<EquipmentState>('equipment', { where: { path: input.path } }),
      called: equipmentCalled([input.path, ...input.aliases]),
    }),
    alias: ({ input }) => ({ called: equipmentCalled(input.add) }),
  },
  decide: {
    create(_state, ask, { same, called }) {
      const { path, level, name, aliases, externalIds, criticality } = ask.input;
      if (same.length) return refuse('already-exists', `There is equipment at ${path} already.`);
      const body = { path, level, name, aliases: distinct(aliases), externalIds, criticality };
      return taken(called, ask, '/aliases') ?? [{ type: 'equipment.created', body }];
    },
    rename: (state, { input: { name } }) =>
      name === state.name ? [] : [{ type: 'equipment.renamed', body: { name } }],
    alias(state, ask, { called }) {
      const has = new Set(state.aliases.map(folded));
      const gone = new Set(ask.input.remove.map(folded));
      const added = distinct(ask.input.add).filter((name) => !has.has(folded(name)) && !gone.has(folded(name)));
      const removed = state.aliases.filter((name) => gone.has(folded(name)));
      const refused = taken(called, ask, '/add');
      if (refused) return refused;
      return added.length + removed.length ? [{ type: 'equipment.aliased', body: { added, removed } }] : [];
    },
  },
  evolve: {
    'equipment.created': (_state, { body: { path, level, name, aliases, externalIds, criticality } }) => ({
      ...{ path, level, name, aliases, externalIds, criticality },
    }),
    'equipment.renamed': (state, { body: { name } }) => ({ ...state, name }),
    'equipment.aliased': (state, { body: { added, removed } }) => ({
      ...state,
      aliases: [...state.aliases.filter((name) => !removed.includes(name)), ...added],
    }),
  },
  tracked: ['name', 'aliases'],
  // Like an area, it is configuration: its name says nothing of what happened there.
  areaOf: () => undefined,
  readers: 'people.read',
  columns: { path: (state) => state.path, level: (state) => state.level, criticality: (state) => state.criticality },
  filters: ['path', 'level', 'criticality'],
  tables: {
    equipment_aliases: {
      columns: { path: (row: Alias) => row.path },
      from: ({ subject, body }, state) => {
        const { removed = [] } = body as { removed?: readonly string[] };
        const row = (called: string, path: string | null) => ({
          key: folded(called),
          value: { equipment: subject.id, path, called } satisfies Alias,
        });
        return [
          ...removed.map((name) => row(name, null)),
          ...[state.path, ...state.aliases].map((name) => row(name, state.path)),
        ];
      },
    },
  },
  titleOf: (state) => state.name,
});
