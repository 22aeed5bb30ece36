/** What the outgoing supervisor signs: one decision for every task that somebody still has to do. */
import type { Fact } from '../../kernel/event.ts';
import type { Row } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import type { TaskState } from '../tasks/contract.ts';
import type { Decision } from './contract.ts';

/** So many decisions fit into one entry of the log, each with its reason and its assignee. */
const PER_ENTRY = 150;

export function signedFacts(decisions: readonly Decision[], criticalItems: readonly string[]): Fact[] {
  const entries = Math.max(1, Math.ceil(Math.max(decisions.length, criticalItems.length) / PER_ENTRY));
  return Array.from({ length: entries }, (_, i) => {
    const part = <T>(all: readonly T[]): readonly T[] => all.slice(i * PER_ENTRY, (i + 1) * PER_ENTRY);
    const body = { decisions: part(decisions), criticalItems: part(criticalItems) };
    return { type: i === 0 ? 'shift.signed' : 'shift.decided', body };
  });
}

export function wrongDecision(
  asked: readonly (Omit<Decision, 'task'> & { readonly task: string | number })[],
  todo: readonly Row<TaskState>[],
  people: readonly { readonly key: string }[],
): Refusal | undefined {
  const decided = new Set<string>();
  for (const [i, { task, decision, assignee }] of asked.entries()) {
    const field = (name: string, problem: string) => ({ fields: [{ field: `/decisions/${i}/${name}`, problem }] });
    if (decision === 'reassign' && !assignee)
      return refuse('invalid-input', 'Say to whom the task goes.', field('assignee', 'needed to reassign'));
    if (assignee && 'user' in assignee && !people.some(({ key }) => key === assignee.user))
      return refuse(
        'unknown-reference',
        'There is no such person in your organisation.',
        field('assignee/user', 'unknown'),
      );
    const key = find(todo, task);
    if (key && decided.has(key))
      return refuse('invalid-input', 'A task has one decision; this one has two.', field('task', 'decided before'));
    if (key) decided.add(key);
  }
  return undefined;
}

export function undecided(todo: readonly Row<TaskState>[], decisions: readonly Decision[]): Refusal | undefined {
  const decided = new Set(decisions.map(({ task }) => task));
  const tasks = todo
    .filter(({ key }) => !decided.has(key))
    .map(({ key, number, value: { title, priority, status } }) => ({
      id: key,
      ref: `T-${number}`,
      title,
      priority,
      status,
    }));
  if (!tasks.length) return undefined;
  const detail = `${tasks.length} open task(s) need a decision each: continue, reassign or cancel.`;
  return refuse('tasks-undecided', detail, { extra: { tasks } });
}

/** The task that is meant, by its id or its number. */
export const find = (todo: readonly Row<TaskState>[], ref: string | number): string | undefined => {
  const number = typeof ref === 'number' ? ref : /^[Tt]-(\d+)$/.exec(ref)?.[1];
  return todo.find((row) => row.key === ref || (number !== undefined && row.number === Number(number)))?.key;
};

export const critical = (todo: readonly Row<TaskState>[]): string[] =>
  todo.filter(({ value }) => value.priority === 'P1' || value.priority === 'P2').map(({ key }) => key);
