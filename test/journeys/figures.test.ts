/** What a supervisor and an auditor ask of the figures: of their own areas, as JSON or as a table, from a long ledger. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aServer, type AServer, type Ask, type Plant } from '../kit/a-server.ts';

const NIGHT = 'from=2026-11-20T22:00:00Z&to=2026-11-21T06:00:00Z';

let now = Date.parse('2026-11-17T22:00:00Z');
let server: AServer;
let plant: Plant;
let ana: string;
const figures = (token: string, query: string, more: Ask = {}) =>
  server.ask(`GET /v1/figures?${query}`, { token, ...more });
const alarmsIn = ({ body }: { readonly body: { readonly items: readonly { key: string; n: number }[] } }) =>
  body.items.find(({ key }) => key === 'alarm_rate')!.n;

beforeAll(async () => {
  server = await aServer({ clock: { now: () => now } });
  plant = await server.plant();
  ana = (await server.token(plant, 'supervisor', { user: 'Ana' })).token;
  // Days before: read by nobody who asks for the night.
  for (let n = 0; n < 600; n++)
    await server.ask('POST /v1/tasks', {
      token: ana,
      body: { title: `Old ${n}`, area: 'leeds/packaging', priority: 'P4' },
    });
  now = Date.parse('2026-11-20T23:00:00Z');
  const scada = await server.ask('POST /v1/integrations', {
    token: plant.admin,
    body: { kind: 'generic', name: 'SCADA' },
  });
  for (const area of ['leeds/packaging', 'leeds/utilities', 'leeds/utilities'])
    await server.ask(`POST /v1/ingest/${scada.body.id}`, {
      token: scada.body.token,
      body: { condition: `${area}/${now++}`, title: 'Hot', state: 'active', severity: 'critical', area },
    });
  await server.settled();
});
afterAll(() => server.close());

test('only the events around the time are read', async () => {
  const answer = await figures(ana, NIGHT);
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({ area: null, from: '2026-11-20T22:00:00.000Z', to: '2026-11-21T06:00:00.000Z' });
  expect(alarmsIn(answer)).toBe(3);
  expect(answer.body.events).toBeLessThan(20);
  expect((await figures(ana, 'from=2026-11-17T00:00:00Z&to=2026-11-21T06:00:00Z')).body.events).toBeGreaterThan(600);
});

test('[L14] each sees the figures of their own areas; an auditor sees all, an operator and an admin none', async () => {
  const own = async (role: string, ...areas: string[]) =>
    (await server.token(plant, role, { user: `${role} ${areas.join()}`, areas })).token;
  const packaging = await own('line_lead', 'leeds/packaging');
  expect(alarmsIn(await figures(packaging, NIGHT))).toBe(1);
  expect((await figures(packaging, `${NIGHT}&area=leeds/utilities`)).body.code).toBe('outside-your-area');
  expect(alarmsIn(await figures(await own('auditor'), `${NIGHT}&area=leeds/utilities`))).toBe(2);
  for (const token of [await own('operator'), plant.admin])
    expect((await figures(token, NIGHT)).body.code).toBe('role-not-allowed');
});

test('[L14] another organisation’s alarms are not in them', async () => {
  const other = await server.plant();
  const { token } = await server.token(other, 'supervisor');
  expect(alarmsIn(await figures(token, NIGHT))).toBe(0);
});

test('a table for whoever asks for one', async () => {
  const answer = await figures(ana, NIGHT, { headers: { accept: 'text/csv' } });
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = (answer.body as string).trimEnd().split('\r\n');
  expect(lines[0]).toBe('figure,measure,value,unit,n,of,target,definition');
  expect(lines).toContainEqual(expect.stringMatching(/^alarm_rate,peak,3,1\/10min,3,alarms,/));
});

test.each([
  ['to=2026-11-21T06:00:00Z', '/from'],
  ['from=2026-11-21T06:00:00Z&to=2026-11-21T06:00:00Z', '/to'],
  ['from=2025-10-01T00:00:00Z&to=2026-11-21T06:00:00Z', '/to'],
  [`${NIGHT}&area=Leeds`, '/area'],
])('[L7] %s is refused with the field %s', async (query, field) => {
  const { status, body } = await figures(ana, query);
  expect([status, body.code]).toEqual([400, 'invalid-input']);
  expect(body.errors ?? body.fields).toMatchObject([{ field }]);
});
