/** Live prose over real sockets and requests, against the server as it is, beside the unmodified y-websocket client. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { roomLines } from '../../plugin/device/rooms.ts';
import type { Clock, Link, Reply } from '../../plugin/link.ts';
import { createProse, type Prose } from '../../plugin/prose/prose.ts';
import { BEARER } from '../../plugin/prose/unsent.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { stockClient } from '../kit/rooms-client.ts';
import { aRoomServer, type Person, type RoomServer } from '../kit/rooms-server.ts';
import { until } from '../kit/until.ts';

let server: RoomServer;
const open: Prose[] = [];
beforeEach(async () => void (server = await aRoomServer()));
afterEach(async () => {
  for (const prose of open.splice(0)) prose.stop();
  await server.close();
});

const clock: Clock = {
  now: () => Date.now(),
  random: () => 0,
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
};

interface Writer {
  text: string;
  readonly prose: Prose;
  readonly told: string[];
  /** Paths of the requests that have been answered. */
  readonly answered: string[];
  write(text: string): void;
  reads(text: string): Promise<unknown>;
  stored(): Promise<unknown>;
}

async function writer(entity: string, { token }: Person, isShown: boolean): Promise<Writer> {
  const [told, answered] = [[] as string[], [] as string[]];
  const device = uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  const link: Link = {
    async request(method, path, body): Promise<Reply> {
      const answer = await fetch(`${server.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const json: unknown = await answer.json();
      answered.push(path);
      return { status: answer.status, json, bytes: new Uint8Array() };
    },
    socket: () => ({ send: () => undefined, close: () => undefined }),
  };
  const look = (): void => {
    self.text = self.prose.people.look(entity, self.text);
    self.prose.people.stands(entity, self.text);
  };
  const self: Writer = {
    text: '',
    told,
    answered,
    prose: createProse({
      link,
      clock,
      lines: roomLines(() => server.url),
      store: { load: async () => [], put: async () => undefined },
      tell: (_about, sentence) => void told.push(sentence),
      deviceId: () => device,
      writer: () => BEARER,
      bearer: () => undefined,
      sign: () => undefined,
      titleOf: () => 'Letter',
      isPresiding: () => false,
      refresh: () => setImmediate(look),
      changed: () => undefined,
    }),
    write(text) {
      self.text = text;
      look();
    },
    reads: (text) => until(`"${text}" is read`, () => (self.text === text ? true : undefined)),
    stored: () => until('all is stored', () => (self.prose.waiting() ? undefined : true)),
  };
  open.push(self.prose);
  await self.prose.people.ready;
  look();
  self.prose.online(true);
  if (isShown) self.prose.shown([entity]);
  return self;
}

test.each([true, false])(
  'two devices and a stock client read what each of them writes; by socket: %s',
  async (isShown) => {
    const entity = await server.letter();
    const [ana, tom, max] = await Promise.all(['Ana', 'Tom', 'Max'].map((name) => server.person(name)));
    const [a, b] = [await writer(entity, ana!, isShown), await writer(entity, tom!, true)];
    const stock = await stockClient(server, max!.token, entity);
    await stock.synced();
    a.write('One.');
    await a.stored();
    await Promise.all([b.reads('One.'), stock.reads('One.')]);
    stock.insert(4, '\nTwo.');
    await b.reads('One.\nTwo.');
    b.write('One.\nTwo and a half.\n');
    await b.stored();
    await stock.reads('One.\nTwo and a half.\n');
    expect(server.rooms.photograph(server.org, entity)?.text).toBe('One.\nTwo and a half.\n');
    expect([a.told, b.told]).toEqual([[], []]);
    stock.leave();
  },
);

test.each([true, false])(
  '[L12] the seal comes while one types: the words are a late entry; by socket: %s',
  async (isShown) => {
    const entity = await server.letter();
    const ana = await server.person('Ana');
    const a = await writer(entity, ana, isShown);
    a.write('Before.');
    await a.stored();
    a.prose.online(false);
    a.write('Before.\nAfter.');
    expect(a.prose.waiting()).toBe(1);
    await server.seal(entity);
    a.prose.online(true);
    await a.reads('Before.');
    await a.stored();
    expect(a.told).toEqual([expect.stringContaining('addendum: After.')]);
    expect(server.rooms.photograph(server.org, entity)?.text).toBe('Before.');
    expect(a.prose.isClosed(entity)).toBe(true);
  },
);

test('[L14] who may not see the item is told nothing of its text, and keeps their own', async () => {
  const entity = await server.letter({ area: 'leeds/packaging' });
  const [ana, eve] = [await server.person('Ana'), await server.person('Eve', { areas: ['leeds/boilers'] })];
  const a = await writer(entity, ana, true);
  a.write('Ours.');
  await a.stored();
  const e = await writer(entity, eve, true);
  e.write('Mine.');
  await until('the server has been asked both ways', () =>
    ['/v1/sync/tickets', '/v1/sync/docs'].every((path) => e.answered.includes(path)) ? true : undefined,
  );
  expect([e.text, e.prose.waiting(), a.text]).toEqual(['Mine.', 1, 'Ours.']);
});
