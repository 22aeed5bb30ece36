/** Every route from our own OpenAPI document, asked wrongly in every way we know. Seeded: a failure names its seed. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STATUS_BY_CODE } from '../../shared/kernel/refusal.ts';
import { aServer, type Answer, type AServer, type Plant } from '../kit/a-server.ts';
import { broken, fitting, type Schema } from '../kit/from-schema.ts';

const SEED = 20261121;
const RUNS = Number(process.env['OPERARY_FUZZ_RUNS'] ?? 12);

interface Operation {
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

const server: AServer = await aServer();
const document = (await server.ask('GET /openapi.json')).body as {
  paths: Record<string, Record<string, Operation>>;
};
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]): [string, string, Operation] => [
    method.toUpperCase(),
    path,
    operation,
  ]),
);

const methodsAt = (path: string): string[] => Object.keys(document.paths[path]!).map((method) => method.toUpperCase());
const WRONG = ['DELETE', 'PATCH'];

let plant: Plant;
let other: Plant;
let ours: string[];
let theirs: string[];
const tokens: Record<string, string> = {};
const useless: string[] = [];

beforeAll(async () => {
  [plant, other] = [await server.plant(), await server.plant()];
  tokens['admin'] = plant.admin;
  for (const role of ['supervisor', 'operator', 'line_lead', 'maintenance_engineer', 'auditor'])
    tokens[role] = (await server.token(plant, role, { user: role })).token;
  const made = await server.ask('POST /v1/integrations', {
    token: plant.admin,
    body: { kind: 'generic', name: 'PLC' },
  });
  tokens['integration'] = made.body.token;
  const revoked = (
    await server.ask('POST /v1/integrations', { token: plant.admin, body: { kind: 'alertmanager', name: 'Gone' } })
  ).body;
  await server.ask(`POST /v1/integrations/${revoked.id}/rotate`, { token: plant.admin });
  await server.ask(`POST /v1/integrations/${revoked.id}/retire-previous`, { token: plant.admin });
  useless.push(
    revoked.token,
    (await server.token(plant, 'supervisor', { user: 'Past', expiresAt: '2020-01-01T00:00:00Z' })).token,
    `${plant.admin.slice(0, -1)}_`,
    plant.admin.slice(0, 40),
    'opy_live_',
    'x'.repeat(5000),
  );
  const populate = async (where: Plant): Promise<string[]> => {
    const token = (await server.token(where, 'supervisor', { user: 'Filler' })).token;
    const task = await server.ask('POST /v1/tasks', { token, body: { title: 'Check pump', area: 'leeds/packaging' } });
    const shift = await server.ask('POST /v1/shifts', {
      token,
      body: { area: 'leeds/packaging', from: '2026-11-20T22:00:00Z', to: '2026-11-21T06:00:00Z' },
    });
    await server.ask(`POST /v1/shifts/${shift.body.id}/start`, { token });
    const alarm = await server.ask('POST /v1/alarms', { token, body: { text: 'Oil', area: 'leeds/packaging' } });
    const users = await server.ask('GET /v1/users', { token });
    return [task, shift, alarm].map(({ body }) => body.id as string).concat(users.body.items[0].id, where.org);
  };
  [ours, theirs] = [await populate(plant), await populate(other)];
  ours.push(made.body.id);
  await server.settled();
});
afterAll(() => server.close());

const heads = async (): Promise<number[]> => [await server.ledger.head(plant.org), await server.ledger.head(other.org)];

/** Never a fault; a no is a problem with a known code and leaves nothing, but for the witness of a change to what is sealed. */
async function judged(ask: () => Promise<Answer>): Promise<Answer> {
  await server.settled();
  const before = await heads();
  const answer = await ask();
  await server.settled();
  const said = JSON.stringify({ status: answer.status, body: answer.body });
  expect(answer.status, said).toBeLessThan(500);
  // The answer to HEAD has no body.
  if (answer.status >= 400 && answer.bytes.length) {
    expect(answer.headers.get('content-type'), said).toBe('application/problem+json');
    expect(STATUS_BY_CODE[answer.body.code as keyof typeof STATUS_BY_CODE], said).toBe(answer.status);
    expect(answer.body.requestId, said).toBe(answer.headers.get('x-request-id'));
    if (answer.status !== 423) expect(await heads(), said).toEqual(before);
  }
  return answer;
}

const NAMES = [
  'T-1',
  '1',
  'S-1',
  '0',
  '-1',
  '999999999999999999',
  'T-1.5',
  '%00',
  '%ff',
  '%2e%2e',
  'null',
  '💥',
  "' OR 1=1",
  'x'.repeat(3000),
];

/** The path with its places filled, by our ids, theirs, or nonsense. */
const pathFor = (path: string) => {
  const places = [...path.matchAll(/\{(\w+)\}/g)];
  // Nobody shall take away by chance the tokens that the other tests ask with.
  const names = /tokens|integrations/.test(path) ? NAMES.filter((each) => each !== '1') : NAMES;
  const name = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(0, 1, 2, 3, 4, 5).map((i) => ours[i]!) },
    { weight: 1, arbitrary: fc.constantFrom(0, 1, 2, 3).map((i) => theirs[i]!) },
    { weight: 2, arbitrary: fc.constantFrom(...names) },
    {
      weight: 1,
      arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => encodeURIComponent(text)),
    },
  );
  return fc
    .tuple(...places.map(() => name))
    .map((given) => given.reduce((at, text, i) => at.replace(places[i]![0], text), path));
};

const run = (property: fc.IAsyncProperty<unknown>) =>
  fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true });
const anyRole = () => fc.constantFrom(...Object.values(tokens));

describe.each(operations)('%s %s', (method, path, operation) => {
  const content = Object.values(operation.requestBody?.content ?? {})[0];
  const isStream = path.endsWith('/stream');

  test('[L7] a stranger, an outdated or a mutilated token is refused', () =>
    run(
      fc.asyncProperty(pathFor(path), fc.constantFrom('', ...useless), async (at, token) => {
        const answer = await judged(() => server.ask(`${method} ${at}`, { token }));
        const open = operation.security?.length === 0;
        // A path that was bent out of shape may be no route at all.
        if (!open) expect([401, 404, 405]).toContain(answer.status);
      }),
    ));

  test('[L7] any role, any id, any query: a yes or a no, never a fault', () =>
    run(
      fc.asyncProperty(pathFor(path), anyRole(), fc.constantFrom(...QUERIES), async (at, token, query) => {
        // A stream that is granted has no end; that it is granted is asked elsewhere.
        if (!isStream || query === '?after=x') await judged(() => server.ask(`${method} ${at}${query}`, { token }));
      }),
    ));

  test('a wrong method is 405 and names the right ones', () =>
    run(
      fc.asyncProperty(
        fc.constantFrom(...WRONG.filter((wrong) => !methodsAt(path).includes(wrong))),
        anyRole(),
        async (wrong, token) => {
          const answer = await judged(() => server.ask(`${wrong} ${path.replace(/\{\w+\}/g, '1')}`, { token }));
          expect([answer.status, answer.headers.get('allow')]).toEqual([405, expect.stringContaining(method)]);
        },
      ),
    ));

  if (!content) return;
  const body = () => broken(content.schema, ours);

  test('[L7] broken bodies of every kind leave nothing behind', () =>
    run(
      fc.asyncProperty(pathFor(path), anyRole(), body(), async (at, token, text) => {
        await judged(() =>
          server.ask(`${method} ${at}`, { token, body: text, headers: { 'content-type': 'application/json' } }),
        );
      }),
    ));

  test('fitting bodies are answered, and a retry with the same key gets the same answer', () =>
    run(
      fc.asyncProperty(
        pathFor(path),
        anyRole(),
        fitting(content.schema, ours),
        fc.uuid(),
        async (at, token, given, key) => {
          const ask = () => server.ask(`${method} ${at}`, { token, body: given, key });
          const first = await judged(ask);
          if (first.status >= 300 || !path.startsWith('/v1/') || /sync|ingest|files/.test(path)) return;
          const before = await heads();
          const again = await ask();
          const { token: _secret, code: _code, link: _link, ...entity } = first.body;
          expect(again.status).toBe(first.status);
          expect(again.body).toMatchObject(entity);
          expect(await heads()).toEqual(before);
        },
      ),
    ));

  test('another content type is 415', () =>
    run(
      fc.asyncProperty(
        fc.constantFrom('text/plain', 'application/xml', 'multipart/form-data', 'application/json; charset=latin1'),
        async (type) => {
          const at = path.replace(/\{\w+\}/g, ours[0]!);
          if (/files|ingest/.test(path)) return;
          const answer = await judged(() =>
            server.ask(`${method} ${at}`, {
              token: tokens['supervisor'],
              body: '{}',
              headers: { 'content-type': type },
            }),
          );
          expect([415, 403, 404]).toContain(answer.status);
        },
      ),
    ));
});

const QUERIES = [
  '',
  '?limit=0',
  '?limit=1e9',
  '?limit=-1',
  '?limit=1&limit=2',
  '?after=x',
  '?after=99999999999999999999',
  '?cursor=x',
  '?cursor=djE6MQ',
  '?q=%',
  '?q=%25_%5C%27',
  '?q=%00',
  '?status=%ff',
  '?area=leeds&limit=1',
  '?area=%2e%2e',
  '?colour=red',
  '?__proto__=1',
  '?constructor=1',
  '?seq=1&size=999999',
  '?seq=2',
  '?from=1&to=0',
  '?from=1',
  '?shift=x',
];

test('[L10] after all of it the log holds no secret and no stack of a fault', () => {
  const log = server.lines.join('');
  for (const secret of [...Object.values(tokens), ...useless.filter((text) => text.length > 20 && text.length < 200)])
    expect(log).not.toContain(secret);
  expect(log).not.toMatch(/"level":50|opy_live_/);
});

test('[L14] after all of it the other organisation is as it was', async () => {
  const feed = await server.ledger.events(other.org, 0, 1000);
  expect(feed.filter(({ actor }) => actor.kind === 'user')).toHaveLength(4);
});
