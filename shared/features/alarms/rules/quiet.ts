import type { Rule } from './rule.ts';

/** A snapshot at birth, a historical value: the sender says itself that it is no news. */
export const quiet: Rule = ({ isQuiet }) =>
  isQuiet ? { by: 'quiet', rule: 'The sender told it as known before: nobody is asked', until: null } : null;
