/** What others may ask about alarms. */
import { select, type Read, type Row } from '../../kernel/read.ts';
import type { Announcement, Brought, ConditionState, HeldBy, Occurrence } from './condition.ts';

type Conditions = Read<readonly Row<ConditionState>[]>;

export const occurrencesAmong = (ids: readonly string[]): Read<readonly Row<Occurrence>[]> =>
  select('occurrences', { where: { key: { in: ids } } });

/** What one delivery brought that was new. */
export const broughtBy = (delivery: string): Read<readonly Row<Brought>[]> =>
  select('transitions', { where: { delivery }, order: 'oldest' });
export const transitionsOf = (conditions: readonly string[]): Read<readonly Row<Brought>[]> =>
  select('transitions', { where: { condition: { in: conditions } }, limit: 1 });

export const activeAlarmsIn = (area: string): Conditions =>
  select('alarms', { where: { active: 1, area: { within: [area] } }, order: 'oldest' });
/** Active for longer than an alarm should be: each asks for a decision (shelve, take out of service, mend). */
export const standingAlarmsIn = (area: string): Conditions =>
  select('alarms', { where: { standing: 1, area: { within: [area] } }, order: 'oldest' });
/** Whatever does not announce itself: every handover tells of it. */
export const shelvedAlarmsIn = (area: string): Conditions =>
  select('alarms', {
    where: { mode: { in: ['SHELVED', 'SUPPRESSED', 'OUT_OF_SERVICE'] }, area: { within: [area] } },
    order: 'oldest',
  });
/** Active alarms of a piece of equipment and all below it that are held by this. */
export const heldAlarmsUnder = (path: string, by: HeldBy): Conditions =>
  select('alarms', { where: { heldBy: by, place: { within: [path] } }, order: 'oldest' });
/** Those that are suppressed because this condition is active. */
export const alarmsCausedBy = (condition: string): Conditions =>
  select('alarms', { where: { cause: condition }, order: 'oldest' });

/** Later than `after` (milliseconds), at positions in these areas and what lies inside them. */
export const announcedIn = (
  areas: readonly string[],
  after: number,
  more: { readonly order: 'oldest' | 'newest'; readonly limit: number; readonly class?: string },
): Read<readonly Row<Announcement>[]> => {
  const { class: only, ...rest } = more;
  const where = { area: { within: areas }, at: { above: after }, ...(only === undefined ? {} : { class: only }) };
  return select('announcements', { where, ...rest });
};

/** Episodes that asked for somebody at these positions after that time (milliseconds), newest first. */
export const announcedSince = (
  positions: readonly string[],
  after: number,
  limit?: number,
): Read<readonly Row<Announcement>[]> =>
  select('announcements', {
    where: { area: { in: positions }, at: { above: after } },
    ...(limit === undefined ? {} : { limit }),
  });
