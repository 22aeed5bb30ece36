/** A device has no note. It stands on the board when something must be done about it: it was lost, or there are two of it. */
import { shortNumber } from '../../kernel/ids.ts';
import { localDateTime } from '../../kernel/local-time.ts';
import type { Note } from '../../kernel/note.ts';
import type { DeviceState } from './contract.ts';

export const note: Note<DeviceState> = {
  name: () => undefined,
  write: () => [],
  read: () => 'a device changes by its commands.',
  card: (state, { number }, around) => {
    const called = `${shortNumber('V', number)} ${state.name}`;
    const common = { group: 'Devices', rank: 0.3 };
    if (state.writtenOff) {
      const { by, at, gaps, lastDeviceSeqSeen } = state.writtenOff;
      const missing = gaps.reduce((sum, { from, to }) => sum + to - from + 1, 0);
      return {
        ...common,
        title: `${called} is written off`,
        details: [
          `by ${around.userName(by)} ${localDateTime(at, around.zone).replace('T', ' ')}`,
          missing ? `${missing} of ${lastDeviceSeqSeen} entries never arrived` : 'nothing is known to be missing',
          'what it still brings is held',
        ],
        next: ['reinstate'],
      };
    }
    return state.forked
      ? {
          ...common,
          title: `Two copies of ${called}`,
          details: ['connect it again, so that each has an identity of its own'],
          urgent: true,
          next: ['writeOff'],
        }
      : null;
  },
};
