/** CloudEvents 1.0 in its three modes, by our own reading (domain model 0.6, 3.2 c). */
import { describe, expect, test } from 'vitest';
import { cloudevents } from '../../server/ingest/cloudevents.ts';
import { headerText } from '../../server/ingest/header-text.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { sdk } from '../kit/sdk.ts';
import { reader } from '../kit/read.ts';
import { asRecorded, cloudEventSends, json, type Event, type Sent } from '../kit/sent.ts';

const read = reader(cloudevents);
const SOURCE = '/leeds/packaging/line-3/mes';
const RAISED: Event = {
  id: 'evt-1',
  source: SOURCE,
  type: 'com.example.alarm.raised',
  subject: 'filler-2',
  time: '2026-11-21T02:15:00.123Z',
  data: { title: 'Bearing hot', severity: 'critical', value: 94.2 },
};
const only = (change: Partial<Event>, mode: 'binary' | 'structured' = 'structured') =>
  read.only(cloudEventSends(mode, { ...RAISED, ...change }));

describe('CloudEvents', () => {
  test('binary, structured and in a batch, as recorded: the same event', () => {
    const [binary, structured, batch] = ['binary', 'structured', 'batch'].map((mode) =>
      read.transitions(asRecorded(`cloudevents-${mode}`)),
    );
    expect(binary).toMatchObject([
      {
        conditionKey: `${SOURCE}|filler-2|com.example.mes.equipment.state`,
        messageKey: `${SOURCE}|evt-2026-11-21-000042`,
        kind: 'info',
        priority: 'P4',
        at: '2026-11-21T02:15:00.123Z',
        title: 'Guard door 3 open',
      },
    ]);
    expect(structured).toEqual(binary);
    expect(batch).toHaveLength(2);
    expect(batch![0]).toEqual(binary![0]);
    expect(batch![1]!.messageKey).toBe(`${SOURCE}|evt-2026-11-21-000046`);
  });
  test('what was raised is cleared under the same condition', () => {
    const [raised, cleared] = [only({}), only({ id: 'evt-2', type: 'com.example.alarm.cleared' })];
    expect(raised).toMatchObject({
      conditionKey: `${SOURCE}|filler-2|com.example.alarm`,
      kind: 'active',
      priority: 'P1',
      title: 'Bearing hot',
      value: 94.2,
      names: ['filler-2', SOURCE],
    });
    expect(cleared).toMatchObject({ kind: 'cleared', clearCause: 'condition', conditionKey: raised.conditionKey });
    expect(only({ type: 'com.example.alarm.raised.v1' }).conditionKey).toBe(raised.conditionKey);
  });
  test('a key in the data names one of many at its source', () => {
    expect(only({ data: { condition: 'A-1042', title: 'x' } }).conditionKey).toBe(`${SOURCE}|A-1042`);
  });
  test("the integration's mapping says what a type means, and what names the condition", () => {
    const sent = cloudEventSends('structured', {
      ...RAISED,
      type: 'com.example.mes.held',
      data: { 'a/b': ['x'], title: 't' },
    });
    const mapping = { types: { 'com.example.mes.held': 'active' }, condition: '{source}#{/a~1b/0}' } as const;
    expect(read.only(sent, { mapping })).toMatchObject({ kind: 'active', conditionKey: `${SOURCE}#x` });
    const absent = { ...mapping, condition: '{source}#{/none}{__proto__}' };
    expect(read.only(sent, { mapping: absent }).conditionKey).toBe(`${SOURCE}|filler-2|com.example.mes`);
  });
  test('data that are a text, and data in base64', () => {
    expect(only({ data: 'Guard open', datacontenttype: 'text/plain' })).toMatchObject({ title: 'Guard open' });
    const packed = { data: undefined, data_base64: Buffer.from('{"title":"Größe"}').toString('base64') };
    expect(only(packed).title).toBe('Größe');
    expect(only({ ...packed, datacontenttype: 'application/octet-stream' }).title).toBe(
      'filler-2 com.example.alarm.raised',
    );
  });
  test('an event without data is called by its subject and type', () => {
    expect(only({ data: undefined })).toMatchObject({ title: 'filler-2 com.example.alarm.raised', kind: 'active' });
  });
  test('of a batch each is judged on its own', () => {
    const { id: _id, ...unnamed } = RAISED;
    const { transitions, warnings } = read.reading(
      cloudEventSends('batch', RAISED, unnamed as Event, { ...RAISED, id: 'evt-3' }),
    );
    expect(transitions.map(({ messageKey }) => messageKey)).toEqual([`${SOURCE}|evt-1`, `${SOURCE}|evt-3`]);
    expect(warnings).toEqual(['Event 2 was left out. The id of a CloudEvent is missing or empty.']);
    expect(read.reading(cloudEventSends('batch'))).toEqual({ transitions: [], warnings: [] });
  });
  for (const name of ['id', 'source', 'type', 'specversion'])
    for (const mode of ['structured', 'binary', 'batch'] as const)
      test(`[L7] ${mode} without ${name} it is refused with what it lacks`, () => {
        const sent = cloudEventSends(mode, { ...RAISED, [name]: mode === 'structured' ? undefined : '' });
        expect(read.answer(sent)).toMatchObject({
          refused: 'not-a-delivery',
          fields: [{ field: `/${name}`, problem: 'missing' }],
        });
      });
  for (const [what, sent, code] of [
    ['version 0.3', cloudEventSends('structured', { ...RAISED, specversion: '0.3' }), 'not-a-delivery'],
    [
      'another format',
      { ...cloudEventSends('structured', RAISED), headers: { 'content-type': 'application/cloudevents+avro' } },
      'unsupported-media-type',
    ],
    [
      'a batch that is one event',
      json(RAISED, { 'content-type': 'application/cloudevents-batch+json' }),
      'not-a-delivery',
    ],
    [
      'a list that is said to be one event',
      json([RAISED], { 'content-type': 'application/cloudevents+json' }),
      'not-a-delivery',
    ],
    [
      'no JSON',
      { headers: { 'content-type': 'application/cloudevents+json' }, body: utf8('<xml/>') },
      'malformed-json',
    ],
    ['no event', json({ title: 'x' }), 'not-a-delivery'],
  ] as const)
    test(`[L7] ${what} is refused`, () => expect(read.answer(sent)).toMatchObject({ refused: code }));
  test('the mode is told by the beginning of the content type, in whatever letters', () => {
    const as = (type: string): Sent => ({
      ...cloudEventSends('structured', RAISED),
      headers: { 'content-type': type },
    });
    for (const type of ['Application/CloudEvents+JSON; charset=UTF-8', 'application/cloudevents', 'application/json'])
      expect(read.only(as(type)).title).toBe('Bearing hot');
  });
});

describe('attributes in headers', () => {
  for (const [header, text] of [
    ['filler-2', 'filler-2'],
    ['"filler 2"', 'filler 2'],
    ['"a \\"b\\" \\\\"', 'a "b" \\'],
    ['F%C3%BCller%202', 'Füller 2'],
    ['Euro%20%E2%82%AC', 'Euro €'],
    ['F\u00fcller 2 "B"', 'Füller 2 "B"'],
    ['F\u00c3\u00bcller', 'Füller'],
    ['Füller €', 'Füller €'],
    ['100% sure', '100% sure'],
    ['%FF', null],
  ] as const)
    test(`${header} says ${text}`, () => expect(headerText(header)).toBe(text));
  test('one that is no UTF-8 counts as missing', () => {
    const { headers, body } = cloudEventSends('binary', RAISED);
    expect(read.answer({ body, headers: { ...headers, 'ce-source': '%FF' } })).toMatchObject({
      refused: 'not-a-delivery',
    });
  });
  test('what is written by the book is read by the book', () => {
    expect(only({ subject: 'Füller 2 "B" 100%', id: 'e 1' }, 'binary')).toMatchObject({
      conditionKey: `${SOURCE}|Füller 2 "B" 100%|com.example.alarm`,
      messageKey: `${SOURCE}|e 1`,
    });
  });
});

interface Sdk {
  readonly CloudEvent: new (event: object) => object;
  readonly HTTP: Readonly<Record<'binary' | 'structured', (event: object) => SdkMessage>>;
}
interface SdkMessage {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}
describe('what npm cloudevents writes', () => {
  const sentBy = ({ headers, body }: SdkMessage): Sent => ({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
    body: body instanceof Uint8Array ? body : utf8(String(body)),
  });
  const SPOKEN = { ...RAISED, subject: 'Füller 2 "B"', time: '2026-11-21T02:15:00.123Z' };

  for (const mode of ['binary', 'structured'] as const)
    test(`${mode} mode reads as what it was`, async (context) => {
      const { CloudEvent, HTTP } = await sdk<Sdk>(context, 'cloudevents');
      expect(read.only(sentBy(HTTP[mode](new CloudEvent(SPOKEN))))).toMatchObject({
        conditionKey: `${SOURCE}|Füller 2 "B"|com.example.alarm`,
        messageKey: `${SOURCE}|evt-1`,
        kind: 'active',
        title: 'Bearing hot',
        at: SPOKEN.time,
      });
    });
  test('a batch, which it reads and does not write, is its events in a list', async (context) => {
    const { CloudEvent } = await sdk<Sdk>(context, 'cloudevents');
    const events = ['evt-1', 'evt-2'].map((id) => new CloudEvent({ ...SPOKEN, id }));
    const sent = json(events, { 'content-type': 'application/cloudevents-batch+json' });
    expect(read.transitions(sent).map(({ messageKey }) => messageKey)).toEqual([`${SOURCE}|evt-1`, `${SOURCE}|evt-2`]);
  });
  for (const mode of ['binary', 'structured'] as const)
    test(`text and bytes in ${mode} mode`, async (context) => {
      const { CloudEvent, HTTP } = await sdk<Sdk>(context, 'cloudevents');
      const text = new CloudEvent({ ...SPOKEN, data: 'Guard open', datacontenttype: 'text/plain' });
      expect(read.only(sentBy(HTTP[mode](text))).title).toBe('Guard open');
      const bytes = new CloudEvent({
        ...SPOKEN,
        data: Uint8Array.of(1, 2, 255),
        datacontenttype: 'application/octet-stream',
      });
      expect(read.only(sentBy(HTTP[mode](bytes))).title).toContain('com.example.alarm.raised');
    });
});
