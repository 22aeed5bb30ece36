/** Sparkplug B as a bridge's JSON (domain model 3.2 h): states, not alarms; births, deaths and what is told late. */
import { describe, expect, test } from 'vitest';
import { sparkplug } from '../../server/ingest/sparkplug.ts';
import { asFloat } from '../../server/ingest/sparkplug-metrics.ts';
import { reader } from '../kit/read.ts';
import { json, sparkplugOf, sparkplugSends, type SparkplugMetric } from '../kit/sent.ts';

const read = reader(sparkplug);
const ALARM = 'Alarms/TT3204_HH/';
const active = (value: unknown, more: object = {}): SparkplugMetric => ({ name: `${ALARM}Active`, value, ...more });
const DEVICE = 'Leeds/Packaging-GW1/Filler2/';

/** A session as sparkplug-client 3.2.4 made it, through a bridge: births, a value over its limit, deaths. */
const SESSION = [
  '{"topic": "spBv1.0/Leeds/NBIRTH/Packaging-GW1", "decoded": {"timestamp": 1795227438754, "metrics": [{"value": false, "type": "Boolean", "name": "Node Control/Rebirth", "timestamp": 1795227438754}, {"value": 0, "type": "UInt64", "name": "bdSeq"}], "seq": 0}}',
  '{"topic": "spBv1.0/Leeds/DBIRTH/Packaging-GW1/Filler2", "decoded": {"timestamp": 1795227438754, "metrics": [{"value": 72.5, "type": "Float", "name": "Bearing/Temperature", "timestamp": 1795227438754}, {"value": false, "type": "Boolean", "name": "Alarms/TT3204_HH/Active", "timestamp": 1795227438754}, {"value": true, "type": "Boolean", "name": "Alarms/TT3204_HH/Acked", "timestamp": 1795227438754}], "seq": 1}}',
  '{"topic": "spBv1.0/Leeds/DDATA/Packaging-GW1/Filler2", "decoded": {"timestamp": 1795227439157, "metrics": [{"value": 94.19999694824219, "type": "Float", "name": "Bearing/Temperature", "timestamp": 1795227439157}, {"value": true, "type": "Boolean", "name": "Alarms/TT3204_HH/Active", "timestamp": 1795227439157}], "seq": 2}}',
  '{"topic": "spBv1.0/Leeds/DDEATH/Packaging-GW1/Filler2", "decoded": {"timestamp": 1795227439656, "metrics": [], "seq": 3}}',
  '{"topic": "spBv1.0/Leeds/NDEATH/Packaging-GW1", "decoded": {"timestamp": 1795227440061, "metrics": [{"value": 0, "type": "UInt64", "name": "bdSeq"}]}}',
].map((line) => read.reading(json(JSON.parse(line))));

describe('Sparkplug B', () => {
  test('a session as recorded: nothing, a quiet snapshot, an alarm, and two deaths that clear nothing', () => {
    expect(SESSION.map(({ transitions, lost }) => [transitions.map(({ kind, quiet }) => [kind, quiet]), lost])).toEqual(
      [
        [[], undefined],
        [[['cleared', true]], undefined],
        [[['active', undefined]], undefined],
        [[], [DEVICE]],
        [[], ['Leeds/Packaging-GW1/']],
      ],
    );
  });
  test('the alarm says what there is to say', () => {
    expect(SESSION[2]!.transitions).toEqual([
      {
        conditionKey: `${DEVICE}Alarms/TT3204_HH`,
        occurrenceKey: null,
        messageKey: `${DEVICE}2@2026-11-21T02:17:19.157Z`,
        kind: 'active',
        clearCause: null,
        severity: 'none',
        priority: 'P3',
        class: 'maintenance',
        at: '2026-11-21T02:17:19.157Z',
        area: null,
        equipment: null,
        title: 'TT3204_HH (Filler2)',
        text: 'Bearing/Temperature: 94.2',
        value: null,
        unit: null,
        links: [],
        names: ['TT3204_HH', 'Leeds/Packaging-GW1/Filler2', 'Filler2', 'Leeds/Packaging-GW1'],
      },
    ]);
  });
  test('the key of every condition begins with the prefix that a death names, however long the names are', () => {
    const topic = (verb: string) => `spBv1.0/${'g'.repeat(200)}/${verb}/${'n'.repeat(200)}/${'d'.repeat(200)}`;
    const metrics = [active(true, { name: `Alarms/${'x'.repeat(300)}/Active` })];
    const { conditionKey } = read.only(json({ ...sparkplugOf('DDATA', metrics), topic: topic('DDATA') }));
    const { lost } = read.reading(json({ topic: topic('DDEATH') }));
    expect(conditionKey.startsWith(lost![0]!)).toBe(true);
    expect(conditionKey.length).toBeLessThanOrEqual(300);
    expect(SESSION[2]!.transitions[0]!.conditionKey.startsWith(SESSION[4]!.lost![0]!)).toBe(true);
  });
  test('the same number of sequence comes again within minutes, and is another message then', () => {
    const [first, second] = [1795227439157, 1795227499157].map((at) =>
      read.only(sparkplugSends('DDATA', [active(true)], 2, at)),
    );
    expect(first!.messageKey).not.toBe(second!.messageKey);
  });
  test('metrics beside it say how severe it is, what it is called and what was measured', () => {
    const beside = { Priority: 1, Text: 'Bearing hot', Value: 94.19999694824219, Unit: '°C' };
    const metrics = Object.entries(beside).map(([name, value]) => ({
      name: ALARM + name,
      value,
      type: name === 'Value' ? 'Float' : 'String',
    }));
    expect(read.only(sparkplugSends('DDATA', [active(true), ...metrics]))).toMatchObject({
      priority: 'P1',
      title: 'Bearing hot',
      value: 94.2,
      unit: '°C',
      text: null,
    });
  });
  test('without a severity it is P3, and says so when it asks for somebody', () => {
    const warnings = (value: boolean) => read.reading(sparkplugSends('DDATA', [active(value)])).warnings;
    expect([warnings(true), warnings(false)]).toEqual([['No severity; taken as P3.'], []]);
  });
  test('an acknowledgement is told beside its alarm, and not of what a birth only repeats', () => {
    const metrics = [active(true), { name: `${ALARM}Acked`, value: true }];
    expect(read.transitions(sparkplugSends('DDATA', metrics)).map(({ kind }) => kind)).toEqual(['active', 'acked']);
    expect(read.transitions(sparkplugSends('DBIRTH', metrics)).map(({ kind }) => kind)).toEqual(['active']);
  });
  for (const [what, metrics] of [
    ['historical', [active(true, { is_historical: true })]],
    ['historical, in camel case', [active(true, { isHistorical: true })]],
    ['shelved', [active(true), { name: `${ALARM}Shelved`, value: true }]],
  ] as const)
    test(`what is ${what} asks for nobody`, () =>
      expect(read.only(sparkplugSends('DDATA', metrics))).toMatchObject({ kind: 'active', quiet: true }));
  test('no value is no state', () => {
    for (const metric of [
      active(true, { is_null: true }),
      active(null),
      active(undefined),
      active('maybe', { type: 'String' }),
    ])
      expect(read.transitions(sparkplugSends('DDATA', [metric]))).toEqual([]);
  });
  test('times of 64 bits come as text and as halves too', () => {
    const low = (1795227439157 % 2 ** 32) | 0;
    const high = Math.floor(1795227439157 / 2 ** 32);
    for (const timestamp of ['1795227439157', { low, high, unsigned: true }])
      expect(read.only(sparkplugSends('DDATA', [active(true, { timestamp })])).at).toBe('2026-11-21T02:17:19.157Z');
  });
  test('a metric that has only an alias cannot be read, and the bridge is asked for its name', () => {
    const { warnings } = read.reading(sparkplugSends('DDATA', [{ alias: 7, value: true }]));
    expect(warnings).toEqual([expect.stringContaining('1 metric(s) have an alias and no name.')]);
  });
  test('32-bit floats read as they were written', () => {
    for (const value of [94.2, 0.1, 3.4028235e38, 16777216, -1.5, 1e-45, 0])
      expect(asFloat(Math.fround(value))).toBe(value);
    expect(asFloat(Math.fround(1 / 3))).toBe(0.33333334);
  });
  test('several in one delivery, as bridges bundle them', () => {
    const list = [sparkplugOf('DDATA', [active(true)]), sparkplugOf('DDEATH', []), { topic: 'nonsense' }];
    const { transitions, lost, warnings } = read.reading(json(list));
    expect([transitions.length, lost]).toEqual([1, [DEVICE]]);
    expect(warnings).toContainEqual(expect.stringContaining('Message 3 was left out.'));
  });
  test('commands and the state of hosts are nothing to us', () => {
    for (const topic of ['spBv1.0/STATE/scada', 'STATE/scada', 'spBv1.0/Leeds/NCMD/GW', 'spBv1.0/Leeds/DCMD/GW/D'])
      expect(read.transitions(json({ topic }))).toEqual([]);
  });
  for (const [what, body, field] of [
    ['another topic', { topic: 'plant/leeds' }, '/topic'],
    [
      'a death of a device without the device, which would be the death of its node',
      { topic: 'spBv1.0/Leeds/DDEATH/GW' },
      '/topic',
    ],
    ['a payload that is not decoded', { topic: 'spBv1.0/Leeds/NDATA/GW', payload: 'CAES' }, '/decoded'],
  ] as const)
    test(`[L7] ${what} is refused`, () =>
      expect(read.answer(json(body))).toMatchObject({
        refused: 'not-a-delivery',
        fields: [expect.objectContaining({ field })],
      }));
});
