import type { Rule } from './rule.ts';

/** In a flood only P1 asks for somebody of its own; all others become items of one incident, and nothing is dropped. */
export const flood: Rule = ({ priority, around: { settings, announced, floods, position } }) => {
  if (priority === 'P1') return null;
  const { start, minutes } = settings.flood;
  const place = position ?? 'no known area';
  if (floods.length) return { by: 'flood', rule: `Alarm flood in ${place}`, until: null };
  return announced + 1 >= start
    ? {
        by: 'flood',
        rule: `Alarm flood in ${place}: ${announced + 1} or more new alarms in ${minutes} min`,
        until: null,
      }
    : null;
};
