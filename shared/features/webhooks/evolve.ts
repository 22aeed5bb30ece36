import type { Recorded } from '../../kernel/event.ts';
import type { Evolve } from '../../kernel/feature.ts';
import { MOST_ORDERS, type events, type Order, type WebhookState } from './contract.ts';

export const initial: WebhookState = {
  url: '',
  types: [],
  name: '',
  area: null,
  status: 'active',
  hash: '',
  earlier: [],
  orders: [],
  problem: null,
};

const ordered = (state: WebhookState, order: Order): WebhookState['orders'] =>
  [...state.orders, order].slice(-MOST_ORDERS);

interface Trouble {
  readonly seq: number;
  readonly status: number | null;
  readonly problem: string;
}

const problemOf = ({ receivedAt, body: { seq, status, problem } }: Recorded<Trouble>): WebhookState['problem'] => ({
  at: receivedAt,
  seq,
  status,
  says: problem,
});

export const evolve: Evolve<WebhookState, typeof events> = {
  'webhook.created': (state, { body: { url, types, name, area, hash } }) => ({
    ...state,
    url,
    types,
    name,
    area,
    hash,
  }),
  'webhook.rotated': (state, { receivedAt, body: { hash, previous, previousUntil } }) => ({
    ...state,
    hash,
    earlier: [...state.earlier.filter(({ until }) => until > receivedAt), { hash: previous, until: previousUntil }],
  }),
  'webhook.paused': (state) => ({ ...state, status: 'paused' }),
  'webhook.resumed': (state, { seq }) => ({
    ...state,
    status: 'active',
    problem: null,
    orders: ordered(state, { seq, what: 'resume' }),
  }),
  'webhook.retired': (state) => ({ ...state, status: 'retired' }),
  'webhook.redelivery_asked': (state, { seq, body: { event, since } }) => ({
    ...state,
    orders: ordered(state, event === null ? { seq, what: 'since', since: since ?? '' } : { seq, what: 'event', event }),
  }),
  'webhook.disabled': (state, event) => ({ ...state, status: 'disabled', problem: problemOf(event) }),
  'webhook.failing': (state, event) => ({ ...state, status: 'failing', problem: problemOf(event) }),
};
