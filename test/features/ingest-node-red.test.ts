/** Node-RED: objects, lines of text, and messages of MQTT that a flow forwards (domain model 3.2 g). */
import { describe, expect, test } from 'vitest';
import { nodeRed } from '../../server/ingest/node-red.ts';
import { reader } from '../kit/read.ts';
import { asRecorded, bridgeSends, nodeRedSends } from '../kit/sent.ts';

const read = reader(nodeRed);
const TOPIC = 'plant/leeds/packaging/line-3/filler-2/alarm';

describe('Node-RED', () => {
  test('an object without an id, as recorded', () => {
    expect(read.only(asRecorded('nodered-01-plain-json'))).toMatchObject({
      kind: 'active',
      title: 'Guard door 3 open',
      priority: 'P3',
      value: true,
      messageKey: null,
    });
  });
  test('a message of MQTT and its clear, as recorded, are about one condition', () => {
    const active = read.only(asRecorded('nodered-03-mqtt-bridge-active'));
    expect(active).toMatchObject({
      conditionKey: `${TOPIC} A-1042`,
      messageKey: 'plc7-000981',
      kind: 'active',
      priority: 'P1',
      area: 'leeds/packaging/line-3',
      equipment: 'leeds/packaging/line-3/filler-2',
      at: '2026-11-21T02:40:00.000Z',
      title: 'Filler 2 bearing temperature high-high',
      text: null,
      value: 94.2,
      unit: '°C',
    });
    expect(active.names).toContain(TOPIC);
    expect(read.only(asRecorded('nodered-04-mqtt-bridge-cleared'))).toMatchObject({
      conditionKey: active.conditionKey,
      messageKey: 'plc7-000982',
      kind: 'cleared',
      clearCause: 'condition',
    });
  });
  test('[L4] as a flow forwards what a broker retains: after a restart the same message, which asks for nobody', () => {
    const said = {
      topic: 'plant/line-3/alarm',
      id: 'plc-1',
      condition: 'line-3/TT-3204',
      state: 'active',
      title: 'Hot',
    };
    const [live, again] = [false, true].map((retain) => read.only(nodeRedSends({ ...said, retain }, 'plc-1')));
    expect(live).toMatchObject({ conditionKey: 'line-3/TT-3204', messageKey: 'plc-1', kind: 'active' });
    expect(live).not.toHaveProperty('quiet');
    expect(again).toEqual({ ...live, quiet: true });
  });
  test('a line of text without a content type is worth a line and asks for nobody', () => {
    const one = read.only(nodeRedSends('Filler 2: guard open\nsecond line'));
    expect(one).toMatchObject({
      kind: 'info',
      title: 'Filler 2: guard open',
      text: 'Filler 2: guard open\nsecond line',
    });
    expect(read.only(nodeRedSends('Filler 2: guard open')).conditionKey).toBe(one.conditionKey);
    expect(read.only(nodeRedSends('Filler 3: guard open')).conditionKey).not.toBe(one.conditionKey);
  });
  test('a text with a topic is a line about that topic', () => {
    const one = read.only(bridgeSends('Door open', { equipment: undefined }));
    expect(one).toMatchObject({ kind: 'info', title: 'Door open', names: [TOPIC] });
  });
  test('a text that a flow has given a title and a state is an alarm', () => {
    expect(read.only(bridgeSends('at 02:40', { title: 'Door open', state: 'on' }))).toMatchObject({
      kind: 'active',
      title: 'Door open',
      text: 'at 02:40',
    });
  });
  test('JSON within a string is that JSON', () => {
    expect(read.only(nodeRedSends({ topic: 't', payload: '{"state":"ok","code":"A-1"}' }))).toMatchObject({
      kind: 'cleared',
      conditionKey: 't A-1',
    });
  });
  test('a topic of bits is one condition that is so or not', () => {
    const [on, off] = [true, 'false'].map((payload) => read.only(nodeRedSends({ topic: 'plant/door-3', payload })));
    expect(on).toMatchObject({ kind: 'active', conditionKey: 'plant/door-3', title: 'plant/door-3' });
    expect(off).toMatchObject({ kind: 'cleared', conditionKey: 'plant/door-3' });
  });
  test('a reading is stored with its delivery and makes no alarm', () => {
    for (const payload of [81.2, '81.2']) {
      const { transitions, warnings } = read.reading(nodeRedSends({ topic: 'plant/temperature', payload }));
      expect([transitions, warnings]).toEqual([[], [expect.stringContaining('is a reading')]]);
    }
  });
  test('a retained message with a time of its own is judged by it; one without asks for nobody', () => {
    expect(read.only(bridgeSends({}, { retain: true }))).not.toHaveProperty('quiet');
    const { transitions, warnings } = read.reading(bridgeSends({ ts: undefined }, { retain: true }));
    expect(transitions[0]).toMatchObject({ quiet: true, kind: 'active' });
    expect(warnings).toEqual([expect.stringContaining('retained')]);
  });
  test('of a list each is read on its own, with a key of its own', () => {
    const { transitions, warnings } = read.reading(nodeRedSends([{ title: 'a' }, {}, { title: 'b' }], 'K'));
    expect(transitions.map(({ title, messageKey }) => [title, messageKey])).toEqual([
      ['a', 'K 1'],
      ['b', 'K 3'],
    ]);
    expect(warnings).toContainEqual(expect.stringContaining('Message 2 was left out.'));
  });
  test('a time without a zone is no time, and is said to be none', () => {
    const { transitions, warnings } = read.reading(bridgeSends({ ts: '2026-11-21 02:40:00' }));
    expect(transitions[0]!.at).toBe('2026-11-21T06:00:00.000Z');
    expect(warnings).toEqual(['"2026-11-21 02:40:00" is not a time with a zone; the time of arrival stands for it.']);
  });
  test('a counter, a year and a word are no times', () => {
    for (const ts of [42, '12345', 2026, 'yesterday'])
      expect(read.only(bridgeSends({ ts })).at).toBe('2026-11-21T06:00:00.000Z');
  });
  test('milliseconds and seconds since 1970 are times', () => {
    for (const ts of [1795228800000, 1795228800, '1795228800000'])
      expect(read.only(bridgeSends({ ts })).at).toBe('2026-11-21T02:40:00.000Z');
  });
  for (const [what, sent, code, field] of [
    ['an unknown state', nodeRedSends({ title: 'x', state: 'purple' }), 'not-a-delivery', '/state'],
    ['nothing that says what is wrong', nodeRedSends({ severity: 'high' }), 'not-a-delivery', '/title'],
    [
      'a topic that carries nothing readable',
      nodeRedSends({ topic: 't', payload: [1, 2] }),
      'not-a-delivery',
      '/title',
    ],
    ['an empty body', nodeRedSends(''), 'not-a-delivery', ''],
    [
      'broken JSON that is said to be JSON',
      { headers: { 'content-type': 'application/json' }, body: nodeRedSends('{').body },
      'malformed-json',
    ],
    ['another charset', { headers: {}, body: Uint8Array.of(0x46, 0xfc, 0x6c) }, 'malformed-json'],
  ] as const)
    test(`[L7] ${what} is refused with what it lacks`, () => {
      const fields = field === undefined ? {} : { fields: [expect.objectContaining({ field })] };
      expect(read.answer(sent)).toMatchObject({ refused: code, ...fields });
    });
});
