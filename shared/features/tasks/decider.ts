/** The task's state machine: a table of where each verb may start, and one small rule per verb. */
import type * as z from 'zod';
import type { Fact } from '../../kernel/event.ts';
import { CAUSAL } from '../../kernel/event.ts';
import type { Ask, Decide, ReadTable } from '../../kernel/feature.ts';
import { unlessStored } from '../../kernel/evidence.ts';
import { filesAmong, type Row } from '../../kernel/read.ts';
import { isRefusal, refuse, type Refusal } from '../../kernel/refusal.ts';
import { utc } from '../../kernel/schema.ts';
import { DUE_WITHIN } from '../../kernel/work.ts';
import { occurrencesAmong } from '../alarms/contract.ts';
import { incidentsAmong } from '../incidents/contract.ts';
import { changeRefused } from '../orgs/contract.ts';
import { shiftsAmong, type ShiftState } from '../shifts/contract.ts';
import { usersAmong } from '../users/contract.ts';
import { filesReceived } from './files.ts';
import { type Assignee, commands, isOver, tasksAmong, type TaskState, type TaskStatus } from './contract.ts';

const UNFINISHED: readonly TaskStatus[] = ['open', 'assigned', 'acknowledged', 'in_progress', 'on_hold'];

/** Where each verb may start. A verb that is not listed may start anywhere. */
export const STARTS: Readonly<Record<string, readonly TaskStatus[]>> = {
  assign: UNFINISHED,
  reject: ['assigned'],
  acknowledge: ['assigned'],
  start: ['acknowledged'],
  hold: ['in_progress'],
  resume: ['on_hold'],
  complete: ['in_progress'],
  verify: ['done'],
  sendBack: ['done'],
  reopen: ['done', 'closed'],
  escalate: UNFINISHED,
  cancel: UNFINISHED,
};

/** How a refusal names the verb. */
const ASKED: Readonly<Record<string, string>> = {
  assign: 'assigned',
  reject: 'rejected',
  acknowledge: 'acknowledged',
  start: 'started',
  hold: 'put on hold',
  resume: 'resumed',
  complete: 'completed',
  verify: 'verified',
  sendBack: 'sent back',
  reopen: 'reopened',
  escalate: 'escalated',
  cancel: 'cancelled',
};
const inWords = (status: string): string => status.replaceAll('_', ' ');

const home = (state: TaskState) => shiftsAmong(state.finishedIn ? [state.finishedIn] : []);
type Home = { readonly home: readonly Row<ShiftState>[] };

export const reads = {
  create: ({ input }) => ({
    people: usersAmong(input.assignee && 'user' in input.assignee ? [input.assignee.user] : []),
    tasks: tasksAmong(idsOf(input.upstream, 'task')),
    occurrences: occurrencesAmong(idsOf(input.upstream, 'occurrence')),
    shifts: shiftsAmong(idsOf(input.upstream, 'shift')),
    incidents: incidentsAmong(idsOf(input.upstream, 'incident')),
  }),
  assign: ({ input }, state) => ({
    home: home(state),
    people: usersAmong('user' in input.assignee ? [input.assignee.user] : []),
  }),
  reject: (_ask, state) => ({ home: home(state) }),
  acknowledge: (_ask, state) => ({ home: home(state) }),
  start: (_ask, state) => ({ home: home(state) }),
  hold: (_ask, state) => ({ home: home(state) }),
  resume: (_ask, state) => ({ home: home(state) }),
  complete: ({ input }, state) => ({
    home: home(state),
    alarms: occurrencesAmong(state.occurrences),
    files: filesAmong(input.evidence),
  }),
  verify: (_ask, state) => ({ home: home(state) }),
  sendBack: (_ask, state) => ({ home: home(state) }),
  reopen: (_ask, state) => ({ home: home(state) }),
  escalate: ({ input }, state) => ({
    home: home(state),
    people: usersAmong(input.target && 'user' in input.target ? [input.target.user] : []),
  }),
  cancel: (_ask, state) => ({ home: home(state) }),
  note: (_ask, state) => ({ home: home(state) }),
  receiveFiles: (_ask, state) => ({ stored: filesAmong(state.awaited.flatMap(({ files }) => files)) }),
} satisfies ReadTable<TaskState, typeof commands>;

export const decide: Decide<TaskState, typeof commands, typeof reads> = {
  create(_state, ask, seen) {
    const { input } = ask;
    const { tasks: task, occurrences: occurrence, shifts: shift, incidents: incident } = seen;
    const unknown = unknownLink(input.upstream, { task, occurrence, shift, incident });
    if (unknown) return unknown;
    const stranger = unknownPerson(input.assignee, seen.people, '/assignee/user');
    if (stranger) return stranger;
    const facts: Fact[] = [
      {
        type: 'task.created',
        upstream: input.upstream,
        body: {
          title: input.title,
          description: input.description ?? null,
          area: input.area,
          priority: input.priority,
          class: input.class,
          equipment: input.equipment ?? null,
          dueAt: input.dueAt ?? dueFrom(ask, input.priority),
          condition: null,
          occurrence: idsOf(input.upstream, 'occurrence')[0] ?? null,
          unassignedBecause: null,
        },
      },
    ];
    if (input.assignee)
      facts.push({
        type: 'task.assigned',
        body: { assignee: input.assignee, basis: 'person' },
        upstream: input.upstream,
      });
    return facts;
  },
  raise(_state, ask) {
    const { assignee, evidence, upstream: links = [], ...made } = ask.input;
    const { occurrence } = made;
    const upstream = occurrence === null ? links : [{ kind: 'occurrence', id: occurrence, rel: 'caused_by' as const }];
    const { reason: _reason, occurredAt: _at, ...body } = made;
    const shown = evidence.length ? { evidence } : {};
    const facts: Fact[] = [
      { type: 'task.created', upstream, body: { ...body, ...shown, dueAt: dueFrom(ask, made.priority) } },
    ];
    if (assignee) facts.push({ type: 'task.assigned', body: { assignee, basis: 'rule' }, upstream });
    return facts;
  },
  recur: (state, { input }) =>
    isOver(state.status) || state.occurrences.includes(input.occurrence)
      ? []
      : [
          {
            type: 'task.recurred',
            body: { occurrence: input.occurrence },
            upstream: [{ kind: 'occurrence', id: input.occurrence, rel: 'evidences' }],
          },
        ],
  join: (state, { input: { incident } }) => {
    if (state.upstream.some(({ id, rel }) => id === incident && rel === 'part_of')) return [];
    const joined = fact(state, { type: 'task.joined', body: { incident } });
    return [{ ...joined, upstream: [...(joined.upstream ?? []), { kind: 'incident', id: incident, rel: 'part_of' }] }];
  },
  unjoin: (state, { input: { incident } }) => {
    const others = state.upstream.filter(({ id, rel }) => id !== incident || rel !== 'part_of');
    if (others.length === state.upstream.length) return [];
    const left = fact({ ...state, upstream: others }, { type: 'task.unjoined', body: { incident } });
    return [
      { ...left, upstream: [...(left.upstream ?? []), { kind: 'incident', id: incident, rel: 'retracted_from' }] },
    ];
  },
  carryOver: (state, { input }) =>
    isOver(state.status)
      ? []
      : [
          {
            type: 'task.carried_over',
            body: { from: input.from, to: input.to },
            upstream: [{ kind: 'shift', id: input.from, rel: 'carried_over_from' }],
          },
        ],
  reschedule: (state, { input: { dueAt } }) =>
    isOver(state.status) || dueAt === state.dueAt ? [] : [fact(state, { type: 'task.rescheduled', body: { dueAt } })],
  assign: (state, ask, seen) =>
    unlessUnknown(
      moved(state, ask, seen, {
        type: 'task.assigned',
        body: { assignee: ask.input.assignee, basis: ask.caller.kind === 'engine' ? 'rule' : 'person' },
      }),
      unknownPerson(ask.input.assignee, seen.people, '/assignee/user'),
    ),
  reject: (state, ask, seen) => moved(state, ask, seen, { type: 'task.rejected', body: {} }),
  acknowledge: (state, ask, seen) => moved(state, ask, seen, { type: 'task.acknowledged', body: {} }),
  start: (state, ask, seen) => moved(state, ask, seen, { type: 'task.started', body: {} }),
  hold: (state, ask, seen) => {
    const { reasonCode, note, resumeAt } = ask.input;
    return moved(state, ask, seen, {
      type: 'task.held',
      body: { reasonCode, note: note ?? null, resumeAt: resumeAt ?? null },
    });
  },
  resume: (state, ask, seen) => moved(state, ask, seen, { type: 'task.resumed', body: {} }),
  complete(state, ask, seen) {
    const { evidence, overrideReason } = ask.input;
    const done = moved(state, ask, seen, completed(state, ask.input));
    if (isRefusal(done)) return done;
    const missing = unlessStored(evidence, seen.files);
    if (missing) return missing;
    if (asksForEvidence(state) && evidence.length === 0) {
      return refuse(
        'evidence-required',
        `A task of class ${state.class} needs at least one photo, reading or file as evidence.`,
      );
    }
    const active = seen.alarms.filter(({ value }) => value.active);
    if (active.length && !overrideReason) {
      return refuse(
        'condition-active',
        `The machine still signals "${active[0]!.value.title}". Say in overrideReason why the task is complete all the same.`,
        {
          fields: [{ field: '/overrideReason', problem: 'needed while the alarm is active' }],
          extra: { activeOccurrences: active.map(({ key }) => key) },
        },
      );
    }
    return done;
  },
  verify: (state, ask, seen) =>
    bySomebodyElse(state, ask, moved(state, ask, seen, { type: 'task.verified', body: {} })),
  sendBack: (state, ask, seen) =>
    bySomebodyElse(state, ask, moved(state, ask, seen, { type: 'task.sent_back', body: {} })),
  reopen: (state, ask, seen) => moved(state, ask, seen, { type: 'task.reopened', body: {} }),
  escalate: (state, ask, seen) =>
    unlessUnknown(
      moved(state, ask, seen, {
        type: 'task.escalated',
        body: { level: state.escalations.length + 1, target: ask.input.target ?? null },
      }),
      unknownPerson(ask.input.target, seen.people, '/target/user'),
    ),
  cancel: (state, ask, seen) =>
    moved(state, ask, seen, { type: 'task.cancelled', body: { reasonCode: ask.input.reasonCode } }),
  note: (state, ask, seen) => moved(state, ask, seen, { type: 'task.noted', body: { text: ask.input.text } }),
  // Open to what is sealed too: most of what needs a look arrives after the seal.
  review: (state, { input }) =>
    state.flags.length
      ? [fact(state, { type: 'task.reviewed', body: { finding: input.finding, settled: state.flags } })]
      : refuse('transition-not-allowed', 'Nothing about this task needs a look: there is nothing to settle.'),
  receiveFiles: (state, _ask, { stored }) => filesReceived(state, stored).map((said) => fact(state, said)),
  lateProse: (state, { input: { reason: _reason, occurredAt: _at, ...body } }) => [
    fact(state, { type: 'task.late_prose', body }),
  ],
};

/** What cannot be at all is said first, so that no button offers it. */
const unlessUnknown = (decided: readonly Fact[] | Refusal, unknown: Refusal | undefined): readonly Fact[] | Refusal =>
  isRefusal(decided) ? decided : (unknown ?? decided);

/** The one gate of all verbs: not under a seal, and allowed from where the task is. */
function moved(state: TaskState, ask: Ask, seen: Home, said: Fact): readonly Fact[] | Refusal {
  const sealed = seen.home.find(({ value }) => value.seal !== null);
  if (sealed) {
    const detail =
      'This task was finished in a shift that is sealed. Create a new task that follows it up (upstream: follow_up_of).';
    return refuse('shift-sealed', detail, {
      witness: changeRefused(sealed.key, `tasks.${ask.verb}`, detail, ask.caller.id),
      extra: { shift: sealed.key },
    });
  }
  const starts = STARTS[ask.verb];
  if (starts && !starts.includes(state.status)) {
    const detail = `This task is ${inWords(state.status)}. Only one that is ${starts.map(inWords).join(' or ')} can be ${ASKED[ask.verb]}.${nextIn(state.status)}`;
    return refuse('transition-not-allowed', detail, { extra: { current: state.status, allowedFrom: starts } });
  }
  return [fact(state, said)];
}

/** The way of a task to its end. */
const WAY = ['acknowledge', 'start', 'resume', 'complete', 'verify'] as const;

function nextIn(status: TaskStatus): string {
  const next = WAY.find((verb) => STARTS[verb]!.includes(status));
  return next ? ` Next is "${commands[next].title}".` : '';
}

/** Every event of a task names what led to it. */
export const fact = (state: TaskState, said: Fact): Fact => ({
  ...said,
  upstream: state.upstream.filter(({ rel }) => (CAUSAL as readonly string[]).includes(rel)),
});

export type Report = z.output<typeof commands.complete.input>;

export const completed = (state: TaskState, { note, resolutionCode, evidence, overrideReason }: Report): Fact => ({
  type: 'task.completed',
  body: {
    note,
    resolutionCode,
    evidence,
    overrideReason: overrideReason ?? null,
    needsVerification: needsAnother(state),
  },
});

function bySomebodyElse(state: TaskState, ask: Ask, decided: readonly Fact[] | Refusal): readonly Fact[] | Refusal {
  if (isRefusal(decided) || state.completion?.by !== ask.caller.id) return decided;
  return refuse('same-person', 'Whoever completed a task cannot check it. Ask a colleague to do this.');
}

/** Four eyes: P1, P2, safety and quality are verified by another person than the one who completed them. */
export const needsAnother = (state: TaskState): boolean =>
  state.priority === 'P1' || state.priority === 'P2' || asksForEvidence(state);
const asksForEvidence = (state: TaskState): boolean => state.class === 'safety' || state.class === 'quality';

const dueFrom = (ask: Ask, priority: keyof typeof DUE_WITHIN): string =>
  utc(Date.parse(ask.occurredAt) + DUE_WITHIN[priority]);

const idsOf = (links: readonly { readonly kind: string; readonly id: string }[], kind: string): string[] =>
  links.filter((link) => link.kind === kind).map(({ id }) => id);

function unknownPerson(
  assignee: Assignee | undefined,
  people: readonly { readonly key: string }[],
  field: string,
): Refusal | undefined {
  if (!assignee || !('user' in assignee) || people.some(({ key }) => key === assignee.user)) return undefined;
  return refuse('unknown-reference', 'There is no such person in your organisation.', {
    fields: [{ field, problem: 'unknown' }],
  });
}

function unknownLink(
  links: readonly { readonly kind: string; readonly id: string; readonly rel: string }[],
  rows: Readonly<Record<string, readonly { readonly key: string }[]>>,
): Refusal | undefined {
  if (links.filter(({ rel }) => (CAUSAL as readonly string[]).includes(rel)).length > 1) {
    return refuse('invalid-input', 'A task has one cause; name the others as notes.', {
      fields: [{ field: '/upstream', problem: 'more than one causal link' }],
    });
  }
  const at = links.findIndex(({ kind, id, rel }) => rel !== 'external' && !rows[kind]?.some(({ key }) => key === id));
  if (at < 0) return undefined;
  const { kind, id } = links[at]!;
  return refuse('unknown-reference', `There is no ${kind} ${id} to link to.`, {
    fields: [{ field: `/upstream/${at}`, problem: 'unknown' }],
  });
}
