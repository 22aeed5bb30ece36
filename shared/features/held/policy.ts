/** What a supervisor has confirmed is performed as its author's, with everything that it carried. */
import { policy, type Wish } from '../../kernel/policy.ts';
import { heldAmong } from './contract.ts';

export const policies = [
  policy({
    name: 'perform-what-was-held',
    hears: ['held.confirmed'],
    reads: (event) => ({ held: heldAmong([event.subject.id]) }),
    asks: (event, { held }): Wish[] =>
      held.flatMap(({ value: { asks, item, input, author, device, made, occurredAt, shift, signed, flags } }) =>
        author && made
          ? [
              {
                type: asks,
                subject: item,
                ifRefused: 'held.noteRefused',
                input: JSON.parse(input) as Readonly<Record<string, unknown>>,
                confirmed: { author, device, made, occurredAt, shift, submittedBy: event.actor.id, flags, signed },
              },
            ]
          : [],
      ),
  }),
];
