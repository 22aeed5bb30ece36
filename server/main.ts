/** The composition root: everything that is built once, in the order of the picture. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import pino, { type DestinationStream } from 'pino';
import type { Ledger } from '../shared/kernel/ledger.ts';
import { createRegister, type Register } from '../shared/kernel/register.ts';
import { features } from '../shared/features/index.ts';
import { bootstrap } from '../shared/features/bootstrap.ts';
import type { Clock } from './clock.ts';
import { ConfigError, type Config } from './config.ts';
import { createFeed } from './followers/feed.ts';
import { followTellings } from './followers/order-status.ts';
import { followPulls } from './followers/pullers.ts';
import { followFiles } from './followers/awaited-files.ts';
import { follow } from './followers/follow.ts';
import { carryOut } from './followers/policies.ts';
import { followClock } from './followers/timers.ts';
import { createMail } from './outbound/mail.ts';
import { startOutbound } from './outbound/outbound.ts';
import { createPost, type Post } from './outbound/post.ts';
import { gracefulStop } from './graceful-stop.ts';
import type { Backing } from './host/backing.ts';
import type { Bootstrap } from '../shared/kernel/bootstrap.ts';
import { diskBacking } from './host/disk-backing.ts';
import { openInstallation, type Installation } from './host/installation.ts';
import { openLoopback } from './host/loopback.ts';
import { createIntake } from './ingest/intake.ts';
import { createApp } from './http/app.ts';
import { attachDocSockets, isDocUpgrade } from './http/doc-socket.ts';
import { createMetrics } from './http/metrics.ts';
import { routesOf } from './http/routes.ts';
import type { Site } from './http/site.ts';
import { attachFeedSocket, isFeedUpgrade } from './http/socket.ts';
import { createTickets } from './http/ticket-store.ts';
import { createTries } from './http/tries.ts';
import { createLateEntries } from './rooms/late-entries.ts';
import { receiveDelivery } from './ingest/receive.ts';
import { createGet } from './outbound/get.ts';
import { createRooms } from './rooms/rooms.ts';
import { answerBrokenRequest, answerUnaddressed, brokenRequest, isAddressed } from './http/wire.ts';

/** For answers under way when the server is asked to stop. */
const STOP_PATIENCE_MS = 5000;
/** Wrong pairing codes in a minute. */
const MOST_TRIES = { one: 10, all: 60 };

export interface Operary {
  readonly url: string;
  readonly ledger: Ledger;
  readonly installation: Installation;
  /** Resolves when nothing is ready to leave for other systems or people. */
  sent(): Promise<void>;
  /** Resolves when every follower has heard all that is recorded. */
  settled(): Promise<void>;
  /** Stops accepting, finishes what has begun, closes the sockets, drains the ledger. */
  close(): Promise<void>;
}

export interface Options {
  readonly register?: Register;
  readonly bootstrap?: Bootstrap;
  readonly clock?: Clock;
  readonly backing?: Backing;
  readonly logTo?: DestinationStream;
  readonly heartbeatMs?: number;
  /** How requests leave; otherwise as the configuration allows. */
  readonly post?: Post;
}

/** The ledger and keys in the data folder, as the CLI needs them when no server runs. */
export function openGround(config: Config, options: Options = {}): Installation {
  const register = options.register ?? createRegister(features);
  return openInstallation({
    register,
    bootstrap: options.bootstrap ?? bootstrap,
    clock: options.clock ?? { now: Date.now },
    backing: options.backing ?? diskBacking(config, register),
  });
}

export async function startOperary(config: Config, options: Options = {}): Promise<Operary> {
  const log = pino(
    { level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    options.logTo ?? pino.destination({ fd: 2, sync: true }),
  );
  const installation = openGround(config, options);
  const { ledger, backing, register, clock } = installation;
  // Before any policy asks for what seals a text.
  const rooms = createRooms({ store: backing.rooms, clock, log });
  backing.store.attachProse(rooms);
  const late = createLateEntries({ store: backing.rooms, ledger, register, log });
  rooms.onLate((row) => late.enter(row));
  await late.begin();
  const policies = await follow('policies', ledger, backing.cursors, log, carryOut(ledger, register, log));
  const files = await followFiles(ledger, register, log);
  const timers = followClock(ledger, register, () => clock.now(), log, options.clock !== undefined);
  const post = options.post ?? createPost({ allow: config.allowOutbound });
  const outbound = await startOutbound({
    ledger,
    register,
    cursors: backing.cursors,
    store: backing.outbound,
    secrets: backing.secrets,
    post,
    mail: config.mail && createMail({ ...config.mail, origin: config.origin }),
    push: config.push,
    now: () => clock.now(),
    chance: Math.random,
    log,
    url: config.url,
  });
  const random = (length: number) => randomBytes(length);
  const abroad = { ledger, register, secrets: backing.secrets, now: () => clock.now(), chance: Math.random, log };
  const tellings = await followTellings({
    ...abroad,
    cursors: backing.cursors,
    post,
  });
  const pulls = followPulls({
    ...abroad,
    places: backing.places,
    get: createGet({ allow: config.allowOutbound }),
    deliver: ({ org, id }, body) =>
      receiveDelivery(
        { ledger, now: abroad.now, random },
        { kind: 'integration', id, org, areas: [] },
        { integration: id, headers: { 'content-type': 'application/json' }, body },
      ),
  });
  const intake = createIntake({
    means: { ledger, now: () => clock.now(), random: randomBytes },
    store: backing.intake,
    secrets: backing.secrets,
    log,
  });
  const leaving = new AbortController();
  const site: Site = {
    ledger,
    register,
    keyring: backing.keyring,
    feed: createFeed(ledger, register),
    tickets: createTickets(clock),
    tries: createTries(clock, MOST_TRIES),
    rooms,
    uploads: backing.uploads,
    outbound: backing.outbound,
    secrets: backing.secrets,
    intake,
    metrics: createMetrics(ledger),
    log,
    clock,
    leaving: leaving.signal,
    trouble: () => (leaving.signal.aborted ? 'The server is leaving.' : (policies.trouble() ?? outbound.trouble())),
    heartbeatMs: options.heartbeatMs ?? 15_000,
    instance: backing.instance,
    address: config.url,
  };
  const app = createApp(site, routesOf(site));
  const answer = getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler: brokenRequest });
  const server = createServer(
    {
      requestTimeout: 60_000,
      headersTimeout: 15_000,
      shouldUpgradeCallback: (request) => isFeedUpgrade(request) || isDocUpgrade(request),
      // Asked by ourselves, because Node's own answer is no problem+json.
      requireHostHeader: false,
    },
    (request, response) => void (isAddressed(request) ? answer(request, response) : answerUnaddressed(response)),
  );
  server.on('clientError', answerBrokenRequest);
  const stop = gracefulStop(server, STOP_PATIENCE_MS);
  attachFeedSocket(server, site);
  attachDocSockets(server, site);
  const loopback = await openLoopback(config.data, installation);

  let closing: Promise<void> | undefined;
  const close = async () => {
    leaving.abort();
    await loopback.close();
    await stop();
    rooms.close();
    late.close();
    await outbound.close();
    await pulls.close();
    await intake.close();
    await timers.close();
    await files.close();
    await policies.close();
    await tellings.close();
    await installation.close();
    log.info('closed');
  };
  const settled = async (): Promise<void> => {
    await files.settled();
    await intake.settled();
    for (let before = -1; before !== (before = await headsOf(ledger));) {
      await policies.settled();
      await timers.settled();
      await outbound.settled();
      await tellings.settled();
    }
  };
  const url = await listen(server, config).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  log.info({ url, data: config.data }, 'listening');
  return { url, ledger, installation, settled, sent: () => outbound.idle(), close: () => (closing ??= close()) };
}

/** A number that grows with whatever is recorded. */
async function headsOf(ledger: Ledger): Promise<number> {
  const heads = await Promise.all((await ledger.organisations()).map((org) => ledger.head(org)));
  return heads.reduce((sum, head) => sum + head, 0);
}

async function listen(server: Server, { host, port }: Config): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(
      WHY_NOT[error.code ?? '']?.(`${host}:${port}`) ?? `Cannot listen on ${host}:${port}: ${error.message}`,
    );
  });
  const address = server.address() as AddressInfo;
  const name = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${name}:${address.port}`;
}

const WHY_NOT: Readonly<Record<string, (place: string) => string>> = {
  EADDRINUSE: (place) => `${place} is taken by another program. Stop that, or set OPERARY_PORT to another port.`,
  EACCES: (place) => `${place} may not be listened on by this user. Set OPERARY_PORT to a port above 1023.`,
  EADDRNOTAVAIL: (place) => `${place} is no address of this machine. Correct OPERARY_HOST.`,
  ENOTFOUND: (place) => `${place} is no address that this machine knows. Correct OPERARY_HOST.`,
};
