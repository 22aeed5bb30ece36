/** Whatever a sender sends: an adapter never throws, and what it answers is fit for the door. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { alertmanager } from '../../server/ingest/alertmanager.ts';
import { generic } from '../../server/ingest/generic.ts';
import type { Adapter, Message } from '../../server/ingest/adapter.ts';
import { transition } from '../../shared/features/alarms/contract.ts';
import { commands as deliveryWords } from '../../shared/features/deliveries/contract.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { isRefusal, STATUS_BY_CODE } from '../../shared/kernel/refusal.ts';
import { recording } from '../kit/fixtures.ts';
import { anOrganisation } from '../kit/given.ts';
import { monitoring, scada } from '../kit/people.ts';
import { createPlant } from '../kit/plant.ts';

const ADAPTERS: Readonly<Record<string, Adapter>> = { alertmanager, generic };
const FIXTURES = ['alertmanager-02-firing-new-alert-in-group', 'alertmanager-05-resolved', 'nodered-01-plain-json'].map(
  (name) => JSON.parse(recording(name).body) as unknown,
);
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

const message: fc.Arbitrary<Message> = fc.record({
  headers: fc.dictionary(fc.constantFrom('idempotency-key', 'content-type'), nasty),
  body: fc.oneof(
    fc.oneof(...[...FIXTURES, GENERIC].map(mutated)).map(written),
    json.map(written),
    fc.dictionary(fc.constantFrom(...Object.keys(GENERIC)), json).map(written),
    fc.uint8Array({ maxLength: 30 }),
  ),
  area: fc.constantFrom(null, 'leeds/packaging', 'a/b/c/d/e/f/g/h'),
  receivedAt: fc.constant('2026-11-21T06:00:00.000Z'),
});

for (const [name, adapter] of Object.entries(ADAPTERS))
  test(`[L10] ${name} answers any message with transitions that the door takes, or with a refusal of ours`, () => {
    const { transitions: _list, ...warnings } = {
      transitions: 0,
      warnings: deliveryWords.receive.input.shape.warnings,
    };
    fc.assert(
      fc.property(message, (given) => {
        const reading = adapter(given);
        if (isRefusal(reading)) return void expect(Object.keys(STATUS_BY_CODE)).toContain(reading.refused);
        for (const one of reading.transitions) {
          const parsed = transition.safeParse(one);
          expect(parsed.error?.issues ?? []).toEqual([]);
          if (given.area) expect(`${one.area}/`.startsWith(`${given.area}/`)).toBe(true);
        }
        expect(warnings.warnings.safeParse(reading.warnings).error?.issues ?? []).toEqual([]);
      }),
      { seed: 4711, numRuns: 1500 },
    );
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
