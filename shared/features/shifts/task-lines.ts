/** Tasks as lines that the Tasks plugin and Dataview read too. A line is known by its 🆔, never by its place. */
import type { Self, Surroundings } from '../../kernel/note.ts';
import { localDate } from '../../kernel/local-time.ts';
import { wikilink } from '../../kernel/markdown.ts';
import type { TaskState } from '../tasks/contract.ts';

export interface TaskRow extends Self {
  readonly state: TaskState;
}

const SIGN: Readonly<Record<TaskState['priority'], string>> = { P1: '🔺', P2: '⏫', P3: '🔼', P4: '🔽' };
/** More than a person reads; the rest is on the board. */
const MOST = 200;

/** What a line is known by: the number, and until the server has given one, the end of the task's own id. */
const markOf = ({ id, number }: Pick<TaskRow, 'id' | 'number'>): string =>
  number === null ? unnumbered(id) : `t${number}`;
const unnumbered = (id: string): string => `t-${id.slice(-8)}`;

/** The task that a line is about, though it may have got its number after the line was written. */
export function taskAt<R extends Pick<TaskRow, 'id' | 'number'>>(line: string, rows: readonly R[]): R | undefined {
  const mark = /🆔 (t\S+)/u.exec(line)?.[1];
  return rows.find((row) => mark === markOf(row) || mark === unnumbered(row.id));
}

export function taskLines(open: readonly TaskRow[], finished: readonly TaskRow[], around: Surroundings): string {
  const urgent = [...open].sort(
    (a, b) =>
      compare(a.state.priority, b.state.priority) ||
      compare(a.state.dueAt, b.state.dueAt) ||
      (a.number ?? 0) - (b.number ?? 0),
  );
  const more = open.length - MOST;
  const lines = [
    ...urgent.slice(0, MOST).map((row) => line(row, around)),
    ...(more > 0 ? [`- and ${more} more on the shift board`] : []),
    ...finished.slice(-MOST).map((row) => line(row, around)),
  ];
  return lines.join('\n') || 'Nothing to do.';
}

export const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function line({ id, number, state }: TaskRow, around: Surroundings): string {
  const link = wikilink(around.linkTo({ kind: 'task', id }) ?? `T-${number}`);
  const day = (at: string): string => localDate(at, around.zone);
  const name = ` 🆔 ${markOf({ id, number })}`;
  if (state.status === 'cancelled') return `- [-] ${link}${name} ❌ ${day(state.actions.at(-1)!.at)}`;
  if (state.status === 'closed')
    return `- [x] ${link}${name} ✅ ${day(state.completion?.at ?? state.actions.at(-1)!.at)}`;
  if (state.status === 'done')
    return `- [x] ${link} waits to be verified${name} ${SIGN[state.priority]} ✅ ${day(state.completion?.at ?? state.dueAt)}`;
  return `- [ ] ${link}${name} ${SIGN[state.priority]} 📅 ${day(state.dueAt)}`;
}
