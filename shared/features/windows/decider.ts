/** Planned, open from its first to its last minute, then ended; or cancelled before that. */
import type { Fact } from '../../kernel/event.ts';
import type { Decide, Evolve, ReadTable } from '../../kernel/feature.ts';
import { select } from '../../kernel/read.ts';
import { pathsUp } from '../../kernel/record.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import type { AreaState } from '../areas/contract.ts';
import type { commands, events, WindowState } from './contract.ts';

export const initial: WindowState = {
  equipment: '',
  area: '',
  from: '',
  to: '',
  reason: '',
  status: 'planned',
  plannedBy: '',
  changes: [],
};

const LONGEST_MS = 7 * 86_400_000;

export const reads = {
  create: ({ input: { equipment } }) => ({
    areas: select<AreaState>('areas', { where: { path: { in: pathsUp(equipment) } } }),
  }),
} satisfies ReadTable<WindowState, typeof commands>;

export const decide: Decide<WindowState, typeof commands, typeof reads> = {
  create(_state, { input: { equipment, from, to }, now }, { areas }) {
    const wrong = wrongTime(from, to, now);
    if (wrong) return wrong;
    const [nearest] = areas.map(({ value }) => value.path).sort((a, b) => b.length - a.length);
    const planned = { type: 'window.planned', body: { equipment, area: nearest ?? equipment, from, to } };
    // From this moment on, and not from the next look at the clock.
    return from <= now ? [planned, begun({ equipment })] : [planned];
  },
  extend(state, { input: { to }, now }) {
    const over = unlessLive(state);
    if (over) return over;
    if (to <= state.to)
      return refuse('invalid-input', `The window ends at ${state.to} as it is. Cancel it to end it sooner.`, {
        fields: [{ field: '/to', problem: 'must be later than now planned' }],
      });
    return wrongTime(state.from, to, now) ?? [{ type: 'window.extended', body: { to } }];
  },
  cancel: (state) => unlessLive(state) ?? [{ type: 'window.cancelled', body: { equipment: state.equipment } }],
  tick(state, { now }) {
    const { status, from, to } = state;
    if (status === 'planned' && now >= from) return now >= to ? [begun(state), ended(state)] : [begun(state)];
    return status === 'open' && now >= to ? [ended(state)] : [];
  },
};

type Place = Pick<WindowState, 'equipment'>;
const begun = ({ equipment }: Place): Fact => ({ type: 'window.begun', body: { equipment } });
const ended = ({ equipment }: Place): Fact => ({ type: 'window.ended', body: { equipment } });

export const isLive = ({ status }: WindowState): boolean => status === 'planned' || status === 'open';

const unlessLive = (state: WindowState): Refusal | undefined =>
  isLive(state)
    ? undefined
    : refuse(
        'transition-not-allowed',
        `This window was ${state.status} already. Plan a new one where you need more time.`,
      );

function wrongTime(from: string, to: string, now: string): Refusal | undefined {
  const length = Date.parse(to) - Date.parse(from);
  const problem =
    length <= 0
      ? 'A window ends after it begins.'
      : to <= now
        ? 'This window would be over already. Say an end that is still to come.'
        : length > LONGEST_MS
          ? 'A window lasts 7 days at most. Take the equipment out of service where it takes longer.'
          : undefined;
  return problem === undefined
    ? undefined
    : refuse('invalid-input', problem, { fields: [{ field: '/to', problem: 'not within 7 days from its beginning' }] });
}

const changed = (
  state: WindowState,
  event: {
    readonly actor: { readonly id: string };
    readonly occurredAt: string;
    readonly body: { readonly reason?: string };
  },
  what: 'extended' | 'cancelled',
): WindowState['changes'] => [
  ...state.changes,
  { at: event.occurredAt, by: event.actor.id, what, reason: event.body.reason ?? '' },
];

export const evolve: Evolve<WindowState, typeof events> = {
  'window.planned': (state, { actor, body: { equipment, area, from, to, reason = '' } }) => ({
    ...state,
    ...{ equipment, area, from, to, reason, plannedBy: actor.id },
  }),
  'window.begun': (state) => ({ ...state, status: 'open' }),
  'window.extended': (state, event) => ({
    ...state,
    to: event.body.to,
    changes: changed(state, event, 'extended'),
  }),
  'window.ended': (state) => ({ ...state, status: 'ended' }),
  'window.cancelled': (state, event) => ({
    ...state,
    status: 'cancelled',
    changes: changed(state, event, 'cancelled'),
  }),
};
