/** Marek, Dana, Priya and Jo work a night's tasks over REST: every verb, every guard, and what the record says about it afterwards. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiOf, type Api } from '../kit/api.ts';
import { connectSender, sha256Of, type Sender } from '../kit/delivery.ts';
import { leedsWorks, PACKAGING, type Leeds } from '../kit/leeds.ts';
import { eventsOf, listed, refusal, type Event, type Shift, type Task, type Trail } from '../kit/shapes.ts';

type Name = 'priya' | 'tom' | 'dana' | 'marek' | 'jo' | 'aude';

let leeds: Leeds;
let gateway: Sender;
let shift: Shift;
let photo: string;
beforeAll(async () => {
  leeds = await leedsWorks();
  const { plant } = leeds;
  gateway = await connectSender(plant.url, plant.admin, 'generic', { area: PACKAGING });
  const night = { area: PACKAGING, name: 'Night', from: '2026-11-20T22:00:00Z', to: '2026-11-21T06:00:00Z' };
  shift = await plant.priya.post<Shift>('/v1/shifts', night);
  await plant.priya.post(`/v1/shifts/${shift.id}/start`, {
    crew: [{ user: plant.ids['marek'], role: 'maintenance_engineer' }],
  });
  const bytes = new TextEncoder().encode('a photo of gearbox 4');
  photo = sha256Of(bytes);
  expect((await plant.marek.ask('PUT', `/v1/files/${photo}`, bytes)).status).toBe(201);
  leeds.at('23:00');
});
afterAll(() => leeds.close());

const head = () => leeds.server.ledger.head(leeds.org);
const made = (more: object = {}): Promise<Task> =>
  leeds.plant.priya.post<Task>('/v1/tasks', {
    title: 'Pump 3 leaks',
    area: PACKAGING,
    assignee: { role: 'maintenance_engineer' },
    ...more,
  });
const act = (who: Name, task: Task, verb: string, body: object = {}) =>
  leeds.plant[who].post<Task>(`/v1/tasks/${task.id}/${verb}`, body);
const no = (who: Name, task: Task, verb: string, body: object = {}) =>
  refusal(leeds.plant[who].ask('POST', `/v1/tasks/${task.id}/${verb}`, body));
const begun = async (more: object = {}): Promise<Task> => {
  const task = await made(more);
  await act('marek', task, 'acknowledge');
  return act('marek', task, 'start');
};
/** A machine's alarm and the task that follows from it. */
const alarmed = async (condition: string, severity: string): Promise<Task> => {
  await gateway.post({ condition, severity, title: `Alarm ${condition}`, state: 'active' });
  await leeds.aMinute();
  const tasks = await listed<Task>(leeds.plant.priya, '/v1/tasks');
  return tasks.find(({ title }) => title === `Alarm ${condition}`)!;
};

test('a life with every verb in it: each event says who, when, why, what was and what is, and what led to it', async () => {
  const cause = await alarmed('press-4/oil', 'high');
  await gateway.post({ condition: 'press-4/oil', title: 'Alarm press-4/oil', state: 'cleared' });
  const task = await made({ priority: 'P2', upstream: [{ kind: 'task', id: cause.id, rel: 'follow_up_of' }] });
  const story: readonly [Name, string, object, string, Event['type']][] = [
    ['marek', 'reject', {}, 'open', 'task.rejected'],
    ['dana', 'assign', { assignee: { user: leeds.plant.ids['marek'] } }, 'assigned', 'task.assigned'],
    ['marek', 'acknowledge', {}, 'acknowledged', 'task.acknowledged'],
    ['marek', 'start', {}, 'in_progress', 'task.started'],
    [
      'marek',
      'hold',
      { reasonCode: 'waiting_parts', note: 'Seal kit', resumeAt: '2026-11-21T02:00:00Z' },
      'on_hold',
      'task.held',
    ],
    ['marek', 'resume', {}, 'in_progress', 'task.resumed'],
    ['jo', 'note', { text: 'It drips every ten seconds.' }, 'in_progress', 'task.noted'],
    ['jo', 'escalate', { target: { role: 'supervisor' } }, 'in_progress', 'task.escalated'],
    [
      'marek',
      'complete',
      { note: 'New seal.', resolutionCode: 'replaced', evidence: [photo] },
      'done',
      'task.completed',
    ],
    ['dana', 'send-back', {}, 'in_progress', 'task.sent_back'],
    ['marek', 'complete', { note: 'New seal and guard.' }, 'done', 'task.completed'],
    ['dana', 'verify', {}, 'closed', 'task.verified'],
    ['dana', 'reopen', {}, 'in_progress', 'task.reopened'],
    ['dana', 'cancel', { reasonCode: 'duplicate' }, 'cancelled', 'task.cancelled'],
  ];
  let was = 'assigned';
  for (const [i, [who, verb, body, now, type]] of story.entries()) {
    const minute = String(i).padStart(2, '0');
    const [reason, occurredAt] = [`Because ${i}: ${verb}`, `2026-11-20T23:${minute}:00.000Z`];
    const answer = await act(who, task, verb, { ...body, reason, occurredAt });
    expect([verb, answer.status]).toEqual([verb, now]);
    const event = (await eventsOf(leeds.plant.priya, task.id)).find(({ seq }) => seq === answer.seq)!;
    expect(event).toMatchObject({
      type,
      seq: answer.seq,
      subject: { kind: 'task', id: task.id },
      shift: shift.id,
      actor: { kind: 'user', id: leeds.plant.ids[who] },
      occurredAt,
      upstream: [{ kind: 'task', id: cause.id, rel: 'follow_up_of' }],
      body: { reason, ...(was === now ? {} : { changes: { status: { was, now } } }) },
    });
    if (was === now) expect(event.body['changes'] ?? {}).not.toHaveProperty('status');
    expect(Date.parse(event.receivedAt)).toBeGreaterThan(Date.parse('2026-11-20T23:00:00Z'));
    // The first time it is rejected, the next in turn is asked.
    was = verb === 'reject' ? 'assigned' : now;
  }
  const { completion, escalations, cancelledBecause, actions } = await leeds.plant.priya.get<Task>(
    `/v1/tasks/${task.ref}`,
  );
  expect({ completion, cancelledBecause }).toEqual({ completion: null, cancelledBecause: 'duplicate' });
  expect(escalations).toMatchObject([{ level: 1, target: { role: 'supervisor' }, reason: 'Because 7: escalate' }]);
  expect(actions).toHaveLength(story.length + 3);
});

test('[L7] a verb from the wrong state says from which it goes, and leaves nothing', async () => {
  const task = await made();
  const before = await head();
  const starts: readonly [Name, string, object, readonly string[]][] = [
    ['marek', 'start', {}, ['acknowledged']],
    ['marek', 'hold', { reasonCode: 'waiting_parts' }, ['in_progress']],
    ['marek', 'resume', {}, ['on_hold']],
    ['marek', 'complete', { note: 'Done.' }, ['in_progress']],
    ['dana', 'verify', {}, ['done']],
    ['dana', 'send-back', { reason: 'No.' }, ['done']],
    ['dana', 'reopen', { reason: 'No.' }, ['done', 'closed']],
  ];
  for (const [who, verb, body, allowedFrom] of starts)
    expect(await no(who, task, verb, body)).toMatchObject({
      status: 409,
      code: 'transition-not-allowed',
      allowedFrom,
      detail: expect.stringContaining('This task is assigned'),
    });
  expect(await head()).toBe(before);
});

test('a completion carries a note', async () => {
  const task = await begun();
  for (const body of [{}, { note: '' }, { note: '   ' }]) {
    const refused = await no('marek', task, 'complete', body);
    expect([refused.status, refused.fields?.[0]?.field]).toEqual([400, '/note']);
  }
  expect(await act('marek', task, 'complete', { note: 'New seal.' })).toMatchObject({ status: 'closed' });
});

test('while the machine still signals, completing asks why; once it is quiet, it does not', async () => {
  const [hot, quiet] = [await alarmed('filler-2/temp', 'warning'), await alarmed('filler-9/temp', 'warning')];
  for (const task of [hot, quiet]) for (const verb of ['acknowledge', 'start']) await act('marek', task, verb);
  const refused = await no('marek', hot, 'complete', { note: 'Regreased.' });
  expect(refused).toMatchObject({ status: 409, code: 'condition-active', activeOccurrences: hot.occurrences });
  const done = await act('marek', hot, 'complete', { note: 'Regreased.', overrideReason: 'It cools down slowly.' });
  expect(done).toMatchObject({ status: 'closed', completion: { overrideReason: 'It cools down slowly.' } });
  await gateway.post({ condition: 'filler-9/temp', title: 'Alarm filler-9/temp', state: 'cleared' });
  expect(await act('marek', quiet, 'complete', { note: 'Regreased.' })).toMatchObject({ status: 'closed' });
});

test.each([
  ['P1', 'maintenance'],
  ['P2', 'production'],
  ['P4', 'safety'],
  ['P3', 'quality'],
])('four eyes: %s of class %s is verified by another person', async (priority, taskClass) => {
  const task = await begun({ priority, class: taskClass });
  const done = await act('marek', task, 'complete', { note: 'Made safe.', evidence: [photo] });
  expect(done.status).toBe('done');
  expect(await no('marek', task, 'verify')).toMatchObject({ status: 409, code: 'same-person' });
  expect(await no('jo', task, 'verify')).toMatchObject({ status: 403, code: 'role-not-allowed' });
  expect(await act('dana', task, 'verify')).toMatchObject({ status: 'closed', verifiedBy: leeds.plant.ids['dana'] });
});

test('safety work shows evidence, and evidence is a file that is stored', async () => {
  const task = await begun({ class: 'safety' });
  expect(await no('marek', task, 'complete', { note: 'Roped off.' })).toMatchObject({ code: 'evidence-required' });
  const missing = await no('marek', task, 'complete', { note: 'Roped off.', evidence: [sha256Of('another photo')] });
  expect(missing).toMatchObject({ status: 422, code: 'unknown-reference', fields: [{ field: '/evidence' }] });
});

test('[L14] a role works what is given to it, and what its row allows', async () => {
  const task = await made();
  expect(await no('jo', task, 'acknowledge')).toMatchObject({ status: 403, code: 'role-not-allowed' });
  expect(await no('jo', task, 'assign', { assignee: { role: 'operator' } })).toMatchObject({ status: 403 });
  expect(await no('aude', task, 'note', { text: 'Seen.' })).toMatchObject({ status: 403 });
  expect(
    await refusal(leeds.plant.admin.ask('POST', `/v1/tasks/${task.id}/cancel`, { reasonCode: 'not_needed' })),
  ).toMatchObject({ status: 403 });
});

test('links and people must be there, and a task has one cause', async () => {
  const { priya } = leeds.plant;
  const nobody = '01a1fc7a-fa08-78d4-a5c7-124dc3b79ddd';
  const wrong = (more: object) => refusal(priya.ask('POST', '/v1/tasks', { title: 'T', area: PACKAGING, ...more }));
  expect(await wrong({ assignee: { user: nobody } })).toMatchObject({
    status: 422,
    fields: [{ field: '/assignee/user' }],
  });
  expect(await wrong({ upstream: [{ kind: 'task', id: nobody, rel: 'caused_by' }] })).toMatchObject({
    status: 422,
    fields: [{ field: '/upstream/0' }],
  });
  const [one, two] = [await made(), await made()];
  const both = [one, two].map(({ id }) => ({ kind: 'task', id, rel: 'caused_by' }));
  expect(await wrong({ upstream: both })).toMatchObject({ status: 400, fields: [{ field: '/upstream' }] });
});

test('the trail leads from any item up to the root and down again', async () => {
  // Long enough after the others that it is no part of what they are.
  leeds.at('05:30');
  const first = await alarmed('conveyor-4/jam', 'high');
  const second = await made({ title: 'Change belt', upstream: [{ kind: 'task', id: first.id, rel: 'follow_up_of' }] });
  const third = await made({ title: 'Order belt', upstream: [{ kind: 'task', id: second.id, rel: 'follow_up_of' }] });
  const occurrence = first.upstream[0]!.id;
  const all = [occurrence, first.id, second.id, third.id];
  const chains: readonly [string, readonly string[]][] = [
    [`/v1/trail/occurrence/${occurrence}`, all.slice(0, 1)],
    [`/v1/tasks/${first.id}/trail`, all.slice(0, 2)],
    [`/v1/tasks/${second.ref}/trail`, all.slice(0, 3)],
    [`/v1/tasks/${third.id}/trail`, all],
  ];
  for (const [path, chain] of chains) {
    const trail = await leeds.plant.jo.get<Trail>(path);
    expect(trail.root, path).toMatchObject({ kind: 'occurrence', id: occurrence, title: 'Alarm conveyor-4/jam' });
    expect(trail.chain.map(({ id }) => id)).toEqual(chain);
    expect(trail.items.map(({ id }) => id).sort(), path).toEqual([...all].sort());
    expect(trail).toMatchObject({ complete: true, roots: [{ id: occurrence }] });
    const types = new Set(trail.events.map(({ type }) => type));
    expect([...types]).toEqual(expect.arrayContaining(['alarm.activated', 'task.created', 'task.assigned']));
  }
});

test('every finished item has exactly one root: the query for others finds none', async () => {
  const { items, examined } = await leeds.plant.priya.get<{ items: unknown[]; examined: number }>('/v1/audit/orphans');
  const finished = (await listed<Task>(leeds.plant.priya, '/v1/tasks?limit=200')).filter(({ status }) =>
    ['closed', 'cancelled'].includes(status),
  );
  expect(items).toEqual([]);
  expect(finished.length).toBeGreaterThan(5);
  expect(examined).toBe(finished.length);
});

test('a task is found by its UUID and by its short number, and worked by either', async () => {
  const task = await made();
  const { marek } = leeds.plant;
  for (const name of [task.id, task.id.toUpperCase(), task.ref, task.ref.toLowerCase(), String(task.number)])
    expect((await marek.get<Task>(`/v1/tasks/${name}`)).id).toBe(task.id);
  expect(await marek.post<Task>(`/v1/tasks/${task.ref}/acknowledge`)).toMatchObject({ status: 'acknowledged' });
  expect(await marek.post<Task>(`/v1/tasks/${task.number}/start`)).toMatchObject({ status: 'in_progress' });
  expect(await refusal(marek.ask('GET', '/v1/tasks/T-99999'))).toMatchObject({ status: 404, code: 'not-found' });
  expect(await refusal(marek.ask('POST', `/v1/tasks/A-${task.number}/start`))).toMatchObject({ status: 404 });
});

test('[L7] reason and occurredAt are welcome in every command that the API describes', async () => {
  const openapi = await leeds.plant.priya.get<{
    paths: Record<string, Record<string, Operation>>;
    components: { schemas: Record<string, Schema> };
  }>('/openapi.json');
  const posts = Object.entries(openapi.paths).flatMap(([path, { post }]) =>
    post && !/\/(?:ingest|sync|pairings)\/|\/integrations\/\{id\}\/(?:test|try|rerun)$/.test(path)
      ? [{ path, post }]
      : [],
  );
  expect(posts.length).toBeGreaterThan(30);
  for (const { path, post } of posts) {
    const schema = post.requestBody!.content['application/json']!.schema;
    const named = schema.$ref ? openapi.components.schemas[schema.$ref.split('/').at(-1)!]! : schema;
    expect(Object.keys(named.properties!), path).toEqual(expect.arrayContaining(['reason', 'occurredAt']));
  }
});

test('[L4] an Idempotency-Key gets the same answer ever after, through a restart too; another body is refused', async () => {
  const { priya, marek, jo } = leeds.plant;
  const order = { title: 'Once', area: PACKAGING, assignee: { role: 'maintenance_engineer' } };
  const create = (api: Api, body: object = order) => api.ask('POST', '/v1/tasks', body, { 'idempotency-key': 'once' });
  const first = await create(priya);
  const task = (await first.json()) as Task;
  const begin = (api: Api) =>
    api.ask('POST', `/v1/tasks/${task.ref}/acknowledge`, { reason: 'On my way' }, { 'idempotency-key': 'ack' });
  const acknowledged: unknown = await (await begin(marek)).json();
  await act('marek', task, 'start');
  await act('marek', task, 'complete', { note: 'Done long ago.' });
  const before = await head();
  expect(await (await create(priya)).json()).toEqual(task);
  expect(await refusal(create(priya, { ...order, title: 'Twice' }))).toMatchObject({
    status: 422,
    code: 'idempotency-key-reused',
  });
  expect(
    await refusal(
      priya.ask('POST', `/v1/tasks/${task.id}/cancel`, { reasonCode: 'not_needed' }, { 'idempotency-key': 'once' }),
    ),
  ).toMatchObject({ status: 422 });
  expect(await head()).toBe(before);
  expect(((await (await create(jo)).json()) as Task).id).not.toBe(task.id);

  await leeds.server.close();
  const server = await leeds.again();
  const [priyaLater, marekLater] = ['priya', 'marek'].map((name) => apiOf(server.url, leeds.plant.tokens[name]!)) as [
    Api,
    Api,
  ];
  const replay = await create(priyaLater);
  expect([replay.status, replay.headers.get('idempotent-replayed'), replay.headers.get('location')]).toEqual([
    201,
    'true',
    first.headers.get('location'),
  ]);
  expect(await replay.json()).toEqual(task);
  expect(await (await begin(marekLater)).json()).toEqual(acknowledged);
  expect(await refusal(create(priyaLater, { ...order, title: 'Twice' }))).toMatchObject({
    code: 'idempotency-key-reused',
  });
});

interface Schema {
  readonly $ref?: string;
  readonly properties?: Record<string, unknown>;
}
interface Operation {
  readonly requestBody?: { readonly content: Record<string, { readonly schema: Schema }> };
}
