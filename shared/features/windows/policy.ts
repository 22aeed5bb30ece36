/** When a window is over, what is still active in it is looked at again: whoever planned the work is not who sees to what it left behind. */
import { policy, type Wish } from '../../kernel/policy.ts';
import { heldAlarmsUnder } from '../alarms/contract.ts';

export const policies = [
  policy({
    name: 'reconsider-after-window',
    hears: ['window.ended', 'window.cancelled'],
    reads: ({ body }) => ({
      alarms: heldAlarmsUnder((body as unknown as { equipment: string }).equipment, 'maintenance'),
    }),
    asks: ({ body }, { alarms }): Wish[] =>
      body.aside
        ? []
        : alarms.map(({ key }) => ({ type: 'alarms.reconsider', subject: { kind: 'condition', id: key }, input: {} })),
  }),
];
