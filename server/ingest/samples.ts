/** A test message of each kind, as its sender would write it: low, and named so that nobody runs. */
import type { IntegrationKind } from '../../shared/features/integrations/contract.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';

interface Told {
  readonly title: string;
  /** RFC 3339, when the test began and when this message is made. */
  readonly since: string;
  readonly at: string;
  readonly isOver: boolean;
  /** Of this test. */
  readonly id: string;
}

interface Sample {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
type Writer = (told: Told) => { readonly headers?: Readonly<Record<string, string>>; readonly json: unknown };

const KEY = 'operary-test';

const alertGroup =
  (version: string, more: object): Writer =>
  ({ title, since, at, isOver }) => ({
    json: {
      ...{ version, receiver: 'operary', status: isOver ? 'resolved' : 'firing', truncatedAlerts: 0, ...more },
      alerts: [
        {
          status: isOver ? 'resolved' : 'firing',
          labels: { alertname: KEY, severity: 'low' },
          annotations: { summary: title },
          startsAt: since,
          endsAt: isOver ? at : '0001-01-01T00:00:00Z',
          fingerprint: KEY,
        },
      ],
    },
  });

const plain: Writer = ({ title, at, isOver, id }) => ({
  json: {
    id: `${id}-${isOver ? 2 : 1}`,
    ...{ condition: KEY, occurrence: id, state: isOver ? 'cleared' : 'active', severity: 'low', title, occurredAt: at },
  },
});

const standard: Writer = (told) => ({
  headers: { 'webhook-id': `msg_${told.id}_${told.isOver ? 2 : 1}` },
  json: {
    type: told.isOver ? 'alarm.cleared' : 'alarm.activated',
    timestamp: told.at,
    data: plain(told).json,
  },
});

const WRITERS: Readonly<Record<IntegrationKind, Writer>> = {
  alertmanager: alertGroup('4', {}),
  grafana: alertGroup('1', { orgId: 1 }),
  generic: plain,
  'node-red': plain,
  mes: standard,
  'standard-webhooks': standard,
  cloudevents: ({ title, at, isOver, id }) => ({
    headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    json: {
      specversion: '1.0',
      id: `${id}-${isOver ? 2 : 1}`,
      source: '/operary/test',
      type: isOver ? 'operary.test.cleared' : 'operary.test.raised',
      subject: KEY,
      time: at,
      data: { title, severity: 'low', state: isOver ? 'cleared' : 'active' },
    },
  }),
  pagerduty: ({ title, isOver, at }) => ({
    json: {
      event_action: isOver ? 'resolve' : 'trigger',
      dedup_key: KEY,
      payload: { summary: title, source: 'operary', severity: 'info', timestamp: at },
    },
  }),
  ignition: ({ title, at, isOver, id }) => ({
    json: {
      ...{ eventId: id, source: `prov:default:/tag:Operary:/alm:${KEY}`, displayPath: 'Operary/Test', name: title },
      ...{ label: title, priority: 'Low', state: isOver ? 'ClearUnacked' : 'ActiveUnacked' },
      ...{ eventState: isOver ? 'Clear' : 'Active', eventTime: at, isAcked: false, isCleared: isOver },
    },
  }),
  opcua: ({ title, at, isOver, id }) => ({
    json: {
      ...{ MessageId: `${id}-${isOver ? 2 : 1}`, MessageType: 'ua-data', PublisherId: 'operary' },
      Messages: [
        {
          DataSetWriterId: 1,
          Timestamp: at,
          MessageType: 'ua-event',
          Payload: {
            ...{
              EventId: Buffer.from(`${id}-${isOver}`).toString('base64'),
              SourceNode: 'ns=1;s=Operary',
              SourceName: 'Operary',
            },
            ...{ ConditionName: KEY, Time: at, Message: { Text: title, Locale: 'en' }, Severity: 100, Retain: true },
            ...{ 'ActiveState/Id': !isOver, 'AckedState/Id': false },
          },
        },
      ],
    },
  }),
  sparkplug: ({ at, isOver }) => ({
    json: {
      topic: 'spBv1.0/Operary/DDATA/Test/Test',
      decoded: {
        timestamp: Date.parse(at),
        seq: isOver ? 2 : 1,
        metrics: [{ name: `Alarms/${KEY}/Active`, type: 'Boolean', value: !isOver, timestamp: Date.parse(at) }],
      },
    },
  }),
};

export function sampleOf(kind: IntegrationKind, told: Told): Sample {
  const { headers, json } = WRITERS[kind](told);
  return { headers: { 'content-type': 'application/json', ...headers }, body: utf8(JSON.stringify(json)) };
}
