/** A certificate that this machine does not trust: a real handshake fails, nothing is said to the server, and a person is told what to do. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { join } from '../../plugin/connect/join.ts';
import { connectWords } from '../../plugin/words/index.ts';
import type { Link } from '../../plugin/link.ts';
import { API } from '../../shared/sync/pairing.ts';
import { sendForPage } from '../browser/harness/requests.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { selfSigned, type SelfSigned } from '../kit/self-signed.ts';

const CODE = { code: 'K7QM-4TRP-9X2C', token: '' };
let plant: SelfSigned;
beforeAll(async () => {
  plant = await selfSigned((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ product: 'operary', version: '0.3.0', api: API, plugin: { least: '0.0.0' } }));
  });
});
afterAll(() => plant.close());

/** The requests of the browser tests, without a browser. */
const linkTo = (url: string): Link => ({
  async request(method, path, body) {
    const sent = body === undefined ? null : Buffer.from(JSON.stringify(body)).toString('base64');
    const answer = await sendForPage({ url: `${url}${path}`, method, headers: {}, body: sent });
    if ('error' in answer) throw new Error(answer.error);
    const bytes = Buffer.from(answer.body, 'base64');
    return { status: answer.status, json: JSON.parse(bytes.toString()) as unknown, bytes };
  },
  socket: () => {
    throw new Error('Nothing is connected here.');
  },
});
const joining = (url: string) =>
  join({ linkTo, clock: manualClock(), version: '0.3.0', deviceId: () => '' }, { url, ...CODE });

test('[L7] a certificate that the plant made for itself is refused, in words that say what to do; the code was not sent', async () => {
  await expect(linkTo(plant.url).request('GET', '/v1/about')).rejects.toThrow('net::ERR_CERT_AUTHORITY_INVALID');
  const said = await joining(plant.url);
  expect(said).toBe(connectWords.distrusted(new URL(plant.url).host));
  expect(said).toMatch(/Computers: install the authority of your plant in the system\. Phones: /);
  expect(plant.heard).toBe(0);
});

test('[L7] https:// where the server has no certificate at all is told the same way', async () => {
  const plain = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  await new Promise((resolve) => plain.once('listening', resolve));
  const host = `127.0.0.1:${(plain.address() as AddressInfo).port}`;
  await expect(linkTo(`https://${host}`).request('GET', '/v1/about')).rejects.toThrow('net::ERR_SSL_PROTOCOL_ERROR');
  expect(await joining(`https://${host}`)).toMatch(/If the server has none at all, its address begins with http:\/\//);
  await new Promise((resolve) => plain.close(resolve));
});
