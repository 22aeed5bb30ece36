/** Standard Webhooks as alarms (domain model 3.2 d). Their signatures: `ingest-signatures.test.ts`. */
import { describe, expect, test } from 'vitest';
import { standardWebhooks } from '../../server/ingest/standard-webhooks.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { reader } from '../kit/read.ts';
import { asRecorded, json, webhookSends, type Webhook } from '../kit/sent.ts';
import { webhookRecording } from '../kit/webhook-recordings.ts';

const read = reader(standardWebhooks);
const only = (webhook: Webhook) => read.only(webhookSends(webhook));

describe('Standard Webhooks', () => {
  test('an alarm, as recorded', () => {
    const { headers, body } = webhookRecording('01-valid');
    expect(read.only({ headers, body: utf8(body) })).toMatchObject({
      conditionKey: 'ignition/leeds [default]Packaging/Line3/Filler2/TT3204',
      messageKey: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
      kind: 'active',
      priority: 'P1',
      at: '2026-11-21T02:20:00.000Z',
      title: '[default]Packaging/Line3/Filler2/TT3204',
      value: 94.2,
      unit: '°C',
    });
  });
  test('[L4] its clear is about the same condition; a retry is the same message', () => {
    const data = { source: 'plc7', condition: 'A-1042', title: 'Filler 2 hot' };
    const raised = only({ type: 'alarm.activated', data, id: 'msg_1' });
    const cleared = only({ type: 'alarm.cleared', data, id: 'msg_2' });
    expect([raised.kind, cleared.kind]).toEqual(['active', 'cleared']);
    expect(cleared.conditionKey).toBe(raised.conditionKey);
    expect(only({ type: 'alarm.activated', data, id: 'msg_1', at: 1795227700 }).messageKey).toBe(raised.messageKey);
  });
  for (const [type, kind] of [
    ['pump.fault.raised', 'active'],
    ['alarm.activated.v2', 'active'],
    ['incident.resolved', 'cleared'],
    ['alarm.returned_to_normal', 'cleared'],
    ['alarmCleared', 'cleared'],
    ['alarm.acknowledged', 'acked'],
    ['alarm.deactivated', 'cleared'],
    ['valve.opened', 'info'],
    ['work_order.released', 'info'],
    ['active_alarm.cleared', 'cleared'],
  ] as const)
    test(`type ${type} is ${kind}`, () => expect(only({ type, data: { title: 'x' } }).kind).toBe(kind));
  test('a type that speaks of alarms without telling leaves it to the state in its data', () => {
    expect(only({ type: 'alarm.changed', data: { title: 'x', state: 'ClearUnacked' } }).kind).toBe('cleared');
    expect(only({ type: 'valve.changed', data: { title: 'x', state: 'open' } }).kind).toBe('info');
  });
  test("the integration's mapping comes before words: its own name first, then the longest pattern", () => {
    const types = {
      'valve.*': 'info',
      'valve.opened*': 'cleared',
      'valve.opened': 'active',
      'valve.main.*': 'cleared',
      '*': 'acked',
    } as const;
    for (const [type, kind] of [
      ['valve.opened', 'active'],
      ['valve.main.raised', 'cleared'],
      ['valve.raised', 'info'],
      ['pump.raised', 'acked'],
    ] as const)
      expect(read.only(webhookSends({ type, data: { title: 'x' } }), { mapping: { types } }).kind).toBe(kind);
  });
  test('without a name of its own the type without what happened names it', () => {
    const [raised, cleared] = ['pump.fault.raised', 'pump.fault.cleared'].map((type) =>
      only({ type, data: { value: 3 } }),
    );
    expect(raised).toMatchObject({ title: 'pump.fault', conditionKey: cleared!.conditionKey });
  });
  test('an order of an MES, as constructed, is worth a line here', () => {
    expect(read.only(asRecorded('constructed-mes-order-push'))).toMatchObject({
      kind: 'info',
      title: 'Replace drive-end bearing filler 2',
      messageKey: 'msg_mes_000731',
    });
  });
  for (const [what, body, field] of [
    ['without a type', { data: {} }, '/type'],
    ['without data', { type: 'alarm.activated' }, '/data'],
    ['with data that is a list', { type: 'alarm.activated', data: [] }, '/data'],
  ] as const)
    test(`[L7] ${what} it is refused`, () =>
      expect(read.answer(json(body))).toMatchObject({
        refused: 'not-a-delivery',
        fields: [expect.objectContaining({ field })],
      }));
});
