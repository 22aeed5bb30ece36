/** A phone with a key of its own, a shared tablet, a copy, a loss, a person who leaves: over the wire, and down to the evidence. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { base64, fromBase64, sha256, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { signerFromSeed, type Signer } from '../../shared/proof/ed25519.ts';
import { bundleView } from '../../shared/proof/bundle-view.ts';
import { DEVICE_CHECKS } from '../../shared/proof/device-checks.ts';
import { deviceProof, DEVICES, FILE, SIGNATURES } from '../../shared/proof/layout.ts';
import { judge } from '../../shared/proof/verdict.ts';
import { verifyBundle, type Verification } from '../../shared/proof/verify.ts';
import { CLOSE, type CommandOutcome } from '../../shared/sync/messages.ts';
import { openFeed } from '../kit/feed-socket.ts';
import { aServer, type AServer, type Plant } from '../kit/a-server.ts';
import { needs, run, shell } from '../kit/cli.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { relisted } from '../kit/sample-bundle.ts';
import { apiOf, type Api } from '../kit/api.ts';
import { downloadBundle, flipped, unpack, VERIFY_PY, type Files } from '../kit/stranger.ts';

const AREA = 'leeds/packaging';
let now = Date.parse('2026-11-20T22:00:00Z');
let server: AServer;
let plant: Plant;
const tokens: Record<string, string> = {};
const ids: Record<string, string> = {};
const as = (name: string): Api => apiOf(server.url, tokens[name]!);
const freshId = () => uuidV7(now, crypto.getRandomValues(new Uint8Array(10)));

interface Device {
  readonly id: string;
  readonly key: Signer;
  deviceSeq: number;
}
const aDevice = (name: string): Device => ({ id: freshId(), key: signerFromSeed(sha256(utf8(name))), deviceSeq: 0 });

type Made = { readonly [member: string]: Json | undefined } & { readonly id: string };
async function made(device: Device, type: string, subject: string, body: Json, more: object = {}): Promise<Made> {
  const command = {
    ...{ id: freshId(), type, v: 1, subject, body, deviceSeq: ++device.deviceSeq, tz: 'Europe/London' },
    ...{ observedSeq: await server.ledger.head(plant.org), clockOffsetMs: 0, occurredAt: new Date(now).toISOString() },
    ...more,
  };
  return { ...command, sig: base64(device.key.sign(utf8(canonical(command)))) };
}
interface Answer {
  readonly outcomes: readonly CommandOutcome[];
  readonly standing: string;
}
async function send(bearer: string, device: Device, ...commands: readonly Made[]): Promise<Answer> {
  now += 60_000;
  const answer = await as(bearer).post<Answer>('/v1/sync/commands', { deviceId: device.id, commands });
  await server.settled();
  return answer;
}
const sendOne = async (bearer: string, device: Device, command: Made) =>
  (await send(bearer, device, command)).outcomes[0]!;
async function pair(bearer: string, device: Device, name: string): Promise<CommandOutcome> {
  const body = { name, publicKey: base64(device.key.publicKey), platform: 'Android' };
  return sendOne(bearer, device, await made(device, 'devices.pair', device.id, body));
}
const eventAt = async (seq: number | undefined) => (await server.ledger.events(plant.org, seq! - 1, 1))[0]!;

let shift = '';
let pump = '';
beforeAll(async () => {
  server = await aServer({ clock: { now: () => now }, heartbeatMs: 50 });
  // After the server has put its own in place: this one remembers what it has judged.
  useNativeCrypto();
  plant = await server.plant('leeds');
  const admin = apiOf(server.url, plant.admin);
  tokens['admin'] = plant.admin;
  await admin.post('/v1/areas', { path: AREA, name: 'Packaging' });
  for (const [name, role] of [
    ['priya', 'supervisor'],
    ['tom', 'supervisor'],
    ['marek', 'maintenance_engineer'],
    ['jo', 'operator'],
  ] as const) {
    const { token, user } = await server.token(plant, role, { user: name });
    [tokens[name], ids[name]] = [token, user];
  }
  const night = { area: AREA, name: 'Night', from: '2026-11-20T22:00:00Z', to: '2026-11-21T06:00:00Z' };
  shift = (await as('priya').post('/v1/shifts', night)).id;
  await as('priya').post(`/v1/shifts/${shift}/start`);
  pump = (await as('priya').post('/v1/tasks', { title: 'Pump 3 leaks', area: AREA })).id;
});
afterAll(() => server.close());

const phone = aDevice('phone');
const tablet = aDevice('tablet');

describe('a device with a key', () => {
  test('pairs with its first command, and is known from then on', async () => {
    const { outcomes, standing } = await send(
      'marek',
      phone,
      await made(phone, 'devices.pair', phone.id, { name: 'Phone', publicKey: base64(phone.key.publicKey) }),
      await made(phone, 'tasks.note', pump, { text: 'Bearing is hot.' }),
    );
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
    expect(standing).toBe('active');
    expect(await eventAt(outcomes[1]!.seq)).toMatchObject({ device: phone.id, actor: { id: ids['marek'] } });
    expect(await as('jo').get(`/v1/devices/${phone.id}`)).toMatchObject({
      status: 'active',
      contact: { received: 2, gaps: [], user: ids['marek'] },
    });
  });
  test('[L10] what it did not sign is refused: no signature, another text, another key', async () => {
    const good = await made(phone, 'tasks.note', pump, { text: 'Seal weeps.' });
    const { sig: _sig, ...unsigned } = good;
    const head = await server.ledger.head(plant.org);
    const other = signerFromSeed(sha256(utf8('somebody else')));
    for (const forged of [
      unsigned as Made,
      { ...good, body: { text: 'Seal is fine.' } },
      { ...unsigned, sig: base64(other.sign(utf8(canonical(unsigned)))) } as Made,
      { ...good, sig: 'not base64' },
    ])
      expect(await sendOne('marek', phone, forged)).toMatchObject({
        outcome: 'rejected',
        problem: { code: 'signature-invalid' },
      });
    expect(await server.ledger.head(plant.org)).toBe(head);
    expect(await sendOne('marek', phone, good)).toMatchObject({ outcome: 'accepted' });
  });
  test('[L10] a key that another device has is a copy of it', async () => {
    const twin: Device = { ...aDevice('twin'), key: phone.key };
    expect(await pair('jo', twin, 'Twin')).toMatchObject({ outcome: 'rejected', problem: { code: 'already-exists' } });
  });
});

describe('a shared tablet', () => {
  test('[L10] speaks for those who have taken it over with their own credential, and for nobody else', async () => {
    await pair('marek', tablet, 'Tablet');
    const mine = await made(tablet, 'tasks.note', pump, { text: 'Seen by Jo.' }, { author: ids['jo'] });
    expect(await sendOne('marek', tablet, mine)).toMatchObject({
      outcome: 'rejected',
      problem: { code: 'role-not-allowed' },
    });
    await as('jo').post(`/v1/devices/${tablet.id}/enrol`);
    const { seq } = await sendOne('marek', tablet, mine);
    expect(await eventAt(seq)).toMatchObject({
      actor: { id: ids['jo'], role: 'operator' },
      body: { submittedBy: ids['marek'] },
    });
    await as('jo').post(`/v1/devices/${tablet.id}/release`, { user: ids['jo'] });
    const after = await made(tablet, 'tasks.note', pump, { text: 'Again.' }, { author: ids['jo'] });
    expect(await sendOne('marek', tablet, after)).toMatchObject({ outcome: 'rejected' });
  });
  test('whose copy speaks is noticed once, and told to connect again', async () => {
    const copy = { ...tablet };
    await sendOne('marek', tablet, await made(tablet, 'tasks.note', pump, { text: 'From the one.' }));
    const { outcomes, standing } = await send(
      'marek',
      copy,
      await made(copy, 'tasks.note', pump, { text: 'From the other.' }),
    );
    expect(outcomes).toMatchObject([{ outcome: 'flagged', flags: ['device_forked'] }]);
    expect(standing).toBe('forked');
    const { items } = await as('jo').get<{ items: { id: string }[] }>('/v1/devices?status=forked');
    expect(items.map(({ id }) => id)).toEqual([tablet.id]);
  });
});

describe('a lost phone', () => {
  const lost = aDevice('lost');
  test('is written off; what it brings afterwards waits for a supervisor, who confirms or discards it', async () => {
    await pair('marek', lost, 'Lost phone');
    expect((await as('marek').ask('POST', `/v1/devices/${lost.id}/write-off`, { reason: 'Lost' })).status).toBe(403);
    await as('marek').post('/v1/sync/hello', { deviceId: lost.id, lastDeviceSeq: 3, outboxDepth: 2 });
    const off = await as('priya').post(`/v1/devices/${lost.id}/write-off`, { reason: 'Lost in the cellar' });
    expect(off).toMatchObject({ status: 'written-off', writtenOff: { received: 1, gaps: [{ from: 2, to: 3 }] } });

    const kept = await made(lost, 'tasks.note', pump, { text: 'Cellar is dry.' });
    const dropped = await made(lost, 'tasks.note', pump, { text: 'Whatever.' });
    const { outcomes, standing } = await send('marek', lost, kept, dropped);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['held', 'held']);
    expect(standing).toBe('written-off');

    expect((await as('jo').ask('GET', '/v1/held')).status).toBe(403);
    const { items } = await as('priya').get<{ items: { id: string; input: string }[] }>('/v1/held?status=waiting');
    expect(items.map(({ id }) => id).sort()).toEqual([kept.id, dropped.id].sort());
    await as('priya').post(`/v1/held/${kept.id}/confirm`, { reason: 'Marek told me' });
    await as('priya').post(`/v1/held/${dropped.id}/discard`);
    await server.settled();
    const events = await server.ledger.history(plant.org, { kind: 'task', id: pump });
    const { device, actor, body } = events.at(-1)!;
    expect({ device, actor: actor.id }).toEqual({ device: lost.id, actor: ids['marek'] });
    expect(body).toMatchObject({ text: 'Cellar is dry.', submittedBy: ids['priya'] });
    expect(body.flags).toContain('from_written_off_device');
    expect(await sendOne('marek', lost, kept)).toMatchObject({ outcome: 'held' });
  });
});

describe('the evidence of the night', () => {
  let files: Files;
  const root = () => ({ root: plant.root });
  const failed = ({ checks }: Verification) => checks.filter(({ ok }) => ok === false).map(({ name }) => name);
  const lineOf = (found: Verification, name: string) => found.checks.find((check) => check.name === name);
  const forged = (path: string, change: (text: string) => string): Map<string, Uint8Array> =>
    relisted(new Map(files).set(path, utf8(change(textOf(files.get(path)!)))));

  beforeAll(async () => {
    now = Date.parse('2026-11-21T05:55:00Z');
    const sealing = async (who: string, verb: string, body: object = {}) => {
      now += 60_000;
      await as(who).post(`/v1/shifts/${shift}/${verb}`, body);
      await server.settled();
    };
    await sealing('priya', 'close');
    await sealing('priya', 'sign', { decisions: [{ task: pump, decision: 'continue' }] });
    await sealing('tom', 'accept');
    await sealing('tom', 'seal', { reason: 'Some phones were away' });
    files = await downloadBundle(as('tom'), shift);
  });

  test('[L9] holds what the devices signed, and says how much of the record that is', () => {
    const found = verifyBundle(files, root());
    expect([found.verdict, failed(found)]).toEqual(['valid', []]);
    const lines = textOf(files.get(SIGNATURES)!).trimEnd().split('\n');
    expect(lineOf(found, 'devices')?.detail).toMatch(/: 3$/);
    expect(lineOf(found, 'device signatures')?.detail).toMatch(new RegExp(`^${lines.length} of \\d+ entries signed`));
    expect(lines.join()).toContain('Cellar is dry.');
    expect(textOf(files.get(FILE.readme)!)).toContain(SIGNATURES);
  });

  test('[L9] no byte of it can be turned (here 200 of each file): its own checks see it, whatever lists a forger makes to fit', () => {
    const paths = [...files.keys()].filter((path) => path === SIGNATURES || path.startsWith('proofs/devices'));
    expect(paths).toHaveLength(5);
    expect(judge(DEVICE_CHECKS, bundleView(files, plant.root)).exitCode).toBe(0);
    for (const path of paths) {
      const all = [...files.get(path)!.keys()];
      const step = Math.ceil(all.length / 200);
      const unnoticed = all.filter(
        (at) =>
          at % step === 0 &&
          judge(DEVICE_CHECKS, bundleView(flipped(files, path, at, (at / step) % 8), plant.root)).exitCode === 0,
      );
      expect(unnoticed, path).toEqual([]);
    }
  });

  test('[L9] a forger with the server’s keys gains nothing without the device’s', () => {
    const first = JSON.parse(textOf(files.get(SIGNATURES)!).split('\n')[0]!) as Record<'text' | 'signature', string> & {
      readonly seq: number;
    };
    const signedAnew = (text: string) =>
      canonical({ ...first, text, signature: base64(signerFromSeed(sha256(utf8('forger'))).sign(utf8(text))) });
    const replaced = (line: string) => forged(SIGNATURES, (all) => [line, ...all.split('\n').slice(1)].join('\n'));
    const cases: readonly (readonly [string, Map<string, Uint8Array>])[] = [
      ['another text, signed with another key', replaced(signedAnew(first.text.replace('hot', 'cold')))],
      ['the same text, signed with another key', replaced(signedAnew(first.text))],
      ['another device', replaced(canonical({ ...first, device: tablet.id }))],
      ['another entry', replaced(canonical({ ...first, seq: first.seq + 1 }))],
      ['a line twice', forged(SIGNATURES, (all) => `${all.split('\n')[0]!}\n${all}`)],
      ['no line at all', forged(SIGNATURES, () => '')],
      ['one pairing less', forged(DEVICES, (all) => all.slice(all.indexOf('\n') + 1))],
      ['two proofs in each other’s places', relisted(new Map(files).set(deviceProof(0), files.get(deviceProof(1))!))],
    ];
    for (const [what, all] of cases) {
      const names = failed(verifyBundle(all, root()));
      expect(names.length, what).toBeGreaterThan(0);
      expect(
        names.filter((name) => !['devices', 'device signatures', 'layout'].includes(name)),
        what,
      ).toEqual([]);
    }
    const signature = first.signature;
    expect(fromBase64(signature)).toHaveLength(64);
  });

  test('[L9] without the files it is the record alone, still valid: a signature can be erased with the words it covers', () => {
    const bare = new Map([...files].filter(([path]) => path !== SIGNATURES && !path.startsWith('proofs/devices')));
    const found = verifyBundle(relisted(bare), root());
    expect(found.verdict).toBe('valid');
    expect(lineOf(found, 'device signatures')?.detail).toMatch(/^0 of /);
  });

  test('[L9] the second implementation and sha256sum take the bundle with its new files', async (context) => {
    needs(context, 'python3', 'openssl', 'sha256sum');
    const folder = mkdtempSync(join(tmpdir(), 'operary-devices-'));
    unpack(files, folder);
    const [judged, summed] = await Promise.all([
      run('python3', [VERIFY_PY, folder]),
      shell('sha256sum -c --quiet manifest-sha256.txt tagmanifest-sha256.txt', folder),
    ]);
    rmSync(folder, { recursive: true, force: true });
    expect([judged.code, judged.err, summed.code]).toEqual([0, '', 0]);
  });
});

describe('[L10] a person who is deactivated', () => {
  test('opens nothing from that moment on, on open sockets neither; what they made before comes with a colleague', async () => {
    const feed = await openFeed(server, tokens['marek']!);
    const before = await made(phone, 'tasks.note', pump, { text: 'Last words.' });
    await as('admin').post(`/v1/users/${ids['marek']}/deactivate`, { reason: 'Left the company' });
    const gone = await as('marek').ask('GET', '/v1/tasks');
    expect([gone.status, ((await gone.json()) as { code: string }).code]).toEqual([401, 'token-revoked']);
    expect(await feed.closed).toBe(CLOSE.ticket);

    const { sig: _sig, ...mine } = before as Made & { readonly sig: string };
    const unsigned = { ...mine, author: ids['marek'] };
    const again = { ...unsigned, sig: base64(phone.key.sign(utf8(canonical(unsigned)))) } as Made;
    expect(await sendOne('priya', phone, again)).toMatchObject({ outcome: 'held' });

    await as('admin').post(`/v1/users/${ids['marek']}/reactivate`, { reason: 'Came back' });
    expect((await as('marek').ask('GET', '/v1/tasks')).status).toBe(200);
  });
});
