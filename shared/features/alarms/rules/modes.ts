/** The mode of an alarm stops announcing only; what happens is on record all the same. */
import type { Rule } from './rule.ts';

export const outOfService: Rule = ({ outOfService: out }) =>
  out ? { by: 'out_of_service', rule: 'Taken out of service with a permit', until: null } : null;

/** What has become critical since one person shelved it asks for somebody: that takes two. */
export const shelved: Rule = ({ shelved: shelf, now, priority }) =>
  shelf && Date.parse(shelf.until) > now && (priority !== 'P1' || shelf.confirmedBy !== null)
    ? { by: 'shelved', rule: shelf.oneShot ? 'Shelved until it clears' : 'Shelved', until: shelf.until }
    : null;
