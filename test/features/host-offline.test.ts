/** A device in a cellar, at the real rules and the real routes: what it records there, what it shows of it, and what becomes of it. */
import { expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { aTask, aNightShift, anOrganisation, pump } from '../kit/given.ts';
import { aDevice, aDisk, type ADevice, type Disk } from '../kit/a-device.ts';
import { manualClock, rest, type ManualClock } from '../kit/manual-clock.ts';
import { ana, marek, type Person } from '../kit/people.ts';
import { plantLink, plantSite, type PlantLink, type PlantSite } from '../kit/plant-link.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { statusOf } from '../../plugin/status.ts';

useNativeCrypto();

interface Cellar extends ADevice {
  readonly plant: Plant;
  readonly at: PlantSite;
  readonly link: PlantLink;
  /** Lets everything happen that is under way, and so many seconds pass. */
  settle(seconds?: number): Promise<void>;
  goDown(): Promise<void>;
  comeUp(): Promise<void>;
}

async function settled(link: PlantLink, clock: ManualClock, device: ADevice, seconds = 0): Promise<void> {
  await clock.pass(seconds * 1000);
  for (let quiet = 0; quiet < 3; quiet = link.inFlight ? 0 : quiet + 1) await rest();
  await device.host.notebook.idle();
}

async function open(plant: Plant, by: Person, disk: Disk = aDisk(), at = plantSite(plant)): Promise<Cellar> {
  const [clock, link] = [manualClock(Date.parse(plant.now())), plantLink(at, by)];
  const device = aDevice(plant.register, link, { disk, clock });
  const settle = (seconds = 0): Promise<void> => settled(link, clock, device, seconds);
  device.host.start();
  await settle(1);
  return {
    ...device,
    plant,
    at,
    link,
    settle,
    async goDown() {
      link.line = 'down';
      link.cut();
      await settle();
    },
    async comeUp() {
      link.line = 'up';
      await settle(31);
    },
  };
}

const words = ({ host, attention }: ADevice): string =>
  statusOf(host, attention.all.length, (at) => new Date(at).toISOString().slice(11, 16)).words;
const start = async (...steps: Step[]): Promise<Plant> => createPlant().run(anOrganisation(), aNightShift(), ...steps);
const stateOn = ({ host }: ADevice): TaskState => host.replica.get(pump)!.state as TaskState;
const noteOf = ({ disk }: ADevice, name = 'T-1 Pump 3 leaks'): string =>
  disk.vault.texts.get(`Operary/Tasks/2026/11/${name}.md`)!;
const ask = (device: ADevice, verb: string, input: object = {}) =>
  device.host.asking.ask({ type: `tasks.${verb}`, subject: { kind: 'task', id: pump.id }, input: { ...input } });

/** The server knows more than a device: here it is made to say no to one kind of command. */
function refusing({ link }: Cellar, type: string, detail: string): void {
  const { request } = link;
  link.request = async (method, path, body, key) => {
    const { commands = [] } = (body ?? {}) as { readonly commands?: readonly { id: string; type: string }[] };
    const no = commands.filter((command) => command.type === type).map(({ id }) => id);
    if (!no.length) return request(method, path, body, key);
    const others = commands.filter(({ id }) => !no.includes(id));
    const nothing = { status: 200, json: { outcomes: [], head: 0, instance: 'the first', standing: 'active' } };
    const reply = others.length
      ? await request(method, path, { ...(body as object), commands: others }, key)
      : { ...nothing, bytes: new Uint8Array() };
    const { outcomes, ...answer } = reply.json as { readonly outcomes: readonly object[] };
    const problem = { status: 409, code: 'x', detail };
    const told = no.map((id) => ({ id, outcome: 'rejected', flags: [], problem }));
    return { ...reply, json: { ...answer, outcomes: [...outcomes, ...told] } };
  };
}

test('online, a command is done when the server has it and its event has arrived here', async () => {
  const device = await open(await start(aTask('acknowledged')), marek);
  const outcome = ask(device, 'start');
  await device.settle(1);
  expect(await outcome).toMatchObject({ kind: 'done', entity: { status: 'in_progress', ref: 'T-1' } });
  expect((await device.plant.state<TaskState>(pump)).status).toBe('in_progress');
  expect(words(device)).toBe('Stored');
});

test('[L13] in the cellar it is saved here, shown, and counted; back up it is stored, and nothing is asked of anybody', async () => {
  const device = await open(await start(aTask('acknowledged')), marek);
  await device.goDown();
  expect(await ask(device, 'start')).toMatchObject({ kind: 'saved', entity: { status: 'in_progress' } });
  expect(await ask(device, 'complete', { note: 'New seal fitted.' })).toMatchObject({ kind: 'saved' });
  await device.settle();
  expect(stateOn(device).status).toBe('closed');
  expect(noteOf(device)).toContain('status: closed');
  expect(words(device)).toBe('Offline since 22:00 · 2 waiting');
  expect((await device.plant.state<TaskState>(pump)).status).toBe('acknowledged');
  await device.comeUp();
  expect((await device.plant.state<TaskState>(pump)).completion?.note).toBe('New seal fitted.');
  expect(words(device)).toBe('Stored');
  const made = (await device.plant.history(pump)).flatMap(({ body }) => body.made ?? []);
  expect(made.map(({ deviceSeq }) => deviceSeq).every((seq, i) => i === 0 || seq === made[i - 1]!.deviceSeq + 1)).toBe(
    true,
  );
});

test('[L7] what the rules refuse is refused here and now, in their own words, and nothing is kept of it', async () => {
  const device = await open(await start(aTask('acknowledged')), marek);
  await device.goDown();
  const rows = device.disk.first.rows.size;
  expect(await ask(device, 'complete', { note: 'Done.' })).toMatchObject({
    kind: 'refused',
    code: 'transition-not-allowed',
    detail: expect.stringContaining('completed') as string,
  });
  expect(await ask(device, 'note', { text: '' })).toMatchObject({
    code: 'invalid-input',
    fields: [{ field: '/text' }],
  });
  expect(device.disk.first.rows.size).toBe(rows);
  expect(words(device)).toBe('Offline since 22:00');
});

test('[L13] with one store full it is saved in the other, and somebody is told; with both, nothing is shown', async () => {
  const device = await open(await start(aTask('acknowledged')), marek);
  await device.goDown();
  device.disk.first.isFull = true;
  expect(await ask(device, 'start')).toMatchObject({ kind: 'saved' });
  expect(device.notices.join()).toContain('Entries are kept in one place instead of two');
  device.disk.second.isFull = true;
  expect(await ask(device, 'complete', { note: 'Done.' })).toMatchObject({
    kind: 'refused',
    code: 'not-saved',
    detail: expect.stringContaining('Nothing was recorded') as string,
  });
  expect(stateOn(device).status).toBe('in_progress');
  device.disk.first.isFull = device.disk.second.isFull = false;
  expect(await ask(device, 'complete', { note: 'Done.' })).toMatchObject({ kind: 'saved' });
  await device.comeUp();
  expect(stateOn(device).status).toBe('closed');
  expect(device.host.waiting).toBe(0);
});

test.each(['nothing', 'the database', 'the file'])(
  '[L13] the app is closed in the cellar and opened there again, with %s purged: all is there, and goes up later',
  async (purged) => {
    const plant = await start(aTask('acknowledged'));
    const device = await open(plant, marek);
    await device.settle(11);
    await device.goDown();
    await ask(device, 'start');
    await ask(device, 'note', { text: 'The bolt is worn.' });
    device.close();
    if (purged === 'the database') device.disk.first.rows.clear();
    if (purged === 'the file') device.disk.second.rows.clear();
    const link = plantLink(device.at, marek);
    link.line = 'down';
    const again = aDevice(plant.register, link, { disk: device.disk, clock: device.clock });
    again.host.start();
    await settled(link, device.clock, again, 1);
    expect(
      stateOn(again)
        .actions.map(({ what }) => what)
        .slice(-2),
    ).toEqual(['started', 'noted']);
    expect(again.host.waiting).toBe(2);
    expect(await ask(again, 'complete', { note: 'New bolt.' })).toMatchObject({ kind: 'saved' });
    link.line = 'up';
    await settled(link, device.clock, again, 31);
    const made = (await plant.history(pump)).flatMap(({ body }) => body.made?.deviceSeq ?? []);
    expect(made).toEqual([2, 3, 4]);
    expect((await plant.state<TaskState>(pump)).status).toBe('closed');
    expect(words(again)).toBe('Stored');
  },
);

test('something new has no number until the server has given one; then its note gets its name', async () => {
  const device = await open(await start(aTask('open')), ana);
  await device.goDown();
  const outcome = await device.host.asking.ask({
    type: 'tasks.create',
    input: { title: 'Belt slips', area: 'leeds/packaging' },
  });
  expect(outcome).toMatchObject({ kind: 'saved', entity: { ref: 'T-new', status: 'open' } });
  await device.settle();
  expect(noteOf(device, 'T-new Belt slips')).toContain('T-new Belt slips');
  await device.comeUp();
  expect(noteOf(device, 'T-2 Belt slips')).toContain('- [ ] T-2 Belt slips');
  expect(noteOf(device, 'T-2 Belt slips')).toMatch(/^operary_seq: \d+$/m);
  expect(noteOf(device, 'T-new Belt slips')).toBeUndefined();
});

test('something new that the server does not take keeps its note, whose name says that it is not recorded', async () => {
  const device = await open(await start(aTask('open')), ana);
  refusing(device, 'tasks.create', 'This area has been closed.');
  await device.goDown();
  await device.host.asking.ask({ type: 'tasks.create', input: { title: 'Belt slips', area: 'leeds/packaging' } });
  await device.settle();
  await device.comeUp();
  expect(noteOf(device, 'T-new Belt slips')).toBeUndefined();
  expect(noteOf(device, 'T-new Belt slips (not recorded)')).toContain('Belt slips');
  expect(device.attention.all[0]!.sentence).toContain('This area has been closed. You had entered: title: Belt slips');
});

test('[L4] an answer that is lost on its way makes nothing happen twice', async () => {
  const device = await open(await start(aTask('acknowledged')), marek);
  device.link.line = 'deaf';
  void ask(device, 'start');
  await device.settle(40);
  expect((await device.plant.state<TaskState>(pump)).status).toBe('in_progress');
  expect(device.host.waiting).toBe(1);
  await device.comeUp();
  expect(device.host.waiting).toBe(0);
  expect((await device.plant.history(pump)).filter(({ type }) => type === 'task.started')).toHaveLength(1);
  expect(stateOn(device).actions.filter(({ what }) => what === 'started')).toHaveLength(1);
});

test('[L12] what the server does not take is put back, told with what was entered, and holds up nothing', async () => {
  const device = await open(await start(aTask('in_progress')), marek);
  refusing(device, 'tasks.hold', 'No parts are missing.');
  await device.goDown();
  await ask(device, 'note', { text: 'One.' });
  await ask(device, 'hold', { reasonCode: 'waiting_parts', note: 'No bolts left.' });
  await ask(device, 'note', { text: 'Two.' });
  await device.comeUp();
  expect(device.host.waiting).toBe(0);
  expect(words(device)).toBe('Needs attention: 1');
  expect(device.attention.all[0]!.sentence).toBe(
    'Put task on hold (Pump 3 leaks) was not recorded: No parts are missing. You had entered: reasonCode: waiting_parts / note: No bolts left.',
  );
  const { about } = device.attention.all[0]!;
  device.attention.dismiss(about);
  device.close();
  const again = aDevice(device.plant.register, device.link, { disk: device.disk, clock: device.clock });
  again.host.start();
  await settled(device.link, device.clock, again, 1);
  expect(again.attention.all).toEqual([]);
});

test('two people complete the same task in two cellars: both are kept, and each is told', async () => {
  const plant = await start(aTask('in_progress', { assignee: { role: 'maintenance_engineer' } }));
  const at = plantSite(plant);
  const [one, two] = [await open(plant, marek, aDisk('one'), at), await open(plant, ana, aDisk('two'), at)];
  await one.goDown();
  await two.goDown();
  for (const device of [one, two]) await ask(device, 'complete', { note: `By ${device === one ? 'Marek' : 'Ana'}.` });
  await one.comeUp();
  await two.comeUp();
  await one.settle();
  expect(two.attention.all.map(({ sentence }) => sentence)).toEqual([
    expect.stringContaining('Somebody else completed this too') as string,
  ]);
  expect(stateOn(one)).toEqual(stateOn(two));
  expect(stateOn(one).completion!.note).toBe('By Marek.');
});

test('what only the server decides needs the network, and the sentence says so', async () => {
  const device = await open(await start(aTask('open')), ana);
  await device.goDown();
  const outcome = device.host.asking.ask({ type: 'tokens.create', input: {} });
  await device.settle(60);
  expect(await outcome).toMatchObject({
    code: 'offline',
    detail: expect.stringMatching(
      /"Create token" is decided at the server, which cannot be reached.*Try again/,
    ) as string,
  });
});

test('it drains by itself after a failed round, without a new entry', async () => {
  const device = await open(await start(aTask('acknowledged')), marek);
  const { request } = device.link;
  let refusals = 3;
  device.link.request = (method, path, ...rest) =>
    path === '/v1/sync/commands' && refusals-- > 0
      ? Promise.resolve({ status: 503, json: { code: 'not-ready', detail: 'Starting.' }, bytes: new Uint8Array() })
      : request(method, path, ...rest);
  const outcome = ask(device, 'start');
  await device.settle(6);
  expect((await outcome).kind).not.toBe('refused');
  await device.settle(31);
  expect((await device.plant.state<TaskState>(pump)).status).toBe('in_progress');
  expect(device.host.waiting).toBe(0);
});

test('a batch that cannot be read is halved until the one that spoils it stands alone', async () => {
  const device = await open(await start(aTask('acknowledged')), marek);
  const { request } = device.link;
  device.link.request = (method, path, body, key) =>
    JSON.stringify(body ?? '').includes('poison')
      ? Promise.resolve({ status: 413, json: { code: 'too-large', detail: 'At most 2 MiB.' }, bytes: new Uint8Array() })
      : request(method, path, body, key);
  await device.goDown();
  for (const text of ['One.', 'Two.', 'poison', 'Three.', 'Four.']) await ask(device, 'note', { text });
  await device.comeUp();
  expect(device.host.waiting).toBe(0);
  expect(stateOn(device).actions.flatMap(({ text }) => text ?? [])).toEqual(['One.', 'Two.', 'Three.', 'Four.']);
  expect(device.attention.all).toHaveLength(1);
});

test('an edit in a note goes the same way', async () => {
  const device = await open(await start(aTask('acknowledged')), marek);
  await device.goDown();
  device.disk.vault.external.write(
    'Operary/Tasks/2026/11/T-1 Pump 3 leaks.md',
    noteOf(device).replace('status: acknowledged', 'status: in_progress'),
  );
  await device.settle();
  expect(stateOn(device).status).toBe('in_progress');
  expect(noteOf(device)).toMatch(/^operary_seq: \d+\.5$/m);
  expect(device.host.waiting).toBe(1);
  await device.comeUp();
  expect((await device.plant.state<TaskState>(pump)).status).toBe('in_progress');
  expect(noteOf(device)).toMatch(/^operary_seq: \d+$/m);
});
