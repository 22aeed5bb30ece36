/** What to paste into a sender of each kind, so that it delivers here. */
import type { Snippet } from '../../kernel/feature.ts';
import type { IntegrationKind, IntegrationState } from './contract.ts';

interface Place {
  readonly url: string;
  /** The token, key or secret; a placeholder where it was shown before. */
  readonly secret: string;
  readonly state: IntegrationState;
}
type Writer = (at: Place) => Snippet;

export function snippetOf(
  state: IntegrationState,
  { url, secret }: { readonly url: string; readonly secret: string | null },
): Snippet {
  return WRITERS[state.kind]({ url, secret: secret ?? PLACEHOLDERS[state.proof], state });
}

const PLACEHOLDERS: Readonly<Record<IntegrationState['proof'], string>> = {
  token: 'YOUR_TOKEN',
  'routing-key': 'YOUR_ROUTING_KEY',
  signature: 'YOUR_SECRET',
};

const steps = (file: string, lines: readonly string[]): Snippet => ({
  file,
  format: 'text',
  text: `${lines.map((line, i) => `${i + 1}. ${line}`).join('\n')}\n`,
});

/** A message as a shell command. */
const curl = (url: string, headers: readonly string[], body: unknown): Snippet => ({
  file: 'send.sh',
  format: 'sh',
  text: [
    `curl -fsS -X POST '${url}' \\`,
    ...headers.map((header) => `  -H '${header}' \\`),
    `  -d '${JSON.stringify(body)}'`,
    '',
  ].join('\n'),
});

const bearer = (secret: string): string => `Authorization: Bearer ${secret}`;
const JSON_TYPE = 'Content-Type: application/json';
const EXAMPLE = { condition: 'pump-3/overtemp', state: 'active', severity: 'high', title: 'Pump 3 too hot' };

/** With openssl, for senders of generic JSON that sign. */
const signedCurl = (url: string, secret: string): Snippet => ({
  file: 'send.sh',
  format: 'sh',
  text: [
    `BODY='${JSON.stringify(EXAMPLE)}'`,
    `SIGNATURE=$(printf %s "$BODY" | openssl dgst -sha256 -hmac '${secret}' -r | cut -d' ' -f1)`,
    `curl -fsS -X POST '${url}' -H '${JSON_TYPE}' -H "X-Hub-Signature-256: sha256=$SIGNATURE" -d "$BODY"`,
    '',
  ].join('\n'),
});

const generic: Writer = ({ url, secret, state }) =>
  state.proof === 'signature' ? signedCurl(url, secret) : curl(url, [bearer(secret), JSON_TYPE], EXAMPLE);

const standard: Writer = ({ url, secret, state }) =>
  state.proof === 'signature'
    ? steps('webhook settings', [
        `Endpoint URL: ${url}`,
        `Signing secret (Standard Webhooks, v1): ${secret}`,
        'Send events of type alarm.activated and alarm.cleared, with the alarm in "data".',
      ])
    : curl(url, [bearer(secret), JSON_TYPE, 'webhook-id: msg_1'], { type: 'alarm.activated', data: EXAMPLE });

const bridge =
  (what: string): Writer =>
  ({ url, secret }) =>
    steps('bridge settings', [
      `Let the bridge POST each ${what}, as JSON, to ${url}`,
      `With the header "${bearer(secret)}"`,
      'A 202 means stored. Repeat a message that was not answered: the same one twice is one.',
    ]);

const WRITERS: Readonly<Record<IntegrationKind, Writer>> = {
  generic,
  mes: standard,
  'standard-webhooks': standard,
  alertmanager: ({ url, secret }) => ({
    file: 'alertmanager.yml',
    format: 'yaml',
    text: `receivers:
  - name: operary
    webhook_configs:
      - url: ${url}
        send_resolved: true
        max_alerts: 0
        http_config:
          authorization:
            type: Bearer
            credentials: ${secret}
`,
  }),
  grafana: ({ url, secret, state }) =>
    steps('contact point', [
      'Alerting → Contact points → Add contact point, integration "Webhook".',
      `URL: ${url}, HTTP method: POST`,
      ...(state.proof === 'signature'
        ? [
            `HMAC signature → Secret: ${secret}`,
            'HMAC signature → Timestamp header: X-Grafana-Alerting-Timestamp (without it a message could be replayed)',
          ]
        : [`Authorization header → Scheme: Bearer, Credentials: ${secret}`]),
      'Send resolved: on. Test, then use the contact point in a notification policy.',
    ]),
  cloudevents: ({ url, secret, state }) =>
    state.proof === 'signature'
      ? signedCurl(url, secret)
      : curl(url, [bearer(secret), 'Content-Type: application/cloudevents+json'], {
          specversion: '1.0',
          id: 'evt-1',
          source: '/line-3/mes',
          type: 'com.example.alarm.raised',
          subject: 'pump-3',
          data: { title: 'Pump 3 too hot', severity: 'high' },
        }),
  pagerduty: ({ url, secret, state }) =>
    steps('PagerDuty settings of the sender', [
      `PagerDuty URL (Events API v2): ${url}`,
      state.proof === 'signature' ? `Webhook secret: ${secret}` : `Integration key (routing key): ${secret}`,
    ]),
  ignition: ({ url, secret }) => ({
    file: 'Alarm pipeline "Operary", script block',
    format: 'python',
    text: `# Start block: all drop-out conditions OFF, and pipelines of the same kind for clear and acknowledge, else no clears arrive.
client = system.net.httpClient(timeout=5000)
body = {"eventId": str(event.id), "source": str(event.source), "displayPath": str(event.displayPathOrSource),
        "name": str(event.name), "priority": str(event.priority), "state": str(event.state),
        "isAcked": event.acked, "isCleared": event.cleared, "isShelved": event.shelved,
        "eventTime": system.date.toMillis(system.date.now()), "notes": str(event.notes)}
client.post("${url}",
            headers={"Authorization": "Bearer ${secret}", "Content-Type": "application/json"},
            data=system.util.jsonEncode(body))
`,
  }),
  opcua: bridge('PubSub NetworkMessage'),
  sparkplug: bridge('message, with its topic and the decoded payload ({"topic": …, "decoded": …})'),
  'node-red': ({ url, secret }) => ({
    file: 'Node-RED: Import → Clipboard',
    format: 'json',
    text: `${JSON.stringify(
      [
        {
          id: 'operary-prepare',
          type: 'function',
          name: 'For Operary',
          func: [
            `msg.headers = { 'content-type': 'application/json', authorization: 'Bearer ${secret}' };`,
            '// The same id on every attempt: a repeated message is one.',
            'msg.headers["idempotency-key"] = String(msg.payload.id || msg._msgid);',
            'msg.payload = { retain: msg.retain === true, topic: msg.topic, ...msg.payload };',
            'return msg;',
          ].join('\n'),
          outputs: 1,
          wires: [['operary-send']],
        },
        { id: 'operary-send', type: 'http request', name: 'Operary', method: 'POST', ret: 'txt', url, wires: [[]] },
      ],
      null,
      2,
    )}\n`,
  }),
};
