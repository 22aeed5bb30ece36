/** The provisional ledger: what is pending, laid over confirmed state by the same rules. */
import { expect, test } from 'vitest';
import { createOverlay, type Pending } from '../../plugin/provisional.ts';
import { createReplica, type Replica } from '../../plugin/replica.ts';
import { features } from '../../shared/features/index.ts';
import { conditionId, type ConditionState } from '../../shared/features/alarms/contract.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { Command } from '../../shared/kernel/command.ts';
import type { Recorded } from '../../shared/kernel/event.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import type { Asked } from '../kit/ask.ts';
import { alarm, task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, LINE_3, night, PACKAGING, pump } from '../kit/given.ts';
import { freeze } from '../kit/strict.ts';
import { ana, ben, callerOf, marek, ORG, scada, type Person } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';
import { derivedId } from '../../shared/kernel/ids.ts';

const register = createRegister(features);
const AT = '2026-11-20T22:30:00.000Z';

async function device(...steps: Step[]) {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), ...steps);
  const replica = createReplica(register);
  replica.apply(await plant.events());
  return { plant, replica, overlay: createOverlay(replica) };
}

const commandOf = ({ type, subject, input }: Asked, by: Person, order: number): Command => ({
  id: derivedId('test', 'pending', String(order)),
  org: ORG,
  type,
  subject: { kind: subject.kind, id: subject.id },
  input,
  caller: callerOf(by),
  device: derivedId('test', 'device'),
  occurredAt: AT,
  recordedAt: AT,
});

/** Decides one after the other, each on what those before it made, as a device does. */
function make(overlay: ReturnType<typeof createOverlay>, ...asked: readonly (readonly [Asked, Person])[]): Pending[] {
  const all: Pending[] = [];
  for (const [i, [what, by]] of asked.entries()) {
    const command = commandOf(what, by, i + 1);
    const shown = overlay.decide(command, i + 1);
    if ('refused' in shown) throw new Error(shown.detail);
    all.push({ command, order: i + 1, shown: freeze(shown) });
    overlay.show(all);
  }
  return all;
}

const follow = async (plant: Plant, replica: Replica, from: number): Promise<ReadonlySet<string>> =>
  replica.apply(await plant.events(from)).changed;
const stateOf = (overlay: ReturnType<typeof createOverlay>): TaskState => overlay.get(pump)!.state as TaskState;

test('what is pending is shown on top of what is confirmed, marked as waiting, between two positions of the ledger', async () => {
  const { overlay, replica } = await device(aTask('acknowledged'));
  const confirmed = replica.get(pump)!;
  const all = make(overlay, [pump.start(), marek], [pump.complete({ note: 'Done.' }), marek]);
  const shown = overlay.get(pump)!;
  expect([shown.number, shown.first, shown.seq]).toEqual([confirmed.number, confirmed.first, confirmed.seq + 0.5]);
  expect(stateOf(overlay).status).toBe('closed');
  expect(all.flatMap((one) => one.shown).every(({ body }) => body.waiting)).toBe(true);
  expect(overlay.all('task')).toHaveLength(replica.all('task').length);
  expect((replica.get(pump)!.state as TaskState).status).toBe('acknowledged');
  expect([...overlay.show([])]).toEqual([`task/${pump.id}`]);
  expect(overlay.get(pump)).toBe(replica.get(pump));
});

test('what is made here has no number, stands last among its kind, and belongs to the shift of its area', async () => {
  const { overlay, replica } = await device(aTask('open'));
  const belt = task('belt');
  const [made] = make(overlay, [belt.create({ title: 'Belt slips', area: LINE_3 }), ana]);
  expect(overlay.get(belt)).toMatchObject({ number: null, seq: 0.5, state: { title: 'Belt slips' } });
  expect(overlay.all('task').map(({ id }) => id)).toEqual([pump.id, belt.id]);
  expect(overlay.size).toBe(replica.size + 1);
  expect(made!.shown[0]!.shift).toBe(night.id);
});

test('[L7] a rule refuses here as it refuses there: by role, by area, by state, by input', async () => {
  const { overlay } = await device(aTask('acknowledged'));
  const no = (asked: Asked, by: Person) => overlay.decide(commandOf(asked, by, 1), 1);
  expect(no(pump.complete({ note: 'Done.' }), marek)).toMatchObject({ refused: 'transition-not-allowed' });
  expect(no(pump.cancel({ reasonCode: 'not_needed' }), ben)).toMatchObject({ refused: 'role-not-allowed' });
  expect(no(pump.start(), { ...marek, areas: ['leeds/utilities'] })).toMatchObject({ refused: 'outside-your-area' });
  expect(no(pump.note({ text: '' }), marek)).toMatchObject({ refused: 'invalid-input' });
  expect(no(task('nowhere').start(), marek)).toMatchObject({ refused: 'not-found' });
});

test('when confirmed state moves, pending work is decided again on top of it', async () => {
  const { plant, overlay, replica } = await device(aTask('acknowledged'));
  make(overlay, [pump.start(), marek]);
  const head = await plant.head();
  await plant.run(pump.note({ text: 'Isolated.' }).by(ana));
  const changed = overlay.rebase(await follow(plant, replica, head));
  expect([...changed]).toContain(`task/${pump.id}`);
  expect(
    stateOf(overlay)
      .actions.slice(-2)
      .map(({ what }) => what),
  ).toEqual(['noted', 'started']);
  expect(stateOf(overlay).status).toBe('in_progress');
});

test('what the new state would refuse stays to be seen beside the record: it is the server that decides', async () => {
  const { plant, overlay, replica } = await device(aTask('acknowledged'));
  make(overlay, [pump.start(), marek], [pump.complete({ note: 'New seal.' }), marek]);
  const head = await plant.head();
  await plant.run(pump.cancel({ reasonCode: 'not_needed' }).by(ana));
  overlay.rebase(await follow(plant, replica, head));
  const { status, actions } = stateOf(overlay);
  expect(status).toBe('cancelled');
  expect(actions.map(({ what }) => what)).toEqual(expect.arrayContaining(['cancelled', 'started', 'completed']));
});

test('entries of the shift are seen at once, and the same ids however often they are decided', async () => {
  const { overlay } = await device();
  make(overlay, [night.log({ text: 'Isolated pump 3.' }), ben]);
  const entries = () => (overlay.get(night)!.state as ShiftState).entries;
  const before = entries();
  expect(before.map(({ text }) => text)).toEqual(['Isolated pump 3.']);
  overlay.reset();
  expect(entries()).toEqual(before);
});

test('a task of an alarm that still is active is not completed without a word about it, offline either', async () => {
  const { overlay, replica, plant } = await device();
  const event = (await plant.events()).at(-1)!;
  // What only machines send: an active condition, and the task that follows from it.
  const condition = { kind: 'condition', id: derivedId('test', 'condition') };
  const occurrence = derivedId('test', 'occurrence');
  const alarm = register.byKind.get('condition')!;
  replica.load([
    ...replica.everything(),
    {
      ...condition,
      number: 1,
      first: event.seq,
      seq: event.seq,
      state: {
        ...(alarm.initial as object),
        status: 'UNACK',
        occurrence,
        title: 'Level high',
        area: PACKAGING,
        watched: true,
      },
    },
    {
      kind: 'task',
      id: pump.id,
      number: 1,
      first: event.seq,
      seq: event.seq,
      state: {
        ...(register.byKind.get('task')!.initial as TaskState),
        ...{ status: 'in_progress', area: PACKAGING, assignee: { user: marek.id }, occurrences: [occurrence] },
      },
    },
  ]);
  const complete = (input: Parameters<typeof pump.complete>[0]) =>
    overlay.decide(commandOf(pump.complete(input), marek, 1), 1) as { refused?: string } & readonly Recorded[];
  expect(complete({ note: 'Done.' }).refused).toBe('condition-active');
  expect(complete({ note: 'Done.', overrideReason: 'The sensor is broken.' }).refused).toBeUndefined();
});

test('an acknowledgement that waits is of the episode that was seen, not of one that has begun since', async () => {
  const level = alarm(conditionId(ORG, scada.id, 'LS-3110'));
  const signal =
    (state: 'active' | 'cleared', minute: number, occurrence: string): Step =>
    (plant) =>
      plant.deliver(scada, {
        ...{ condition: 'LS-3110', title: 'Level high', state, severity: 'warning', occurrence },
        occurredAt: `2026-11-20T22:0${minute}:00.000Z`,
      });
  const { plant, replica, overlay } = await device(signal('active', 1, 'a'));
  const statusOf = (): unknown => (overlay.get(level)!.state as ConditionState).status;
  const seen = await plant.head();
  make(overlay, [level.acknowledge(), marek]);
  expect(statusOf()).toBe('ACKED');
  await plant.run(signal('cleared', 2, 'a'), signal('active', 3, 'b'));
  overlay.rebase(await follow(plant, replica, seen));
  expect(statusOf()).toBe('UNACK');
});
