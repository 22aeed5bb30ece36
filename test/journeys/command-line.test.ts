/** From an empty folder to a verified bundle, as a new user would type it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { operary, serving } from '../kit/a-cli.ts';
import { apiOf } from '../kit/api.ts';

const base = mkdtempSync(join(tmpdir(), 'operary-cli-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));
const folder = (name: string): string => join(base, name);

test('the first start makes all it needs, and the curl that it prints succeeds', async () => {
  const server = await serving(folder('first'));
  const [, line] = /\n {2}(curl -s http.*?)\n/.exec(server.said) ?? [];
  const answer = JSON.parse(execFileSync('sh', ['-c', line!], { encoding: 'utf8' })) as { items: { area: string }[] };
  expect(answer.items.map(({ area }) => area)).toContain('main');
  const [, create] = /\n {2}(curl -s \S+\/v1\/tasks [^]*?')\n/.exec(server.said) ?? [];
  expect(JSON.parse(execFileSync('sh', ['-c', create!], { encoding: 'utf8' }))).toMatchObject({
    ref: 'T-1',
    title: 'Check pump 3',
  });
  expect(await server.stop()).toBe(0);
  expect(server.log()).not.toContain('opy_live_');
  const again = await serving(folder('first'));
  expect(again.said).not.toContain('opy_live_');
  expect(await again.stop('SIGINT')).toBe(0);
});

test('the folder and its keys are for their owner only', () => {
  expect(statSync(folder('first')).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(join(folder('first'), 'keys'), { recursive: true, encoding: 'utf8' }))
    expect(statSync(join(folder('first'), 'keys', name)).mode & 0o077, name).toBe(0);
});

test.each(['with', 'without'])('organisations and tokens are made %s a server running on the folder', async (how) => {
  const data = folder(`orgs-${how}`);
  const server = how === 'with' ? await serving(data) : undefined;
  const made = await operary(data, ['org', 'create', 'acme', '--name', 'Acme', '--json']);
  expect(made.err).toBe('');
  const { org, token, root } = JSON.parse(made.out) as Record<string, string>;
  expect(root).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
  const first = JSON.parse(
    (
      await operary(data, [
        'token',
        'create',
        '--org',
        'acme',
        '--role',
        'operator',
        '--user',
        'Ana',
        '--area',
        'leeds',
        '--json',
      ])
    ).out,
  );
  const second = JSON.parse(
    (await operary(data, ['token', 'create', '--org', org!, '--role', 'operator', '--user', 'Ana', '--json'])).out,
  );
  expect(second.user).toBe(first.user);
  expect(second.token).not.toBe(first.token);
  const live = server ?? (await serving(data));
  const { items } = await apiOf(live.url, token!).get<{ items: { name: string }[] }>('/v1/users');
  expect(items.map(({ name }) => name)).toContain('Ana');
  await live.stop();
  expect((await operary(data, ['org', 'create', 'acme'])).err).toContain('There is an organisation "acme" already');
});

test('a second server on the same folder ends in one sentence', async () => {
  const server = await serving(folder('first'));
  const second = await operary(folder('first'), ['serve']);
  expect([second.code, second.out]).toEqual([1, '']);
  expect(second.err).toMatch(/^Another Operary runs on .*OPERARY_DATA to another folder\.\n$/);
  const port = new URL(server.url).port;
  const taken = await operary(folder('taken'), ['serve'], { OPERARY_PORT: port, OPERARY_LOG_LEVEL: 'silent' });
  expect(taken.err).toMatch(/is taken by another program.*OPERARY_PORT/);
  await server.stop();
});

test('[L14] only whoever can read the folder may ask a running server for more than its API gives', async () => {
  const server = await serving(folder('first'));
  const file = join(folder('first'), 'host.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { url, secret } = JSON.parse(readFileSync(file, 'utf8')) as { url: string; secret: string };
  const ask = (headers: Record<string, string>, base = url) =>
    fetch(`${base}/token-create`, { method: 'POST', headers, body: JSON.stringify({ role: 'admin', areas: [] }) });
  expect((await ask({})).status).toBe(403);
  expect((await ask({ 'x-operary-host': `${secret}x` })).status).toBe(403);
  expect((await ask({ 'x-operary-host': secret }, server.url)).status).toBe(404);
  expect((await ask({ 'x-operary-host': secret })).status).toBe(200);
  await server.stop();
  expect(() => statSync(file)).toThrow();
});

test('[L2] fsck finds a clean ledger clean, with a server on it too, and names what somebody changed', async () => {
  const data = folder('checked');
  const server = await serving(data);
  const live = await operary(data, ['fsck']);
  expect([live.code, live.err]).toEqual([0, '']);
  expect(live.out).toMatch(/^1 organisation\(s\), \d+ entries: clean\.\n$/);
  await server.stop();
  const file = new Database(join(data, 'ledger.sqlite'));
  for (const { name } of file
    .prepare<[], { name: string }>("SELECT name FROM sqlite_schema WHERE type = 'trigger'")
    .all())
    file.exec(`DROP TRIGGER ${name}`);
  file.exec(
    "UPDATE event SET leaf = CAST(replace(CAST(leaf AS TEXT), 'main', 'mine') AS BLOB) WHERE type = 'area.created'",
  );
  file.close();
  const { code, out } = await operary(data, ['fsck', '--json']);
  expect(code).toBe(1);
  expect((JSON.parse(out) as { findings: string[] }).findings.join('\n')).toContain(
    'was changed after it had been recorded',
  );
});

test('after a kill the folder is free at once', async () => {
  const server = await serving(folder('killed'));
  await server.stop('SIGKILL');
  const { code } = await operary(folder('killed'), ['token', 'create', '--role', 'operator', '--json']);
  expect(code).toBe(0);
});

test.each([
  [['org', 'create'], 'Something is missing.'],
  [['org', 'create', 'Not A Slug'], 'SLUG is made of'],
  [['token', 'create', '--role', 'king'], 'There is no role "king"'],
  [['token', 'create', '--role', 'operator', '--org', 'nowhere'], 'There is no organisation "nowhere"'],
  [['token', 'create', '--colour', 'red'], "Unknown option '--colour'"],
  [['fly'], 'There is no command "fly".'],
  [['export', 'shift', 'S-99', '--out', join(base, 'out')], 'There is no shift S-99'],
  [['export', 'shift', 'S-1', '--out', join(base, 'out')], 'This shift is not sealed yet'],
])('%j ends with 1 and says what to do', async (words, sentence) => {
  const { code, out, err } = await operary(folder('first'), words);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(sentence);
});

test('a mistyped folder does not become a new one', async () => {
  const { code, err } = await operary(folder('typo'), ['token', 'create', '--role', 'operator']);
  expect([code, err]).toEqual([
    1,
    `There is no ledger in ${folder('typo')}. Set OPERARY_DATA to the data folder of your server.\n`,
  ]);
});

test('a wrong setting is named', async () => {
  const { code, err } = await operary(folder('none'), ['serve'], { OPERARY_PORT: 'eighty' });
  expect([code, err]).toEqual([
    1,
    'OPERARY_PORT must be a port number from 0 to 65535, such as 8787. Correct it and start again.\n',
  ]);
});

test('[L9] a sealed shift is exported, and the bundle is valid with the right root only', async () => {
  const data = folder('sealed');
  const server = await serving(data);
  const { root } = JSON.parse((await operary(data, ['org', 'create', 'acme', '--json'])).out);
  const token = async (user: string) =>
    JSON.parse(
      (await operary(data, ['token', 'create', '--org', 'acme', '--role', 'supervisor', '--user', user, '--json'])).out,
    );
  const [ana, tom] = [await token('Ana'), await token('Tom')];
  const [hers, his] = [apiOf(server.url, ana.token), apiOf(server.url, tom.token)];
  const shift = await hers.post('/v1/shifts', {
    area: 'leeds',
    from: '2026-11-20T22:00:00Z',
    to: '2026-11-21T06:00:00Z',
    name: 'Night',
  });
  await hers.post(`/v1/shifts/${shift.id}/start`, { crew: [{ user: ana.user, role: 'supervisor' }] });
  await hers.post(`/v1/shifts/${shift.id}/log`, { text: 'All quiet.' });
  await hers.post(`/v1/shifts/${shift.id}/close`);
  const early = await hers.ask('GET', `/v1/shifts/${shift.id}/bundle`);
  expect([early.status, ((await early.json()) as { code: string }).code]).toEqual([409, 'not-sealed']);
  await hers.post(`/v1/shifts/${shift.id}/sign`, { decisions: [] });
  await his.post(`/v1/shifts/${shift.id}/accept`);
  await his.post(`/v1/shifts/${shift.id}/seal`);

  const zip = folder('bundle.zip');
  const download = async () =>
    Buffer.from(await (await his.ask('GET', `/v1/shifts/${shift.ref}/bundle`)).arrayBuffer());
  writeFileSync(zip, await download());
  expect((await operary(data, ['verify', zip, '--root', root])).code).toBe(0);
  const out = folder('exported');
  expect((await operary(data, ['export', 'shift', shift.ref, '--org', 'acme', '--out', out])).code).toBe(0);
  const refused = await hers.ask('POST', `/v1/shifts/${shift.id}/log`, { text: 'Too late' });
  expect(refused.status).toBe(423);
  await server.stop();
  const twin = folder('exported-again');
  expect((await operary(data, ['export', 'shift', shift.id, '--org', 'acme', '--out', twin])).code).toBe(0);
  for (const path of readdirSync(out, { recursive: true, encoding: 'utf8' }))
    if (statSync(join(out, path)).isFile())
      expect(readFileSync(join(twin, path)), path).toEqual(readFileSync(join(out, path)));

  const verdicts = await Promise.all([
    operary(data, ['verify', out, '--root', root, '--json']),
    operary(data, ['verify', out]),
    operary(data, ['verify', out, '--root', `SHA256:${'A'.repeat(43)}`]),
    operary(data, ['verify', folder('nothing')]),
  ]);
  expect(verdicts.map(({ code }) => code)).toEqual([0, 2, 1, 3]);
  expect(JSON.parse(verdicts[0].out)).toMatchObject({ verdict: 'valid', exitCode: 0 });
  writeFileSync(join(out, 'data/report.md'), `${readFileSync(join(out, 'data/report.md'), 'utf8')} `);
  expect((await operary(data, ['verify', out, '--root', root])).code).toBe(1);
  expect((await operary(data, ['export', 'shift', shift.id, '--org', 'acme', '--out', out])).err).toContain(
    'is not empty',
  );
});

test('an old Node gets one sentence', () => {
  const launcher = readFileSync(new URL('../../server/launch.mjs', import.meta.url), 'utf8');
  const old = launcher.replace('process.versions.node.split', '"20.20.0".split');
  const file = folder('launch-old.mjs');
  writeFileSync(file, old);
  let said = '';
  try {
    execFileSync(process.execPath, [file], { encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    said = (error as { stderr: string }).stderr;
  }
  expect(said).toMatch(/^Operary needs Node 22\.18 or newer.*npm start.*\n$/);
});
