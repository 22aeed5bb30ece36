/** Devices as people hold them, with everything but the screen, at a real server on disk; one clock for all, which the story moves. */
import { setTimeout as pause } from 'node:timers/promises';
import { IDBFactory } from 'fake-indexeddb';
import { createAttention } from '../../plugin/attention.ts';
import { openBlobs } from '../../plugin/device/blobs.ts';
import { derivePin, deviceRandom, digestOf } from '../../plugin/device/keys.ts';
import { createEvidence, type Evidence } from '../../plugin/evidence/evidence.ts';
import { createIdentity } from '../../plugin/identity.ts';
import { findPeoples } from '../../plugin/notes/people.ts';
import { createPeople, type People } from '../../plugin/people.ts';
import type { Kept as KeptText } from '../../plugin/prose/ports.ts';
import { statusOf } from '../../plugin/status.ts';
import { features } from '../../shared/features/index.ts';
import { sha256Hex } from '../../shared/kernel/bytes.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import type { Entry } from '../../shared/sync/outbox.ts';
import { aDevice, aDisk, type ADevice, type Disk } from './a-device.ts';
import { aServer, type AServer } from './a-server.ts';
import { manualClock } from './manual-clock.ts';
import { nodeLink, type NodeLink } from './node-link.ts';

/** What of a device outlives its app. */
export interface Handheld {
  readonly name: string;
  readonly token: string;
  readonly disk: Disk;
  readonly photos: IDBFactory;
  readonly texts: Map<string, KeptText>;
  readonly secrets: Map<string, string>;
}

export const aHandheld = (name: string, token: string): Handheld => ({
  ...{ name, token, disk: aDisk(name), photos: new IDBFactory() },
  ...{ texts: new Map<string, KeptText>(), secrets: new Map<string, string>() },
});

/** A device whose app is open. */
export interface InHand extends ADevice {
  readonly wire: NodeLink;
  readonly people: People;
  readonly evidence: Evidence;
}

export interface Yard {
  readonly server: AServer;
  /** `22:30` of the night that began the story, or a time in full; never back. */
  at(time: string): void;
  /** The app starts, on a line that is like this. */
  start(kept: Handheld, fault?: NodeLink['fault']): InHand;
  /** The app is gone at once; what an editor had saved is there. */
  kill(device: InHand): void;
  /** Lets time pass until this is so. While a request is under way it stands still. */
  until(what: string, is: () => unknown): Promise<void>;
  down(device: InHand): Promise<void>;
  up(device: InHand, fault?: NodeLink['fault']): Promise<void>;
  /** All have what there is, and have sent all they have. */
  inStep(org: string, ...devices: readonly InHand[]): Promise<void>;
  close(): Promise<void>;
}

const register = createRegister(features);
const AWAY: NodeLink['fault'] = () => 'no answer';

export async function aYard(begins: string, data: string): Promise<Yard> {
  const timers = manualClock(Date.parse(begins));
  let skipped = 0;
  const clock = { ...timers, now: () => timers.now() + skipped };
  const server = await aServer({ on: 'disk', data, clock, heartbeatMs: 200 });
  const open = new Set<InHand>();

  function start({ disk, token, name, photos, texts, secrets }: Handheld, fault?: NodeLink['fault']): InHand {
    const wire = nodeLink(server.url, token);
    if (fault) wire.fault = fault;
    const { memory } = disk;
    const attention = createAttention(clock.now, () => undefined);
    const identity = createIdentity({
      ...{ memory, random: deviceRandom, now: clock.now, platform: 'Test tablet', name: () => name },
      secrets: {
        get: (key) => secrets.get(key),
        set: (key, secret) => void (secret === undefined ? secrets.delete(key) : secrets.set(key, secret)),
      },
      person: () => people.active?.user,
    });
    const people: People = createPeople({
      ...{ memory, register, clock, derive: derivePin, random: deviceRandom, idleMinutes: () => 0 },
      linkAs: (other) => nodeLink(server.url, other).link,
      unique: () => sha256Hex(deviceRandom(16)),
      deviceId: () => identity.deviceId,
      organisation: () => device.host.organisation,
      nameOf: (user) => device.host.scribe.around().userName(user),
    });
    const blobs = openBlobs(photos, 'photos');
    const evidence = createEvidence({ blobs, send: wire.bytes, clock, attention, digest: digestOf });
    // Node stamps its answers with its own time, which is not the story's.
    const request: NodeLink['link']['request'] = async (...asked) => {
      const { date: _date, ...reply } = await wire.link.request(...asked);
      return reply;
    };
    const store = {
      load: async () => [...texts.values()],
      put: async (one: KeptText) => void texts.set(one.entity, structuredClone(one)),
    };
    const device: ADevice = aDevice(
      register,
      { ...wire.link, request },
      { disk, clock, attention, identity, people, evidence, texts: { lines: wire.rooms, store } },
    );
    void evidence.start();
    device.host.start();
    const inHand = { ...device, attention, wire, people, evidence };
    open.add(inHand);
    return inHand;
  }

  function kill(device: InHand): void {
    const { editors, editor } = device.disk.vault;
    for (const path of [...editors.keys()]) editor.close(path);
    device.close();
    device.evidence.stop();
    device.people.stop();
    device.wire.cut();
    open.delete(device);
  }

  async function until(what: string, is: () => unknown): Promise<void> {
    for (let tries = 0; !(await is()); tries++) {
      if (tries > 2500) throw new Error(`Never: ${what}.`);
      if (![...open].some(({ wire }) => wire.inFlight)) await timers.pass(100);
      await pause(4);
    }
    for (const { host } of open) await host.notebook.idle();
  }

  return {
    server,
    at(time) {
      const day = (days: number): string => new Date(Date.parse(begins) + days * 86_400_000).toISOString().slice(0, 10);
      const to = Date.parse(time.length > 5 ? time : `${day(time < begins.slice(11, 16) ? 1 : 0)}T${time}:00Z`);
      if (to < clock.now()) throw new Error(`It is later than ${time} already.`);
      skipped += to - clock.now();
    },
    start,
    kill,
    until,
    async down(device) {
      device.wire.fault = AWAY;
      device.wire.cut();
      await until('it is offline', () => device.host.connection.state.kind === 'offline');
    },
    async up(device, fault = () => 'none') {
      device.wire.fault = fault;
      device.host.wake();
      await until('it is live', () => isLive(device));
    },
    inStep: (org, ...devices) =>
      until('everybody is in step', async () => {
        await server.settled();
        const head = await server.ledger.head(org);
        return devices.every((one) => isLive(one) && one.host.position === head && one.host.waiting === 0);
      }),
    async close() {
      for (const device of [...open]) kill(device);
      await server.close();
    },
  };
}

export const isLive = ({ host }: InHand): boolean => host.connection.state.kind === 'live';

export const statusWords = ({ host, attention }: InHand): string =>
  statusOf(host, attention.all.length, (time) => new Date(time).toISOString().slice(11, 16)).words;

export const ask = (device: InHand, type: string, subject: { readonly id: string } | undefined, input: object = {}) => {
  const { kind } = register.commands.get(type)!.feature;
  return device.host.asking.ask({
    type,
    input: { ...input },
    ...(subject ? { subject: { kind, id: subject.id } } : {}),
  });
};

/** As its person sees it: in the editor where it is open. */
export const noteOf = ({ disk: { vault } }: InHand, path: string): string | undefined =>
  vault.editors.get(path) ?? vault.texts.get(path);

export const notesOf = (device: InHand): ReadonlyMap<string, string> =>
  new Map([...device.disk.vault.texts.keys()].sort().map((path) => [path, noteOf(device, path)!]));

/** In the part of the note that is people's, in an open editor. */
export function type(device: InHand, path: string, edit: (text: string) => string): void {
  const { editors, editor } = device.disk.vault;
  if (!editors.has(path)) editor.open(path);
  device.host.shown([...editors.keys()]);
  editor.type(path, (all) => {
    const found = findPeoples(all);
    if (found.kind !== 'here') throw new Error(`The notes of ${path} are ${found.kind}.`);
    const { innerFrom, innerTo } = found.found;
    return `${all.slice(0, innerFrom)}${edit(found.text)}\n${all.slice(innerTo)}`;
  });
}

export function typedIn(device: InHand, path: string): string {
  const found = findPeoples(noteOf(device, path) ?? '');
  return found.kind === 'here' ? found.text : `(${found.kind})`;
}

/** What the device has recorded, in its order. */
export const entriesOf = ({ disk }: Pick<InHand, 'disk'>): readonly Entry[] =>
  [...disk.second.rows.values()]
    .map((row) => JSON.parse(row) as Entry)
    .sort((a, b) => a.command.deviceSeq - b.command.deviceSeq);
