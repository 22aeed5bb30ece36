/** What the clock asks of a task: one step at most, however long it was silent. */
import type { Fact } from '../../kernel/event.ts';
import { utc } from '../../kernel/schema.ts';
import type { Plan } from '../escalations/contract.ts';
import { climb, nobodyOn, type Around, type Climbed } from './climb.ts';
import type { Running, Skipped, TaskState } from './contract.ts';
import { ofRole } from './duty.ts';
import { escalatedBy } from './further.ts';
import { stepsOf, type Step } from './ladder.ts';

export function tick(state: TaskState, now: string, around: Around): readonly Fact[] {
  const running = state.escalation;
  const steps = stepsOf(state).filter(({ at }) => at <= Date.parse(now));
  if (!running?.plan || !steps.length) return [];
  const up = steps.find(({ why }) => why !== 'overdue');
  const overdue = steps.filter(({ why }) => why === 'overdue');
  const told = overdue.at(-1)?.percent;
  if (!up) return [escalatedBy('overdue', overdueStep(running, running.plan, overdue, now, around), { percent: told })];
  const { level, round } = running;
  const step = climb(planNow(state, running.plan), { level, round, now, due: up.at }, around, state.area);
  const passed = [...step.skipped, ...passedPercents(overdue, running.plan)];
  const cause = up.why === 'ack_expired' ? 'ack_expired' : 'unacknowledged';
  return [escalatedBy(cause, { ...step, skipped: passed }, told === undefined ? {} : { percent: told })];
}

/** Where somebody is at work and called for help, everybody above is asked once. */
const planNow = ({ status }: TaskState, plan: Plan): Plan =>
  status === 'in_progress' || status === 'on_hold' ? { ...plan, repeat: { times: 0, thenNotify: null } } : plan;

function overdueStep(running: Running, { due }: Plan, steps: readonly Step[], now: string, around: Around): Climbed {
  const role = due!.to;
  const notified = ofRole(around.crews, role);
  const nobody = notified.length ? [] : [nobodyOn(role, steps.at(-1)!.percent!, now)];
  return {
    level: running.level,
    target: { role },
    notified,
    skipped: [...passedPercents(steps, { due }), ...nobody],
    round: running.round,
  };
}

/** Of several that came at once the latest is told. */
const passedPercents = (steps: readonly Step[], { due }: Pick<Plan, 'due'>): readonly Skipped[] =>
  steps
    .slice(0, -1)
    .map(({ at, percent }) => ({ percent: percent!, target: { role: due!.to }, why: 'passed', at: utc(at) }));
