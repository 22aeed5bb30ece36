/** A small plant for a real Obsidian: a server in a process of its own, as it is started in a plant, with a shift that runs. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openPlant as openLeeds, type Plant as Leeds } from '../demo/plant.ts';
import { operary, serving } from '../kit/a-cli.ts';

export const AREA = 'leeds/packaging';
const HOUR = 3_600_000;

export interface Plant extends Leeds {
  readonly port: number;
  readonly shift: string;
  /** A pairing code of Tom's, who is supervisor. */
  code(): Promise<string>;
  /** Everything that the server has on record, as text. */
  record(): Promise<string>;
  close(): Promise<void>;
}

export async function openPlant(): Promise<Plant> {
  const data = await mkdtemp(join(tmpdir(), 'operary-obsidian-'));
  const founded = await operary(data, ['org', 'create', 'leeds', '--json']);
  if (founded.code !== 0) throw new Error(founded.err);
  const server = await serving(data);
  const leeds = await openLeeds(server.url, (JSON.parse(founded.out) as { readonly token: string }).token);
  const shift = await leeds.tom.post('/v1/shifts', {
    ...{ area: AREA, name: 'Night' },
    ...{ from: new Date(Date.now() - HOUR).toISOString(), to: new Date(Date.now() + 7 * HOUR).toISOString() },
  });
  await leeds.tom.post(`/v1/shifts/${shift.id}/start`, {
    crew: [{ user: leeds.ids['marek'], role: 'maintenance_engineer' }],
  });
  return {
    ...leeds,
    ...{ port: Number(new URL(server.url).port), shift: shift.id },
    async code() {
      const offer = { user: leeds.ids['tom'], role: 'supervisor' };
      return (await leeds.admin.post<{ readonly code: string }>('/v1/tokens/offer', offer)).code;
    },
    record: async () => JSON.stringify(await leeds.tom.get('/v1/events?after=0')),
    async close() {
      await server.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** An Android device reaches this machine's ports under the same address once they are handed through. */
export async function handThrough(port: number): Promise<void> {
  if (process.env['OPERARY_ANDROID']) await promisify(execFile)('adb', ['reverse', `tcp:${port}`, `tcp:${port}`]);
}
