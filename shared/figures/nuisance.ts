/** Alarms that help nobody: the loudest ones, and those that chatter, flit past, or stand for days (ISA-18.2, EEMUA 191). */
import { activeAlarmsIn, occurrencesAmong, type ConditionState, type Occurrence } from '../features/alarms/contract.ts';
import type { FeedEvent } from '../kernel/ledger.ts';
import { select, type Row } from '../kernel/read.ts';
import { isAnnunciated, type Annunciated } from './alarm-rates.ts';
import { concerns, DAY, isInside, listed, MINUTE, portions, share, type Part, type Scope } from './figure.ts';

const TOP = 10;
/** Activations that make an alarm chatter: so many within so long (the values that are common for screening). */
const CHATTER = [
  { many: 3, within: MINUTE },
  { many: 10, within: 60 * MINUTE },
] as const;
const MOST_REMEMBERED = 10;

interface Loud {
  title: string;
  count: number;
  fleeting: number;
  isChattering: boolean;
  /** Of the latest activations. */
  times: readonly number[];
}

export function nuisance(scope: Scope): Part {
  const conditions = new Map<string, Loud>();
  const active = new Map<string, number>();
  /** Cleared episodes of which nobody heard the beginning. */
  const older = new Map<string, { readonly condition: string; readonly clearedAt: number }>();
  const standing = new Set<string>();
  const end = Math.min(scope.to, scope.now);

  const loudOf = (id: string): Loud => {
    const known = conditions.get(id) ?? { title: '', count: 0, fleeting: 0, isChattering: false, times: [] };
    conditions.set(id, known);
    return known;
  };
  /** Longer than a day without an end, at some moment of the time asked for. */
  function note(condition: string, since: number, until: number): void {
    if (until > scope.from && since + DAY < Math.min(until, end)) standing.add(condition);
  }

  function activated({ subject: { id }, body }: FeedEvent, at: number): void {
    const loud = loudOf(id);
    loud.title = (body as unknown as Annunciated).title ?? loud.title;
    loud.times = [...loud.times, at].slice(-MOST_REMEMBERED);
    active.set(id, at);
    const { times } = loud;
    if (isInside(scope, at))
      loud.isChattering ||= CHATTER.some(
        ({ many, within }) => times.filter((one) => one > at - within && one <= at).length >= many,
      );
  }

  function cleared({ subject: { id }, body }: FeedEvent, at: number): void {
    const since = active.get(id);
    active.delete(id);
    const { occurrence, fleeting } = body as { readonly occurrence?: string; readonly fleeting?: boolean };
    if (fleeting && isInside(scope, at)) loudOf(id).fleeting += 1;
    if (since !== undefined) note(id, since, at);
    else if (occurrence !== undefined && at > scope.from) older.set(occurrence, { condition: id, clearedAt: at });
  }

  return {
    hear(event, at) {
      if (!concerns(scope, event.area)) return;
      if (event.type === 'alarm.activated' || event.type === 'alarm.reactivated') activated(event, at);
      if (event.type === 'alarm.cleared') cleared(event, at);
      if (event.type === 'alarm.chattering' && isInside(scope, at)) loudOf(event.subject.id).isChattering = true;
      if (isAnnunciated(event) && isInside(scope, at)) loudOf(event.subject.id).count += 1;
    },
    reads: () => [
      ...portions([...older.keys()], 500).map(occurrencesAmong),
      ...(scope.areas.length
        ? scope.areas.map(activeAlarmsIn)
        : [select<ConditionState>('alarms', { where: { active: 1 } })]),
    ],
    learn(rows) {
      for (const { key, value } of rows as readonly Row<Occurrence | ConditionState>[]) {
        if ('startedAt' in value) {
          const { condition, clearedAt } = older.get(key)!;
          note(condition, Date.parse(value.startedAt), clearedAt);
        } else if (value.activeSince !== null) note(key, Date.parse(value.activeSince), Infinity);
      }
    },
    figures() {
      // Still active when the events that were read end.
      for (const [condition, since] of active) note(condition, since, Infinity);
      const loud = [...conditions].filter(([, { count }]) => count > 0);
      const total = loud.reduce((sum, [, { count }]) => sum + count, 0);
      const top = loud
        .sort(([a, one], [b, other]) => other.count - one.count || (a < b ? -1 : 1))
        .slice(0, TOP)
        .map(([condition, { title, count }]) => ({ condition, title, count, share: count / total }));
      const ids = (test: (loud: Loud) => boolean) => [...conditions].filter(([, one]) => test(one)).map(([id]) => id);
      const chattering = ids(({ isChattering }) => isChattering);
      const fleeting = ids(({ fleeting: many }) => many > 0);
      return [
        {
          key: 'top_alarms',
          title: 'The ten loudest alarms',
          values: {
            share: share(
              top.reduce((sum, { count }) => sum + count, 0),
              total,
            ),
          },
          ...{ unit: 'share', n: total, of: 'alarms' },
          target: 'at most 1 to 5 %, with action plans (ISA-18.2)',
          definition: 'Share of the ten conditions with the most annunciated alarms.',
          behind: { conditions: top },
        },
        {
          key: 'nuisance_alarms',
          title: 'Chattering, fleeting and standing alarms',
          values: { chattering: chattering.length, fleeting: fleeting.length, standing: standing.size },
          ...{ unit: 'conditions', n: conditions.size, of: 'conditions' },
          target: 'chattering and fleeting 0; standing fewer than 5 on any day, with action plans (ISA-18.2)',
          definition:
            'Chattering: 3 activations within 1 minute or 10 within 60. Fleeting: gone again before its delay was over. Standing: active for more than 24 hours.',
          behind: { chattering: listed(chattering), fleeting: listed(fleeting), standing: listed([...standing]) },
        },
      ];
    },
  };
}
