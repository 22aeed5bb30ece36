/** Requests as real senders make them: the recorded ones, with what a story changes in them, signed where their sender signs. */
import { createHmac, type KeyObject, sign } from 'node:crypto';
import { utf8 } from '../../shared/kernel/bytes.ts';
import type { Message } from '../../server/ingest/adapter.ts';
import { recording } from './fixtures.ts';

export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}
type Some = Readonly<Record<string, unknown>>;

/** Of the connection that a request came over, not of the message. */
const HOP = ['host', 'connection', 'content-length', 'authorization'];

/** A recording with some of its members said otherwise; without any, byte for byte. */
function recorded(name: string, change: (body: never) => unknown = (body) => body, isChanged = true): Sent {
  const { headers, body } = recording(name);
  const kept = Object.fromEntries(Object.entries(headers).filter(([header]) => !HOP.includes(header.toLowerCase())));
  return { headers: kept, body: utf8(isChanged ? JSON.stringify(change(JSON.parse(body) as never)) : body) };
}
export const asRecorded = (name: string): Sent => recorded(name, undefined, false);
export const json = (value: unknown, headers: Sent['headers'] = {}): Sent => ({
  headers: { 'content-type': 'application/json', ...headers },
  body: utf8(JSON.stringify(value)),
});

/** The message as an adapter gets it. */
export const received = (
  { headers, body }: Sent,
  { area = null, mapping, receivedAt = '2026-11-21T06:00:00.000Z' }: Partial<Message> = {},
): Message => ({ headers, body, area, receivedAt, ...(mapping ? { mapping } : {}) });

type Group = Some & { readonly alerts: readonly Some[] };
const alertsOf =
  (name: string) =>
  (...alerts: readonly Some[]): Sent =>
    recorded(name, (group: Group) => ({
      ...group,
      alerts: (alerts.length ? alerts : [{}]).map((alert) => ({ ...group.alerts[0], ...alert })),
    }));
export const alertmanagerSends = alertsOf('alertmanager-01-firing');
export const grafanaSends = alertsOf('constructed-grafana-firing');

export const nodeRedSends = (payload: unknown, id?: string): Sent => {
  const key = id === undefined ? {} : { 'idempotency-key': id };
  return typeof payload === 'string' ? { headers: key, body: utf8(payload) } : json(payload, key);
};
/** What a flow forwards of an MQTT message. */
export const bridgeSends = (payload: unknown, around: Some = {}): Sent =>
  recorded('nodered-03-mqtt-bridge-active', (body: Some) => ({
    ...body,
    payload: isPlain(payload) ? { ...(body['payload'] as Some), ...payload } : payload,
    ...around,
  }));
const isPlain = (value: unknown): value is Some => typeof value === 'object' && value !== null && !Array.isArray(value);

export const ignitionSends = (change: Some = {}): Sent =>
  recorded('constructed-ignition-active', (body: Some) => ({ ...body, ...change }));
export const pagerDutySends = (change: Some = {}): Sent =>
  recorded('pagerduty-events-v2-01-trigger', (body: Some) => ({ ...body, ...change }));

type Network = Some & { readonly Messages: readonly (Some & { readonly Payload: Some })[] };
/** One notification for each change of the recorded fields. */
export const opcuaSends = (...payloads: readonly Some[]): Sent =>
  recorded('constructed-opcua-pubsub-json-event', (network: Network) => ({
    ...network,
    Messages: (payloads.length ? payloads : [{}]).map((payload) => ({
      ...network.Messages[0],
      Payload: { ...network.Messages[0]!.Payload, ...payload },
    })),
  }));

export interface SparkplugMetric {
  readonly name?: string;
  readonly value: unknown;
  readonly type?: string;
  readonly [more: string]: unknown;
}
/** What a bridge makes of a message at `spBv1.0/Leeds/VERB/Packaging-GW1/Filler2`; verbs of a node have no device. */
export const sparkplugOf = (verb: string, metrics: readonly SparkplugMetric[], seq = 2, timestamp = 1795227439157) => ({
  topic: `spBv1.0/Leeds/${verb}/Packaging-GW1${verb.startsWith('D') ? '/Filler2' : ''}`,
  decoded: { timestamp, metrics: metrics.map((metric) => ({ type: 'Boolean', timestamp, ...metric })), seq },
});
export const sparkplugSends = (...given: Parameters<typeof sparkplugOf>): Sent => json(sparkplugOf(...given));

export interface Event {
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly data?: unknown;
  readonly [attribute: string]: unknown;
}
/** One event of CloudEvents 1.0 in binary or structured mode, or several as a batch. */
export function cloudEventSends(mode: 'binary' | 'structured' | 'batch', ...events: readonly Event[]): Sent {
  const whole = events.map((event) => ({ specversion: '1.0', datacontenttype: 'application/json', ...event }));
  if (mode === 'batch') return json(whole, { 'content-type': 'application/cloudevents-batch+json' });
  if (mode === 'structured') return json(whole[0], { 'content-type': 'application/cloudevents+json; charset=utf-8' });
  const { data, datacontenttype, ...attributes } = whole[0]!;
  const headers = Object.entries(attributes).map(([name, value]) => [`ce-${name}`, percentEncoded(String(value))]);
  return json(data, { ...(Object.fromEntries(headers) as object), 'content-type': datacontenttype });
}
/** As the HTTP binding has it: what is not printable ASCII, and `"` and `%`. */
const percentEncoded = (text: string): string =>
  text.replace(/[^\x21\x23\x24\x26-\x7e]/gu, (letter) =>
    [...utf8(letter)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );

/** The secret of the recorded Standard Webhooks, made for tests. */
export const WEBHOOK_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export interface Webhook {
  readonly type: string;
  readonly data: unknown;
  readonly id?: string;
  /** Seconds since 1970. */
  readonly at?: number;
}
export function webhookSends(
  { type, data, id = 'msg_1', at = 1795227600 }: Webhook,
  ...secrets: readonly string[]
): Sent {
  const sent = json({ type, timestamp: new Date(at * 1000).toISOString(), data });
  return signedAsWebhook(sent, id, at, ...(secrets.length ? secrets : [WEBHOOK_SECRET]));
}
/** Any body with the headers of Standard Webhooks; a private key signs as `v1a`. */
export function signedAsWebhook(sent: Sent, id: string, at: number, ...keys: readonly (string | KeyObject)[]): Sent {
  const content = Buffer.concat([utf8(`${id}.${at}.`), sent.body]);
  const signatures = keys.map((key) =>
    typeof key === 'string'
      ? `v1,${createHmac('sha256', Buffer.from(key.replace('whsec_', ''), 'base64'))
          .update(content)
          .digest('base64')}`
      : `v1a,${sign(null, content, key).toString('base64')}`,
  );
  const headers = { 'webhook-id': id, 'webhook-timestamp': String(at), 'webhook-signature': signatures.join(' ') };
  return { ...sent, headers: { ...sent.headers, ...headers } };
}

const hmac = (secret: string, ...parts: readonly Uint8Array[]): string =>
  createHmac('sha256', secret).update(Buffer.concat(parts)).digest('hex');
/** With seconds since 1970, as with a timestamp header configured. */
export const signedByGrafana = (sent: Sent, secret: string, at?: number): Sent => ({
  ...sent,
  headers: {
    ...sent.headers,
    'x-grafana-alerting-signature': hmac(secret, ...(at === undefined ? [] : [utf8(`${at}:`)]), sent.body),
    ...(at === undefined ? {} : { 'x-grafana-alerting-timestamp': String(at) }),
  },
});
export const signedByHub = (sent: Sent, secret: string): Sent => ({
  ...sent,
  headers: { ...sent.headers, 'x-hub-signature-256': `sha256=${hmac(secret, sent.body)}` },
});
export const signedByPagerDuty = (sent: Sent, ...secrets: readonly string[]): Sent => ({
  ...sent,
  headers: {
    ...sent.headers,
    'x-pagerduty-signature': secrets.map((secret) => `v1=${hmac(secret, sent.body)}`).join(','),
  },
});
