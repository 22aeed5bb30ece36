/**
 * What one message of a sender makes of a condition. Order of the messages is not trusted: a repeat, a retry and a replay make nothing
 * new, a clear that was never sent shows as a re-activation, and a clear never touches a task.
 */
import type { Ask } from '../../kernel/feature.ts';
import type { Fact } from '../../kernel/event.ts';
import { derivedId } from '../../kernel/ids.ts';
import type { Row } from '../../kernel/read.ts';
import { utc } from '../../kernel/schema.ts';
import { equipmentCalled, type Alias } from '../equipment/contract.ts';
import type { IntegrationState } from '../integrations/contract.ts';
import { aroundReads, aroundSeen, settingsReads, settingsSeen, settled, type Seen, type Subjected } from './around.ts';
import { type ConditionState, isActive, isOn, quietAt, type Transition } from './contract.ts';
import { namesOf, placeOf, type Place } from './place.ts';
import { judge } from './rules/judge.ts';
import { chatters } from './rules/chattering.ts';
import type { Around, Situation } from './rules/rule.ts';
import { announced, nowOf, reviewed, situationOf, stateReads, furtherStateReads } from './verdict.ts';

interface Observed {
  readonly integration: string;
  readonly delivery: string;
  readonly transition: Transition;
}
type Asked = Ask<Observed>;

const known = (state: ConditionState, key: string | null): boolean =>
  key !== null && (state.keys.includes(key) || state.ended.includes(key));
/** A message about a time before what we know already: stored with its delivery, no news. */
const isStale = (state: ConditionState, at: string): boolean => {
  const latest = isActive(state) ? state.activeSince : state.clearedAt;
  return latest !== null && at < latest;
};
/** A clear is provisional for a while. */
const isBack = (state: ConditionState, at: string): boolean =>
  state.watched && state.occurrence !== null && state.closesAt !== null && at < state.closesAt;

/** Whether the message says anything that is not on record; a storm repeats itself, and is answered from the condition alone. */
const NEWS: Readonly<Record<Transition['kind'], (state: ConditionState, t: Transition) => boolean>> = {
  active: (state, t) =>
    !known(state, t.occurrenceKey) &&
    !isStale(state, t.at) &&
    // Without a key for the episode, "active" again says nothing new.
    !(isActive(state) && t.occurrenceKey === null),
  cleared: (state, t) =>
    isActive(state) &&
    (t.occurrenceKey === null || state.keys.at(-1) === t.occurrenceKey) &&
    t.at >= (state.activeSince ?? ''),
  acked: (state) => isOn(state) && state.ackedAtMachine === null,
  info: (state, t) => t.messageKey !== null || state.notedAt === null || t.at > state.notedAt,
};

const isNews = (state: ConditionState, { transition: t }: Observed): boolean =>
  !(t.messageKey !== null && state.messages.includes(t.messageKey)) && NEWS[t.kind](state, t);

const reportedBy = (ask: Asked) => [{ kind: 'delivery', id: ask.input.delivery, rel: 'reported_by' as const }];

/** Its delay was over before it cleared, and nobody had looked at the clock. */
const isOverdue = (state: ConditionState, { at }: Transition): boolean =>
  state.held?.by === 'delay' && state.held.until !== null && at >= state.held.until;

const placed = (ask: Asked, seen: Seen): Place => {
  const [integration] = (seen['own'] ?? []) as readonly Row<IntegrationState>[];
  const names = (seen['names'] ?? []) as readonly Row<Alias>[];
  return settled(placeOf(ask.input.transition, integration?.value.area ?? null, names), seen);
};
const judgedOf = (state: ConditionState, ask: Asked): Subjected => ({
  occurrence: isBack(state, ask.input.transition.at) || isActive(state) ? state.occurrence : null,
  conditionKey: ask.input.transition.conditionKey,
  integration: ask.input.integration,
  now: nowOf(ask),
});

export function observeReads(ask: Asked, state: ConditionState) {
  const { transition: t, integration } = ask.input;
  if (!isNews(state, ask.input) || t.kind === 'acked') return {};
  if (t.kind === 'cleared') return stateReads(ask, state);
  const { integration: own } = settingsReads({ area: null, equipment: null }, integration);
  return { own: own!, names: equipmentCalled(namesOf(t)) };
}

/** Asked again until it names nothing new: the place first, then its settings, then what stands around it. */
export function furtherObserveReads(ask: Asked, state: ConditionState, seen: Seen) {
  const { transition: t, integration } = ask.input;
  if ('own' in seen) {
    const place = placed(ask, seen);
    return 'areas' in seen && t.kind === 'active'
      ? aroundReads(place, judgedOf(state, ask), seen)
      : settingsReads(place, integration);
  }
  return 'areas' in seen && isOverdue(state, t) ? furtherStateReads(ask, state, seen) : {};
}

export function observe(state: ConditionState, ask: Asked, seen: Seen): Fact[] {
  return isNews(state, ask.input) ? OBSERVE[ask.input.transition.kind](state, ask, seen) : [];
}

type Making = (state: ConditionState, ask: Asked, seen: Seen) => Fact[];

const OBSERVE: Readonly<Record<Transition['kind'], Making>> = {
  active(before, ask, seen) {
    const now = nowOf(ask);
    const quiet = quietAt(before);
    const isQuietened = quiet !== null && now >= quiet;
    const state = isQuietened ? { ...before, chattering: null, recent: [] } : before;
    const place = placed(ask, seen);
    const around = aroundSeen(place, judgedOf(state, ask), seen);
    const since = Math.min(Date.parse(ask.input.transition.at), now);
    const onset = state.chattering ? null : chatters([...state.recent, since], around.settings);
    const situation = activated(state, ask, around, { since, chattering: onset ?? state.chattering });
    const held = judge(situation);
    const facts = [activation(state, ask, place, around, since, held)];
    if (onset) facts.push(fact('alarm.chattering', { occurrence: occurrenceOf(state, ask), ...onset }));
    // One announcement stands for all that it will do.
    if (onset && held?.by === 'chattering') {
      const then = judge({ ...situation, chattering: null, delayUntil: now });
      const shown = { ...state, ...shownBy(ask, place), occurrence: occurrenceOf(state, ask) };
      const { type, body } = announced(shown, around, 'chattering', then);
      facts.push(fact(type, { ...body, chattering: onset.count }));
    }
    return isQuietened ? [quietened(before), ...facts] : facts;
  },
  cleared(state, ask, seen) {
    const { transition: t } = ask.input;
    const isUnheard = state.held?.by === 'delay';
    const waited = isUnheard && isOverdue(state, t);
    const { offDelay } = settingsSeen(seen);
    const body = {
      occurrence: state.occurrence,
      occurrenceKey: t.occurrenceKey,
      messageKey: t.messageKey,
      clearCause: t.clearCause ?? 'unknown',
      ...(isUnheard && !waited ? { fleeting: true } : {}),
      ...(state.watched ? { closesAt: utc(Date.parse(t.at) + offDelay * 1000) } : {}),
    };
    return [
      ...(waited ? reviewed(state, ask, seen, 'delay', { delayUntil: nowOf(ask) }) : []),
      { type: 'alarm.cleared', body, upstream: reportedBy(ask) },
      ...(state.shelved?.oneShot ? [fact('alarm.unshelved', { how: 'cleared' })] : []),
    ];
  },
  acked: (state, ask) => [
    {
      type: 'alarm.acknowledged_at_machine',
      body: { occurrence: state.occurrence, messageKey: ask.input.transition.messageKey },
      upstream: reportedBy(ask),
    },
  ],
  info: (_state, ask, seen) => [
    { type: 'alarm.noted', body: shownBy(ask, placed(ask, seen)), upstream: reportedBy(ask) },
  ],
};

const fact = (type: string, body: Fact['body']): Fact => ({ type, body });
export const quietened = ({ occurrence, chattering }: ConditionState): Fact =>
  fact('alarm.quietened', { occurrence, count: chattering?.count ?? 0 });

/** The same episode goes on, or came back while its clear was provisional; else a new one begins. */
const occurrenceOf = (state: ConditionState, { subject, input: { transition: t, delivery } }: Asked): string =>
  state.occurrence !== null && (isActive(state) || isBack(state, t.at))
    ? state.occurrence
    : derivedId('occurrence', subject.id, t.occurrenceKey ?? delivery, t.at);

function activated(state: ConditionState, ask: Asked, around: Around, more: Partial<Situation>): Situation {
  const { transition: t } = ask.input;
  const goesOn = isOn(state);
  return {
    ...situationOf(state, ask, around),
    priority: t.priority,
    isQuiet: t.quiet === true,
    // A delay that runs is not begun anew; who asks already, or has asked, needs none.
    delayUntil: goesOn ? (state.held?.by === 'delay' ? Date.parse(state.held.until ?? ask.now) : nowOf(ask)) : null,
    ...more,
  };
}

const shownBy = ({ input: { transition, integration } }: Asked, place: Place) => {
  const { kind: _kind, clearCause: _cause, at: _at, quiet: _quiet, names: _names, ...shown } = transition;
  return { ...shown, integration, ...place };
};

function activation(
  state: ConditionState,
  ask: Asked,
  place: Place,
  { settings, position }: Around,
  since: number,
  held: ReturnType<typeof judge>,
): Fact {
  const occurrence = occurrenceOf(state, ask);
  const body = {
    ...shownBy(ask, place),
    occurrence,
    position,
    standsAt: utc(since + settings.standingHours * 3_600_000),
    ...(held ? { held } : {}),
  };
  const upstream = reportedBy(ask);
  return occurrence === state.occurrence
    ? { type: 'alarm.reactivated', body: { ...body, activations: state.activations + 1 }, upstream }
    : { type: 'alarm.activated', body, upstream };
}
