/** Runs the table: status, answer, and exactly these events, or none. A route without a row is a failure. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { routesOf } from '../../server/http/routes.ts';
import { routeName } from '../../server/http/route.ts';
import { publicPath } from '../../server/http/router.ts';
import type { Site } from '../../server/http/site.ts';
import { features } from '../../shared/features/index.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { scenarios, type Scenario, type Who } from './scenarios.ts';

const ROLES = {
  ana: 'supervisor',
  tom: 'supervisor',
  dana: 'line_lead',
  marek: 'maintenance_engineer',
  ben: 'operator',
  aude: 'auditor',
};

let now = Date.parse('2026-11-20T22:00:00Z');
let server: AServer;
let plant: Plant;
const seen: Record<string, unknown> = {};
const tokens: Partial<Record<Who, string>> = {};

beforeAll(async () => {
  server = await aServer({ clock: { now: () => now } });
  plant = await server.plant();
  tokens.admin = plant.admin;
  for (const [name, role] of Object.entries(ROLES)) {
    const { token, user } = await server.token(plant, role, { user: name });
    tokens[name as Who] = token;
    seen[name] = user;
  }
  const scada = await server.ask('POST /v1/integrations', {
    token: plant.admin,
    body: { kind: 'generic', name: 'SCADA', area: 'leeds' },
  });
  tokens.scada = scada.body.token;
  const erp = await server.ask('POST /v1/integrations', {
    token: plant.admin,
    body: { kind: 'mes', name: 'ERP', area: 'leeds' },
  });
  tokens.erp = erp.body.token;
  const photo = createHash('sha256').update('a photo').digest('hex');
  Object.assign(seen, { org: plant.org, url: server.url, scada: scada.body, erp: erp.body, photo });
});
afterAll(() => server.close());

const site = { register: createRegister(features) } as Site;
const table = new Map(routesOf(site).map((route) => [routeName({ ...route, path: publicPath(route.path) }), route]));

test('every route of the register has a row', () => {
  const routes = [...table.keys()];
  const rows = new Set(scenarios.map(({ route }) => route));
  expect(routes.filter((route) => !rows.has(route))).toEqual([]);
  expect([...rows].filter((route) => !routes.includes(route))).toEqual([]);
});

describe('a day', () => {
  test.each(
    scenarios.map((scenario): [string, Scenario] => [
      `${scenario.title} (${scenario.route} → ${scenario.status})`,
      scenario,
    ]),
  )('%s', async (_title, scenario) => {
    now += (scenario.after ?? 1) * 60_000;
    const before = await server.ledger.head(plant.org);
    const [method, pattern] = scenario.route.split(' ') as [string, string];
    const body = scenario.file === undefined ? filled(scenario.body) : new TextEncoder().encode(scenario.file);
    const path = scenario.path ?? (scenario.id === undefined ? pattern : pattern.replace(/\{\w+\}/, scenario.id));
    const answer = await server.ask(`${method} ${String(filled(path))}`, {
      token: tokens[scenario.by],
      body,
    });
    await server.settled();
    const after = await server.ledger.events(plant.org, before, 100);
    expect({ status: answer.status, said: answer.status >= 400 ? answer.body.detail : '' }).toMatchObject({
      status: scenario.status,
    });
    if (scenario.answer) expect(answer.body).toMatchObject(filled(scenario.answer) as object);
    expect(after.map(({ type }) => type)).toEqual(scenario.events ?? []);
    const documented = table.get(scenario.route)!.answers[answer.status]?.schema;
    // Nothing is missing, and nothing is there that the document does not know.
    if (documented && typeof answer.body === 'object') expect(documented.parse(answer.body)).toEqual(answer.body);
    if (scenario.keep) seen[scenario.keep] = answer.body;
  });
});

/** `{pump.id}` from what was seen before; arrays in an expected answer are matched item by item. */
function filled(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\{([\w.]+)\}/g, (_, path: string) => String(lookUp(path)));
  if (Array.isArray(value)) return value.map(filled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, filled(member)]));
}

function lookUp(path: string): unknown {
  const found = path
    .split('.')
    .reduce<unknown>((at, step) => (at as Record<string, unknown> | undefined)?.[step], seen);
  if (found === undefined) throw new Error(`Nothing is called ${path} yet.`);
  return found;
}
