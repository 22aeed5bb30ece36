import type { Rule } from './rule.ts';

/** A maintenance window over its equipment; the one that ends last counts. */
export const maintenance: Rule = ({ now, around: { windows } }) => {
  const open = windows
    .filter(({ from, to, status }) => status !== 'cancelled' && Date.parse(from) <= now && now < Date.parse(to))
    .sort((a, b) => (a.to < b.to ? 1 : -1))[0];
  return open ? { by: 'maintenance', rule: `Maintenance window of ${open.equipment}`, until: open.to } : null;
};
