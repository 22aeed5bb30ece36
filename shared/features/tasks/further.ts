/** What only the server decides of the asking: which plan, who is next, what follows when things get worse. */
import type { Fact } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import type { Row } from '../../kernel/read.ts';
import { utc } from '../../kernel/schema.ts';
import { DUE_WITHIN, type Priority } from '../../kernel/work.ts';
import { planFor, type EscalationState, type Plan } from '../escalations/contract.ts';
import { climb, rung, type Around, type Climbed } from './climb.ts';
import { isUnheard } from './climbed.ts';
import { UNFINISHED, type Cause, type TaskState } from './contract.ts';
import { asking, onDuty } from './duty.ts';
import { fact, levelOf } from './moved.ts';

/** For the making of a task: the plan that it keeps. */
export const planned = (
  rows: readonly Row<EscalationState>[],
  area: string | null,
  priority: Priority,
): { readonly escalation: Plan | null } => ({ escalation: planFor(rows, area, priority) });

export const escalatedBy = (cause: Cause, step: Climbed, more: Readonly<Record<string, unknown>> = {}): Fact => {
  const { skipped, ...rest } = step;
  return { type: 'task.escalated', body: { cause, ...rest, ...(skipped.length ? { skipped } : {}), ...more } };
};

type Body = Omit<Climbed, 'skipped'> & Partial<Pick<Climbed, 'skipped'>>;

/** The next level that has somebody, for who names nobody. */
export function nextUp(state: TaskState, now: string, around: Around): Partial<Body> {
  const plan = state.escalation?.plan;
  if (!plan) return {};
  const from = { level: levelOf(state), round: state.escalation?.round ?? 0, now };
  const { skipped, ...step } = climb(plan, from, around, state.area);
  return skipped.length ? { ...step, skipped } : step;
}

/** It was given back before: somebody further up hears of it. */
export function rejectedTwice(state: TaskState, now: string, around: Around): readonly Fact[] {
  const plan = state.escalation?.plan;
  if (!plan || !state.rejectedBy?.length) return [];
  const from = { level: levelOf(state), round: state.escalation?.round ?? 0, now };
  return [fact(state, escalatedBy('rejected_twice', climb(plan, from, around, state.area)))];
}

/** The same alarm, more urgent than its task: the task follows, and somebody further up hears of it at once. */
export function worse(
  state: TaskState,
  { occurrence, priority }: { readonly occurrence: string; readonly priority?: Priority | undefined },
  now: string,
  seen: Around & { readonly policies: readonly Row<EscalationState>[] },
): readonly Fact[] {
  if (!priority || priority >= state.priority || !UNFINISHED.includes(state.status)) return [];
  const plan = planFor(seen.policies, state.area, priority);
  const dueBy = utc(Date.parse(now) + DUE_WITHIN[priority]);
  const dueAt = dueBy < state.dueAt ? dueBy : state.dueAt;
  const from = { level: state.escalation?.level ?? 0, round: state.escalation?.round ?? 0, now };
  return [
    { type: 'task.worsened', body: { priority, dueAt, occurrence, escalation: plan } },
    ...(plan ? [escalatedBy('condition_worse', climb(plan, from, seen, state.area))] : []),
  ];
}

/** The first no: the next of those on duty, if there is one. */
export function askedNext(state: TaskState, { caller }: Ask, { crews }: Pick<Around, 'crews'>): readonly Fact[] {
  if (state.status !== 'open' || state.rejectedBy?.length !== 1) return [];
  const assignee = onDuty(crews, state.class, state.area, state.rejectedBy);
  if (typeof assignee === 'string') return [];
  const { candidates, notified, why } = asking(assignee, crews, caller.id);
  const others = (ids: readonly string[]) => ids.filter((id) => !state.rejectedBy!.includes(id));
  const asked = { candidates: others(candidates), notified: others(notified), why: `next in turn; ${why}` };
  return [fact(state, { type: 'task.assigned', body: { assignee, basis: 'rule', ...asked } })];
}

/** Somebody has come on duty: who was not there when it was their turn is asked now, from the first level on. */
export function askedAgain(state: TaskState, now: string, around: Around): readonly Fact[] {
  const plan = state.escalation?.plan;
  if (!plan || !isUnheard(state)) return [];
  const isSomebodyThere = plan.levels.some(({ target, everyone }) => rung(target, everyone, around).length);
  // Each crew is gone through once where others were asked in vain before.
  const round = state.escalation?.ended ? plan.repeat.times : 0;
  const step = climb(plan, { level: 0, round, now }, around, state.area);
  return isSomebodyThere ? [fact(state, escalatedBy('unacknowledged', step))] : [];
}
