/**
 * Marek works in the cellar for hours, without a network, while the shift is handed over and sealed without him. He surfaces, retypes
 * nothing, and every device shows the same truth.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { useNativeCrypto } from '../../server/native.ts';
import { sha256Hex, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import type { Made } from '../../shared/kernel/device.ts';
import { isRefusal } from '../../shared/kernel/refusal.ts';
import { ADDENDA, FILE } from '../../shared/proof/layout.ts';
import { parseSealText } from '../../shared/proof/seal.ts';
import { verifyBundle } from '../../shared/proof/verify.ts';
import { openPlant, type Plant } from '../demo/plant.ts';
import { operary } from '../kit/a-cli.ts';
import type { Plant as Organisation } from '../kit/a-server.ts';
import { needs, run, shell } from '../kit/cli.ts';
import {
  aHandheld,
  ask,
  aYard,
  entriesOf,
  noteOf,
  notesOf,
  statusWords,
  type,
  typedIn,
  type Handheld,
  type InHand,
  type Yard,
} from '../kit/handheld.ts';
import type { NodeLink } from '../kit/node-link.ts';
import { listed, refusal, type Event, type Shift, type Task } from '../kit/shapes.ts';
import { commandsIn, downloadBundle, unpack, VERIFY_PY, type Files } from '../kit/stranger.ts';

const PACKAGING = 'leeds/packaging';
const SHIFT_NOTE = 'Operary/Shifts/2026/11/2026-11-20 leeds-packaging Night.md';
const RECORD = [
  'Sealed/2026/11/2026-11-20 leeds-packaging Night (sealed)',
  'Audit/2026/11/2026-11-20 leeds-packaging Night (audit)',
].map((name) => `Operary/${name}.md`);
const ADDENDUM = 'Operary/Sealed/2026/11/2026-11-20 leeds-packaging Night (late entries).md';
const PUMP_NOTE = 'Operary/Tasks/2026/11/T-1 Pump 3 leaks.md';

let base: string;
let yard: Yard;
let plant: Plant;
let org: Organisation;
const inStep = (...devices: readonly InHand[]): Promise<void> => yard.inStep(org.org, ...devices);

/** At the foot of the stairs: words of texts and photos do not get through. */
const stairs =
  (commands: 'no answer' | 'lost answer'): NodeLink['fault'] =>
  (_method, path) =>
    path === '/v1/sync/commands' ? commands : /docs|files/.test(path) ? 'no answer' : 'none';

type Known = Readonly<{ id: string; name: string; contact: { readonly outboxDepth: number } }>;

let tablet: Handheld;
let marek: InHand;
let priya: InHand;
let night: Shift;
const tasks: Task[] = [];
const photos = [utf8('T-3: the guard is fast again'), utf8('T-1: the new seal')];

beforeAll(async () => {
  useNativeCrypto();
  base = mkdtempSync(join(tmpdir(), 'operary-offline-'));
  yard = await aYard('2026-11-20T21:55:00Z', join(base, 'data'));
  org = await yard.server.plant('leeds');
  plant = await openPlant(yard.server.url, org.admin);
  tablet = aHandheld("Marek's tablet", plant.tokens['marek']!);
  priya = yard.start(aHandheld("Priya's laptop", plant.tokens['priya']!));
  marek = yard.start(tablet);
  await yard.until('both are paired', async () => (await listed(plant.admin, '/v1/devices')).length === 2);
  await inStep(marek, priya);
}, 60_000);
afterAll(async () => {
  await yard.close();
  rmSync(base, { recursive: true, force: true });
});
async function tabletNow(): Promise<Known> {
  const known = await listed<Known>(plant.priya, '/v1/devices');
  return plant.priya.get<Known>(`/v1/devices/${known.find(({ name }) => name === tablet.name)!.id}`);
}
const pump = () => tasks[0]!;
const belt = () => tasks[1]!;
const guard = () => tasks[2]!;
const keep = async (bytes: Uint8Array): Promise<string> => {
  const kept = await marek.evidence.keep(bytes, 'photo.jpg', 'image/jpeg');
  return isRefusal(kept) ? expect.fail(kept.detail) : kept.sha256;
};

const saves = async (type: string, subject: { readonly id: string } | undefined, input: object = {}): Promise<void> =>
  expect(await ask(marek, type, subject, input)).toMatchObject({ kind: 'saved' });
const NUMBERS = Array.from({ length: 15 }, (_, i) => i + 1);

describe('in the cellar', () => {
  test('the night begins with everybody connected', async () => {
    const { ids } = plant;
    yard.at('22:00');
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
    await yard.until('he reads it', () => typedIn(marek, SHIFT_NOTE).includes('belt 2'));
    await yard.until('his device has kept what it knows', () => tablet.disk.lastSeen.kept?.includes('Guard of filler'));
    expect([statusWords(marek), statusWords(priya)]).toEqual(['Stored', 'Stored']);
  });

  test('[L13] what he enters is saved here, shown as waiting, and counted', async () => {
    yard.at('22:30');
    await yard.down(marek);
    expect(statusWords(marek)).toBe('Offline since 22:30');
    yard.at('22:40');
    await saves('tasks.acknowledge', belt());
    await saves('tasks.start', belt());
    await saves('shifts.log', night, { text: 'Valve 4 drips.', kind: 'observation' });
    await saves('tasks.note', pump(), { text: 'The bolt is worn.' });
    await marek.host.notebook.idle();
    expect(statusWords(marek)).toBe('Offline since 22:30 · 4 waiting');
    expect(noteOf(marek, SHIFT_NOTE)).toContain('*observation* Valve 4 drips. · waiting to be sent');
    expect(noteOf(marek, PUMP_NOTE)).toContain('noted: The bolt is worn. · waiting to be sent');
  });

  test('[L4] at the foot of the stairs they arrive, and the answer is lost: they wait on', async () => {
    yard.at('23:40');
    await yard.up(marek, stairs('lost answer'));
    const arrived = async () => (await plant.marek.get<Shift>(`/v1/shifts/${night.id}`)).entries.length;
    await yard.until('they have arrived', arrived);
    await yard.until('his device has kept what it knows', () => tablet.disk.lastSeen.kept?.includes('Valve 4 drips.'));
    await yard.down(marek);
    expect(statusWords(marek)).toMatch(/^Offline since 23:4\d · 4 waiting$/);
  });

  test('[L13] the app is killed and one store purged: nothing is gone, and the work goes on', async () => {
    yard.kill(marek);
    tablet.disk.first.rows.clear();
    yard.at('2026-11-21T00:30:00Z');
    marek = yard.start(tablet, () => 'no answer');
    await yard.until('it has opened', () => marek.host.waiting === 4);
    await yard.until('it is offline', () => marek.host.connection.state.kind === 'offline');
    expect(noteOf(marek, SHIFT_NOTE)!.match(/Valve 4 drips/g)).toHaveLength(1);
    await saves('tasks.create', undefined, { title: 'Grease nipple 7 is blocked', area: PACKAGING });
    const earlier = { text: 'Pressure fell to 2 bar.', kind: 'reading', occurredAt: '2026-11-20T23:55:00Z' };
    await saves('shifts.log', night, earlier);
    await saves('tasks.acknowledge', guard());
    await saves('tasks.start', guard());
    type(marek, SHIFT_NOTE, (text) => `${text.replace(' and belt 2', '')}\nWater on the cellar floor.`);
    type(marek, PUMP_NOTE, () => 'The old seal is in the box.');
    await yard.until('texts wait', () => marek.host.waiting === 10);
    expect(statusWords(marek)).toMatch(/^Offline since 00:3\d · 10 waiting$/);
    expect([...tablet.disk.vault.texts.keys()]).toContain('Operary/Tasks/2026/11/T-new Grease nipple 7 is blocked.md');
  });

  test('[L13] killed again, with a photo that waits: only the greeting gets through from the stairs', async () => {
    yard.at('02:00');
    await saves('tasks.complete', guard(), { note: 'Two new bolts.', evidence: [await keep(photos[0]!)] });
    yard.kill(marek);
    yard.at('03:00');
    marek = yard.start(tablet, () => 'no answer');
    await yard.until('it has opened', () => marek.host.waiting === 12);
    yard.at('03:12');
    await yard.up(marek, stairs('no answer'));
    expect(statusWords(marek)).toBe('Saved here · 12 waiting');
    await yard.until('it has greeted', async () => (await tabletNow()).contact.outboxDepth === 9);
    await yard.down(marek);
  });

  test('what the stairs did not let through goes on growing: three more done, of which nobody above knows', async () => {
    yard.at('04:00');
    await ask(priya, 'tasks.complete', pump(), { note: 'I changed the seal myself.' });
    await ask(priya, 'tasks.cancel', belt(), { reasonCode: 'not_needed' });
    yard.at('04:30');
    await saves('tasks.complete', pump(), { note: 'New seal fitted.', evidence: [await keep(photos[1]!)] });
    await saves('tasks.complete', belt(), { note: 'Belt tightened.' });
    await saves('shifts.log', night, { text: 'Tools put away.' });
    expect(statusWords(marek)).toMatch(/^Offline since 03:1\d · 16 waiting$/);
    expect(entriesOf(marek).map(({ command }) => command.deviceSeq)).toEqual(NUMBERS);
  });
});

let report: string;
let bundle: Files;
let before: readonly (string | undefined)[];
const sealedPair = ({ disk: { vault } }: InHand) => RECORD.map((path) => vault.texts.get(path));
const document = async (of: Shift, name: string) => (await plant.tom.ask('GET', `/v1/shifts/${of.id}/${name}`)).text();
let early: Shift;

describe('meanwhile, above', () => {
  test('[L7] Priya hands over, and the seal is not put over the missing device without a reason', async () => {
    yard.at('05:00');
    type(priya, SHIFT_NOTE, (text) => `${text}\nLine 2 ran all night.`);
    early = await plant.tom.post<Shift>('/v1/shifts', {
      ...{ area: PACKAGING, name: 'Early', from: '2026-11-21T06:00:00Z', to: '2026-11-21T14:00:00Z' },
    });
    yard.at('06:00');
    await ask(priya, 'shifts.close', night);
    const signed = await ask(priya, 'shifts.sign', night, { decisions: [{ task: guard().id, decision: 'continue' }] });
    expect(signed).toMatchObject({ kind: 'done' });
    await plant.tom.post(`/v1/shifts/${night.id}/accept`);
    await inStep(priya);
    yard.at('06:10');
    const refused = await refusal(plant.tom.ask('POST', `/v1/shifts/${night.id}/seal`, {}));
    expect(refused).toMatchObject({
      ...{ status: 409, code: 'devices-missing' },
      devices: [
        { name: tablet.name, user: plant.ids['marek'], outboxDepth: 9, received: 7, lastDeviceSeq: 12, gaps: [] },
      ],
    });
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
    await yard.until('the notes are there', () => sealedPair(priya).every(Boolean));
    before = sealedPair(priya);
    expect(before[0]).toContain('Line 2 ran all night.');
    expect(priya.disk.vault.texts.has(ADDENDUM)).toBe(false);
  });
});

const OUTCOMES = [
  'devices.pair accepted',
  'tasks.acknowledge accepted',
  'tasks.start accepted',
  // The server had these before the seal; their answer was lost.
  'tasks.acknowledge duplicate',
  'tasks.start duplicate',
  'shifts.log duplicate',
  'tasks.note duplicate',
  'tasks.create flagged late',
  'shifts.log flagged late',
  'tasks.acknowledge flagged late',
  'tasks.start flagged late',
  'tasks.complete flagged late',
  'tasks.complete flagged concurrent_completion late',
  'tasks.complete flagged late task_was_cancelled',
  'shifts.log flagged late',
];
/** Each stands in one line of the addendum. */
const SAID = [
  /made T-4 Grease nipple 7 is blocked · made before the seal/,
  /made 2026-11-20 23:55.*\*reading\* Pressure fell to 2 bar\. · made before the seal/,
  /acknowledged T-3/,
  /started T-3/,
  /completed T-3 .*Two new bolts\./,
  /completed T-1 .*New seal fitted\..*Somebody else completed this too/,
  /completed T-2 .*Belt tightened\..*The task was cancelled meanwhile/,
  /Tools put away\./,
  /wrote in the notes: .*Water on the cellar floor\./,
  /wrote in the sealed notes of T-1 Pump 3 leaks: The old seal is in the box\./,
];
const SEALED_WORDS = 'From Late: watch pump 3 and belt 2 tonight.\nLine 2 ran all night.';
const SEALED_FILES: readonly string[] = [FILE.manifest, FILE.seal, FILE.sealSignature, FILE.sealedLeaf];

describe('when Marek surfaces', () => {
  test('[L4] everything drains by itself, though an answer is lost on the way, and each has its outcome', async () => {
    yard.at('07:15');
    let lost = 0;
    await yard.up(marek, (_method, path) => (path === '/v1/sync/commands' && lost++ === 0 ? 'lost answer' : 'none'));
    await inStep(marek, priya);
    expect(lost).toBeGreaterThan(1);
    // Whether a photo or its entry arrives first is open.
    const marks = (flags: readonly string[]) => flags.filter((flag) => flag !== 'evidence_pending').sort();
    const told = entriesOf(marek).map(({ command, outcome, flags }) =>
      [command.type, outcome, ...marks(flags)].join(' '),
    );
    expect(told).toEqual(OUTCOMES);
    for (const photo of photos) {
      const stored = await plant.marek.ask('GET', `/v1/files/${sha256Hex(photo)}`);
      expect(new Uint8Array(await stored.arrayBuffer())).toEqual(photo);
    }
    expect(statusWords(marek)).toBe('Needs attention: 5'); // what is only late is told once for all
    const sentences = marek.attention.all.map(({ sentence }) => sentence).join('\n');
    for (const sentence of [
      /^Complete task \(Pump 3 leaks\) is recorded\. Somebody else completed this too/m,
      /^Complete task \(Belt 2 slips\) is recorded\. The task was cancelled meanwhile/m,
      /^2026-11-20 leeds-packaging Night was sealed before your words arrived\. .*\nWater on the cellar floor\.$/m,
      /^T-1 Pump 3 leaks was sealed before your words arrived\. .* The old seal is in the box\.$/m,
    ])
      expect(sentences).toMatch(sentence);
    for (const { about } of [...marek.attention.all]) marek.attention.dismiss(about);
    expect(statusWords(marek)).toBe('Stored');
  });

  test('[L4] nothing is there twice, and nobody waits for anything of the device any more', async () => {
    const { id } = await tabletNow();
    const events = await listed<Event>(plant.priya, '/v1/audit?limit=1000');
    const made = events.flatMap(({ device, body }) => (device === id && body['made'] ? (body['made'] as Made) : []));
    expect(made.map(({ deviceSeq }) => deviceSeq)).toEqual(NUMBERS);
    expect((await tabletNow()).contact).toMatchObject({ received: 15, lastDeviceSeq: 15, outboxDepth: 0, gaps: [] });
    const { lateEntries, asides } = await plant.priya.get<Shift>(`/v1/shifts/${night.id}`);
    expect([asides.length, new Set(lateEntries.map(({ text }) => text)).size]).toEqual([0, lateEntries.length]);
  });

  test('[L12] nothing that anybody typed is lost: it stands in the sealed text, or beside it', async () => {
    const [sealed] = sealedPair(priya);
    for (const device of [marek, priya]) {
      expect(typedIn(device, SHIFT_NOTE)).toBe(SEALED_WORDS);
      for (const typed of ['Water on the cellar floor.', 'The old seal is in the box.'])
        expect(noteOf(device, ADDENDUM)).toContain(typed);
      expect(noteOf(device, ADDENDUM)).toMatch(/proposes to strike: [^·]*and belt 2/);
    }
    for (const typed of ['and belt 2 tonight.', 'Line 2 ran all night.']) expect(sealed).toContain(typed);
  });
});

describe('afterwards', () => {
  test('[L6] every note is the same to the byte on all devices, also on one that comes now', async () => {
    yard.at('07:30');
    const tom = yard.start(aHandheld("Tom's laptop", plant.tokens['tom']!));
    await yard.until('he has the record', () => sealedPair(tom).every(Boolean));
    await yard.until('he has their words', () => typedIn(tom, SHIFT_NOTE) === SEALED_WORDS);
    await yard.until('his device is paired', async () => (await listed(plant.admin, '/v1/devices')).length === 3);
    await inStep(marek, priya, tom);
    const [his, hers, news] = [marek, priya, tom].map(notesOf);
    expect(news).toEqual(hers);
    // An engineer reads the addendum; the archive is for those who lead.
    expect(his).toEqual(new Map([...hers!].filter(([path]) => !RECORD.includes(path))));
    expect(sealedPair(tom)).toEqual(before);
  });

  test('the addendum says of each late entry who, where and when, and what to know about it', async () => {
    const lines = noteOf(marek, ADDENDUM)!
      .split('\n')
      .filter((line) => line.startsWith('- #'));
    expect(lines).toHaveLength(10);
    for (const line of lines)
      expect(line).toMatch(
        /made 2026-11-2\d \d\d:\d\d, received 2026-11-21 07:15, \*\*Marek Zieliński\*\* on Marek's tablet: /,
      );
    expect(SAID.map((words) => lines.filter((line) => words.test(line)).length)).toEqual(SAID.map(() => 1));
    const amended = await document(night, 'addendum');
    for (const line of lines) expect(amended).toContain(line);
  });

  test('[L2] what was sealed has not changed by a byte', async () => {
    expect(await document(night, 'report')).toBe(report);
    expect(sealedPair(priya)).toEqual(before);
    const after = await downloadBundle(plant.tom, night.id);
    const sealed = [...bundle].filter(([path]) => path.startsWith('data/') || SEALED_FILES.includes(path));
    for (const [path, bytes] of sealed) expect(after.get(path), path).toEqual(bytes);
    expect(verifyBundle(bundle, { root: org.root })).toMatchObject({ verdict: 'valid' });
    bundle = after;
  });

  test('[L9] the bundle with what came late is valid to us and to strangers, and says what the device signed', async () => {
    const folder = join(base, 'evidence');
    unpack(bundle, folder);
    const { code, out } = await operary(join(base, 'nowhere'), ['verify', folder, '--root', org.root]);
    expect([code, out.trimEnd().split('\n').at(-1)]).toEqual([0, 'VALID']);
    expect(out).toMatch(/device signatures: 19 of \d+ entries signed by their device/);
  });

  test('[L9] sha256sum, ssh-keygen and the second implementation accept it, as its README says', async (context) => {
    needs(context, 'sha256sum', 'ssh-keygen', 'python3', 'openssl');
    const folder = join(base, 'evidence');
    const lines = commandsIn(textOf(bundle.get(FILE.readme)!), 'sha256sum', 'ssh-keygen');
    for (const line of lines) expect(await shell(line, folder), line).toMatchObject({ code: 0 });
    expect(await run('python3', [VERIFY_PY, folder])).toMatchObject({ code: 0, err: '' });
  });

  test('the next handover tells of it', async () => {
    yard.at('2026-11-21T14:00:00Z');
    await plant.tom.post(`/v1/shifts/${early.id}/close`);
    const decisions = (await listed<Task>(plant.tom, '/v1/tasks'))
      .filter(({ status }) => !['closed', 'cancelled'].includes(status))
      .map(({ id }) => ({ task: id, decision: 'continue' }));
    await plant.tom.post(`/v1/shifts/${early.id}/sign`, { decisions });
    await plant.priya.post(`/v1/shifts/${early.id}/accept`);
    await plant.priya.post(`/v1/shifts/${early.id}/seal`, { reason: 'Both devices were put away.' });
    const told = await document(early, 'report');
    expect(told.split('**Late entries to earlier shifts**')[1]?.match(/^- S-1 Night: /gm)).toHaveLength(10);
  });
});
