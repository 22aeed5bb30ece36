/** Schedules: checks, readings and other work that a plant must do again and again, made as tasks on time. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { areaPath, asked, erasable, line, text, timestamp, uuid } from '../../kernel/schema.ts';
import { priority, taskClass } from '../../kernel/work.ts';
import { timeOfDay, weekday } from '../areas/contract.ts';
import { assignee } from '../tasks/contract.ts';
import { isCron } from './cron.ts';

export const rule = asked(
  z
    .union([
      z.strictObject({ every: z.literal('hour-of-shift'), hours: z.int().min(1).max(12).optional() }),
      z.strictObject({ weekdays: z.array(weekday).min(1).max(7), at: timeOfDay }),
      z.strictObject({
        cron: line(120).refine(isCron, {
          message: 'Must be five fields, such as 0 6 * * 1, that mean some day.',
        }),
      }),
    ])
    .meta({
      description: 'Every so many hours of the running shift; days of the week at a time; or a cron expression',
      example: { weekdays: ['mon'], at: '06:00' },
    }),
  { label: 'When' },
);
export type Rule = z.output<typeof rule>;

const checklist = z.array(line(300)).max(50);
const dueWithinMinutes = z.int().min(1).max(43_200);
const work = {
  title: line(300),
  equipment: line(200).optional(),
  class: taskClass.default('inspection'),
  priority: priority.default('P3'),
  rule,
  description: text(4000).optional(),
  checklist: checklist.default([]),
  dueWithinMinutes: dueWithinMinutes
    .optional()
    .meta({ description: 'Left out: until it is due again, or as long as its priority allows' }),
  assignee: assignee.optional(),
};

export const commands = {
  create: command({ ...work, area: areaPath }, { permission: 'shift.plan', creates: true, title: 'Schedule work' }),
  change: command(
    {
      ...work,
      title: work.title.optional(),
      class: taskClass.optional(),
      priority: priority.optional(),
      rule: rule.optional(),
      checklist: checklist.optional(),
    },
    { permission: 'shift.plan', title: 'Change schedule' },
  ),
  pause: command({}, { permission: 'shift.plan', title: 'Pause schedule' }),
  resume: command({}, { permission: 'shift.plan', title: 'Resume schedule' }),
  retire: command(
    {},
    {
      permission: 'shift.plan',
      title: 'Retire schedule',
      final: 'It makes no task any more. A new one can follow it.',
    },
  ),
  align: command(
    { shift: uuid, from: timestamp, to: timestamp, started: timestamp },
    { permission: 'clock.tick', title: 'Follow shift', internal: true },
  ),
  tick: command({}, { permission: 'clock.tick', title: 'Make due work', internal: true }),
} as const;

const definition = {
  title: erasable(z.string()),
  area: z.string(),
  equipment: z.string().nullable(),
  class: taskClass,
  priority,
  rule,
  description: erasable(z.string()).nullable(),
  checklist: z.array(erasable(z.string())),
  dueWithinMinutes: z.int().nullable(),
  assignee: assignee.nullable(),
};
/** When it is due next, and the shift whose hours it follows. */
const coming = { nextAt: z.string().nullable(), shift: uuid.nullable() };

export const events = {
  'schedule.created': event({ ...definition, ...coming }),
  'schedule.changed': event({ ...definition, ...coming }),
  'schedule.paused': event({}),
  'schedule.resumed': event(coming),
  'schedule.retired': event({}),
  'schedule.aligned': event(coming),
  /** The shift whose hours it followed is over. */
  'schedule.rested': event({}),
  'schedule.fired': event({
    at: z.string(),
    task: uuid,
    dueAt: z.string(),
    area: z.string(),
    nextAt: z.string().nullable(),
    /** Times that passed while nothing could be made: the newest, and how many they are. */
    missed: z.array(z.string()),
    missedCount: z.int(),
    /** The task before this one, where nobody had done it. */
    undone: z.object({ at: z.string(), task: uuid }).nullable(),
  }),
} as const;

export const scheduleStatus = z.enum(['active', 'paused', 'retired']);
const missed = z.object({
  at: z.string(),
  task: uuid.nullable().meta({ description: 'Null where none was made, because the server was not running' }),
});

export type Definition = { readonly [K in keyof typeof definition]: z.output<(typeof definition)[K]> };

export interface ScheduleState extends Definition {
  readonly status: z.output<typeof scheduleStatus>;
  readonly nextAt: string | null;
  readonly shift: string | null;
  readonly last: { readonly at: string; readonly task: string } | null;
  /** The newest. */
  readonly missed: readonly z.output<typeof missed>[];
  readonly missedCount: number;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  ...definition,
  ...coming,
  status: scheduleStatus,
  last: z.object({ at: z.string(), task: uuid }).nullable(),
  missed: z.array(missed),
  missedCount: z.int(),
});

export const schedulesAmong = (ids: readonly string[]): Read<readonly Row<ScheduleState>[]> =>
  select('schedules', { where: { key: { in: ids } } });
/** Those that follow the hours of shifts. */
export const schedulesOfShifts = (): Read<readonly Row<ScheduleState>[]> =>
  select('schedules', { where: { status: 'active', hourly: 1 }, order: 'oldest' });
