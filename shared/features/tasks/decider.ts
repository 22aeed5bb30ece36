/** The task's state machine: a table of where each verb may start, and one small rule per verb. */
import type * as z from 'zod';
import { CAUSAL, type Fact, type Link } from '../../kernel/event.ts';
import type { Ask, Decide, ReadTable } from '../../kernel/feature.ts';
import { unlessStored } from '../../kernel/evidence.ts';
import { filesAmong } from '../../kernel/read.ts';
import { isRefusal, refuse, type Refusal } from '../../kernel/refusal.ts';
import { utc } from '../../kernel/schema.ts';
import { DUE_WITHIN } from '../../kernel/work.ts';
import { occurrencesAmong } from '../alarms/contract.ts';
import { escalationsOver } from '../escalations/contract.ts';
import { incidentsAmong } from '../incidents/contract.ts';
import { presidingOver, shiftsAmong } from '../shifts/contract.ts';
import { usersAmong } from '../users/contract.ts';
import { aroundOf } from './climb.ts';
import { type commands, isOver, tasksAmong, type TaskState } from './contract.ts';
import { asking, passedOver } from './duty.ts';
import { escalate, rejected, returned, takenOver } from './escalating.ts';
import { askedAgain, askedNext, planned, worse } from './further.ts';
import { filesReceived } from './files.ts';
import { fact, home, moved, unknownPerson, unlessUnknown } from './moved.ts';
import { tick } from './tick.ts';

const around = (state: TaskState) => aroundOf(state.area, state.escalation?.plan);

export const reads = {
  create: ({ input }) => ({
    people: usersAmong(input.assignee && 'user' in input.assignee ? [input.assignee.user] : []),
    tasks: tasksAmong(idsOf(input.upstream, 'task')),
    occurrences: occurrencesAmong(idsOf(input.upstream, 'occurrence')),
    shifts: shiftsAmong(idsOf(input.upstream, 'shift')),
    incidents: incidentsAmong(idsOf(input.upstream, 'incident')),
    policies: escalationsOver(input.area),
    crews: presidingOver(input.area),
  }),
  raise: ({ input }) => ({ policies: escalationsOver(input.area), crews: presidingOver(input.area) }),
  recur: (_ask, state) => ({ policies: escalationsOver(state.area), ...around(state) }),
  tick: (_ask, state) => around(state),
  askNext: (_ask, state) => ({ crews: presidingOver(state.area) }),
  askAgain: (_ask, state) => around(state),
  assign: ({ input }, state) => ({
    home: home(state),
    people: usersAmong('user' in input.assignee ? [input.assignee.user] : []),
    policies: escalationsOver(state.area),
    crews: presidingOver(state.area),
  }),
  reject: (_ask, state) => ({ home: home(state), ...around(state) }),
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
    ...aroundOf(state.area, state.escalation?.plan, input.target ? [input.target] : []),
  }),
  return: (_ask, state) => ({
    home: home(state),
    ...aroundOf(state.area, state.escalation?.plan, state.assignee ? [state.assignee] : []),
  }),
  takeOver: (_ask, state) => ({ home: home(state), crews: presidingOver(state.area) }),
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
          ...planned(seen.policies, input.area, input.priority),
        },
      },
    ];
    if (input.assignee)
      facts.push({
        type: 'task.assigned',
        body: { assignee: input.assignee, basis: 'person', ...asking(input.assignee, seen.crews, ask.caller.id) },
        upstream: input.upstream,
      });
    return facts;
  },
  raise(_state, ask, { policies, crews }) {
    const { assignee, evidence, follows, upstream: given, reason: _reason, occurredAt: _at, ...made } = ask.input;
    const upstream = [...causeOf(made.occurrence, follows), ...given];
    const body = {
      ...made,
      ...(evidence.length ? { evidence } : {}),
      ...(follows ? { cameBack: true } : {}),
      dueAt: dueFrom(ask, made.priority),
      ...planned(policies, made.area, made.priority),
    };
    const facts: Fact[] = [{ type: 'task.created', upstream, body }];
    if (assignee) {
      const because = 'role' in assignee ? passedOver(crews, made.class, assignee.role) : null;
      const asked = asking(assignee, crews, ask.caller.id, because);
      facts.push({ type: 'task.assigned', body: { assignee, basis: 'rule', ...asked }, upstream });
    }
    return facts;
  },
  recur: (state, { input, now }, seen) =>
    isOver(state.status)
      ? []
      : [
          ...(state.occurrences.includes(input.occurrence)
            ? []
            : [
                {
                  type: 'task.recurred',
                  body: { occurrence: input.occurrence },
                  upstream: [{ kind: 'occurrence', id: input.occurrence, rel: 'evidences' as const }],
                },
              ]),
          ...worse(state, input, now, seen).map((said) => fact(state, said)),
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
  tick: (state, { now }, seen) => tick(state, now, seen).map((said) => fact(state, said)),
  askNext: askedNext,
  askAgain: (state, { now }, seen) => askedAgain(state, now, seen),
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
        body: {
          assignee: ask.input.assignee,
          basis: ask.caller.kind === 'engine' ? 'rule' : 'person',
          ...asking(ask.input.assignee, seen.crews, ask.caller.id),
          // Made before there were escalations: it gets its plan now.
          ...(state.escalation ? {} : planned(seen.policies, state.area, state.priority)),
        },
      }),
      unknownPerson(ask.input.assignee, seen.people, '/assignee/user'),
    ),
  reject: rejected,
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
    unlessUnknown(escalate(state, ask, seen), unknownPerson(ask.input.target, seen.people, '/target/user')),
  return: returned,
  takeOver: takenOver,
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

/** One cause: what it follows up, or the alarm that set it off; the alarm of a follow-up stands beside it. */
function causeOf(occurrence: string | null, follows: string | null): readonly Link[] {
  if (follows === null) return occurrence === null ? [] : [{ kind: 'occurrence', id: occurrence, rel: 'caused_by' }];
  const alarm = occurrence === null ? [] : [{ kind: 'occurrence', id: occurrence, rel: 'evidences' as const }];
  return [{ kind: 'task', id: follows, rel: 'follow_up_of' }, ...alarm];
}

const dueFrom = (ask: Ask, priority: keyof typeof DUE_WITHIN): string =>
  utc(Date.parse(ask.occurredAt) + DUE_WITHIN[priority]);

const idsOf = (links: readonly { readonly kind: string; readonly id: string }[], kind: string): string[] =>
  links.filter((link) => link.kind === kind).map(({ id }) => id);

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
