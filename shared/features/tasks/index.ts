import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { isUnheard } from './climbed.ts';
import { commands, entity, events, isOver, type Assignee, type TaskState } from './contract.ts';
import { dashboard } from './dashboard.ts';
import { decide, reads } from './decider.ts';
import { aside, evolve, initial } from './evolve.ts';
import { conflicts, repeats } from './meanwhile.ts';
import { note } from './note.ts';
import { nextAt } from './ladder.ts';
import { measures, past } from './past.ts';
import { policies } from './policy.ts';

const nameOf = (holder: Assignee | null): string | null =>
  holder ? ('user' in holder ? holder.user : holder.role) : null;

export const tasks = feature({
  name: 'tasks',
  kind: 'task',
  letter: 'T',
  summary: 'What is to be done, by whom, and what became of it',
  commands,
  events,
  entity,
  initial,
  view: ({ completedIn: _completedIn, awaited: _awaited, escalation, ...state }: TaskState, { id, number, seq }) => ({
    id,
    number,
    ref: shortNumber('T', number),
    seq,
    ...state,
    ...(escalation ? { escalation: { ...escalation, next: nextAt({ ...state, escalation } as TaskState) } } : {}),
  }),
  decide,
  reads,
  evolve,
  aside,
  conflicts,
  repeats,
  awaits: {
    where: { awaitsFiles: 1 },
    files: (state) => state.awaited.map(({ files }) => files),
    verb: 'receiveFiles',
  },
  prose: { permission: 'task.note', late: 'lateProse' },
  tracked: ['status', 'assignee', 'priority', 'dueAt', 'area'],
  areaOf: (state) => state.area ?? undefined,
  concern(state, { verb, input }) {
    const asked = input as { readonly area?: string; readonly assignee?: Assignee | null };
    if (verb === 'create') return { area: asked.area };
    // What nobody has yet is cancelled by whoever made it, or by those who steer the whole area.
    const held = state.assignee ?? (verb === 'cancel' ? { user: state.createdBy.id } : null);
    // Whoever it was brought to may answer for it.
    const brought =
      held && commands[verb as keyof typeof commands].permission === 'task.work' ? state.escalation?.asked : [];
    return {
      area: state.area ?? undefined,
      holders: [...(held ? [held] : []), ...(brought ?? []), ...(asked.assignee ? [asked.assignee] : [])],
    };
  },
  readers: 'operations.read',
  travels: {
    where: (unsealed) => [{ live: 1 }, { flagged: 1 }, { finishedIn: { in: unsealed } }],
    holds: (state, isUnsealed) =>
      !isOver(state.status) || state.flags.length > 0 || (state.finishedIn !== null && isUnsealed(state.finishedIn)),
  },
  columns: {
    status: (state) => state.status,
    area: (state) => state.area,
    assignee: (state) => nameOf(state.assignee),
    priority: (state) => state.priority,
    class: (state) => state.class,
    shift: (state) => state.shift,
    finishedIn: (state) => state.finishedIn,
    completedIn: (state) => state.completedIn,
    condition: (state) => state.condition,
    // One column each, because a store looks in one index at a time, and thousands of tasks are live.
    liveFor: (state) => (isOver(state.status) ? null : state.condition),
    closedFor: (state) => (state.status === 'closed' ? state.condition : null),
    occurrence: (state) => state.occurrences[0] ?? null,
    live: (state) => (isOver(state.status) ? 0 : 1),
    flagged: (state) => (state.flags.length ? 1 : 0),
    awaitsFiles: (state) => (state.awaited.length ? 1 : null),
    todo: (state) => (isOver(state.status) || state.status === 'done' ? 0 : 1),
    unheard: (state) => (isUnheard(state) ? 1 : null),
    search: (state) => `${state.title} ${state.equipment ?? ''} ${state.description ?? ''}`,
  },
  filters: ['status', 'area', 'assignee', 'priority', 'shift', 'flagged'],
  titleOf: (state) => state.title,
  past,
  measures,
  isTerminal: (state) => isOver(state.status),
  due: { at: nextAt, verb: 'tick' },
  policies,
  dashboard,
  note,
});
