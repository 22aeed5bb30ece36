/** An incident is open, then resolved, once. What joins it is on record for ever; a wrong link is taken back by another. */
import type { Decide, ReadTable } from '../../kernel/feature.ts';
import type { Row } from '../../kernel/read.ts';
import { refuse } from '../../kernel/refusal.ts';
import { tasksAmong, tasksCausedBy, type TaskState } from '../tasks/contract.ts';
import { gather, gatherReads, join, joinFurther, joinReads, raise, raiseReads, tick, tickReads } from './by-rule.ts';
import type { commands, IncidentState, Item } from './contract.ts';

export const workOf = ({ items }: Pick<IncidentState, 'items'>) => {
  const ids = (of: Item['kind']): string[] => items.flatMap(({ kind, id }) => (kind === of ? id : []));
  return { own: tasksAmong(ids('task')), caused: tasksCausedBy(ids('occurrence')) };
};

export const reads = {
  join: joinReads,
  resolve: (_ask, state) => workOf(state),
  raise: raiseReads,
  gather: gatherReads,
  tick: tickReads,
} satisfies ReadTable<IncidentState, typeof commands>;
export const further = { join: joinFurther };

export const decide: Decide<IncidentState, typeof commands, typeof reads> = {
  open: (_state, { input: { title, text, area, equipment, priority } }) => [
    {
      type: 'incident.opened',
      body: {
        ...{ title, text: text ?? null, kind: 'manual', area, equipment: equipment ?? null, priority },
        ...{ class: null, line: null, rule: null, firstOut: null, end: null },
      },
    },
  ],
  join: (state, ask, seen) =>
    state.status === 'resolved'
      ? refuse(
          'transition-not-allowed',
          'This incident is resolved and takes nothing more. Flag a new one and join it there.',
        )
      : join(ask, seen),
  unjoin(state, { input: { item } }) {
    const found = state.items.find(({ kind, id }) => kind === item.kind && id === item.id);
    if (found) return [{ type: 'incident.unjoined', body: { item, condition: found.condition } }];
    const detail = 'This is no item of the incident, so it cannot be taken out. Look in which one it is.';
    // Of one that has items the form asks which.
    return refuse(state.items.length ? 'unknown-reference' : 'transition-not-allowed', detail);
  },
  note: (_state, { input: { text } }) => [{ type: 'incident.noted', body: { text } }],
  resolve: (state, { input: { text, cause } }, { own, caused }) =>
    state.status === 'resolved'
      ? refuse('transition-not-allowed', 'This incident is resolved already. Add a note where there is more to say.')
      : [{ type: 'incident.resolved', body: { text, cause: cause ?? null, ...timesOf([...own, ...caused]) } }],
  raise: (_state, ask, seen) => raise(ask, seen),
  gather,
  tick,
};

/** RFC 3339 of one form compares as text. */
function timesOf(tasks: readonly Row<TaskState>[]) {
  const acknowledged = tasks.flatMap(({ value }) => value.acknowledgedAt ?? []).sort();
  const done = tasks.flatMap(({ value }) => value.completion?.at ?? []).sort();
  const isDone = done.length > 0 && tasks.every(({ value }) => value.completion ?? value.status === 'cancelled');
  return { acknowledgedAt: acknowledged[0] ?? null, finishedAt: isDone ? done.at(-1)! : null };
}
