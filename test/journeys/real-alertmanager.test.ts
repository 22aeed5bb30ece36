/** Debian's Alertmanager and Prometheus send to our server, die, come back, repeat, resolve and fire again; our server dies in between. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, type TestContext } from 'vitest';
import { openPlant, type Plant } from '../demo/plant.ts';
import { operary, serving, type Serving } from '../kit/a-cli.ts';
import { NoPackages } from '../kit/debian.ts';
import { alertmanager, freePort, prometheus, type Alertmanager } from '../kit/monitoring.ts';
import { listed, type Alarm, type Delivery, type Task } from '../kit/shapes.ts';
import { until } from '../kit/until.ts';

const PATIENCE_S = 30;
/** Two rounds of repeats and more, by the sender's settings. */
const REPEATS_MS = 5000;

let folder: string;
let server: Serving;
let plant: Plant;
let port: string;
let hook: { id: string; url: string; token: string };
const closing: (() => Promise<unknown>)[] = [];

const serve = async () => (server = await serving(join(folder, 'data'), { OPERARY_PORT: port }));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'operary-monitoring-'));
  port = String(await freePort());
  const { out } = await operary(join(folder, 'data'), ['org', 'create', 'leeds', '--json']);
  const { token } = JSON.parse(out) as { token: string };
  await serve();
  plant = await openPlant(server.url, token);
  const made = await plant.admin.post<{ id: string; token: string }>('/v1/integrations', {
    kind: 'alertmanager',
    name: 'Monitoring',
  });
  hook = { id: made.id, token: made.token, url: `${server.url}/v1/ingest/${made.id}` };
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function orSkip<T extends { close(): Promise<unknown> } | { stop(): Promise<unknown> }>(
  ctx: TestContext,
  made: Promise<T>,
): Promise<T> {
  try {
    const program = await made;
    closing.push(() => ('close' in program ? program.close() : program.stop()));
    return program;
  } catch (error) {
    if (error instanceof NoPackages) ctx.skip(error.message);
    throw error;
  }
}
const monitoring = (ctx: TestContext): Promise<Alertmanager> => orSkip(ctx, alertmanager(folder, hook));

const alert = (unit: string, more: object = {}) => ({
  labels: {
    alertname: 'BearingTempHigh',
    site: 'leeds',
    area: 'packaging',
    line: 'line-3',
    unit,
    severity: 'critical',
  },
  annotations: { summary: `${unit}: bearing temperature above 90 °C` },
  ...more,
});
const over = (unit: string, startsAt: string) => alert(unit, { startsAt, endsAt: new Date().toISOString() });

const tasks = () => listed<Task>(plant.priya, '/v1/tasks');
const alarms = () => listed<Alarm>(plant.priya, '/v1/alarms');
const deliveries = () => listed<Delivery>(plant.priya, '/v1/deliveries?limit=200');
const titles = async () => (await tasks()).map(({ title }) => title).sort();
const untilTasks = (count: number) =>
  until(`${count} task(s)`, async () => ((await tasks()).length >= count ? true : undefined), PATIENCE_S);
const untilQuiet = (unit: string) =>
  until(
    `${unit} to be quiet`,
    async () => (await alarms()).find(({ title, active }) => title.startsWith(unit) && !active),
    PATIENCE_S,
  );

test('firing, repeating, a joiner, a part resolved, all resolved, and again: two tasks, which only people end', async (ctx) => {
  const am = await monitoring(ctx);
  const startsAt = new Date(Date.now() - 1000).toISOString();
  await am.fire(alert('filler-2', { startsAt }));
  await untilTasks(1);
  await pause(REPEATS_MS);
  expect(await titles()).toEqual(['filler-2: bearing temperature above 90 °C']);
  expect(await deliveries()).toHaveLength(1);

  await am.fire(alert('filler-2', { startsAt }), alert('filler-4', { startsAt }));
  await untilTasks(2);
  await am.fire(over('filler-2', startsAt), alert('filler-4', { startsAt }));
  await untilQuiet('filler-2');
  expect((await alarms()).filter(({ active }) => active).map(({ title }) => title)).toEqual([
    'filler-4: bearing temperature above 90 °C',
  ]);
  await am.fire(over('filler-4', startsAt));
  await untilQuiet('filler-4');
  expect((await tasks()).map(({ status }) => status)).toEqual(['open', 'open']);

  await am.fire(alert('filler-2', { startsAt: new Date().toISOString() }));
  await until(
    'filler-2 to be active again',
    async () => (await alarms()).find(({ title, active }) => title.startsWith('filler-2') && active),
    PATIENCE_S,
  );
  await pause(REPEATS_MS);
  expect(await tasks()).toHaveLength(2);
}, 120_000);

test('[L13] our server is killed while alarms come: what was sent meanwhile arrives once, what was answered is there', async (ctx) => {
  const am = await monitoring(ctx);
  await am.fire(alert('filler-2', { startsAt: new Date().toISOString() }));
  await untilTasks(1);
  await server.stop('SIGKILL');
  await am.fire(alert('filler-5', { startsAt: new Date().toISOString() }));
  await pause(2500);
  await serve();
  await untilTasks(2);
  await pause(REPEATS_MS);
  expect(await titles()).toEqual([
    'filler-2: bearing temperature above 90 °C',
    'filler-5: bearing temperature above 90 °C',
  ]);
}, 120_000);

test('[L4] the Alertmanager dies and tells everything anew: nothing doubles', async (ctx) => {
  const am = await monitoring(ctx);
  const startsAt = new Date().toISOString();
  await am.fire(alert('filler-2', { startsAt }), alert('filler-4', { startsAt }));
  await untilTasks(2);
  await am.kill();
  await am.again();
  await am.fire(alert('filler-2', { startsAt }), alert('filler-4', { startsAt }));
  await pause(REPEATS_MS);
  expect(await tasks()).toHaveLength(2);
  expect((await alarms()).map(({ activations }) => activations)).toEqual([1, 1]);
}, 120_000);

test('a Prometheus whose exporter dies says "resolved": the condition is not called repaired, and the task stays', async (ctx) => {
  const am = await monitoring(ctx);
  const exporter = createServer((_request, response) =>
    response.setHeader('content-type', 'text/plain; version=0.0.4').end('bearing_celsius{unit="filler-2"} 94.2\n'),
  ).listen(0, '127.0.0.1');
  await once(exporter, 'listening');
  closing.push(() => ended(exporter));
  await orSkip(
    ctx,
    prometheus(folder, {
      exporter: `http://127.0.0.1:${(exporter.address() as AddressInfo).port}`,
      alertmanagerUrl: am.url,
      rule: {
        alert: 'BearingTempHigh',
        expr: 'bearing_celsius > 90',
        labels: { site: 'leeds', area: 'packaging', line: 'line-3', severity: 'critical' },
        annotations: { summary: '{{ $labels.unit }}: {{ $value }} °C' },
      },
    }),
  );
  await untilTasks(1);
  await ended(exporter);
  const quiet = await untilQuiet('filler-2');
  expect(quiet.clearCause).not.toBe('condition');
  expect(await tasks()).toMatchObject([{ title: 'filler-2: 94.2 °C', status: 'open' }]);
}, 120_000);

async function ended(server: Server): Promise<void> {
  if (!server.listening) return;
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
}
