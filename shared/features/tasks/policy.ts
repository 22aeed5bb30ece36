/** Alarms and reports become tasks, given to the role on duty; the decisions of a handover are carried out. */
import type { Recorded } from '../../kernel/event.ts';
import { oneLine } from '../../kernel/markdown.ts';
import { policy, type Wish } from '../../kernel/policy.ts';
import type { Row } from '../../kernel/read.ts';
import type { Role } from '../../kernel/roles.ts';
import type { TaskClass } from '../../kernel/work.ts';
import type { Decision, ShiftState } from '../shifts/contract.ts';
import { presidingOver } from '../shifts/contract.ts';
import { liveTasksOf } from './contract.ts';

const FLOOR: readonly Role[] = ['line_lead', 'supervisor', 'operator', 'maintenance_engineer'];

/** Who is asked first for a task of each class; the next one when nobody of that role is on duty. */
const FIRST_ASKED: Readonly<Record<TaskClass, readonly Role[]>> = {
  maintenance: ['maintenance_engineer', 'line_lead', 'supervisor', 'operator'],
  inspection: ['maintenance_engineer', 'line_lead', 'supervisor', 'operator'],
  safety: ['supervisor', 'line_lead', 'maintenance_engineer', 'operator'],
  environment: ['supervisor', 'line_lead', 'maintenance_engineer', 'operator'],
  quality: FLOOR,
  production: FLOOR,
  cleaning: ['operator', 'line_lead', 'supervisor', 'maintenance_engineer'],
  admin: ['supervisor', 'line_lead', 'operator', 'maintenance_engineer'],
};

/** The role on duty that a task of this class goes to, or the sentence that says why nobody has it. */
export function onDuty(
  shifts: readonly Row<ShiftState>[],
  taskClass: TaskClass,
  area: string | null,
): { role: Role } | string {
  if (area === null) return 'The alarm names no area, so nobody could be asked';
  const active = shifts
    .filter(({ value }) => value.status === 'active')
    .sort((a, b) => b.value.area.length - a.value.area.length);
  if (!active.length) return `No shift is active in ${area}`;
  for (const { value } of active) {
    const role = FIRST_ASKED[taskClass].find((wanted) => value.crew.some((member) => member.role === wanted));
    if (role) return { role };
  }
  return `Nobody is on duty in ${area}`;
}

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
const signalOf = (event: Recorded): Signal => event.body as unknown as Signal;

export const policies = [
  policy({
    name: 'raise-task-for-alarm',
    // Re-activated: people may have closed its task while the machine still signalled, and must hear of it again.
    hears: ['alarm.activated', 'alarm.reactivated', 'alarm.announced', 'alarm.reported'],
    reads: (event) => ({ shifts: presidingOver(signalOf(event).area), live: liveTasksOf(event.subject.id) }),
    asks: (event, { shifts, live }): Wish[] => {
      const { held, occurrence, title, text, priority, class: taskClass, area, equipment, evidence } = signalOf(event);
      if (held) return [];
      const existing = live[0];
      // The same thing came back while somebody is still at it: one task, with both episodes on its trail.
      if (existing)
        return [{ type: 'tasks.recur', subject: { kind: 'task', id: existing.key }, input: { occurrence } }];
      const found = onDuty(shifts, taskClass, area);
      const input = {
        title,
        description: text,
        area,
        priority,
        class: taskClass,
        equipment,
        condition: event.subject.id,
        occurrence,
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
];
