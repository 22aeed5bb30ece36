/** The figures of a shift, from its events. Every median says over how many. */
import type { Recorded } from '../../kernel/event.ts';
import type { Row } from '../../kernel/read.ts';
import type { TaskState } from '../tasks/contract.ts';
import { duration } from './wording.ts';

export function figures(events: readonly Recorded[], touched: readonly Row<TaskState>[]): string {
  const raised = events.filter(({ type }) => type === 'alarm.activated' || type === 'alarm.reactivated');
  const toAcknowledge = touched.flatMap(({ value }) =>
    value.acknowledgedAt ? [Date.parse(value.acknowledgedAt) - Date.parse(value.createdAt)] : [],
  );
  const toComplete = touched.flatMap(({ value }) =>
    value.completion ? [Date.parse(value.completion.at) - Date.parse(value.createdAt)] : [],
  );
  const entries = events.filter(({ type }) => type === 'shift.logged');
  const late = entries.filter(({ body }) => (body as { lateEntry?: boolean }).lateEntry).length;
  const corrections = entries.filter(({ body }) => (body as { corrects?: string | null }).corrects).length;
  return [
    `Alarms ${raised.length} · problems reported ${events.filter(({ type }) => type === 'alarm.reported').length} · peak ${peak(raised)} in 10 min`,
    `Time to acknowledge ${spread(toAcknowledge)} · time to complete ${spread(toComplete)}`,
    `Log entries ${entries.length} · late ${late} · corrections ${corrections}`,
  ].join(' · ');
}

function spread(milliseconds: readonly number[]): string {
  if (!milliseconds.length) return 'not measured (n = 0)';
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (share: number) => duration(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return `median ${at(0.5)}, p90 ${at(0.9)} (n = ${sorted.length})`;
}

/** The most alarms in any window of ten minutes. */
function peak(raised: readonly Recorded[]): number {
  const times = raised.map(({ occurredAt }) => Date.parse(occurredAt)).sort((a, b) => a - b);
  return times.reduce(
    (most, end, i) => Math.max(most, times.slice(0, i + 1).filter((start) => start > end - 600_000).length),
    0,
  );
}
