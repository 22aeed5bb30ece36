import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { broughtBy, transitionsOf } from '../alarms/contract.ts';
import { ordersBroughtBy } from '../orders/contract.ts';
import { tasksCausedBy } from '../tasks/contract.ts';
import { commands, deliveriesOf, entity, events, type DeliveryState } from './contract.ts';

const initial: DeliveryState = {
  integration: '',
  sha256: '',
  bytes: 0,
  contentType: '',
  area: null,
  transitions: 0,
  warnings: [],
  receivedAt: '',
  via: null,
  headers: null,
  rerunOf: null,
  test: false,
};

export const deliveries = feature({
  name: 'deliveries',
  kind: 'delivery',
  letter: 'D',
  summary: 'What senders delivered, byte for byte, and what came of it',
  commands,
  events,
  entity,
  initial,
  view: ({ area: _area, ...state }: DeliveryState, { id, number }) => ({
    id,
    number,
    ref: shortNumber('D', number),
    ...state,
  }),
  /** "Why did this alarm make no task?" answers for every stage. */
  async details(state: DeliveryState, id, load) {
    const recorded = (await load(broughtBy(id))).map(({ value: { condition, occurrence, kind, held = null } }) => ({
      condition,
      occurrence,
      kind,
      held,
    }));
    const tasks = await load(tasksCausedBy([...new Set(recorded.flatMap(({ occurrence }) => occurrence ?? []))]));
    const held = [...new Set(recorded.flatMap((one) => one.held ?? []))];
    const known = state.transitions - recorded.length;
    return {
      recorded,
      tasks: tasks.map(({ key, number, value }) => ({
        id: key,
        ref: shortNumber('T', number),
        status: value.status,
        assignee: value.assignee,
        unassignedBecause: value.unassignedBecause,
      })),
      stages: {
        authenticated: state.via === null ? 'by its token' : `by ${state.via}`,
        stored: `${state.bytes} bytes, SHA-256 ${state.sha256}`,
        read: `${state.transitions} transition(s)${state.warnings.length ? `, ${state.warnings.length} warning(s)` : ''}`,
        conditions: `${recorded.length} new, ${known} known before`,
        rules: held.length ? held.join('; ') : 'none held it',
        tasks: tasks.length
          ? `${tasks.length} task(s)`
          : held.length
            ? `none: held. ${held.join('; ')}`
            : 'none: a clear, a re-activation or a recurrence makes no task of its own',
      },
    };
  },
  reads: {
    receive: ({ subject, input }) => ({
      brought: broughtBy(subject.id),
      ordered: ordersBroughtBy(subject.id),
      same: deliveriesOf(input.sha256),
      earlier: transitionsOf(input.conditions),
    }),
  },
  decide: {
    // A repeat, a retry, a peer's copy: nothing in it is new, so nothing is recorded.
    receive: (_state, { input }, { brought, ordered, same, earlier }) => {
      const { reason: _reason, occurredAt: _at, conditions: _conditions, ...body } = input;
      const isNews = brought.length > 0 || ordered.length > 0 || (same.length === 0 && earlier.length === 0);
      return isNews ? [{ type: 'delivery.received', body }] : [];
    },
  },
  evolve: {
    'delivery.received': (_state, { body, receivedAt }) => {
      const { via = null, headers = null, rerunOf = null, test = false, ...said } = body;
      const { integration, sha256, bytes, contentType, area, transitions, warnings } = said;
      return {
        ...{ integration, sha256, bytes, contentType, area, transitions, warnings, receivedAt },
        ...{ via, headers, rerunOf, test },
      };
    },
  },
  tracked: [],
  areaOf: (state) => state.area ?? undefined,
  readers: 'operations.read',
  // Whoever connects a sender must see what became of its messages.
  archive: { permission: 'config.read', holds: () => true },
  columns: { integration: (state) => state.integration, area: (state) => state.area, sha256: (state) => state.sha256 },
  filters: ['integration', 'area', 'sha256'],
  titleOf: (state) => `Delivery of ${state.bytes} bytes`,
});
