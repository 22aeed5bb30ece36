/** A shared tablet: people come once with their token, then take over with a PIN; against a real server where it takes part. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derivePin, deviceRandom } from '../../plugin/device/keys.ts';
import type { Link } from '../../plugin/link.ts';
import type { Memory } from '../../plugin/notes/ports.ts';
import { createPeople, type People, type PeopleParts } from '../../plugin/people.ts';
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import { base64, utf8 } from '../../shared/kernel/bytes.ts';
import { derivedId, uuidV7 } from '../../shared/kernel/ids.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { features } from '../../shared/features/index.ts';
import { signerFromSeed } from '../../shared/proof/ed25519.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { manualClock, type ManualClock } from '../kit/manual-clock.ts';

const register = createRegister(features);
const MINUTE = 60_000;
const OWNER = { id: derivedId('owner'), kind: 'user', role: 'operator', areas: [] };

function store(): Memory & { readonly held: Map<string, string> } {
  const held = new Map<string, string>();
  return {
    held,
    get: (key) => held.get(key),
    set: (key, value) => void (value === undefined ? held.delete(key) : held.set(key, value)),
  };
}

interface Tablet {
  readonly memory: ReturnType<typeof store>;
  readonly clock: ManualClock;
  device: string;
  organisation: string;
  linkAs: PeopleParts['linkAs'];
  idle: number;
  /** The app starts. */
  open(): People;
}

const offline: Link = {
  request: () => Promise.reject(new Error('net::ERR_INTERNET_DISCONNECTED')),
  socket: () => expect.fail('no socket'),
};

/** One that does not know anybody but the one whose token it is asked with. */
const simpleServer =
  (org: string) =>
  (token: string): Link => ({
    ...offline,
    request: (method) =>
      Promise.resolve({
        status: 200,
        json: method === 'GET' ? { organisation: org, me: { ...OWNER, id: derivedId(token) } } : {},
        bytes: new Uint8Array(),
      }),
  });

function tablet(): Tablet {
  const it: Tablet = {
    memory: store(),
    clock: manualClock(),
    device: derivedId('tablet'),
    organisation: 'org',
    linkAs: simpleServer('org'),
    idle: 0,
    open: () =>
      createPeople({
        memory: it.memory,
        register,
        clock: it.clock,
        linkAs: (token) => it.linkAs(token),
        // Fewer rounds, so that the test does not wait; the last test takes the device's own.
        derive: (pin, salt) => derivePin(pin, salt, 1),
        random: deviceRandom,
        unique: () => 'key',
        deviceId: () => it.device,
        organisation: () => it.organisation,
        nameOf: (user) => NAMES[user] ?? 'Somebody',
        idleMinutes: () => it.idle,
      }),
  };
  return it;
}

const marek = derivedId('marek');
const dana = derivedId('dana');
const NAMES: Record<string, string> = { [marek]: 'Marek', [dana]: 'Dana', [OWNER.id]: 'Owner' };

/** Marek and Dana both have PINs; Dana was the last. */
async function withTwo(): Promise<{ it: Tablet; people: People }> {
  const it = tablet();
  const people = it.open();
  people.met(OWNER);
  await people.add('marek');
  await people.setPin(marek, '1234');
  await people.add('dana');
  await people.setPin(dana, '987654');
  return { it, people };
}

test('a device of one person asks for nothing and never locks', async () => {
  const it = tablet();
  const people = it.open();
  expect([people.active, people.refusal()]).toEqual([undefined, undefined]);
  people.met(OWNER);
  it.idle = 5;
  people.lock();
  await it.clock.pass(60 * MINUTE);
  expect([people.active?.name, people.isLocked, people.refusal()]).toEqual(['Owner', false, undefined]);
});

test('without a network a person takes over with a PIN, and every entry is theirs from then on, after a restart too', async () => {
  const { it, people } = await withTwo();
  it.linkAs = () => offline;
  expect(people.active).toMatchObject({ user: dana, name: 'Dana', hasPin: true });
  expect(await people.takeOver(marek, '1234')).toBeUndefined();
  expect(people.active?.user).toBe(marek);
  expect(it.open().active?.user).toBe(marek);
  people.lock();
  expect([people.active, people.isLocked, people.refusal()?.refused]).toEqual([undefined, true, 'unauthenticated']);
  expect(it.open().isLocked).toBe(true);
  expect(await people.takeOver(dana, '987654')).toBeUndefined();
  expect([people.active?.user, people.refusal()]).toEqual([dana, undefined]);
});

describe('a wrong PIN', () => {
  const detail = async (people: People, pin: string) => (await people.takeOver(marek, pin))?.detail;

  test('five in a row make a pause, which grows, survives a restart, and is not shortened by the right one', async () => {
    const { it, people } = await withTwo();
    for (const left of ['4 tries are', '3 tries are', '2 tries are', 'One try is'])
      expect(await detail(people, '0000')).toBe(`Wrong PIN. ${left} left before a pause.`);
    expect(await detail(people, '0000')).toBe('Too many wrong PINs. Try again in 30 seconds.');
    expect(people.active?.user).toBe(dana);
    await it.clock.pass(10_000);
    const again = it.open();
    expect(await detail(again, '1234')).toBe('Too many wrong PINs. Try again in 20 seconds.');
    await it.clock.pass(20_000);
    expect(await detail(again, '0000')).toBe('Too many wrong PINs. Try again in 60 seconds.');
    await it.clock.pass(60_000);
    for (let i = 0; i < 8; i++) {
      await detail(again, '0000');
      await it.clock.pass(15 * MINUTE);
    }
    await detail(again, '0000');
    expect(await detail(again, '1234')).toBe('Too many wrong PINs. Try again in 15 minutes.');
    await it.clock.pass(15 * MINUTE);
    expect(await detail(again, '1234')).toBeUndefined();
    expect(await detail(again, '0000')).toContain('4 tries');
  });

  test('closing the app while it is checked wins no further try, nor do many at once', async () => {
    const { it, people } = await withTwo();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => people.takeOver(marek, `00${10 + i}`)));
    expect(answers.filter((refusal) => refusal?.detail.startsWith('Wrong'))).toHaveLength(4);
    expect((await it.open().takeOver(marek, '1234'))?.detail).toContain('Too many');
  });

  test('another person is not paused with them', async () => {
    const { people } = await withTwo();
    for (let i = 0; i < 5; i++) await people.takeOver(marek, '0000');
    expect(await people.takeOver(dana, '987654')).toBeUndefined();
  });

  test('a clock that is set back does not make the pause longer than it was', async () => {
    const { it } = await withTwo();
    for (let i = 0; i < 5; i++) await it.open().takeOver(marek, '0000');
    const earlier: Tablet = { ...it, clock: manualClock(it.clock.now() - 365 * 24 * 60 * MINUTE) };
    const parts = tablet();
    const people = createPeople({
      memory: it.memory,
      register,
      clock: earlier.clock,
      linkAs: parts.linkAs,
      derive: (pin, salt) => derivePin(pin, salt, 1),
      random: deviceRandom,
      unique: () => 'key',
      deviceId: () => it.device,
      organisation: () => 'org',
      nameOf: () => 'Somebody',
      idleMinutes: () => 0,
    });
    expect(await detail(people, '1234')).toContain('30 seconds');
    await earlier.clock.pass(30_001);
    expect(await detail(people, '1234')).toBeUndefined();
  });

  test.each(['', '123', '123456789', '12a4', '１２３４', '-123'])('%j is no PIN', async (pin) => {
    const { people } = await withTwo();
    expect((await people.takeOver(marek, pin))?.refused).toBe('invalid-input');
    expect((await people.setPin(dana, pin))?.refused).toBe('invalid-input');
  });
});

describe('[L7] it says no', () => {
  test('to whoever wants to set the PIN of somebody else, or any while it is locked', async () => {
    const { people } = await withTwo();
    expect((await people.setPin(marek, '0000'))?.refused).toBe('unauthenticated');
    people.lock();
    expect((await people.setPin(dana, '0000'))?.refused).toBe('unauthenticated');
    expect(await people.takeOver(dana, '987654')).toBeUndefined();
  });

  test('to somebody unknown, and to somebody who never set a PIN, with what to do', async () => {
    const { people } = await withTwo();
    expect((await people.takeOver(derivedId('x'), '1234'))?.refused).toBe('not-found');
    expect((await people.takeOver(OWNER.id, '1234'))?.detail).toBe(
      'Owner has no PIN on this device. Add them with their token once more, then set one.',
    );
  });

  test('to a token of another organisation, of a machine, and to any without a network', async () => {
    const { it, people } = await withTwo();
    it.linkAs = simpleServer('another');
    expect(await people.add('new')).toMatchObject({
      detail: expect.stringContaining('another organisation') as string,
    });
    const machine = { organisation: 'org', me: { ...OWNER, kind: 'integration' } };
    it.linkAs = () => ({
      ...offline,
      request: () => Promise.resolve({ status: 200, json: machine, bytes: new Uint8Array() }),
    });
    expect(await people.add('new')).toMatchObject({ detail: expect.stringContaining('machine') as string });
    it.linkAs = () => offline;
    expect(await people.add('new')).toMatchObject({ refused: 'not-ready' });
    expect(people.all.map(({ name }) => name)).toEqual(['Owner', 'Marek', 'Dana']);
  });

  test('to removing the one whose token the device uses; others go', async () => {
    const { people } = await withTwo();
    expect(people.remove(OWNER.id)?.refused).toBe('invalid-input');
    expect(people.remove(dana)).toBeUndefined();
    expect([people.active, people.refusal()?.refused]).toEqual([undefined, 'unauthenticated']);
    expect([people.isLocked, people.remove(marek)?.refused]).toEqual([true, 'unauthenticated']);
    await people.takeOver(marek, '1234');
    expect(people.remove(marek)).toBeUndefined();
    expect([people.active?.name, people.refusal()]).toEqual(['Owner', undefined]);
  });
});

describe('idle', () => {
  test('it locks after the minutes of the setting, not while somebody touches it, and tells the screen', async () => {
    const { it, people } = await withTwo();
    it.idle = 5;
    people.touched();
    let heard = 0;
    people.onChange(() => (heard += 1));
    for (let i = 0; i < 20; i++) {
      await it.clock.pass(MINUTE);
      people.touched();
    }
    expect(people.isLocked).toBe(false);
    heard = 0;
    await it.clock.pass(5 * MINUTE + 1);
    expect([people.isLocked, heard]).toEqual([true, 1]);
    people.touched();
    expect(people.isLocked).toBe(true);
  });

  test('a device that slept, was closed, or whose clock was set back is locked when it wakes', async () => {
    const { it, people } = await withTwo();
    it.idle = 5;
    people.touched();
    people.stop();
    await it.clock.pass(6 * MINUTE);
    expect(it.open().isLocked).toBe(true);
    await people.takeOver(dana, '987654');
    const earlier = { ...JSON.parse(it.memory.held.get('people')!), seen: it.clock.now() + 60 * MINUTE } as object;
    it.memory.set('people', JSON.stringify(earlier));
    expect(it.open().isLocked).toBe(true);
  });
});

test('[L10] a device with a new identity makes no entry for people whom the server does not know on it', async () => {
  const { it, people } = await withTwo();
  it.device = derivedId('another device');
  expect([people.active, people.refusal()?.detail]).toEqual([
    undefined,
    'This device has a new identity. Dana must be added with their token once more.',
  ]);
  expect((await people.takeOver(marek, '1234'))?.detail).toContain('token once more');
  expect(isRefusal(await people.add('marek'))).toBe(false);
  expect([people.active?.user, people.active?.hasPin, people.refusal()]).toEqual([marek, true, undefined]);
});

test('[L14] with the token of another organisation nobody of the first is left, and another owner takes over at once', async () => {
  const { it, people } = await withTwo();
  people.met({ ...OWNER, id: derivedId('second owner') });
  expect(people.all.map(({ user }) => user)).toEqual([marek, dana, derivedId('second owner')]);
  expect(people.active?.user).toBe(derivedId('second owner'));
  it.organisation = 'another';
  people.met({ ...OWNER, id: derivedId('third') });
  expect(people.all.map(({ user }) => user)).toEqual([derivedId('third')]);
  expect(people.refusal()).toBeUndefined();
});

test('what is kept holds no PIN and no token', async () => {
  const { it } = await withTwo();
  const kept = [...it.memory.held.values()].join();
  expect(kept).not.toMatch(/1234"|987654|"token/);
  const { people } = JSON.parse(it.memory.held.get('people')!);
  expect(people[1].pin).toMatchObject({ iterations: 300_000 });
  expect(people[1].pin.salt).not.toBe(people[2].pin.salt);
});

test('what nobody can read is as if nobody had been there', () => {
  const it = tablet();
  it.memory.set('people', '{"people":');
  expect([it.open().all, it.open().refusal()]).toEqual([[], undefined]);
});

test('the PIN is PBKDF2 with HMAC-SHA-256', async () => {
  // RFC 7914, section 11.
  const derived = await derivePin('passwd', utf8('salt'), 1);
  expect(Buffer.from(derived).toString('hex')).toBe('55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc');
});

describe('with the server', () => {
  let server: AServer;
  let plant: Plant;
  beforeAll(async () => {
    server = await aServer();
    plant = await server.plant();
  });
  afterAll(() => server.close());

  const linkAs = (token: string): Link => ({
    ...offline,
    async request(method, path, body, key) {
      const {
        status,
        body: json,
        bytes,
      } = await server.ask(`${method} ${path}`, {
        token,
        body,
        ...(key === undefined ? {} : { key }),
      });
      return { status, json, bytes };
    },
  });

  test('[L10] whoever was added with a token is the author of what the device signs; a stranger is not', async () => {
    const owner = await server.token(plant, 'operator', { user: 'Ben' });
    const engineer = await server.token(plant, 'maintenance_engineer', { user: 'Marek', areas: ['leeds'] });
    const stranger = await server.token(plant, 'operator', { user: 'Nia' });
    const signer = signerFromSeed(deviceRandom(32));
    let made = 0;
    const say = async (type: string, subject: string, body: object, author?: string) => {
      const asked = {
        ...{ id: uuidV7(Date.now(), deviceRandom(10)), type, v: 1, subject, body, deviceSeq: ++made, observedSeq: 0 },
        ...{ occurredAt: new Date().toISOString(), tz: 'Europe/London', clockOffsetMs: 0 },
        ...(author ? { author } : {}),
      };
      const sig = base64(signer.sign(utf8(canonical(asked as Json))));
      const answer = await server.ask('POST /v1/sync/commands', {
        token: owner.token,
        body: { deviceId: it.device, commands: [{ ...asked, sig }] },
      });
      return answer.body.outcomes[0];
    };
    const it = tablet();
    it.device = uuidV7(Date.now(), deviceRandom(10));
    it.organisation = plant.org;
    it.linkAs = linkAs;
    const people = it.open();
    people.met({ id: owner.user, kind: 'user', role: 'operator', areas: [] });

    expect(await people.add(engineer.token)).toMatchObject({ refused: 'not-ready' });
    const pairing = { name: 'Tablet', publicKey: base64(signer.publicKey), platform: 'android' };
    expect(await say('devices.pair', it.device, pairing)).toMatchObject({ outcome: 'accepted' });
    const added = await people.add(` ${engineer.token}\n`);
    expect(added).toMatchObject({ user: engineer.user, role: 'maintenance_engineer', areas: ['leeds'] });
    expect(await people.add(engineer.token)).toMatchObject({ user: engineer.user });
    expect(await people.add(owner.token)).toMatchObject({ user: owner.user });

    const task = uuidV7(Date.now(), deviceRandom(10));
    const wanted = { title: 'Check pump', area: 'leeds/packaging' };
    expect(await say('tasks.create', task, wanted, people.all[0]!.user)).toMatchObject({ outcome: 'accepted' });
    const other = uuidV7(Date.now(), deviceRandom(10));
    expect(await say('tasks.create', other, wanted, stranger.user)).toMatchObject({ outcome: 'rejected' });
    const [event] = (await server.ledger.events(plant.org, 0, 1000)).filter(({ type }) => type === 'task.created');
    expect(event).toMatchObject({ actor: { id: engineer.user }, device: it.device });
  });

  test('a token that the server does not know is answered in its words, and stands in no log', async () => {
    const it = tablet();
    it.organisation = plant.org;
    it.linkAs = linkAs;
    const people = it.open();
    expect(await people.add('opy_live_nonsense')).toMatchObject({ refused: 'unauthenticated' });
    expect(people.all).toEqual([]);
    expect(server.lines.join()).not.toContain('nonsense');
  });
});

test('the device’s own check of a PIN', async () => {
  const it = tablet();
  let rounds = 0;
  const people = createPeople({
    memory: it.memory,
    register,
    clock: it.clock,
    linkAs: it.linkAs,
    derive: (pin, salt, iterations) => {
      rounds = iterations;
      return derivePin(pin, salt, iterations);
    },
    random: deviceRandom,
    unique: () => 'key',
    deviceId: () => it.device,
    organisation: () => 'org',
    nameOf: () => 'Somebody',
    idleMinutes: () => 0,
  });
  people.met(OWNER);
  await people.setPin(OWNER.id, '4711');
  expect((await people.takeOver(OWNER.id, '4712'))?.refused).toBe('unauthenticated');
  expect(await people.takeOver(OWNER.id, '4711')).toBeUndefined();
  expect(rounds).toBeGreaterThanOrEqual(300_000);
});
