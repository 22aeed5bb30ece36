/** Leeds Works on the real program: SQLite on disk, HTTP over a socket, and a clock that the story moves. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stage } from '../demo/day.ts';
import { openPlant } from '../demo/plant.ts';
import { aServer, type AServer } from './a-server.ts';

export const PACKAGING = 'leeds/packaging';
export const EVENING = '2026-11-20T21:55:00Z';

export interface Leeds extends Stage {
  readonly server: AServer;
  readonly data: string;
  readonly org: string;
  /** The organisation's fingerprint, as it stands on the wall. */
  readonly root: string;
  readonly adminToken: string;
  /** Longer than any alarm waits by default before it asks for somebody. */
  aMinute(): Promise<void>;
  /** A second server on the same folder; the first must be closed. */
  again(): Promise<AServer>;
  /** Stops whatever runs on the folder, and leaves the folder. */
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function leedsWorks(begins = EVENING): Promise<Leeds> {
  const data = mkdtempSync(join(tmpdir(), 'operary-leeds-'));
  let now = Date.parse(begins);
  // Time passes with every look at the clock, as it does in a plant.
  const clock = { now: () => (now += 1) };
  const server = await aServer({ on: 'disk', data, clock });
  const { org, root, admin } = await server.plant('leeds');
  const plant = await openPlant(server.url, admin);
  const open = [server];
  const stop = async () => {
    for (const each of open) await each.close();
  };
  return {
    server,
    data,
    org,
    root,
    adminToken: admin,
    plant,
    at: (time) => void (now = Date.parse(/^\d\d:\d\d$/.test(time) ? nightly(time) : time)),
    settled: () => server.settled(),
    say: () => undefined,
    async aMinute() {
      now += 60_000;
      await server.settled();
    },
    async again() {
      const next = await aServer({ on: 'disk', data, clock });
      open.push(next);
      return next;
    },
    stop,
    async close() {
      await stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const nightly = (time: string): string => `${time >= '12' ? '2026-11-20' : '2026-11-21'}T${time}:00Z`;
