/** Whatever an admin maps, and whatever comes: reading never throws, and what it makes is fit for the door. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { messageName } from '../../server/ingest/adapters.ts';
import { inOurTime, readDelivery } from '../../server/ingest/read-delivery.ts';
import { sampleOf } from '../../server/ingest/samples.ts';
import { transition } from '../../shared/features/alarms/contract.ts';
import { integrationKind, type IntegrationState } from '../../shared/features/integrations/contract.ts';
import { initial } from '../../shared/features/integrations/decider.ts';
import { mapping, type Mapping } from '../../shared/features/integrations/mapping.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { isRefusal, STATUS_BY_CODE } from '../../shared/kernel/refusal.ts';

const NOW = '2026-11-21T06:00:00.000Z';
const source = fc.constantFrom(
  ...[
    '/a',
    '/b/0',
    '/',
    '/a/b/c',
    '/__proto__',
    '/constructor/name',
    '/a~1b',
    '/~',
    'text',
    '{/a} {/b}',
    '{/a',
    '{}',
    '{/x}',
  ],
);
const sources = fc.oneof(source, fc.array(source, { minLength: 1, maxLength: 3 }));
const words = fc.array(fc.constantFrom<string | number | boolean>('on', 1, true, 'toString'), { maxLength: 3 });
const anyMapping: fc.Arbitrary<Mapping> = fc.record(
  {
    each: source,
    title: sources,
    condition: sources,
    occurrence: sources,
    id: sources,
    state: fc.record({ from: source, active: words, cleared: words }),
    severity: source,
    class: source,
    area: sources,
    equipment: sources,
    at: source,
    text: source,
    value: source,
    unit: source,
    link: source,
  },
  { requiredKeys: [] },
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(
      'on',
      1,
      true,
      null,
      1e18,
      -1,
      '2026-11-21T09:00:00Z',
      '\ud800',
      'x'.repeat(5000),
      '\u0000',
    ),
    fc.array(tie('json'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'title', 'id', '__proto__', 'items', ''), tie('json'), { maxKeys: 4 }),
  ),
}));

test('[L10] any mapping on any message gives transitions that the door takes, or a refusal of ours', () =>
  fc.assert(
    fc.property(
      fc.constantFrom('generic', 'node-red'),
      anyMapping,
      fc.oneof(
        json.map((value) => utf8(JSON.stringify(value))),
        fc.uint8Array({ maxLength: 20 }),
      ),
      (kind, said, body) => {
        expect(mapping.safeParse(said).error?.issues ?? []).toEqual([]);
        const state: IntegrationState = { ...initial, kind, area: 'leeds', mapping: said };
        messageName(kind, {}, body);
        const read = readDelivery(state, { headers: { 'content-type': 'application/json' }, body, receivedAt: NOW });
        if (isRefusal(read)) return void expect(Object.keys(STATUS_BY_CODE)).toContain(read.refused);
        const { transitions, warnings } = inOurTime(read, NOW);
        for (const one of transitions) {
          expect(transition.safeParse(one).error?.issues ?? []).toEqual([]);
          expect(one.at <= '2026-11-21T06:05:00.000Z').toBe(true);
        }
        expect(warnings.length).toBeLessThanOrEqual(20);
        expect(warnings.every((warning) => warning.length <= 500)).toBe(true);
      },
    ),
    { seed: 11, numRuns: 1500 },
  ));

test('a test message of every kind has a name of its own, or none', () => {
  for (const kind of integrationKind.options) {
    const told = { title: 'Test', since: NOW, at: NOW, id: 'an-id' };
    const names = [false, true].map((isOver) => {
      const { headers, body } = sampleOf(kind, { ...told, isOver });
      return messageName(kind, headers, body);
    });
    expect(names[0] === null || names[0] !== names[1], kind).toBe(true);
  }
});
