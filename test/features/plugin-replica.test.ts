import { expect, test } from 'vitest';
import { createReplica } from '../../plugin/replica.ts';
import { features } from '../../shared/features/index.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { Recorded } from '../../shared/kernel/event.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { aNightShift, anOrganisation } from '../kit/given.ts';
import { sealedNight } from '../kit/handover.ts';
import { createPlant, type Plant } from '../kit/plant.ts';

const register = createRegister(features);
const history = async (plant: Plant) => plant.events();
const replay = (events: readonly Recorded[]) => {
  const replica = createReplica(register);
  const { missing } = replica.apply(events);
  return { replica, missing };
};
const shown = (replica: ReturnType<typeof createReplica>) =>
  [...replica.everything()]
    .map(({ kind, id, number, seq, state }) => ({ kind, id, number, seq, state }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));

test('[L3] from the first event on, a device holds what the server holds', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  const { replica, missing } = replay(await history(plant));
  expect(missing).toBe(false);
  for (const held of replica.everything()) {
    expect(held.state).toEqual(await plant.state(held));
    expect(held.seq).toBe((await plant.stream(held)).seq);
  }
  expect(replica.size).toBeGreaterThan(5);
});

test('events that come again, or that the snapshot held already, change nothing', async () => {
  const plant = await createPlant().run(anOrganisation(), aNightShift());
  const events = await history(plant);
  const { replica } = replay(events);
  const before = shown(replica);
  expect(replica.apply(events).changed.size).toBe(0);
  expect(shown(replica)).toEqual(before);
  const late = createReplica(register);
  late.load(before.map((held) => ({ ...held, first: 1 })));
  late.apply(events.slice(-5));
  expect(shown(late)).toEqual(before);
});

test('[L6] what a newcomer would not get is let go, and comes back with its next event as it was', async () => {
  const plant = await sealedNight();
  const { replica } = replay(await history(plant));
  const isUnsealed = (id: string): boolean =>
    !register.presiding!.presides!.isSealed(replica.get({ kind: 'shift', id })!.state);
  for (const { state } of replica.all('task'))
    expect(register.byKind.get('task')!.travels!.holds(state, isUnsealed)).toBe(true);
  expect(replica.all('shift')).toHaveLength(1);
});

test('an event of a stream that nobody told of asks for a new snapshot, once', () => {
  const event = {
    seq: 9,
    type: 'task.noted',
    subject: { kind: 'task', id: 'x' },
    body: { text: 'hello' },
    actor: { kind: 'user', id: 'u' },
  } as unknown as Recorded;
  const replica = createReplica(register);
  expect(replica.apply([event]).missing).toBe(true);
  replica.load([]);
  expect(replica.apply([{ ...event, seq: 10 }]).missing).toBe(false);
  // Reopened, or flagged, it may be what a newcomer would get.
  const changes = { status: { was: 'closed', now: 'in_progress' } };
  expect(replica.apply([{ ...event, seq: 10, body: { changes } }]).missing).toBe(true);
  const flags = ['task_was_cancelled'];
  expect(replica.apply([{ ...event, seq: 10, body: { flags } }]).missing).toBe(true);
  replica.load([{ kind: 'task', id: 'x', number: 1, first: 1, seq: 10, state: register.byKind.get('task')!.initial }]);
  replica.apply([{ ...event, seq: 11 }]);
  expect((replica.get({ kind: 'task', id: 'x' })!.state as TaskState).actions).toHaveLength(1);
});
