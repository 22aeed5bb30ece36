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
import { createAttention } from '../../plugin/attention.ts';
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
import { verifyBundle } from '../../shared/proof/verify.ts';
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
  const evidence: Evidence = createEvidence({
    ...{ blobs: openBlobs(photos, 'photos'), send: wire.bytes, clock, attention, digest: digestOf },
  });
  // Node stamps its answers with its own time, which is not the story's.
  const request: typeof wire.link.request = async (...asked) => {
    const { date: _date, ...reply } = await wire.link.request(...asked);
    return reply;
  };
  const device = aDevice(
    register,
    { ...wire.link, request },
    {
      ...{ disk, clock, attention, identity, people, evidence },
      texts: {
        lines: wire.rooms,
        store: {
          load: async () => [...texts.values()],
          put: async (one) => void texts.set(one.entity, structuredClone(one)),
        },
      },
    },
  );
  void evidence.start();
  device.host.start();
  const handheld = { ...device, attention, wire, people, evidence };
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
    return devices.every((one) => isLive(one) && one.host.position === head && one.host.waiting === 0);
  });

const words = ({ host, attention }: Handheld): string =>
  statusOf(host, attention.all.length, (time) => new Date(time).toISOString().slice(11, 16)).words;
const ask = (device: Handheld, type: string, subject: { readonly id: string }, input: object = {}) => {
  const { kind } = register.commands.get(type)!.feature;
  return device.host.asking.ask({ type, subject: { kind, id: subject.id }, input: { ...input } });
};
const note = ({ disk: { vault } }: Handheld, path: string): string =>
  vault.editors.get(path) ?? vault.texts.get(path) ?? '';
const notes = ({ disk: { vault } }: Handheld): string => [...vault.texts.values()].join('\n');

/** In the part of the note that is people's, in an open editor. */
function type(device: Handheld, path: string, edit: (text: string) => string): void {
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
const textIn = (device: Handheld, path: string): string => {
  const found = findPeoples(note(device, path));
  return found.kind === 'here' ? found.text : `(${found.kind})`;
};
const entries = ({ disk }: Handheld | Kept): readonly Entry[] =>
  [...disk.second.rows.values()]
    .map((row) => JSON.parse(row) as Entry)
    .sort((a, b) => a.command.deviceSeq - b.command.deviceSeq);

async function down(device: Handheld): Promise<void> {
  device.wire.fault = () => 'no answer';
  device.wire.cut();
  await until('it is offline', () => device.host.connection.state.kind === 'offline');
}
async function up(device: Handheld, fault: NodeLink['fault'] = () => 'none'): Promise<void> {
  device.wire.fault = fault;
  device.host.wake();
  await live(device);
}
/** At the foot of the stairs: words of texts and photos do not get through. */
const stairs =
  (commands: 'no answer' | 'lost answer'): NodeLink['fault'] =>
  (_method, path) =>
    path === '/v1/sync/commands' ? commands : /docs|files/.test(path) ? 'no answer' : 'none';

interface Known {
  readonly id: string;
  readonly name: string;
  readonly contact: {
    readonly outboxDepth: number;
    readonly received: number;
    readonly lastDeviceSeq: number;
    readonly gaps: readonly unknown[];
  };
}

let tablet: Kept;
let marek: Handheld;
let priya: Handheld;
let night: Shift;
const tasks: Task[] = [];
const photos = [utf8('T-3: the guard is fast again'), utf8('T-1: the new seal')];

beforeAll(async () => {
  useNativeCrypto();
  base = mkdtempSync(join(tmpdir(), 'operary-offline-'));
  server = await aServer({ on: 'disk', data: join(base, 'data'), clock, heartbeatMs: 200 });
  const founded = await server.plant('leeds');
  org = founded;
  plant = await openPlant(server.url, founded.admin);
  tablet = aHandheld("Marek's tablet", plant.tokens['marek']!);
  priya = start(aHandheld("Priya's laptop", plant.tokens['priya']!));
  marek = start(tablet);
  await until('both are paired', async () => (await listed(plant.admin, '/v1/devices')).length === 2);
  await inStep(marek, priya);
}, 60_000);
afterAll(async () => {
  for (const device of [...open]) kill(device);
  await server.close();
  rmSync(base, { recursive: true, force: true });
});
const tabletNow = async () =>
  await listed<Known>(plant.priya, '/v1/devices').then((all) =>
    plant.priya.get<Known>(`/v1/devices/${all.find(({ name }) => name === tablet.name)!.id}`),
  );
const pump = () => tasks[0]!;
const belt = () => tasks[1]!;
const guard = () => tasks[2]!;
const keep = async (bytes: Uint8Array): Promise<string> => {
  const kept = await marek.evidence.keep(bytes, 'photo.jpg', 'image/jpeg');
  if (isRefusal(kept)) throw new Error(kept.detail);
  return kept.sha256;
};

describe('in the cellar', () => {
  test('the night begins with everybody connected', async () => {
    const { ids } = plant;
    at('22:00');
    night = await plant.priya.post<Shift>('/v1/shifts', {
      ...{ area: PACKAGING, name: 'Night', from: '2026-11-20T22:00:00Z', to: '2026-11-21T06:00:00Z' },
    });
    await inStep(marek, priya);
    await ask(priya, 'shifts.start', night, { crew: [{ user: ids['marek'], role: 'maintenance_engineer' }] });
    for (const title of ['Pump 3 leaks', 'Belt 2 slips', 'Guard of filler 1 is loose'])
      tasks.push(
        await plant.priya.post<Task>('/v1/tasks', { title, area: PACKAGING, assignee: { user: ids['marek'] } }),
      );
    await inStep(marek, priya);
    for (const verb of ['acknowledge', 'start']) await ask(marek, `tasks.${verb}`, pump());
    type(priya, SHIFT_NOTE, () => 'From Late: watch pump 3 and belt 2 tonight.');
    await inStep(marek, priya);
    await until('he reads it', () => textIn(marek, SHIFT_NOTE).includes('belt 2'));
    await until('his device has kept what it knows', () => tablet.disk.lastSeen.kept?.includes('Guard of filler'));
    expect([words(marek), words(priya)]).toEqual(['Stored', 'Stored']);
    expect(entries(marek).map(({ command }) => command.type)).toEqual([
      'devices.pair',
      'tasks.acknowledge',
      'tasks.start',
    ]);
  });

  test('[L13] what he enters is saved here, shown as waiting, and counted', async () => {
    at('22:30');
    await down(marek);
    expect(words(marek)).toBe('Offline since 22:30');
    at('22:40');
    for (const [type, subject, input] of [
      ['tasks.acknowledge', belt(), {}],
      ['tasks.start', belt(), {}],
      ['shifts.log', night, { text: 'Valve 4 drips.', kind: 'observation' }],
      ['tasks.note', pump(), { text: 'The bolt is worn.' }],
    ] as const)
      expect(await ask(marek, type, subject, input)).toMatchObject({ kind: 'saved' });
    await marek.host.notebook.idle();
    expect(words(marek)).toBe('Offline since 22:30 · 4 waiting');
  });

  test('[L4] at the foot of the stairs they arrive, and the answer is lost: they wait on', async () => {
    at('23:40');
    await up(marek, stairs('lost answer'));
    await until(
      'they have arrived',
      async () => (await plant.marek.get<Shift>(`/v1/shifts/${night.id}`)).entries.length,
    );
    await until('his device has kept what it knows', () => tablet.disk.lastSeen.kept?.includes('Valve 4 drips.'));
    await down(marek);
    expect(words(marek)).toMatch(/^Offline since 23:4\d · 4 waiting$/);
  });

  test('[L13] the app is killed and one store purged: nothing is gone, and the work goes on', async () => {
    kill(marek);
    tablet.disk.first.rows.clear();
    at('2026-11-21T00:30:00Z');
    marek = start(tablet, () => 'no answer');
    await until('it has opened', () => marek.host.waiting === 4);
    await until('it is offline', () => marek.host.connection.state.kind === 'offline');
    expect(note(marek, SHIFT_NOTE).match(/Valve 4 drips/g)).toHaveLength(1);
    const made = await marek.host.asking.ask({
      type: 'tasks.create',
      input: { title: 'Grease nipple 7 is blocked', area: PACKAGING },
    });
    expect(made).toMatchObject({ kind: 'saved', entity: { ref: 'T-new' } });
    const earlier = { text: 'Pressure fell to 2 bar.', kind: 'reading', occurredAt: '2026-11-20T23:55:00Z' };
    for (const [type, subject, input] of [
      ['shifts.log', night, earlier],
      ['tasks.acknowledge', guard(), {}],
      ['tasks.start', guard(), {}],
    ] as const)
      expect(await ask(marek, type, subject, input)).toMatchObject({ kind: 'saved' });
    type(marek, SHIFT_NOTE, (text) => `${text.replace(' and belt 2', '')}\nWater on the cellar floor.`);
    type(marek, PUMP_NOTE, () => 'The old seal is in the box.');
    await until('texts wait', () => marek.host.waiting === 10);
    expect(words(marek)).toMatch(/^Offline since 00:3\d · 10 waiting$/);
    expect([...tablet.disk.vault.texts.keys()]).toContain('Operary/Tasks/T-new Grease nipple 7 is blocked.md');
  });

  test('[L13] killed again, with a photo that waits: only the greeting gets through from the stairs', async () => {
    at('02:00');
    expect(
      await ask(marek, 'tasks.complete', guard(), { note: 'Two new bolts.', evidence: [await keep(photos[0]!)] }),
    ).toMatchObject({ kind: 'saved' });
    kill(marek);
    at('03:00');
    marek = start(tablet, () => 'no answer');
    await until('it has opened', () => marek.host.waiting === 12);
    at('03:12');
    await up(marek, stairs('no answer'));
    expect(words(marek)).toBe('Saved here · 12 waiting');
    await until('it has greeted', async () => (await tabletNow()).contact.outboxDepth === 9);
    await down(marek);
  });

  test('what the stairs did not let through goes on growing: two more done, of which nobody above knows', async () => {
    at('04:00');
    await ask(priya, 'tasks.complete', pump(), { note: 'I changed the seal myself.' });
    await ask(priya, 'tasks.cancel', belt(), { reasonCode: 'not_needed' });
    at('04:30');
    const done = { note: 'New seal fitted.', evidence: [await keep(photos[1]!)] };
    expect(await ask(marek, 'tasks.complete', pump(), done)).toMatchObject({ kind: 'saved' });
    expect(await ask(marek, 'tasks.complete', belt(), { note: 'Belt tightened.' })).toMatchObject({ kind: 'saved' });
    expect(await ask(marek, 'shifts.log', night, { text: 'Tools put away.' })).toMatchObject({ kind: 'saved' });
    expect(words(marek)).toMatch(/^Offline since 03:1\d · 16 waiting$/);
    expect(entries(marek).map(({ command }) => command.deviceSeq)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
  });
});

let report: string;
let bundle: Files;
let before: readonly (string | undefined)[];
const sealedPair = ({ disk: { vault } }: Handheld) => [SEALED, AUDIT].map((path) => vault.texts.get(path));
const document = async (of: Shift, name: string) => (await plant.tom.ask('GET', `/v1/shifts/${of.id}/${name}`)).text();
let early: Shift;

describe('meanwhile, above', () => {
  test('[L7] Priya hands over, and the seal is not put over the missing device without a reason', async () => {
    at('05:00');
    type(priya, SHIFT_NOTE, (text) => `${text}\nLine 2 ran all night.`);
    early = await plant.tom.post<Shift>('/v1/shifts', {
      ...{ area: PACKAGING, name: 'Early', from: '2026-11-21T06:00:00Z', to: '2026-11-21T14:00:00Z' },
    });
    at('06:00');
    await ask(priya, 'shifts.close', night);
    const signed = await ask(priya, 'shifts.sign', night, { decisions: [{ task: guard().id, decision: 'continue' }] });
    expect(signed).toMatchObject({ kind: 'done' });
    await plant.tom.post(`/v1/shifts/${night.id}/accept`);
    await inStep(priya);
    at('06:10');
    const asked = { expectedHead: undefined };
    const refused = await refusal(plant.tom.ask('POST', `/v1/shifts/${night.id}/seal`, asked));
    expect(refused).toMatchObject({
      ...{ status: 409, code: 'devices-missing' },
      devices: [
        { name: tablet.name, user: plant.ids['marek'], outboxDepth: 9, received: 7, lastDeviceSeq: 12, gaps: [] },
      ],
    });
    expect(refused['devices']).toHaveLength(1);
    night = await plant.tom.post<Shift>(`/v1/shifts/${night.id}/seal`, {
      ...{ expectedHead: refused['head'], reason: 'Marek is in the cellar until seven.' },
    });
    await plant.tom.post(`/v1/shifts/${early.id}/start`);
    await inStep(priya);
  });

  test('[L9] what is sealed names the device and its nine entries, and is valid', async () => {
    report = await document(night, 'report');
    bundle = await downloadBundle(plant.tom, night.id);
    const [exception, ...others] = parseSealText(textOf(bundle.get(FILE.seal)!)).exceptions;
    expect(exception).toMatch(
      /^Device Marek's tablet silent since 03:1\d, 9 entries waiting when last heard: Marek is in the cellar until seven\.$/,
    );
    expect(others).toEqual([]);
    expect(report).toContain(exception);
    expect(bundle.has(ADDENDA)).toBe(false);
    expect(verifyBundle(bundle, { root: org.root })).toMatchObject({ verdict: 'valid' });
    await until('the notes are there', () => sealedPair(priya).every(Boolean));
    before = sealedPair(priya);
    expect(before[0]).toContain('Line 2 ran all night.');
    expect(priya.disk.vault.texts.has(ADDENDUM)).toBe(false);
  });
});

describe('when Marek surfaces', () => {
  test('[L4] everything drains by itself, though an answer is lost on the way, and each has its outcome', async () => {
    at('07:15');
    let lost = 0;
    await up(marek, (_method, path) => (path === '/v1/sync/commands' && lost++ === 0 ? 'lost answer' : 'none'));
    await inStep(marek, priya);
    expect(lost).toBeGreaterThan(1);
    const told = entries(marek).map(({ command, outcome, flags }) => [
      command.type,
      outcome,
      flags
        .filter((flag) => flag !== 'evidence_pending')
        .sort()
        .join(' '),
    ]);
    console.log(told);
    console.log(
      words(marek),
      marek.attention.all.map((x) => x.sentence),
    );
    console.log(note(marek, ADDENDUM));
    console.log(note(priya, ADDENDUM) === note(marek, ADDENDUM));
    console.log(note(marek, SHIFT_NOTE));
    console.log(note(marek, PUMP_NOTE));
    console.log(note(marek, 'Operary/Tasks/T-2 Belt 2 slips.md'));
    console.log([...priya.disk.vault.texts.keys()], [...marek.disk.vault.texts.keys()]);
  });
});
