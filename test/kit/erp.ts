/** An ERP that orders work: its integration, what it pushes, and the far end that it listens at. */
import type { Received } from '../../server/ingest/receive.ts';
import { integration } from './ask.ts';
import { LINE_3, PACKAGING } from './given.ts';
import { ORG, root, type Person } from './people.ts';
import type { Plant, Step } from './plant.ts';

export const erp: Person = { kind: 'integration', id: integration('erp').id, org: ORG, areas: [], name: 'ERP' };
export const connected: Step = (plant) =>
  plant.run(
    integration('erp')
      .create({ kind: 'mes', name: 'ERP', area: PACKAGING }, { minted: { tokenHash: 'e'.repeat(64) } })
      .by(root),
  );

export const ORDER = {
  orderId: '4001234',
  orderType: 'corrective',
  priority: 2,
  equipment: `${LINE_3}/filler-2`,
  title: 'Replace drive-end bearing filler 2',
  requestedStart: '2026-11-21T13:00:00Z',
  requestedEnd: '2026-11-21T15:00:00Z',
  requiredRole: 'maintenance_engineer',
  revision: 1,
};

export const push = (plant: Plant, verb: string, data: object = {}): Promise<Received> =>
  plant.deliver(erp, {
    ...{ type: `work_order.${verb}`, timestamp: plant.now(), data: { ...ORDER, ...data } },
  }) as Promise<Received>;
