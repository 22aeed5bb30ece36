/** The timeline of a shift. */
import { plural } from './plural.ts';

export const shiftTimelineWords = {
  told: (sentence: string) => `Timeline. ${sentence}`,
  title: 'Timeline of the shift',
  alarms: 'Alarms',
  opened: 'Opened',
  closed: 'Closed',
  log: 'Log',
  nothing: 'Nothing has happened in this shift yet.',
  outside: (count: number) => `${count} more with a time outside of it.`,
  clocks: 'The clocks change in this shift.',
  countedUntil: (first: string, time: string) => `${first} Counted until ${time}.`,
  counts: (alarms: number, opened: number, closed: number, entries: number) =>
    `${plural(alarms, { one: `${alarms} alarm`, other: `${alarms || 'No'} alarms` })} · tasks: ${opened} opened, ${closed} closed · ${entries} ${plural(entries, { one: 'entry', other: 'entries' })} in the log.`,
  floods: (limit: number, times: string, more: number) =>
    `Flood, more than ${limit} alarms in 10 minutes: ${times}${more > 0 ? ` and ${more} more` : ''}.`,
} as const;
