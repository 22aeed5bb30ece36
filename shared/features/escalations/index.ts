import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import type { Row } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { commands, entity, escalationsOver, events, type EscalationState } from './contract.ts';

const initial: EscalationState = {
  name: '',
  area: null,
  priorities: [],
  levels: [],
  repeat: { times: 0, thenNotify: null },
  ackTimeout: { P1: null, P2: null, P3: null, P4: null },
  due: null,
  noOneOnDuty: 'skip_and_log',
  retired: false,
};

interface Settings {
  readonly name: string;
  readonly area?: string | undefined;
  readonly priorities: EscalationState['priorities'];
  readonly levels: EscalationState['levels'];
  readonly repeat: EscalationState['repeat'];
  readonly ackTimeout: EscalationState['ackTimeout'];
  readonly due: EscalationState['due'];
  readonly noOneOnDuty: EscalationState['noOneOnDuty'];
}

const bodyOf = ({ name, area, priorities, levels, repeat, ackTimeout, due, noOneOnDuty }: Settings) => ({
  ...{ name, area: area ?? null, priorities: [...new Set(priorities)].sort(), levels, repeat, ackTimeout },
  ...{ due: due && { ...due, atPercent: [...new Set(due.atPercent)].sort((a, b) => a - b) }, noOneOnDuty },
});

/** Two that speak of one place and one priority would leave it to chance who is rung. */
function unlessTwice(
  { area, priorities }: Settings,
  self: string,
  over: readonly Row<EscalationState>[],
): Refusal | undefined {
  const other = over.find(
    ({ key, value }) =>
      key !== self && value.area === (area ?? null) && value.priorities.some((one) => priorities.includes(one)),
  );
  return (
    other &&
    refuse(
      'already-exists',
      `${shortNumber('E', other.number)} "${other.value.name}" says already who is asked ${area === undefined ? 'everywhere' : `in ${area}`} for ${other.value.priorities.join(', ')}. Update that one, or retire it first.`,
    )
  );
}

const retired = refuse('transition-not-allowed', 'This escalation policy is retired; create a new one.');

export const escalations = feature({
  name: 'escalations',
  kind: 'escalation',
  letter: 'E',
  summary: 'Who is asked when nobody acknowledges, in which order, and how long each is given',
  commands,
  events,
  entity,
  initial,
  view: (state: EscalationState, { id, number }) => ({ id, number, ref: shortNumber('E', number), ...state }),
  reads: {
    create: ({ input }) => ({ over: escalationsOver(input.area ?? null) }),
    update: ({ input }) => ({ over: escalationsOver(input.area ?? null) }),
  },
  decide: {
    create: (_state, { input, subject }, { over }) =>
      unlessTwice(input, subject.id, over) ?? [{ type: 'escalation.created', body: bodyOf(input) }],
    update: (state, { input, subject }, { over }) =>
      state.retired
        ? retired
        : (unlessTwice(input, subject.id, over) ?? [{ type: 'escalation.updated', body: bodyOf(input) }]),
    retire: (state) => (state.retired ? retired : [{ type: 'escalation.retired', body: {} }]),
  },
  evolve: {
    'escalation.created': (state, { body }) => ({ ...state, ...bodyOf({ ...body, area: body.area ?? undefined }) }),
    'escalation.updated': (state, { body }) => ({ ...state, ...bodyOf({ ...body, area: body.area ?? undefined }) }),
    'escalation.retired': (state) => ({ ...state, retired: true }),
  },
  tracked: ['name', 'area', 'priorities', 'levels', 'repeat', 'ackTimeout', 'due', 'retired'],
  areaOf: () => undefined,
  readers: 'people.read',
  columns: {
    area: (state) => state.area ?? '',
    live: (state) => (state.retired ? 0 : 1),
  },
  filters: ['area', 'live'],
  titleOf: (state) => state.name,
});
