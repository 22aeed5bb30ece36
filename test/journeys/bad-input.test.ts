/** What no well-behaved client can send, written by hand onto a socket: each gets a 4xx of its own, nothing is recorded, and the server goes on. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { apiOf } from '../kit/api.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { connectSender, type Sender } from '../kit/delivery.ts';
import { answersIn, rawLine, type Parsed } from '../kit/raw.ts';
import { until } from '../kit/until.ts';

let server: AServer;
let plant: Plant;
let token: string;
let sender: Sender;
let before: number;
let logged: number;
beforeAll(async () => {
  server = await aServer({ on: 'disk' });
  plant = await server.plant();
  ({ token } = await server.token(plant, 'supervisor', { user: 'Ana' }));
  sender = await connectSender(server.url, apiOf(server.url, plant.admin), 'generic');
});
afterAll(() => server.close());

const head = () => server.ledger.head(plant.org);
beforeEach(async () => {
  before = await head();
  logged = server.lines.length;
});
afterEach(async () => {
  expect(await head(), 'nothing is recorded').toBe(before);
  expect((await server.ask('GET /v1/tasks', { token })).status, 'the server goes on').toBe(200);
  const log = server.lines.slice(logged).join('');
  expect(log, 'no secret in the log').not.toMatch(/opy_live_|SECRET/);
  expect(log, 'no fault').not.toMatch(/"level":(?:50|60)|"status":5/);
});

const lines = (...all: readonly string[]): string => `${all.join('\r\n')}\r\n\r\n`;
const post = (more: readonly string[], path = '/v1/tasks', key = token): string =>
  lines(
    `POST ${path} HTTP/1.1`,
    'Host: operary',
    `Authorization: Bearer ${key}`,
    'Content-Type: application/json',
    ...more,
  );
const isWhole = (text: string): boolean => {
  try {
    return (
      answersIn(text).every(
        ({ headers, body }) => Number(headers.get('content-length') ?? 0) === Buffer.byteLength(body),
      ) && text !== ''
    );
  } catch {
    return false;
  }
};
async function said(...parts: readonly (string | Uint8Array)[]): Promise<Parsed> {
  const line = await rawLine(server.url);
  for (const part of parts) line.write(part);
  const [first, ...more] = answersIn(await line.answer(isWhole));
  expect(more).toEqual([]);
  return first!;
}
const problemIn = ({ headers, body }: Parsed): { status: number; code: string; requestId: string } => {
  expect(headers.get('content-type')).toBe('application/problem+json');
  return JSON.parse(body) as { status: number; code: string; requestId: string };
};
const chunk = (bytes: string): string => `${Buffer.byteLength(bytes).toString(16)}\r\n${bytes}\r\n`;

describe('bodies', () => {
  test.each([
    ['a task', '/v1/tasks', 300_000],
    ['a delivery', 'ingest', 1_100_000],
    ['a device', '/v1/sync/commands', 2_200_000],
  ])('without a length, in chunks, are counted while they arrive: %s', async (_name, path, size) => {
    const isIngest = path === 'ingest';
    const start = post(
      ['Transfer-Encoding: chunked'],
      isIngest ? `/v1/ingest/${sender.id}` : path,
      isIngest ? sender.token : token,
    );
    const answer = await said(
      start,
      chunk('{"title":"'),
      ...Array.from({ length: Math.ceil(size / 60_000) }, () => chunk('x'.repeat(60_000))),
    );
    expect(problemIn(answer)).toMatchObject({ status: 413, code: 'too-large' });
  });

  test('a length that is too large is refused before a byte of it has come', async () => {
    expect(problemIn(await said(post(['Content-Length: 99999999999'])))).toMatchObject({
      status: 413,
      code: 'too-large',
    });
  });

  test('a file that is too large is refused before a byte of it has come', async () => {
    const name = createHash('sha256').update('x').digest('hex');
    const answer = await said(
      lines(
        `PUT /v1/files/${name} HTTP/1.1`,
        'Host: operary',
        `Authorization: Bearer ${token}`,
        `Content-Length: ${21 * 1024 * 1024}`,
      ),
    );
    expect(problemIn(answer)).toMatchObject({ status: 413, code: 'too-large' });
  });

  test.each([
    ['a byte that no UTF-8 has', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half a character', [0xe2, 0x82]],
    ['a surrogate written as UTF-8', [0xed, 0xa0, 0x80]],
    ['more than Unicode holds', [0xf4, 0x90, 0x80, 0x80]],
  ])('in no UTF-8 are refused and not mended: %s', async (_name, bytes) => {
    const body = Buffer.concat([Buffer.from('{"title":"SECRET'), Buffer.from(bytes), Buffer.from('","area":"main"}')]);
    for (const [path, key] of [
      ['/v1/tasks', token],
      [`/v1/ingest/${sender.id}`, sender.token],
    ] as const)
      expect(problemIn(await said(post([`Content-Length: ${body.length}`], path, key), body))).toMatchObject({
        status: 400,
        code: 'malformed-json',
      });
  });

  test('that begin with a byte order mark, or are UTF-16, are refused', async () => {
    const text = '{"title":"T","area":"main"}';
    for (const body of [Buffer.from(`\ufeff${text}`), Buffer.from(text, 'utf16le')])
      expect(problemIn(await said(post([`Content-Length: ${body.length}`]), body))).toMatchObject({
        status: 400,
        code: 'malformed-json',
      });
  });

  test('that nest a hundred thousand deep are refused in time', async () => {
    const pit = `{"title":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect(problemIn(await said(post([`Content-Length: ${pit.length}`]), pit))).toMatchObject({
      status: 400,
      code: 'malformed-json',
    });
  });

  test.each([['gzip'], ['deflate'], ['br'], ['gzip, identity']])(
    'that are packed with %s are not unpacked',
    async (encoding) => {
      expect(problemIn(await said(post([`Content-Encoding: ${encoding}`, 'Content-Length: 4']), 'SECR'))).toMatchObject(
        { status: 415, code: 'unsupported-media-type' },
      );
    },
  );
});

describe('requests that two servers could read in two ways', () => {
  const body = '{"title":"Smuggled","area":"main"}';
  const hidden = `GET /v1/tokens HTTP/1.1\r\nHost: operary\r\nAuthorization: Bearer SECRET\r\n\r\n`;
  test.each([
    ['a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked']],
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 4']],
    ['two lengths', ['Content-Length: 4', 'Content-Length: 34']],
    ['a list of lengths', ['Content-Length: 4, 34']],
    ['a negative length', ['Content-Length: -1']],
    ['a length with a plus', ['Content-Length: +34']],
    ['a length in hex', ['Content-Length: 0x22']],
    ['chunks that are not the last coding', ['Transfer-Encoding: chunked, gzip']],
    ['an unknown coding', ['Transfer-Encoding: xchunked']],
    ['a space before the colon', ['Content-Length : 34']],
    ['a folded header', ['X-Folded: a', ' b', 'Content-Length: 34']],
    ['a header without a colon', ['X-Nothing', 'Content-Length: 34']],
    ['a NUL in a header', ['X-Nul: a\0b', 'Content-Length: 34']],
    ['a bare carriage return', ['X-Bare: a\rContent-Length: 4', 'Content-Length: 34']],
  ])('%s: refused, and nothing that follows is read as a request', async (_name, more) => {
    const line = await rawLine(server.url);
    line.write(`${post(more)}${body}${hidden}`);
    const answers = answersIn(await line.answer());
    expect(answers).toHaveLength(1);
    expect(problemIn(answers[0]!)).toMatchObject({ status: 400 });
  });

  test('a chunk that is longer than it says ends the connection', async () => {
    const line = await rawLine(server.url);
    line.write(`${post(['Transfer-Encoding: chunked'])}4\r\n${body}\r\n0\r\n\r\n${hidden}`);
    const answers = answersIn(await line.answer());
    expect(answers.map(({ status }) => Math.floor(status / 100))).toEqual([4]);
  });

  test.each([
    ['no request at all', 'hello\r\n\r\n'],
    ['another protocol', 'GET / HTTP/9.9\r\nHost: operary\r\n\r\n'],
    ['a TLS greeting', Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)],
    ['no host', 'GET /healthz HTTP/1.1\r\n\r\n'],
    ['two hosts', 'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n'],
    ['a host with a path', 'GET /healthz HTTP/1.1\r\nHost: a/b?c\r\n\r\n'],
    ['a method of our own', 'OPERARY /healthz HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['a control character in the path', 'GET /v1/\x01tasks HTTP/1.1\r\nHost: a\r\n\r\n'],
    ['headers without end', `GET /healthz HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`],
    ['ten thousand headers', `GET /healthz HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(10_000)}\r\n`],
  ])('%s is a problem, like any other no', async (_name, text) => {
    const answer = await said(text);
    const { status, requestId } = problemIn(answer);
    expect(status).toBe(answer.status);
    expect(Math.floor(status / 100)).toBe(4);
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    '//v1/tasks',
    '/v1//tasks',
    '/v1/tasks/',
    '/v1/tasks/..',
    '/v1/../v1/tasks',
    '/v1/%74asks/../tokens',
    '/v1/tasks%2f',
    '/v1/tasks/%00',
    '/v1/tasks/%zz',
    '/v1/tasks/%ff',
    '/V1/tasks',
    '*',
    'http://elsewhere/v1/tasks',
  ])('the path %s leads nowhere without a token, and nowhere else with one', async (path) => {
    for (const key of [undefined, token]) {
      const { status, headers } = await said(
        lines(`GET ${path} HTTP/1.1`, 'Host: operary', ...(key ? [`Authorization: Bearer ${key}`] : [])),
      );
      expect(key ? [200, 400, 403, 404, 405] : [400, 401, 404, 405]).toContain(status);
      if (status >= 400) expect(headers.get('content-type')).toBe('application/problem+json');
    }
  });
});

describe('connections', () => {
  const body = '{"title":"Slow","area":"main"}';

  test('one that says half a body and hangs up leaves nothing', async () => {
    const line = await rawLine(server.url);
    line.write(`${post([`Content-Length: ${body.length}`])}${body.slice(0, 10)}`);
    line.hangUp();
    const other = await rawLine(server.url);
    other.write(`${post(['Transfer-Encoding: chunked'])}${chunk(body.slice(0, 10))}`);
    other.hangUp();
    await until('the log lines of both requests', () =>
      server.lines.slice(logged).filter((at) => /"method":"POST"/.test(at)).length === 2 ? true : undefined,
    );
  });

  test('one that says half a body and no more to come is answered or closed, and leaves nothing', async () => {
    const line = await rawLine(server.url);
    line.write(`${post([`Content-Length: ${body.length}`])}${body.slice(0, 10)}`);
    line.end();
    for (const answer of answersIn(await line.answer())) expect(Math.floor(answer.status / 100)).toBe(4);
  });

  test('a body without a request, and a question before the answer: refused, and not confused', async () => {
    const line = await rawLine(server.url);
    line.write(
      `${lines('GET /v1/tasks HTTP/1.1', 'Host: operary')}${lines('GET /healthz HTTP/1.1', 'Host: operary', 'Connection: close')}`,
    );
    expect(answersIn(await line.answer()).map(({ status }) => status)).toEqual([401, 200]);
  });

  test('an upgrade to what is no socket of ours is refused', async () => {
    const key = [
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}`,
    ];
    for (const path of ['/v1/tasks', '/v1/sync/feed/..', '/', '//', 'http://['])
      expect(Math.floor((await said(lines(`GET ${path} HTTP/1.1`, 'Host: operary', ...key))).status / 100), path).toBe(
        4,
      );
    const broken = lines('GET /v1/sync/feed HTTP/1.1', 'Host: operary', ...key.slice(0, 2), 'Sec-WebSocket-Key: short');
    expect(Math.floor((await said(broken)).status / 100)).toBe(4);
  });
});

test('a body that drips comes whole, however slowly, and is one task', async () => {
  const body = JSON.stringify({ title: 'Dripped', area: 'main' });
  const line = await rawLine(server.url);
  line.write(post([`Content-Length: ${body.length}`]));
  for (const char of body) {
    line.write(char);
    await new Promise(setImmediate);
  }
  const [answer] = answersIn(await line.answer(isWhole));
  expect([answer!.status, (JSON.parse(answer!.body) as { title: string }).title]).toEqual([201, 'Dripped']);
  expect(await head()).toBe(before + 1);
  before += 1;
});
