/** What each event makes of a schedule. */
import type { Evolve } from '../../kernel/feature.ts';
import type { events, ScheduleState } from './contract.ts';

export const initial: ScheduleState = {
  title: '',
  area: '',
  equipment: null,
  class: 'inspection',
  priority: 'P3',
  rule: { every: 'hour-of-shift' },
  description: null,
  checklist: [],
  dueWithinMinutes: null,
  assignee: null,
  status: 'active',
  nextAt: null,
  shift: null,
  last: null,
  missed: [],
  missedCount: 0,
};

/** A list that nobody reads to its end hides what stands at its end. */
const MOST_MISSED = 50;

export const evolve: Evolve<ScheduleState, typeof events> = {
  'schedule.created': (state, { body }) => ({ ...state, ...defined(body) }),
  'schedule.changed': (state, { body }) => ({ ...state, ...defined(body) }),
  'schedule.paused': (state) => ({ ...state, status: 'paused', nextAt: null, shift: null, last: null }),
  'schedule.resumed': (state, { body: { nextAt, shift } }) => ({ ...state, status: 'active', nextAt, shift }),
  'schedule.retired': (state) => ({ ...state, status: 'retired', nextAt: null, shift: null }),
  'schedule.aligned': (state, { body: { nextAt, shift } }) => ({ ...state, nextAt, shift }),
  'schedule.rested': (state) => ({ ...state, nextAt: null, shift: null }),
  'schedule.fired': (state, { body: { at, task, nextAt, missed, missedCount, undone } }) => ({
    ...state,
    nextAt,
    last: { at, task },
    missed: [
      ...state.missed,
      ...(undone ? [{ at: undone.at, task: undone.task }] : []),
      ...missed.map((time) => ({ at: time, task: null })),
    ].slice(-MOST_MISSED),
    missedCount: state.missedCount + missedCount + (undone ? 1 : 0),
  }),
};

type Body = Pick<ScheduleState, keyof typeof FIELDS>;
const FIELDS = {
  ...{ title: 1, area: 1, equipment: 1, class: 1, priority: 1, rule: 1, description: 1, checklist: 1 },
  ...{ dueWithinMinutes: 1, assignee: 1, nextAt: 1, shift: 1 },
} as const;

const defined = (body: Body): Body =>
  Object.fromEntries(Object.keys(FIELDS).map((name) => [name, body[name as keyof Body]])) as unknown as Body;
