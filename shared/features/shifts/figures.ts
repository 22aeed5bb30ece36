/** The figures of a shift, from its own events. Every median says over how many. */
import type { Recorded } from '../../kernel/event.ts';
import type { ReportInput } from './report-input.ts';
import { duration } from './wording.ts';

export function figures({ state, events, touched, todo, toVerify, completed, byClock }: ReportInput): string {
  const madeAt = new Map(
    [...touched, ...todo, ...toVerify, ...completed].map(({ key, value }) => [key, Date.parse(value.createdAt)]),
  );
  const sinceMade = (type: string) =>
    events.flatMap((event) => {
      const made = event.type === type ? madeAt.get(event.subject.id) : undefined;
      return made === undefined ? [] : [Math.max(0, Date.parse(event.occurredAt) - made)];
    });
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const raised = events.filter(({ type }) => type === 'alarm.activated' || type === 'alarm.reactivated');
  const missed = state.missedChecks.reduce((sum, { count }) => sum + count, 0);
  const entries = events
    .filter(({ type }) => type === 'shift.logged')
    .map(({ body }) => body as { lateEntry?: boolean; corrects?: string | null });
  return [
    `- Alarms ${raised.length}, at most ${peak(raised)} in 10 min · problems reported ${count('alarm.reported')}`,
    `- Time to acknowledge a task: ${spread(sinceMade('task.acknowledged'))} · to complete it: ${spread(sinceMade('task.completed'))}`,
    `- Log entries ${entries.length} · late ${entries.filter(({ lateEntry }) => lateEntry).length} · corrections ${entries.filter(({ corrects }) => corrects).length}`,
    ...(byClock ? ['- Handovers not accepted in time 1'] : []),
    ...(missed ? [`- Checks missed ${missed}`] : []),
  ].join('\n');
}

function spread(milliseconds: readonly number[]): string {
  if (!milliseconds.length) return 'not measured (n = 0)';
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) => duration(sorted[Math.ceil(share * sorted.length) - 1]!);
  return `median ${at(0.5)}, p90 ${at(0.9)} (n = ${sorted.length})`;
}

/** The most alarms in any window of ten minutes. */
function peak(raised: readonly Recorded[]): number {
  const times = raised.map(({ occurredAt }) => Date.parse(occurredAt)).sort((a, b) => a - b);
  let most = 0;
  for (let start = 0, end = 0; end < times.length; end++) {
    while (times[start]! <= times[end]! - 600_000) start += 1;
    most = Math.max(most, end - start + 1);
  }
  return most;
}
