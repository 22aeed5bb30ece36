/** How the server answers whoever asks wrongly, twice, or too much. */
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';

let server: AServer;
let plant: Plant;
let token: string;
beforeAll(async () => {
  server = await aServer();
  plant = await server.plant();
  ({ token } = await server.token(plant, 'supervisor', { user: 'Ana' }));
});
afterAll(() => server.close());

const task = { title: 'Check pump 3', area: 'leeds' };
const head = async (): Promise<number> => server.ledger.head(plant.org);

/** Sends exactly these bytes and gives what comes back until the server closes or has answered. */
const raw = (text: string | Uint8Array): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (part) => {
      answer += part.toString();
      if (answer.includes('"requestId"')) socket.destroy();
    });
    socket.on('error', (error) => (answer ? undefined : reject(error)));
    socket.on('close', () => resolve(answer));
  });

test('[L4] the same key and body twice is one task, and the second answer is the first one', async () => {
  const first = await server.ask('POST /v1/tasks', { token, body: task, key: 'once' });
  await server.ask(`POST /v1/tasks/${first.body.id}/cancel`, {
    token,
    body: { reasonCode: 'not_needed', reason: 'No' },
  });
  const before = await head();
  const again = await server.ask('POST /v1/tasks', { token, body: task, key: 'once' });
  expect(again.status).toBe(201);
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('idempotent-replayed')).toBe('true');
  expect(again.headers.get('location')).toBe(first.headers.get('location'));
  expect(await head()).toBe(before);
});

test('[L4] sixteen at once with one key are one task', async () => {
  const before = await head();
  const asks = Array.from({ length: 16 }, () => server.ask('POST /v1/tasks', { token, body: task, key: 'burst' }));
  const answers = await Promise.all(asks);
  expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
  expect(answers.filter(({ headers }) => headers.has('idempotent-replayed'))).toHaveLength(15);
  expect(await head()).toBe(before + 1);
});

test('[L4] a used key with another body is refused and leaves nothing', async () => {
  await server.ask('POST /v1/tasks', { token, body: task, key: 'taken' });
  const before = await head();
  const other = await server.ask('POST /v1/tasks', { token, body: { ...task, title: 'Another' }, key: 'taken' });
  expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
  expect(await head()).toBe(before);
});

test('a key belongs to whoever used it', async () => {
  const ben = (await server.token(plant, 'supervisor', { user: 'Ben' })).token;
  const mine = await server.ask('POST /v1/tasks', { token, body: task, key: 'shared' });
  const his = await server.ask('POST /v1/tasks', { token: ben, body: task, key: 'shared' });
  expect(his.status).toBe(201);
  expect(his.body.id).not.toBe(mine.body.id);
});

test('a key that no header can hold is refused', async () => {
  const { status, body } = await server.ask('POST /v1/tasks', { token, body: task, key: 'x'.repeat(256) });
  expect([status, body.code, body.fields[0].field]).toEqual([400, 'invalid-input', 'Idempotency-Key']);
});

test('a token is shown once: the replay says so instead', async () => {
  const { user } = await server.token(plant, 'operator', { user: 'Cora' });
  const order = { role: 'operator', user };
  const first = await server.ask('POST /v1/tokens', { token: plant.admin, body: order, key: 'tok' });
  expect(first.body.token).toMatch(/^opy_live_[0-9A-Za-z]{71}$/);
  const again = await server.ask('POST /v1/tokens', { token: plant.admin, body: order, key: 'tok' });
  expect(again.body).not.toHaveProperty('token');
  expect(again.body.tokenNote).toContain('first answer only');
  expect((await server.ask('GET /v1/tasks', { token: first.body.token })).status).toBe(200);
});

test.each([
  ['no token', {}, 'unauthenticated'],
  ['a word', { authorization: 'Bearer hello' }, 'unauthenticated'],
  ['another scheme', { authorization: 'Basic YTpi' }, 'unauthenticated'],
  ['a token of nobody', { authorization: `Bearer opy_live_${'0'.repeat(71)}` }, 'unauthenticated'],
])('%s is 401 with a challenge', async (_name, headers: Record<string, string>, code) => {
  const { status, body, headers: answered } = await server.ask('GET /v1/tasks', { headers });
  expect([status, body.code]).toEqual([401, code]);
  expect(answered.get('www-authenticate')).toMatch(/^Bearer /);
  expect(answered.get('content-type')).toBe('application/problem+json');
});

test('an expired, a rotated and a revoked token say which they are', async () => {
  const expired = await server.token(plant, 'operator', { user: 'Eve', expiresAt: '2020-01-01T00:00:00Z' });
  expect((await server.ask('GET /v1/tasks', { token: expired.token })).body.code).toBe('token-expired');
  const { user } = await server.token(plant, 'operator', { user: 'Finn' });
  const made = (await server.ask('POST /v1/tokens', { token: plant.admin, body: { role: 'operator', user } })).body;
  const rotated = (await server.ask(`POST /v1/tokens/${made.id}/rotate`, { token: plant.admin })).body;
  expect((await server.ask('GET /v1/tasks', { token: made.token })).body.code).toBe('token-expired');
  expect((await server.ask('GET /v1/tasks', { token: rotated.token })).status).toBe(200);
  await server.ask(`POST /v1/tokens/${made.id}/revoke`, { token: plant.admin });
  expect((await server.ask('GET /v1/tasks', { token: rotated.token })).body.code).toBe('token-revoked');
});

test('[L14] an admin may configure, and neither read nor write operations', async () => {
  expect((await server.ask('GET /v1/tokens', { token: plant.admin })).status).toBe(200);
  expect((await server.ask('GET /v1/tasks', { token: plant.admin })).body.code).toBe('role-not-allowed');
  expect((await server.ask('POST /v1/tasks', { token: plant.admin, body: task })).body.code).toBe('role-not-allowed');
  expect((await server.ask('GET /v1/tokens', { token })).body.code).toBe('role-not-allowed');
});

test.each([
  ['not JSON', '{"title": ', 'application/json', 400, 'malformed-json'],
  ['an array', '[]', 'application/json', 400, 'malformed-json'],
  [
    'invalid UTF-8',
    new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
    'application/json',
    400,
    'malformed-json',
  ],
  ['a lone surrogate', '{"title": "\\ud800", "area": "leeds"}', 'application/json', 400, 'invalid-text'],
  ['a control character', '{"title": "a\\u0000b", "area": "leeds"}', 'application/json', 400, 'invalid-input'],
  ['a prototype', '{"title": "a", "area": "leeds", "__proto__": {"x": 1}}', 'application/json', 400, 'invalid-input'],
  ['a number without end', '{"title": "a", "area": "leeds", "x": 1e999}', 'application/json', 400, 'invalid-input'],
  ['an unknown field', '{"title": "a", "area": "leeds", "colour": "red"}', 'application/json', 400, 'invalid-input'],
  ['a wrong type', '{"title": 1, "area": "leeds"}', 'application/json', 400, 'invalid-input'],
  ['a pit', `{"title": ${'['.repeat(5000)}${']'.repeat(5000)}}`, 'application/json', 400, 'malformed-json'],
  ['another kind', 'title=a', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
  ['another alphabet', '{}', 'application/json; charset=utf-16', 415, 'unsupported-media-type'],
  ['too much', `{"title": "${'x'.repeat(300_000)}"}`, 'application/json', 413, 'too-large'],
  ['a refusal of ours', '{"refused": "internal", "detail": "x"}', 'application/json', 400, 'invalid-input'],
])('[L7] a body that is %s leaves nothing behind', async (_name, body, type, status, code) => {
  const before = await head();
  const answer = await server.ask('POST /v1/tasks', { token, body, headers: { 'content-type': type } });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.body.detail).toMatch(/\.$/);
  expect(await head()).toBe(before);
});

test('a packed body is not taken', async () => {
  const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  expect((await server.ask('POST /v1/tasks', { token, body: '{}', headers })).status).toBe(415);
});

test('the field that is wrong is named', async () => {
  const { body } = await server.ask('POST /v1/tasks', { token, body: { ...task, priority: 'P9' } });
  expect(body.fields[0].field).toBe('/priority');
  expect(body.type).toMatch(/:invalid-input$/);
});

test('a chunked body without a length is counted while it arrives', async () => {
  const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
  const answer = await raw(
    `POST /v1/tasks HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${chunk.repeat(6)}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  expect(answer).toContain('too-large');
});

test.each([
  ['no request at all', 'hello\r\n\r\n', 400],
  ['no host', 'GET /healthz HTTP/1.1\r\n\r\n', 400],
  ['an unusable host', 'GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
  ['headers without end', `GET /healthz HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 413],
])('%s is answered by a problem', async (_name, text, status) => {
  const answer = await raw(text);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
});

test('a client that offers another protocol with its request is served all the same', async () => {
  const offer = 'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA';
  const answer = await raw(`GET /v1/nothing HTTP/1.1\r\nHost: x\r\n${offer}\r\n\r\n`);
  expect(answer).toContain('no-such-route');
});

test('an unknown path, a wrong method and an unknown parameter each say so', async () => {
  expect((await server.ask('GET /v1/nothing', { token })).body.code).toBe('no-such-route');
  const wrong = await server.ask('DELETE /v1/tasks', { token });
  expect([wrong.status, wrong.body.code, wrong.headers.get('allow')]).toEqual([
    405,
    'method-not-allowed',
    'GET, HEAD, OPTIONS, POST',
  ]);
  expect((await server.ask('OPTIONS /v1/tasks')).status).toBe(204);
  expect((await server.ask('HEAD /healthz')).status).toBe(200);
  const unknown = await server.ask('GET /v1/tasks?colour=red', { token });
  expect([unknown.status, unknown.body.fields[0].field]).toEqual([400, '/colour']);
  expect((await server.ask('GET /v1/tasks?status=open&status=done', { token })).status).toBe(400);
  expect((await server.ask('GET /v1/tasks?limit=0', { token })).status).toBe(400);
  expect((await server.ask('GET /v1/tasks?cursor=abc', { token })).status).toBe(400);
});

test('a list is read to its end by its cursor, newest first', async () => {
  const other = await server.plant();
  const lead = (await server.token(other, 'supervisor')).token;
  for (let n = 1; n <= 7; n++) await server.ask('POST /v1/tasks', { token: lead, body: { ...task, title: `No ${n}` } });
  const titles: string[] = [];
  let cursor = '';
  for (;;) {
    const { body } = await server.ask(`GET /v1/tasks?limit=3${cursor}`, { token: lead });
    titles.push(...body.items.map(({ title }: { title: string }) => title));
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(titles).toEqual(['No 7', 'No 6', 'No 5', 'No 4', 'No 3', 'No 2', 'No 1']);
});

test('a short number names the item with its letter or without, and not with another', async () => {
  const { body } = await server.ask('POST /v1/tasks', { token, body: task });
  for (const name of [String(body.number), body.ref, body.ref.toLowerCase(), body.id.toUpperCase()])
    expect((await server.ask(`GET /v1/tasks/${name}`, { token })).body.id).toBe(body.id);
  expect((await server.ask(`GET /v1/tasks/S-${body.number}`, { token })).status).toBe(404);
});

test('[L14] the ids of another organisation are not there', async () => {
  const { id } = (await server.ask('POST /v1/tasks', { token, body: task })).body;
  const other = await server.plant();
  const stranger = (await server.token(other, 'supervisor')).token;
  for (const route of [`GET /v1/tasks/${id}`, `GET /v1/tasks/${id}/trail`, `POST /v1/tasks/${id}/start`])
    expect((await server.ask(route, { token: stranger })).status).toBe(404);
});

test('evidence is stored under its own hash and nothing else', async () => {
  const bytes = new TextEncoder().encode('a photo');
  const sha256 = Buffer.from(await crypto.subtle.digest('SHA-256', bytes)).toString('hex');
  const put = await server.ask(`PUT /v1/files/${sha256}`, { token, body: bytes });
  expect([put.status, put.body]).toEqual([201, { sha256, size: 7 }]);
  expect((await server.ask(`PUT /v1/files/${sha256}`, { token, body: bytes })).status).toBe(200);
  const got = await server.ask(`GET /v1/files/${sha256}`, { token });
  expect(Buffer.from(got.bytes)).toEqual(Buffer.from(bytes));
  expect(got.headers.get('content-disposition')).toMatch(/^attachment/);
  expect((await server.ask(`PUT /v1/files/${'0'.repeat(64)}`, { token, body: bytes })).body.code).toBe('hash-mismatch');
  expect((await server.ask(`PUT /v1/files/${sha256}`, { token: plant.admin, body: bytes })).status).toBe(403);
});

test('a request id that is given comes back; one that could forge a log line is replaced', async () => {
  const given = await server.ask('GET /healthz', { headers: { 'x-request-id': 'abc-123' } });
  expect(given.headers.get('x-request-id')).toBe('abc-123');
  const forged = await server.ask('GET /healthz', { headers: { 'x-request-id': 'a b"c' } });
  expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('[L10] no line of the log holds a token, a body, a query or a header', async () => {
  await server.ask('GET /v1/tasks?q=secretquery', { token, headers: { 'x-thing': 'secretheader' } });
  await server.ask('POST /v1/tasks', { token, body: { title: 'secretbody', area: 'leeds' } });
  await server.ask('GET /v1/secretpath');
  const log = server.lines.join('');
  expect(log).not.toMatch(/opy_live_|secretquery|secretheader|secretbody|secretpath/);
  const line = JSON.parse(server.lines.at(-2)!) as Record<string, unknown>;
  expect(line).toMatchObject({ method: 'POST', route: 'POST /v1/tasks', status: 201, org: plant.org });
  expect(Object.keys(line).sort()).toEqual([
    'caller',
    'level',
    'method',
    'ms',
    'msg',
    'org',
    'requestId',
    'route',
    'status',
    'time',
  ]);
});

test('metrics, health and docs need no token and name no organisation', async () => {
  const metrics = await server.ask('GET /metrics');
  expect(metrics.body).toContain('operary_http_requests_total{route="POST /v1/tasks",status="201"}');
  expect(metrics.body).toContain('operary_organisations ');
  expect(metrics.body).not.toContain(plant.org);
  expect((await server.ask('GET /readyz')).body).toEqual({ status: 'ok' });
  const docs = await server.ask('GET /docs');
  expect(docs.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(docs.body).not.toMatch(/https?:\/\/(?!127)/);
});
