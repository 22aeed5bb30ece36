/** The day that `npm run demo` tells, on the real server; afterwards everything is gone through. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { textOf } from '../../shared/kernel/bytes.ts';
import { FILE } from '../../shared/proof/layout.ts';
import { parseSealText } from '../../shared/proof/seal.ts';
import { verifyBundle } from '../../shared/proof/verify.ts';
import { liveThroughTheDay, type Day } from '../demo/day.ts';
import { operary } from '../kit/a-cli.ts';
import { apiOf } from '../kit/api.ts';
import { sha256Of } from '../kit/delivery.ts';
import { leedsWorks, type Leeds } from '../kit/leeds.ts';
import { eventsOf, listed, type Delivery, type Event, type Shift, type Task, type Trail } from '../kit/shapes.ts';
import { downloadBundle, unpack } from '../kit/stranger.ts';

let leeds: Leeds;
let day: Day;
const said: string[] = [];
beforeAll(async () => {
  leeds = await leedsWorks('2026-11-20T13:50:00Z');
  day = await liveThroughTheDay({ ...leeds, say: (line) => void said.push(line) });
  await leeds.settled();
}, 60_000);
afterAll(() => leeds.close());

const taskCalled = async (start: string): Promise<Task> =>
  (await listed<Task>(leeds.plant.priya, '/v1/tasks?limit=200')).find(({ title }) => title.startsWith(start))!;

test('the night happened as it is told', async () => {
  expect(said).toHaveLength(11);
  const shifts = await listed<Shift>(leeds.plant.priya, '/v1/shifts');
  expect(shifts.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'Early active',
    'Night sealed',
    'Late sealed',
  ]);
  const tasks = await listed<Task>(leeds.plant.priya, '/v1/tasks');
  expect(tasks.map(({ title, status }) => `${status}: ${title}`)).toEqual([
    'open: Forklift 3 battery door does not lock',
    'assigned: Labeller 1: web tension low',
    'assigned: Replace drive-end bearing of filler 2',
    'open: Compressed air below 5.5 bar',
    'on_hold: Filler 4 bearing temperature above 90 °C',
    'closed: Filler 2 bearing temperature above 90 °C',
    'closed: Oil under gearbox 4',
  ]);
  expect(await listed<Delivery>(leeds.plant.priya, '/v1/deliveries')).toHaveLength(5);
});

test('the bearing leads from the message of the machine to the order for the next day', async () => {
  const [first, next] = [await taskCalled('Filler 2 bearing'), await taskCalled('Replace drive-end')];
  const trail = await leeds.plant.priya.get<Trail>(`/v1/tasks/${next.ref}/trail`);
  expect(trail.chain.map(({ kind, ref }) => [kind, ref])).toEqual([
    ['incident', 'I-1'],
    ['occurrence', null],
    ['task', first.ref],
    ['task', next.ref],
  ]);
  const types = (await eventsOf(leeds.plant.priya, first.id)).map(({ type }) => type.slice('task.'.length));
  expect(types).toEqual([
    'created',
    'assigned',
    'acknowledged',
    'started',
    'noted',
    'escalated',
    'completed',
    'verified',
  ]);
  const [delivered] = trail.events;
  expect(delivered).toMatchObject({ type: 'alarm.activated', upstream: [{ kind: 'delivery', rel: 'reported_by' }] });
});

test('no finished item is without exactly one root', async () => {
  expect(await leeds.plant.aude.get('/v1/audit/orphans')).toMatchObject({ items: [] });
  expect(await leeds.plant.priya.get('/v1/audit/orphans')).toMatchObject({ items: [], examined: 2 });
});

test('[L9] both sealed shifts are valid evidence, and each seal names the one before it', async () => {
  const [late, night] = [
    await downloadBundle(leeds.plant.aude, 'S-1'),
    await downloadBundle(leeds.plant.aude, day.sealedShift),
  ];
  for (const bundle of [late, night])
    expect(verifyBundle(bundle, { root: leeds.root })).toMatchObject({ verdict: 'valid', exitCode: 0 });
  const [first, second] = [late, night].map((bundle) => textOf(bundle.get(FILE.seal)!)) as [string, string];
  expect(parseSealText(first).previousSeal).toBeNull();
  expect(parseSealText(second).previousSeal).toBe(sha256Of(first));
  expect([...night.keys()]).toContain('proofs/addenda.jsonl');
});

test('[L14] the auditor sees what is sealed, and nothing of the shift that runs', async () => {
  const { aude } = leeds.plant;
  expect((await listed<Shift>(aude, '/v1/shifts')).map(({ name }) => name)).toEqual(['Night', 'Late']);
  const events = await listed<Event>(aude, '/v1/events?limit=1000');
  const shifts = new Set(events.map(({ shift }) => shift));
  expect(shifts.has(day.currentShift)).toBe(false);
  expect(shifts.has(day.sealedShift)).toBe(true);
  expect((await aude.ask('GET', '/v1/tasks')).status).toBe(403);
});

test('[L3] after a restart everything reads as before, and fsck finds every byte in order', async () => {
  const paths = [
    '/v1/tasks?limit=200',
    '/v1/shifts',
    '/v1/alarms',
    '/v1/deliveries',
    `/v1/shifts/${day.sealedShift}/report`,
    '/v1/events?limit=1000',
    '/v1/log/checkpoint',
  ];
  const reads = (url: string) =>
    Promise.all(paths.map(async (path) => (await apiOf(url, leeds.plant.tokens['priya']!).ask('GET', path)).text()));
  const before = await reads(leeds.plant.url);
  const bundle = await downloadBundle(leeds.plant.aude, day.sealedShift);
  await leeds.server.close();
  const fsck = await operary(leeds.data, ['fsck', '--json'], { OPERARY_ORIGIN: 'test.operary.internal' });
  expect([fsck.code, fsck.err]).toEqual([0, '']);
  expect(JSON.parse(fsck.out)).toMatchObject({ findings: [] });

  const server = await leeds.again();
  expect(await reads(server.url)).toEqual(before);
  const again = await downloadBundle(apiOf(server.url, leeds.plant.tokens['aude']!), day.sealedShift);
  expect([...again]).toEqual([...bundle]);
  const folder = mkdtempSync(join(tmpdir(), 'operary-day-'));
  unpack(again, folder);
  expect(await operary(folder, ['verify', folder, '--root', leeds.root])).toMatchObject({ code: 0 });
  rmSync(folder, { recursive: true });
});

test('[L2] when somebody edits the file underneath, fsck says so in a sentence', async () => {
  await leeds.stop();
  const copy = mkdtempSync(join(tmpdir(), 'operary-edited-'));
  cpSync(leeds.data, copy, { recursive: true });
  const ledger = join(copy, 'ledger.sqlite');
  const bytes = readFileSync(ledger);
  const was = '"type":"task.verified"';
  expect(bytes.includes(was)).toBe(true);
  for (let at = bytes.indexOf(was); at >= 0; at = bytes.indexOf(was, at + 1)) bytes.write('"type":"task.rejected"', at);
  writeFileSync(ledger, bytes);
  const { code, out } = await operary(copy, ['fsck'], { OPERARY_ORIGIN: 'test.operary.internal' });
  expect([code, out]).toEqual([1, expect.stringMatching(/\S.*[.]/)]);
  rmSync(copy, { recursive: true });
});
