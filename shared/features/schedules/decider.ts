/** Active, paused, retired; while it is active the clock fires it when its time has come. */
import type { Ask, Decide, ReadTable } from '../../kernel/feature.ts';
import { derivedId } from '../../kernel/ids.ts';
import { select, type Row } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { isWithin } from '../../kernel/roles.ts';
import { utc } from '../../kernel/schema.ts';
import { DUE_WITHIN } from '../../kernel/work.ts';
import type { OrgState } from '../orgs/contract.ts';
import { presidingOver, shiftsAmong, type ShiftState } from '../shifts/contract.ts';
import { isOver, tasksAmong, type TaskState } from '../tasks/contract.ts';
import { usersAmong } from '../users/contract.ts';
import type { commands, Definition, Rule, ScheduleState } from './contract.ts';
import { dueTimes, isTooOften, nextTime, stepOf } from './times.ts';

const MINUTE = 60_000;
const MOST_MISSED = 48;

const context = (area: string, assignee: Definition['assignee'] | undefined) => ({
  org: select<OrgState>('orgs', { limit: 1 }),
  shifts: presidingOver(area),
  people: usersAmong(assignee && 'user' in assignee ? [assignee.user] : []),
});

export const reads = {
  create: ({ input }) => context(input.area, input.assignee),
  change: ({ input }, { area }) => context(area, input.assignee),
  resume: (_ask, { area }) => context(area, null),
  tick: (_ask, { area, shift, last }) => ({
    ...context(area, null),
    followed: shiftsAmong(shift === null ? [] : [shift]),
    before: tasksAmong(last ? [last.task] : []),
  }),
} satisfies ReadTable<ScheduleState, typeof commands>;

interface Seen {
  readonly org: readonly Row<OrgState>[];
  readonly shifts: readonly Row<ShiftState>[];
  readonly people: readonly Row[];
}

const zoneOf = ({ org }: Pick<Seen, 'org'>): string => org[0]?.value.zone ?? 'UTC';

export const decide: Decide<ScheduleState, typeof commands, typeof reads> = {
  create(_state, ask, seen) {
    const { title, area, equipment, class: kind, priority, rule, description, checklist } = ask.input;
    const { dueWithinMinutes, assignee } = ask.input;
    const made = {
      ...{ title, area, equipment: equipment ?? null, class: kind, priority, rule, checklist },
      ...{ description: description ?? null, dueWithinMinutes: dueWithinMinutes ?? null, assignee: assignee ?? null },
    };
    return wrong(made, ask, seen) ?? [{ type: 'schedule.created', body: { ...made, ...coming(made, ask, seen) } }];
  },
  change(state, ask, seen) {
    const { title, area, equipment, class: kind, priority, rule, description, checklist } = state;
    const { dueWithinMinutes, assignee } = state;
    const before = { title, area, equipment, class: kind, priority, rule, description, checklist };
    const { reason: _reason, occurredAt: _occurredAt, ...changes } = ask.input;
    const said = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    const made: Definition = { ...before, dueWithinMinutes, assignee, ...said };
    const next = state.status === 'paused' ? { nextAt: null, shift: null } : coming(made, ask, seen);
    return retired(state) ?? wrong(made, ask, seen) ?? [{ type: 'schedule.changed', body: { ...made, ...next } }];
  },
  pause: (state) => notIn(state, 'active') ?? [{ type: 'schedule.paused', body: {} }],
  resume: (state, ask, seen) =>
    notIn(state, 'paused') ?? [{ type: 'schedule.resumed', body: coming(state, ask, seen) }],
  retire: (state) => retired(state) ?? [{ type: 'schedule.retired', body: {} }],
  align(state, { input: { shift, from, to, started } }) {
    if (state.status !== 'active' || !('every' in state.rule)) return [];
    // Whoever starts a little late still takes the reading of that hour.
    const nextAt = nextTime(state.rule, utc(Date.parse(started) - stepOf(state.rule) / 2), '', { from, to });
    return [{ type: 'schedule.aligned', body: { shift, nextAt } }];
  },
  tick(state, ask, seen) {
    const { nextAt, rule, last } = state;
    if (nextAt === null || nextAt > ask.now) return [];
    const shift = seen.followed[0]?.value;
    if ('every' in rule && shift?.status !== 'active') return [{ type: 'schedule.rested', body: {} }];
    const zone = zoneOf(seen);
    const times = dueTimes(rule, nextAt, ask.now, zone, shift);
    const at = times.at(-1)!;
    const missed = times.slice(0, -1);
    const next = nextTime(rule, at, zone, shift);
    const isUndone = last !== null && !seen.before.some(({ value }) => isDone(value));
    const body = {
      ...{ at, area: state.area, task: derivedId('scheduled-task', ask.subject.id, at), nextAt: next },
      dueAt: dueAt(state, at, 'every' in rule ? utc(Date.parse(at) + stepOf(rule)) : next),
      ...{ missed: missed.slice(-MOST_MISSED), missedCount: missed.length },
      undone: isUndone ? last : null,
    };
    return [{ type: 'schedule.fired', body }];
  },
};

const isDone = ({ status, completion }: TaskState): boolean =>
  isOver(status) || status === 'done' || completion !== null;

/** Until it is due again, and no longer than its priority allows. */
function dueAt({ dueWithinMinutes, priority }: Definition, at: string, next: string | null): string {
  const begin = Date.parse(at);
  const within =
    dueWithinMinutes === null
      ? Math.min(DUE_WITHIN[priority], next === null ? Infinity : Date.parse(next) - begin)
      : dueWithinMinutes * MINUTE;
  return utc(begin + within);
}

/** From now on: what passed while it was paused or otherwise is nobody's omission. */
function coming({ rule, area }: { readonly rule: Rule; readonly area: string }, { now }: Ask, seen: Seen) {
  const shift = 'every' in rule ? followedIn(area, seen.shifts) : undefined;
  return { nextAt: nextTime(rule, now, zoneOf(seen), shift?.value), shift: shift?.key ?? null };
}

/** The innermost shift that runs there. */
const followedIn = (area: string, shifts: readonly Row<ShiftState>[]): Row<ShiftState> | undefined =>
  shifts
    .filter(({ value }) => value.status === 'active' && isWithin(area, value.area))
    .sort((a, b) => b.value.area.length - a.value.area.length)[0];

function wrong({ rule, assignee }: Definition, { now }: Ask, seen: Seen): Refusal | undefined {
  const field = (name: string, problem: string) => ({ fields: [{ field: `/${name}`, problem }] });
  if (!('every' in rule) && isTooOften(rule, now, zoneOf(seen)))
    return refuse(
      'invalid-input',
      'Work may be due every five minutes, and not more often.',
      field('rule', 'too often'),
    );
  if (assignee && 'user' in assignee && !seen.people.length)
    return refuse(
      'unknown-reference',
      'There is no such person in your organisation.',
      field('assignee/user', 'unknown'),
    );
  return undefined;
}

const notIn = (state: ScheduleState, wanted: ScheduleState['status']): Refusal | undefined =>
  state.status === wanted ? undefined : moved(state, wanted);
const retired = (state: ScheduleState): Refusal | undefined =>
  state.status === 'retired' ? moved(state, 'active or paused') : undefined;
const moved = ({ status }: ScheduleState, wanted: string): Refusal =>
  refuse(
    'transition-not-allowed',
    `This schedule is ${status}, and had to be ${wanted}.${status === 'retired' ? ' Make a new one.' : ''}`,
    { extra: { current: status } },
  );
