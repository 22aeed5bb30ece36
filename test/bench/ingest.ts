/**
 * Alarms at 200 a second: from the POST to its 202, from the POST to the task's note in the vault of somebody else's device, and how long the
 * server takes to decide who gets it. The goals are those of the issue; p99 of both stands beside them.
 * Alone: `npm run bench -- ingest`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { features } from '../../shared/features/index.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { openPlant, type Plant } from '../demo/plant.ts';
import { aDevice, aDisk } from '../kit/a-device.ts';
import { operary, serving } from '../kit/a-cli.ts';
import { connectSender, type Sender } from '../kit/delivery.ts';
import type { Event } from '../kit/shapes.ts';
import { nodeLink } from '../kit/node-link.ts';
import { until } from '../kit/until.ts';
import type { Row } from './row.ts';

const RATE = Number(process.env['OPERARY_BENCH_RATE'] ?? 200);
const SECONDS = Number(process.env['OPERARY_BENCH_SECONDS'] ?? 20);
const TO_THE_VAULT_MS = 1000;
const ROUTED_MS = 200;
const AREA = 'leeds/packaging';

const percentile = (values: readonly number[], p: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))] ?? NaN;
const spread = (values: readonly number[]): string =>
  `${[0.5, 0.95, 0.99].map((p) => percentile(values, p).toFixed(1)).join(' / ')} ms (p50 / p95 / p99 of ${values.length})`;

const realClock = {
  now: Date.now,
  random: Math.random,
  after(milliseconds: number, work: () => void) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  pass: () => Promise.reject(new Error('This clock goes by itself.')),
};

/** When each task's note was written, by the number in its title. */
function watchedVault(url: string, token: string) {
  const disk = aDisk('second client');
  const written = new Map<number, number>();
  const create = disk.vault.create.bind(disk.vault);
  disk.vault.create = async (path, text) => {
    await create(path, text);
    const [, n] = /Overheated (\d+)/.exec(path) ?? [];
    if (n !== undefined) written.set(Number(n), performance.now());
  };
  const device = aDevice(createRegister(features), nodeLink(url, token).link, {
    disk,
    clock: realClock,
    breathe: () => pause(0),
  });
  device.host.start();
  return { device, written };
}

/** Milliseconds from the record of each alarm to that of who its task was given to, by the server's own stamps. */
async function routed(plant: Plant): Promise<number[]> {
  const heard = new Map<string, number>();
  const took: number[] = [];
  for (let after = 0; ;) {
    const page = await plant.priya.get<{ items: readonly Event[]; next: number; head: number }>(
      `/v1/events?after=${after}&limit=500`,
    );
    for (const { type, receivedAt, body, upstream } of page.items) {
      if (type === 'alarm.activated') heard.set(String(body['occurrence']), Date.parse(receivedAt));
      const cause = upstream.find(({ rel }) => rel === 'caused_by')?.id;
      if (type === 'task.assigned' && cause !== undefined) took.push(Date.parse(receivedAt) - heard.get(cause)!);
    }
    if (page.next >= page.head || page.next === after) return took;
    after = page.next;
  }
}

async function steadily(sender: Sender, posted: Map<number, number>): Promise<number[]> {
  const took: number[] = [];
  const under: Promise<void>[] = [];
  const start = performance.now();
  for (let n = 0; n < RATE * SECONDS; n++) {
    const at = start + (n * 1000) / RATE;
    const early = at - performance.now();
    if (early > 0) await pause(early);
    // By the plan, not by when we came to it: what waits here counts (coordinated omission).
    posted.set(n, at);
    const signal = {
      condition: `bearing-${n}`,
      title: `Overheated ${n}`,
      severity: 'critical',
      area: AREA,
      state: 'active',
    };
    under.push(sender.post(signal).then(() => void took.push(performance.now() - at)));
  }
  await Promise.all(under);
  return took;
}

export async function benchIngest(): Promise<Row[]> {
  const data = mkdtempSync(join(tmpdir(), 'operary-bench-ingest-'));
  const { out } = await operary(data, ['org', 'create', 'leeds', '--json']);
  const server = await serving(data, { OPERARY_LOG_LEVEL: 'warn' });
  try {
    const plant = await openPlant(server.url, (JSON.parse(out) as { token: string }).token);
    const span = {
      from: new Date(Date.now() - 3_600_000).toISOString(),
      to: new Date(Date.now() + 7 * 3_600_000).toISOString(),
    };
    const shift = await plant.priya.post('/v1/shifts', { area: AREA, name: 'Night', ...span });
    await plant.priya.post(`/v1/shifts/${shift.id}/start`, {
      crew: [{ user: plant.ids['marek'], role: 'maintenance_engineer' }],
    });
    const sender = await connectSender(server.url, plant.admin, 'generic');
    // What is measured is a delivery on its own, not a storm.
    const limits = { integration: 1_000_000, organisation: 1_000_000 };
    await plant.admin.post(`/v1/integrations/${sender.id}/configure`, { limits });
    const { device, written } = watchedVault(server.url, plant.tokens['marek']!);
    await until('the device to be connected', () => (device.host.me ? true : undefined));
    const posted = new Map<number, number>();
    const answered = await steadily(sender, posted);
    await until('every note', () => (written.size >= posted.size ? true : undefined), 120);
    device.close();
    const toVault = [...written].map(([n, at]) => at - posted.get(n)!);
    const routing = await routed(plant);
    return [
      {
        what: `an alarm at ${RATE} a second, from the POST to its task in a second client's vault, p95, against the goal`,
        ours: Math.round(percentile(toVault, 0.95)),
        peer: TO_THE_VAULT_MS,
        unit: ' ms',
        ratio: TO_THE_VAULT_MS / percentile(toVault, 0.95),
        target: 1,
        beside: { 'POST to 202': spread(answered), 'POST to the note': spread(toVault) },
      },
      {
        what: 'who an alarm goes to, from its record to the assignment, p99, against the goal',
        ours: Math.round(percentile(routing, 0.99)),
        peer: ROUTED_MS,
        unit: ' ms',
        ratio: ROUTED_MS / Math.max(1, percentile(routing, 0.99)),
        target: 1,
        beside: { routing: spread(routing) },
      },
    ];
  } finally {
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

if (import.meta.main) for (const row of await benchIngest()) console.log(row);
