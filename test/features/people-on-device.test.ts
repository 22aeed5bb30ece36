/** A shared tablet: people come once with their token, then take over with a PIN, also without a network. */
import { describe, expect, test } from 'vitest';
import { derivedId } from '../../shared/kernel/ids.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { dana, marek, MINUTE, offline, OWNER, simpleServer, tablet, withTwo } from '../kit/shared-tablet.ts';

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
    const earlier = { ...JSON.parse(it.memory.all.get('people')!), seen: it.clock.now() + 60 * MINUTE } as object;
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

test('what nobody can read is as if nobody had been there', () => {
  const it = tablet();
  it.memory.set('people', '{"people":');
  expect([it.open().all, it.open().refusal()]).toEqual([[], undefined]);
});
