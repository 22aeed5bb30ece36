/** What is held has no note: it stands on the board of the supervisors until one of them has decided. */
import { shortNumber } from '../../kernel/ids.ts';
import { localDateTime } from '../../kernel/local-time.ts';
import type { Note } from '../../kernel/note.ts';
import type { DeviceState } from '../devices/contract.ts';
import { isOpen, type HeldState } from './contract.ts';

/** `tasks.sendBack` → `send back`. */
export const verbOf = (asks: string): string =>
  asks.slice(asks.indexOf('.') + 1).replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const titleOf = ({ asks, item }: HeldState): string => `Held: ${verbOf(asks)} ${item.kind}`;

export const note: Note<HeldState> = {
  name: () => undefined,
  write: () => [],
  read: () => 'what is held is confirmed or discarded by its commands.',
  card: (state, { number }, around) => {
    if (!isOpen(state.status)) return null;
    const device = around.state({ kind: 'device', id: state.device }) as DeviceState | undefined;
    return {
      group: 'Held',
      rank: 0.2,
      title: `${shortNumber('H', number)} Held: ${verbOf(state.asks)} ${around.refOf(state.item) ?? state.item.kind}`,
      details: [
        `by ${around.userName(state.author?.id ?? '')} ${localDateTime(state.occurredAt, around.zone).replace('T', ' ')}`,
        `from ${device?.name ?? 'a device that is not known here'}`,
        state.refusal ? `confirmed, but refused: ${state.refusal.detail}` : state.because,
      ],
      urgent: true,
      next: ['confirm', 'discard'],
    };
  },
};
