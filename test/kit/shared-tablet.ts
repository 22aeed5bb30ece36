/** A tablet that several people share, with a memory of its own and servers that know nobody or everybody. */
import { expect } from 'vitest';
import { derivePin, deviceRandom } from '../../plugin/device/keys.ts';
import type { Link } from '../../plugin/link.ts';
import { createPeople, type People, type PeopleParts } from '../../plugin/people.ts';
import { features } from '../../shared/features/index.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { manualClock, type ManualClock } from './manual-clock.ts';
import { memoryMemory } from './memory-vault.ts';

export const MINUTE = 60_000;
export const OWNER = { id: derivedId('owner'), kind: 'user', role: 'operator', areas: [] };
export const marek = derivedId('marek');
export const dana = derivedId('dana');
const NAMES: Record<string, string> = { [marek]: 'Marek', [dana]: 'Dana', [OWNER.id]: 'Owner' };
const register = createRegister(features);

export interface Tablet {
  readonly memory: ReturnType<typeof memoryMemory>;
  readonly clock: ManualClock;
  device: string;
  organisation: string;
  linkAs: PeopleParts['linkAs'];
  idle: number;
  /** The app starts. */
  open(parts?: Partial<PeopleParts>): People;
}

export const offline: Link = {
  request: () => Promise.reject(new Error('net::ERR_INTERNET_DISCONNECTED')),
  socket: () => expect.fail('no socket'),
};

/** One that does not know anybody but the one whose token it is asked with. */
export const simpleServer =
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

export function tablet(): Tablet {
  const it: Tablet = {
    memory: memoryMemory(),
    clock: manualClock(),
    device: derivedId('tablet'),
    organisation: 'org',
    linkAs: simpleServer('org'),
    idle: 0,
    open: (parts = {}) =>
      createPeople({
        memory: it.memory,
        register,
        clock: it.clock,
        linkAs: (token) => it.linkAs(token),
        // Fewer rounds, so that tests do not wait; one test takes the device's own.
        derive: (pin, salt) => derivePin(pin, salt, 1),
        random: deviceRandom,
        unique: () => 'key',
        deviceId: () => it.device,
        organisation: () => it.organisation,
        nameOf: (user) => NAMES[user] ?? 'Somebody',
        idleMinutes: () => it.idle,
        ...parts,
      }),
  };
  return it;
}

/** Marek and Dana both have PINs; Dana was the last. */
export async function withTwo(): Promise<{ it: Tablet; people: People }> {
  const it = tablet();
  const people = it.open();
  people.met(OWNER);
  await people.add('marek');
  await people.setPin(marek, '1234');
  await people.add('dana');
  await people.setPin(dana, '987654');
  return { it, people };
}
