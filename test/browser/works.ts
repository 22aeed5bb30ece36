/** A small plant behind a real server on a real disk, and devices that have the built plugin in their vaults. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { operary, serving, type Serving } from '../kit/a-cli.ts';
import { aServer, type AServer, type Wanted } from '../kit/a-server.ts';
import { apiOf, type Api } from '../kit/api.ts';
import type { OpenOptions } from './harness/client.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
export const AREA = 'leeds/packaging';

/** main.js as it is released, beside its manifest and styles. */
export async function buildRelease(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'operary-release-'));
  await promisify(execFile)(process.execPath, ['esbuild.config.mjs'], {
    cwd: ROOT,
    env: { ...process.env, OPERARY_PLUGIN_OUT: join(folder, 'main.js') },
  });
  for (const file of ['manifest.json', 'styles.css']) await copyFile(join(ROOT, file), join(folder, file));
  return folder;
}

export interface People {
  readonly ana: Api;
  readonly tom: Api;
  readonly max: Api;
  readonly tokens: { readonly ana: string; readonly tom: string; readonly max: string };
  readonly ids: { readonly ana: string; readonly tom: string; readonly max: string };
  readonly shift: string;
  /** What a vault is opened with, for one of them. */
  device(who: 'ana' | 'tom' | 'max', more?: OpenOptions, url?: string): OpenOptions;
  task(title: string, more?: object): Promise<{ readonly id: string; readonly ref: string }>;
  /** A task that Max has begun. */
  begun(title: string, more?: object): Promise<{ readonly id: string; readonly ref: string }>;
  status(id: string): Promise<string>;
  /** Signed, and accepted by Tom. */
  handOver(): Promise<void>;
  /** That, and sealed by Tom. */
  sealShift(): Promise<void>;
}

export interface Works extends People {
  readonly server: AServer;
  readonly org: string;
  close(): Promise<void>;
}

/** The server in this process. */
export async function openWorks(options: Pick<Wanted, 'clock'> = {}): Promise<Works> {
  const server = await aServer({ on: 'disk', ...options });
  const { org, admin } = await server.plant();
  return { ...(await peopleAt(server.url, admin)), server, org, close: () => server.close() };
}

export interface MortalWorks extends People {
  readonly url: string;
  readonly port: number;
  /** SIGKILL: no handler runs, nothing is finished. */
  killServer(): Promise<void>;
  /** On the same port and the same data folder. */
  startServer(): Promise<void>;
  close(): Promise<void>;
}

/** The server in a process of its own, made to be killed. */
export async function openMortalWorks(): Promise<MortalWorks> {
  const data = await mkdtemp(join(tmpdir(), 'operary-mortal-'));
  const founded = await operary(data, ['org', 'create', 'leeds', '--json']);
  if (founded.code !== 0) throw new Error(founded.err);
  const { token } = JSON.parse(founded.out) as { readonly token: string };
  let server: Serving | null = await serving(data);
  const { url } = server;
  const { port } = new URL(url);
  const killServer = async (): Promise<void> => {
    await server?.stop('SIGKILL');
    server = null;
  };
  return {
    ...(await peopleAt(url, token)),
    url,
    port: Number(port),
    killServer,
    async startServer() {
      server ??= await serving(data, { OPERARY_PORT: port });
    },
    async close() {
      await killServer();
      await rm(data, { recursive: true, force: true });
    },
  };
}

async function peopleAt(url: string, admin: string): Promise<People> {
  const host = apiOf(url, admin);
  await host.post('/v1/areas', { path: AREA, name: 'Packaging' });
  const person = async (name: string, role: string) => {
    const { id } = await host.post('/v1/users', { name, role });
    return { id, ...(await host.post<{ token: string }>('/v1/tokens', { user: id, role })), user: id };
  };
  const [ana, tom, max] = [
    await person('Ana Okafor', 'supervisor'),
    await person('Tom Hughes', 'supervisor'),
    await person('Max Meyer', 'maintenance_engineer'),
  ];
  const apis = { ana: apiOf(url, ana.token), tom: apiOf(url, tom.token), max: apiOf(url, max.token) };
  const tokens = { ana: ana.token, tom: tom.token, max: max.token };
  const hour = 3_600_000;
  const at = (hours: number): string => new Date(Math.floor(Date.now() / hour) * hour + hours * hour).toISOString();
  const shift = await apis.ana.post('/v1/shifts', { area: AREA, name: 'Night', from: at(-1), to: at(7) });
  await apis.ana.post(`/v1/shifts/${shift.id}/start`, { crew: [{ user: max.user, role: 'maintenance_engineer' }] });
  const people: People = {
    ...apis,
    tokens,
    ids: { ana: ana.user, tom: tom.user, max: max.user },
    shift: shift.id,
    device: (who, more = {}, at = url) => ({
      name: `Vault of ${who}`,
      data: { url: at, secret: 'operary-token', root: '' },
      secrets: { 'operary-token': tokens[who] },
      ...more,
    }),
    task: (title, more = {}) =>
      apis.ana.post('/v1/tasks', { title, area: AREA, assignee: { user: max.user }, ...more }),
    async begun(title, more) {
      const task = await people.task(title, more);
      await apis.max.post(`/v1/tasks/${task.id}/acknowledge`);
      await apis.max.post(`/v1/tasks/${task.id}/start`);
      return task;
    },
    status: async (id) => (await apis.ana.get<{ status: string }>(`/v1/tasks/${id}`)).status,
    async handOver() {
      const { items } = await apis.ana.get<{ items: { id: string; status: string }[] }>('/v1/tasks?limit=200');
      const open = items.filter(({ status }) => !['done', 'closed', 'cancelled'].includes(status));
      await apis.ana.post(`/v1/shifts/${shift.id}/close`);
      await apis.ana.post(`/v1/shifts/${shift.id}/sign`, {
        decisions: open.map(({ id }) => ({ task: id, decision: 'continue' })),
      });
      await apis.tom.post(`/v1/shifts/${shift.id}/accept`);
    },
    async sealShift() {
      await people.handOver();
      await apis.tom.post(`/v1/shifts/${shift.id}/seal`);
    },
  };
  return people;
}

export const dropRelease = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
