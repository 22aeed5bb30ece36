/**
 * The condition's state machine. Order of the messages is not trusted: a repeat, a retry and a replay make nothing new, a clear that was
 * never sent shows as a re-activation, and a clear never touches a task.
 */
import { unlessStored } from '../../kernel/evidence.ts';
import type { Ask, Decide, Evolve, ReadTable } from '../../kernel/feature.ts';
import type { Fact } from '../../kernel/event.ts';
import { derivedId } from '../../kernel/ids.ts';
import { filesAmong } from '../../kernel/read.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { commands, ConditionState, events, Transition } from './contract.ts';

export const initial: ConditionState = {
  status: 'NORM',
  conditionKey: '',
  integration: null,
  occurrence: null,
  begun: 0,
  keys: [],
  ended: [],
  messages: [],
  activations: 0,
  title: '',
  text: null,
  priority: 'P3',
  severity: '',
  area: null,
  equipment: null,
  value: null,
  unit: null,
  activeSince: null,
  clearedAt: null,
  clearCause: null,
  watched: true,
};

/** How many ended episodes are remembered; a replay older than these is older than its start time too. */
const REMEMBERED = 64;

export const isActive = (state: ConditionState): boolean => state.status === 'UNACK' || state.status === 'ACKED';

interface Observed {
  readonly integration: string;
  readonly delivery: string;
  readonly transition: Transition;
}

const known = (state: ConditionState, key: string | null): boolean =>
  key !== null && (state.keys.includes(key) || state.ended.includes(key));
/** A message about a time before what we know already: stored with its delivery, no news. */
const isStale = (state: ConditionState, at: string): boolean => {
  const latest = isActive(state) ? state.activeSince : state.clearedAt;
  return latest !== null && at < latest;
};

const OBSERVE: Readonly<Record<Transition['kind'], (state: ConditionState, ask: Ask<Observed>) => Fact[]>> = {
  active(state, ask) {
    const { transition: t, integration } = ask.input;
    if (known(state, t.occurrenceKey) || isStale(state, t.at)) return [];
    const { kind: _kind, clearCause: _cause, at: _at, ...shown } = t;
    if (isActive(state)) {
      // Without a key for the episode, "active" again says nothing new.
      if (t.occurrenceKey === null) return [];
      const body = { ...shown, occurrence: state.occurrence, integration, activations: state.activations + 1 };
      return [{ type: 'alarm.reactivated', body, upstream: reportedBy(ask) }];
    }
    const occurrence = derivedId('occurrence', ask.subject.id, t.occurrenceKey ?? ask.input.delivery, t.at);
    return [{ type: 'alarm.activated', body: { ...shown, occurrence, integration }, upstream: reportedBy(ask) }];
  },
  cleared(state, ask) {
    const { transition: t } = ask.input;
    const isCurrent = t.occurrenceKey === null || state.keys.at(-1) === t.occurrenceKey;
    if (!isActive(state) || !isCurrent || t.at < (state.activeSince ?? '')) return [];
    const body = {
      occurrence: state.occurrence,
      occurrenceKey: t.occurrenceKey,
      messageKey: t.messageKey,
      clearCause: t.clearCause ?? 'unknown',
    };
    return [{ type: 'alarm.cleared', body, upstream: reportedBy(ask) }];
  },
  acked: () => [],
  info: () => [],
};

const reportedBy = (ask: Ask<Observed>) => [{ kind: 'delivery', id: ask.input.delivery, rel: 'reported_by' as const }];

export const reads = {
  report: ({ input }) => ({ files: filesAmong(input.evidence) }),
} satisfies ReadTable<ConditionState, typeof commands>;

export const decide: Decide<ConditionState, typeof commands, typeof reads> = {
  observe: (state, ask) => {
    const { kind, messageKey } = ask.input.transition;
    return messageKey !== null && state.messages.includes(messageKey) ? [] : OBSERVE[kind](state, ask);
  },
  report: (_state, { input, id, subject }, seen) => {
    const { text, area, equipment = null, priority, class: taskClass, evidence } = input;
    const body = {
      occurrence: id(),
      occurrenceKey: null,
      messageKey: null,
      severity: 'reported',
      priority,
      class: taskClass,
      area,
      equipment,
      title: firstSentence(text),
      text,
      value: null,
      unit: null,
      links: [],
      integration: null,
      conditionKey: subject.id,
      ...(evidence.length ? { evidence } : {}),
    };
    return unlessStored(evidence, seen.files) ?? [{ type: 'alarm.reported', body }];
  },
  acknowledge: (state, { input: { observedSeq = Infinity } }) => {
    if (state.begun > observedSeq)
      return refuse('transition-not-allowed', 'Another episode has begun since: look at that one and acknowledge it.');
    return (state.status === 'UNACK' || state.status === 'RTNUN') && state.occurrence
      ? [{ type: 'alarm.acknowledged', body: { occurrence: state.occurrence } }]
      : refuse(
          'transition-not-allowed',
          'There is nothing to acknowledge: the alarm is not active, or somebody has acknowledged it.',
        );
  },
};

/** A title of at most 120 characters from what somebody wrote. */
export function firstSentence(text: string): string {
  const line = text.trim().split('\n')[0]!.trim();
  const sentence = /^.{3,119}?[.!?](?=\s|$)/u.exec(line)?.[0].replace(/[.]$/, '') ?? line;
  return sentence.length <= 120 ? sentence : `${[...sentence].slice(0, 119).join('')}…`;
}

/** Keys of the messages that made something new, so that a replay does not. */
const heard = (
  state: ConditionState,
  { messageKey }: { readonly messageKey: string | null },
): { messages: readonly string[] } => ({
  messages: messageKey === null ? state.messages : [...state.messages, messageKey].slice(-2 * REMEMBERED),
});

export const evolve: Evolve<ConditionState, typeof events> = {
  'alarm.activated': (state, { seq, body, occurredAt }) => ({
    ...state,
    ...begun(body),
    ...heard(state, body),
    begun: seq,
    status: 'UNACK',
    activeSince: occurredAt,
    watched: true,
  }),
  'alarm.reported': (state, { seq, body, occurredAt }) => ({
    ...state,
    ...begun(body),
    ...heard(state, body),
    begun: seq,
    status: 'UNACK',
    activeSince: occurredAt,
    watched: false,
  }),
  'alarm.reactivated': (state, { body, occurredAt }) => ({
    ...state,
    ...heard(state, body),
    keys: body.occurrenceKey === null ? state.keys : [...state.keys, body.occurrenceKey].slice(-REMEMBERED),
    activations: body.activations,
    priority: body.priority,
    value: body.value,
    activeSince: occurredAt,
    // A new activation asks for a new acknowledgement only when it is worse than before.
    status: state.status === 'ACKED' && body.priority >= state.priority ? 'ACKED' : 'UNACK',
  }),
  'alarm.announced': (state) => state,
  'alarm.cleared': (state, { body, occurredAt }) => ({
    ...state,
    ...heard(state, body),
    status: state.status === 'ACKED' ? 'NORM' : 'RTNUN',
    ended: [...state.ended, ...state.keys].slice(-REMEMBERED),
    keys: [],
    clearedAt: occurredAt,
    clearCause: body.clearCause,
  }),
  'alarm.acknowledged': (state) => ({ ...state, status: state.status === 'UNACK' && state.watched ? 'ACKED' : 'NORM' }),
};

function begun(
  body: { [K in 'occurrence' | 'title' | 'conditionKey' | 'severity']: string } & Pick<
    ConditionState,
    'text' | 'priority' | 'area' | 'equipment' | 'value' | 'unit' | 'integration'
  > & { readonly occurrenceKey: string | null },
): Partial<ConditionState> {
  const {
    occurrence,
    occurrenceKey,
    conditionKey,
    title,
    text,
    priority,
    severity,
    area,
    equipment,
    value,
    unit,
    integration,
  } = body;
  return {
    occurrence,
    conditionKey,
    title,
    text,
    priority,
    severity,
    area,
    equipment,
    value,
    unit,
    integration,
    keys: occurrenceKey === null ? [] : [occurrenceKey],
    activations: 1,
    clearedAt: null,
    clearCause: null,
  };
}
