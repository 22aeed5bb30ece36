/** PagerDuty Events v2 as others send it, and its credential, which is never kept (domain model 3.2 e). */
import { describe, expect, test } from 'vitest';
import { dedupKeyOf, pagerduty } from '../../server/ingest/pagerduty.ts';
import { redactRoutingKey } from '../../server/ingest/routing-key.ts';
import { textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { recording } from '../kit/fixtures.ts';
import { reader } from '../kit/read.ts';
import { asRecorded, pagerDutySends } from '../kit/sent.ts';

const read = reader(pagerduty);
const KEY = '0123456789abcdef0123456789abcdef';
const DEDUP = '991fa449dd7563971d3ce692cd198c6bcd5c3da531b24e0cc402adeb16d9027c';

describe('PagerDuty Events v2', () => {
  test("a trigger of Alertmanager's own notifier, as recorded", () => {
    expect(read.only(asRecorded('pagerduty-events-v2-01-trigger'))).toMatchObject({
      conditionKey: DEDUP,
      occurrenceKey: null,
      kind: 'active',
      priority: 'P1',
      title: '[FIRING:1] BearingTempHigh packaging (line-3 critical leeds filler-2)',
      text: expect.stringContaining('firing: Labels:\n - alertname = BearingTempHigh'),
      links: ['http://vm:19093/#/alerts?receiver=pd'],
      names: ['filler-2', 'line-3', 'Alertmanager'],
    });
  });
  test('resolve clears and acknowledge is acknowledged, by the key alone', () => {
    for (const [event_action, kind] of [
      ['resolve', 'cleared'],
      ['acknowledge', 'acked'],
    ]) {
      const { transitions, warnings } = read.reading(pagerDutySends({ event_action, payload: undefined }));
      expect(transitions).toMatchObject([
        { kind, conditionKey: DEDUP, clearCause: kind === 'cleared' ? 'unknown' : null },
      ]);
      expect(warnings).toEqual([]);
    }
  });
  test('[L4] a trigger without a key gets one from what it says: the same again, the same key, to be told to the sender', () => {
    const sent = pagerDutySends({ dedup_key: undefined });
    const { conditionKey } = read.only(sent);
    expect(conditionKey).toMatch(/^[0-9a-f]{64}$/);
    expect(read.only(sent).conditionKey).toBe(conditionKey);
    expect(dedupKeyOf(JSON.parse(textOf(sent.body)) as never)).toBe(conditionKey);
    expect(read.only(pagerDutySends({ dedup_key: conditionKey, event_action: 'resolve' })).conditionKey).toBe(
      conditionKey,
    );
    const other = pagerDutySends({ dedup_key: undefined, payload: { summary: 'another', source: 'Alertmanager' } });
    expect(read.only(other).conditionKey).not.toBe(conditionKey);
  });
  for (const [what, change, field] of [
    ['without an action', { event_action: undefined }, '/event_action'],
    ['a resolve without a key', { event_action: 'resolve', dedup_key: undefined }, '/dedup_key'],
    ['a key of 256 characters', { dedup_key: 'k'.repeat(256) }, '/dedup_key'],
    ['a trigger without a summary', { payload: { source: 'x' } }, '/payload/summary'],
  ] as const)
    test(`[L7] ${what} is refused with what it lacks`, () =>
      expect(read.answer(pagerDutySends(change))).toMatchObject({
        refused: 'not-a-delivery',
        fields: [expect.objectContaining({ field })],
      }));
  test('[L7] more than 512 KB is too large', () => {
    expect(read.answer({ headers: {}, body: new Uint8Array(512 * 1024 + 1) })).toMatchObject({ refused: 'too-large' });
  });
});

describe('the routing key', () => {
  const redacted = (text: string) => {
    const { body, routingKey } = redactRoutingKey(utf8(text));
    return [textOf(body), routingKey];
  };
  test('[L10] is taken out of the bytes as recorded, and every other byte stays', () => {
    const { body } = recording('pagerduty-events-v2-01-trigger');
    expect(redacted(body)).toEqual([body.replace(KEY, '[redacted]'), KEY]);
  });
  for (const [what, text, kept, key] of [
    ['spaced', `{ "routing_key" :\n\t"${KEY}" , "n": 1.50 }`, '{ "routing_key" :\n\t"[redacted]" , "n": 1.50 }', KEY],
    ['after a byte order mark', `\ufeff{"routing_key":"${KEY}"}`, '\ufeff{"routing_key":"[redacted]"}', KEY],
    [
      'written in escapes',
      '{"rout\\u0069ng_key":"\\u0030123456789abcdef0123456789abcdef","a":"\\u00e4"}',
      '{"rout\\u0069ng_key":"[redacted]","a":"\\u00e4"}',
      KEY,
    ],
    [
      'said twice',
      `{"routing_key":"another-key-that-was-first","routing_key":"${KEY}"}`,
      '{"routing_key":"[redacted]","routing_key":"[redacted]"}',
      KEY,
    ],
    [
      'copied elsewhere',
      `{"a":["x ${KEY} y",{"${KEY}":1}],"routing_key":"${KEY}"}`,
      '{"a":["x [redacted] y",{"[redacted]":1}],"routing_key":"[redacted]"}',
      KEY,
    ],
    [
      'a number, and that number elsewhere',
      '{"routing_key":1234567890,"a":1234567890}',
      '{"routing_key":"[redacted]","a":"[redacted]"}',
      null,
    ],
    [
      'an object',
      `{"routing_key":{"a":["${KEY}"]},"b":"${KEY}"}`,
      '{"routing_key":"[redacted]","b":"[redacted]"}',
      null,
    ],
    ['nested only', `{"payload":{"routing_key":"${KEY}"}}`, '{"payload":{"routing_key":"[redacted]"}}', null],
    ['empty', '{"routing_key":"","a":1}', '{"routing_key":"[redacted]","a":1}', null],
  ] as const)
    test(`[L10] ${what}, it is gone`, () => expect(redacted(text)).toEqual([kept, key]));
  for (const [what, body] of [
    ['JSON that is cut off', utf8(`{"routing_key":"${KEY}","payload":{"summary":"${KEY}`)],
    [
      'JSON with a byte that is no UTF-8',
      Buffer.concat([utf8(`{"routing_key":"${KEY}","a":"`), Uint8Array.of(0xff), utf8('"}')]),
    ],
    ['a form', utf8(`routing_key=${KEY}&summary=x`)],
    ['no JSON and no name', utf8(`key is ${KEY}`)],
  ] as const)
    test(`[L10] of ${what} nothing that may be the key is kept`, () => {
      const { body: kept, routingKey } = redactRoutingKey(body);
      expect(Buffer.from(kept).toString('latin1')).not.toContain(KEY);
      expect(kept.length).toBeGreaterThan(10);
      expect(routingKey).toBeNull();
    });
  test('[L10] thousands of keys are not looked for: nothing of such a body is kept', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `{"routing_key":"key-number-${i}","a":"${i}"}`).join(',');
    expect(redacted(`[${many}]`)).toEqual(['{"routing_key":"[redacted]"}', null]);
  });
  test('a body as deep as it is long is no fault', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(redacted(`{"routing_key":"${KEY}","a":${deep}}`)).toEqual([`{"routing_key":"[redacted]","a":${deep}}`, KEY]);
  });
});
