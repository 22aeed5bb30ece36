/** What each event makes of a condition: one line of the table per event. */
import type { Recorded } from '../../kernel/event.ts';
import type { Evolve } from '../../kernel/feature.ts';
import { type ConditionState, type events, MOST_COUNTED } from './contract.ts';

/** How many ended episodes are remembered; a replay older than these is older than its start time too. */
const REMEMBERED = 64;

export const evolve: Evolve<ConditionState, typeof events> = {
  'alarm.activated': (state, event) => ({
    ...state,
    ...begun(event),
    ...heard(state, event.body),
    ...activatedOnce(state, event),
    position: event.body.position ?? null,
    watched: true,
  }),
  'alarm.reported': (state, event) => ({ ...state, ...begun(event), ...heard(state, event.body), watched: false }),
  'alarm.reactivated': (state, event) => {
    const { body, occurredAt } = event;
    return {
      ...state,
      ...heard(state, body),
      ...activatedOnce(state, event),
      keys: body.occurrenceKey === null ? state.keys : [...state.keys, body.occurrenceKey].slice(-REMEMBERED),
      activations: body.activations,
      priority: body.priority,
      value: body.value,
      activeSince: occurredAt,
      clearedAt: null,
      clearCause: null,
      closesAt: null,
      // A new activation asks for a new acknowledgement only when it is worse than before.
      status: state.status === 'ACKED' && body.priority >= state.priority ? 'ACKED' : 'UNACK',
    };
  },
  'alarm.announced': (state, { body, receivedAt }) => ({
    ...state,
    held: body.held ?? null,
    announcedAt: state.announcedAt ?? receivedAt,
    position: body.position ?? state.position,
  }),
  'alarm.held': (state, { body }) => ({ ...state, held: body.held }),
  'alarm.cleared': (state, { body, occurredAt }) => ({
    ...state,
    ...heard(state, body),
    status: state.status === 'ACKED' ? 'NORM' : 'RTNUN',
    ended: [...state.ended, ...state.keys].slice(-REMEMBERED),
    keys: [],
    clearedAt: occurredAt,
    clearCause: body.clearCause,
    closesAt: body.closesAt ?? null,
    held: null,
    fleeting: state.fleeting + (body.fleeting ? 1 : 0),
    standsAt: null,
    standing: false,
  }),
  'alarm.chattering': (state, { body: { count, since, quietMinutes } }) => ({
    ...state,
    chattering: { count, since, quietMinutes },
  }),
  // What it did before the quiet does not make the next one chatter.
  'alarm.joined': (state) => state,
  'alarm.unjoined': (state) => state,
  'alarm.quietened': (state) => ({ ...state, chattering: null, recent: [] }),
  'alarm.standing': (state) => ({ ...state, standing: true, standsAt: null }),
  'alarm.acknowledged': (state) => ({ ...state, status: state.status === 'UNACK' && state.watched ? 'ACKED' : 'NORM' }),
  'alarm.acknowledged_at_machine': (state, { body, occurredAt }) => ({
    ...state,
    ...heard(state, body),
    ackedAtMachine: occurredAt,
  }),
  // Of a condition that never was active, the line is all there is to show.
  'alarm.noted': (state, { body, occurredAt }) => ({
    ...state,
    ...(state.occurrence === null ? shown(body) : {}),
    ...heard(state, body),
    notedAt: occurredAt,
  }),
  'alarm.shelving_requested': (state, event) => ({ ...state, shelvingAsked: shelvingOf(event) }),
  'alarm.shelving_lapsed': (state) => ({ ...state, shelvingAsked: null }),
  'alarm.shelved': (state, event) => {
    const { requested } = event.body;
    const second = requested ? { ...requested, confirmedBy: event.actor.id } : {};
    return { ...state, shelvingAsked: null, shelved: { ...shelvingOf(event), ...second } };
  },
  'alarm.unshelved': (state) => ({ ...state, shelved: null }),
  'alarm.taken_out_of_service': (state, { body: { permit, reason = '' }, actor, receivedAt }) => ({
    ...state,
    shelvingAsked: null,
    outOfService: { by: actor.id, permit, reason, since: receivedAt },
  }),
  'alarm.returned_to_service': (state) => ({ ...state, outOfService: null }),
};

const shelvingOf = ({
  body: { until, oneShot, reason = '' },
  actor,
}: Recorded<{ readonly until: string; readonly oneShot: boolean }>) => ({
  until,
  oneShot,
  reason,
  by: actor.id,
  confirmedBy: null,
});

/** Keys of the messages that made something new, so that a replay does not. */
const heard = (
  state: ConditionState,
  { messageKey }: { readonly messageKey: string | null },
): { messages: readonly string[] } => ({
  messages: messageKey === null ? state.messages : [...state.messages, messageKey].slice(-2 * REMEMBERED),
});

type Shown = Pick<
  ConditionState,
  | ('title' | 'conditionKey' | 'severity' | 'class' | 'text' | 'priority')
  | ('area' | 'equipment' | 'value' | 'unit' | 'integration')
>;
interface Signal extends Shown {
  readonly occurrence: string;
  readonly occurrenceKey: string | null;
}

/** What the sender says of the thing. */
const shown = (body: Shown): Shown => ({
  conditionKey: body.conditionKey,
  title: body.title,
  text: body.text,
  priority: body.priority,
  class: body.class,
  severity: body.severity,
  area: body.area,
  equipment: body.equipment,
  value: body.value,
  unit: body.unit,
  integration: body.integration,
});

function begun({ seq, body, occurredAt, receivedAt }: Recorded<Signal>): Partial<ConditionState> {
  return {
    ...shown(body),
    occurrence: body.occurrence,
    begun: seq,
    begunAt: occurredAt,
    status: 'UNACK',
    keys: body.occurrenceKey === null ? [] : [body.occurrenceKey],
    activations: 1,
    activeSince: occurredAt,
    clearedAt: null,
    clearCause: null,
    closesAt: null,
    held: null,
    announcedAt: receivedAt,
    standsAt: null,
    standing: false,
    ackedAtMachine: null,
  };
}

type Activation = Recorded<{
  readonly held?: ConditionState['held'] | undefined;
  readonly standsAt?: string | undefined;
}>;

/** No later than it was heard: a sender's clock may run ahead. */
const timeOf = ({ occurredAt, receivedAt }: Pick<Recorded, 'occurredAt' | 'receivedAt'>): number =>
  Math.min(Date.parse(occurredAt), Date.parse(receivedAt));

/** What every activation does, whether an episode begins with it or not. */
function activatedOnce(state: ConditionState, event: Activation): Partial<ConditionState> {
  const { held = null, standsAt = null } = event.body;
  const asks = held === null || held.by === 'flood';
  const before = event.type === 'alarm.activated' ? null : state.announcedAt;
  const { chattering } = state;
  return {
    held,
    announcedAt: before ?? (asks ? event.receivedAt : null),
    standsAt,
    standing: false,
    ackedAtMachine: null,
    recent: [...state.recent, timeOf(event)].slice(-MOST_COUNTED),
    chattering: chattering && { ...chattering, count: chattering.count + 1 },
  };
}
