/** A day at Leeds Works, as it would have been: every step over the public API, on alarms recorded from a real Alertmanager. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Plant } from './plant.ts';

export interface Stage {
  readonly plant: Plant;
  /** Moves the plant's clock, RFC 3339 or `HH:MM` of the night of 20/21 November 2026. */
  at(time: string): void;
  settled(): Promise<void>;
  say(line: string): void;
}

export interface Day {
  readonly sealedShift: string;
  readonly currentShift: string;
}

const recorded = async (name: string): Promise<string> => {
  const file = new URL(`../fixtures/${name}.json`, import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { request: { bodyRaw: string } }).request.bodyRaw;
};

const PACKAGING = 'leeds/packaging';

export async function liveThroughTheDay(stage: Stage): Promise<Day> {
  await lateShift(stage);
  const night = await nightShift(stage);
  return { sealedShift: night, currentShift: await morning(stage, night) };
}

/** Tom's late shift: short, and the first link of the chain of seals. */
async function lateShift({ plant, at, say }: Stage): Promise<void> {
  const { tom, priya, ids } = plant;
  at('2026-11-20T13:58:00Z');
  const shift = await tom.post('/v1/shifts', {
    area: PACKAGING,
    name: 'Late',
    from: '2026-11-20T14:00:00Z',
    to: '2026-11-20T22:00:00Z',
  });
  const act = (verb: string, body: object = {}, by = tom) => by.post(`/v1/shifts/${shift.id}/${verb}`, body);
  await act('start', {
    crew: [
      { user: ids['tom'], role: 'supervisor' },
      { user: ids['jo'], role: 'operator' },
    ],
  });
  at('2026-11-20T18:40:00Z');
  await act('log', {
    text: 'Line 3 lubrication round not done: grease gun missing, ordered.',
    kind: 'handover_item',
    equipment: 'line 3',
  });
  at('2026-11-20T21:50:00Z');
  await act('close');
  await act('sign');
  at('2026-11-20T22:01:00Z');
  await act('accept', {}, priya);
  await act('seal', {}, priya);
  say('22:01  Late shift handed over by Tom Hughes to Priya Nair, and sealed.');
}

async function nightShift(stage: Stage): Promise<string> {
  const { plant, at, settled, say } = stage;
  const { priya, dana, marek, jo, tom, ids } = plant;
  at('2026-11-20T22:02:00Z');
  const shift = await priya.post('/v1/shifts', {
    area: PACKAGING,
    name: 'Night',
    from: '2026-11-20T22:00:00Z',
    to: '2026-11-21T06:00:00Z',
  });
  const act = (verb: string, body: object = {}, by = priya) => by.post(`/v1/shifts/${shift.id}/${verb}`, body);
  await act('start', {
    crew: [
      { user: ids['priya'], role: 'supervisor' },
      { user: ids['dana'], role: 'line_lead' },
      { user: ids['marek'], role: 'maintenance_engineer' },
      { user: ids['jo'], role: 'operator' },
    ],
  });
  at('22:05');
  await act('log', {
    text: 'Took over from the late shift. Lubrication round on line 3 not done, stated in the handover.',
  });
  at('22:40');
  await act('log', { text: 'A. Singh replaces L. Brandt on line 3 (sick).', kind: 'staffing' });

  at('00:15');
  await jo.post('/v1/alarms', {
    text: 'Oil under gearbox 4. Slippery, roped off.',
    area: `${PACKAGING}/line-4`,
    class: 'safety',
    priority: 'P2',
  });
  await settled();
  say('00:15  Jo Reid reports oil under gearbox 4 in one sentence; it becomes a task.');

  at('2026-11-21T02:08:26.719Z');
  const first = await recorded('alertmanager-01-firing');
  await plant.deliver(first);
  await settled();
  say('02:08  Alertmanager: filler 2 bearing above 90 °C. Task for the maintenance engineer on duty.');
  at('2026-11-21T02:08:31.718Z');
  await plant.deliver(await recorded('alertmanager-02-firing-new-alert-in-group'));
  const again = await plant.deliver(first);
  say(
    `02:08  A second filler joins the group: one more task. The first message once more: ${again.status}, nothing new.`,
  );
  at('2026-11-21T02:09:14.187Z');
  await plant.deliver(await recorded('alertmanager-08-retry-c-200'));
  // A warning asks for somebody when it has lasted for a moment.
  at('2026-11-21T02:09:40Z');
  await settled();
  say(
    '02:09  Compressed air is low in utilities, where no shift is active: the task is visible as unassigned, and says why.',
  );

  const tasks = await titled(stage);
  const bearing = tasks('Filler 2 bearing');
  const second = tasks('Filler 4 bearing');
  const oil = tasks('Oil under gearbox');
  const act2 = (task: string, verb: string, body: object = {}, by = marek) =>
    by.post(`/v1/tasks/${task}/${verb}`, body);
  at('02:10');
  await act2(bearing, 'acknowledge');
  await act2(bearing, 'start');
  at('02:13');
  await act2(bearing, 'note', { text: 'Reduced filler 2 to 60 %, still rising.' }, dana);
  await act(
    'log',
    {
      text: 'Stopped filler 2. Guard door 3 opened while coasting, nobody inside.',
      kind: 'safety',
      equipment: 'filler 2',
    },
    dana,
  );
  at('02:16');
  const entry = lastEntry(await act('log', { text: 'Bearing seat checked, tag TT-3205.' }, dana));
  at('02:19');
  await act('log', { text: 'Bearing seat checked, tag TT-3204.', corrects: entry, reason: 'wrong tag read' }, dana);
  at('02:24');
  await act2(
    bearing,
    'escalate',
    { reason: 'Bearing noise, needs a vibration check', target: { role: 'supervisor' } },
    dana,
  );
  at('02:45');
  await act(
    'log',
    { text: 'Grease line to the drive-end bearing found blocked.', occurredAt: '2026-11-21T02:25:00Z' },
    marek,
  );
  at('2026-11-21T02:52:00Z');
  const tooEarly = await marek.ask('POST', `/v1/tasks/${bearing}/complete`, {
    note: 'Relubricated; bearing worn, change it at the stop.',
  });
  say(`02:52  Marek completes while the machine still signals: ${tooEarly.status}, he has to say why or wait.`);
  await plant.deliver(await recorded('alertmanager-05-resolved'));
  at('02:56');
  const photo = await storedPhoto(stage);
  await act2(bearing, 'complete', {
    note: 'Relubricated, ran 15 min at most 71 °C. Bearing worn: change it at the 14:00 stop.',
    resolutionCode: 'made_safe',
    evidence: [photo],
  });
  at('03:04');
  await act2(bearing, 'verify', {}, priya);
  const followUp = await priya.post('/v1/tasks', {
    title: 'Replace drive-end bearing of filler 2',
    area: `${PACKAGING}/line-3`,
    equipment: 'leeds/packaging/line-3/filler-2',
    priority: 'P2',
    dueAt: '2026-11-21T14:00:00Z',
    assignee: { role: 'maintenance_engineer' },
    upstream: [{ kind: 'task', id: bearing, rel: 'follow_up_of' }],
  });
  say('03:04  Alarm clear, task completed by Marek with a photo, verified by Priya; the bearing change follows it up.');
  at('03:20');
  await act2(second, 'acknowledge');
  await act2(second, 'start');
  await act2(second, 'hold', {
    reasonCode: 'waiting_parts',
    note: 'Sensor ordered, arrives 08:30',
    resumeAt: '2026-11-21T08:30:00Z',
  });
  at('03:40');
  await act2(oil, 'acknowledge', {}, priya);
  await act2(oil, 'start', {}, priya);
  await act2(
    oil,
    'complete',
    {
      note: 'Cleaned with absorbent, seal weeps 2 drops per minute, tray placed.',
      evidence: [photo],
      resolutionCode: 'made_safe',
    },
    priya,
  );
  at('03:50');
  await act2(oil, 'verify', {}, dana);
  at('04:15');
  await act('log', {
    text: 'Conveyor C4 isolated, certificate IC-118 issued to M. Zieliński. Key box 4.',
    kind: 'handover_item',
  });

  at('05:50');
  await act('close');
  const undecided = await priya.ask('POST', `/v1/shifts/${shift.id}/sign`, {});
  const { tasks: open } = (await undecided.json()) as { tasks: { id: string; ref: string }[] };
  say(
    `05:50  Priya signs: ${undecided.status}, ${open.length} open tasks need a decision first (${open.map(({ ref }) => ref).join(', ')}).`,
  );
  at('05:58');
  await act('sign', { decisions: open.map(({ id }) => ({ task: id, decision: 'continue' })) });
  await settled();
  at('06:02');
  await tom.post('/v1/shifts', {
    area: PACKAGING,
    name: 'Early',
    from: '2026-11-21T06:00:00Z',
    to: '2026-11-21T14:00:00Z',
  });
  at('06:09');
  await act('accept', { criticalItems: [second, followUp.id] }, tom);
  await act('seal', {}, tom);
  await settled();
  say('06:09  Tom accepts, each critical item read back, and seals.');
  const refused = await priya.ask('POST', `/v1/shifts/${shift.id}/log`, { text: 'One more thing…' });
  say(`06:10  A change after the seal: ${refused.status}; the attempt is on record.`);
  return shift.id;
}

async function morning({ plant, at, settled, say }: Stage, night: string): Promise<string> {
  const { tom, jo, ids } = plant;
  const { items } = await tom.get<{ items: { id: string }[] }>('/v1/shifts?status=planned');
  const shift = items[0]!.id;
  at('06:10');
  await tom.post(`/v1/shifts/${shift}/start`, {
    crew: [
      { user: ids['tom'], role: 'supervisor' },
      { user: ids['jo'], role: 'operator' },
      { user: ids['marek'], role: 'maintenance_engineer' },
    ],
  });
  at('06:20');
  await tom.post(`/v1/shifts/${shift}/log`, {
    text: 'Took over from the night shift. Filler 2 runs at 80 % until its bearing is changed at 14:00.',
    kind: 'instruction',
  });
  at('06:41');
  await tom.post(`/v1/shifts/${night}/amend`, {
    text: 'Reading tours 05:52 and 05:55 without deviation, found on paper.',
    reason: 'Paper sheet handed in after the seal',
  });
  at('07:12');
  await plant.signal({
    id: 'plc7-001022',
    source: 'plc7',
    condition: 'labeller-1/A-2210',
    state: 'active',
    severity: 'warning',
    title: 'Labeller 1: web tension low',
    value: 11.4,
    unit: 'N',
    equipment: 'leeds/packaging/line-1/labeller-1',
    occurredAt: '2026-11-21T07:12:00Z',
  });
  // A warning asks for somebody when it lasts.
  at('07:13');
  await settled();
  at('07:20');
  await jo.post('/v1/alarms', {
    text: 'Forklift 3 battery door does not lock',
    area: 'leeds/warehouse',
    class: 'safety',
    priority: 'P3',
  });
  await settled();
  say('07:20  The early shift is running: a labeller alarm by generic JSON, a forklift problem reported by Jo.');
  return shift;
}

async function titled({ plant }: Stage): Promise<(start: string) => string> {
  const { items } = await plant.priya.get<{ items: { id: string; title: string }[] }>('/v1/tasks');
  return (start) => items.find(({ title }) => title.startsWith(start))!.id;
}

const lastEntry = (shift: object): string => (shift as { entries: { id: string }[] }).entries.at(-1)!.id;

/** The smallest PNG stands for a photo; it is stored under the SHA-256 of its bytes. */
async function storedPhoto({ plant }: Stage): Promise<string> {
  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  );
  const sha256 = createHash('sha256').update(png).digest('hex');
  const response = await plant.marek.ask('PUT', `/v1/files/${sha256}`, new Uint8Array(png), {
    'content-type': 'image/png',
  });
  if (!response.ok) throw new Error(`Storing the photo answered ${response.status}: ${await response.text()}`);
  return sha256;
}
