/** Waiting, then confirmed or discarded, once; what the rules refuse when it is confirmed waits again. */
import type { Recorded } from '../../kernel/event.ts';
import type { Decide, Evolve } from '../../kernel/feature.ts';
import type { HeldCommand } from '../../kernel/held.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { devicesAmong, wasWrittenOffAt } from '../devices/contract.ts';
import { isOpen, type commands, type events, type HeldState } from './contract.ts';

export const initial: HeldState = {
  status: 'waiting',
  asks: '',
  item: { kind: '', id: '' },
  input: '{}',
  author: null,
  device: '',
  made: null,
  occurredAt: '',
  shift: null,
  submittedBy: null,
  signed: null,
  because: '',
  flags: [],
  refusal: null,
  seq: 0,
  decided: null,
};

export const holds = ({ type, subject, input, author, shift, signed, because }: HeldCommand) => ({
  type: 'held.received',
  body: { asks: type, item: subject, input: JSON.stringify(input), author, shiftNamed: shift, signed, because },
});

export const reads = {
  confirm: (_ask: unknown, { device }: HeldState) => ({ devices: devicesAmong([device]) }),
};

export const decide: Decide<HeldState, typeof commands, typeof reads> = {
  confirm: (state, _ask, { devices }) => {
    const isFromLostDevice = devices.some(({ value }) => wasWrittenOffAt(value, state.seq));
    const marks = [...new Set([...state.flags, ...(isFromLostDevice ? ['from_written_off_device'] : [])])];
    return overAlready(state) ?? [{ type: 'held.confirmed', body: { marks } }];
  },
  discard: (state) => overAlready(state) ?? [{ type: 'held.discarded', body: {} }],
  noteRefused: (_state, { input: { code, detail } }) => [{ type: 'held.refused', body: { code, detail } }],
};

const overAlready = ({ status }: HeldState): Refusal | undefined =>
  isOpen(status)
    ? undefined
    : refuse('transition-not-allowed', `This was ${status} already; nothing more is to be decided.`);

const decidedBy = ({ actor, occurredAt, body }: Recorded) => ({
  by: actor.id,
  at: occurredAt,
  reason: body.reason ?? null,
});

export const evolve: Evolve<HeldState, typeof events> = {
  'held.received': (state, { seq, body, device, occurredAt }) => ({
    ...state,
    asks: body.asks,
    item: body.item,
    input: body.input,
    author: body.author as HeldCommand['author'],
    device: device ?? '',
    made: body.made ?? null,
    occurredAt,
    shift: body.shiftNamed,
    submittedBy: body.submittedBy ?? null,
    signed: body.signed,
    because: body.because,
    flags: body.flags ?? [],
    seq,
  }),
  'held.confirmed': (state, event) => ({
    ...state,
    status: 'confirmed',
    flags: event.body.marks,
    decided: decidedBy(event),
  }),
  'held.refused': (state, { body: { code, detail } }) => ({ ...state, status: 'refused', refusal: { code, detail } }),
  'held.discarded': (state, event) => ({ ...state, status: 'discarded', decided: decidedBy(event) }),
};
