/** The one client for everything that leaves: where it goes, where it never goes, and how long it waits. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allowedAddresses, unreadable } from '../../server/outbound/addresses.ts';
import { createPost, NotSent, type Address } from '../../server/outbound/post.ts';
import { aReceiver, type Receiver } from '../kit/receiver.ts';

let receiver: Receiver;
beforeAll(async () => void (receiver = await aReceiver()));
afterAll(() => receiver.close());

const leadsTo =
  (...addresses: readonly string[]) =>
  async (): Promise<readonly Address[]> =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
const to = (url: string) => ({ url, body: '{}' });
const named = (name: string) => `http://${name}:${receiver.port}/hook`;

describe('addresses', () => {
  const { isAllowed } = allowedAddresses([]);
  test.each([
    ...['127.0.0.1', '127.8.9.1', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...['169.254.169.254', '100.64.0.1', '100.127.255.255', '192.0.0.8', '192.0.2.1', '198.18.0.1', '198.51.100.7'],
    ...['203.0.113.5', '192.88.99.1', '224.0.0.1', '239.255.255.250', '240.0.0.1', '255.255.255.255'],
    ...['::1', '::', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12:3456::1', 'ff02::1', 'fec0::1'],
    ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::1'],
    ...['2002:7f00:1::', '2001::1', '2001:db8::1', '3fff::1', '100::1', 'localhost', '', '1.2.3'],
  ])('%s is not on the open Internet', (address) => expect(isAllowed(address)).toBe(false));
  test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '1.1.1.1', '2606:4700:4700::1111', '2a00:1450:4001::200e'])(
    '%s is',
    (address) => expect(isAllowed(address)).toBe(true),
  );
  test('what is allowed by configuration is an address, a subnet or a name, and nothing beside it', () => {
    const own = allowedAddresses(['10.1.0.0/16', '127.0.0.1', 'fd00::/8', 'NTFY.plant.example.']);
    expect(['10.1.2.3', '127.0.0.1', 'fd12::1'].map(own.isAllowed)).toEqual([true, true, true]);
    expect(['10.2.0.1', '127.0.0.2', 'fe80::1'].map(own.isAllowed)).toEqual([false, false, false]);
    expect(own.isNamed('ntfy.plant.example')).toBe(true);
    expect(own.isNamed('evil.ntfy.plant.example')).toBe(false);
  });
  test('what is neither is found in the setting', () => {
    expect(unreadable(['10.0.0.0/8', 'fd00::/8', 'ntfy.plant.example', '::1'])).toBeUndefined();
    expect(unreadable(['10.0.0.0/33'])).toBe('10.0.0.0/33');
    expect(unreadable(['http://ntfy'])).toBe('http://ntfy');
  });
});

describe('[L14] a request goes nowhere but where it may', () => {
  const strict = createPost({ allow: [] });
  test.each([
    ...['http://127.0.0.1:PORT/', 'http://127.1:PORT/', 'http://2130706433:PORT/', 'http://0x7f.0.0.1:PORT/'],
    ...['http://0177.0.0.1:PORT/', 'http://[::1]:PORT/', 'http://[::ffff:127.0.0.1]:PORT/', 'http://0:PORT/'],
    ...['http://localhost:PORT/', 'http://127.0.0.1.:PORT/'],
  ])('%s is refused, and nothing arrives', async (url) => {
    await expect(strict(to(url.replace('PORT', String(receiver.port))))).rejects.toThrow(/open Internet/);
    expect(receiver.got).toEqual([]);
  });
  test.each([
    ['file:///etc/passwd', 'http or https'],
    ['gopher://example.com/', 'http or https'],
    ['no address', 'http or https'],
    ['http://user:secret@example.com/', 'user name or password'],
  ])('%s is refused', async (url, says) => {
    const told = await strict(to(url)).catch((error: Error) => error.message);
    expect(told).toContain(says);
    expect(told).not.toContain('secret');
  });
  test('a name that leads to a private address is refused, and told how to allow it', async () => {
    const post = createPost({ allow: [], resolve: leadsTo('127.0.0.1') });
    await expect(post(to(named('hooks.example.com')))).rejects.toThrow('OPERARY_ALLOW_OUTBOUND');
    expect(receiver.got).toEqual([]);
  });
  test('of several addresses the private ones are left out', async () => {
    const post = createPost({ allow: [], resolve: leadsTo('10.0.0.1', '::1', '127.0.0.1') });
    await expect(post(to(named('hooks.example.com')))).rejects.toThrow(NotSent);
  });
  test('DNS that changes its mind between two questions changes nothing: what was checked is what is connected to', async () => {
    const answers = [['127.0.0.1'], ['8.8.8.8'], ['127.0.0.1']];
    let asked = 0;
    const resolve = async () => leadsTo(...answers[asked++]!)();
    const post = createPost({ allow: ['8.8.8.8'], resolve, timeoutMs: 1 });
    await expect(post(to(named('rebind.example.com')))).rejects.toThrow('open Internet');
    expect(asked).toBe(1);
    // The public answer is used as it came; nobody asks again before connecting.
    await expect(post(to(named('rebind.example.com')))).rejects.toThrow(NotSent);
    expect(asked).toBe(2);
    expect(receiver.got).toEqual([]);
  });
  test('a name that is allowed may lead anywhere', async () => {
    const post = createPost({ allow: ['hooks.plant.example'], resolve: leadsTo('127.0.0.1') });
    expect(await post(to(named('hooks.plant.example')))).toMatchObject({ status: 200 });
    expect(receiver.got.splice(0)).toMatchObject([{ path: '/hook', headers: { 'user-agent': 'Operary' } }]);
  });
  test('a redirect is an answer, and is not followed', async () => {
    receiver.answers({ status: 307, headers: { location: `${receiver.url}/elsewhere` } });
    const post = createPost({ allow: ['127.0.0.1'] });
    expect(await post(to(`${receiver.url}/first`))).toMatchObject({ status: 307 });
    expect(receiver.got.splice(0).map(({ path }) => path)).toEqual(['/first']);
  });
});

describe('patience', () => {
  const post = createPost({ allow: ['127.0.0.1'], timeoutMs: 300 });
  test('whoever never answers is given up', async () => {
    receiver.answers('hang');
    await expect(post(to(receiver.url))).rejects.toThrow('no complete answer within 0.3 s');
    receiver.got.length = 0;
  });
  test('whoever begins an answer and never ends it, too', async () => {
    const server = createServer((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(post(to(`http://127.0.0.1:${port}/`))).rejects.toThrow('no complete answer');
    server.close();
  });
  test('a cut connection and an empty port are told apart', async () => {
    receiver.answers('cut');
    await expect(post(to(receiver.url))).rejects.toThrow('the connection was cut');
    const gone = await aReceiver();
    await gone.close();
    await expect(post(to(gone.url))).rejects.toThrow('nobody listens there');
    receiver.got.length = 0;
  });
  test('of an endless answer 64 KB are read', async () => {
    receiver.answers({ status: 200, body: 'x'.repeat(1_000_000) });
    const { status, body } = await createPost({ allow: ['127.0.0.1'] })(to(receiver.url));
    expect([status, body.length]).toEqual([200, 64 * 1024]);
    receiver.got.length = 0;
  });
  test('more than 20 KB are not sent', async () => {
    await expect(post({ url: receiver.url, body: 'x'.repeat(20_001) })).rejects.toThrow('20001 bytes');
    expect(receiver.got).toEqual([]);
  });
});
