/** Rooms on a server of their own: the real door, stores, tickets and sockets, with letters in the register. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import pino from 'pino';
import { bootstrap } from '../../shared/features/bootstrap.ts';
import { features } from '../../shared/features/index.ts';
import type { Caller, Outcome } from '../../shared/kernel/command.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { readConfig } from '../../server/config.ts';
import { createFeed } from '../../server/followers/feed.ts';
import type { Backing } from '../../server/host/backing.ts';
import { diskBacking } from '../../server/host/disk-backing.ts';
import { foundOrganisation, giveToken } from '../../server/host/founding.ts';
import { openInstallation } from '../../server/host/installation.ts';
import { createIntake } from '../../server/ingest/intake.ts';
import { createApp } from '../../server/http/app.ts';
import { attachDocSockets, isDocUpgrade } from '../../server/http/doc-socket.ts';
import { docsSyncRoute } from '../../server/http/docs-sync.ts';
import { createMetrics } from '../../server/http/metrics.ts';
import { memoryUploads } from '../../server/host/uploads.ts';
import type { Site } from '../../server/http/site.ts';
import { attachFeedSocket, isFeedUpgrade } from '../../server/http/socket.ts';
import { createTickets } from '../../server/http/ticket-store.ts';
import { createTries } from '../../server/http/tries.ts';
import { ticketRoute } from '../../server/http/tickets.ts';
import { createLateEntries } from '../../server/rooms/late-entries.ts';
import { createRooms, type Rooms } from '../../server/rooms/rooms.ts';
import type { RoomStore } from '../../server/rooms/store.ts';
import { memoryBacking } from './memory-backing.ts';
import { letters, type LetterState } from './rooms-feature.ts';

export interface Person {
  readonly org: string;
  readonly token: string;
  readonly user: string;
}

export interface RoomServer {
  readonly url: string;
  readonly rooms: Rooms;
  readonly store: RoomStore;
  readonly ledger: Ledger;
  readonly lines: string[];
  readonly org: string;
  otherOrg(): Promise<string>;
  person(name: string, more?: { role?: string; areas?: string[]; org?: string }): Promise<Person>;
  letter(more?: { area?: string; org?: string }): Promise<string>;
  seal(entity: string, input?: object): Promise<Outcome>;
  state(entity: string): Promise<LetterState>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test asserts on the shape of what came back
  post(path: string, token: string, body: unknown): Promise<{ status: number; body: any }>;
  revoke(person: Person): Promise<void>;
  close(): Promise<void>;
}

export interface RoomServerOptions {
  /** A folder to come back to; without it everything is in memory. */
  readonly data?: string;
  readonly onDisk?: true;
  readonly heartbeatMs?: number;
  readonly idleMs?: number;
  readonly now?: () => number;
  /** Between the rooms and their store. */
  readonly storeOf?: (store: RoomStore) => RoomStore;
}

export async function aRoomServer(options: RoomServerOptions = {}): Promise<RoomServer> {
  const { heartbeatMs = 15_000, idleMs = 60_000, now = Date.now, onDisk, storeOf = (store) => store } = options;
  const made = onDisk && options.data === undefined ? mkdtempSync(join(tmpdir(), 'operary-rooms-')) : undefined;
  const data = options.data ?? made;
  const lines: string[] = [];
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  const register = createRegister([...features, letters]);
  const clock = { now };
  const backing: Backing = data
    ? diskBacking(readConfig({ OPERARY_DATA: data, OPERARY_ORIGIN: 'test.operary.internal' }), register)
    : memoryBacking();
  const store = storeOf(backing.rooms);
  const rooms = createRooms({ store, clock, log, idleMs });
  backing.store.attachProse(rooms);
  const installation = openInstallation({ register, bootstrap, clock, backing });
  const { ledger } = installation;
  const late = createLateEntries({ store, ledger, register, log });
  rooms.onLate(late.enter);
  await late.begin();
  const leaving = new AbortController();
  const { secrets, intake: kept } = backing;
  const intake = createIntake({ means: { ledger, now, random: randomBytes }, store: kept, secrets, log });
  const site: Site = {
    ledger,
    register,
    rooms,
    uploads: memoryUploads(),
    outbound: backing.outbound,
    secrets,
    intake,
    log,
    clock,
    heartbeatMs,
    keyring: backing.keyring,
    feed: createFeed(ledger, register),
    tickets: createTickets(clock),
    tries: createTries(clock, { one: 10, all: 60 }),
    metrics: createMetrics(ledger),
    leaving: leaving.signal,
    trouble: () => undefined,
    instance: backing.instance,
    address: undefined,
  };
  const app = createApp(site, [ticketRoute, docsSyncRoute]);
  const isOurs = (request: Parameters<typeof isDocUpgrade>[0]) => isFeedUpgrade(request) || isDocUpgrade(request);
  const server = createServer({ shouldUpgradeCallback: isOurs }, (request, response) => {
    void getRequestListener(app.fetch, { overrideGlobalObjects: false })(request, response);
  });
  attachFeedSocket(server, site);
  attachDocSockets(server, site);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const freshId = () => uuidV7(now(), crypto.getRandomValues(new Uint8Array(10)));
  const host = (org: string): Caller => ({ kind: 'host', id: 'host', org, areas: [] });
  const demand = async (org: string, type: string, id: string, input: object): Promise<Outcome> => {
    const [feature] = type.split('.');
    const { kind } = register.features.find(({ name }) => name === feature)!;
    const subject = { kind, id };
    const caller = host(org);
    return (await ledger.transact([{ id: freshId(), org, type, subject, input, caller }]))[0]!;
  };
  const [found] = await ledger.organisations();
  const org = found ?? (await foundOrganisation(installation, { slug: 'plant' })).org;
  const tokens = new Map<string, string>();

  return {
    url,
    rooms,
    store,
    ledger,
    lines,
    org,
    otherOrg: async () => (await foundOrganisation(installation, { slug: 'other' })).org,
    async person(name, { role = 'supervisor', areas = [], org: of = org } = {}) {
      const { token, user } = await giveToken(installation, { org: of, role, user: name, areas });
      tokens.set(token, of);
      return { org: of, token, user };
    },
    async letter({ area = 'leeds', org: of = org } = {}) {
      const id = freshId();
      await demand(of, 'letters.create', id, { area });
      return id;
    },
    seal: (entity, input = {}) => demand(org, 'letters.seal', entity, input),
    state: async (entity) => (await ledger.stream(org, 'letter', entity))!.state as LetterState,
    async post(path, token, body) {
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return { status: response.status, body: await response.json() };
    },
    async revoke({ org: of, user }) {
      const rows = await ledger.load(of, { select: { table: 'tokens' } });
      const token = (rows as { key: string; value: { user?: string } }[]).find(({ value }) => value.user === user)!;
      const caller: Caller = { kind: 'user', id: freshId(), role: 'admin', org: of, areas: [] };
      const subject = { kind: 'token', id: token.key };
      const [outcome] = await ledger.transact([
        { id: freshId(), org: of, type: 'tokens.revoke', subject, input: {}, caller },
      ]);
      if (outcome?.outcome !== 'accepted') throw new Error(JSON.stringify(outcome));
    },
    async close() {
      leaving.abort();
      rooms.close();
      late.close();
      await intake.close();
      server.closeAllConnections();
      server.close();
      await installation.close();
      if (made) rmSync(made, { recursive: true, force: true });
    },
  };
}
