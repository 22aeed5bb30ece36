/** Which events of a shift its timeline counts. */
import type { Recorded } from '../../kernel/event.ts';
import type { Mark, Moment } from '../../kernel/timeline.ts';

const MARK: Readonly<Record<string, Mark>> = {
  'alarm.activated': 'raised',
  'alarm.reactivated': 'raised',
  'alarm.reported': 'raised',
  'task.created': 'opened',
  'task.reopened': 'opened',
  'task.cancelled': 'closed',
  'task.verified': 'closed',
  'shift.logged': 'logged',
};

/** What was recorded aside changed nothing; what waits for verification is not closed yet. */
export const momentsOf = (events: readonly Recorded[]): readonly Moment[] =>
  events.flatMap(({ type, occurredAt, body }) => {
    if (body.aside) return [];
    const mark = type === 'task.completed' && !needsVerification(body) ? 'closed' : MARK[type];
    return mark ? [{ at: occurredAt, mark }] : [];
  });

const needsVerification = (body: object): boolean =>
  (body as { readonly needsVerification?: boolean }).needsVerification === true;
