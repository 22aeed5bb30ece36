/** Proves the line to a server: requestUrl without CORS, WebSockets, and the ways in which a line can be bad. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect } from 'vitest';
import { WebSocketServer } from 'ws';
import type { VaultClient } from './client.ts';
import { openMortalWorks } from '../works.ts';
import { proxy } from './net.ts';
import { sampleRelease } from './sample-plugin.ts';
import { browserSuite } from './suite.ts';

const { test, open } = browserSuite(async () => ({ pluginDir: await sampleRelease() }));

let server: Server;
let port: number;
let heard: string[];
beforeEach(async () => {
  heard = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      heard.push(Buffer.concat(chunks).toString());
      response.writeHead(request.url === '/no' ? 403 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          method: request.method,
          auth: request.headers.authorization,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
  });
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][0] ?? false });
  sockets.on('connection', (socket) => socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const request = (vault: VaultClient, param: object) =>
  vault.page.evaluate(async (wanted) => {
    const { requestUrl } = window.harness.obsidian as {
      requestUrl(param: object): Promise<{ status: number; json: unknown }>;
    };
    try {
      const { status, json } = await requestUrl(wanted);
      return { status, json };
    } catch (error) {
      return { error: (error as Error).message, status: (error as { status?: number }).status };
    }
  }, param);

test('requestUrl reaches a real server without CORS, throws from 400 on, and knows when the line is gone', async () => {
  const vault = await open();
  const line = await proxy(port);
  const url = `${line.origin}/yes`;
  expect(await request(vault, { url, method: 'POST', body: 'grüße', headers: { Authorization: 'Bearer t' } })).toEqual({
    status: 200,
    json: { method: 'POST', auth: 'Bearer t', body: 'grüße' },
  });
  expect(await request(vault, { url: `${line.origin}/no` })).toEqual({
    error: 'Request failed, status 403',
    status: 403,
  });
  expect(await request(vault, { url: `${line.origin}/no`, throw: false })).toMatchObject({ status: 403 });
  line.cut();
  expect(await request(vault, { url })).toMatchObject({
    error: expect.stringContaining('net::ERR_CONNECTION') as string,
  });
  line.heal();
  await vault.online(false);
  expect(await request(vault, { url })).toMatchObject({ error: 'net::ERR_INTERNET_DISCONNECTED' });
  await vault.online(true);
  expect(await request(vault, { url })).toMatchObject({ status: 200 });
  await line.close();
});

test('a WebSocket works through the line; a blackhole delays, a cut closes', async () => {
  const vault = await open();
  const line = await proxy(port);
  await vault.page.evaluate((target) => {
    const log: string[] = [];
    const socket = new WebSocket(target, ['operary.v1', 'operary.ticket.x']);
    socket.onopen = () => log.push(`open ${socket.protocol}`);
    socket.onmessage = (event) => log.push(String(event.data));
    socket.onclose = () => log.push('closed');
    Object.assign(window, { log, socket });
  }, `ws://127.0.0.1:${line.port}/`);
  const log = () => vault.page.evaluate(() => (window as unknown as { log: string[] }).log);
  const send = (text: string) =>
    vault.page.evaluate((data) => (window as unknown as { socket: WebSocket }).socket.send(data), text);
  await vault.until(log, { what: 'the socket', is: ['open operary.v1'] });
  await send('one');
  await vault.until(log, { what: 'the echo', is: ['open operary.v1', 'echo one'] });
  line.blackhole();
  await send('two');
  await new Promise((resolve) => setTimeout(resolve, 150));
  expect(await log()).toHaveLength(2);
  line.heal();
  await vault.until(log, { what: 'the late echo', is: ['open operary.v1', 'echo one', 'echo two'] });
  line.cut();
  await vault.until(async () => (await log()).at(-1), { what: 'the end', is: 'closed' });
  await line.close();
});

test('a page that dies in the middle of a request troubles nobody', async () => {
  const vault = await open();
  const line = await proxy(port);
  line.blackhole();
  void request(vault, { url: line.origin }).catch(() => undefined);
  await vault.until(() => line.connections, { what: 'the request on the line', is: 1 });
  await vault.killPage();
  line.heal();
  await vault.reopen();
  expect(await request(vault, { url: line.origin })).toMatchObject({ status: 200 });
  await line.close();
});

test('a line can be slow, and can break in the middle of what a device says', async () => {
  const vault = await open();
  const line = await proxy(port);
  line.latency(60);
  const start = Date.now();
  await request(vault, { url: line.origin });
  expect(Date.now() - start).toBeGreaterThanOrEqual(120);
  line.latency(0);
  line.cutAfterBytes(2000);
  expect(await request(vault, { url: line.origin, method: 'POST', body: 'x'.repeat(5000) })).toHaveProperty('error');
  expect(line.bytesUp).toBeLessThan(3000);
  await line.close();
});

test('a half-open line accepts and loses: nothing arrives, later neither; after it heals, a new connection is good at once', async () => {
  const vault = await open();
  const line = await proxy(port);
  expect(await request(vault, { url: line.origin })).toMatchObject({ status: 200 });
  line.swallow();
  let answer: unknown;
  const asked = request(vault, { url: line.origin, method: 'POST', body: 'lost' }).then((value) => (answer = value));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(answer).toBeUndefined();
  line.heal();
  await asked;
  expect(answer).toHaveProperty('error');
  expect(heard).not.toContain('lost');
  expect(await request(vault, { url: line.origin })).toMatchObject({ status: 200 });
  await line.close();
});

test('a line that loses answers only: the server has done what the device never hears of', async () => {
  const vault = await open();
  const line = await proxy(port);
  line.swallow('down');
  const asked = request(vault, { url: line.origin, method: 'POST', body: 'done' });
  await vault.until(() => heard.includes('done'), { what: 'the request at the server' });
  line.heal();
  expect(await asked).toHaveProperty('error');
  expect(await request(vault, { url: line.origin, method: 'POST', body: 'again' })).toMatchObject({ status: 200 });
  await line.close();
});

test('a server that is killed and started again is on the same port and has what it had stored', async () => {
  const works = await openMortalWorks();
  const vault = await open();
  const ask = () =>
    request(vault, { url: `${works.url}/v1/tasks`, headers: { Authorization: `Bearer ${works.tokens.max}` } });
  try {
    const { ref } = await works.task('Check pump 3');
    await works.killServer();
    expect(await ask()).toMatchObject({ error: expect.stringContaining('net::ERR_CONNECTION') as string });
    await works.startServer();
    expect(await ask()).toMatchObject({ status: 200, json: { items: [{ ref, title: 'Check pump 3' }] } });
  } finally {
    await works.close();
  }
});
