/** What an adapter makes of a message, for tests about senders. */
import type { Adapter, Message, Reading } from '../../server/ingest/adapter.ts';
import type { Transition } from '../../shared/features/alarms/contract.ts';
import { isRefusal, type Refusal } from '../../shared/kernel/refusal.ts';
import { received, type Sent } from './sent.ts';

export const reader = (adapter: Adapter) => {
  const answer = (sent: Sent, more?: Partial<Message>): Reading | Refusal => adapter(received(sent, more));
  const reading = (sent: Sent, more?: Partial<Message>): Reading => {
    const read = answer(sent, more);
    if (isRefusal(read)) throw new Error(`${read.refused}: ${read.detail}`);
    return read;
  };
  return {
    answer,
    reading,
    transitions: (sent: Sent, more?: Partial<Message>): readonly Transition[] => reading(sent, more).transitions,
    /** Demands that there is just one. */
    only(sent: Sent, more?: Partial<Message>): Transition {
      const { transitions } = reading(sent, more);
      if (transitions.length !== 1) throw new Error(`${transitions.length} transitions, not one.`);
      return transitions[0]!;
    },
  };
};
