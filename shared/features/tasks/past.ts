/** What a task tells of the way it came, from its state alone; and how long its people took. */
import type { Subject } from '../../kernel/event.ts';
import type { Past } from '../../kernel/trail.ts';
import type { Action, TaskState } from './contract.ts';

export const past = (state: TaskState, self: Subject): Past => ({
  upstream: state.upstream,
  inside: [],
  events: state.actions.map((action, at) => ({
    seq: Number.isInteger(action.seq) ? action.seq : null,
    type: `task.${action.what}`,
    subject: self,
    actor: action.by,
    occurredAt: action.at,
    recordedAt: null,
    upstream: at === 0 ? state.upstream : [],
    body: bodyOf(action, state),
  })),
});

function bodyOf({ what, at, text }: Action, { completion }: TaskState): Readonly<Record<string, unknown>> {
  const said = text === null ? {} : { text };
  if (what !== 'completed' || completion?.at !== at) return said;
  const { resolutionCode, evidence } = completion;
  return { ...said, resolutionCode, evidence };
}

const RESULT: Readonly<Record<string, string>> = {
  made_safe: 'to safe',
  fixed: 'to repair',
  replaced: 'to repair',
  adjusted: 'to repair',
};

export const measures = {
  'task.acknowledged': () => 'to acknowledge',
  'task.completed': ({ resolutionCode }: { readonly resolutionCode?: string }) =>
    RESULT[resolutionCode ?? ''] ?? 'to finish',
};
