/**
 * How many alarms ask for a person (ISA-18.2 / IEC 62682, EEMUA 191). Counted is what is annunciated: an activation that no rule holds, or
 * one that is announced later; in a flood also what becomes an item of the flood, because the panel showed it. Periods are the ten minutes
 * of the clock in UTC, so that the figures of two adjacent times add up; a period that begins before the time, or ends after it, is told whole.
 */
import type { FeedEvent } from '../kernel/ledger.ts';
import type { Priority } from '../kernel/work.ts';
import { dutyOf } from './duty.ts';
import { concerns, isInside, MINUTE, share, type Figure, type Part, type Scope } from './figure.ts';

const PERIOD = 10 * MINUTE;
/** A flood begins in a period with more alarms than this, and ends in the first with fewer than END (EEMUA 191, ISA-18.2). */
const FLOOD_ABOVE = 10;
const FLOOD_END = 5;

export interface Annunciated {
  readonly priority: Priority;
  readonly title?: string;
  readonly held?: { readonly by: string };
}

const ANNUNCIATES: readonly string[] = ['alarm.activated', 'alarm.reactivated', 'alarm.announced'];

export function isAnnunciated({ type, body }: Pick<FeedEvent, 'type' | 'body'>): boolean {
  const { held } = body as unknown as Annunciated;
  return ANNUNCIATES.includes(type) && (held === undefined || held.by === 'flood');
}

export function alarmRates(scope: Scope): Part {
  const periods = new Map<number, number>();
  const priorities: Record<Priority, number> = { P1: 0, P2: 0, P3: 0, P4: 0 };
  const duty = dutyOf(scope);
  const end = Math.min(scope.to, scope.now);

  return {
    hear(event, at) {
      duty.hear(event, at);
      if (!isAnnunciated(event) || !concerns(scope, event.area)) return;
      const period = Math.floor(at / PERIOD);
      periods.set(period, (periods.get(period) ?? 0) + 1);
      if (isInside(scope, at)) priorities[(event.body as unknown as Annunciated).priority] += 1;
    },
    reads: () => [],
    learn: () => undefined,
    figures() {
      const first = Math.floor(scope.from / PERIOD);
      const beyond = Math.ceil(end / PERIOD);
      const inside = [...periods].filter(([at]) => at >= first && at < beyond).sort(([a], [b]) => a - b);
      const many = Object.values(priorities).reduce((sum, one) => sum + one, 0);
      const total = Math.max(0, beyond - first);
      const counts = inside.map(([, count]) => count);
      const buckets = inside.map(([at, count]) => ({ at: new Date(at * PERIOD).toISOString(), count }));
      const loud = counts.filter((count) => count > FLOOD_ABOVE).length;
      const flooded = floodsIn(periods, first, beyond);
      const operatorMs = duty.worked(scope.from, end);
      return [
        figure('alarm_rate', 'Alarm rate', '1/10min', many, 'alarms', {
          values: { mean: share(many * PERIOD, end - scope.from), peak: Math.max(0, ...counts) },
          target: 'about 1 is very likely acceptable, about 2 the most that can be managed; peak at most 10 (ISA-18.2)',
          definition: 'New annunciated alarms per 10 minutes; peak: the most in one period of 10 minutes.',
          behind: { periods: buckets },
        }),
        figure('alarm_rate_per_operator', 'Alarm rate per operator', '1/10min', many, 'alarms', {
          values: { mean: share(many * PERIOD, operatorMs) },
          target: 'about 1 is very likely acceptable, about 2 the most that can be managed (ISA-18.2)',
          definition:
            'New annunciated alarms per 10 minutes and operator on duty: crew members with the role operator, from start to close of their shift.',
          behind: { operatorHours: operatorMs / (60 * MINUTE), shifts: duty.shifts() },
        }),
        figure('periods_over_10', 'Ten-minute periods with more than 10 alarms', 'share', total, 'periods', {
          values: { share: share(loud, total), count: loud },
          target: 'less than 1 % (ISA-18.2)',
          definition: 'Periods of 10 minutes with more than 10 new annunciated alarms, of all periods.',
          behind: { periods: buckets.filter(({ count }) => count > FLOOD_ABOVE) },
        }),
        figure('time_in_flood', 'Time in flood', 'share', total, 'periods', {
          values: { share: share(flooded.length, total), minutes: flooded.length * 10 },
          target: 'less than 1 % (ISA-18.2, EEMUA 191)',
          definition:
            'From a period with more than 10 new alarms to the first with fewer than 5. A flood that began before is recognised for a day.',
          behind: { periods: flooded.map((at) => new Date(at * PERIOD).toISOString()) },
        }),
        figure('priority_distribution', 'Priorities', 'share', many, 'alarms', {
          values: Object.fromEntries(
            Object.entries(priorities).map(([priority, count]) => [priority, share(count, many)]),
          ),
          target: 'about 80 % low, 15 % medium, 5 % high, less than 1 % highest (ISA-18.2)',
          definition: 'Annunciated alarms by priority: P1 highest, P2 high, P3 medium, P4 low.',
          behind: { counts: priorities },
        }),
      ];
    },
  };
}

function floodsIn(periods: ReadonlyMap<number, number>, first: number, beyond: number): readonly number[] {
  const flooded: number[] = [];
  let isFlood = false;
  for (let at = first - 144; at < beyond; at++) {
    const count = periods.get(at) ?? 0;
    isFlood = isFlood ? count >= FLOOD_END : count > FLOOD_ABOVE;
    if (isFlood && at >= first) flooded.push(at);
  }
  return flooded;
}

const figure = (
  key: string,
  title: string,
  unit: string,
  n: number,
  of: string,
  more: Omit<Figure, 'key' | 'title' | 'unit' | 'n' | 'of'>,
): Figure => ({ key, title, unit, n, of, ...more });
