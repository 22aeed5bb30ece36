/** Ignition, by the script that we hand out (domain model 3.2 f). */
import { describe, expect, test } from 'vitest';
import { ignition } from '../../server/ingest/ignition.ts';
import { reader } from '../kit/read.ts';
import { asRecorded, ignitionSends, json } from '../kit/sent.ts';

const read = reader(ignition);
const EVENT = '6f1c2a7e-52b0-4f0e-9f0e-1f3d7a1b9c55';
const kinds = (change: Readonly<Record<string, unknown>>) =>
  read.transitions(ignitionSends(change)).map(({ kind, messageKey }) => [kind, messageKey]);

describe('Ignition', () => {
  test('an active alarm, as constructed: source is the condition, event id the episode', () => {
    expect(read.only(asRecorded('constructed-ignition-active'))).toEqual({
      conditionKey: 'prov:default:/tag:Packaging/Line3/Filler2/TT3204:/alm:HighHigh',
      occurrenceKey: EVENT,
      messageKey: `${EVENT}|ActiveUnacked`,
      kind: 'active',
      clearCause: null,
      severity: 'Critical',
      priority: 'P1',
      class: 'maintenance',
      at: '2026-11-21T02:12:08.000Z',
      area: 'packaging',
      equipment: 'packaging/line-3/filler-2',
      title: 'Filler 2 bearing temperature high-high',
      text: 'Check lube line',
      value: 94.2,
      unit: null,
      links: [],
      names: [
        '[default]Packaging/Line3/Filler2/TT3204',
        'Packaging/Line3/Filler2/TT3204',
        'TT3204',
        'Packaging/Line 3/Filler 2/Bearing temperature',
        'filler-2',
      ],
    });
  });
  test('its clear is about the same episode', () => {
    expect(read.only(asRecorded('constructed-ignition-cleared'))).toMatchObject({
      occurrenceKey: EVENT,
      messageKey: `${EVENT}|ClearUnacked`,
      kind: 'cleared',
      clearCause: 'condition',
      at: '2026-11-21T02:31:02.000Z',
    });
  });
  for (const [state, eventState, expected] of [
    [
      'ActiveAcked',
      'Ack',
      [
        ['active', null],
        ['acked', `${EVENT}|ActiveAcked`],
      ],
    ],
    ['ClearAcked', 'Ack', [['acked', `${EVENT}|ClearAcked`]]],
    ['ClearAcked', 'Clear', [['cleared', `${EVENT}|ClearAcked`]]],
    ['Active, Unacknowledged', 'Active', [['active', `${EVENT}|Active, Unacknowledged`]]],
    ['Cleared, Acknowledged', undefined, [['cleared', `${EVENT}|Cleared, Acknowledged`]]],
    [undefined, 'Clear', [['cleared', `${EVENT}|Clear`]]],
  ] as const)
    test(`state ${state} because of ${eventState}`, () =>
      expect(kinds({ state, eventState, isCleared: undefined })).toEqual(expected));
  for (const [priority, expected] of [
    ['High', 'P2'],
    ['Medium', 'P3'],
    ['Low', 'P4'],
    [4, 'P1'],
    ['1', 'P4'],
  ] as const)
    test(`priority ${priority} is ${expected}`, () =>
      expect(read.only(ignitionSends({ priority })).priority).toBe(expected));
  test('a diagnostic alarm is worth a line and asks for nobody', () => {
    expect(read.only(ignitionSends({ priority: 'Diagnostic' }))).toMatchObject({ kind: 'info', priority: 'P4' });
  });
  test('what is shelved in Ignition is known here and asks for nobody', () => {
    expect(read.only(ignitionSends({ isShelved: true }))).toMatchObject({ kind: 'active', quiet: true });
  });
  test('the time as milliseconds, as the script sends it', () => {
    expect(read.only(ignitionSends({ eventTime: 1795227128000 })).at).toBe('2026-11-21T02:12:08.000Z');
  });
  test('without associated data the folders of the display path say where it stands', () => {
    expect(read.only(ignitionSends({ associatedData: undefined }))).toMatchObject({
      area: 'packaging',
      equipment: 'packaging/line-3/filler-2',
    });
  });
  test('as the script of the pipeline sends an alarm without display path, notes and data', () => {
    const source = 'prov:default:/tag:Packaging/Line3/Filler2/TT3204:/alm:HighHigh';
    const script = { eventId: EVENT, source, displayPath: source, name: 'HighHigh', priority: 'High', notes: 'None' };
    const state = { state: 'Active, Unacknowledged', isAcked: false, isCleared: false, isShelved: false };
    expect(read.only(json({ ...script, ...state, eventTime: 1795227128000 }))).toMatchObject({
      title: 'TT3204 HighHigh',
      text: null,
      area: null,
      equipment: null,
      kind: 'active',
      priority: 'P2',
    });
  });
  test('[L14] it never leaves the area of its integration', () => {
    expect(read.only(ignitionSends(), { area: 'leeds/packaging' })).toMatchObject({
      area: 'leeds/packaging',
      equipment: 'leeds/packaging/line-3/filler-2',
    });
    expect(read.only(ignitionSends(), { area: 'leeds/utilities' })).toMatchObject({
      area: 'leeds/utilities',
      equipment: null,
    });
  });
  for (const [what, sent, field] of [
    ['without a source', ignitionSends({ source: undefined }), '/source'],
    ['without a state', json({ source: 'prov:default:/tag:x', eventId: EVENT }), '/state'],
  ] as const)
    test(`[L7] ${what} it is refused with what it lacks`, () =>
      expect(read.answer(sent)).toMatchObject({
        refused: 'not-a-delivery',
        fields: [expect.objectContaining({ field })],
      }));
});
