/** Whoever acknowledges a task has seen its alarm; what waits for a cause to go is judged again when it has gone. */
import { policy, type Wish } from '../../kernel/policy.ts';
import type { Row } from '../../kernel/read.ts';
import type { Recorded } from '../../kernel/event.ts';
import { alarmsCausedBy, heldAlarmsUnder, occurrencesAmong } from './contract.ts';

const causes = (event: Recorded): string[] =>
  event.upstream.filter(({ kind }) => kind === 'occurrence').map(({ id }) => id);

const reconsider = ({ key }: Row): Wish => ({
  type: 'alarms.reconsider',
  subject: { kind: 'condition', id: key },
  input: {},
});

export const policies = [
  policy({
    // With a device, as far as that had seen.
    name: 'acknowledge-alarm-with-its-task',
    hears: ['task.acknowledged'],
    reads: (event) => ({ occurrences: occurrencesAmong(causes(event)) }),
    asks: (event, { occurrences }) =>
      occurrences.map(({ value }) => ({
        type: 'alarms.acknowledge',
        subject: { kind: 'condition', id: value.condition },
        input: event.body.made ? { observedSeq: event.body.made.observedSeq } : {},
        onBehalfOf: event.actor.id,
      })),
  }),
  policy({
    name: 'reconsider-what-followed-from-it',
    hears: ['alarm.cleared'],
    reads: (event) => ({ followed: alarmsCausedBy(event.subject.id) }),
    asks: (_event, { followed }) => followed.map(reconsider),
  }),
  policy({
    name: 'reconsider-after-tuning',
    hears: ['area.tuned'],
    reads: (event) => ({ held: heldAlarmsUnder((event.body as unknown as { path: string }).path, 'suppressed') }),
    asks: (_event, { held }) => held.map(reconsider),
  }),
];
