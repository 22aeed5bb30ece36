/** Whatever a sender sends: an adapter never throws, and what it answers is fit for the door. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertmanager } from '../../server/ingest/alertmanager.ts';
import { cloudevents } from '../../server/ingest/cloudevents.ts';
import { generic } from '../../server/ingest/generic.ts';
import { grafana } from '../../server/ingest/grafana.ts';
import { ignition } from '../../server/ingest/ignition.ts';
import { nodeRed } from '../../server/ingest/node-red.ts';
import { opcua } from '../../server/ingest/opcua.ts';
import { pagerduty } from '../../server/ingest/pagerduty.ts';
import { redactRoutingKey } from '../../server/ingest/routing-key.ts';
import { type Scheme, verify } from '../../server/ingest/signatures.ts';
import { sparkplug } from '../../server/ingest/sparkplug.ts';
import { standardWebhooks } from '../../server/ingest/standard-webhooks.ts';
import { mes } from '../../server/ingest/mes.ts';
import type { Adapter, Message } from '../../server/ingest/adapter.ts';
import { transition } from '../../shared/features/alarms/contract.ts';
import { commands as deliveryWords } from '../../shared/features/deliveries/contract.ts';
import { order } from '../../shared/features/orders/contract.ts';
import { textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { isRefusal, STATUS_BY_CODE } from '../../shared/kernel/refusal.ts';
import { recording } from '../kit/fixtures.ts';
import { anOrganisation } from '../kit/given.ts';
import { monitoring, scada } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';
import { sparkplugOf } from '../kit/sent.ts';

const ADAPTERS: Readonly<Record<string, Adapter>> = {
  alertmanager,
  cloudevents,
  generic,
  grafana,
  ignition,
  mes,
  'node-red': nodeRed,
  opcua,
  pagerduty,
  sparkplug,
  'standard-webhooks': standardWebhooks,
};
const recorded = (name: string): unknown => JSON.parse(recording(name).body);
const FIXTURES = ['alertmanager-02-firing-new-alert-in-group', 'alertmanager-05-resolved', 'nodered-01-plain-json'].map(
  recorded,
);
const ALARM = 'Alarms/TT3204_HH/';
/** Bodies of the sender that an adapter is for; the others it gets too. */
const OWN: Readonly<Record<string, readonly unknown[]>> = {
  cloudevents: [recorded('cloudevents-structured'), recorded('cloudevents-batch')],
  grafana: [recorded('constructed-grafana-firing')],
  ignition: [recorded('constructed-ignition-active')],
  mes: [recorded('constructed-mes-order-push')],
  'node-red': [recorded('nodered-03-mqtt-bridge-active')],
  opcua: [recorded('constructed-opcua-pubsub-json-event')],
  pagerduty: [recorded('pagerduty-events-v2-01-trigger')],
  sparkplug: [
    sparkplugOf('DDATA', [
      { name: `${ALARM}Active`, value: true },
      { name: `${ALARM}Acked`, value: true },
      { name: `${ALARM}Text`, value: 'hot', type: 'String' },
      { name: 'Bearing/Temperature', value: 94.19999694824219, type: 'Float' },
    ]),
    [sparkplugOf('DDEATH', []), sparkplugOf('NBIRTH', [{ name: `${ALARM}Active`, value: false }])],
  ],
  'standard-webhooks': [
    { type: 'alarm.activated', timestamp: '2026-11-21T02:20:00.000Z', data: { tag: 'TT3204', state: 'ActiveUnacked' } },
  ],
};
const GENERIC = {
  id: 'plc7-000981',
  source: 'plc7',
  condition: 'A-1042',
  occurrence: 'e-1',
  state: 'active',
  severity: 'critical',
  title: 'Filler 2',
  text: 'hot',
  value: 94.2,
  unit: '°C',
  occurredAt: '2026-11-21T02:40:00.000Z',
  area: 'leeds',
  equipment: 'leeds/packaging',
  links: ['https://hmi.plant.local/line3'],
};

/** Texts that have broken parsers before. */
const nasty = fc.oneof(
  fc.constantFrom(
    ...['__proto__', 'constructor', 'toString', '', ' ', '\u0000', '\ud800', '\u2028', '\u202e', 'refused'],
  ),
  fc.constantFrom(
    ...['+020000-01-01T00:00:00Z', '12345', '0001-01-01T00:00:00Z', '275760-09-13', 'a/../b', '////', '-'],
  ),
  fc.constantFrom('x'.repeat(5000), '\ud83d\ude00'.repeat(400), '\u00e4/'.repeat(300), '"'.repeat(4000)),
  fc.string({ unit: 'binary', maxLength: 40 }),
);
const leaf: fc.Arbitrary<unknown> = fc.oneof(
  nasty,
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(Infinity),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.oneof(nasty, fc.constantFrom('alerts', 'labels', 'title', 'toString')), tie('json'), {
      maxKeys: 5,
    }),
  ),
}));

/** A real message in which any member, however deep, may be something else. */
const mutated = (original: unknown): fc.Arbitrary<unknown> => {
  const kept = fc.constant(original);
  if (typeof original !== 'object' || original === null)
    return fc.oneof({ arbitrary: kept, weight: 8 }, { arbitrary: json, weight: 1 });
  const within = Array.isArray(original)
    ? fc.tuple(...original.map(mutated))
    : fc.record(Object.fromEntries(Object.entries(original).map(([key, member]) => [key, mutated(member)])));
  return fc.oneof({ arbitrary: within as fc.Arbitrary<unknown>, weight: 12 }, { arbitrary: json, weight: 1 });
};

/** JSON as bytes, with the one number that JSON text can hold and JSON values cannot. */
const written = (value: unknown): Uint8Array =>
  utf8(
    JSON.stringify(value, (_key, member: unknown) => (member === Infinity ? '1e999!' : member))?.replaceAll(
      '"1e999!"',
      '1e999',
    ) ?? '',
  );

const HEADERS = [
  'idempotency-key',
  'content-type',
  'webhook-id',
  'svix-id',
  'ce-id',
  'ce-source',
  'ce-type',
  'ce-subject',
];
const TYPES = ['application/json', 'text/plain', 'application/cloudevents+json', 'application/cloudevents-batch+json'];
const header = fc.oneof(nasty, fc.constantFrom(...TYPES, '1.0', '"F%C3%BCller"', '%ff', '%', 'F\u00fcller'));
const MAPPING = {
  types: { 'alarm.*': 'active', 'com.example.mes.*': 'cleared', '*': 'acked' },
  condition: '{source} {/state}',
} as const;

const messageOf = (bodies: readonly unknown[]): fc.Arbitrary<Message> =>
  fc.record(
    {
      headers: fc.dictionary(fc.constantFrom(...HEADERS, 'ce-specversion'), header),
      body: fc.oneof(
        fc.oneof(...[...bodies, GENERIC].map(mutated)).map(written),
        json.map(written),
        fc.dictionary(fc.constantFrom(...Object.keys(GENERIC)), json).map(written),
        fc.uint8Array({ maxLength: 30 }),
      ),
      area: fc.constantFrom(null, 'leeds/packaging', 'a/b/c/d/e/f/g/h'),
      receivedAt: fc.constant('2026-11-21T06:00:00.000Z'),
      mapping: fc.constantFrom(MAPPING, { types: {} }),
    },
    { requiredKeys: ['headers', 'body', 'area', 'receivedAt'] },
  );
const message = messageOf(FIXTURES);

for (const [name, adapter] of Object.entries(ADAPTERS))
  test(`[L10] ${name} answers any message with transitions that the door takes, or with a refusal of ours`, () => {
    const { transitions: _list, ...warnings } = {
      transitions: 0,
      warnings: deliveryWords.receive.input.shape.warnings,
    };
    let understood = 0;
    fc.assert(
      fc.property(messageOf(OWN[name] ?? FIXTURES), (given) => {
        const reading = adapter(given);
        if (isRefusal(reading)) return void expect(Object.keys(STATUS_BY_CODE)).toContain(reading.refused);
        for (const one of reading.transitions) {
          const parsed = transition.safeParse(one);
          expect(parsed.error?.issues ?? []).toEqual([]);
          if (given.area) expect(`${one.area}/`.startsWith(`${given.area}/`)).toBe(true);
          understood++;
        }
        for (const one of reading.orders ?? []) {
          expect(order.safeParse(one).error?.issues ?? []).toEqual([]);
          understood++;
        }
        for (const prefix of reading.lost ?? []) expect(prefix).toMatch(/^[^/]+\/(?:[^/]+\/){1,2}$/);
        expect(warnings.warnings.safeParse(reading.warnings).error?.issues ?? []).toEqual([]);
      }),
      { seed: 4711, numRuns: 1500 },
    );
    // Not all of it is refused: what is broken is broken one member at a time.
    expect(understood).toBeGreaterThan(100);
  });

test('[L10] a body as deep as it is long is no fault for anybody', () => {
  const deep = (open: string, close: string) => open.repeat(20_000) + close.repeat(20_000);
  const nested = [deep('[', ']'), `${deep('{"a":', '}').replace('}', '1}')}`];
  const places = [
    'alerts',
    'data',
    'payload',
    'Messages',
    'decoded',
    'source',
    'title',
    'topic',
    'event_action',
    'state',
  ];
  for (const adapter of Object.values(ADAPTERS))
    for (const body of nested.flatMap((one) => [one, ...places.map((place) => `{"${place}":${one}}`)])) {
      const read = adapter({ headers: {}, body: utf8(body), area: null, receivedAt: '2026-11-21T06:00:00.000Z' });
      expect(isRefusal(read) || read.transitions.length < 2).toBe(true);
    }
});

describe('what is decided before anybody is known', () => {
  const KEY = '0123456789abcdef0123456789abcdef';
  const hidden = fc.constantFrom<unknown>(KEY, [KEY], { [KEY]: [`see ${KEY}.`] }, `{"routing_key":"${KEY}"}`);
  const place = fc.constantFrom('routing_key', 'details', 'a', '__proto__');
  const holding = fc.dictionary(place, fc.oneof(hidden, fc.dictionary(place, hidden, { maxKeys: 3 }), json), {
    maxKeys: 4,
  });

  test('[L10] no byte of a routing key is kept, wherever it stands, and nothing else is lost', () => {
    fc.assert(
      fc.property(holding, fc.constantFrom(undefined, 1, '\t'), (rest, space) => {
        const event = { ...rest, routing_key: KEY, n: 1.5e3 };
        const { body, routingKey } = redactRoutingKey(utf8(JSON.stringify(event, null, space)));
        expect(routingKey).toBe(KEY);
        expect(textOf(body)).not.toContain(KEY);
        expect(JSON.parse(textOf(body))).toMatchObject({ routing_key: '[redacted]', n: 1500 });
      }),
      { numRuns: 500 },
    );
  });
  test('[L10] whatever the bytes, looking for a routing key is no fault', () => {
    const broken = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      json.map(written),
      fc.string({ unit: 'binary' }).map(utf8),
    );
    fc.assert(
      fc.property(broken, (body) => {
        const { routingKey } = redactRoutingKey(body);
        expect(routingKey === null || typeof routingKey === 'string').toBe(true);
      }),
      { numRuns: 500 },
    );
  });
  const schemes: readonly Scheme[] = ['standard-webhooks', 'grafana', 'hub-sha256', 'pagerduty'];
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature', 'svix-id', 'svix-timestamp', 'svix-signature'];
  const signed = fc.dictionary(
    fc.constantFrom(...names, 'x-hub-signature-256', 'x-grafana-alerting-signature', 'x-pagerduty-signature'),
    fc.oneof(nasty, fc.constantFrom('1795227600', 'v1,', 'v1a,AAAA', 'v1=', 'sha256=', 'v1,v1 v1a')),
  );
  const secrets = fc.array(fc.oneof(nasty, fc.constantFrom('whsec_', 'whpk_', `whpk_${'A'.repeat(43)}=`)), {
    maxLength: 3,
  });
  test('[L10] whatever the headers and secrets, what nobody signed is refused in words', () => {
    fc.assert(
      fc.property(fc.constantFrom(...schemes), secrets, signed, fc.uint8Array(), (scheme, keys, headers, raw) => {
        expect(verify(scheme, keys, headers, raw, 1795227600_000)?.problem.length).toBeGreaterThan(20);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('through the whole door', () => {
  test('[L10] no message is a fault: each is answered, and leaves no leaf above 60,000 bytes', async () => {
    const plant = await createPlant().run(anOrganisation());
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(monitoring, scada), message, async (sender, { headers, body }) => {
        const received = await plant.deliver(sender, body, headers);
        if (isRefusal(received)) return;
        expect(received.results.map(({ why }) => why).filter(Boolean)).toEqual([]);
      }),
      { seed: 42, numRuns: 400 },
    );
    expect(plant.refusedWishes.filter((wish) => !wish.startsWith('alarms.acknowledge'))).toEqual([]);
  });
});
