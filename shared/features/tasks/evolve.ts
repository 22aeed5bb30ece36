/** What each event makes of a task. */
import type { Recorded } from '../../kernel/event.ts';
import type { Evolve } from '../../kernel/feature.ts';
import { isOver, type events, type TaskState } from './contract.ts';

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
  verifiedBy: null,
  verifiedAt: null,
  cancelledBecause: null,
  escalations: [],
  actions: [],
  shift: null,
  finishedIn: null,
  completedIn: null,
};

/** Everything that happens is one more line of the task's own log. */
function acted(state: TaskState, event: Recorded, text: string | null, change: Partial<TaskState>): TaskState {
  const { seq, occurredAt: at, actor, type, body } = event;
  const by = { kind: actor.kind, id: actor.onBehalfOf ?? actor.id };
  const action = { seq, at, by, what: type.slice('task.'.length), text: text ?? body.reason ?? null };
  const next = { ...state, ...change, shift: event.shift, actions: [...state.actions, action] };
  return isOver(next.status) === isOver(state.status)
    ? next
    : { ...next, finishedIn: isOver(next.status) ? event.shift : null };
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
      createdAt: event.occurredAt,
      createdBy: { kind: event.actor.kind, id: event.actor.id },
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
    }),
  'task.rejected': (state, event) => acted(state, event, null, { status: 'open', assignee: null }),
  'task.acknowledged': (state, event) =>
    acted(state, event, null, {
      status: 'acknowledged',
      acknowledgedAt: event.occurredAt,
      acknowledgedBy: event.actor.id,
    }),
  'task.started': (state, event) => acted(state, event, null, { status: 'in_progress' }),
  'task.held': (state, event) => {
    const { reasonCode, note, resumeAt } = event.body;
    return acted(state, event, note, { status: 'on_hold', hold: { reasonCode, note, resumeAt } });
  },
  'task.resumed': (state, event) => acted(state, event, null, { status: 'in_progress', hold: null }),
  'task.completed': (state, event) => {
    const { note, resolutionCode, evidence, overrideReason, needsVerification } = event.body;
    return acted(state, event, note, {
      status: needsVerification ? 'done' : 'closed',
      completedIn: event.shift,
      completion: { by: event.actor.id, at: event.occurredAt, note, resolutionCode, evidence, overrideReason },
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
    const { level, target } = event.body;
    const escalation = { level, target, reason: event.body.reason ?? '', by: event.actor.id, at: event.occurredAt };
    return acted(state, event, null, { escalations: [...state.escalations, escalation] });
  },
  'task.cancelled': (state, event) =>
    acted(state, event, null, { status: 'cancelled', cancelledBecause: event.body.reasonCode }),
  'task.noted': (state, event) => acted(state, event, event.body.text, {}),
  'task.recurred': (state, event) =>
    acted(state, event, null, { occurrences: [...state.occurrences, event.body.occurrence] }),
  'task.carried_over': (state, event) => acted(state, event, null, {}),
};
