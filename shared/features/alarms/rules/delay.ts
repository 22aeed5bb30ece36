import { utc } from '../../../kernel/schema.ts';
import type { Rule } from './rule.ts';

/** On-delay (ISA-18.2): for what needs no action when it clears at once. P1 never waits. */
export const delay: Rule = ({ priority, since, now, delayUntil, around: { settings } }) => {
  const seconds = priority === 'P1' ? 0 : settings.onDelay[priority];
  const until = delayUntil ?? since + seconds * 1000;
  return priority === 'P1' || until <= now
    ? null
    : { by: 'delay', rule: `On-delay of ${seconds} s for ${priority}`, until: utc(until) };
};
