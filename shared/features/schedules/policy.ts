/** What is due becomes a task, what was missed is told to the shift, and the hours of a shift begin with it. */
import { policy, type Wish } from '../../kernel/policy.ts';
import { isWithin, type Role } from '../../kernel/roles.ts';
import { isThere, presidingOver, shiftsAmong, type ShiftState } from '../shifts/contract.ts';
import type { Assignee } from '../tasks/contract.ts';
import { schedulesAmong, schedulesOfShifts, type ScheduleState } from './contract.ts';

interface Fired {
  readonly at: string;
  readonly task: string;
  readonly dueAt: string;
  readonly area: string;
  readonly missed: readonly string[];
  readonly missedCount: number;
  readonly undone: { readonly at: string; readonly task: string } | null;
}

export const policies = [
  policy({
    name: 'make-scheduled-task',
    hears: ['schedule.fired'],
    reads: (event) => ({
      schedules: schedulesAmong([event.subject.id]),
      shifts: presidingOver((event.body as unknown as Fired).area),
    }),
    asks: (event, { schedules, shifts }): Wish[] => {
      const fired = event.body as unknown as Fired;
      const schedule = schedules[0]?.value;
      if (!schedule) return [];
      const running = shifts
        .filter(({ value }) => value.status === 'active')
        .sort((a, b) => b.value.area.length - a.value.area.length)[0];
      const told = running ? missedBy(fired, schedule, event.subject.id) : [];
      return [
        {
          type: 'tasks.create',
          subject: { kind: 'task', id: fired.task },
          input: taskOf(fired, schedule, event.subject.id, running?.value),
        },
        ...told.map((input) => ({ type: 'shifts.noteMissed', subject: { kind: 'shift', id: running!.key }, input })),
      ];
    },
  }),
  policy({
    name: 'follow-hours-of-shift',
    hears: ['shift.started'],
    reads: (event) => ({ shifts: shiftsAmong([event.subject.id]), schedules: schedulesOfShifts() }),
    asks: (event, { shifts, schedules }): Wish[] => {
      const shift = shifts[0]?.value;
      if (!shift || event.body.aside) return [];
      const input = { shift: event.subject.id, from: shift.from, to: shift.to, started: event.occurredAt };
      return schedules
        .filter(({ value }) => isWithin(value.area, shift.area))
        .map(({ key }) => ({ type: 'schedules.align', subject: { kind: 'schedule', id: key }, input }));
    },
  }),
];

/** Who takes a reading where nobody is named: of those who are there, the first of these. */
const ASKED: readonly Role[] = ['operator', 'line_lead', 'maintenance_engineer', 'supervisor'];

function onDuty({ class: kind }: ScheduleState, shift: ShiftState | undefined): Assignee | null {
  const there = new Set(shift?.crew.filter(isThere).map(({ role }) => role));
  const asked: readonly Role[] = kind === 'maintenance' ? ['maintenance_engineer', ...ASKED] : ASKED;
  const role = asked.find((one) => there.has(one));
  return role ? { role } : null;
}

function taskOf({ dueAt }: Fired, schedule: ScheduleState, id: string, shift: ShiftState | undefined) {
  const { title, area, priority, class: kind, equipment, description, checklist } = schedule;
  const assignee = schedule.assignee ?? onDuty(schedule, shift);
  const said = [...(description === null ? [] : [description]), checklist.map((item) => `- [ ] ${item}`).join('\n')];
  const text = said.filter(Boolean).join('\n\n').slice(0, 8000);
  return {
    ...{ title, area, priority, class: kind, dueAt },
    ...(equipment === null ? {} : { equipment }),
    ...(text ? { description: text } : {}),
    ...(assignee ? { assignee } : {}),
    upstream: [{ kind: 'schedule', id, rel: 'external' }],
  };
}

/** One line for the task that nobody did, one for the times of which nobody was told. */
function missedBy({ missed, missedCount, undone }: Fired, { title }: ScheduleState, schedule: string) {
  return [
    ...(undone ? [{ schedule, title, times: [undone.at], count: 1, task: undone.task }] : []),
    ...(missedCount ? [{ schedule, title, times: missed.slice(-12), count: missedCount, task: null }] : []),
  ];
}
