/** What an incident tells of the way it came, from its state alone: it begins a trail. */
import type { Subject } from '../../kernel/event.ts';
import type { Past } from '../../kernel/trail.ts';
import type { IncidentState } from './contract.ts';

export const past = ({ happened }: IncidentState, self: Subject): Past => ({
  upstream: [],
  inside: [],
  events: happened.map(({ seq, at, by, what, text }) => ({
    seq: Number.isInteger(seq) ? seq : null,
    type: `incident.${what}`,
    subject: self,
    actor: by,
    occurredAt: at,
    recordedAt: null,
    upstream: [],
    body: text === null ? {} : { text },
  })),
});
