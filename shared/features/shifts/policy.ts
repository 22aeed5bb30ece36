/** What other streams record for a shift that is sealed is told to that shift, so that its addendum has everything. */
import type { Recorded } from '../../kernel/event.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { oneLine } from '../../kernel/markdown.ts';
import { policy, type Wish } from '../../kernel/policy.ts';
import { events as alarmEvents } from '../alarms/contract.ts';
import { events as taskEvents, tasksAmong } from '../tasks/contract.ts';

/** What a person did, before the name of what it was done to. */
const DID: Readonly<Record<string, string>> = {
  'task.created': 'made',
  'task.assigned': 'assigned',
  'task.rejected': 'rejected',
  'task.acknowledged': 'acknowledged',
  'task.started': 'started',
  'task.held': 'put on hold',
  'task.resumed': 'resumed',
  'task.completed': 'completed',
  'task.verified': 'verified',
  'task.sent_back': 'sent back',
  'task.reopened': 'reopened',
  'task.escalated': 'escalated',
  'task.returned': 'gave back',
  'task.taken_over': 'took over',
  'task.cancelled': 'cancelled',
  'task.noted': 'added a note to',
  'task.reviewed': 'reviewed the reports on',
  'task.late_prose': 'wrote in the sealed notes of',
  'task.carried_over': 'carried over',
  'task.rescheduled': 'set another due time for',
  'alarm.acknowledged': 'acknowledged the alarm',
  'alarm.reported': 'reported',
};

const isProse = ({ type }: Recorded): boolean => type === 'task.late_prose';

/** Words of theirs that an event may hold. */
interface Said {
  readonly text?: string | null;
  readonly note?: string | null;
  readonly title?: string;
  readonly finding?: string;
  readonly inserted?: string;
  readonly struck?: string;
  readonly author?: string;
  readonly device?: string | null;
}

export const policies = [
  policy({
    name: 'tell-shift-of-late-facts',
    hears: [...Object.keys(taskEvents), ...Object.keys(alarmEvents)],
    reads: (event) => ({ tasks: tasksAmong(event.body.late || isProse(event) ? [event.subject.id] : []) }),
    asks: (event, { tasks }): Wish[] => {
      const task = tasks[0];
      // Words in a sealed note belong where the task was finished; the log stamps them with no shift.
      const shift = event.body.late ? event.shift : isProse(event) ? (task?.value.finishedIn ?? null) : null;
      if (shift === null) return [];
      const { seq, type, subject: item, actor, device, occurredAt: at, recordedAt, receivedAt, body } = event;
      const what = task ? `${shortNumber('T', task.number)} ${task.value.title}` : '';
      const told = {
        ...{ seq: event.shift === shift ? seq : null, type, item, at, recordedAt, receivedAt },
        device: device ?? (body as Said).device ?? null,
        by: (body as Said).author ?? actor.onBehalfOf ?? actor.id,
        lateKind: body.lateKind ?? null,
        flags: body.flags ?? [],
        text: oneLine([DID[type] ?? type.replace(/[._]/g, ' '), what].filter(Boolean).join(' ') + wordsOf(event)),
      };
      return [{ type: 'shifts.noteLate', subject: { kind: 'shift', id: shift }, input: told }];
    },
  }),
  policy({
    // The clock decides nothing: what was open lives on in the shift that comes next.
    name: 'carry-over-what-was-left',
    hears: ['shift.grace_over'],
    reads: () => ({}),
    asks: (event): Wish[] =>
      (event.body as { readonly tasks?: readonly string[] }).tasks!.map((task) => ({
        type: 'tasks.carryOver',
        subject: { kind: 'task', id: task },
        input: { from: event.subject.id, to: null },
      })),
  }),
];

function wordsOf({ type, body }: Recorded): string {
  const { text, note, title, finding, inserted, struck } = body as Said;
  const said = [
    ...(type === 'alarm.reported' ? [text ?? title] : [note, text, finding]),
    inserted,
    ...(struck ? [`proposes to strike: ${struck}`] : []),
    body.reason,
  ].filter((words): words is string => Boolean(words));
  return said.length ? `: ${said.join(' · ')}` : '';
}
