/** A bare machine: somebody types two commands, does what the screen says, and stops the server again. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { spawnSync } from 'node:child_process';
import { afterAll, afterEach, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { CLOSE } from '../../shared/sync/messages.ts';
import { operary, serving, type Serving } from '../kit/a-cli.ts';
import { apiOf } from '../kit/api.ts';
import { has, run, shell } from '../kit/cli.ts';
import { curlsIn, fetched } from '../kit/curl.ts';
import { sha256Of } from '../kit/delivery.ts';
import { feedSocket } from '../kit/feed-socket.ts';
import { answersIn, rawLine } from '../kit/raw.ts';
import { listed, type Task } from '../kit/shapes.ts';
import { until } from '../kit/until.ts';

const LAUNCHER = fileURLToPath(new URL('../../server/launch.mjs', import.meta.url));
const base = mkdtempSync(join(tmpdir(), 'operary-first-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
/** What a failed test left running. */
const running = new Set<Serving>();
afterEach(async () => {
  for (const server of running) await server.stop('SIGKILL');
});
async function started(name: string, env?: Record<string, string>): Promise<Serving> {
  const server = await serving(folder(name), env);
  const stop: Serving['stop'] = (signal) => {
    running.delete(known);
    return server.stop(signal);
  };
  const known = { ...server, stop };
  running.add(known);
  return known;
}
const folder = (name: string): string => join(base, name);
const tokensIn = (text: string): readonly string[] => [...text.matchAll(/opy_live_\w+/g)].map(([token]) => token);
/** One line that ends in a full stop; no stack. */
const SENTENCE = /^\S[^\n]*\.\n$/;
const isReady = async (server: Serving) => ((await fetch(`${server.url}/readyz`)).ok ? true : undefined);

test('an empty folder: every curl that the screen shows succeeds, and a second start is the same plant without a word of tokens', async () => {
  let server = await started('plant');
  const curls = curlsIn(server.said);
  expect(curls).toHaveLength(2);
  for (const line of curls) {
    const { status, body } = has('curl') ? await typed(line) : await fetched(line);
    expect([200, 201], `${line}: ${body}`).toContain(status);
  }
  const [admin, supervisor] = tokensIn(server.said);
  expect(new Set(tokensIn(server.said)).size).toBe(2);
  const [, root] = /\n {2}(SHA256:[A-Za-z0-9+/]{43})\n/.exec(server.said)!;
  const seen = async () => {
    const [hers, admins] = [apiOf(server.url, supervisor!), apiOf(server.url, admin!)];
    return [
      await listed<Task>(hers, '/v1/tasks'),
      await listed(hers, '/v1/shifts'),
      await listed(hers, '/v1/orgs'),
      await listed(admins, '/v1/tokens'),
    ];
  };
  const before = await seen();
  expect(before[0]).toMatchObject([{ ref: 'T-1', title: 'Check pump 3' }]);
  expect(before[2]).toMatchObject([{ slug: 'plant', keys: { root } }]);
  expect(await server.stop()).toBe(0);

  server = await started('plant');
  expect(tokensIn(server.said)).toEqual([]);
  expect(await seen()).toEqual(before);
  expect(await server.stop('SIGINT')).toBe(0);
});

test('the plant of a first start has an area, and a shift that is on right now', async () => {
  const server = await started('plant');
  const { token } = JSON.parse(
    (await operary(folder('plant'), ['token', 'create', '--role', 'supervisor', '--json'])).out,
  ) as { token: string };
  const api = apiOf(server.url, token);
  expect(await listed(api, '/v1/areas')).toMatchObject([{ path: 'main', shifts: [{}, {}, {}] }]);
  const now = new Date().toISOString();
  const shifts = await listed<{ id: string; from: string; to: string }>(api, '/v1/shifts');
  const [current] = shifts.filter(({ from, to }) => from <= now && now < to);
  expect(await api.post(`/v1/shifts/${current!.id}/start`)).toMatchObject({ status: 'active' });
  await server.stop();
});

test('[L10] everything in the folder is for its owner only, while the server runs and after', async () => {
  const modes = () =>
    ['', ...readdirSync(folder('plant'), { recursive: true, encoding: 'utf8' })].map((name) => {
      const path = join(folder('plant'), name);
      return [name, (statSync(path).mode & 0o777).toString(8), statSync(path).isDirectory() ? '700' : '600'] as const;
    });
  const server = await started('plant');
  const running = modes();
  expect(running.map(([name]) => name)).toEqual(expect.arrayContaining(['', 'host.json', 'ledger.sqlite']));
  await server.stop();
  for (const [name, mode, wanted] of [...running, ...modes()]) expect([name, mode]).toEqual([name, wanted]);
});

test('the log is one JSON object a line, with request id, time taken, route and status, and holds no token', async () => {
  const server = await started('plant');
  const { token } = JSON.parse(
    (await operary(folder('plant'), ['token', 'create', '--role', 'operator', '--user', 'Lou', '--json'])).out,
  ) as { token: string };
  const ids: (string | null)[] = [];
  for (const path of ['/v1/tasks', '/v1/tasks/T-1', '/v1/tokens', '/v1/nothing?token=opy_live_SECRET', '/healthz'])
    ids.push((await apiOf(server.url, token).ask('GET', path)).headers.get('x-request-id'));
  await apiOf(server.url, `${token}x`).ask('GET', '/v1/tasks');
  expect(await server.stop()).toBe(0);
  const entries = server
    .log()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const requests = entries.filter(({ msg }) => msg === 'request');
  expect(requests.map(({ route, status }) => `${route as string} ${status as number}`)).toEqual([
    'GET /v1/tasks 200',
    'GET /v1/tasks/{id} 200',
    'GET /v1/tokens 403',
    'none 404',
    'GET /healthz 200',
    'GET /v1/tasks 401',
  ]);
  expect(requests.map(({ requestId }) => requestId).slice(0, 5)).toEqual(ids);
  for (const entry of requests)
    expect(entry).toMatchObject({ time: expect.stringMatching(/Z$/), ms: expect.any(Number), method: 'GET' });
  expect(server.log()).not.toMatch(/opy_|SECRET|Bearer/);
});

test('asked to stop, it finishes the answer that it is writing and the request that it is reading, and lets the rest go', async () => {
  const server = await started('plant');
  const { token } = JSON.parse(
    (await operary(folder('plant'), ['token', 'create', '--role', 'supervisor', '--json'])).out,
  ) as { token: string };
  const api = apiOf(server.url, token);
  const film = new Uint8Array(16 * 1024 * 1024).map((_, i) => i % 251);
  await api.ask('PUT', `/v1/files/${sha256Of(film)}`, film);
  const { ticket } = await api.post<{ ticket: string }>('/v1/sync/tickets', { purpose: 'feed' });
  const feed = feedSocket(server.url, ['operary.v1', `operary.ticket.${ticket}`]);
  await feed.until((messages) => messages.length > 0);
  const head = (method: string, path: string, ...more: readonly string[]) =>
    [`${method} ${path} HTTP/1.1`, 'Host: operary', `Authorization: Bearer ${token}`, ...more, '', ''].join('\r\n');
  const writing = await rawLine(server.url);
  writing.pause();
  writing.write(head('GET', `/v1/files/${sha256Of(film)}`));
  const task = JSON.stringify({ title: 'Said while leaving', area: 'main' });
  const reading = await rawLine(server.url);
  reading.write(
    head('POST', '/v1/tasks', 'Content-Type: application/json', `Content-Length: ${task.length}`) + task.slice(0, 9),
  );
  const silent = await rawLine(server.url);
  const idle = await rawLine(server.url);
  idle.write(head('GET', '/healthz'));
  const underWay = ['"route":"GET /v1/files/{sha256}"', '"route":"GET /healthz"'];
  await until('the answers under way', () =>
    underWay.every((route) => server.log().includes(route)) ? true : undefined,
  );

  const stopped = server.stop();
  expect(await feed.closed).toBe(CLOSE.leaving);
  await until('the door to be closed', async () =>
    (await rawLine(server.url).catch(() => undefined)) ? undefined : true,
  );
  expect(answersIn(await idle.answer())).toMatchObject([{ status: 200 }]);
  expect(await silent.answer()).toBe('');
  reading.write(task.slice(9));
  const [made] = answersIn(await reading.answer());
  expect(made).toMatchObject({ status: 201 });
  writing.resume();
  const [shown] = answersIn(await writing.answer());
  expect(shown!.status).toBe(200);
  expect(sha256Of(Buffer.from(shown!.raw, 'latin1'))).toBe(sha256Of(film));
  expect(await stopped).toBe(0);
  expect(server.log().trimEnd().split('\n').at(-1)).toMatch(/"msg":"closed"/);

  const again = await started('plant');
  expect((await listed<Task>(apiOf(again.url, token), '/v1/tasks')).map(({ title }) => title)).toContain(
    'Said while leaving',
  );
  await again.stop();
});

test('a port that is taken is one sentence; the next start is still the first one', async () => {
  const other = await started('plant');
  const port = new URL(other.url).port;
  const { code, out, err } = await operary(folder('later'), ['serve'], {
    OPERARY_PORT: port,
    OPERARY_LOG_LEVEL: 'silent',
  });
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(SENTENCE);
  expect(err).toContain(`127.0.0.1:${port} is taken`);
  await other.stop();
  const first = await started('later');
  expect(tokensIn(first.said).length).toBeGreaterThan(0);
  expect(await isReady(first)).toBe(true);
  await first.stop();
});

test.each([
  ['OPERARY_PORT', 'eighty'],
  ['OPERARY_LOG_LEVEL', 'loud'],
  ['OPERARY_ORIGIN', 'not a host'],
  ['OPERARY_HOST', '203.0.113.7'],
  ['OPERARY_HOST', 'no.such.host.invalid'],
  ['OPERARY_DATA', 'a-file'],
  ['OPERARY_DATA_FILE', '/nowhere/data.txt'],
])('%s=%s is one sentence that names it', async (name, value) => {
  const given = value === 'a-file' ? folder('a-file') : value;
  writeFileSync(folder('a-file'), 'I am no folder.');
  const env: Record<string, string> = {
    OPERARY_LOG_LEVEL: 'silent',
    OPERARY_DATA: folder('never-made'),
    [name]: given,
  };
  if (name === 'OPERARY_DATA_FILE') env['OPERARY_DATA'] = '';
  const { code, out, err } = await operary(env['OPERARY_DATA']!, ['serve'], env);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(SENTENCE);
  expect(err).toContain(name);
});

test.each([
  ['OPERARY_PORT', '65536'],
  ['OPERARY_PORT', '-1'],
  ['OPERARY_PORT', '8787x'],
  ['OPERARY_LOG_LEVEL', 'INFO'],
  ['OPERARY_ORIGIN', 'Log+Name'],
  ['OPERARY_ORIGIN', 'log.example.com.'],
  ['OPERARY_ORIGIN_FILE', '/nowhere/origin.txt'],
])('%s=%s is no setting', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} [^\\n]+[.]$`));
});

test('settings come from files too, as secrets do', async () => {
  mkdirSync(folder('settings'));
  writeFileSync(folder('settings/origin'), 'log.leeds.example\n');
  const server = await started('from-file', { OPERARY_ORIGIN_FILE: folder('settings/origin') });
  const [admin] = tokensIn(server.said);
  expect(await listed(apiOf(server.url, admin!), '/v1/orgs')).toMatchObject([
    { keys: { log: expect.stringMatching(/^log\.leeds\.example\//) } },
  ]);
  await server.stop();
  const other = await operary(folder('from-file'), ['serve'], {
    OPERARY_ORIGIN: 'log.york.example',
    OPERARY_LOG_LEVEL: 'silent',
  });
  expect(other.code).toBe(1);
  expect(other.err).toMatch(SENTENCE);
  expect(other.err).toContain('OPERARY_ORIGIN');
});

test.each(['20.20.2', '18.0.0', '22.17.9', '12.22.12'])(
  'Node %s is too old: one sentence, no crash',
  async (version) => {
    const disguise = folder('disguise.mjs');
    const text = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: process.env.PRETEND_NODE } });`;
    writeFileSync(disguise, text);
    const env = { PATH: process.env['PATH'], PRETEND_NODE: version, OPERARY_DATA: folder('old') };
    const { code, out, err } = await run(
      process.execPath,
      ['--import', pathToFileURL(disguise).href, LAUNCHER, 'serve'],
      { env },
    );
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(SENTENCE);
    expect(err).toContain(`this is Node ${version}`);
  },
);

test("the machine's own old Node gets the sentence, too", async (context) => {
  const version = spawnSync('/usr/bin/node', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  const [, major] = /^v(\d+)\./.exec(version) ?? [];
  context.skip(!major || Number(major) >= 22, 'this machine has no old Node at /usr/bin/node');
  const { code, out, err } = await run('/usr/bin/node', [LAUNCHER, 'serve'], {
    env: { PATH: process.env['PATH'], OPERARY_DATA: folder('old') },
  });
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(SENTENCE);
});

/** As somebody types it, with the status after the body. */
async function typed(line: string): Promise<{ status: number; body: string }> {
  const { code, out, err } = await shell(`${line} -w '\\n%{http_code}'`);
  expect([code, err]).toEqual([0, '']);
  const end = out.lastIndexOf('\n');
  return { status: Number(out.slice(end + 1)), body: out.slice(0, end) };
}
