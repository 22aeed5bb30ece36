import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { commands, entity, events, type OrderState } from './contract.ts';
import { decide, evolve, initial } from './decider.ts';
import { policies } from './policy.ts';
import { tells } from './tells.ts';

export const orders = feature({
  name: 'orders',
  kind: 'order',
  letter: 'O',
  summary: 'Work that another system has ordered: mirrored here, done as a task',
  commands,
  events,
  entity,
  initial,
  view: ({ releases: _releases, ...state }: OrderState, { id, number, seq }) => ({
    id,
    number,
    ref: shortNumber('O', number),
    seq,
    ...state,
  }),
  decide,
  evolve,
  tracked: [
    'status',
    'revision',
    'priority',
    'equipment',
    'requestedStart',
    'requestedEnd',
    'requiredRole',
    'externalStatus',
  ],
  areaOf: (state) => state.area ?? undefined,
  readers: 'operations.read',
  // Whoever connects a system must see what became of its orders.
  archive: { permission: 'config.read', holds: () => true },
  columns: {
    status: (state) => state.status,
    area: (state) => state.area,
    integration: (state) => state.integration,
    orderId: (state) => state.orderId,
    task: (state) => state.task,
    delivery: (state) => state.delivery,
    search: (state) => `${state.orderId} ${state.title} ${state.equipment ?? ''}`,
  },
  filters: ['status', 'area', 'integration', 'orderId', 'task'],
  titleOf: ({ title, orderId }) => (title.includes(orderId) ? title : `${title} (${orderId})`),
  tells,
  policies,
});
