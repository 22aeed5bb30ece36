/** What each event makes of an incident. */
import type { Recorded } from '../../kernel/event.ts';
import type { Evolve } from '../../kernel/feature.ts';
import type { events, Happening, IncidentState } from './contract.ts';
import { beginning, withAlarm } from './flood.ts';

export const initial: IncidentState = {
  title: '',
  text: null,
  kind: 'manual',
  status: 'open',
  area: '',
  equipment: null,
  priority: 'P2',
  class: null,
  line: null,
  rule: null,
  openedAt: '',
  openedBy: { kind: 'user', id: '' },
  firstOut: null,
  flood: null,
  items: [],
  happened: [],
  resolution: null,
  resolvedIn: null,
};

const byOf = ({ actor }: Pick<Recorded, 'actor'>) => ({ kind: actor.kind, id: actor.onBehalfOf ?? actor.id });

/** One more line of what happened; its own words, else the reason that was given. */
function told(event: Recorded<object>, text: string | null): Happening {
  const { seq, type, occurredAt: at, recordedAt, body } = event;
  const { flags = [], waiting, reason } = body;
  return {
    ...{ seq, at, recordedAt, by: byOf(event), what: type.slice('incident.'.length), text: text ?? reason ?? null },
    ...(flags.length ? { flags } : {}),
    ...(waiting ? { waiting } : {}),
  };
}
const and = (state: IncidentState, event: Recorded<object>, text: string | null): readonly Happening[] => [
  ...state.happened,
  told(event, text),
];

export const evolve: Evolve<IncidentState, typeof events> = {
  'incident.opened': (state, event) => {
    const { text, kind, end, ...shown } = event.body;
    const { title, area, equipment, priority, class: taskClass, line, rule, firstOut } = shown;
    return {
      ...state,
      ...{ title, text, kind, area, equipment, priority, class: taskClass, line, rule, firstOut },
      openedAt: event.occurredAt,
      openedBy: byOf(event),
      flood: kind === 'flood' ? beginning(event.receivedAt, end) : null,
      happened: and(state, event, rule ?? text),
    };
  },
  'incident.joined': (state, event) => {
    const { seq, occurredAt: at, recordedAt, receivedAt, body } = event;
    const { item, condition, title } = body;
    const isAlarm = item.kind === 'occurrence';
    return {
      ...state,
      items: [...state.items, { ...item, condition, title, at, recordedAt, by: byOf(event), seq }],
      flood: state.flood && isAlarm ? withAlarm(state.flood, receivedAt) : state.flood,
    };
  },
  'incident.unjoined': (state, event) => {
    const { item } = event.body;
    const gone = state.items.find(({ kind, id }) => kind === item.kind && id === item.id);
    const why = [gone?.title, event.body.reason].filter(Boolean).join(': ');
    return {
      ...state,
      items: state.items.filter((one) => one !== gone),
      happened: and(state, event, why || null),
    };
  },
  'incident.noted': (state, event) => ({ ...state, happened: and(state, event, event.body.text) }),
  'incident.missed': (state) => state,
  'incident.flood_ended': (state, event) => {
    const { joined, stillActive } = event.body;
    const text = `${joined} ${joined === 1 ? 'alarm' : 'alarms'}, ${stillActive} still active`;
    return {
      ...state,
      flood: state.flood && { ...state.flood, endedAt: event.occurredAt },
      happened: and(state, event, text),
    };
  },
  'incident.resolved': (state, event) => {
    const { text, cause, acknowledgedAt, finishedAt } = event.body;
    return {
      ...state,
      status: 'resolved',
      resolution: { by: event.actor.id, at: event.occurredAt, text, cause, acknowledgedAt, finishedAt },
      resolvedIn: event.shift,
      happened: and(state, event, text),
    };
  },
};

/** What was true for its device but not here: one more line, and nothing else. */
export function aside(state: IncidentState, event: Recorded): IncidentState {
  const { text = null } = event.body as { readonly text?: string | null };
  return { ...state, happened: and(state, event, text) };
}
