/** How a step of an escalation is told: in the task's own log, in its note, in reports. */
import type { Assignee, Cause, Escalation, Skipped } from './contract.ts';

const CAUSES: Readonly<Record<Cause, string>> = {
  unacknowledged: 'not acknowledged in time',
  ack_expired: 'acknowledged, and nothing begun in time',
  overdue: 'the due time comes near',
  manual: 'called for',
  rejected_twice: 'given back twice',
  condition_worse: 'the alarm got worse',
};

export const causeWords = (cause: Cause, percent?: number): string =>
  percent === undefined
    ? CAUSES[cause]
    : [
        ...(cause === 'overdue' ? [] : [CAUSES[cause]]),
        percent < 100 ? `${percent} % of the time is over` : 'overdue',
      ].join('; ');

const inWords = (code: string): string => code.replaceAll('_', ' ');
export type Names = (holder: Assignee) => string;
/** Where no names are at hand. */
export const plainly: Names = (holder) => ('user' in holder ? 'the person named' : inWords(holder.role));

type Told = Pick<Escalation, 'level' | 'target'> & {
  readonly [K in 'notified' | 'skipped' | 'last' | 'cause' | 'percent']?: Escalation[K] | undefined;
};

/** `not acknowledged in time; level 2; nobody on duty for line lead; asked supervisor`. */
export function stepWords(
  { level, target, notified = [], skipped = [], last, cause, percent }: Told,
  name: Names = plainly,
  time: (at: string) => string = (at) => `${at.slice(11, 16)} UTC`,
): string {
  const whom =
    target === null ? 'nobody left to ask' : `${notified.length ? 'asked' : 'nobody there as'} ${name(target)}`;
  const isTold = cause === 'overdue' && skipped.some(({ why }) => why === 'nobody_on_duty');
  return [
    ...(cause === undefined || cause === 'manual' ? [] : [causeWords(cause, percent)]),
    ...(cause === 'overdue' ? [] : [`level ${level}`]),
    ...skipped.map((one) => skippedWords(one, name, time)),
    ...(isTold ? [] : [whom]),
    ...(last ? ['nobody further is asked'] : []),
  ].join('; ');
}

function skippedWords({ level, percent, target, why, at }: Skipped, name: Names, time: (at: string) => string): string {
  const who = target ? name(target) : 'nobody';
  if (why === 'nobody_on_duty') return `nobody on duty for ${who}`;
  const what = percent === undefined ? `level ${level} (${who})` : `${percent} %`;
  return `${what} was due at ${time(at)}, while nothing ran`;
}
