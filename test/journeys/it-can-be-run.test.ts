/** Whoever runs it: health, metrics, an image that is careful, and its command as an ordinary user with next to nothing on the disk. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { aServer, type AServer } from '../kit/a-server.ts';
import { apiOf } from '../kit/api.ts';
import { readMetrics } from '../kit/prometheus.ts';
import { until } from '../kit/until.ts';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
const text = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

describe('a running server', () => {
  let server: AServer;
  beforeAll(async () => (server = await aServer({ on: 'disk' })));
  afterAll(() => server.close());

  test('says without a token that it is alive and ready', async () => {
    for (const path of ['/healthz', '/readyz'])
      expect(await server.ask(`GET ${path}`)).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  test('is measured in the Prometheus text format, to the letter, and counts what it did', async () => {
    const plant = await server.plant();
    const { token } = await server.token(plant, 'supervisor');
    for (let n = 0; n < 3; n++) await server.ask('POST /v1/tasks', { token, body: { title: 'Check', area: 'main' } });
    await server.ask('POST /v1/tasks', { token, body: {} });
    await server.ask('GET /wp-login.php');
    const { body, headers } = await server.ask('GET /metrics');
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const metrics = readMetrics(body as string);
    const value = (name: string, labels: Record<string, string> = {}) =>
      metrics.samples.find(
        (sample) =>
          sample.name === name && Object.entries(labels).every(([key, wanted]) => sample.labels[key] === wanted),
      )?.value;
    expect(value('operary_http_requests_total', { route: 'POST /v1/tasks', status: '201' })).toBe(3);
    expect(value('operary_http_requests_total', { route: 'POST /v1/tasks', status: '400' })).toBe(1);
    expect(value('operary_http_request_duration_seconds_count', { route: 'POST /v1/tasks' })).toBe(4);
    expect(value('operary_organisations')).toBe(1);
    expect(value('operary_ledger_events')).toBe(await server.ledger.head(plant.org));
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
    // What strangers ask for makes no series of its own, and no organisation is named.
    expect(body).not.toMatch(/wp-login|opy_live_/);
    expect(body).not.toContain(plant.org);
  });
});

describe('the image', () => {
  const instructions = text('Dockerfile')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => /^([A-Z]+) +(.*)$/.exec(line)!.slice(1) as [string, string]);
  const stages = instructions.reduce<[string, string][][]>(
    (all, one) => (one[0] === 'FROM' ? [...all, [one]] : [...all.slice(0, -1), [...all.at(-1)!, one]]),
    [],
  );
  const last = (name: string) =>
    stages
      .at(-1)!
      .filter(([instruction]) => instruction === name)
      .map(([, rest]) => rest);

  test('brings a Node that runs the server, and installs without running anybody’s scripts', () => {
    for (const stage of stages) expect(Number(/^node:(\d+)/.exec(stage[0]![1])![1])).toBeGreaterThanOrEqual(24);
    expect(text('Dockerfile')).toMatch(/npm ci --omit=dev --ignore-scripts/);
  });

  test('runs as an ordinary user, keeps its data in a volume, and says how it is', () => {
    expect(last('USER')).toEqual(['node']);
    expect(last('VOLUME')).toEqual(['/data']);
    expect(last('RUN')).toEqual([expect.stringMatching(/-o node .*-m 0700 \/data$/)]);
    expect(last('ENV')[0]).toMatch(/OPERARY_DATA=\/data/);
    expect(last('HEALTHCHECK')[0]).toMatch(/--interval=.*\/healthz/);
    const names = stages.at(-1)!.map(([name]) => name);
    expect(names.indexOf('USER')).toBeGreaterThan(names.lastIndexOf('RUN'));
  });

  test('holds what the server needs, and nothing that the compose file could leak', () => {
    expect(last('CMD')).toEqual(['["node", "server/launch.mjs", "serve"]']);
    expect(
      last('COPY')
        .filter((line) => !line.startsWith('--from'))
        .map((line) => line.split(' ')[0]),
    ).toEqual(['package.json', 'shared', 'server']);
    expect(text('.dockerignore').split('\n')[0]).toBe('*');
  });

  test('is run read-only, without capabilities, published on this machine only, with time to stop in order', () => {
    const { services, volumes } = parse(text('docker-compose.yml')) as {
      services: Record<string, Record<string, unknown>>;
      volumes: object;
    };
    const service = services['operary']!;
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      restart: 'unless-stopped',
    });
    expect(service['volumes']).toEqual([expect.stringMatching(/^operary-data:\/data$/)]);
    expect(volumes).toHaveProperty('operary-data');
    expect(service['ports']).toEqual([expect.stringMatching(/^127\.0\.0\.1:/)]);
    expect(Number.parseInt(service['stop_grace_period'] as string, 10)).toBeGreaterThan(5);
  });
});

describe('its command, by hand', () => {
  let base: string;
  beforeAll(() => {
    base = mkdtempSync(join(tmpdir(), 'operary-image-'));
    chmodSync(base, 0o755);
    for (const name of ['package.json', 'shared', 'server'])
      cpSync(join(ROOT, name), join(base, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(base, 'node_modules'));
    mkdirSync(join(base, 'data'));
  });
  afterAll(() => rmSync(base, { recursive: true, force: true }));

  test('serves from package.json, shared and server alone, as a user who may do nothing else, and passes its health check', async () => {
    const isRoot = process.getuid?.() === 0;
    const data = join(base, 'data');
    chmodSync(data, 0o777);
    const env = {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      OPERARY_HOST: '127.0.0.1',
      OPERARY_PORT: '0',
      OPERARY_DATA: join(data, 'operary'),
      HOME: '/nonexistent',
    };
    const child = spawn(process.execPath, ['server/launch.mjs', 'serve'], {
      cwd: base,
      env,
      ...(isRoot ? { uid: 65534, gid: 65534 } : {}),
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (out += part.toString()));
    child.stderr.on('data', (part: Buffer) => (err += part.toString()));
    const closed = once(child, 'close');
    const url = await until('the address in the greeting', () => {
      if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode}: ${err}`);
      return /running at (http:\/\/\S+)/.exec(out)?.[1];
    });
    const [, supervisor] = /supervisor +(\S+)/.exec(out)!;
    expect((await apiOf(url, supervisor!).ask('GET', '/v1/shifts')).status).toBe(200);

    const [, script] = /^.*"-e", "(.*)"\]$/.exec(
      text('Dockerfile')
        .split('\n')
        .find((line) => line.includes('"-e"'))!,
    )!;
    const check = (port: string) =>
      once(spawn(process.execPath, ['-e', script!], { env: { OPERARY_PORT: port } }), 'close');
    expect(await check(new URL(url).port)).toEqual([0, null]);
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
    expect(await check(new URL(url).port)).toEqual([1, null]);
    expect(
      err
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { msg: string }).msg),
    ).toEqual(['listening', 'request', 'request', 'closed']);
  });
});
