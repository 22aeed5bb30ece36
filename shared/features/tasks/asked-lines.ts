/** How a task's note and card tell of its escalation: where it stands, when the next step comes, and what every step said. */
import { localTime } from '../../kernel/local-time.ts';
import { inline } from '../../kernel/markdown.ts';
import type { Surroundings } from '../../kernel/note.ts';
import { openOf } from './climbed.ts';
import type { Action, Assignee, Escalation, TaskState } from './contract.ts';
import { nextLevelAt } from './ladder.ts';
import { stepWords } from './step-words.ts';

const inWords = (code: string): string => code.replaceAll('_', ' ');
const nameOf = (holder: Assignee, { userName }: Surroundings): string =>
  'user' in holder ? userName(holder.user) : inWords(holder.role);

/** One line for each call of a person, and one for where the clock's asking stands now. */
export function escalationLines(state: TaskState, around: Surroundings): readonly string[] {
  const called = state.escalations.filter(({ raisedBy }) => raisedBy !== 'engine');
  const now = standing(state, around);
  return [...called.map((one) => calledLine(one, around)), ...(now ? [`**Escalated** to ${inline(now)}`] : [])];
}

function calledLine(
  { level, reason, target, outcome, acknowledgedBy, acknowledgedAt }: Escalation,
  around: Surroundings,
) {
  const to = target ? `, to ${inline(nameOf(target, around))}` : '';
  const answer =
    outcome === 'returned'
      ? ' (returned)'
      : outcome === 'accepted' && acknowledgedBy
        ? ` (accepted by ${inline(around.userName(acknowledgedBy))}, ${localTime(acknowledgedAt!, around.zone)})`
        : '';
  return `**Escalated**, level ${level}${to}: ${inline(reason)}${answer}`;
}

/** `level 2 (supervisor), next at 02:40`; null where nobody further than who has it was asked, or somebody has answered. */
export function standing(state: TaskState, around: Surroundings): string | null {
  const open = openOf(state.escalations);
  if (open?.raisedBy !== 'engine' || state.escalation?.waitsFor !== 'acknowledgement') return null;
  const { level, target, notified } = open;
  const who = target === null ? 'nobody left to ask' : nameOf(target, around);
  const absent = target !== null && !notified?.length ? ', nobody there' : '';
  const next = nextLevelAt(state);
  return `level ${level} (${who}${absent}), ${next === null ? 'nobody further is asked' : `next at ${localTime(next, around.zone)}`}`;
}

/** What a line of the log says of a step, with names and in the plant's own time; null where it is no such line. */
export function stepText({ seq, what, text }: Action, state: TaskState, around: Surroundings): string | null {
  const step = what === 'escalated' ? state.escalations.find((one) => one.seq === seq) : undefined;
  if (!step?.cause || (step.cause === 'manual' && !step.skipped)) return text;
  const said = stepWords(
    step,
    (holder) => nameOf(holder, around),
    (at) => localTime(at, around.zone),
  );
  return step.raisedBy === 'engine' ? said : `${said}: ${step.reason}`;
}
