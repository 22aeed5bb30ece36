import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { commands, entity, events, isOpen, type HeldState } from './contract.ts';
import { decide, evolve, holds, initial, reads } from './decider.ts';
import { note, titleOf } from './note.ts';
import { policies } from './policy.ts';

export const held = feature({
  name: 'held',
  kind: 'held',
  letter: 'H',
  summary: 'What devices brought that waits for a supervisor',
  commands,
  events,
  entity,
  initial,
  view: ({ author, made, signed: _signed, seq: _seq, ...state }: HeldState, { id, number }) => ({
    id,
    number,
    ref: shortNumber('H', number),
    ...state,
    author: author?.id ?? '',
    deviceSeq: made?.deviceSeq ?? 0,
  }),
  decide,
  reads,
  evolve,
  tracked: ['status', 'flags'],
  areaOf: () => undefined,
  readers: 'held.decide',
  // Auditors see what was kept back, and what became of it.
  archive: { permission: 'archive.read', holds: () => true },
  travels: { where: () => [{ status: { in: ['waiting', 'refused'] } }], holds: ({ status }) => isOpen(status) },
  columns: { status: (state) => state.status, device: (state) => state.device },
  filters: ['status', 'device'],
  titleOf,
  holds,
  policies,
  note,
});
