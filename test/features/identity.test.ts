import { expect, test } from 'vitest';
import { createIdentity, type IdentityParts, type Secrets } from '../../plugin/identity.ts';
import { deviceSecrets } from '../../plugin/device/keys.ts';
import type { Memory } from '../../plugin/notes/ports.ts';
import { fromBase64, utf8 } from '../../shared/kernel/bytes.ts';
import { isUuid } from '../../shared/kernel/ids.ts';
import { verifyEd25519 } from '../../shared/proof/ed25519.ts';

function store(): Memory & Secrets & { readonly held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    get: (key) => held.get(key),
    set: (key, value) => void (value === undefined ? held.delete(key) : held.set(key, value)),
  };
}

let drawn = 0;
function aDevice(memory: Memory = store(), secrets: Secrets = store(), more: Partial<IdentityParts> = {}) {
  return createIdentity({
    memory,
    secrets,
    random: (length) => new Uint8Array(length).map((_, i) => (++drawn * 7 + i) & 0xff),
    now: () => Date.parse('2026-11-21T06:00:00Z'),
    name: () => 'Tablet 3',
    platform: 'android',
    person: () => 'marek',
    ...more,
  });
}

const words = utf8('what the device says');
const isSignedBy = (device: ReturnType<typeof aDevice>, signature: string | undefined): boolean =>
  verifyEd25519(fromBase64(signature ?? ''), words, fromBase64(device.pairing().publicKey));

test('a device chooses a UUIDv7 and a key, and is the same one after a restart', () => {
  const [memory, secrets] = [store(), store()];
  const device = aDevice(memory, secrets);
  expect(isUuid(device.deviceId) && device.deviceId[14]).toBe('7');
  expect(isSignedBy(device, device.sign(words))).toBe(true);
  const again = aDevice(memory, secrets);
  expect([again.deviceId, again.pairing()]).toEqual([device.deviceId, device.pairing()]);
  expect(isSignedBy(device, again.sign(words))).toBe(true);
  expect(device.pairing()).toMatchObject({ name: 'Tablet 3', platform: 'android' });
  expect(device.person()).toBe('marek');
});

test('the seed lies among the secrets only', () => {
  const [memory, secrets] = [store(), store()];
  aDevice(memory, secrets);
  const [seed] = [...secrets.held.values()];
  expect(fromBase64(seed!)).toHaveLength(32);
  expect([...memory.held.values()].join()).not.toContain(seed);
});

test.each<[string, (memory: ReturnType<typeof store>, secrets: ReturnType<typeof store>) => void]>([
  ['without its key', (_, secrets) => secrets.held.clear()],
  [
    'with the key of another',
    (_, secrets) => secrets.held.forEach((__, key) => secrets.set(key, 'A'.repeat(43) + '=')),
  ],
  ['with a broken key', (_, secrets) => secrets.held.forEach((__, key) => secrets.set(key, '%%%'))],
  ['with an id that nobody can read', (memory) => memory.held.forEach((_, key) => memory.set(key, '{'))],
  ['without an id', (memory) => memory.held.clear()],
])('[L10] %s it is a new device', (_title, happens) => {
  const [memory, secrets] = [store(), store()];
  const device = aDevice(memory, secrets);
  happens(memory, secrets);
  const other = aDevice(memory, secrets);
  expect(other.deviceId).not.toBe(device.deviceId);
  expect(other.pairing().publicKey).not.toBe(device.pairing().publicKey);
  expect(aDevice(memory, secrets).deviceId).toBe(other.deviceId);
});

test('a forked device gets another id and key, forgets the old key and remembers the old id', async () => {
  const [memory, secrets] = [store(), store()];
  const device = aDevice(memory, secrets);
  const [old, oldKey] = [device.deviceId, device.pairing().publicKey];
  await device.newDevice();
  expect(device.deviceId).not.toBe(old);
  expect(device.pairing().publicKey).not.toBe(oldKey);
  expect(isSignedBy(device, device.sign(words))).toBe(true);
  expect(aDevice(memory, secrets).deviceId).toBe(device.deviceId);
  expect([...memory.held.values()].join()).toContain(old);
  expect(secrets.held.size).toBe(1);
});

test('a device that dies between key and id is still the old one', () => {
  const [memory, secrets] = [store(), store()];
  const device = aDevice(memory, secrets);
  const full: Memory = { get: memory.get, set: () => undefined };
  void aDevice(full, secrets).newDevice();
  expect(aDevice(memory, secrets).deviceId).toBe(device.deviceId);
});

test.each([
  ['  Marek’s\nphone ', 'Marek’s phone'],
  ['x'.repeat(80), 'x'.repeat(60)],
  ['📱'.repeat(40), '📱'.repeat(30)],
  [' \u0000 ', 'android'],
])('the name %j goes over the wire as %j', (name, sent) => {
  expect(aDevice(store(), store(), { name: () => name }).pairing().name).toBe(sent);
});

test('secrets stand in the secret storage where it keeps them, and else in the memory of this device', () => {
  const [memory, kept] = [store(), new Map<string, string>()];
  const storage = {
    setSecret: (id: string, secret: string) => void kept.set(id, secret),
    getSecret: (id: string) => kept.get(id) ?? null,
  };
  const good = deviceSecrets({ secretStorage: storage } as never, memory);
  good.set('operary-device-1', 'seed');
  expect([good.get('operary-device-1'), memory.held.size]).toEqual(['seed', 0]);
  good.set('operary-device-1', undefined);
  expect(good.get('operary-device-1')).toBeUndefined();

  const locked = { ...storage, setSecret: () => expect.fail('locked'), getSecret: () => null };
  for (const secretStorage of [locked, undefined]) {
    const poor = deviceSecrets({ secretStorage } as never, memory);
    poor.set('operary-device-2', 'seed');
    expect(poor.get('operary-device-2')).toBe('seed');
    poor.set('operary-device-2', undefined);
    expect([poor.get('operary-device-2'), memory.held.size]).toEqual([undefined, 0]);
  }
});
