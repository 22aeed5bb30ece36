/** A night shift is on. A machine calls, through deliveries that were recorded from a real Alertmanager; and somebody sees oil on the floor. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { operary, serving } from '../kit/a-cli.ts';
import { apiOf } from '../kit/api.ts';
import { connectSender, senderAt, sha256Of, type Sender } from '../kit/delivery.ts';
import { recording } from '../kit/fixtures.ts';
import { leedsWorks, PACKAGING, type Leeds } from '../kit/leeds.ts';
import {
  eventsOf,
  listed,
  refusal,
  type Alarm,
  type Delivery,
  type Shift,
  type Task,
  type Trail,
} from '../kit/shapes.ts';
import { until } from '../kit/until.ts';

const FIRING = 'alertmanager-01-firing';
const FIRING_AND_ONE_MORE = 'alertmanager-02-firing-new-alert-in-group';
const RESOLVED = 'alertmanager-05-resolved';
const AIR_FIRST_TRY = 'alertmanager-08-retry-a-503';
const AIR_RETRY = 'alertmanager-08-retry-c-200';
const STORM = 60;

let leeds: Leeds;
let monitoring: Sender;
let shift: Shift;
beforeEach(async () => {
  leeds = await leedsWorks();
  const { plant } = leeds;
  monitoring = await connectSender(plant.url, plant.admin, 'alertmanager');
  const night = { area: PACKAGING, name: 'Night', from: '2026-11-20T22:00:00Z', to: '2026-11-21T06:00:00Z' };
  shift = await plant.priya.post<Shift>('/v1/shifts', night);
  const crew = [
    { user: plant.ids['dana'], role: 'line_lead' },
    { user: plant.ids['marek'], role: 'maintenance_engineer' },
  ];
  await plant.priya.post(`/v1/shifts/${shift.id}/start`, { crew });
  leeds.at('2026-11-21T02:08:26.719Z');
});
afterEach(() => leeds.close());

const tasks = () => listed<Task>(leeds.plant.priya, '/v1/tasks');
const head = () => leeds.server.ledger.head(leeds.org);
const deliver = async (fixture: string) => {
  const receipt = await monitoring.deliver(fixture);
  await leeds.settled();
  return receipt;
};

test('[L13] the 202 names the delivery, and the raw bytes can be had again to the last one', async () => {
  const response = await monitoring.send(FIRING);
  expect(response.status).toBe(202);
  const receipt = (await response.json()) as Record<string, unknown>;
  expect(receipt).toMatchObject({
    status: 'accepted',
    warnings: [],
    results: [{ kind: 'active', status: 'accepted' }],
  });
  const delivery = await leeds.plant.priya.get<Delivery>(`/v1/deliveries/${receipt['deliveryId'] as string}`);
  const { body } = recording(FIRING);
  expect(delivery).toMatchObject({
    sha256: sha256Of(body),
    bytes: Buffer.byteLength(body),
    integration: monitoring.id,
  });
  const file = await leeds.plant.priya.ask('GET', `/v1/files/${delivery.sha256}`);
  expect(Buffer.from(await file.arrayBuffer()).equals(Buffer.from(body))).toBe(true);
});

test('a firing alert becomes a task for the role on duty, with its cause linked up to the alarm', async () => {
  const { deliveryId } = await deliver(FIRING);
  const [task, ...others] = await tasks();
  expect(others).toEqual([]);
  expect(task).toMatchObject({
    title: 'Filler 2 bearing temperature above 90 °C',
    area: 'leeds/packaging',
    equipment: 'leeds/packaging/line-3/filler-2',
    priority: 'P1',
    status: 'assigned',
    assignee: { role: 'maintenance_engineer' },
    unassignedBecause: null,
    shift: shift.id,
    createdBy: { kind: 'engine' },
  });
  const [alarm] = await listed<Alarm>(leeds.plant.priya, '/v1/alarms');
  expect(task!.condition).toBe(alarm!.id);
  expect(task!.upstream).toEqual([{ kind: 'occurrence', id: alarm!.occurrence, rel: 'caused_by' }]);
  const [activated] = await eventsOf(leeds.plant.priya, alarm!.id);
  expect(activated).toMatchObject({
    type: 'alarm.activated',
    occurredAt: '2026-11-21T02:08:24.687Z',
    actor: { kind: 'integration', id: monitoring.id },
    upstream: [{ kind: 'delivery', id: deliveryId, rel: 'reported_by' }],
  });
  const trail = await leeds.plant.priya.get<Trail>(`/v1/tasks/${task!.id}/trail`);
  // It is a P1, so that a rule has opened an incident.
  expect(trail.root).toMatchObject({ kind: 'incident', ref: 'I-1' });
  expect(trail.chain.map(({ kind }) => kind)).toEqual(['incident', 'occurrence', 'task']);
});

test('"why did this alarm make a task?" is answered stage by stage', async () => {
  const { deliveryId } = await deliver(FIRING);
  const { stages, recorded, tasks: made } = await leeds.plant.priya.get<Delivery>(`/v1/deliveries/${deliveryId}`);
  expect(stages).toEqual({
    authenticated: 'by its token',
    stored: expect.stringMatching(/^\d+ bytes, SHA-256 [0-9a-f]{64}$/),
    read: '1 transition(s)',
    conditions: '1 new, 0 known before',
    rules: 'none held it',
    tasks: '1 task(s)',
  });
  expect(recorded).toMatchObject([{ kind: 'activated' }]);
  expect(made).toMatchObject([{ ref: 'T-1', status: 'assigned', assignee: { role: 'maintenance_engineer' } }]);
});

test('[L4] the same webhook delivered twice makes one task and records nothing more', async () => {
  const first = await deliver(FIRING);
  const before = await head();
  const again = await deliver(FIRING);
  expect(again).toMatchObject({
    status: 'duplicate',
    deliveryId: first.deliveryId,
    results: [{ status: 'duplicate' }],
  });
  expect(await head()).toBe(before);
  expect(await tasks()).toHaveLength(1);
});

test('[L4] the same transition inside another delivery makes nothing new; its neighbour does', async () => {
  await deliver(FIRING);
  const group = await deliver(FIRING_AND_ONE_MORE);
  expect(group.status).toBe('accepted');
  expect(group.results.map(({ status }) => status)).toEqual(['duplicate', 'accepted']);
  const made = await tasks();
  expect(made.map(({ title }) => title).sort()).toEqual([
    'Filler 2 bearing temperature above 90 °C',
    'Filler 4 bearing temperature above 90 °C',
  ]);
  const { stages } = await leeds.plant.priya.get<Delivery>(`/v1/deliveries/${group.deliveryId}`);
  expect(stages).toMatchObject({ conditions: '1 new, 1 known before', tasks: '1 task(s)' });
});

test('[L4] a sender that lost our answer and tries again meets the same delivery', async () => {
  const lost = await deliver(AIR_FIRST_TRY);
  const retry = await deliver(AIR_RETRY);
  expect(retry).toMatchObject({ status: 'duplicate', deliveryId: lost.deliveryId });
  await leeds.aMinute();
  expect(await tasks()).toHaveLength(1);
});

test('[L4] sixteen copies at the same moment are one delivery and one task', async () => {
  const receipts = await Promise.all(Array.from({ length: 16 }, () => monitoring.deliver(FIRING)));
  await leeds.settled();
  expect(new Set(receipts.map(({ deliveryId }) => deliveryId)).size).toBe(1);
  expect(receipts.filter(({ status }) => status === 'accepted')).toHaveLength(1);
  expect(await tasks()).toHaveLength(1);
  expect(await listed(leeds.plant.priya, '/v1/deliveries')).toHaveLength(1);
});

test('"resolved" changes the condition, never the task', async () => {
  await deliver(FIRING);
  leeds.at('02:52');
  await leeds.settled();
  const [before] = await tasks();
  const { results } = await deliver(RESOLVED);
  expect(results).toMatchObject([{ kind: 'cleared', status: 'accepted' }]);
  const [alarm] = await listed<Alarm>(leeds.plant.priya, '/v1/alarms');
  expect(alarm).toMatchObject({ status: 'RTNUN', clearCause: 'unknown' });
  expect(await tasks()).toEqual([before]);
});

test('nobody on duty: the task stays visible as unassigned, and says so', async () => {
  const { deliveryId } = await deliver(AIR_RETRY);
  await leeds.aMinute();
  const [task] = await tasks();
  expect(task).toMatchObject({
    status: 'open',
    assignee: null,
    area: 'utilities',
    unassignedBecause: 'No shift is active in utilities',
  });
  const delivery = await leeds.plant.priya.get<Delivery>(`/v1/deliveries/${deliveryId}`);
  expect(delivery.tasks).toMatchObject([{ status: 'open', unassignedBecause: 'No shift is active in utilities' }]);
});

test('a gateway without ids or areas is understood as generic JSON', async () => {
  const gateway = await connectSender(leeds.plant.url, leeds.plant.admin, 'generic', { area: PACKAGING });
  const receipt = await gateway.deliver('nodered-01-plain-json');
  await leeds.aMinute();
  expect(receipt.warnings).toEqual([expect.stringContaining('No condition key')]);
  expect(await tasks()).toMatchObject([
    { title: 'Guard door 3 open', area: PACKAGING, priority: 'P3', assignee: { role: 'maintenance_engineer' } },
  ]);
  expect(await gateway.deliver('nodered-01-plain-json')).toMatchObject({ status: 'duplicate' });
});

test('[L4] generic JSON with an id is one event however it is wrapped', async () => {
  const gateway = await connectSender(leeds.plant.url, leeds.plant.admin, 'generic', { area: PACKAGING });
  const said = {
    id: 'plc7-000981',
    condition: 'filler-2/A-1042',
    state: 'active',
    title: 'Filler 2 hot',
    occurredAt: '2026-11-21T02:40:00Z',
  };
  leeds.at('02:40');
  await gateway.post(said);
  const again = await gateway.post({ value: 94.2, unit: '°C', ...said });
  await leeds.settled();
  expect(again.status).toBe('duplicate');
  leeds.at('02:42');
  await leeds.settled();
  await gateway.post({ ...said, id: 'plc7-000982', state: 'cleared', occurredAt: '2026-11-21T02:41:30Z' });
  await leeds.settled();
  expect(await tasks()).toMatchObject([{ title: 'Filler 2 hot', status: 'assigned' }]);
});

test('a person reports a problem with one sentence, and it takes the same road', async () => {
  const { jo, priya, ids } = leeds.plant;
  const alarm = await jo.post<Alarm>('/v1/alarms', {
    text: 'Oil under gearbox 4. Slippery, roped off.',
    area: PACKAGING,
    class: 'safety',
    priority: 'P2',
  });
  await leeds.settled();
  const [task] = await tasks();
  expect(task).toMatchObject({
    title: 'Oil under gearbox 4',
    class: 'safety',
    priority: 'P2',
    assignee: { role: 'supervisor' },
    condition: alarm.id,
  });
  const [reported] = await eventsOf(priya, alarm.id);
  expect(reported).toMatchObject({
    type: 'alarm.reported',
    actor: { kind: 'user', id: ids['jo'], role: 'operator' },
    shift: shift.id,
  });
  const trail = await priya.get<Trail>(`/v1/tasks/${task!.ref}/trail`);
  expect(trail.root).toMatchObject({ kind: 'occurrence', title: 'Oil under gearbox 4' });
});

test.each([
  ['not JSON', '{"alerts": ', 'malformed-json'],
  ['no alert list', '{"version": "4"}', 'not-a-delivery'],
  ['a list', '[]', 'not-a-delivery'],
])('[L7] a delivery that is %s is refused and leaves nothing', async (_name, body, code) => {
  const before = await head();
  const sender = apiOf(leeds.plant.url, monitoring.token);
  const refused = await refusal(sender.ask('POST', `/v1/ingest/${monitoring.id}`, new TextEncoder().encode(body)));
  expect([refused.status, refused.code]).toEqual([400, code]);
  expect(await head()).toBe(before);
});

test('[L14] a token delivers to its own integration, and to nothing else', async () => {
  const other = await connectSender(leeds.plant.url, leeds.plant.admin, 'alertmanager');
  const wrong = senderAt(leeds.plant.url, monitoring.id, other.token);
  expect(await refusal(wrong.send(FIRING))).toMatchObject({ status: 404 });
  const person = senderAt(leeds.plant.url, monitoring.id, leeds.plant.tokens['priya']!);
  expect(await refusal(person.send(FIRING))).toMatchObject({ status: 403, code: 'role-not-allowed' });
  const reader = apiOf(leeds.plant.url, monitoring.token);
  expect(await refusal(reader.ask('GET', '/v1/tasks'))).toMatchObject({ status: 403 });
  await leeds.plant.admin.post(`/v1/integrations/${monitoring.id}/retire`);
  expect(await refusal(monitoring.send(FIRING))).toMatchObject({ status: 410, code: 'gone' });
});

test('[L4] killed between delivery and tasks, the server makes exactly one task for each alarm when it is back', async () => {
  const data = mkdtempSync(join(tmpdir(), 'operary-killed-'));
  let server = await serving(data);
  const [, admin, supervisor] = /admin +(\S+)\n +supervisor +(\S+)/.exec(server.said)!;
  const sender = await connectSender(server.url, apiOf(server.url, admin!), 'alertmanager');
  // So many that the policies are still at it when the answer has arrived.
  const group = JSON.parse(recording(FIRING).body) as { alerts: object[] };
  const storm = {
    ...group,
    alerts: Array.from({ length: STORM }, (_, i) => ({ ...group.alerts[0], fingerprint: `${i}` })),
  };
  const { status, deliveryId } = await sender.post(storm);
  await server.stop('SIGKILL');
  expect(status).toBe('accepted');

  server = await serving(data);
  const api = apiOf(server.url, supervisor!);
  const causes = async () => {
    const tasks = await listed<Task>(api, '/v1/tasks?limit=200');
    return tasks.map(({ occurrences }) => occurrences.join());
  };
  const made = await until('a task for every alarm of the delivery that was answered', async () => {
    const found = await causes();
    return found.length >= STORM ? found : undefined;
  });
  expect([made.length, new Set(made).size]).toEqual([STORM, STORM]);
  const { recorded, tasks: named } = await api.get<Delivery>(`/v1/deliveries/${deliveryId}`);
  expect([recorded!.length, named!.length]).toEqual([STORM, STORM]);
  const again = senderAt(server.url, sender.id, sender.token);
  expect(await again.post(storm)).toMatchObject({ status: 'duplicate', deliveryId });
  // Policies hear in order: once a later alarm has its task, nothing of the storm is still to come.
  await again.deliver(AIR_RETRY);
  await until('the task of the later alarm', async () => ((await causes()).length > STORM ? true : undefined));
  expect((await causes()).length).toBe(STORM + 1);
  expect(await server.stop()).toBe(0);
  expect(await operary(data, ['fsck'])).toMatchObject({ code: 0 });
  rmSync(data, { recursive: true, force: true });
});
