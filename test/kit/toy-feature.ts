/** A small trade for tests of the machinery: jobs, the watches that preside over them, and a porch where what was turned away is noted. */
import * as z from 'zod';
import { command, event, feature } from '../../shared/kernel/feature.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import {
  eventsOfShift,
  filesAmong,
  leavesOfShift,
  proseOf,
  select,
  type Read,
  type Row,
} from '../../shared/kernel/read.ts';
import { Fault, refuse } from '../../shared/kernel/refusal.ts';
import { areaPath, erasable, line, text } from '../../shared/kernel/schema.ts';

export interface JobState {
  readonly title: string;
  readonly area: string | null;
  readonly status: 'open' | 'finished';
  readonly weight: number;
  readonly notes: readonly string[];
}

const jobInitial: JobState = { title: '', area: null, status: 'open', weight: 0, notes: [] };

const jobCommands = {
  create: command(
    { title: line(300), area: areaPath, weight: z.number().default(1) },
    { permission: 'task.create', creates: true, title: 'Create job' },
  ),
  note: command({ text: text(8000) }, { permission: 'task.note', title: 'Add note to job' }),
  /** Several events of one command. */
  split: command({ parts: z.array(line(100)).max(2000) }, { permission: 'task.note', title: 'Split job' }),
  attach: command({ text: text(8000) }, { permission: 'task.note', title: 'Attach text to job' }),
  finish: command({ needs: z.array(z.string()).default([]) }, { permission: 'task.note', title: 'Finish job' }),
  /** A bug: throws in the middle of deciding. */
  explode: command({}, { permission: 'task.note', title: 'Explode' }),
  /** A bug that shows only when rows are made. */
  spoil: command({}, { permission: 'task.note', title: 'Spoil' }),
  /** A bug that shows after one event has been appended. */
  halfway: command({}, { permission: 'task.note', title: 'Fail halfway' }),
  /** Takes a photograph of the people's text and seals it. */
  photograph: command({}, { permission: 'task.note', title: 'Photograph job' }),
  trespass: command({}, { permission: 'task.note', title: 'Trespass' }),
} as const;

const jobEvents = {
  'job.created': event({ title: erasable(z.string()), area: z.string(), weight: z.number() }),
  'job.noted': event({ text: erasable(z.string()) }),
  'job.attached': event({ name: z.string() }),
  'job.finished': event({}),
  'job.spoiled': event({}),
} as const;

const jobReads = {
  finish: ({ input }: { readonly input: { readonly needs: readonly string[] } }) => ({
    unfinished: select<JobState>('jobs', { where: { key: { in: input.needs }, status: 'open' } }),
  }),
  photograph: ({ subject }: { readonly subject: { readonly id: string } }) => ({ prose: proseOf([subject.id]) }),
} satisfies Record<string, (ask: never) => Readonly<Record<string, Read>>>;

export const jobs = feature({
  name: 'jobs',
  kind: 'job',
  letter: 'J',
  summary: 'What is to be done',
  commands: jobCommands,
  events: jobEvents,
  entity: z.object({
    id: z.string(),
    number: z.int(),
    ref: z.string(),
    seq: z.int(),
    title: z.string(),
    area: z.string().nullable(),
    status: z.enum(['open', 'finished']),
    notes: z.array(z.string()),
  }),
  view: ({ title, area, status, notes }: JobState, { id, number, seq }) => ({
    id,
    number,
    ref: shortNumber('J', number),
    seq,
    title,
    area,
    status,
    notes,
  }),
  initial: jobInitial,
  reads: jobReads,
  decide: {
    create: (_state, { input: { title, area, weight } }) => [{ type: 'job.created', body: { title, area, weight } }],
    note: (_state, { input }) => [{ type: 'job.noted', body: { text: input.text } }],
    split: (_state, { input }) => input.parts.map((part) => ({ type: 'job.noted', body: { text: part } })),
    attach: (_state, { input }) => [{ type: 'job.attached', body: { name: 'text' }, files: [utf8(input.text)] }],
    finish: (state, _ask, { unfinished }) => {
      if (state.status === 'finished') return refuse('transition-not-allowed', 'This job is finished already.');
      if (unfinished.length) return refuse('transition-not-allowed', 'Finish first what this job waits for.');
      return [{ type: 'job.finished', body: {} }];
    },
    explode: () => {
      throw new Fault('The boiler is gone.');
    },
    spoil: () => [{ type: 'job.spoiled', body: {} }],
    halfway: () => [
      { type: 'job.noted', body: { text: 'half' } },
      { type: 'job.unheard-of', body: {} },
    ],
    photograph: (_state, ask, { prose }) => [
      { type: 'job.noted', body: { text: prose[0]?.text ?? '(nothing)' }, seals: [ask.subject.id] },
    ],
    trespass: (_state, ask) =>
      refuse('shift-sealed', 'Not here.', {
        witness: { type: 'porch.turned-away', body: { who: ask.caller.id, what: ask.verb } },
      }),
  },
  evolve: {
    'job.created': (state, { body: { title, area, weight } }) => ({ ...state, title, area, weight }),
    'job.noted': (state, { body }) => ({ ...state, notes: [...state.notes, body.text] }),
    'job.attached': (state) => state,
    'job.finished': (state) => ({ ...state, status: 'finished' as const }),
    // Not a number, a text or null: no column can hold it.
    'job.spoiled': (state) => ({ ...state, weight: {} as never }),
  },
  tracked: ['status'],
  areaOf: (state) => state.area ?? undefined,
  readers: 'operations.read',
  columns: {
    status: (state) => state.status,
    area: (state) => state.area,
    weight: (state) => state.weight,
    search: (state) => state.title,
  },
  filters: ['status', 'area'],
  tables: {
    job_notes: {
      columns: { job: (row: { job: string }) => row.job },
      from: ({ id, type, subject, body }) =>
        type === 'job.noted' ? [{ key: id, value: { job: subject.id, text: body['text'] } }] : [],
    },
  },
  titleOf: (state) => state.title,
  isTerminal: (state) => state.status === 'finished',
});

export interface WatchState {
  readonly area: string;
  readonly status: 'active' | 'sealed' | 'none';
  readonly entries: number;
  readonly leaves: number;
}

const watchInitial: WatchState = { area: '', status: 'none', entries: 0, leaves: 0 };

const watchCommands = {
  start: command({ area: areaPath }, { permission: 'shift.lead', creates: true, title: 'Start watch' }),
  log: command({ text: text(8000) }, { permission: 'shift.lead', title: 'Log' }),
  seal: command({ needs: z.array(z.string()).default([]) }, { permission: 'shift.lead', title: 'Seal watch' }),
} as const;

const watchEvents = {
  'watch.started': event({ area: z.string() }),
  'watch.logged': event({ text: erasable(z.string()) }),
  'watch.sealed': event(
    { entries: z.int(), leaves: z.int() },
    {
      attests: {
        namespace: 'watch@operary',
        text: ({ entries }: { entries: number }) => `The watch ends after ${entries} entries.\n`,
      },
    },
  ),
} as const;

const watchReads = {
  seal: (ask: {
    readonly subject: { readonly id: string };
    readonly input: { readonly needs: readonly string[] };
  }) => ({
    entries: eventsOfShift(ask.subject.id),
    leaves: leavesOfShift(ask.subject.id),
    files: filesAmong(ask.input.needs),
  }),
} satisfies Record<string, (ask: never) => Readonly<Record<string, Read>>>;

export const watches = feature({
  name: 'watches',
  kind: 'watch',
  letter: 'W',
  summary: 'Who presides over an area, and when',
  commands: watchCommands,
  events: watchEvents,
  entity: z.object({ id: z.string(), number: z.int(), seq: z.int(), area: z.string(), status: z.string() }),
  view: ({ area, status }: WatchState, { id, number, seq }) => ({ id, number, seq, area, status }),
  initial: watchInitial,
  reads: watchReads,
  decide: {
    start: (_state, { input }) => [{ type: 'watch.started', body: { area: input.area } }],
    log: (_state, { input }) => [{ type: 'watch.logged', body: { text: input.text } }],
    seal: (_state, { input }, { entries, leaves, files }) =>
      files.length < input.needs.length
        ? refuse('unknown-reference', 'These files are not stored yet.')
        : [{ type: 'watch.sealed', body: { entries: entries.length, leaves: leaves.length } }],
  },
  evolve: {
    'watch.started': (state, { body }) => ({ ...state, area: body.area, status: 'active' as const }),
    'watch.logged': (state) => state,
    'watch.sealed': (state, { body }) => ({ ...state, status: 'sealed' as const, ...body }),
  },
  tracked: ['status'],
  areaOf: (state) => state.area || undefined,
  concern: (state, ask) => ({ area: (ask.input as { readonly area?: string }).area ?? state.area }),
  readers: 'operations.read',
  columns: { status: (state) => state.status, area: (state) => state.area },
  filters: ['status', 'area'],
  titleOf: (state) => `Watch over ${state.area}`,
  presides: {
    over: (paths) => select<WatchState>('watches', { where: { status: 'active', area: { in: paths } } }),
    pick: (rows: readonly Row<WatchState>[]) => rows[0]?.key ?? null,
    isSealed: (state) => state.status === 'sealed',
  },
});

interface PorchState {
  readonly turnedAway: number;
}

export const porch = feature({
  name: 'porches',
  kind: 'porch',
  letter: 'P',
  summary: 'What was turned away',
  commands: {},
  events: { 'porch.turned-away': event({ who: z.string(), what: z.string() }) } as const,
  entity: z.object({ id: z.string(), number: z.int(), turnedAway: z.int() }),
  view: ({ turnedAway }: PorchState, { id, number }) => ({ id, number, turnedAway }),
  initial: { turnedAway: 0 },
  decide: {},
  evolve: { 'porch.turned-away': (state) => ({ turnedAway: state.turnedAway + 1 }) },
  tracked: [],
  areaOf: () => undefined,
  readers: 'operations.read',
  columns: {},
  titleOf: () => 'Porch',
});

export const toyFeatures = [jobs, watches, porch];
export const toyRegister = () => createRegister(toyFeatures);
