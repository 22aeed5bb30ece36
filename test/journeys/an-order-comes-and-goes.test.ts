/** An ERP orders work, by push and by being asked; it hears over HTTP what becomes of it, although it is down for a while and the server is stopped meanwhile. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { ORDER } from '../kit/erp.ts';
import { until } from '../kit/until.ts';

const SECRET = 'Bearer opensesame-4711';

interface Heard {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let folder: string;
let far: Server;
let url: string;
let heard: Heard[];
let respond: (asked: Heard) => { status: number; body?: unknown };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'operary-erp-'));
  heard = [];
  respond = () => ({ status: 204 });
  far = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const asked = { method, url: path, headers, body: Buffer.concat(parts).toString() };
      heard.push(asked);
      const { status, body } = respond(asked);
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(body === undefined ? '' : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(far.address() as AddressInfo).port}`;
});
afterEach(() => {
  far.closeAllConnections();
  far.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = () => aServer({ on: 'disk', data: folder, allow: ['127.0.0.1'] });

async function anErp(server: AServer, plant: Plant, connect: object) {
  const { id, token } = (
    await server.ask('POST /v1/integrations', {
      token: plant.admin,
      body: { kind: 'mes', name: 'ERP', area: 'leeds' },
    })
  ).body as { id: string; token: string };
  for (const what of ['status', 'pull'])
    expect(
      (await server.ask(`PUT /v1/integrations/${id}/secrets/${what}`, { token: plant.admin, body: { value: SECRET } }))
        .status,
    ).toBe(200);
  const connected = await server.ask(`POST /v1/integrations/${id}/connect`, { token: plant.admin, body: connect });
  expect(connected.status).toBe(200);
  return { id, token };
}

/** Every file of the data folder but the one where the secrets are kept. */
const elsewhere = (at: string): string[] =>
  readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'secrets.json')
    .map((entry) => join(entry.parentPath, entry.name));

test('[L4] an order that was pushed is done, and the ERP hears of every step, though it and the server were down meanwhile', async () => {
  let server = await start();
  const plant = await server.plant('leeds');
  const { token: ana } = await server.token(plant, 'supervisor', { user: 'Ana' });
  const erp = await anErp(server, plant, { statusUrl: `${url}/status` });
  const pushed = await server.ask(`POST /v1/ingest/${erp.id}`, {
    token: erp.token,
    body: {
      type: 'work_order.released',
      timestamp: '2026-11-21T05:00:00Z',
      data: { ...ORDER, requiredRole: 'supervisor' },
    },
  });
  expect(pushed.body).toMatchObject({ status: 'accepted', orders: [{ status: 'accepted' }] });
  await server.settled();
  const { task } = (await server.ask('GET /v1/orders/O-1', { token: ana })).body as { task: string };
  respond = () => ({ status: 503 });
  for (const verb of ['acknowledge', 'start'])
    expect((await server.ask(`POST /v1/tasks/${task}/${verb}`, { token: ana })).status).toBe(200);
  await until('a first attempt', () => heard[0]);
  // It is waiting for its next attempt now.
  await server.close();
  respond = () => ({ status: 204 });
  heard.length = 0;

  server = await start();
  const cancelled = await server.ask(`POST /v1/tasks/${task}/cancel`, {
    token: ana,
    body: { reasonCode: 'not_needed' },
  });
  expect(cancelled.status).toBe(200);
  await server.settled();
  await until('both statuses are told', () => heard[1]);
  expect(heard.map(({ method, url: path, headers }) => [method, path, headers.authorization])).toEqual([
    ['POST', '/status', SECRET],
    ['POST', '/status', SECRET],
  ]);
  expect(heard.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { orderId: ORDER.orderId, status: 'in_progress', task },
    { orderId: ORDER.orderId, status: 'cancelled', task, note: 'not needed' },
  ]);
  expect(new Set(heard.map(({ headers }) => headers['idempotency-key'])).size).toBe(2);

  const secrets = join(folder, 'keys', plant.org, 'secrets.json');
  expect(readFileSync(secrets, 'utf8')).toContain(SECRET);
  if (process.platform !== 'win32') expect(statSync(secrets).mode & 0o777).toBe(0o600);
  for (const file of elsewhere(folder)) expect(readFileSync(file).includes(SECRET), file).toBe(false);
  expect(server.lines.join('')).not.toContain(SECRET);
  await server.close();
});

test('an ERP that does not push is asked, page after page, and after a restart from where it was asked last', async () => {
  let server = await start();
  const plant = await server.plant('leeds');
  const { token: ana } = await server.token(plant, 'supervisor', { user: 'Ana' });
  const item = (orderId: string) => ({ type: 'work_order.released', data: { ...ORDER, orderId } });
  respond = ({ url: path }) => ({
    status: 200,
    body: path === '/orders' ? { items: [item('1'), item('2')], next: 'p2' } : { items: [item('3')], next: 'p2' },
  });
  const pull = {
    url: `${url}/orders`,
    everySeconds: 30,
    cursorParam: 'page',
    itemsPointer: '/items',
    nextCursorPointer: '/next',
  };
  await anErp(server, plant, { pull });
  const listed = async () => {
    const { items } = (await server.ask('GET /v1/orders', { token: ana })).body as { items: { orderId: string }[] };
    return items.map(({ orderId }) => orderId).sort();
  };
  await until('three orders', async () => ((await listed()).length === 3 ? true : undefined));
  expect(await listed()).toEqual(['1', '2', '3']);
  expect(heard.slice(0, 2).map(({ method, url: path, headers }) => [method, path, headers.authorization])).toEqual([
    ['GET', '/orders', SECRET],
    ['GET', '/orders?page=p2', SECRET],
  ]);
  await server.close();
  heard.length = 0;
  server = await start();
  expect((await until('it is asked again', () => heard[0])).url).toBe('/orders?page=p2');
  await server.close();
});

test('an address in the plant’s own network is not asked unless the operator allows it, and the integration says why', async () => {
  const server = await aServer({ on: 'disk', data: folder });
  const plant = await server.plant('leeds');
  const { id } = await anErp(server, plant, { statusUrl: `${url}/status`, pull: { url, everySeconds: 30 } });
  expect(id).toBeTruthy();
  await until('a refused request', () => server.lines.find((line) => line.includes('OPERARY_ALLOW_OUTBOUND')));
  expect(heard).toEqual([]);
  await server.close();
});
