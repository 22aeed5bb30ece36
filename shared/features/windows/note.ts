/** A window has no note of its own: it stands on the board while it is open. */
import { shortNumber } from '../../kernel/ids.ts';
import { localDateTime } from '../../kernel/local-time.ts';
import type { Note } from '../../kernel/note.ts';
import type { WindowState } from './contract.ts';

export const titleOf = ({ equipment }: WindowState): string => `Maintenance of ${equipment}`;

export const note: Note<WindowState> = {
  name: () => undefined,
  write: () => [],
  read: () => 'a maintenance window changes by its commands.',
  card: (state, { number }, { zone, userName }) =>
    state.status === 'open'
      ? {
          group: 'Maintenance',
          rank: 0.6,
          title: `${shortNumber('W', number)} ${titleOf(state)}`,
          details: [
            `until ${localDateTime(state.to, zone).replace('T', ' ')}`,
            `alarms ask for nobody`,
            state.reason,
            `planned by ${userName(state.plannedBy)}`,
          ],
          next: ['extend', 'cancel'],
        }
      : null,
};
