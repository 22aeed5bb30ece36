/** Which plan holds for a new task. Decided where everybody's policies are: on the server. */
import type { Row } from '../../kernel/read.ts';
import { pathsUp } from '../../kernel/record.ts';
import type { Priority } from '../../kernel/work.ts';
import type { EscalationState, Plan } from './plan.ts';

const ladder = (...within: readonly [number, number, number]): Plan['levels'] => [
  { target: { role: 'line_lead' }, everyone: false, ackWithinMinutes: within[0] },
  { target: { role: 'supervisor' }, everyone: false, ackWithinMinutes: within[1] },
  { target: { role: 'maintenance_engineer' }, everyone: true, ackWithinMinutes: within[2] },
];
const common = { policy: null, due: { atPercent: [80, 100], to: 'supervisor' as const } };

/** Times of the domain model (2.4, 2.6). Housekeeping rings nobody. */
export const DEFAULTS: Readonly<Record<Priority, Plan | null>> = {
  P1: { ...common, levels: ladder(5, 10, 15), repeat: { times: 2, thenNotify: 'supervisor' }, ackTimeoutMinutes: 30 },
  P2: { ...common, levels: ladder(15, 15, 15), repeat: { times: 2, thenNotify: 'supervisor' }, ackTimeoutMinutes: 60 },
  P3: { ...common, levels: ladder(60, 60, 60), repeat: { times: 2, thenNotify: null }, ackTimeoutMinutes: 480 },
  P4: null,
};

/** The nearest one upward that speaks of the priority, else the defaults; null: nobody is rung. */
export function planFor(rows: readonly Row<EscalationState>[], area: string | null, priority: Priority): Plan | null {
  const fitting = rows.filter(({ value }) => !value.retired && value.priorities.includes(priority));
  for (const path of [...(area === null ? [] : pathsUp(area)), null]) {
    const found = fitting.find(({ value }) => value.area === path);
    if (!found) continue;
    const { levels, repeat: again, ackTimeout: timeout, due: overdue } = found.value;
    return { policy: found.key, levels, repeat: again, ackTimeoutMinutes: timeout[priority], due: overdue };
  }
  return DEFAULTS[priority];
}
