/** An alarm has no note of its own: it shows in the notes of its tasks, and on the board while somebody must see to it. */
import type { Note } from '../../kernel/note.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { localDateTime } from '../../kernel/local-time.ts';
import type { ConditionState } from './contract.ts';

export const note: Note<ConditionState> = {
  name: () => undefined,
  write: () => [],
  read: () => 'an alarm changes by what its machine says.',
  card: (state, { number }, { zone }) => ({
    group: 'Alarms',
    rank: 0.5,
    title: `${shortNumber('A', number)} ${state.title}`,
    details: [
      state.priority,
      state.status === 'ACKED' ? 'acknowledged' : 'not acknowledged',
      ...(state.activeSince === null ? [] : [`since ${localDateTime(state.activeSince, zone).replace('T', ' ')}`]),
      ...(state.equipment === null ? [] : [state.equipment]),
    ],
    urgent: state.priority === 'P1' && state.status !== 'ACKED',
  }),
};
