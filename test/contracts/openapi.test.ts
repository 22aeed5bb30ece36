/** The public contract as two golden files: whoever changes it sees it in the diff. */
import { afterAll, expect, test } from 'vitest';
import { aServer } from '../kit/a-server.ts';

const server = await aServer();
afterAll(() => server.close());

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}
interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly unknown[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const document = (await server.ask('GET /openapi.json')).body as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);

test('the OpenAPI document is the one that we published', async () => {
  await expect(`${JSON.stringify(document, null, 2)}\n`).toMatchFileSnapshot('../golden/openapi.json');
});

test('the routes are those that we published', async () => {
  const lines = operations.map(
    ({ name, operation }) => `${name.padEnd(42)} ${Object.keys(operation.responses).join(' ')}`,
  );
  await expect(`${lines.sort().join('\n')}\n`).toMatchFileSnapshot('../golden/routes.txt');
});

test('every operation has a summary, a group, and says what it refuses', () => {
  expect(document.openapi).toBe('3.1.0');
  for (const { name, operation } of operations) {
    expect(operation.summary, name).toMatch(/^[A-Z]/);
    expect(operation.tags, name).toHaveLength(1);
    const open = operation.security?.length === 0;
    expect(Object.keys(operation.responses).includes('401'), name).toBe(!open);
  }
});

test('[L7] a body that cannot be read is refused as the operation says', async () => {
  const { admin } = await server.plant();
  const takers = operations.filter(({ operation }) => operation.requestBody?.content['application/json']);
  expect(takers.length).toBeGreaterThan(40);
  const headers = { 'content-type': 'application/json' };
  for (const { name, operation } of takers)
    for (const body of ['{', '[]', '{"room": "\\ud800"}']) {
      const route = name.replace(/\{\w+\}/, '01940000-0000-7000-8000-000000000000');
      const refused = await server.ask(route, { token: admin, body, headers, key: `${name} ${body}` });
      const said = operation.responses[refused.status]?.description.split(', ');
      expect(said, `${name} ${body}`).toContain(refused.body.code);
    }
});

test('everything that DESIGN §6 names is there', () => {
  const names = new Set(operations.map(({ name }) => name));
  const verbs =
    'assign reject acknowledge start hold resume complete verify send-back reopen escalate cancel note'.split(' ');
  const shiftVerbs = 'start log close sign accept refuse seal amend'.split(' ');
  const wanted = [
    'GET /healthz',
    'GET /readyz',
    'GET /metrics',
    'POST /v1/tasks',
    'GET /v1/tasks',
    'GET /v1/tasks/{id}',
    'GET /v1/tasks/{id}/trail',
    ...verbs.map((verb) => `POST /v1/tasks/{id}/${verb}`),
    'POST /v1/shifts',
    'GET /v1/shifts',
    'GET /v1/shifts/{id}',
    ...shiftVerbs.map((verb) => `POST /v1/shifts/{id}/${verb}`),
    'GET /v1/shifts/{id}/report',
    'GET /v1/shifts/{id}/bundle',
    'POST /v1/integrations',
    'POST /v1/ingest/{integrationId}',
    'GET /v1/deliveries',
    'GET /v1/deliveries/{id}',
    'PUT /v1/files/{sha256}',
    'GET /v1/files/{sha256}',
    'GET /v1/alarms',
    'GET /v1/users',
    'GET /v1/tokens',
    'GET /v1/areas',
    'GET /v1/audit',
    'GET /v1/events',
    'GET /v1/events/stream',
    'POST /v1/sync/commands',
    'GET /v1/sync/snapshot',
    'GET /v1/sync/feed',
    'POST /v1/sync/tickets',
    'GET /v1/log/checkpoint',
    'GET /v1/log/tile/{tile}',
    'GET /v1/log/proof/inclusion',
    'GET /v1/log/proof/consistency',
  ];
  expect(wanted.filter((name) => !names.has(name))).toEqual([]);
});
