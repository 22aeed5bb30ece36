/** Shifts plan themselves: what an admin sets, and what the clock makes of it. */
import type { Fact } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import { derivedId } from '../../kernel/ids.ts';
import { instantsOf } from '../../kernel/local-time.ts';
import type { Row } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { isWritable, utc } from '../../kernel/schema.ts';
import type { OrgState } from '../orgs/contract.ts';
import type { ShiftState } from '../shifts/contract.ts';
import { GRACE_MINUTES, isSameWork, sharedTime, type AreaState, type ShiftPattern, type Slot } from './contract.ts';
import { slotsBetween } from './slots.ts';

const HOUR = 3_600_000;
/** So far ahead shifts stand planned. */
const AHEAD = 48 * HOUR;
/** A pattern may leave a week without a shift. */
const FARTHEST = 9 * 24 * HOUR;
const MOST_MISSED = 50;
/** Shifts overlap as long for a handover. */
const HANDOVER = HOUR;

type PlanAsk = Ask<{
  readonly shifts?: ShiftPattern | undefined;
  readonly from?: string | undefined;
  readonly autoplan?: boolean | undefined;
  readonly graceMinutes?: number | undefined;
}>;

export function planned(state: AreaState, { input, now }: PlanAsk, zone: string): readonly Fact[] | Refusal {
  const { shifts, from, autoplan, graceMinutes } = input;
  if (shifts === undefined && autoplan === undefined && graceMinutes === undefined)
    return wrong('/shifts', 'Say what changes: shifts, autoplan or graceMinutes.');
  const twice = shifts?.findIndex((one, i) => shifts.slice(0, i).some((other) => meet(one, other))) ?? -1;
  if (twice >= 0) return wrong(`/shifts/${twice}/from`, 'Two shifts of one day begin at the same time.');
  const first = from === undefined ? undefined : instantsOf(from, '00:00', zone)[0];
  if (first !== undefined && !isWritable(first)) return wrong('/from', 'Not a day between 1900 and 9000.');
  const body = {
    ...(shifts ? { shifts } : {}),
    // What has begun stands as it is.
    from: utc(Math.max(first ?? 0, Date.parse(now))),
    autoplan: autoplan ?? state.autoplan ?? false,
    graceMinutes: graceMinutes ?? state.graceMinutes ?? GRACE_MINUTES,
  };
  return [{ type: 'area.planned', body }];
}

const wrong = (field: string, detail: string): Refusal =>
  refuse('invalid-input', detail, { fields: [{ field, problem: detail }] });

const meet = (a: ShiftPattern[number], b: ShiftPattern[number]): boolean =>
  a.from === b.from && (!a.weekdays || !b.weekdays || a.weekdays.some((day) => b.weekdays!.includes(day)));

/** What the change makes of the area: patterns from that day on, and, where the clock plans, a look at once. */
export function afterPlan(
  state: AreaState,
  body: {
    readonly shifts?: ShiftPattern | undefined;
    readonly from: string;
    readonly autoplan: boolean;
    readonly graceMinutes: number;
  },
  at: string,
): AreaState {
  const { planAt: _planAt, plannedUntil, ...kept } = state;
  const { shifts, from, autoplan, graceMinutes } = body;
  const before = patternsOf(state);
  const patterns = shifts ? [...before.filter((one) => one.from < from), { from, shifts }] : before;
  const settled = utc(Date.parse(from) - 1);
  // A new pattern is held against what stands planned already, from its first day on.
  const until =
    !state.autoplan || plannedUntil === undefined || (shifts && settled < plannedUntil) ? settled : plannedUntil;
  return {
    ...kept,
    ...(shifts ? { shifts } : {}),
    ...{ patterns, autoplan, graceMinutes },
    ...(autoplan ? { plannedUntil: until, planAt: at } : {}),
  };
}

export const patternsOf = ({ patterns, shifts }: AreaState): NonNullable<AreaState['patterns']> =>
  patterns ?? [{ from: utc(0), shifts }];

/** The shifts that begin within 48 hours. What was over before the clock could look is told, and not invented. */
export function planAhead(
  state: AreaState,
  ask: Ask,
  { org, standing }: { readonly org: readonly Row<OrgState>[]; readonly standing: readonly Row<ShiftState>[] },
): readonly Fact[] {
  if (!state.autoplan || state.plannedUntil === undefined) return [];
  const zone = org[0]?.value.zone ?? 'UTC';
  const [now, after] = [Date.parse(ask.now), Date.parse(state.plannedUntil)];
  const until = Math.max(now + AHEAD, after);
  const patterns = patternsOf(state);
  const slots = slotsBetween(patterns, after, until, zone);
  const others = standing.filter(({ value }) => value.status !== 'lapsed');
  const isOver = ({ to }: Slot): boolean => Date.parse(to) <= now;
  const missed = slots.filter((slot) => isOver(slot) && !takenBy(slot, ask.subject.id, others));
  const open = slots.filter((slot) => !isOver(slot)).map((slot) => ({ slot, id: plannedId(ask.subject.id, slot) }));
  const shifts = open.filter(
    ({ slot, id }) => !standing.some(({ key }) => key === id) && !takenBy(slot, ask.subject.id, others),
  );
  const taken = open.flatMap(({ slot, id }) => {
    const by = takenBy(slot, ask.subject.id, others);
    return by === undefined || by === id ? [] : [{ ...slot, by }];
  });
  const next = slotsBetween(patterns, until, until + FARTHEST, zone)[0];
  const body = {
    path: state.path,
    graceMinutes: state.graceMinutes ?? GRACE_MINUTES,
    until: utc(until),
    nextAt: utc((next ? Date.parse(next.from) : until + FARTHEST) - AHEAD),
    shifts: shifts.map(({ slot, id }) => ({ ...slot, shift: id })),
    taken,
    missed: missed.slice(-MOST_MISSED),
    missedCount: missed.length,
  };
  return [{ type: 'area.shifts_planned', body }];
}

/** One for an area and a time, however often it is asked for. */
const plannedId = (area: string, { from }: Pick<Slot, 'from'>): string => derivedId('planned-shift', area, from);

/** A shift of the clock's own means the same work; one that people made in this time is theirs to see through. */
const takenBy = (slot: Slot, area: string, standing: readonly Row<ShiftState>[]): string | undefined =>
  standing.find(({ key, value }) =>
    key === plannedId(area, value) ? isSameWork(slot, value) : sharedTime(slot, value) > HANDOVER,
  )?.key;
