/** What each event makes of a shift. */
import type { Evolve } from '../../kernel/feature.ts';
import type { events, ShiftState } from './contract.ts';

export const initial: ShiftState = {
  area: '',
  name: '',
  from: '',
  to: '',
  status: 'planned',
  crew: [],
  startedBy: null,
  startedAt: null,
  closedAt: null,
  entries: [],
  signature: null,
  acceptance: null,
  refusals: [],
  seal: null,
  amendments: [],
};

const signedBy = (event: { readonly actor: { readonly id: string }; readonly occurredAt: string }) => ({
  by: event.actor.id,
  at: event.occurredAt,
});

export const evolve: Evolve<ShiftState, typeof events> = {
  'shift.planned': (state, { body: { area, from, to, name } }) => ({ ...state, area, from, to, name }),
  'shift.started': (state, event) => ({
    ...state,
    status: 'active',
    crew: event.body.crew,
    startedBy: event.actor.id,
    startedAt: event.occurredAt,
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
    const { kind, entries, firstSeq, lastSeq, shiftRoot, reportSha256, sealSha256, attachments } = event.body;
    const seal = {
      kind,
      entries,
      firstSeq,
      lastSeq,
      shiftRoot,
      reportSha256,
      sealSha256,
      attachments,
      seq: event.seq,
      by: event.actor.id,
      at: event.receivedAt,
    };
    return { ...state, status: 'sealed', seal };
  },
  'shift.evidenced': (state, { body }) => ({
    ...state,
    seal: state.seal && { ...state.seal, attachments: [...state.seal.attachments, ...body.attachments] },
  }),
  'shift.amended': (state, event) => ({
    ...state,
    amendments: [
      ...state.amendments,
      { ...signedBy(event), seq: event.seq, text: event.body.text, reason: event.body.reason ?? '' },
    ],
  }),
};
