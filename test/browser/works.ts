/** A small plant behind a real server on a real disk, and devices that have the built plugin in their vaults. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { aServer, type AServer } from '../kit/a-server.ts';
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

export interface Works {
  readonly server: AServer;
  readonly org: string;
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
  /** Signed, accepted by Tom, sealed. */
  sealShift(): Promise<void>;
  close(): Promise<void>;
}

export async function openWorks(): Promise<Works> {
  const server = await aServer({ on: 'disk' });
  const { org, admin } = await server.plant();
  const host = apiOf(server.url, admin);
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
  const apis = {
    ana: apiOf(server.url, ana.token),
    tom: apiOf(server.url, tom.token),
    max: apiOf(server.url, max.token),
  };
  const tokens = { ana: ana.token, tom: tom.token, max: max.token };
  const hour = 3_600_000;
  const at = (hours: number): string => new Date(Math.floor(Date.now() / hour) * hour + hours * hour).toISOString();
  const shift = await apis.ana.post('/v1/shifts', { area: AREA, name: 'Night', from: at(-1), to: at(7) });
  await apis.ana.post(`/v1/shifts/${shift.id}/start`, { crew: [{ user: max.user, role: 'maintenance_engineer' }] });
  const works: Works = {
    server,
    org,
    ...apis,
    tokens,
    ids: { ana: ana.user, tom: tom.user, max: max.user },
    shift: shift.id,
    device: (who, more = {}, url = server.url) => ({
      name: `Vault of ${who}`,
      data: { url, secret: 'operary-token', root: '' },
      secrets: { 'operary-token': tokens[who] },
      ...more,
    }),
    task: (title, more = {}) =>
      apis.ana.post('/v1/tasks', { title, area: AREA, assignee: { user: max.user }, ...more }),
    async begun(title, more) {
      const task = await works.task(title, more);
      await apis.max.post(`/v1/tasks/${task.id}/acknowledge`);
      await apis.max.post(`/v1/tasks/${task.id}/start`);
      return task;
    },
    status: async (id) => (await apis.ana.get<{ status: string }>(`/v1/tasks/${id}`)).status,
    async sealShift() {
      const { items } = await apis.ana.get<{ items: { id: string; status: string }[] }>('/v1/tasks?limit=200');
      const open = items.filter(({ status }) => !['done', 'closed', 'cancelled'].includes(status));
      await apis.ana.post(`/v1/shifts/${shift.id}/close`);
      await apis.ana.post(`/v1/shifts/${shift.id}/sign`, {
        decisions: open.map(({ id }) => ({ task: id, decision: 'continue' })),
      });
      await apis.tom.post(`/v1/shifts/${shift.id}/accept`);
      await apis.tom.post(`/v1/shifts/${shift.id}/seal`);
    },
    close: () => server.close(),
  };
  return works;
}

export const dropRelease = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
