/** What ERP, MES and CMMS post about an order, and what is said of what is missing (domain model 3.2 d, j). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mes } from '../../server/ingest/mes.ts';
import type { Reading } from '../../server/ingest/adapter.ts';
import { order } from '../../shared/features/orders/contract.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';

const receivedAt = '2026-11-21T05:00:01.000Z';
const read = (body: unknown, area: string | null = 'leeds/packaging', headers = {}) =>
  mes({ headers, body: utf8(JSON.stringify(body)), area, receivedAt });
const one = (body: unknown, area?: string | null, headers?: object) => {
  const reading = read(body, area, headers) as Reading;
  expect(reading).toMatchObject({ transitions: [] });
  expect(reading.orders).toHaveLength(1);
  return { ...reading.orders![0]!, warnings: reading.warnings };
};
const released = (data: object) => one({ type: 'work_order.released', timestamp: '2026-11-21T05:00:00Z', data });

describe('the envelope', () => {
  test('what is missing is said, field by field, and the order is taken', () => {
    const { warnings, ...said } = released({ orderId: 4001234 });
    expect(said).toMatchObject({ orderId: '4001234', priority: null, title: null, area: 'leeds/packaging' });
    expect(warnings).toEqual([
      'No revision; whatever differs from before counts as news, also when it is older.',
      'No priority; taken as P3.',
      'No title; the order is called by its number.',
      'No requestedEnd; the task is due by its priority.',
    ]);
  });
  test.each([
    [1, 'P1'],
    ['2', 'P2'],
    [3, 'P3'],
    [4, 'P4'],
    [5, 'P4'],
    ['HIGH', 'P2'],
    ['Low', 'P4'],
  ])('priority %s is %s', (priority, ours) => expect(released({ orderId: '1', priority }).priority).toBe(ours));
  test('a role is found in whatever spelling; one that is not known is said', () => {
    expect(released({ orderId: '1', requiredRole: 'Maintenance Engineer' }).requiredRole).toBe('maintenance_engineer');
    const { requiredRole, warnings } = released({ orderId: '1', requiredRole: 'Plumber' });
    expect(requiredRole).toBeNull();
    expect(warnings).toContain('There is no role "Plumber" here; the task is given to nobody yet.');
  });
  test.each([
    [{ type: 'work_order.released', data: { title: 'x' } }, 'an order without a key'],
    [{ type: 'alarm.activated', data: { orderId: '' } }, 'an alarm'],
    [{ type: 'alarm.activated', id: 'x-1', title: 'Pump hot' }, 'an alarm without an envelope'],
    [{}, 'nothing'],
  ])('[L7] %j is refused: it is %s', (body, _what) =>
    expect(read(body)).toMatchObject({ refused: 'not-a-delivery', fields: [{ field: '/data/orderId' }] }),
  );
});

describe('other bodies', () => {
  test('SAP names the key only; the verb says whether it is still wanted', () => {
    const event = (verb: string) => `sap.s4.beh.productionorder.v1.ProductionOrder.${verb}.v1`;
    expect(
      one({ type: event('Released'), time: '2026-11-21T04:10:00Z', data: { ProductionOrder: '1000042' } }),
    ).toMatchObject({ orderId: '1000042', kind: 'named', title: null, at: '2026-11-21T04:10:00.000Z', warnings: [] });
    // Binary mode: the attributes stand in headers, the body is the data.
    const binary = { 'ce-type': event('Deleted'), 'ce-time': '2026-11-21T04:11:00Z' };
    expect(one({ ProductionOrder: '1000042' }, null, binary)).toMatchObject({
      kind: 'cancelled',
      at: '2026-11-21T04:11:00.000Z',
    });
  });
  test('Atlas: the order inside, its machine beside it', () => {
    const body = {
      event: 'WORK_ORDER_STATUS_CHANGE',
      occurredAt: '2026-11-21T05:10:00Z',
      workOrder: {
        id: 77,
        title: 'Grease chain',
        priority: 'MEDIUM',
        status: 'IN_PROGRESS',
        asset: { name: 'Filler 2' },
      },
    };
    expect(one(body)).toMatchObject({
      ...{ orderId: '77', kind: 'changed', priority: 'P3', externalStatus: 'IN_PROGRESS' },
      ...{ area: 'leeds/packaging', equipment: 'leeds/packaging/filler-2', at: '2026-11-21T05:10:00.000Z' },
    });
  });
  test.each([
    [0, 'Draft', 'changed'],
    [1, 'Not Started', 'released'],
    [2, 'Cancelled', 'cancelled'],
  ])('ERPNext: docstatus %i, %s, is %s', (docstatus, status, kind) => {
    const doc = { doctype: 'Work Order', name: 'MFG-WO-0012', item_name: 'Bottle 0.5 l', docstatus, status };
    expect(one({ ...doc, planned_start_date: '2026-11-21 13:00:00' })).toMatchObject({ orderId: 'MFG-WO-0012', kind });
  });
  test('a time without a zone is UTC, whatever the server’s own zone is, and that is said', () => {
    const { requestedStart, warnings } = released({ orderId: '1', planned_start_date: '2026-11-21 13:00:00' });
    expect(requestedStart).toBe('2026-11-21T13:00:00.000Z');
    expect(warnings).toContain('The time "2026-11-21 13:00:00" has no zone; taken as UTC.');
  });
});

test('whatever is posted, it never throws, and what it reads is fit for the door', () => {
  const nasty = fc.oneof(
    fc.constantFrom('__proto__', 'constructor', '\u0000', 'x'.repeat(5000), '\ud800', '+020000-01-01T00:00:00Z'),
    fc.anything(),
  );
  const keys = [
    'orderId',
    'revision',
    'priority',
    'equipment',
    'title',
    'requestedEnd',
    'requiredRole',
    'status',
    'asset',
    'docstatus',
  ];
  const data = fc.dictionary(fc.constantFrom(...keys), nasty);
  const body = fc.record(
    {
      type: fc.oneof(fc.constant('work_order.released'), fc.constant('sap.x.Y.Z'), nasty),
      data: fc.oneof(data, nasty),
      timestamp: nasty,
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(body, (sent) => {
      let text: string;
      try {
        text = JSON.stringify(sent) ?? '';
      } catch {
        return;
      }
      const reading = mes({ headers: {}, body: utf8(text), area: null, receivedAt });
      if (isRefusal(reading)) return;
      for (const read of reading.orders!) expect(order.safeParse(read)).toMatchObject({ success: true });
      for (const warning of reading.warnings) expect(warning.length).toBeLessThanOrEqual(500);
    }),
    { numRuns: 400 },
  );
});
