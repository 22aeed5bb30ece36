/** The supervisor seals while Marek is in the cellar. He surfaces: the addendum has everything, the seal has not changed by a byte. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { base64, sha256, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { canonical, type Json } from '../../shared/kernel/canonical.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { signerFromSeed } from '../../shared/proof/ed25519.ts';
import { ADDENDA, FILE } from '../../shared/proof/layout.ts';
import { parseSealText } from '../../shared/proof/seal.ts';
import { verifyBundle } from '../../shared/proof/verify.ts';
import type { CommandOutcome } from '../../shared/sync/messages.ts';
import { apiOf } from '../kit/api.ts';
import { sha256Of } from '../kit/delivery.ts';
import { leedsWorks, PACKAGING, type Leeds } from '../kit/leeds.ts';
import { eventsOf, refusal, type Shift, type Task } from '../kit/shapes.ts';
import { downloadBundle, type Files } from '../kit/stranger.ts';

const key = signerFromSeed(sha256(utf8("Marek's phone")));
const freshId = () => uuidV7(Date.parse('2026-11-21T00:00:00Z'), crypto.getRandomValues(new Uint8Array(10)));
const phone = { id: freshId(), given: 0 };
const photo = utf8('the new seal of pump 3');

let leeds: Leeds;
let night: Shift;
let early: Shift;
let pump: Task;
let seen = 0;
let report = '';
let bundle: Files;
const cellar: Json[] = [];

/** As the phone writes it down, whenever it is brought. */
function made(type: string, subject: string, body: Json, occurredAt: string, more: object = {}): Json {
  const command = {
    ...{ id: freshId(), type, v: 1, subject, body, deviceSeq: ++phone.given, observedSeq: seen, occurredAt },
    ...{ tz: 'Europe/London', clockOffsetMs: 0, ...more },
  };
  return { ...command, sig: base64(key.sign(utf8(canonical(command)))) };
}
async function bring(...commands: readonly Json[]): Promise<readonly CommandOutcome[]> {
  const batch = { deviceId: phone.id, lastDeviceSeq: phone.given, outboxDepth: commands.length, commands };
  const { outcomes } = await leeds.plant.marek.post<{ outcomes: CommandOutcome[] }>('/v1/sync/commands', batch);
  await leeds.settled();
  return outcomes;
}
const act = (who: 'priya' | 'tom', of: Shift, verb: string, body: object = {}) =>
  leeds.plant[who].post<Shift>(`/v1/shifts/${of.id}/${verb}`, body);
const document = async (of: Shift, name: string) =>
  (await leeds.plant.tom.ask('GET', `/v1/shifts/${of.id}/${name}`)).text();
const nightNow = () => leeds.plant.priya.get<Shift>(`/v1/shifts/${night.id}`);
/** Everything that the seal speaks for; what stands beside it may grow. */
const sealedPart = (files: Files) =>
  [...files].filter(
    ([path]) =>
      path.startsWith('data/') ||
      [FILE.manifest, FILE.seal, FILE.sealSignature, FILE.sealedLeaf].includes(path as never),
  );

beforeAll(async () => {
  leeds = await leedsWorks();
  const { priya, tom, marek, ids } = leeds.plant;
  leeds.at('22:00');
  night = await priya.post<Shift>('/v1/shifts', {
    ...{ area: PACKAGING, name: 'Night', from: '2026-11-20T22:00:00Z', to: '2026-11-21T06:00:00Z' },
  });
  early = await tom.post<Shift>('/v1/shifts', {
    ...{ area: PACKAGING, name: 'Early', from: '2026-11-21T06:00:00Z', to: '2026-11-21T14:00:00Z' },
  });
  await act('priya', night, 'start', { crew: [{ user: ids['marek'], role: 'maintenance_engineer' }] });
  pump = await priya.post<Task>('/v1/tasks', {
    ...{ title: 'Pump 3 leaks', area: PACKAGING, assignee: { role: 'maintenance_engineer' } },
  });
  for (const verb of ['acknowledge', 'start']) await marek.post(`/v1/tasks/${pump.id}/${verb}`);
  seen = await leeds.server.ledger.head(leeds.org);
  const pairing = { name: "Marek's phone", publicKey: base64(key.publicKey) };
  expect(await bring(made('devices.pair', phone.id, pairing, '2026-11-20T22:05:00Z'))).toMatchObject([
    { outcome: 'accepted' },
  ]);
  seen = await leeds.server.ledger.head(leeds.org);
});
afterAll(() => leeds.close());

describe('while Marek is in the cellar', () => {
  test('he writes down what he does, and the phone says how much waits, at the edge of the network', async () => {
    const complete = { note: 'New seal fitted.', evidence: [sha256Of(photo)] };
    cellar.push(
      made('shifts.log', night.id, { text: 'Valve 4 drips.', kind: 'observation' }, '2026-11-21T03:00:00Z'),
      made('tasks.complete', pump.id, complete, '2026-11-21T03:05:00Z', { shift: night.id }),
    );
    leeds.at('03:12');
    await leeds.plant.marek.post('/v1/sync/hello', { deviceId: phone.id, lastDeviceSeq: 3, outboxDepth: 2 });
  });

  test('[L7] the shift is not sealed over his head without a reason', async () => {
    leeds.at('06:00');
    await act('priya', night, 'close');
    await act('priya', night, 'sign', { decisions: [{ task: pump.id, decision: 'continue' }] });
    await leeds.settled();
    await act('tom', night, 'accept', {});
    leeds.at('06:10');
    const refused = await refusal(leeds.plant.tom.ask('POST', `/v1/shifts/${night.id}/seal`, {}));
    expect(refused).toMatchObject({
      ...{ status: 409, code: 'devices-missing' },
      devices: [{ device: phone.id, name: "Marek's phone", outboxDepth: 2, received: 1, lastDeviceSeq: 3 }],
    });
    night = await act('tom', night, 'seal', {
      ...{ expectedHead: refused['head'], reason: 'Marek is in the cellar until seven.' },
    });
    expect(night.seal).toMatchObject({
      ...{ expectedHead: refused['head'], reason: 'Marek is in the cellar until seven.' },
      exceptions: [{ device: phone.id, user: leeds.plant.ids['marek'], lastDeviceSeq: 3, outboxDepth: 2, gaps: [] }],
    });
    report = await document(night, 'report');
    bundle = await downloadBundle(leeds.plant.tom, night.id);
    expect(parseSealText(textOf(bundle.get(FILE.seal)!)).exceptions).toEqual([
      "Device Marek's phone silent since 03:12, 2 entries waiting when last heard: Marek is in the cellar until seven.",
    ]);
    expect(report).toContain("Device Marek's phone silent since 03:12");
    expect(bundle.has(ADDENDA)).toBe(false);
    await act('tom', early, 'start');
  });
});

describe('when he surfaces', () => {
  test('nothing is refused: both entries are late, made before the seal, and kept', async () => {
    leeds.at('07:15');
    await leeds.plant.marek.ask('PUT', `/v1/files/${sha256Of(photo)}`, photo);
    expect(await bring(...cellar)).toMatchObject([
      { outcome: 'flagged', flags: ['late'] },
      { outcome: 'flagged', flags: ['late'] },
    ]);
    const { lateEntries, seal, entries } = await nightNow();
    expect({ seal, entries }).toEqual({ seal: night.seal, entries: night.entries });
    expect(lateEntries).toMatchObject([
      { kind: 'observation', text: 'Valve 4 drips.', device: phone.id, lateKind: 'made_before_seal' },
      { kind: 'task.completed', text: `completed ${pump.ref} Pump 3 leaks: New seal fitted.`, item: { id: pump.id } },
    ]);
    expect(await leeds.plant.marek.get<Task>(`/v1/tasks/${pump.id}`)).toMatchObject({ status: 'closed' });
  });

  test('[L4] bringing them again makes nothing new', async () => {
    const before = await leeds.server.ledger.head(leeds.org);
    expect(await bring(...cellar)).toMatchObject([{ outcome: 'duplicate' }, { outcome: 'duplicate' }]);
    expect(await leeds.server.ledger.head(leeds.org)).toBe(before);
  });

  test('[L2] as sealed has not changed by a byte, and as amended has everything, photo and proofs too', async () => {
    expect(await document(night, 'report')).toBe(report);
    const after = await downloadBundle(leeds.plant.tom, night.id);
    expect(sealedPart(after)).toEqual(sealedPart(bundle));
    const { lateEntries } = await nightNow();
    const addenda = textOf(after.get(ADDENDA)!)
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { seq: number; type: string });
    expect(addenda.map(({ type }) => type)).toEqual(['shift.logged', 'task.completed', 'shift.late_noted']);
    expect(addenda.map(({ seq }) => seq)).toEqual([lateEntries[0]!.seq, lateEntries[1]!.noted, lateEntries[1]!.seq]);
    expect(after.get(`proofs/addenda/attachments/${sha256Of(photo)}`)).toEqual(photo);
    expect(verifyBundle(after, { root: leeds.root })).toMatchObject({ verdict: 'valid', exitCode: 0 });
    expect(verifyBundle(bundle, { root: leeds.root })).toMatchObject({ verdict: 'valid' });

    const amended = await document(night, 'addendum');
    expect(amended).toContain('## Added after the seal');
    for (const words of ['Valve 4 drips.', "on Marek's phone", 'made before the seal', 'New seal fitted.'])
      expect(amended).toContain(words);
  });

  test('[L7] whoever may not lead cannot say that it was read; the one who sealed it does', async () => {
    const { lateEntries } = await nightNow();
    const upTo = lateEntries.at(-1)!.seq;
    const refused = await refusal(leeds.plant.jo.ask('POST', `/v1/shifts/${night.id}/read-late`, { upTo }));
    expect(refused).toMatchObject({ status: 403, code: 'role-not-allowed' });
    expect((await act('tom', night, 'read-late', { upTo })).lateReads).toMatchObject([
      { by: leeds.plant.ids['tom'], upTo },
    ]);
    expect((await eventsOf(leeds.plant.tom, night.id)).at(-1)).toMatchObject({ type: 'shift.late_read' });
  });

  test('the next handover tells of it, and its seal is sealed over it', async () => {
    leeds.at('2026-11-21T14:00:00Z');
    await act('tom', early, 'close');
    await act('tom', early, 'sign', { decisions: [] });
    await act('priya', early, 'accept', {});
    const { plant } = leeds;
    await plant.marek.post('/v1/sync/hello', { deviceId: phone.id, lastDeviceSeq: phone.given, outboxDepth: 0 });
    await act('priya', early, 'seal', {});
    const told = await document(early, 'report');
    expect(told).toMatch(
      /\*\*Late entries to earlier shifts\*\*\n\n- S-1 Night: .*Valve 4 drips\.[^\n]*\n- S-1 Night: .*New seal fitted\./,
    );
  });

  test('[L3] all of it is the same after a restart', async () => {
    const before = [await nightNow(), await document(night, 'report'), await document(night, 'addendum')];
    await leeds.server.close();
    const again = apiOf((await leeds.again()).url, leeds.plant.tokens['tom']!);
    const text = async (name: string) => (await again.ask('GET', `/v1/shifts/${night.id}/${name}`)).text();
    const after = [await again.get<Shift>(`/v1/shifts/${night.id}`), await text('report'), await text('addendum')];
    expect(JSON.stringify(after).replaceAll(/"http:[^"]*"/g, '')).toBe(
      JSON.stringify(before).replaceAll(/"http:[^"]*"/g, ''),
    );
  });
});
