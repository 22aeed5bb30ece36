/** What each event makes of a shift. */
import type * as z from 'zod';
import type { Recorded } from '../../kernel/event.ts';
import type { Evolve } from '../../kernel/feature.ts';
import { GRACE_MINUTES } from '../areas/contract.ts';
import type { events, OnCrew, SealLists, ShiftState } from './contract.ts';
import { crewWith, startedCrew } from './duty.ts';
import type { LateEntry } from './late.ts';

export const initial: ShiftState = {
  area: '',
  name: '',
  from: '',
  to: '',
  status: 'planned',
  crew: [],
  startedBy: null,
  startedAt: null,
  startedSeq: null,
  closedAt: null,
  entries: [],
  signature: null,
  acceptance: null,
  refusals: [],
  seal: null,
  amendments: [],
  lateEntries: [],
  asides: [],
  lateReads: [],
  graceMinutes: GRACE_MINUTES,
  graceFrom: '',
  sealsAt: null,
  lateAcceptance: null,
  missedChecks: [],
};

const signedBy = (event: { readonly actor: { readonly id: string }; readonly occurredAt: string }) => ({
  by: event.actor.id,
  at: event.occurredAt,
});

export const evolve: Evolve<ShiftState, typeof events> = {
  'shift.planned': (state, { body: { area, from, to, name, graceMinutes }, receivedAt }) => ({
    ...state,
    ...{ area, from, to, name, graceMinutes: graceMinutes ?? state.graceMinutes, graceFrom: receivedAt },
  }),
  'shift.started': (state, event) => ({
    ...state,
    status: 'active',
    crew: startedCrew(state.crew, event.body.crew),
    graceFrom: event.receivedAt,
    startedBy: event.actor.id,
    startedAt: event.occurredAt,
    startedSeq: event.seq,
  }),
  'shift.logged': (state, event) => {
    const { entry, text, kind, equipment, corrects, lateEntry } = event.body;
    const logged = {
      id: entry,
      seq: event.seq,
      at: event.occurredAt,
      recordedAt: event.recordedAt,
      by: event.actor.id,
      kind,
      text,
      equipment,
      corrects,
      late: lateEntry,
      reason: event.body.reason ?? null,
      flags: event.body.flags ?? [],
      ...(event.body.waiting ? { waiting: true as const } : {}),
    };
    return { ...state, entries: [...state.entries, logged] };
  },
  'shift.closed': (state, event) => ({ ...state, status: 'closing', closedAt: event.occurredAt }),
  'shift.signed': (state, event) => ({
    ...state,
    signature: { ...signedBy(event), decisions: event.body.decisions, criticalItems: event.body.criticalItems },
  }),
  'shift.decided': (state, { body: { decisions, criticalItems } }) => ({
    ...state,
    signature: state.signature && {
      ...state.signature,
      decisions: [...state.signature.decisions, ...decisions],
      criticalItems: [...state.signature.criticalItems, ...criticalItems],
    },
  }),
  'shift.accepted': (state, event) => ({
    ...state,
    status: 'handed_over',
    acceptance: { ...signedBy(event), criticalItems: event.body.criticalItems, reservations: event.body.reservations },
  }),
  'shift.refused': (state, event) => ({
    ...state,
    signature: null,
    refusals: [...state.refusals, { ...signedBy(event), reason: event.body.reason ?? '' }],
  }),
  'shift.sealed': (state, event) => {
    const { kind, entries, firstSeq, lastSeq, shiftRoot, reportSha256, sealSha256, expectedHead } = event.body;
    const seal = {
      kind,
      entries,
      firstSeq,
      lastSeq,
      shiftRoot,
      reportSha256,
      sealSha256,
      expectedHead: expectedHead ?? null,
      reason: event.body.reason ?? null,
      seq: event.seq,
      by: event.actor.id,
      at: event.receivedAt,
      ...listsWith({ attachments: [], exceptions: [], prose: [] }, event.body),
    };
    return { ...state, status: 'sealed', seal };
  },
  'shift.evidenced': (state, { body }) => ({
    ...state,
    seal: state.seal && { ...state.seal, ...listsWith(state.seal, body) },
  }),
  'shift.amended': (state, event) => ({
    ...state,
    amendments: [
      ...state.amendments,
      { ...signedBy(event), seq: event.seq, text: event.body.text, reason: event.body.reason ?? '' },
    ],
  }),
  'shift.late_noted': (state, event) => {
    const { seq: noted, type, flags, ...told } = event.body;
    const { item, by, device, at, recordedAt, receivedAt, lateKind, text } = told;
    const entry = { item, by, device, at, recordedAt, receivedAt, lateKind, text, flags, noted, kind: type };
    return late(state, { ...entry, seq: event.seq, entry: null, struck: null, context: null });
  },
  'shift.late_prose': (state, event) => {
    const { author: by, device, inserted: text, struck, context, receivedAt } = event.body;
    const times = { at: receivedAt, recordedAt: receivedAt, receivedAt };
    const entry = { ...times, by, device, text, struck, context, kind: 'prose', lateKind: 'unknown' as const };
    return late(state, { ...entry, seq: event.seq, noted: null, item: null, entry: null, flags: [] });
  },
  'shift.late_read': (state, event) => ({
    ...state,
    lateReads: [...state.lateReads, { ...signedBy(event), seq: event.seq, upTo: event.body.upTo }],
  }),
  'shift.checked_in': (state, { body: { user, role }, occurredAt: since }) =>
    crewed(state, { user, role, state: 'present', since }),
  'shift.checked_out': (state, { body: { user }, occurredAt }) => said(state, user, 'out', occurredAt),
  'shift.presence_told': (state, { body: { user, state: now }, occurredAt }) => said(state, user, now, occurredAt),
  'shift.lapsed': (state) => ({ ...state, status: 'lapsed' }),
  'shift.grace_over': (state, { body: { sealsAt } }) => ({ ...state, sealsAt }),
  'shift.accepted_late': (state, event) => ({
    ...state,
    lateAcceptance: { ...signedBy(event), seq: event.seq, text: event.body.text },
  }),
  'shift.check_missed': (state, { seq, body: { schedule, title, times, count, task } }) => ({
    ...state,
    missedChecks: [...state.missedChecks, { seq, schedule, title, times, count, task }],
  }),
};

const crewed = (state: ShiftState, member: OnCrew): ShiftState => ({ ...state, crew: crewWith(state.crew, member) });

function said(state: ShiftState, user: string, now: OnCrew['state'], since: string): ShiftState {
  const member = state.crew.find((one) => one.user === user);
  return member ? crewed(state, { ...member, state: now, since }) : state;
}

const late = (state: ShiftState, entry: LateEntry): ShiftState => ({
  ...state,
  lateEntries: [...state.lateEntries, entry],
});

function listsWith(lists: SealLists, more: { readonly [K in keyof SealLists]?: SealLists[K] | undefined }): SealLists {
  return {
    attachments: [...lists.attachments, ...(more.attachments ?? [])],
    exceptions: [...lists.exceptions, ...(more.exceptions ?? [])],
    prose: [...lists.prose, ...(more.prose ?? [])],
  };
}

/** An entry that met the seal stands beside the record; a step that had been taken meanwhile is one line, and no second step. */
export function aside(state: ShiftState, event: Recorded): ShiftState {
  const { seq, type, occurredAt: at, recordedAt, receivedAt, device, body } = event;
  const by = event.actor.id;
  const flags = body.flags ?? [];
  const logged = type === 'shift.logged' ? (body as unknown as Logged) : undefined;
  if (logged && body.late) {
    const { entry, kind, text, equipment, corrects } = logged;
    return late(state, {
      ...{ seq, noted: null, item: null, entry, at, recordedAt, receivedAt, by, device, kind, flags, struck: null },
      text: equipment === null ? text : `${text} (${equipment})`,
      // What it puts right, as it stands in the record.
      context: state.entries.find(({ id }) => id === corrects)?.text ?? null,
      lateKind: body.lateKind ?? null,
    });
  }
  const text = logged?.text ?? body.reason ?? null;
  const what = type.slice('shift.'.length);
  return { ...state, asides: [...state.asides, { seq, at, by, device, what, text, flags }] };
}

type Logged = Recorded<z.output<(typeof events)['shift.logged']['body']>>['body'];
