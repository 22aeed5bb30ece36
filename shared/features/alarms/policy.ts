/** Whoever acknowledges a task has seen its alarm: with a device, as far as that had seen. */
import { policy } from '../../kernel/policy.ts';
import type { Recorded } from '../../kernel/event.ts';
import { occurrencesAmong } from './contract.ts';

const causes = (event: Recorded): string[] =>
  event.upstream.filter(({ kind }) => kind === 'occurrence').map(({ id }) => id);

export const policies = [
  policy({
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
];
