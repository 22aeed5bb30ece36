/** Small parts of the server, each by itself. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../server/config.ts';
import { parseObject } from '../../server/http/body.ts';
import { allowedMethods, publicPath, routingPath } from '../../server/http/router.ts';
import { createTickets } from '../../server/http/ticket-store.ts';
import { zipOf } from '../../server/evidence/bundle.ts';
import { mintToken, organisationOf, sameSecret, tokenHashOf } from '../../server/tokens.ts';
import { refuseIssues } from '../../shared/kernel/issues.ts';
import * as z from 'zod';

describe('tokens', () => {
  const org = '0199f0c2-7c1e-7a55-9d0e-2f6f1f0b8a11';

  test('[L10] a token names its organisation, and any changed character is noticed before anything is looked up', () =>
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.nat(70),
        fc.nat(61),
        (id, random, at, by) => {
          const { token, tokenHash } = mintToken(id, () => random);
          expect(token).toMatch(/^opy_live_[0-9A-Za-z]{71}$/);
          expect(organisationOf(token)).toBe(id);
          expect(tokenHashOf(token)).toBe(tokenHash);
          const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
          const place = 9 + at;
          const changed = `${token.slice(0, place)}${alphabet[by]}${token.slice(place + 1)}`;
          if (changed !== token) expect(organisationOf(changed)).toBeUndefined();
        },
      ),
    ));

  test('two tokens are never the same', () => {
    expect(mintToken(org).token).not.toBe(mintToken(org).token);
    expect(sameSecret('a', 'a')).toBe(true);
    expect(sameSecret('a', 'aa')).toBe(false);
  });
});

describe('settings', () => {
  test('all have a default', () => {
    const { data, ...rest } = readConfig({});
    expect(rest).toEqual({
      host: '127.0.0.1',
      port: 8787,
      logLevel: 'info',
      origin: 'operary.internal',
      url: undefined,
      allowOutbound: [],
      mail: undefined,
      push: undefined,
    });
    expect(data).toMatch(/\/data$/);
  });

  test('each may come from a file, and not from both', () => {
    const folder = mkdtempSync(join(tmpdir(), 'operary-config-'));
    writeFileSync(join(folder, 'origin'), 'log.example.com\n');
    expect(readConfig({ OPERARY_ORIGIN_FILE: join(folder, 'origin') }).origin).toBe('log.example.com');
    expect(() => readConfig({ OPERARY_ORIGIN_FILE: join(folder, 'origin'), OPERARY_ORIGIN: 'x' })).toThrow('both set');
    expect(() => readConfig({ OPERARY_ORIGIN_FILE: join(folder, 'none') })).toThrow('cannot be read');
    rmSync(folder, { recursive: true });
  });

  test('what may be asked beside the open Internet is a list', () =>
    expect(readConfig({ OPERARY_ALLOW_OUTBOUND: '127.0.0.1, ntfy.plant.example 10.1.0.0/16' }).allowOutbound).toEqual([
      '127.0.0.1',
      'ntfy.plant.example',
      '10.1.0.0/16',
    ]));

  test.each([
    [{ OPERARY_PORT: '99999' }, 'OPERARY_PORT must be a port'],
    [{ OPERARY_LOG_LEVEL: 'loud' }, 'OPERARY_LOG_LEVEL must be one of'],
    [{ OPERARY_ORIGIN: 'https://x/' }, 'OPERARY_ORIGIN must be a host name'],
    [{ OPERARY_ALLOW_OUTBOUND: '10.0.0.0/99' }, 'OPERARY_ALLOW_OUTBOUND must be host names'],
    [{ OPERARY_SMTP_URL: 'smtps://u:p@mail.example.com' }, 'OPERARY_SMTP_URL and OPERARY_MAIL_FROM belong together'],
    [{ OPERARY_SMTP_URL: 'https://mail', OPERARY_MAIL_FROM: 'a@b' }, 'OPERARY_SMTP_URL must be an address'],
    [{ OPERARY_PUSH_TOKEN: 'tk' }, 'OPERARY_PUSH_URL and OPERARY_PUSH_TOKEN belong together'],
  ])('%j is refused by name', (env, sentence) => expect(() => readConfig(env)).toThrow(sentence));
});

test('[L7] a body is judged or refused, whatever bytes it has', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => new TextEncoder().encode(text)),
      ),
      (bytes) => {
        const body = parseObject(bytes);
        expect('json' in body || 'refused' in body).toBe(true);
      },
    ),
  ));

test('what a schema finds wrong is said field by field', () => {
  const schema = z.strictObject({ a: z.string(), 'b/c': z.strictObject({ d: z.number() }).optional() });
  const refusal = refuseIssues(schema.safeParse({ 'b/c': { d: 'x', e: 1 }, colour: 1 }).error!);
  expect(refusal.fields).toEqual([
    { field: '/a', problem: 'This field is missing.' },
    { field: '/b~1c/d', problem: 'Invalid input: expected number, received string.' },
    { field: '/b~1c/e', problem: 'There is no such field.' },
    { field: '/colour', problem: 'There is no such field.' },
  ]);
});

test('paths: as they are routed, as they are published, and who may come with which method', () => {
  expect([routingPath('/v1/tasks/{id}/start'), routingPath('/v1/log/tile/{tile+}')]).toEqual([
    '/v1/tasks/:id/start',
    '/v1/log/tile/:tile{.+}',
  ]);
  expect(publicPath('/v1/log/tile/{tile+}')).toBe('/v1/log/tile/{tile}');
  const routes = [
    { method: 'get', path: '/v1/log/tile/{tile+}' },
    { method: 'put', path: '/v1/a.b/{x}' },
  ] as const;
  expect(allowedMethods(routes, '/v1/log/tile/0/x001/000')).toEqual(['GET', 'HEAD', 'OPTIONS']);
  expect(allowedMethods(routes, '/v1/a.b/1')).toEqual(['OPTIONS', 'PUT']);
  expect(allowedMethods(routes, '/v1/aXb/1')).toEqual([]);
});

test('a ticket is good for sixty seconds and one use', () => {
  let now = 0;
  const tickets = createTickets({ now: () => now });
  const credential = { org: 'o', hash: 'h' };
  const issue = () => (tickets.issue(credential) as { ticket: string }).ticket;
  const [first, late] = [issue(), issue()];
  expect(tickets.redeem(first)).toEqual({ credential, device: null });
  expect(tickets.redeem(first)).toBeUndefined();
  now = 60_000;
  expect(tickets.redeem(late)).toBeUndefined();
  expect(tickets.redeem('unknown')).toBeUndefined();
});

test('[L9] the same bundle is the same zip, byte for byte', () => {
  const files = new Map([
    ['b.txt', new Uint8Array([1])],
    ['a/c.txt', new Uint8Array(5000)],
  ]);
  const turned = new Map([...files].reverse());
  expect(Buffer.from(zipOf(files, 'x'))).toEqual(Buffer.from(zipOf(turned, 'x')));
});
