/** One night at packaging, told in order: crew, log, corrections, handover, seal. Then everybody tries to change it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { base64, fromBase64, utf8 } from '../../shared/kernel/bytes.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { FILE } from '../../shared/proof/layout.ts';
import { parseSealText, SEAL_NAMESPACE } from '../../shared/proof/seal.ts';
import { parseSshPublicKey } from '../../shared/proof/ssh-key.ts';
import { verifySshsig } from '../../shared/proof/sshsig.ts';
import { rootOfLeafHashes } from '../../shared/proof/tree.ts';
import { apiOf, type Api } from '../kit/api.ts';
import { sha256Of } from '../kit/delivery.ts';
import { leedsWorks, PACKAGING, type Leeds } from '../kit/leeds.ts';
import { listed, refusal, type Event, type Shift, type Task } from '../kit/shapes.ts';
import { downloadBundle } from '../kit/stranger.ts';

type Name = 'priya' | 'tom' | 'dana' | 'marek' | 'jo' | 'aude';

let leeds: Leeds;
let shift: Shift;
let pump: Task;
let guard: Task;
beforeAll(async () => {
  leeds = await leedsWorks();
});
afterAll(() => leeds.close());

const act = (who: Name, verb: string, body: object = {}) =>
  leeds.plant[who].post<Shift>(`/v1/shifts/${shift.id}/${verb}`, body);
const no = (who: Name, verb: string, body: object = {}) =>
  refusal(leeds.plant[who].ask('POST', `/v1/shifts/${shift.id}/${verb}`, body));
const head = () => leeds.server.ledger.head(leeds.org);
const report = async (who: Name = 'priya', of: Pick<Api, 'ask'> = leeds.plant[who]): Promise<string> => {
  const response = await of.ask('GET', `/v1/shifts/${shift.id}/report`);
  expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
  return response.text();
};
const shiftNow = () => leeds.plant.priya.get<Shift>(`/v1/shifts/${shift.ref}`);

describe('the night', () => {
  test('is planned and started with its crew; a second one of the area cannot start beside it', async () => {
    const { priya, tom, ids } = leeds.plant;
    shift = await priya.post<Shift>('/v1/shifts', {
      area: PACKAGING,
      name: 'Night',
      from: '2026-11-20T22:00:00Z',
      to: '2026-11-21T06:00:00Z',
    });
    expect(shift).toMatchObject({ ref: 'S-1', status: 'planned', crew: [] });
    leeds.at('22:00');
    const crew = [
      { user: ids['priya'], role: 'supervisor' },
      { user: ids['dana'], role: 'line_lead' },
      { user: ids['marek'], role: 'maintenance_engineer' },
    ];
    expect(await act('priya', 'start', { crew, reason: 'On time' })).toMatchObject({
      status: 'active',
      crew,
      startedBy: ids['priya'],
    });
    const early = await tom.post<Shift>('/v1/shifts', {
      area: PACKAGING,
      name: 'Early',
      from: '2026-11-21T06:00:00Z',
      to: '2026-11-21T14:00:00Z',
    });
    const refused = await refusal(tom.ask('POST', `/v1/shifts/${early.id}/start`, {}));
    expect(refused).toMatchObject({ status: 409, code: 'shift-already-active', active: shift.id });
  });

  test('has a log in which the wrong word stays legible beside the right one', async () => {
    leeds.at('02:16');
    const [wrong] = (await act('dana', 'log', { text: 'Bearing seat checked, tag TT-3205.', kind: 'reading' })).entries;
    expect(await no('marek', 'log', { text: 'No, TT-3204.', corrects: wrong!.id })).toMatchObject({
      status: 409,
      code: 'not-your-entry',
    });
    const right = await act('dana', 'log', {
      text: 'Bearing seat checked, tag TT-3204.',
      corrects: wrong!.id,
      reason: 'wrong tag read',
    });
    expect(right.entries).toMatchObject([
      { text: expect.stringContaining('TT-3205') },
      { corrects: wrong!.id, reason: 'wrong tag read' },
    ]);
    expect(await no('dana', 'log', { text: 'TT-3206.', corrects: wrong!.id })).toMatchObject({
      code: 'already-corrected',
    });
    const remembered = await act('marek', 'log', {
      text: 'Grease line found blocked.',
      occurredAt: '2026-11-21T01:25:00Z',
    });
    expect(remembered.entries.at(-1)).toMatchObject({ late: true, at: '2026-11-21T01:25:00.000Z' });
    expect(await no('aude', 'log', { text: 'I was here.' })).toMatchObject({ status: 403 });
  });

  test('has work: one task is finished, one goes on', async () => {
    const { priya, marek } = leeds.plant;
    const order = { area: PACKAGING, assignee: { role: 'maintenance_engineer' } };
    pump = await priya.post<Task>('/v1/tasks', { ...order, title: 'Pump 3 leaks' });
    guard = await priya.post<Task>('/v1/tasks', { ...order, title: 'Guard door 3 sticks', priority: 'P2' });
    const photo = utf8('a photo of pump 3');
    await marek.ask('PUT', `/v1/files/${sha256Of(photo)}`, photo);
    for (const verb of ['acknowledge', 'start']) await marek.post(`/v1/tasks/${pump.id}/${verb}`);
    const done = await marek.post<Task>(`/v1/tasks/${pump.id}/complete`, {
      note: 'New seal.',
      evidence: [sha256Of(photo)],
    });
    expect(done).toMatchObject({ status: 'closed', finishedIn: shift.id });
  });

  test('[L7] is closed and signed only when every open task has its decision', async () => {
    leeds.at('05:50');
    expect(await no('priya', 'sign')).toMatchObject({ status: 409, code: 'transition-not-allowed' });
    expect(await act('priya', 'close')).toMatchObject({ status: 'closing' });
    const undecided = await no('priya', 'sign', { decisions: [] });
    expect(undecided).toMatchObject({
      status: 409,
      code: 'tasks-undecided',
      tasks: [{ id: guard.id, ref: guard.ref, priority: 'P2' }],
    });
    expect(await no('tom', 'accept')).toMatchObject({ status: 409, code: 'transition-not-allowed' });
    const signed = await act('priya', 'sign', { decisions: [{ task: guard.ref, decision: 'continue' }] });
    expect(signed.signature).toMatchObject({ by: leeds.plant.ids['priya'], criticalItems: [guard.id] });
  });

  test('is handed over between two people: refused once, then accepted with what was read back', async () => {
    expect(await no('priya', 'accept')).toMatchObject({ status: 409, code: 'same-person' });
    expect(await no('tom', 'refuse')).toMatchObject({ status: 400, fields: [{ field: '/reason' }] });
    expect(await act('tom', 'refuse', { reason: 'The floor is still wet.' })).toMatchObject({
      status: 'closing',
      signature: null,
    });
    expect(await no('priya', 'seal')).toMatchObject({ status: 409, code: 'transition-not-allowed' });
    await act('priya', 'log', { text: 'Floor dried.' });
    await act('priya', 'sign', { decisions: [{ task: guard.id, decision: 'continue' }] });
    await leeds.settled();
    const accepted = await act('tom', 'accept', { criticalItems: [guard.ref], reservations: 'Door 3 to be watched.' });
    expect(accepted).toMatchObject({ status: 'handed_over', acceptance: { criticalItems: [guard.id] } });
  });

  test('is sealed by whoever has seen all of it', async () => {
    leeds.at('06:09');
    const { seq } = await act('marek', 'log', { text: 'Key box 4 returned.' });
    const moved = await no('tom', 'seal', { expectedHead: seq - 1 });
    expect(moved).toMatchObject({ status: 409, code: 'head-moved', newEntries: 1, head: seq });
    const draft = await report();
    shift = await act('tom', 'seal', { expectedHead: moved['head'], reason: 'Handover done' });
    expect(shift).toMatchObject({
      status: 'sealed',
      seal: { kind: 'accepted', by: leeds.plant.ids['tom'], attachments: [sha256Of('a photo of pump 3')] },
    });
    // Nothing was recorded between the draft and the seal, so the draft says the same but for the moment.
    expect((await report()).split('\n').length).toBe(draft.split('\n').length);
  });
});

describe('after the seal', () => {
  test('[L2] every verb of the shift and of the task finished in it is 423, and each attempt is on record', async () => {
    const decisions = [{ task: guard.id, decision: 'cancel' }];
    const reason = 'On second thoughts';
    const ofShift: readonly [Name, string, object][] = [
      ['priya', 'start', {}],
      ['jo', 'log', { text: 'One more thing.' }],
      ['priya', 'close', {}],
      ['priya', 'sign', { decisions }],
      ['tom', 'accept', {}],
      ['tom', 'refuse', { reason }],
      ['tom', 'seal', {}],
    ];
    const ofTask: readonly [Name, string, object][] = [
      ['dana', 'assign', { assignee: { role: 'operator' } }],
      ['marek', 'reject', { reason }],
      ['marek', 'acknowledge', {}],
      ['marek', 'start', {}],
      ['marek', 'hold', { reasonCode: 'waiting_parts' }],
      ['marek', 'resume', {}],
      ['marek', 'complete', { note: 'Again.' }],
      ['dana', 'verify', {}],
      ['dana', 'send-back', { reason }],
      ['dana', 'reopen', { reason }],
      ['jo', 'escalate', { reason }],
      ['dana', 'cancel', { reasonCode: 'duplicate' }],
      ['jo', 'note', { text: 'One more thing.' }],
    ];
    const [sealedShift, sealedTask, sealedReport] = [
      await shiftNow(),
      await leeds.plant.jo.get(`/v1/tasks/${pump.id}`),
      await report(),
    ];
    for (const [kind, id, attempts] of [
      ['shifts', shift.id, ofShift],
      ['tasks', pump.id, ofTask],
    ] as const) {
      for (const [who, verb, body] of attempts) {
        const before = await head();
        const refused = await refusal(leeds.plant[who].ask('POST', `/v1/${kind}/${id}/${verb}`, body));
        expect([verb, refused.status, refused.code]).toEqual([verb, 423, 'shift-sealed']);
        expect(await head(), verb).toBe(before + 1);
        const [witness] = await listed<Event>(leeds.plant.priya, `/v1/events?after=${before}`);
        expect(witness).toMatchObject({
          type: 'shift.change_refused',
          subject: { kind: 'org', id: leeds.org },
          shift: null,
          actor: { id: leeds.plant.ids[who] },
          body: {
            shift: shift.id,
            command: `${kind}.${verb === 'send-back' ? 'sendBack' : verb}`,
            caller: leeds.plant.ids[who],
          },
        });
      }
    }
    expect([await shiftNow(), await leeds.plant.jo.get(`/v1/tasks/${pump.id}`), await report()]).toEqual([
      sealedShift,
      sealedTask,
      sealedReport,
    ]);
  });

  test('[L14] whoever may not do it at all is told so, and leaves no trace', async () => {
    const before = await head();
    expect(await no('jo', 'seal')).toMatchObject({ status: 403, code: 'role-not-allowed' });
    expect(await no('aude', 'log', { text: 'Hello' })).toMatchObject({ status: 403 });
    expect(await head()).toBe(before);
  });

  test('[L2] a device is refused in the same words, and its attempt is on record too', async () => {
    const before = await head();
    const id = () => uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
    const common = {
      v: 1,
      observedSeq: 1,
      occurredAt: '2026-11-21T05:00:00Z',
      tz: 'Europe/London',
      clockOffsetMs: null,
    };
    const command = {
      ...common,
      id: id(),
      type: 'shifts.log',
      subject: shift.id,
      body: { text: 'From the cellar.' },
      deviceSeq: 1,
    };
    const { outcomes } = await leeds.plant.marek.post<{ outcomes: unknown[] }>('/v1/sync/commands', {
      deviceId: id(),
      commands: [command],
    });
    expect(outcomes).toMatchObject([
      { id: command.id, outcome: 'rejected', problem: { status: 423, code: 'shift-sealed' } },
    ]);
    expect(await listed<Event>(leeds.plant.priya, `/v1/events?after=${before}`)).toMatchObject([
      { type: 'shift.change_refused' },
    ]);
  });

  test('what came up later stands beside it, and the task that was open lives on', async () => {
    const amended = await act('tom', 'amend', {
      text: 'Reading tour 05:52 found on paper.',
      reason: 'Sheet handed in late',
    });
    expect(amended).toMatchObject({ status: 'sealed', seal: shift.seal, amendments: [{ by: leeds.plant.ids['tom'] }] });
    const [late] = await listed<Event>(leeds.plant.priya, `/v1/audit?shift=${shift.id}&after=${shift.seal!.seq}`);
    expect(late).toMatchObject({ type: 'shift.amended', shift: shift.id, body: { late: true } });
    await leeds.plant.marek.post(`/v1/tasks/${guard.id}/acknowledge`);
    const followUp = {
      title: 'Seal of pump 3 weeps again',
      area: PACKAGING,
      upstream: [{ kind: 'task', id: pump.id, rel: 'follow_up_of' }],
    };
    expect(await leeds.plant.dana.post<Task>('/v1/tasks', followUp)).toMatchObject({ status: 'open' });
  });
});

describe('the record', () => {
  test('[L2] is the same report, byte for byte, whoever asks and however often', async () => {
    const first = await report();
    expect(sha256Of(first)).toBe(shift.seal!.reportSha256);
    expect(first).toMatch(/^# Shift report — leeds\/packaging, Night/);
    for (const words of [
      'For the next shift, first',
      'TT-3204',
      'TT-3205',
      'Pump 3 leaks',
      'Guard door 3 sticks',
      'Door 3 to be watched',
      'Priya Nair',
      'Tom Hughes',
    ])
      expect(first).toContain(words);
    for (const who of ['priya', 'tom', 'aude', 'priya'] as const) expect(await report(who)).toBe(first);
  });

  test('[L9] its seal.txt is plain language, and the seal key of the organisation has signed it', async () => {
    const files = await downloadBundle(leeds.plant.aude, shift.id);
    const text = new TextDecoder().decode(files.get(FILE.seal));
    expect(text).toMatch(/^OPERARY SEAL v1\nRecord: Shift report, leeds\/packaging, Night, .*\n/);
    expect(parseSealText(text)).toMatchObject({
      shift: shift.id,
      kind: 'accepted',
      handedOverBy: expect.stringMatching(/^Priya Nair, supervisor, 2026-11-21T05:50/),
      acceptedBy: expect.stringMatching(/^Tom Hughes, supervisor, /),
      entries: shift.seal!.entries,
      shiftRoot: shift.seal!.shiftRoot,
      previousSeal: null,
      exceptions: ['Accepted with reservations: Door 3 to be watched.', 'Refused before: The floor is still wet.'],
    });
    const [{ keys }] = (await listed<{ keys: { seal: string } }>(leeds.plant.aude, '/v1/orgs')) as [
      { keys: { seal: string } },
    ];
    const armor = new TextDecoder().decode(files.get(FILE.sealSignature));
    const publicKey = parseSshPublicKey(keys.seal);
    expect(verifySshsig({ armor, namespace: SEAL_NAMESPACE, message: files.get(FILE.seal)!, publicKey })).toBe(true);
  });

  test("[L9] the shift's own root and count are those of its entries up to the seal, without it", async () => {
    const items = await listed<Event & { leafHash: string }>(
      leeds.plant.aude,
      `/v1/audit?shift=${shift.id}&limit=1000`,
    );
    const before = items.filter(({ seq }) => seq < shift.seal!.seq);
    expect(before).toHaveLength(shift.seal!.entries);
    expect([before[0]!.seq, before.at(-1)!.seq]).toEqual([shift.seal!.firstSeq, shift.seal!.lastSeq]);
    expect(base64(rootOfLeafHashes(before.map(({ leafHash: hash }) => fromBase64(hash))))).toBe(shift.seal!.shiftRoot);
  });

  test('[L2] is the same after a restart', async () => {
    const before = await report();
    await leeds.server.close();
    const server = await leeds.again();
    expect(await report('aude', apiOf(server.url, leeds.plant.tokens['aude']!))).toBe(before);
  });
});
