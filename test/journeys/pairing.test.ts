/** A code that an admin reads out becomes a token: once, soon, for its person and organisation only, and nowhere to be read again. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { operary, serving } from '../kit/a-cli.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { apiOf } from '../kit/api.ts';
import { eventsOf, listed } from '../kit/shapes.ts';

const CODE = /^[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}$/;
const REDEEM = 'POST /v1/pairings/redeem';
const PHONE = '0199f0c2-7c1e-7a55-9d0e-2f6f1f0b8a11';

describe('operary pair', () => {
  const data = mkdtempSync(join(tmpdir(), 'operary-pair-'));
  afterAll(() => rmSync(data, { recursive: true, force: true }));
  const pair = async (env: Record<string, string>, ...words: readonly string[]) => {
    const { code, out, err } = await operary(data, ['pair', ...words], env);
    expect([code, err]).toEqual([0, '']);
    return out;
  };

  test('prints code, link and QR code, with and without a server; the code is a token of that person', async () => {
    await operary(data, ['org', 'create', 'york']);
    const json = await pair({}, '--role', 'operator', '--user', 'Yve', '--area', 'york/filling', '--json');
    const alone = JSON.parse(json) as Record<string, string>;
    expect(alone).toEqual({
      code: expect.stringMatching(CODE),
      expiresAt: expect.stringMatching(/Z$/),
      user: expect.any(String),
      link: `obsidian://operary?url=http%3A%2F%2F127.0.0.1%3A0&code=${alone['code']}`,
    });
    const server = await serving(data);
    const env = { OPERARY_URL: 'https://york.example/operary/' };
    const said = await pair(env, '--role', 'operator', '--user', 'Yve');
    const [, link] = /\n {2}(obsidian:\/\/\S+)\n/.exec(said)!;
    const [, code] = /\n {2}([0-9A-Z-]{14})\n/.exec(said)!;
    expect(link).toBe(`obsidian://operary?url=https%3A%2F%2Fyork.example%2Foperary&code=${code}`);
    // Version 5 and more, two rows in a line, with a border.
    expect(said.split('\n').filter((line) => /^[█▀▄ ]{40,}$/.test(line)).length).toBeGreaterThan(20);
    expect(said).not.toContain('OPERARY_URL');
    const redeemed = [];
    for (const each of [alone['code']!, code!.toLowerCase().replaceAll('-', ' ')]) {
      const response = await fetch(`${server.url}/v1/pairings/redeem`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code: each, device: PHONE }),
      });
      redeemed.push((await response.json()) as { token: string; user: { id: string }; areas: string[] });
    }
    expect(redeemed).toMatchObject([
      { user: { id: alone['user'], name: 'Yve' }, role: 'operator', areas: ['york/filling'] },
      { user: { id: alone['user'] }, organisation: { name: 'york' } },
    ]);
    expect(await listed(apiOf(server.url, redeemed[1]!.token), '/v1/tasks')).toEqual([]);
    expect(await server.stop()).toBe(0);
    const secrets = [alone['code']!, code!].flatMap((each) => [each, each.replaceAll('-', '')]);
    const files = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(data, name)).isFile(),
    );
    for (const [place, text] of [
      ['log', server.log()],
      ...files.map((name) => [name, readFileSync(join(data, name), 'latin1')] as const),
    ])
      for (const secret of [...secrets, ...redeemed.map(({ token }) => token.slice(-50))])
        expect(text.includes(secret), place).toBe(false);
  });

  test.each([
    [['--user', 'Yve'], /--role/],
    [['--role', 'king'], /no role "king"/],
    [['--org', 'nowhere', '--role', 'operator'], /no organisation "nowhere"/],
    [['--role', 'operator', '--area', 'York Filling'], /area|path/i],
  ])('%j is refused in a sentence', async (words, sentence) => {
    const { code, out, err } = await operary(data, ['pair', ...words]);
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(sentence);
    expect(err).not.toMatch(/\n +at /);
  });
});

describe('a code', () => {
  let now = Date.parse('2026-11-21T06:00:00Z');
  let server: AServer;
  let leeds: Plant;
  let york: Plant;
  beforeAll(async () => {
    server = await aServer({ on: 'disk', clock: { now: () => now } });
    [leeds, york] = [await server.plant('leeds'), await server.plant('york')];
  });
  afterAll(() => server.close());
  const offered = async (plant: Plant, more: object = {}, headers: Record<string, string> = {}) => {
    const { user } = await server.token(plant, 'operator', { user: 'Ben' });
    const body = { role: 'operator', user, ...more };
    const answer = await server.ask('POST /v1/tokens/offer', { token: plant.admin, body, headers });
    expect(answer.status).toBe(201);
    return answer.body as { id: string; code: string; link: string };
  };
  const redeem = (code: string) => server.ask(REDEEM, { body: { code } });

  test('[L14] opens its own organisation, whichever that is, and no other hears of it', async () => {
    for (const [plant, other] of [
      [leeds, york],
      [york, leeds],
    ] as const) {
      const { code, link } = await offered(plant);
      expect(link).toBe(`obsidian://operary?url=${encodeURIComponent(server.url)}&code=${code}`);
      const before = await server.ledger.head(other.org);
      const { status, body } = await redeem(code);
      expect([status, body.organisation.id]).toEqual([200, plant.org]);
      expect(await server.ledger.head(other.org)).toBe(before);
      const { body: page } = await server.ask('GET /v1/orgs', { token: body.token });
      expect(page.items).toMatchObject([{ id: plant.org }]);
    }
  });

  test('[L4] redeemed by many at once is redeemed by one', async () => {
    const { code, id } = await offered(leeds);
    const answers = await Promise.all(Array.from({ length: 8 }, () => redeem(code)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 7 }, () => 410)]);
    const events = await eventsOf(apiOf(server.url, leeds.admin), id);
    expect(events.map(({ type }) => type)).toEqual(['token.offered', 'token.redeemed']);
  });

  test('is shown in the first answer only', async () => {
    const { user } = await server.token(leeds, 'operator', { user: 'Ben' });
    const ask = () =>
      server.ask('POST /v1/tokens/offer', { token: leeds.admin, body: { role: 'operator', user }, key: 'once' });
    const [first, again] = [await ask(), await ask()];
    expect(first.body.code).toMatch(CODE);
    expect(again.body).toMatchObject({ id: first.body.id, codeNote: expect.stringContaining('first answer only') });
    expect([again.body.code, again.body.link]).toEqual([undefined, undefined]);
  });

  test('gives an ordinary token: listed, rotated and revoked as any other', async () => {
    const { code, id } = await offered(leeds);
    const { token } = (await redeem(code)).body;
    const asks = async (secret: string) => (await server.ask('GET /v1/tasks', { token: secret })).status;
    expect(await asks(token)).toBe(200);
    const rotated = await server.ask(`POST /v1/tokens/${id}/rotate`, { token: leeds.admin });
    expect([await asks(token), await asks(rotated.body.token)]).toEqual([401, 200]);
    await server.ask(`POST /v1/tokens/${id}/revoke`, { token: leeds.admin });
    expect(await asks(rotated.body.token)).toBe(401);
  });

  test('[L10] is guessed ten times a minute from one address and sixty times from all, and the right one waits too', async () => {
    now += 60_000;
    const { code } = await offered(leeds);
    for (let n = 0; n < 10; n++) expect((await redeem('AAAA-AAAA-AAAA')).status).toBe(404);
    const refused = await redeem(code);
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      429,
      'too-many-tries',
      '60',
    ]);
    // What is no code at all, and what holds a right one elsewhere, is no guess.
    expect((await redeem('sesame')).status).toBe(400);
    expect(await fromAddress('127.0.0.9', code)).toBe(200);
    for (let n = 0; n < 50; n++) expect(await fromAddress(`127.0.1.${1 + (n % 10)}`, 'AAAA-AAAA-AAAA')).toBe(404);
    expect(await fromAddress('127.0.2.1', 'AAAA-AAAA-AAAA')).toBe(429);
    now += 60_000;
    expect((await redeem('AAAA-AAAA-AAAA')).status).toBe(404);
    expect(server.lines.join('')).not.toContain('AAAA-AAAA');
  });

  const fromAddress = (localAddress: string, code: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const url = new URL(`${server.url}/v1/pairings/redeem`);
      const headers = { 'content-type': 'application/json' };
      const asked = request(url, { method: 'POST', localAddress, headers }, (answer) => {
        answer.resume().on('end', () => resolve(answer.statusCode!));
      });
      asked.on('error', reject).end(JSON.stringify({ code }));
    });
});

test('what answers is said to anybody, with the version that is running', async () => {
  const server = await aServer();
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const { status, body } = await server.ask('GET /v1/about');
  expect([status, body]).toEqual([
    200,
    { product: 'operary', version, api: 1, plugin: { least: expect.stringMatching(/^\d+\.\d+\.\d+$/) } },
  ]);
  await server.close();
});
