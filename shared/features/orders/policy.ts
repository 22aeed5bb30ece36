/** An order becomes a task; what changes about it is told there; what becomes of the task is told to whoever ordered it. */
import type { Recorded } from '../../kernel/event.ts';
import { policy, type Wish } from '../../kernel/policy.ts';
import { isOver, tasksAmong } from '../tasks/contract.ts';
import { type Details, type OrderState, ordersOfTask, type reportedStatus } from './contract.ts';
import type * as z from 'zod';

type Status = z.output<typeof reportedStatus>;

/** What a person is told of an order's dates and parts. */
const FIELDS: Readonly<Record<string, string>> = {
  priority: 'priority',
  equipment: 'equipment',
  requestedStart: 'wanted from',
  requestedEnd: 'wanted by',
  requiredRole: 'for the role',
  externalStatus: 'status there',
};

function changesIn(event: Recorded): string {
  const told = Object.entries(event.body.changes ?? {}).flatMap(([field, { was, now }]) =>
    FIELDS[field] ? [`${FIELDS[field]} ${spelled(was)} → ${spelled(now)}`] : [],
  );
  return told.length ? told.join(', ') : 'its text';
}
const spelled = (value: unknown): string => (typeof value === 'string' ? value.replaceAll('_', ' ') : '–');

const nameOf = ({ orderId, revision }: { readonly orderId: string; readonly revision: number | null }): string =>
  `Order ${orderId}${revision === null ? '' : `, revision ${revision}`}`;

function created({ subject, occurredAt, body }: Recorded): Wish {
  const { task, orderId, title, area, equipment, priority, requestedStart, requestedEnd, requiredRole, orderType } =
    body as unknown as Details;
  const description = [
    `Ordered as ${orderId}${orderType ? ` (${orderType})` : ''}.`,
    ...(requestedStart ? [`Wanted from ${requestedStart}.`] : []),
  ].join(' ');
  return {
    type: 'tasks.create',
    subject: { kind: 'task', id: task },
    input: {
      ...{ title, area, priority, class: 'maintenance', description, occurredAt },
      ...(equipment ? { equipment } : {}),
      ...(requestedEnd ? { dueAt: requestedEnd } : {}),
      ...(requiredRole ? { assignee: { role: requiredRole } } : {}),
      upstream: [{ kind: 'external', id: orderId, rel: 'external' }],
    },
    // The way up: task ← order ← delivery.
    upstream: [{ ...subject, rel: 'caused_by' }],
    ifRefused: 'orders.noteRefused',
  };
}

interface Said {
  readonly note?: string | null;
  readonly reasonCode?: string;
  readonly needsVerification?: boolean;
  readonly resolutionCode?: string;
}
const words = (code: string | undefined): string => (code ?? '').replaceAll('_', ' ');

/** By the task's event: the status that the other system hears, and what was said with it. */
const REPORTS: Readonly<Record<string, (said: Said) => readonly [Status, string | null]>> = {
  'task.started': () => ['in_progress', null],
  'task.resumed': () => ['in_progress', null],
  'task.sent_back': () => ['in_progress', null],
  'task.reopened': () => ['in_progress', null],
  'task.held': ({ reasonCode, note }) => ['on_hold', [words(reasonCode), note].filter(Boolean).join(': ')],
  'task.completed': ({ needsVerification, resolutionCode, note }) => [
    needsVerification ? 'done' : 'closed',
    [words(resolutionCode), note].filter(Boolean).join(': '),
  ],
  'task.verified': () => ['closed', null],
  'task.cancelled': ({ reasonCode }) => ['cancelled', words(reasonCode) || null],
};

export const policies = [
  policy({
    name: 'make-task-of-order',
    hears: ['order.released'],
    reads: () => ({}),
    asks: (event): Wish[] => [created(event)],
  }),
  policy({
    name: 'tell-task-of-its-order',
    hears: ['order.changed', 'order.withdrawn'],
    reads: ({ body }) => ({ tasks: tasksAmong(typeof body['task'] === 'string' ? [body['task']] : []) }),
    asks: (event, { tasks }): Wish[] => {
      const [task] = tasks;
      if (!task || isOver(task.value.status)) return [];
      const subject = { kind: 'task', id: task.key };
      const upstream = [{ ...event.subject, rel: 'evidences' as const }];
      const name = nameOf(event.body as unknown as OrderState);
      if (event.type === 'order.withdrawn') {
        const text = `${name} was withdrawn by whoever ordered it. Cancel this task unless somebody needs it all the same.`;
        return [{ type: 'tasks.note', subject, input: { text }, upstream }];
      }
      const { requestedEnd } = event.body as unknown as Details;
      const isMoved = event.body.changes?.['requestedEnd'] !== undefined && requestedEnd !== null;
      return [
        { type: 'tasks.note', subject, input: { text: `${name} was changed: ${changesIn(event)}.` }, upstream },
        ...(isMoved
          ? [{ type: 'tasks.reschedule', subject, input: { dueAt: requestedEnd, reason: `${name} asks for it` } }]
          : []),
      ];
    },
  }),
  policy({
    name: 'report-status-of-order',
    hears: Object.keys(REPORTS),
    reads: ({ subject }) => ({ orders: ordersOfTask(subject.id) }),
    asks: (event, { orders }): Wish[] => {
      const [order] = orders;
      // What stands aside has changed nothing about the task.
      if (!order || event.body.aside) return [];
      const [status, note] = REPORTS[event.type]!(event.body as Said);
      const task = event.subject.id;
      const input = { status, task, note: note || null, occurredAt: event.occurredAt };
      return [{ type: 'orders.report', subject: { kind: 'order', id: order.key }, input }];
    },
  }),
];
