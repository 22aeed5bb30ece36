/** What each event makes of the asking: who is asked now, since when, and what came of those asked before. */
import type { Recorded } from '../../kernel/event.ts';
import type { Plan } from '../escalations/contract.ts';
import {
  isOver,
  UNFINISHED,
  type Assignee,
  type Escalation,
  type Running,
  type Stepped,
  type TaskState,
} from './contract.ts';
import { startLevel, toldAt } from './ladder.ts';
import { causeWords } from './step-words.ts';

type Said = Pick<Recorded<object>, 'actor' | 'occurredAt' | 'receivedAt' | 'seq'> & {
  readonly body: { readonly reason?: string };
};
type Asking = Pick<TaskState, 'escalations'> & { readonly escalation?: Running };

/** Whoever gets it first is given the time of the first level. */
export function begun(plan: Plan | null | undefined, dated: Pick<TaskState, 'createdAt' | 'dueAt'>, at: string) {
  if (!plan) return {};
  const escalation: Running = {
    ...{ plan, level: 0, round: 0, since: at, waitsFor: 'acknowledgement', asked: [] },
    ...{ told: toldAt(plan, dated, at), ended: false },
  };
  return { escalation };
}

/** Whoever it is given to is asked anew. */
export function given(state: TaskState, holder: Assignee, plan: Plan | null | undefined, event: Said): Asking {
  const { escalation: running = begun(plan, state, event.receivedAt).escalation } = state;
  const escalations = settled(state.escalations, () => ({ outcome: 'superseded' }));
  if (!running) return { escalations };
  const level = running.plan ? startLevel(running.plan, holder) : 0;
  const anew = { level, round: 0, since: event.receivedAt, waitsFor: 'acknowledgement' as const, ended: false };
  return { escalations, escalation: { ...running, ...anew, asked: [] } };
}

/** Given back: the time runs anew, from where the asking stood. */
export const unanswered = ({ escalation }: TaskState, { receivedAt: since }: Said): Partial<Asking> =>
  escalation ? { escalation: { ...escalation, since, waitsFor: 'acknowledgement', asked: [] } } : {};

/** Somebody has seen to it: the asking stops. What was done before it was asked is no answer to it, and ends it all the same. */
export function answered(state: TaskState, event: Said, waitsFor: Running['waitsFor']): Asking {
  const { actor, occurredAt, receivedAt } = event;
  const escalations = settled(state.escalations, ({ at }) => ({
    acknowledgedBy: actor.id,
    acknowledgedAt: occurredAt,
    outcome: occurredAt < at ? 'superseded' : 'accepted',
  }));
  const { escalation } = state;
  return escalation
    ? { escalations, escalation: { ...escalation, waitsFor, since: receivedAt, ended: false } }
    : { escalations };
}

/** Work goes on. Whoever called for help has not got it by going on alone. */
export function progressed(state: TaskState, event: Said): Partial<Asking> {
  const open = openOf(state.escalations);
  if (open && open.cause === 'manual' && open.by === event.actor.id) return {};
  if (open) return answered(state, event, null);
  return state.escalation ? { escalation: { ...state.escalation, waitsFor: null } } : {};
}

/** What is done needs no help any more. */
export function finished(state: TaskState): Asking {
  const escalations = settled(state.escalations, () => ({ outcome: 'resolved' }));
  const { escalation } = state;
  return escalation ? { escalations, escalation: { ...escalation, waitsFor: null } } : { escalations };
}

/** A word about it is progress where only that was waited for. */
export const heardOf = ({ escalation }: TaskState, { actor, receivedAt: since }: Said): Partial<Asking> =>
  escalation?.waitsFor === 'progress' && actor.kind === 'user' ? { escalation: { ...escalation, since } } : {};

export function escalated(state: TaskState, event: Said & { readonly body: Stepped }): Asking {
  const { actor, occurredAt: at, receivedAt, seq, body } = event;
  const { level, target, cause, notified, skipped, round, percent, last } = body;
  const old = { level, target, reason: body.reason ?? '', by: actor.id, at };
  if (!cause) return { escalations: [...state.escalations, old] };
  const record: Escalation = {
    ...old,
    reason: body.reason ?? causeWords(cause, percent),
    cause,
    raisedBy: actor.kind === 'user' ? 'user' : 'engine',
    notified: notified ?? [],
    ...(skipped ? { skipped } : {}),
    ...(percent === undefined ? {} : { percent }),
    ...(last ? { last } : {}),
    seq,
  };
  const before =
    cause === 'overdue' ? state.escalations : settled(state.escalations, () => ({ outcome: 'superseded' }));
  const running = state.escalation ?? NONE;
  const told = percent ?? running.told;
  const asked = target ? [...running.asked, target] : running.asked;
  return {
    escalations: [...before, record],
    escalation:
      cause === 'overdue'
        ? { ...running, told, asked }
        : {
            ...running,
            ...{ told, asked, level, round: round ?? running.round, since: receivedAt },
            ...{ waitsFor: 'acknowledgement', ended: last === true },
          },
  };
}

const NONE: Running = {
  ...{ plan: null, level: 0, round: 0, since: '', waitsFor: null, asked: [], told: 0, ended: false },
};

/** Back to the level below, with what the engineer said; the time of that level runs anew. */
export function returned(state: TaskState, level: number, waitsFor: Running['waitsFor'], event: Said): Asking {
  const at = lastAsked(state.escalations);
  const escalations = state.escalations.map((one, i) => (i === at ? { ...one, outcome: 'returned' as const } : one));
  const { escalation = NONE } = state;
  const gone = JSON.stringify(state.escalations[at]?.target);
  const asked = escalation.asked.filter((one) => JSON.stringify(one) !== gone);
  return { escalations, escalation: { ...escalation, level, asked, since: event.receivedAt, waitsFor, ended: false } };
}

/** Worse than before: the plan of the new priority holds from here on. */
export function worsened(
  state: TaskState,
  plan: Plan | null,
  dueAt: string,
  event: Said,
): { readonly escalation?: Running } {
  const fresh = begun(plan, { ...state, dueAt }, event.receivedAt).escalation;
  if (!fresh) return {};
  const { escalation } = state;
  return {
    escalation: escalation ? { ...escalation, plan: fresh.plan, told: fresh.told } : { ...fresh, waitsFor: null },
  };
}

/** At its end nothing is left to ask. */
export const atRest = (state: TaskState): Pick<TaskState, 'escalations'> => ({
  escalations: isOver(state.status)
    ? state.escalations.map((one) => (one.cause && !one.outcome ? { ...one, outcome: 'resolved' } : one))
    : state.escalations,
});

const isOpen = ({ cause, outcome }: Escalation): boolean =>
  cause !== undefined && cause !== 'overdue' && outcome === undefined;
/** The step that nobody has answered yet. */
export const openOf = (escalations: readonly Escalation[]): Escalation | undefined => escalations.findLast(isOpen);
/** The step that was answered, or may still be: what can be returned. */
export const lastAsked = (escalations: readonly Escalation[]): number =>
  escalations.findLastIndex(
    (one) => isOpen(one) || (one.cause !== undefined && one.cause !== 'overdue' && one.outcome === 'accepted'),
  );

/** Somebody should have been asked, and nobody was there or nobody is left. */
export function isUnheard({ escalation, escalations, status }: TaskState): boolean {
  if (escalation?.waitsFor !== 'acknowledgement' || !UNFINISHED.includes(status)) return false;
  const last = escalations.findLast(({ cause }) => cause !== undefined && cause !== 'overdue');
  return escalation.ended || (last !== undefined && !last.notified?.length);
}

const settled = (
  escalations: readonly Escalation[],
  answer: (one: Escalation) => Partial<Escalation>,
): readonly Escalation[] => escalations.map((one) => (isOpen(one) ? { ...one, ...answer(one) } : one));
