/**
 * A night in the cellar: Marek works without a network for hours while Priya's shift is handed over and sealed without him. He surfaces,
 * retypes nothing, and every device shows the same truth. Real server on disk, real hosts, everything of a device but its screen.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openBlobs } from '../../plugin/device/blobs.ts';
import { derivePin, deviceRandom, digestOf } from '../../plugin/device/keys.ts';
import { createEvidence, type Evidence } from '../../plugin/evidence/evidence.ts';
import { createIdentity } from '../../plugin/identity.ts';
import { findPeoples } from '../../plugin/notes/people.ts';
import { createPeople, type People } from '../../plugin/people.ts';
import type { Kept as KeptText } from '../../plugin/prose/ports.ts';
import { statusOf } from '../../plugin/status.ts';
import { useNativeCrypto } from '../../server/native.ts';
import { features } from '../../shared/features/index.ts';
import { sha256Hex, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { ADDENDA, FILE } from '../../shared/proof/layout.ts';
import { parseSealText } from '../../shared/proof/seal.ts';
import type { Entry } from '../../shared/sync/outbox.ts';
import { openPlant, type Plant } from '../demo/plant.ts';
import { aDevice, aDisk, type ADevice, type Disk } from '../kit/a-device.ts';
import { operary } from '../kit/a-cli.ts';
import { aServer, type AServer } from '../kit/a-server.ts';
import { needs, run, shell } from '../kit/cli.ts';
import { manualClock } from '../kit/manual-clock.ts';
import { nodeLink, type NodeLink } from '../kit/node-link.ts';
import { listed, refusal, type Event, type Shift, type Task } from '../kit/shapes.ts';
import { commandsIn, downloadBundle, unpack, VERIFY_PY, type Files } from '../kit/stranger.ts';

const PACKAGING = 'leeds/packaging';
const SHIFT_NOTE = 'Operary/Shifts/2026-11-20 leeds-packaging Night.md';
const SEALED = 'Operary/Sealed/2026-11-20 leeds-packaging Night (sealed).md';
const AUDIT = 'Operary/Audit/2026-11-20 leeds-packaging Night (audit).md';
const ADDENDUM = 'Operary/Sealed/2026-11-20 leeds-packaging Night (late entries).md';
const PUMP_NOTE = 'Operary/Tasks/T-1 Pump 3 leaks.md';
const register = createRegister(features);

/** One time for all; it runs while a test waits, and jumps when the story says so. */
const timers = manualClock(Date.parse('2026-11-20T21:55:00Z'));
let skipped = 0;
const clock = { ...timers, now: () => timers.now() + skipped };
function at(time: string): void {
  const to = Date.parse(time.length > 5 ? time : `${time >= '12' ? '2026-11-20' : '2026-11-21'}T${time}:00Z`);
  if (to < clock.now()) throw new Error(`It is later than ${time} already.`);
  skipped += to - clock.now();
}

interface Handheld extends ADevice {
  readonly wire: NodeLink;
  readonly people: People;
  readonly evidence: Evidence;
}

/** What of a device outlives its app. */
interface Kept {
  readonly disk: Disk;
  readonly token: string;
  readonly name: string;
  readonly photos: IDBFactory;
  readonly texts: Map<string, KeptText>;
  readonly secrets: Map<string, string>;
}

const aHandheld = (name: string, token: string): Kept => ({
  ...{ name, token, disk: aDisk(name), photos: new IDBFactory() },
  ...{ texts: new Map<string, KeptText>(), secrets: new Map<string, string>() },
});

let server: AServer;
let plant: Plant;
let org: { readonly org: string; readonly root: string };
let base: string;
const open: Handheld[] = [];

/** The app starts. */
function start({ disk, token, name, photos, texts, secrets }: Kept, fault?: NodeLink['fault']): Handheld {
  const wire = nodeLink(server.url, token);
  if (fault) wire.fault = fault;
  const { memory } = disk;
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
  const evidence: Evidence = createEvidence({
    ...{ blobs: openBlobs(photos, 'photos'), send: wire.bytes, clock, digest: digestOf },
    attention: { tell: (about, sentence) => device.attention.tell(about, sentence) } as ADevice['attention'],
  });
  // Node stamps its answers with its own time, which is not the story's.
  const request: typeof wire.link.request = async (...asked) => {
    const { date: _date, ...reply } = await wire.link.request(...asked);
    return reply;
  };
  const device = aDevice(register, { ...wire.link, request }, {
    ...{ disk, clock, identity, people, evidence },
    texts: {
      lines: wire.rooms,
      store: {
        load: async () => [...texts.values()],
        put: async (one) => void texts.set(one.entity, structuredClone(one)),
      },
    },
  });
  void evidence.start();
  device.host.start();
  const handheld = { ...device, wire, people, evidence };
  open.push(handheld);
  return handheld;
}

/** Gone at once; what an editor had saved is there. */
function kill(device: Handheld): void {
  const { vault } = device.disk;
  for (const path of [...vault.editors.keys()]) vault.editor.close(path);
  device.close();
  device.evidence.stop();
  device.people.stop();
  device.wire.cut();
  open.splice(open.indexOf(device), 1);
}

/** Lets time pass until this is so. While a request is under way it stands still. */
async function until(what: string, is: () => unknown): Promise<void> {
  for (let tries = 0; !(await is()); tries++) {
    if (tries > 4000) throw new Error(`Never: ${what}.`);
    if (!open.some(({ wire }) => wire.inFlight)) await timers.pass(100);
    await pause(4);
  }
  for (const { host } of open) await host.notebook.idle();
}
const isLive = ({ host }: Handheld): boolean => host.connection.state.kind === 'live';
const live = (device: Handheld): Promise<void> => until('it is live', () => isLive(device));
/** Both have all there is, and have sent all they have. */
const inStep = (...devices: readonly Handheld[]): Promise<void> =>
  until('everybody is in step', async () => {
    await server.settled();
    const head = await server.ledger.head(org.org);
    return devices.every(({ host }) => isLive(host as never) || (host.position === head && host.waiting === 0));
  });
