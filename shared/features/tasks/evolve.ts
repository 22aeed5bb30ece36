/** What each event makes of a task. */
import type { Recorded } from '../../kernel/event.ts';
import type { Evolve } from '../../kernel/feature.ts';
import { needsALook } from '../../kernel/flags.ts';
import {
  answered,
  atRest,
  begun,
  escalated,
  finished,
  given,
  heardOf,
  progressed,
  returned,
  unanswered,
  worsened,
  lastAsked,
} from './climbed.ts';
import { isOver, type Action, type Completion, type events, type TaskState } from './contract.ts';
import { stepWords } from './step-words.ts';
import { awaitedBy, broughtBy, withFiles } from './files.ts';

export const initial: TaskState = {
  title: '',
  description: null,
  area: null,
  priority: 'P3',
  class: 'maintenance',
  equipment: null,
  status: 'open',
  assignee: null,
  unassignedBecause: null,
  dueAt: '',
  createdAt: '',
  createdBy: { kind: 'user', id: '' },
  upstream: [],
  condition: null,
  occurrences: [],
  acknowledgedAt: null,
  acknowledgedBy: null,
  hold: null,
  completion: null,
  furtherReports: [],
  flags: [],
  awaited: [],
  verifiedBy: null,
  verifiedAt: null,
  cancelledBecause: null,
  escalations: [],
  actions: [],
  shift: null,
  finishedIn: null,
  completedIn: null,
};

/** Everything that happens is one more line of the task's own log; what needs a look stands in the flags until a review. */
function logged(
  state: TaskState,
  event: Pick<Recorded<object>, 'seq' | 'occurredAt' | 'actor' | 'type' | 'body'>,
  text: string | null,
): Pick<TaskState, 'actions' | 'flags' | 'awaited'> {
  const { seq, occurredAt: at, actor, type, body } = event;
  const { flags = [], waiting } = body;
  const action: Action = {
    seq,
    at,
    by: { kind: actor.kind, id: actor.onBehalfOf ?? actor.id },
    what: type.slice('task.'.length),
    text: text ?? body.reason ?? null,
    ...(flags.length ? { flags } : {}),
    ...(waiting ? { waiting } : {}),
  };
  const open = flags.filter((flag) => needsALook([flag]));
  return {
    actions: [...state.actions, action],
    awaited: [...state.awaited, ...awaitedBy(event)],
    flags: open.length ? [...new Set([...state.flags, ...open])] : state.flags,
  };
}

function acted(state: TaskState, event: Recorded, text: string | null, change: Partial<TaskState>): TaskState {
  const next = { ...state, ...change, shift: event.shift, ...logged({ ...state, ...change }, event, text) };
  return isOver(next.status) === isOver(state.status)
    ? next
    : { ...next, ...atRest(next), finishedIn: isOver(next.status) ? event.shift : null };
}

export const evolve: Evolve<TaskState, typeof events> = {
  'task.created': (state, event) => {
    const {
      title,
      description,
      area,
      priority,
      class: taskClass,
      equipment,
      dueAt,
      condition,
      occurrence,
      unassignedBecause,
      evidence,
      escalation,
      cameBack,
    } = event.body;
    return acted(state, event, null, {
      title,
      description,
      area,
      priority,
      class: taskClass,
      equipment,
      dueAt,
      condition,
      unassignedBecause,
      occurrences: occurrence ? [occurrence] : [],
      upstream: event.upstream,
      ...(evidence ? { evidence } : {}),
      createdAt: event.occurredAt,
      createdBy: { kind: event.actor.kind, id: event.actor.id },
      ...(cameBack ? { cameBack } : {}),
      ...begun(escalation, { createdAt: event.occurredAt, dueAt }, event.receivedAt),
    });
  },
  'task.assigned': (state, event) =>
    acted(state, event, null, {
      assignee: event.body.assignee,
      unassignedBecause: null,
      status: 'assigned',
      acknowledgedAt: null,
      acknowledgedBy: null,
      hold: null,
      ...given(state, event.body.assignee, event.body.escalation, event),
    }),
  'task.rejected': (state, event) =>
    acted(state, event, null, {
      ...{ status: 'open', assignee: null, rejectedBy: [...(state.rejectedBy ?? []), event.actor.id] },
      ...unanswered(state, event),
    }),
  // Who is at work already hears that somebody comes to help.
  'task.acknowledged': (state, event) => {
    const isAtWork = state.status === 'in_progress' || state.status === 'on_hold';
    if (isAtWork) return acted(state, event, null, answered(state, event, null));
    return acted(state, event, null, {
      status: 'acknowledged',
      acknowledgedAt: event.occurredAt,
      acknowledgedBy: event.actor.id,
      ...answered(state, event, 'progress'),
    });
  },
  'task.started': (state, event) => acted(state, event, null, { status: 'in_progress', ...progressed(state, event) }),
  'task.held': (state, event) => {
    const { reasonCode, note, resumeAt } = event.body;
    return acted(state, event, note, {
      ...{ status: 'on_hold', hold: { reasonCode, note, resumeAt } },
      ...progressed(state, event),
    });
  },
  'task.resumed': (state, event) =>
    acted(state, event, null, { status: 'in_progress', hold: null, ...progressed(state, event) }),
  'task.completed': (state, event) => {
    const { note, needsVerification } = event.body;
    return acted(state, event, note, {
      status: needsVerification ? 'done' : 'closed',
      completedIn: event.shift,
      completion: completionOf(event),
      ...finished(state),
    });
  },
  'task.verified': (state, event) =>
    acted(state, event, null, { status: 'closed', verifiedBy: event.actor.id, verifiedAt: event.occurredAt }),
  'task.sent_back': (state, event) =>
    acted(state, event, null, { status: 'in_progress', completion: null, completedIn: null }),
  'task.reopened': (state, event) =>
    acted(state, event, null, {
      status: 'in_progress',
      completion: null,
      completedIn: null,
      verifiedBy: null,
      verifiedAt: null,
    }),
  'task.escalated': (state, event) => {
    const { cause, skipped } = event.body;
    // What a person says stands for itself.
    const said = cause && (cause !== 'manual' || skipped) ? stepWords(event.body) : null;
    const text = [said, event.body.reason].filter(Boolean).join(': ');
    return acted(state, event, text || null, escalated(state, event));
  },
  'task.returned': (state, event) => {
    const record = state.escalations[lastAsked(state.escalations)];
    const wasTheirs = record?.acknowledgedBy !== undefined && record.acknowledgedBy === state.acknowledgedBy;
    const isAtWork = state.status === 'in_progress' || state.status === 'on_hold';
    const { level } = event.body;
    const undone = { acknowledgedAt: null, acknowledgedBy: null, hold: null };
    return acted(state, event, null, {
      ...(wasTheirs ? { status: state.assignee ? 'assigned' : 'open', ...undone } : {}),
      ...returned(state, level, level === 0 && isAtWork && !wasTheirs ? null : 'acknowledgement', event),
    });
  },
  'task.taken_over': (state, event) =>
    acted(state, event, null, {
      ...{ assignee: { user: event.actor.id }, unassignedBecause: null, status: 'acknowledged', hold: null },
      ...{ acknowledgedAt: event.occurredAt, acknowledgedBy: event.actor.id },
      ...answered(state, event, 'progress'),
    }),
  'task.worsened': (state, event) => {
    const { priority, dueAt, escalation } = event.body;
    const text = `from ${state.priority} to ${priority}`;
    return acted(state, event, text, { priority, dueAt, ...worsened(state, escalation, dueAt, event) });
  },
  'task.cancelled': (state, event) =>
    acted(state, event, null, { status: 'cancelled', cancelledBecause: event.body.reasonCode }),
  'task.noted': (state, event) => acted(state, event, event.body.text, heardOf(state, event)),
  'task.recurred': (state, event) =>
    acted(state, event, null, { occurrences: [...state.occurrences, event.body.occurrence] }),
  'task.joined': (state, event) => {
    const link = { kind: 'incident', id: event.body.incident, rel: 'part_of' as const };
    return acted(state, event, null, { upstream: [...state.upstream, link] });
  },
  'task.unjoined': (state, event) => {
    const upstream = state.upstream.filter(({ id, rel }) => id !== event.body.incident || rel !== 'part_of');
    return acted(state, event, null, { upstream });
  },
  'task.carried_over': (state, event) => acted(state, event, null, {}),
  'task.rescheduled': (state, event) => acted(state, event, null, { dueAt: event.body.dueAt }),
  // Flags that the review itself carries are set after it has cleared the others.
  'task.reviewed': (state, event) => acted(state, event, event.body.finding, { flags: [] }),
  'task.files_received': (state, event) => {
    const { entries } = event.body;
    const by = broughtBy(state, entries);
    const next = withFiles(state, entries);
    return { ...next, ...logged(next, by ? { ...event, actor: by as Recorded['actor'] } : event, null) };
  },
  // Written by a person, brought by a room.
  'task.late_prose': (state, event) => {
    const { author, inserted, struck, receivedAt } = event.body;
    const text = [inserted.trim(), struck.trim() && `(would strike: ${struck.trim()})`].filter(Boolean).join(' ');
    const actor = { kind: 'user', id: author } as const;
    return { ...state, ...logged(state, { ...event, actor, occurredAt: receivedAt }, text) };
  },
};

/** What was true for its device but not here: one more line of the log, a report in full if it is one, and nothing else. */
export function aside(state: TaskState, event: Recorded): TaskState {
  const said = event.body as { readonly note?: string | null; readonly text?: string; readonly finding?: string };
  const next = { ...state, ...logged(state, event, said.note ?? said.text ?? said.finding ?? null) };
  if (event.type !== 'task.completed') return next;
  const { seq, device, body } = event as Recorded<CompletedBody>;
  const report = { seq, device, flags: body.flags ?? [], ...completionOf(event as Recorded<CompletedBody>) };
  return { ...next, furtherReports: [...state.furtherReports, report] };
}

type CompletedBody = Omit<Completion, 'by' | 'at'>;

const completionOf = ({ actor, occurredAt, body }: Recorded<CompletedBody>): Completion => ({
  by: actor.id,
  at: occurredAt,
  note: body.note,
  resolutionCode: body.resolutionCode,
  evidence: body.evidence,
  overrideReason: body.overrideReason,
});
