/**
 * An order's own rules. Its revision says which message is the newer one, whatever order they come in; where the sender counts none, what
 * differs from what is known is news.
 */
import type { Fact } from '../../kernel/event.ts';
import type { Ask, Decide, Evolve } from '../../kernel/feature.ts';
import { derivedId } from '../../kernel/ids.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import type { commands, Details, events, Order, OrderState } from './contract.ts';

export const initial: OrderState = {
  integration: '',
  orderId: '',
  status: 'named',
  orderType: null,
  priority: 'P3',
  area: null,
  equipment: null,
  title: '',
  requestedStart: null,
  requestedEnd: null,
  requiredRole: null,
  revision: null,
  externalStatus: null,
  task: null,
  taskRefused: null,
  releases: 0,
  reported: null,
  delivery: null,
};

interface Received {
  readonly integration: string;
  readonly delivery: string;
  readonly order: Order;
}

type Facts = readonly Omit<Fact, 'upstream'>[];

const isNew = (state: OrderState): boolean => state.orderId === '';

/** Same revision: the message was heard before, unless it takes the order back. */
function stale(state: OrderState, { revision, kind, orderId }: Order): Refusal | 'known' | undefined {
  if (revision === null || state.revision === null || revision > state.revision) return undefined;
  if (revision < state.revision)
    return refuse(
      'transition-not-allowed',
      `Revision ${revision} of order ${orderId} came after revision ${state.revision} and is ignored. Send a higher one.`,
    );
  return kind === 'cancelled' && state.status !== 'withdrawn' ? undefined : 'known';
}

const merged = (state: OrderState, { integration, order }: Received): Omit<Details, 'task'> => ({
  integration,
  orderId: order.orderId,
  revision: order.revision ?? state.revision,
  orderType: order.orderType ?? state.orderType,
  priority: order.priority ?? state.priority,
  area: order.area ?? state.area,
  equipment: order.equipment ?? state.equipment,
  title: order.title ?? (state.title || `Order ${order.orderId}`),
  requestedStart: order.requestedStart ?? state.requestedStart,
  requestedEnd: order.requestedEnd ?? state.requestedEnd,
  requiredRole: order.requiredRole ?? state.requiredRole,
  externalStatus: order.externalStatus ?? state.externalStatus,
});

const differs = (state: OrderState, said: object): boolean =>
  Object.entries(said).some(([field, value]) => state[field as keyof OrderState] !== value);

const OVER_THERE = /^(?:complete|completed|closed|done|finished|stopped|teco)$/i;

/** What each message makes of the order that it finds. */
const RECEIVE: Readonly<Record<Order['kind'], (state: OrderState, ask: Ask<Received>) => Facts>> = {
  released: (state, ask) => {
    const body = merged(state, ask.input);
    // Nobody needs to begin what is over there already.
    if (isNew(state) && OVER_THERE.test(body.externalStatus ?? '')) return RECEIVE.named(state, ask);
    // Without revisions nothing tells a release that was sent again from one that is meant again.
    if (state.status === 'withdrawn' && body.revision === state.revision) return [];
    if (state.status === 'released') return changed(state, body);
    const task = derivedId('order-task', ask.subject.id, String(state.releases + 1));
    return [{ type: 'order.released', body: { ...body, task } }];
  },
  // Of an order that was never heard of, its release was missed; one that was taken back is not given again by a change.
  changed: (state, ask) => (state.status === 'withdrawn' ? [] : RECEIVE.released(state, ask)),
  named: (state, { input: { integration, order } }) =>
    isNew(state)
      ? [{ type: 'order.named', body: { integration, orderId: order.orderId, area: order.area } }]
      : state.status === 'released'
        ? changed(state, merged(state, { integration, delivery: '', order }))
        : [],
  cancelled: (state, { input: { integration, order } }) =>
    state.status === 'withdrawn'
      ? []
      : [
          {
            type: 'order.withdrawn',
            body: {
              ...{ integration, orderId: order.orderId, task: state.task },
              revision: order.revision ?? state.revision,
              externalStatus: order.externalStatus ?? state.externalStatus,
            },
          },
        ],
};

const changed = (state: OrderState, body: Omit<Details, 'task'>): Facts =>
  differs(state, body) ? [{ type: 'order.changed', body: { ...body, task: state.task } }] : [];

export const decide: Decide<OrderState, typeof commands> = {
  receive(state, ask) {
    const { order, delivery } = ask.input;
    const old = stale(state, order);
    if (old) return old === 'known' ? [] : old;
    const upstream = [{ kind: 'delivery', id: delivery, rel: 'reported_by' as const }];
    return RECEIVE[order.kind](state, ask).map((fact) => ({ ...fact, upstream }));
  },
  noteRefused: (_state, { input: { code, detail } }) => [{ type: 'order.task_refused', body: { code, detail } }],
  report: ({ integration, orderId, reported }, { input: { status, task, note } }) =>
    reported?.status === status && note === null
      ? []
      : [{ type: 'order.status_reported', body: { integration, orderId, status, task, note } }],
};

const broughtBy = (upstream: readonly { readonly kind: string; readonly id: string }[]): string | null =>
  upstream.find(({ kind }) => kind === 'delivery')?.id ?? null;

export const evolve: Evolve<OrderState, typeof events> = {
  'order.named': (state, { body: { integration, orderId, area }, upstream }) => ({
    ...state,
    ...{ integration, orderId, area },
    title: `Order ${orderId}`,
    delivery: broughtBy(upstream),
  }),
  'order.released': (state, event) => ({
    ...known(state, event),
    status: 'released',
    taskRefused: null,
    reported: null,
    releases: state.releases + 1,
  }),
  'order.changed': (state, event) => known(state, event),
  'order.withdrawn': (state, { body: { integration, orderId, revision, externalStatus }, upstream }) => ({
    ...state,
    ...{ integration, orderId, revision, externalStatus },
    title: state.title || `Order ${orderId}`,
    status: 'withdrawn',
    delivery: broughtBy(upstream),
  }),
  'order.task_refused': (state, { body: { detail } }) => ({ ...state, task: null, taskRefused: detail }),
  'order.status_reported': (state, { body: { status }, occurredAt }) => ({
    ...state,
    reported: { status, at: occurredAt },
  }),
};

/** Field by field: the door adds its own members to a body. */
const known = (
  state: OrderState,
  { body, upstream }: { readonly body: Details; readonly upstream: readonly { kind: string; id: string }[] },
): OrderState => ({
  ...state,
  integration: body.integration,
  orderId: body.orderId,
  revision: body.revision,
  orderType: body.orderType,
  priority: body.priority,
  area: body.area,
  equipment: body.equipment,
  title: body.title,
  requestedStart: body.requestedStart,
  requestedEnd: body.requestedEnd,
  requiredRole: body.requiredRole,
  externalStatus: body.externalStatus,
  task: body.task,
  delivery: broughtBy(upstream),
});
