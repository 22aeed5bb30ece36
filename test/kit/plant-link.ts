/** The line from a device to a plant: the server's own routes and feed in memory, on a line that can be cut, and that can lose answers. */
import type { Link, Reply, SocketEvents } from '../../plugin/link.ts';
import { createFeed } from '../../server/followers/feed.ts';
import { commandPlacesRoute } from '../../server/http/command-places.ts';
import { feedRoutes } from '../../server/http/feed.ts';
import { logRoutes } from '../../server/http/log.ts';
import { problemResponse } from '../../server/http/problem.ts';
import type { HttpContext, Route } from '../../server/http/route.ts';
import type { Site } from '../../server/http/site.ts';
import { snapshotRoute } from '../../server/http/snapshot.ts';
import { syncRoutes } from '../../server/http/sync.ts';
import type { Caller } from '../../shared/kernel/command.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { callerOf, type Person } from './people.ts';
import type { Plant } from './plant.ts';

export interface PlantSite {
  readonly site: Site;
  /** From now on requests meet this one: the server was restored, or replaced. */
  become(plant: Plant, instance: string): void;
}

const siteFor = (plant: Plant, instance: string): Site =>
  ({
    ledger: plant.ledger,
    register: plant.register,
    feed: createFeed(plant.ledger, plant.register),
    log: { error: (said: { err?: unknown }) => console.error(said.err) },
    clock: { now: () => Date.parse(plant.now()) },
    instance,
  }) as unknown as Site;

export function plantSite(plant: Plant, instance = 'the first'): PlantSite {
  const at = {
    site: siteFor(plant, instance),
    become(next: Plant, name: string) {
      at.site = siteFor(next, name);
    },
  };
  return at;
}

export interface PlantLink extends Link {
  /** `deaf`: requests arrive and are carried out, and nothing of the answer comes back. */
  line: 'up' | 'down' | 'deaf';
  /** Requests under way, and events that are being brought. */
  readonly inFlight: number;
  /** What was sent to `/v1/sync/commands`. */
  readonly sent: { readonly commands: readonly { readonly id: string }[] }[];
  /** Ends the sockets that are open, as a line that breaks does. */
  cut(): void;
}

const routes = [...syncRoutes, commandPlacesRoute, snapshotRoute, ...feedRoutes, ...logRoutes];

export function plantLink(at: PlantSite, by: Person): PlantLink {
  const sockets = new Set<SocketEvents>();
  const caller = callerOf(by);
  let inFlight = 0;

  /** While it runs the test waits. */
  async function busy<T>(work: () => Promise<T>): Promise<T> {
    inFlight += 1;
    try {
      return await work();
    } finally {
      inFlight -= 1;
    }
  }

  async function answer(method: string, path: string, body: unknown): Promise<Reply> {
    const [pathname = '', search = ''] = path.split('?');
    if (pathname === '/v1/sync/tickets') return { status: 201, json: { ticket: 'once' }, bytes: new Uint8Array() };
    const route = routes.find((one) => one.method === method.toLowerCase() && one.path === pathname);
    if (!route) return { status: 404, json: { code: 'no-such-route', detail: 'No.' }, bytes: new Uint8Array() };
    const answered = await ask(at.site, route, caller, search, body);
    const date = { date: Math.floor(at.site.clock.now() / 1000) * 1000 };
    const isJson = answered.headers.get('content-type')?.includes('json');
    const bytes = new Uint8Array(await answered.arrayBuffer());
    const json: unknown = isJson ? JSON.parse(Buffer.from(bytes).toString('utf8')) : undefined;
    return { status: answered.status, json, bytes: isJson ? new Uint8Array() : bytes, ...date };
  }

  const link: PlantLink = {
    line: 'up',
    sent: [],
    get inFlight() {
      return inFlight;
    },
    request: (method, path, body) =>
      busy(async () => {
        if (link.line === 'down') throw new Error('net::ERR_INTERNET_DISCONNECTED');
        const asked: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
        if (path === '/v1/sync/commands') link.sent.push(asked as PlantLink['sent'][number]);
        const reply = await answer(method, path, asked);
        if (link.line !== 'up') throw new Error('net::ERR_CONNECTION_RESET');
        return reply;
      }),
    socket(_path, _protocols, events) {
      let isOpen = true;
      let from = 0;
      const { site } = at;
      sockets.add(events);
      const isHere = (): boolean => isOpen && link.line === 'up' && at.site === site && sockets.has(events);
      const push = (): Promise<void> =>
        busy(async () => {
          while (isHere()) {
            const page = await site.feed.page(caller, from, 100);
            if (!isHere() || page.next <= from) return;
            from = page.next;
            events.heard(JSON.stringify({ type: 'events', ...page }));
          }
        });
      const stop = site.ledger.onCommit(() => void push());
      void busy(async () => {
        from = await site.ledger.head(caller.org);
        if (!isHere()) {
          sockets.delete(events);
          return events.closed(1006);
        }
        events.opened();
        events.heard(JSON.stringify({ type: 'heartbeat', head: from, instance: site.instance }));
      }).then(push);
      return {
        send: () => undefined,
        close() {
          isOpen = false;
          sockets.delete(events);
          stop();
        },
      };
    },
    cut() {
      for (const events of [...sockets]) {
        sockets.delete(events);
        events.closed(1006);
      }
    },
  };
  return link;
}

async function ask(site: Site, route: Route, caller: Caller, search: string, body: unknown): Promise<Response> {
  const query = route.query?.parse(Object.fromEntries(new URLSearchParams(search))) ?? {};
  const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const c = {
    req: {
      header: (name: string) => (name === 'content-type' ? 'application/json' : undefined),
      raw: { body: bytes && { getReader: () => readerOf(bytes) } },
    },
    var: { requestId: 'request' },
  } as unknown as HttpContext;
  const answered = await route.handle({ c, site, caller, query, params: {} });
  return isRefusal(answered) ? problemResponse(answered, 'request') : answered;
}

function readerOf(bytes: Uint8Array) {
  let isRead = false;
  return {
    async read() {
      if (isRead) return { done: true, value: undefined };
      isRead = true;
      return { done: false, value: bytes };
    },
  };
}
