/** The pure parts behind the ingest host: what speaks in a storm, pointers and templates, windows, and the store of what is not on record. */
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageName } from '../../server/ingest/adapters.ts';
import { speaking } from '../../server/ingest/coalesce.ts';
import { openIntakeStore, type Stored } from '../../server/ingest/intake-store.ts';
import { createLimits, WINDOW_MS } from '../../server/ingest/limits.ts';
import { at, joined, taken } from '../../server/ingest/pointer.ts';
import type { Transition } from '../../shared/features/alarms/contract.ts';
import type { IntegrationKind } from '../../shared/features/integrations/contract.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { recording } from '../kit/fixtures.ts';

const KINDS = { a: 'active', c: 'cleared', k: 'acked', i: 'info' } as const;
/** `Aa Ac Ba`: a letter for the condition, one for the kind. */
const said = (text: string) =>
  text.split(' ').map((word) => ({ conditionKey: word[0]!, kind: KINDS[word[1] as keyof typeof KINDS] }));
const left = (text: string) => [...speaking(said(text))].map((i) => text.split(' ')[i]).join(' ');

describe('what speaks in a storm', () => {
  test.each([
    ['an activation and its clear', 'Aa Ac', 'Aa Ac'],
    ['a chattering condition', 'Aa Ac Aa Ac Aa Ac Aa', 'Aa Aa'],
    ['one that ends cleared: the clear needs the activation that it ends', 'Aa Ac Aa Ac Aa Ac', 'Aa Aa Ac'],
    ['a clear of what was before', 'Ac Aa Aa', 'Ac Aa Aa'],
    ['only clears', 'Ac Ac Ac', 'Ac'],
    ['two conditions', 'Aa Ba Aa Ba Bc', 'Aa Ba Aa Ba Bc'],
    ['lines and acknowledgements', 'Ai Ai Ai Ak Ak', 'Ai Ai Ak'],
  ])('%s', (_name, all, kept) => expect(left(all)).toBe(kept));

  const transitions = fc.array(
    fc.record({
      conditionKey: fc.constantFrom('A', 'B', 'C'),
      kind: fc.constantFrom<Transition['kind']>('active', 'cleared', 'acked', 'info'),
    }),
    { maxLength: 60 },
  );
  test('[L4] no condition loses its first activation or its last word, and none keeps more than seven', () =>
    fc.assert(
      fc.property(transitions, (all) => {
        const kept = speaking(all);
        for (const key of new Set(all.map(({ conditionKey }) => conditionKey))) {
          const own = [...all.keys()].filter((i) => all[i]!.conditionKey === key);
          const states = own.filter((i) => ['active', 'cleared'].includes(all[i]!.kind));
          const first = own.find((i) => all[i]!.kind === 'active');
          if (first !== undefined) expect(kept.has(first)).toBe(true);
          if (states.length) expect(kept.has(states.at(-1)!)).toBe(true);
          expect(own.filter((i) => kept.has(i)).length).toBeLessThanOrEqual(7);
        }
        expect([...kept]).toEqual([...kept].sort((a, b) => a - b));
      }),
      { seed: 7 },
    ));
});

describe('pointers and templates', () => {
  const message = { a: { 'b/c': [1, { '~': 'x' }] }, on: false, zero: 0, text: ' Guard\ndoor ', none: null };
  test.each([
    ['/a/b~1c/0', 1],
    ['/a/b~1c/1/~0', 'x'],
    ['/on', false],
    ['/zero', 0],
    ['', message],
    ['/nothing/here', undefined],
    ['/__proto__', undefined],
    ['/a/constructor', undefined],
    ['/text/length', undefined],
    ['a', undefined],
  ])('%s', (pointer, value) => expect(at(message, pointer)).toEqual(value));
  test.each([
    ['{/text} is {/on}', 'Guard door is false'],
    ['Line {/zero}', 'Line 0'],
    ['{/none}{/nothing}', undefined],
    ['A plain text', 'A plain text'],
    ['/on', false],
  ])('%s', (source, value) => expect(taken(message, source)).toEqual(value));
  test('a key of several parts needs them all', () => {
    expect(joined(message, ['/zero', '/text'])).toBe('0/Guard door');
    expect(joined(message, ['/zero', '/nothing'])).toBeUndefined();
  });
});

describe('names of messages', () => {
  const nameOf = (kind: IntegrationKind, fixture: string) => {
    const { headers, body } = recording(fixture);
    return messageName(kind, headers, utf8(body));
  };
  test.each<[IntegrationKind, string, string | null]>([
    ['alertmanager', 'alertmanager-01-firing', null],
    ['cloudevents', 'cloudevents-structured', '/leeds/packaging/line-3/mes|evt-2026-11-21-000042'],
    ['cloudevents', 'cloudevents-binary', '/leeds/packaging/line-3/mes|evt-2026-11-21-000042'],
    ['cloudevents', 'cloudevents-batch', null],
    ['ignition', 'constructed-ignition-active', '6f1c2a7e-52b0-4f0e-9f0e-1f3d7a1b9c55|Active'],
    ['opcua', 'constructed-opcua-pubsub-json-event', 'leeds-edge-1|9279c0b3-da88-45a4-af74-451cebf82db0'],
    ['node-red', 'nodered-03-mqtt-bridge-active', 'plc7-000981'],
    ['node-red', 'nodered-01-plain-json', null],
    ['pagerduty', 'pagerduty-events-v2-01-trigger', null],
  ])('%s, %s', (kind, fixture, name) => expect(nameOf(kind, fixture)).toBe(name));
  test('Sparkplug begins its sequence anew: the time belongs to the name', () => {
    const said = (timestamp: number) =>
      messageName('sparkplug', {}, utf8(JSON.stringify({ topic: 't', decoded: { timestamp, seq: 3 } })));
    expect(said(1)).not.toBe(said(2));
    expect(said(1)).toBe('t|1|3');
  });
});

describe('windows', () => {
  const [own, other] = [
    { org: 'o', integration: 'i' },
    { org: 'o', integration: 'j' },
  ];
  test('so many in five minutes, and again when they have passed', () => {
    const limits = createLimits();
    const most = { integration: 3 };
    expect([1, 2, 3, 4].map((n) => limits.take(n, own, most))).toEqual([true, true, true, false]);
    expect(limits.isWithin(WINDOW_MS - 1, own, most)).toBe(false);
    expect(limits.isWithin(WINDOW_MS + 1000, own, most)).toBe(true);
  });
  test('[L14] one that is over its own limit leaves the others of its organisation their room', () => {
    const limits = createLimits();
    for (let n = 0; n < 5000; n++) limits.take(n, own, null);
    expect(limits.take(5000, other, null)).toBe(true);
    expect(limits.take(5000, { org: 'elsewhere', integration: 'k' }, null)).toBe(true);
  });
  test('an organisation has a limit of its own', () => {
    const limits = createLimits();
    for (let n = 0; n < 900; n++) expect(limits.take(n, { org: 'o', integration: `i${n % 4}` }, null)).toBe(true);
    expect(limits.take(900, { org: 'o', integration: 'new' }, null)).toBe(false);
  });
});

describe('what is not on record', () => {
  const open = () => {
    const db = new SqliteDatabase(':memory:');
    return openIntakeStore(db, (work) => db.transaction(work)());
  };
  const delivery = (n: number, bytes = 10, integration = 'i'): Stored => ({
    ...{ org: 'o', integration, id: `d${n}`, receivedAt: `2026-11-21T02:00:${String(n % 60).padStart(2, '0')}.000Z` },
    ...{ sha256: `s${n}`, headers: { 'content-type': 'text/plain' }, body: new Uint8Array(bytes), via: 'its token' },
  });
  const why = { code: 'not-a-delivery', detail: 'No.' };
  const sender = { org: 'o', integration: 'i' };
  test('of one sender the newest 200 that were refused, of another its own', () => {
    const store = open();
    store.refuse(delivery(1000, 10, 'j'), why);
    for (let n = 0; n < 230; n++) store.refuse(delivery(n), why);
    const kept = store.list(sender, 'refused', 1000);
    expect([kept.length, kept[0]!.id, kept.at(-1)!.id]).toEqual([200, 'd229', 'd30']);
    expect(store.list({ org: 'o', integration: 'j' }, 'refused', 10)).toHaveLength(1);
  });
  test('and of an organisation 20 MB', () => {
    const store = open();
    for (let n = 0; n < 30; n++) store.refuse(delivery(n, 1 << 20), why);
    const bytes = store.list(sender, 'refused', 1000).reduce((sum, each) => sum + each.bytes, 0);
    expect(bytes).toBeLessThanOrEqual(20 << 20);
    expect(store.list(sender, 'refused', 1)[0]!.id).toBe('d29');
  });
  test('what waits comes out in its order, and no more than was asked for', () => {
    const store = open();
    store.wait([1, 2, 3].map((n) => ({ delivery: delivery(n, 1000), key: n === 2 ? 'k' : null, at: n })));
    expect(store.waitingSenders()).toEqual([sender]);
    expect(store.waiting(sender, 10, 1500).map(({ id }) => id)).toEqual(['d1']);
    expect(store.waiting(sender, 2, 1e6).map(({ id }) => id)).toEqual(['d1', 'd2']);
    expect(store.known(sender, 'k')).toEqual({ delivery: 'd2', sha256: 's2', at: 2 });
    store.settle([
      { id: 'd1', delivery: null },
      { id: 'd2', delivery: 'd1' },
    ]);
    expect(store.waitingCount(sender)).toBe(1);
    expect(store.list(sender, 'coalesced', 10)).toMatchObject([{ id: 'd2', delivery: 'd1' }]);
    store.unreadable(delivery(3), why);
    expect(store.list(sender, 'refused', 10)).toMatchObject([{ id: 'd3', code: 'not-a-delivery' }]);
    expect(store.waitingSenders()).toEqual([]);
  });
  test('names are forgotten after their time', () => {
    const store = open();
    store.remember(sender, 'old', { delivery: 'd1', sha256: 's', at: 1 });
    store.remember(sender, 'new', { delivery: 'd2', sha256: 's', at: 9 });
    store.prune({ messages: 5, coalesced: 5 });
    expect([store.known(sender, 'old'), store.known(sender, 'new')?.delivery]).toEqual([undefined, 'd2']);
  });
});
