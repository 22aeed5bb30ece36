/** The rules of asking others that people's own words set off. Whom exactly, the server finds out (further.ts). */
import type { Fact } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import { isRefusal, refuse, type Refusal } from '../../kernel/refusal.ts';
import { rung, type Around } from './climb.ts';
import { lastAsked } from './climbed.ts';
import type { Assignee, TaskState } from './contract.ts';
import { isAnybodyOnDuty, isOnDuty } from './duty.ts';
import { nextUp, rejectedTwice } from './further.ts';
import { levelOf, moved, type Home } from './moved.ts';

type Decided = readonly Fact[] | Refusal;

/** One level up, or straight to whoever is named. */
export function escalate(
  state: TaskState,
  ask: Ask<{ readonly target?: Assignee | undefined }>,
  seen: Home & Around,
): Decided {
  const { target = null } = ask.input;
  const level = levelOf(state) + 1;
  const notified = target ? rung(target, true, seen) : [];
  const up = target ? {} : nextUp(state, ask.now, seen);
  return moved(state, ask, seen, {
    type: 'task.escalated',
    body: { cause: 'manual', level, target, notified, ...up },
  });
}

/** A second no: the floor has spoken, so somebody further up decides. */
export function rejected(state: TaskState, ask: Ask, seen: Home & Around): Decided {
  const decided = moved(state, ask, seen, { type: 'task.rejected', body: {} });
  return isRefusal(decided) ? decided : [...decided, ...rejectedTwice(state, ask.now, seen)];
}

export function returned(state: TaskState, ask: Ask, seen: Home & Around): Decided {
  const record = state.escalations[lastAsked(state.escalations)];
  const level = Math.max(0, (record?.level ?? 0) - 1);
  const below = level === 0 ? undefined : state.escalation?.plan?.levels[level - 1];
  const target = below?.target ?? state.assignee;
  const notified = target ? rung(target, below?.everyone ?? false, seen).filter((id) => id !== ask.caller.id) : [];
  const decided = moved(state, ask, seen, { type: 'task.returned', body: { level, target, notified } });
  if (isRefusal(decided) || record) return decided;
  return refuse(
    'transition-not-allowed',
    'This task is not escalated, so there is nothing to return. Reject it, or add a note.',
  );
}

/** Whoever is there may act; only where a crew is on duty somebody from elsewhere does not take its work away. */
export function takenOver(state: TaskState, ask: Ask, seen: Home & Pick<Around, 'crews'>): Decided {
  const { id } = ask.caller;
  const decided = moved(state, ask, seen, { type: 'task.taken_over', body: { from: state.assignee } });
  if (isRefusal(decided)) return decided;
  if (state.assignee && 'user' in state.assignee && state.assignee.user === id && state.status !== 'assigned')
    return refuse('transition-not-allowed', 'This task is yours already.');
  return isAnybodyOnDuty(seen.crews) && !isOnDuty(seen.crews, id)
    ? refuse(
        'not-on-duty',
        `Only somebody on duty in ${state.area} takes a task over. Ask a line lead or supervisor there to give it to you.`,
      )
    : decided;
}
