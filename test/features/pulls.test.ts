/** A system that does not push is asked: page by page, from where it was asked last, and never twice at once. */
import { describe, expect, test } from 'vitest';
import { pullDue } from '../../server/followers/pullers.ts';
import { memorySecrets } from '../../server/host/secrets.ts';
import { addressOf, at, pageOf } from '../../server/ingest/pull/page.ts';
import { memoryPlaces, type Places } from '../../server/ingest/pull/places.ts';
import { receiveDelivery } from '../../server/ingest/receive.ts';
import { type Got, type Get } from '../../server/outbound/get.ts';
import type { IntegrationState } from '../../shared/features/integrations/contract.ts';
import type { OrderState } from '../../shared/features/orders/contract.ts';
import { integration } from '../kit/ask.ts';
import { aPlant, rows, tasks } from '../kit/at-the-plant.ts';
import { connected, ORDER } from '../kit/erp.ts';
import { aNightShift } from '../kit/given.ts';
import { root } from '../kit/people.ts';
import type { Plant } from '../kit/plant.ts';

const it = integration('erp');
const URL = 'https://erp.example/orders';
const PULL = {
  url: URL,
  everySeconds: 60,
  cursorParam: 'after',
  itemsPointer: '/d/results',
  nextCursorPointer: '/d/next',
};
const change = (orderId: string, more: object = {}) => ({
  type: 'work_order.changed',
  data: { ...ORDER, orderId, ...more },
});

type Asked = Parameters<Get>[0];
type Answer = (asked: Asked) => Partial<Got> | Promise<Partial<Got>>;

function asking(plant: Plant, answer: Answer, places: Places = memoryPlaces()) {
  const asked: Asked[] = [];
  let crashes = false;
  const due = pullDue({
    ...{ ledger: plant.ledger, register: plant.register, secrets: memorySecrets(), places },
    ...{ now: () => Date.parse(plant.now()), chance: () => 0.5 },
    log: { warn: () => undefined, error: () => undefined },
    get: async (request) => {
      asked.push(request);
      return { status: 200, etag: undefined, body: '', ...(await answer(request)) };
    },
    deliver: ({ org, id }, body) => {
      if (crashes) throw new Error('The power fails.');
      const means = { ledger: plant.ledger, now: () => Date.parse(plant.now()), random: plant.random };
      const caller = { kind: 'integration' as const, id, org, areas: [] };
      return receiveDelivery(means, caller, { integration: id, headers: {}, body });
    },
  });
  return {
    asked,
    addresses: () => asked.map(({ url }) => url.replace(URL, '')),
    due: async () => {
      const many = await due(new AbortController().signal);
      await plant.settle();
      return many;
    },
    crash: (now: boolean) => void (crashes = now),
  };
}
const page = (next: string | null, ...items: readonly object[]): Partial<Got> => ({
  body: JSON.stringify({ d: { results: items, next } }),
});
const aPuller = () => aPlant(connected, aNightShift(), it.connect({ pull: PULL }).by(root));
const orderIds = async (plant: Plant) => (await rows<OrderState>(plant, 'orders')).map(({ value }) => value.orderId);
const fault = async (plant: Plant) => (await plant.state<IntegrationState>(it)).faults.pull;

describe('pages', () => {
  test('are asked for from the cursor that the page before named, to the last one', async () => {
    const plant = await aPuller();
    const pages: Record<string, Partial<Got>> = {
      '': page('c1', change('1'), change('2')),
      '?after=c1': page('c2', change('3')),
      '?after=c2': page(null),
    };
    const far = asking(plant, ({ url }) => pages[url.replace(URL, '')]!);
    expect(await far.due()).toBe(1);
    expect(far.addresses()).toEqual(['', '?after=c1', '?after=c2']);
    expect(await orderIds(plant)).toEqual(['1', '2', '3']);
    expect(await tasks(plant)).toHaveLength(3);
    expect(await far.due()).toBe(0);
    plant.pass(1);
    await far.due();
    expect(far.addresses().slice(3)).toEqual(['?after=c2']);
  });
  test('[L4] a crash between items and cursor asks for the page again, and makes nothing twice', async () => {
    const plant = await aPuller();
    const places = memoryPlaces();
    const answer: Answer = ({ url }) => (url === URL ? page('c1', change('1'), change('2')) : page(null, change('3')));
    const first = asking(plant, answer, {
      ...places,
      set: () => {
        throw new Error('The power fails.');
      },
    });
    await first.due();
    expect(await orderIds(plant)).toEqual(['1', '2']);
    expect(places.get(it.id, it.id)).toBeUndefined();
    const second = asking(plant, answer, places);
    await second.due();
    expect(second.addresses()).toEqual(['', '?after=c1']);
    expect(await orderIds(plant)).toEqual(['1', '2', '3']);
    expect(await tasks(plant)).toHaveLength(3);
  });
  test('an item that was not recorded keeps its page from being passed', async () => {
    const plant = await aPuller();
    const far = asking(plant, () => page('c1', change('1')));
    far.crash(true);
    await far.due();
    far.crash(false);
    plant.pass(60);
    await far.due();
    expect(far.addresses()).toEqual(['', '', '?after=c1']);
  });
  test('one that has not changed is not sent again', async () => {
    const plant = await aPuller();
    const far = asking(plant, ({ headers }) =>
      headers!['if-none-match'] === '"v1"' ? { status: 304 } : { ...page(null, change('1')), etag: '"v1"' },
    );
    await far.due();
    plant.pass(1);
    await far.due();
    expect(far.asked.map(({ headers }) => headers!['if-none-match'])).toEqual([undefined, '"v1"']);
    expect(await orderIds(plant)).toEqual(['1']);
  });
  test('an item that nobody can read holds up none, and the integration says so', async () => {
    const plant = await aPuller();
    const far = asking(plant, () => page(null, { hello: 'world' }, change('2')));
    await far.due();
    expect(await orderIds(plant)).toEqual(['2']);
    expect((await fault(plant))!.detail).toMatch(/^An item cannot be read: This names no order/);
  });
});

describe('a system that fails', () => {
  test('is asked less and less often; after five times its integration says so, and that it works again', async () => {
    const plant = await aPuller();
    let status = 500;
    const far = asking(plant, () => (status === 200 ? page(null) : { status }));
    const began = Date.parse(plant.now());
    const moments: number[] = [];
    for (let minute = 0; minute < 90; minute++) {
      if (await far.due()) moments.push((Date.parse(plant.now()) - began) / 60_000);
      if (moments.length === 4) expect(await fault(plant)).toBeNull();
      plant.pass(1);
    }
    expect(moments).toEqual([0, 2, 6, 14, 30, 62]);
    expect(await fault(plant)).toMatchObject({ detail: 'It was answered with 500.' });
    status = 200;
    plant.pass(60);
    await far.due();
    expect(await fault(plant)).toBeNull();
  });
  test('and is slow, is not asked a second time meanwhile', async () => {
    const plant = await aPuller();
    let answer: () => void = () => undefined;
    const far = asking(plant, () => new Promise((resolve) => (answer = () => resolve(page(null)))));
    const first = far.due();
    while (!far.asked.length) await Promise.resolve();
    plant.pass(10);
    expect(await far.due()).toBe(0);
    answer();
    expect(await first).toBe(1);
    expect(far.asked).toHaveLength(1);
  });
  test('other settings are used at once, from their own beginning', async () => {
    const plant = await aPuller();
    const far = asking(plant, () => page('c9'));
    await far.due();
    await plant.run(it.connect({ pull: { ...PULL, url: `${URL}/new` } }).by(root));
    await far.due();
    expect(far.addresses()).toEqual(['', '?after=c9', '/new', '/new?after=c9']);
    await plant.run(it.connect({ pull: null }).by(root));
    plant.pass(60);
    expect(await far.due()).toBe(0);
  });
});

describe('reading a page', () => {
  test.each([
    [{ a: [{ 'b/c': { '~d': 1 } }] }, '/a/0/b~1c/~0d', 1],
    [[1, 2], '/01', undefined],
    [{ a: 1 }, '', { a: 1 }],
    [{ a: 1 }, '/constructor', undefined],
  ])('%j at %s', (value, pointer, found) => expect(at(value, pointer)).toEqual(found));
  test.each([
    ['<html>', 'not JSON'],
    ['{"items": {}}', 'no list at "/items"'],
    [JSON.stringify({ items: Array(1001).fill(0) }), '1001 items'],
  ])('%.20s is not taken', (body, why) =>
    expect(pageOf(body, { itemsPointer: '/items', nextCursorPointer: null })).toMatchObject({
      problem: expect.stringContaining(why) as string,
    }),
  );
  test('a cursor goes into the address as it is, whatever it holds', () =>
    expect(addressOf({ url: `${URL}?top=9`, cursorParam: 'after' }, 'a&b=c d')).toBe(`${URL}?top=9&after=a%26b%3Dc+d`));
});

test.each([
  [{ statusUrl: 'https://user:secret@erp.example/' }],
  [{ statusUrl: 'file:///etc/passwd' }],
  [{ pull: { ...PULL, everySeconds: 29 } }],
  [{ pull: { ...PULL, itemsPointer: 'd/results' } }],
])('[L7] %j is refused, and nothing is recorded', async (input) => {
  const plant = await aPlant(connected);
  const head = await plant.head();
  expect(await plant.ask(it.connect(input).by(root))).toMatchObject({ refusal: { refused: 'invalid-input' } });
  expect(await plant.head()).toBe(head);
});
