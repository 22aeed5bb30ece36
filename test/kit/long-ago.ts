/** A plant that has run for years: the sealed night of the story, once for every eight hours back, as a snapshot brings it to a device. */
import type { HostPorts } from '../../plugin/host-ports.ts';
import type { Held } from '../../plugin/replica.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { derivedId } from '../../shared/kernel/ids.ts';
import { aDevice, aDisk, type ADevice, type Disk } from './a-device.ts';
import { aTask } from './given.ts';
import { sealedNight } from './handover.ts';
import { manualClock, rest } from './manual-clock.ts';
import { ana, ORG } from './people.ts';
import type { Plant } from './plant.ts';
import { scriptedLink, type ScriptedLink } from './scripted-link.ts';
import { replicaOf } from './vault-of.ts';

const EIGHT_HOURS = 8 * 3_600_000;

export interface LongAgo {
  readonly plant: Plant;
  readonly items: readonly Held[];
}

export async function longAgo(sealed: number): Promise<LongAgo> {
  const plant = await sealedNight(aTask('in_progress'));
  const all = [...(await replicaOf(plant)).everything()];
  const last = all.find(({ kind }) => kind === 'shift')!;
  const before = Array.from({ length: sealed - 1 }, (_, n) => earlier(last, n + 1));
  return { plant, items: [last, ...before, ...all.filter((held) => held !== last)] };
}

function earlier(held: Held, times: number): Held {
  const { from, to, seal, ...state } = held.state as ShiftState;
  const back = (at: string): string => new Date(Date.parse(at) - times * EIGHT_HOURS).toISOString();
  return {
    ...held,
    id: derivedId('test', 'shift', `earlier ${times}`),
    number: held.number! + times,
    state: { ...state, from: back(from), to: back(to), seal: { ...seal!, at: back(seal!.at) } },
  };
}

export interface Visitor extends ADevice {
  readonly link: ScriptedLink;
}

/** A device that meets this plant, with a window of so many days. */
export async function visit(
  { plant, items }: LongAgo,
  days: number,
  disk: Disk = aDisk(),
  more: Partial<Omit<HostPorts, 'clock'>> = {},
): Promise<Visitor> {
  const { id, kind, role, areas } = ana;
  const me = { id, kind, role, areas };
  const head = await plant.head();
  const link = scriptedLink({
    'GET /v1/sync/snapshot': () => ({ json: { head, instance: 'one', organisation: ORG, me, items, next: null } }),
    'POST /v1/sync/tickets': () => ({ status: 201, json: { ticket: 'once' } }),
  });
  const clock = manualClock(Date.parse(plant.now()));
  const device = aDevice(plant.register, link, { disk, clock, pastDays: () => days, ...more });
  device.host.start();
  for (let tries = 0; device.host.timing.all === undefined && tries < 5000; tries++) {
    await clock.pass(0);
    await rest();
  }
  return { ...device, link };
}
