/** What an alarm tells of the episode that goes on, from its state alone. */
import type { Subject } from '../../kernel/event.ts';
import type { Past } from '../../kernel/trail.ts';
import type { ConditionState } from './contract.ts';

export function past(state: ConditionState, self: Subject): Past {
  const { occurrence, activeSince, begunAt, integration, title, text, watched } = state;
  if (occurrence === null || activeSince === null) return { upstream: [], inside: [], events: [] };
  return {
    upstream: [],
    inside: [{ kind: 'occurrence', id: occurrence, title }],
    events: [
      {
        seq: null,
        type: watched ? 'alarm.activated' : 'alarm.reported',
        subject: self,
        actor: watched ? { kind: 'integration', id: integration ?? '' } : { kind: 'user', id: '' },
        occurredAt: begunAt ?? activeSince,
        recordedAt: null,
        upstream: [],
        body: { occurrence, text },
      },
    ],
  };
}
