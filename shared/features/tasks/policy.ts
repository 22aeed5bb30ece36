/** Alarms and reports become tasks, given to the role on duty; the decisions of a handover are carried out. */
import type { Recorded } from '../../kernel/event.ts';
import { oneLine } from '../../kernel/markdown.ts';
import { policy, type Wish } from '../../kernel/policy.ts';
import type { Row } from '../../kernel/read.ts';
import { isWithin } from '../../kernel/roles.ts';
import type { TaskClass } from '../../kernel/work.ts';
import { presidingOver, shiftsAmong, type Decision } from '../shifts/contract.ts';
import { closedTasksOf, liveTasksOf, tasksUnheard, type TaskState } from './contract.ts';
import { onDuty } from './duty.ts';

interface Signal {
  readonly held?: unknown;
  readonly occurrence: string;
  readonly title: string;
  readonly text: string | null;
  readonly priority: string;
  readonly class: TaskClass;
  readonly area: string | null;
  readonly equipment: string | null;
  readonly evidence?: readonly string[];
  /** How often it came in a short time. */
  readonly chattering?: number;
}

/** The same condition within a quarter of an hour after its task was closed: the repair did not hold. */
const COMES_BACK = 15 * 60_000;

function cameBackAfter(closed: readonly Row<TaskState>[], at: string): string | null {
  const [latest] = closed;
  const over = latest?.value.verifiedAt ?? latest?.value.completion?.at;
  return latest && over && Date.parse(at) - Date.parse(over) <= COMES_BACK ? latest.key : null;
}

interface Flood {
  readonly kind: string;
  readonly area: string;
  readonly title: string;
  readonly priority: string;
  readonly equipment: string | null;
  readonly firstOut: { readonly title: string } | null;
}

const floodOf = (event: Recorded): Flood => event.body as unknown as Flood;
const MOST = 300;
const titleOf = ({ title, chattering }: Signal): string =>
  chattering === undefined ? title : `Chattering: ${title.slice(0, MOST - 24)} (${chattering})`;

const signalOf = (event: Recorded): Signal => event.body as unknown as Signal;

export const policies = [
  policy({
    name: 'raise-task-for-alarm',
    // Re-activated: people may have closed its task while the machine still signalled, and must hear of it again.
    hears: ['alarm.activated', 'alarm.reactivated', 'alarm.announced', 'alarm.reported'],
    reads: (event) => ({
      shifts: presidingOver(signalOf(event).area),
      live: liveTasksOf(event.subject.id),
      closed: closedTasksOf(event.subject.id),
    }),
    asks: (event, { shifts, live, closed }): Wish[] => {
      const { held, occurrence, text, priority, class: taskClass, area, equipment, evidence } = signalOf(event);
      if (held) return [];
      const existing = live[0];
      // The same thing came back while somebody is still at it: one task, with both episodes on its trail.
      if (existing)
        return [{ type: 'tasks.recur', subject: { kind: 'task', id: existing.key }, input: { occurrence, priority } }];
      const found = onDuty(shifts, taskClass, area);
      const input = {
        title: titleOf(signalOf(event)),
        description: text,
        area,
        priority,
        class: taskClass,
        equipment,
        condition: event.subject.id,
        occurrence,
        follows: cameBackAfter(closed, event.occurredAt),
        occurredAt: event.occurredAt,
        ...(evidence ? { evidence } : {}),
        ...(typeof found === 'string'
          ? { assignee: null, unassignedBecause: found }
          : { assignee: found, unassignedBecause: null }),
      };
      return [{ type: 'tasks.raise', subject: { kind: 'task', id: 'new' }, input }];
    },
  }),
  policy({
    name: 'raise-task-for-flood',
    hears: ['incident.opened'],
    reads: (event) => ({ shifts: presidingOver(floodOf(event).area || null) }),
    asks: (event, { shifts }): Wish[] => {
      const { kind, area, title, priority, equipment, firstOut } = floodOf(event);
      if (kind !== 'flood') return [];
      const found = onDuty(shifts, 'production', area || null);
      const input = {
        title: oneLine(firstOut ? `${title}: first out ${firstOut.title}` : title).slice(0, 300),
        description: null,
        area: area || null,
        priority,
        class: 'production',
        equipment,
        condition: null,
        occurrence: null,
        upstream: [{ kind: 'incident', id: event.subject.id, rel: 'part_of' }],
        occurredAt: event.occurredAt,
        ...(typeof found === 'string'
          ? { assignee: null, unassignedBecause: found }
          : { assignee: found, unassignedBecause: null }),
      };
      return [{ type: 'tasks.raise', subject: { kind: 'task', id: 'new' }, input }];
    },
  }),
  policy({
    name: 'carry-out-handover-decisions',
    hears: ['shift.signed', 'shift.decided'],
    reads: () => ({}),
    asks: (event): Wish[] => {
      if (event.body.aside) return [];
      const { decisions } = event.body as unknown as { decisions: readonly Decision[] };
      const common = { shift: event.subject.id, onBehalfOf: event.actor.id };
      return decisions.map(({ task, decision, assignee, reason }) => {
        const subject = { kind: 'task', id: task };
        const why = reason ?? 'Decided at the handover';
        if (decision === 'cancel')
          return { ...common, type: 'tasks.cancel', subject, input: { reasonCode: 'not_needed', reason: why } };
        if (decision === 'reassign')
          return { ...common, type: 'tasks.assign', subject, input: { assignee, reason: why } };
        return { ...common, type: 'tasks.carryOver', subject, input: { from: event.subject.id, to: null } };
      });
    },
  }),
  policy({
    name: 'ask-the-next-after-a-rejection',
    hears: ['task.rejected'],
    reads: () => ({}),
    asks: (event): Wish[] => (event.body.aside ? [] : [{ type: 'tasks.askNext', subject: event.subject, input: {} }]),
  }),
  policy({
    name: 'ask-those-who-have-come',
    hears: ['shift.started'],
    reads: (event) => ({ shifts: shiftsAmong([event.subject.id]), unheard: tasksUnheard() }),
    // Heard twice, it asks for nothing new: whatever has happened to a task since speaks for itself.
    asks: (event, { shifts, unheard }): Wish[] =>
      unheard
        .filter(({ seq }) => seq < event.seq)
        .filter(({ value }) => shifts.some((shift) => value.area !== null && isWithin(value.area, shift.value.area)))
        .map(({ key }) => ({ type: 'tasks.askAgain', subject: { kind: 'task', id: key }, input: {} })),
  }),
];
