/** When the next step of an escalation comes: from stored times alone, so that a restart neither forgets nor repeats. */
import { utc } from '../../kernel/schema.ts';
import type { Plan } from '../escalations/contract.ts';
import { UNFINISHED, type Assignee, type Running, type TaskState } from './contract.ts';

const MINUTE = 60_000;

/** Milliseconds that a level has until the next one is asked. Whoever has it first has as long as the first level. */
export const waitAt = ({ levels }: Plan, level: number): number =>
  levels[Math.min(Math.max(level, 1), levels.length) - 1]!.ackWithinMinutes * MINUTE;

/** Given to the very role that would be asked first, there is no use in asking it again. */
export const startLevel = ({ levels }: Plan, holder: Assignee): number =>
  JSON.stringify(levels[0]?.target) === JSON.stringify(holder) ? 1 : 0;

/** Milliseconds since the epoch at which the percentage of the way to the due time is over. */
const percentAt = ({ createdAt, dueAt }: Dated, percent: number): number =>
  Math.ceil(Date.parse(createdAt) + ((Date.parse(dueAt) - Date.parse(createdAt)) * percent) / 100);

type Dated = Pick<TaskState, 'createdAt' | 'dueAt'>;

/** What had passed already when the task was made is not told as if it had just come. */
export const toldAt = (plan: Plan, dated: Dated, at: string): number =>
  Math.max(0, ...(plan.due?.atPercent ?? []).filter((percent) => percentAt(dated, percent) <= Date.parse(at)));

export interface Step {
  readonly at: number;
  readonly why: 'unacknowledged' | 'ack_expired' | 'overdue';
  readonly percent?: number;
}

/** The next one up; what is still to be told of the due time, in order. */
export function stepsOf(state: TaskState): readonly Step[] {
  const { escalation } = state;
  if (!escalation?.plan || !UNFINISHED.includes(state.status)) return [];
  return [...upward(state, escalation, escalation.plan), ...dueSteps(state, escalation, escalation.plan)];
}

function upward(state: TaskState, running: Running, plan: Plan): readonly Step[] {
  const since = Date.parse(running.since);
  if (running.waitsFor === 'progress')
    return plan.ackTimeoutMinutes === null ? [] : [{ at: since + plan.ackTimeoutMinutes * MINUTE, why: 'ack_expired' }];
  if (running.waitsFor === null || running.ended) return [];
  // Nobody is on duty, but somebody can be called by name: no use in waiting.
  const isIdle = running.level === 0 && state.unassignedBecause !== null;
  const wait = isIdle && plan.levels.some(({ target }) => 'user' in target) ? 0 : waitAt(plan, running.level);
  return [{ at: since + wait, why: 'unacknowledged' }];
}

/** The time to the due time stands still while the work waits for production to stop. */
const dueSteps = (state: TaskState, { told }: Running, { due }: Plan): readonly Step[] =>
  state.hold?.reasonCode === 'waiting_production_window'
    ? []
    : (due?.atPercent ?? [])
        .filter((percent) => percent > told)
        .map((percent) => ({ at: percentAt(state, percent), why: 'overdue', percent }));

export function nextAt(state: TaskState): string | null {
  const times = stepsOf(state).map(({ at }) => at);
  return times.length ? utc(Math.min(...times)) : null;
}

/** When the next level is asked; what is told of the due time aside. */
export function nextLevelAt(state: TaskState): string | null {
  const step = stepsOf(state).find(({ why }) => why !== 'overdue');
  return step ? utc(step.at) : null;
}
