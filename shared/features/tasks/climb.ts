/** The next step up: the first level that has somebody on duty; what was passed over is said in the same step, so that nothing ever bursts. */
import type { Row } from '../../kernel/read.ts';
import type { Role } from '../../kernel/roles.ts';
import { utc } from '../../kernel/schema.ts';
import type { Plan } from '../escalations/contract.ts';
import { presidingOver, type ShiftState } from '../shifts/contract.ts';
import { usersAmong, usersOfRole, type UserState } from '../users/contract.ts';
import type { Assignee, Skipped } from './contract.ts';
import { callable, everyoneOf, ofRole } from './duty.ts';
import { waitAt } from './ladder.ts';

export interface Around {
  readonly crews: readonly Row<ShiftState>[];
  readonly named: readonly Row<UserState>[];
  readonly called: readonly Row<UserState>[];
}

/** Whoever a plan may ask. */
export function aroundOf(area: string | null, plan: Plan | null | undefined, also: readonly Assignee[] = []) {
  const targets = [...(plan?.levels.map(({ target }) => target) ?? []), ...also];
  return {
    crews: presidingOver(area),
    named: usersAmong(targets.flatMap((target) => ('user' in target ? [target.user] : []))),
    called: usersOfRole(plan?.repeat.thenNotify ?? null),
  };
}

/** Whom it rings to ask them. */
export function rung(target: Assignee, everyone: boolean, { crews, named }: Around): readonly string[] {
  if ('user' in target)
    return named.filter(({ key, value }) => key === target.user && value.leftAt === null).map(({ key }) => key);
  return everyone ? everyoneOf(crews, target.role) : ofRole(crews, target.role);
}

export interface Climbed {
  readonly level: number;
  readonly target: Assignee | null;
  readonly notified: readonly string[];
  readonly skipped: readonly Skipped[];
  readonly round: number;
  readonly last?: true;
}

export interface From {
  readonly level: number;
  readonly round: number;
  readonly now: string;
  /** By the clock: since when the next level is due, and whether the levels may be gone through again. */
  readonly due?: number;
}

export function climb(plan: Plan, from: From, around: Around, area: string | null): Climbed {
  const top = plan.levels.length;
  const passed = passedBy(plan, from);
  const first = from.level + 1 + passed.length;
  const skipped: Skipped[] = [];
  const isClock = from.due !== undefined;
  const tries = [
    ...range(first, top).map((level) => ({ level, round: from.round })),
    // Nobody further up: better somebody whose turn is over than nobody.
    ...passed.map(({ level }) => ({ level: level!, round: from.round })).reverse(),
    ...(isClock && from.round < plan.repeat.times
      ? range(1, top).map((level) => ({ level, round: from.round + 1 }))
      : []),
  ];
  for (const { level, round } of tries) {
    const { target, everyone } = plan.levels[level - 1]!;
    const notified = rung(target, everyone, around);
    if (notified.length)
      return {
        ...{ level, target, notified, round },
        skipped: [...passed.filter((one) => one.level !== level), ...skipped.filter((one) => one.level !== level)],
      };
    if (!skipped.some((one) => one.level === level))
      skipped.push({ level, target, why: 'nobody_on_duty', at: from.now });
  }
  const { thenNotify } = plan.repeat;
  const unheard = passed.filter(({ level }) => !skipped.some((one) => one.level === level));
  return {
    level: isClock ? (thenNotify === null ? top : top + 1) : from.level + 1,
    target: thenNotify === null ? null : { role: thenNotify },
    notified: thenNotify === null ? [] : callable(around.called, thenNotify, area),
    skipped: [...unheard, ...skipped],
    round: from.round + (isClock ? 1 : 0),
    ...(isClock && from.round >= plan.repeat.times ? { last: true } : {}),
  };
}

/** Levels whose whole time went by while nothing ran; the highest level is never among them. */
function passedBy(plan: Plan, { level, due, now }: From): readonly Skipped[] {
  const passed: Skipped[] = [];
  if (due === undefined) return passed;
  let at = due;
  for (let next = level + 1; next < plan.levels.length; next++) {
    const over = at + waitAt(plan, next);
    if (over > Date.parse(now)) break;
    passed.push({ level: next, target: plan.levels[next - 1]!.target, why: 'passed', at: utc(at) });
    at = over;
  }
  return passed;
}

const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, n) => from + n);

export const nobodyOn = (role: Role, percent: number, at: string): Skipped => ({
  percent,
  target: { role },
  why: 'nobody_on_duty',
  at,
});
