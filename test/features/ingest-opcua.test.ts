/** OPC UA PubSub JSON with alarms and conditions (domain model 3.2 i). */
import { describe, expect, test } from 'vitest';
import { opcua } from '../../server/ingest/opcua.ts';
import { textOf } from '../../shared/kernel/bytes.ts';
import { reader } from '../kit/read.ts';
import { asRecorded, json, opcuaSends } from '../kit/sent.ts';

const read = reader(opcua);
type Some = Readonly<Record<string, unknown>>;
interface Network {
  readonly Messages: readonly (Some & { readonly Payload: Some })[];
}
/** The recorded network message, in service: the recording itself says that its alarm is shelved. */
const UNSHELVED = { 'ShelvingState/CurrentState/Id': 'i=2930' };
const network = (change: Some = {}) =>
  JSON.parse(textOf(opcuaSends({ ...UNSHELVED, ...change }).body)) as Some & Network;
const one = (change: Some = {}) => read.only(json(network(change)));

describe('OPC UA PubSub', () => {
  test('an active alarm: source and condition name it, its event id the message', () => {
    expect(one()).toEqual({
      conditionKey: 'ns=2;s=Line3.Filler2.TT3204|HighHigh',
      occurrenceKey: null,
      messageKey: '3q2+7wAAAAAAAAAAAAAAAQ==',
      kind: 'active',
      clearCause: null,
      severity: '900',
      priority: 'P1',
      class: 'maintenance',
      at: '2026-11-21T02:12:08.000Z',
      area: null,
      equipment: null,
      title: 'Bearing temperature high-high',
      text: null,
      value: null,
      unit: null,
      links: [],
      names: ['TT-3204', 'ns=2;s=Line3.Filler2.TT3204', 'Line3.Filler2.TT3204', 'Filler2.Alarms'],
    });
  });
  test('as constructed it is shelved for a time at the machine (i=2932): known here, and asks for nobody', () => {
    expect(read.only(asRecorded('constructed-opcua-pubsub-json-event'))).toEqual({ ...one(), quiet: true });
  });
  for (const [severity, priority] of [
    [1000, 'P1'],
    [801, 'P1'],
    [800, 'P2'],
    [601, 'P2'],
    ['600', 'P3'],
    [401, 'P3'],
    [400, 'P4'],
    [1, 'P4'],
  ] as const)
    test(`severity ${severity} is ${priority}`, () => expect(one({ Severity: severity }).priority).toBe(priority));
  test('without a severity it is P3, and says so', () => {
    const { transitions, warnings } = read.reading(json(network({ Severity: undefined })));
    expect([transitions[0]!.priority, warnings]).toEqual(['P3', ['No severity; taken as P3.']]);
  });
  test('a branch is a condition of its own', () => {
    expect(one({ BranchId: 'ns=2;i=7' }).conditionKey).toBe('ns=2;s=Line3.Filler2.TT3204|HighHigh|ns=2;i=7');
  });
  test('an episode is named by the time when it became active, where that is said', () => {
    expect(one({ 'ActiveState/TransitionTime': '2026-11-21T02:12:07.123456700Z' }).occurrenceKey).toBe(
      'ns=2;s=Line3.Filler2.TT3204|HighHigh@2026-11-21T02:12:07.123Z',
    );
  });
  test('inactive clears; acknowledged is told beside what is active', () => {
    expect(one({ 'ActiveState/Id': false })).toMatchObject({ kind: 'cleared', clearCause: 'condition' });
    const acked = network({ 'AckedState/Id': true, 'AckedState/TransitionTime': '2026-11-21T02:15:00Z' });
    expect(read.transitions(json(acked)).map(({ kind, messageKey }) => [kind, messageKey])).toEqual([
      ['active', '3q2+7wAAAAAAAAAAAAAAAQ=='],
      ['acked', 'acked@2026-11-21T02:15:00.000Z'],
    ]);
  });
  test('an event that is no condition is worth a line', () => {
    const event = { 'ActiveState/Id': undefined, ConditionName: undefined, EventType: 'i=2041' };
    expect(one(event)).toMatchObject({ kind: 'info', conditionKey: 'ns=2;s=Line3.Filler2.TT3204|i=2041' });
  });
  for (const [what, change] of [
    ['no longer retained', { Retain: false }],
    ['shelved once', { 'ShelvingState/CurrentState/Id': 'i=2933' }],
    ['shelved, by its name', { 'ShelvingState/CurrentState': { Text: 'TimedShelved', Locale: 'en' } }],
    ['suppressed', { 'SuppressedState/Id': true }],
    ['suppressed or shelved', { SuppressedOrShelved: true }],
    ['out of service', { 'OutOfServiceState/Id': true }],
    ['disabled', { 'EnabledState/Id': false }],
  ] as const)
    test(`${what}, the condition follows and nobody is asked`, () =>
      expect(one(change)).toMatchObject({ kind: 'active', quiet: true }));

  describe('however its publisher lays it out', () => {
    const { Messages } = network();
    const wrapped = (wrap: (value: unknown, name: string) => unknown) =>
      Object.fromEntries(Object.entries(Messages[0]!.Payload).map(([name, value]) => [name, wrap(value, name)]));
    const nested = { ...Messages[0]!.Payload, ActiveState: { Id: true, Text: 'Active' }, 'ActiveState/Id': undefined };
    for (const [what, body] of [
      ['one message in the envelope', { ...network(), Messages: Messages[0] }],
      ['one message without the envelope', Messages[0]],
      ['a list of messages without the envelope', Messages],
      ['the fields alone', Messages[0]!.Payload],
      ['values as variants', { Payload: wrapped((Body) => ({ Type: 1, Body })) }],
      ['values as data values', { Payload: wrapped((Value) => ({ Value, SourceTimestamp: '2026-11-21T02:12:08Z' })) }],
      [
        'paths with namespaces',
        Object.fromEntries(
          Object.entries(Messages[0]!.Payload).map(([name, value]) => [name.replace(/(^|\/)/g, '$10:'), value]),
        ),
      ],
      ['states as objects', nested],
      [
        'a node id in its parts',
        { ...Messages[0]!.Payload, SourceNode: { IdType: 1, Id: 'Line3.Filler2.TT3204', Namespace: 2 } },
      ],
    ] as const)
      test(what, () =>
        expect(read.only(json(body))).toMatchObject({
          conditionKey: one().conditionKey,
          kind: 'active',
          priority: 'P1',
          title: 'Bearing temperature high-high',
          at: '2026-11-21T02:12:08.000Z',
        }),
      );
  });
  test('without an event id its place in the message names it', () => {
    expect(one({ EventId: undefined }).messageKey).toBe('leeds-edge-1|9279c0b3-da88-45a4-af74-451cebf82db0|101|0');
  });
  test('what tells of the publisher itself tells of no alarm', () => {
    for (const MessageType of ['ua-metadata', 'ua-status', 'ua-connection'])
      expect(read.transitions(json({ MessageId: '1', MessageType }))).toEqual([]);
    expect(read.transitions(json({ Messages: [{ MessageType: 'ua-keepalive' }] }))).toEqual([]);
  });
  test('one that cannot be read does not stop the others', () => {
    const both = { ...network(), Messages: [{ Payload: { Severity: 1 } }, network().Messages[0]] };
    const { transitions, warnings } = read.reading(json(both));
    expect([transitions.length, warnings]).toEqual([1, [expect.stringContaining('Message 1 was left out.')]]);
  });
  test('[L7] without anything that names the condition it is refused with what it lacks', () => {
    expect(read.answer(json({ Messages: [{ Payload: { Severity: 900 } }] }))).toMatchObject({
      refused: 'not-a-delivery',
      fields: [{ field: '/Messages/Payload/SourceNode', problem: 'missing' }],
    });
  });
});
