/** The one gate of all verbs: where each may start, and never under a seal. */
import { CAUSAL, type Fact } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import type { Row } from '../../kernel/read.ts';
import { isRefusal, refuse, type Refusal } from '../../kernel/refusal.ts';
import { changeRefused } from '../orgs/contract.ts';
import { shiftsAmong, type ShiftState } from '../shifts/contract.ts';
import { openOf } from './climbed.ts';
import { commands, UNFINISHED, type Assignee, type TaskState, type TaskStatus } from './contract.ts';

/** Where each verb may start. A verb that is not listed may start anywhere. */
export const STARTS: Readonly<Record<string, readonly TaskStatus[]>> = {
  assign: UNFINISHED,
  reject: ['assigned'],
  acknowledge: ['assigned'],
  start: ['acknowledged'],
  hold: ['in_progress'],
  resume: ['on_hold'],
  complete: ['in_progress'],
  verify: ['done'],
  sendBack: ['done'],
  reopen: ['done', 'closed'],
  escalate: UNFINISHED,
  return: UNFINISHED,
  takeOver: UNFINISHED,
  cancel: UNFINISHED,
};

/** Where a verb may start as well while somebody who was asked has not answered: it is the answer. */
const ANSWERS: Readonly<Record<string, readonly TaskStatus[]>> = {
  acknowledge: ['acknowledged', 'in_progress', 'on_hold'],
};

const isAnswer = ({ status, escalations }: TaskState, { verb, caller }: Ask): boolean => {
  const open = openOf(escalations);
  return open !== undefined && open.by !== caller.id && Boolean(ANSWERS[verb]?.includes(status));
};

/** How a refusal names the verb. */
const ASKED: Readonly<Record<string, string>> = {
  assign: 'assigned',
  reject: 'rejected',
  acknowledge: 'acknowledged',
  start: 'started',
  hold: 'put on hold',
  resume: 'resumed',
  complete: 'completed',
  verify: 'verified',
  sendBack: 'sent back',
  reopen: 'reopened',
  escalate: 'escalated',
  return: 'returned',
  takeOver: 'taken over',
  cancel: 'cancelled',
};
export const inWords = (status: string): string => status.replaceAll('_', ' ');

export const home = (state: TaskState) => shiftsAmong(state.finishedIn ? [state.finishedIn] : []);
export type Home = { readonly home: readonly Row<ShiftState>[] };

/** The one gate of all verbs: not under a seal, and allowed from where the task is. */
export function moved(state: TaskState, ask: Ask, seen: Home, said: Fact): readonly Fact[] | Refusal {
  const sealed = seen.home.find(({ value }) => value.seal !== null);
  if (sealed) {
    const detail =
      'This task was finished in a shift that is sealed. Create a new task that follows it up (upstream: follow_up_of).';
    return refuse('shift-sealed', detail, {
      witness: changeRefused(sealed.key, `tasks.${ask.verb}`, detail, ask.caller.id),
      extra: { shift: sealed.key },
    });
  }
  const starts = STARTS[ask.verb];
  if (starts && !starts.includes(state.status) && !isAnswer(state, ask)) {
    const detail = `This task is ${inWords(state.status)}. Only one that is ${starts.map(inWords).join(' or ')} can be ${ASKED[ask.verb]}.${nextIn(state.status)}`;
    return refuse('transition-not-allowed', detail, { extra: { current: state.status, allowedFrom: starts } });
  }
  return [fact(state, said)];
}

/** The way of a task to its end. */
const WAY = ['acknowledge', 'start', 'resume', 'complete', 'verify'] as const;

function nextIn(status: TaskStatus): string {
  const next = WAY.find((verb) => STARTS[verb]!.includes(status));
  return next ? ` Next is "${commands[next].title}".` : '';
}

export const levelOf = (state: TaskState): number => state.escalation?.level ?? state.escalations.length;

/** Every event of a task names what led to it, and the alarm that it is about. */
export const fact = (state: TaskState, said: Fact): Fact => ({
  ...said,
  upstream: state.upstream.filter(
    ({ kind, rel }) => (CAUSAL as readonly string[]).includes(rel) || (kind === 'occurrence' && rel === 'evidences'),
  ),
});

/** What cannot be at all is said first, so that no button offers it. */
export const unlessUnknown = (
  decided: readonly Fact[] | Refusal,
  unknown: Refusal | undefined,
): readonly Fact[] | Refusal => (isRefusal(decided) ? decided : (unknown ?? decided));

export function unknownPerson(
  assignee: Assignee | undefined,
  people: readonly { readonly key: string }[],
  field: string,
): Refusal | undefined {
  if (!assignee || !('user' in assignee) || people.some(({ key }) => key === assignee.user)) return undefined;
  return refuse('unknown-reference', 'There is no such person in your organisation.', {
    fields: [{ field, problem: 'unknown' }],
  });
}
