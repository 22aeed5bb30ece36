/** A task that two people worked on without knowing of each other: what is flagged, and what may be said once more. */
import type { Fact } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import { needsALook, type Flag } from '../../kernel/flags.ts';
import type { Completion, TaskState } from './contract.ts';
import { completed, type Report } from './decider.ts';
import { fact } from './moved.ts';

export function conflicts(ask: Ask, head: TaskState, then: TaskState): readonly Flag[] {
  const flags: Flag[] = [];
  if (ask.verb === 'complete' && head.completion) {
    if (!then.completion) flags.push('concurrent_completion');
    if (differ(ask.input as Report, head.completion)) flags.push('needs_review');
  }
  if (head.status === 'cancelled' && then.status !== 'cancelled') flags.push('task_was_cancelled');
  if (wasTakenAway(ask, head, then)) flags.push('task_was_reassigned');
  // What has come since is not settled by who could not know of it.
  if (ask.verb === 'review' && flaggedLines(head) > flaggedLines(then)) flags.push('concurrent');
  return flags;
}

/** Whoever reports a work that was complete already says so once more. */
export const repeats = {
  complete: (state: TaskState, { input }: Ask): readonly Fact[] | null =>
    state.completion ? [fact(state, completed(state, input as Report))] : null,
};

const differ = (report: Report, { resolutionCode, overrideReason }: Completion): boolean =>
  report.resolutionCode !== resolutionCode || (report.overrideReason ?? null) !== overrideReason;

/** What nobody had yet was taken from nobody, unless the command itself gives it to somebody. */
function wasTakenAway({ verb, caller }: Ask, { assignee: now }: TaskState, { assignee: was }: TaskState): boolean {
  if (!now || (!was && verb !== 'assign') || JSON.stringify(now) === JSON.stringify(was)) return false;
  return !('user' in now && now.user === caller.id);
}

const flaggedLines = ({ actions }: TaskState): number =>
  actions.filter(({ flags }) => flags && needsALook(flags)).length;
