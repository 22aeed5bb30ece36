/** The shift's state machine: planned → active → closing → handed over → sealed, and what each step demands. */
import type * as z from 'zod';
import type { Fact } from '../../kernel/event.ts';
import type { Ask, Decide, ReadTable } from '../../kernel/feature.ts';
import { contacts, leavesOfShift, select } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { areasAround, GRACE_MINUTES, graceOf, isSameWork, type Slot } from '../areas/contract.ts';
import { devicesAll } from '../devices/contract.ts';
import { changeRefused } from '../orgs/contract.ts';
import { tasksAmong, tasksToDoIn } from '../tasks/contract.ts';
import { usersAmong } from '../users/contract.ts';
import { acceptedLate, graceOver, isTime } from './clock.ts';
import {
  runningIn,
  shiftsEndingAfter,
  type commands,
  type Decision,
  type ShiftState,
  type ShiftStatus,
} from './contract.ts';
import { checkedIn, checkedOut, presenceTold } from './duty.ts';
import { critical, find, signedFacts, undecided, wrongDecision } from './handover.ts';
import { inWords, shiftName } from './wording.ts';
import { newestLate, unreadLate } from './late.ts';
import { wordsOn } from './predecessor.ts';
import { missingDevices, type MissingDevice } from './missing-devices.ts';
import { furtherReads, organisation, reportReads } from './report-reads.ts';
import { sealFacts } from './seal.ts';

const STARTS: Readonly<Record<string, readonly ShiftStatus[]>> = {
  start: ['planned', 'lapsed'],
  log: ['active', 'closing', 'handed_over'],
  close: ['active'],
  sign: ['closing'],
  accept: ['closing'],
  refuse: ['closing'],
  seal: ['handed_over'],
  checkIn: ['planned', 'active', 'closing'],
  checkOut: ['planned', 'active', 'closing'],
  presence: ['planned', 'active', 'closing'],
};

/** How a refusal names the verb. */
const ASKED: Readonly<Record<string, string>> = {
  start: 'started',
  log: 'written to',
  close: 'closed',
  sign: 'signed',
  accept: 'accepted',
  refuse: 'refused',
  seal: 'sealed',
  checkIn: 'checked in to',
  checkOut: 'checked out of',
  presence: 'told who is there',
};

/** An entry written this much after it happened is marked as late. */
const LATE_AFTER = 15 * 60_000;
/** So much may lie between the clocks of those who write. */
const CLOCKS_APART = 5 * 60_000;
const LONGEST = 24 * 3_600_000;

const sealReads = (state: ShiftState, id: string) => ({
  ...reportReads(state, id),
  leaves: leavesOfShift(id),
  before: select<ShiftState>('shifts', { where: { area: state.area, status: 'sealed' } }),
  contacts: contacts(),
  devices: devicesAll(),
});

export const reads = {
  create: ({ input }) => ({ org: organisation(), around: areasAround(input.area) }),
  plan: ({ input }) => ({ standing: shiftsEndingAfter(input.area, Date.parse(input.from)) }),
  start: ({ input }, state) => ({
    active: select<ShiftState>('shifts', { where: { area: state.area, status: 'active' }, limit: 1 }),
    people: usersAmong(input.crew.map(({ user }) => user)),
  }),
  sign: ({ input }, state) => ({
    todo: tasksToDoIn(state.area),
    people: usersAmong(
      input.decisions.flatMap(({ assignee }) => (assignee && 'user' in assignee ? assignee.user : [])),
    ),
  }),
  accept: (_ask, state) => ({ critical: tasksAmong(state.signature?.criticalItems ?? []) }),
  seal: ({ subject }, state) => sealReads(state, subject.id),
  tick: ({ subject }, state) => sealReads(state, subject.id),
  acceptLate: (_ask, state) => ({ running: runningIn(state.area) }),
} satisfies ReadTable<ShiftState, typeof commands>;

/** A second round, for what could not be asked before the first was answered. */
const sealFurther = (_ask: Ask, _state: ShiftState, seen: Parameters<typeof furtherReads>[0]) => furtherReads(seen);
export const further = { seal: sealFurther, tick: sealFurther };

export const decide: Decide<ShiftState, typeof commands, typeof reads> = {
  create(_state, { input: { area, from, to, name } }, { org, around }) {
    const length = Date.parse(to) - Date.parse(from);
    if (length <= 0 || length > LONGEST) {
      return refuse('invalid-input', 'A shift ends after it begins, and within 24 hours.', {
        fields: [{ field: '/to', problem: 'must be after from' }],
      });
    }
    const called = name ?? shiftName(from, org[0]?.value.zone ?? 'UTC');
    return [planned({ area, from, to, name: called }, graceOf(around))];
  },
  plan(_state, { input: { area, from, to, name, graceMinutes } }, { standing }) {
    const other = standing.find(({ value }) => value.status !== 'lapsed' && isSameWork(value, { from, to }));
    return other
      ? refuse('already-exists', `The shift ${other.value.name} of ${area} stands in this place already.`)
      : [planned({ area, from, to, name }, graceMinutes)];
  },
  start(state, ask, { active, people }) {
    if (active[0] && state.status === 'planned') {
      const detail = `The shift ${active[0].value.name} of ${state.area} is still active. Close it first.`;
      return refuse('shift-already-active', detail, { extra: { active: active[0].key } });
    }
    const stranger = ask.input.crew.findIndex(({ user }) => !people.some(({ key }) => key === user));
    if (stranger >= 0) {
      return refuse('unknown-reference', 'Somebody on the crew is not in your organisation.', {
        fields: [{ field: `/crew/${stranger}/user`, problem: 'unknown' }],
      });
    }
    return moved(state, ask, [{ type: 'shift.started', body: { crew: withStarter(ask) } }]);
  },
  log(state, ask) {
    const { corrects } = ask.input;
    const facts = moved(state, ask, [logged(ask)]);
    if (Date.parse(ask.occurredAt) - Date.parse(ask.recordedAt) > CLOCKS_APART) return notYet();
    return corrects === undefined || 'refused' in facts
      ? facts
      : (wrongCorrection(state, ask.caller.id, corrects) ?? facts);
  },
  close: (state, ask) => moved(state, ask, [{ type: 'shift.closed', body: {} }]),
  sign(state, ask, { todo, people }) {
    const decisions = ask.input.decisions.flatMap((decision): Decision[] => {
      const task = find(todo, decision.task);
      return task ? [{ ...decision, task }] : [];
    });
    const facts = moved(state, ask, signedFacts(decisions, critical(todo)));
    if ('refused' in facts) return facts;
    if (state.signature)
      return refuse(
        'transition-not-allowed',
        'This handover is signed already; the incoming supervisor accepts or refuses it.',
      );
    return wrongDecision(ask.input.decisions, todo, people) ?? undecided(todo, decisions) ?? facts;
  },
  accept(state, ask, seen) {
    const { criticalItems, reservations } = ask.input;
    const words = new Set<string | number>(wordsOn(state).map(({ id }) => id));
    const known = (ref: string | number) => find(seen.critical, ref) ?? (words.has(ref) ? String(ref) : []);
    const ticked = [...new Set(criticalItems.flatMap(known))];
    const facts = moved(state, ask, [
      { type: 'shift.accepted', body: { criticalItems: ticked, reservations: reservations ?? null } },
    ]);
    return 'refused' in facts ? facts : (notYours(state, ask) ?? facts);
  },
  refuse(state, ask) {
    const facts = moved(state, ask, [{ type: 'shift.refused', body: {} }]);
    return 'refused' in facts ? facts : (notYours(state, ask) ?? facts);
  },
  seal(state, ask, seen) {
    const allowed = moved(state, ask, []);
    if ('refused' in allowed) return allowed;
    const { expectedHead } = ask.input;
    const last = seen.events.at(-1)?.seq ?? 0;
    if (expectedHead !== undefined && last > expectedHead) {
      const fresh = seen.events.filter(({ seq }) => seq > expectedHead).length;
      return refuse(
        'head-moved',
        `${fresh} entries came after the ones you saw. Review them, then seal with expectedHead ${last}.`,
        { extra: { head: last, newEntries: fresh } },
      );
    }
    const zone = seen.org[0]?.value.zone ?? 'UTC';
    const missing = missingDevices(state, seen.contacts, seen.devices, ask.now, zone);
    if (missing.length && !ask.input.reason) return devicesMissing(missing, last);
    return sealFacts(state, ask, { ...seen, missing });
  },
  amend: (state, ask) =>
    state.seal
      ? [{ type: 'shift.amended', body: { text: ask.input.text } }]
      : refuse('not-sealed', 'This shift is not sealed: log an entry or a correction instead.'),
  readLate(state, ask) {
    if (!state.seal) return notSealed();
    if (!unreadLate(state).length)
      return refuse('transition-not-allowed', 'There is no late entry that nobody has read yet.');
    // What arrives from now on is unread, whatever was said.
    return [{ type: 'shift.late_read', body: { upTo: Math.min(ask.input.upTo, newestLate(state)) } }];
  },
  noteLate: (state, { input }) => (state.seal ? [{ type: 'shift.late_noted', body: input }] : notSealed()),
  lateProse: (state, { input }) => (state.seal ? [{ type: 'shift.late_prose', body: input }] : notSealed()),
  checkIn: (state, ask) => unlessOver(state, ask, checkedIn(state, ask)),
  checkOut: (state, ask) => unlessOver(state, ask, checkedOut(state, ask)),
  presence: (state, ask) => unlessOver(state, ask, presenceTold(state, ask)),
  tick(state, ask, seen) {
    if (!isTime(state, ask)) return [];
    if (state.status === 'planned') return [{ type: 'shift.lapsed', body: {} }];
    if (state.sealsAt === null) return graceOver(state, ask, seen.todo);
    const missing = missingDevices(state, seen.contacts, seen.devices, ask.now, seen.org[0]?.value.zone ?? 'UTC');
    return sealFacts(state, { ...ask, input: { reason: 'sealed by the clock' } }, { ...seen, missing });
  },
  acceptLate: (state, ask, { running }) => acceptedLate(state, ask, running),
  noteMissed: (state, { input }) => (state.seal ? [] : [{ type: 'shift.check_missed', body: input }]),
};

const planned = (slot: Slot & { readonly area: string }, graceMinutes: number): Fact => ({
  type: 'shift.planned',
  body: { ...slot, ...(graceMinutes === GRACE_MINUTES ? {} : { graceMinutes }) },
});

const unlessOver = (state: ShiftState, ask: Ask, facts: readonly Fact[] | Refusal): readonly Fact[] | Refusal => {
  const allowed = moved(state, ask, []);
  return 'refused' in allowed ? allowed : facts;
};

const notYet = (): Refusal =>
  refuse('invalid-input', 'This has not happened yet. Say when it happened, or leave the time empty.', {
    fields: [{ field: '/occurredAt', problem: 'lies ahead' }],
  });

const notSealed = (): Refusal => refuse('not-sealed', 'This shift is not sealed; nothing can be late for it.');

function devicesMissing(devices: readonly MissingDevice[], head: number): Refusal {
  const count = devices.length === 1 ? 'A device' : `${devices.length} devices`;
  const detail = `${count} may still hold entries of this shift (${devices.map(({ name }) => name).join(', ')}). Wait for ${devices.length === 1 ? 'it' : 'them'}, write off what is lost, or seal with a reason that stands in the seal.`;
  return refuse('devices-missing', detail, { extra: { devices, head } });
}

type Entry = Ask<z.output<(typeof commands)['log']['input']>>;

const logged = ({ id, input: { text, kind, equipment, corrects }, recordedAt, occurredAt }: Entry): Fact => ({
  type: 'shift.logged',
  body: {
    entry: id(),
    text,
    kind,
    equipment: equipment ?? null,
    corrects: corrects ?? null,
    lateEntry: Date.parse(recordedAt) - Date.parse(occurredAt) > LATE_AFTER,
  },
});

/** What a device still says to a shift that it knows to be sealed happened all the same: a late entry. */
export const repeats = {
  log: (state: ShiftState, ask: Ask): readonly Fact[] | null => (state.seal ? [logged(ask as Entry)] : null),
};

function moved(state: ShiftState, ask: Ask, facts: readonly Fact[]): readonly Fact[] | Refusal {
  if (state.seal) {
    const detail = `This shift was sealed at ${state.seal.at}; its record never changes. Add to it with amend.`;
    return refuse('shift-sealed', detail, {
      witness: changeRefused(ask.subject.id, `shifts.${ask.verb}`, detail, ask.caller.id),
    });
  }
  const starts = STARTS[ask.verb]!;
  if (starts.includes(state.status)) return facts;
  const detail = `This shift is ${inWords(state.status)}. Only one that is ${starts.map(inWords).join(' or ')} can be ${ASKED[ask.verb]}.`;
  return refuse('transition-not-allowed', detail, { extra: { current: state.status, allowedFrom: starts } });
}

/** A handover is between two people. */
function notYours(state: ShiftState, ask: Ask): Refusal | undefined {
  if (!state.signature)
    return refuse('transition-not-allowed', 'The outgoing supervisor has not signed this handover yet.');
  if (state.signature.by !== ask.caller.id) return undefined;
  return refuse('same-person', 'Whoever hands over cannot accept or refuse. The incoming supervisor does this.');
}

function wrongCorrection(state: ShiftState, caller: string, corrects: string): Refusal | undefined {
  const entry = state.entries.find(({ id }) => id === corrects);
  if (!entry)
    return refuse('unknown-reference', 'There is no such entry in this shift.', {
      fields: [{ field: '/corrects', problem: 'unknown' }],
    });
  if (entry.by !== caller)
    return refuse('not-your-entry', 'Only the author corrects an entry. Log an entry of your own about it instead.');
  if (state.entries.some((other) => other.corrects === corrects))
    return refuse('already-corrected', 'This entry was corrected before; correct the correction.');
  return undefined;
}

function withStarter({ input, caller }: Ask<{ readonly crew: ShiftState['crew'] }>): ShiftState['crew'] {
  const { crew } = input;
  if (caller.kind !== 'user' || crew.some(({ user }) => user === caller.id)) return crew;
  return [{ user: caller.id, role: 'supervisor' }, ...crew];
}
