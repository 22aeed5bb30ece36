/** The ledger as a device had seen it is the ledger that there was: for any history and any position, in memory and in SQLite. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as alarms from '../../shared/features/alarms/contract.ts';
import * as shifts from '../../shared/features/shifts/contract.ts';
import * as tasks from '../../shared/features/tasks/contract.ts';
import * as users from '../../shared/features/users/contract.ts';
import { asOf } from '../../shared/kernel/as-of.ts';
import type { Command } from '../../shared/kernel/command.ts';
import { evolved } from '../../shared/kernel/evolved.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import type { Entry, Stream, Tx } from '../../shared/kernel/ledger.ts';
import { memoryStore } from '../../shared/kernel/memory-store.ts';
import { eventsOfShift, select, type Read } from '../../shared/kernel/read.ts';
import { rowsOf } from '../../shared/kernel/record.ts';
import { tablesOf, type Register } from '../../shared/kernel/register.ts';
import type { Store } from '../../shared/kernel/store.ts';
import { openSqliteStore } from '../../server/ledger/sqlite-store.ts';
import { anyMove, type Move } from '../kit/any-ask.ts';
import { task } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, LINE_3, night, PACKAGING } from '../kit/given.ts';
import { handedOver } from '../kit/handover.ts';
import { ledgerFile, temporaryFolder } from '../kit/ledger.ts';
import { bring, device } from '../kit/made.ts';
import { callerOf, dana, marek, ORG, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

/** A move that somebody made at the server, or on a device that had not seen the latest so many events. */
interface Deed {
  readonly move: Move;
  readonly device: string | undefined;
  readonly behind: number;
}
const deed: fc.Arbitrary<Deed> = fc.record({
  move: anyMove,
  device: fc.constantFrom(undefined, 'tablet', 'tablet', 'phone'),
  behind: fc.nat(25),
});
const deeds = fc.array(deed, { minLength: 15, maxLength: 50, size: 'max' });
const beginnings = fc.constantFrom<readonly Step[]>(
  [aTask('assigned'), (plant) => overtaken(plant)],
  [aTask('in_progress'), (plant) => overtaken(plant)],
  [aTask('closed'), handedOver(), night.seal().by(tom)],
);

/** Two devices act on what they saw, after a supervisor has cancelled it. */
async function overtaken(plant: Plant): Promise<void> {
  const pump = task('pump');
  const seen = await plant.head();
  await plant.must(pump.cancel({ reasonCode: 'not_needed' }).by(tom));
  const chain = [pump.acknowledge(), pump.start(), pump.complete({ note: 'New seal.' })];
  for (const who of [marek, dana]) {
    const from = device(`of ${who.name}`).observed(seen);
    await bring(plant, ...chain.map((asked) => from.does(asked).by(who)));
  }
}

async function lived(beginning: readonly Step[], all: readonly Deed[]): Promise<Plant> {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), ...beginning);
  const numbers = new Map<string, number>();
  for (const { move, device, behind } of all) {
    plant.pass(move.after);
    const observedSeq = Math.max(0, (await plant.head()) - behind);
    const deviceSeq = (numbers.get(device ?? '') ?? 0) + 1;
    const made = { deviceSeq, observedSeq, tz: 'Europe/London', clockOffsetMs: 0 };
    const extra = device === undefined ? {} : { device, made, recordedAt: plant.now() };
    if (device !== undefined) numbers.set(device, deviceSeq);
    await plant.ledger.transact([plant.command(move, extra)]);
    await plant.settle();
  }
  // So that this stream is one that was touched after any position, unless it lies under a seal.
  await plant.ask(task('pump').note({ text: 'Still there.' }).by(tom));
  return plant;
}

/** Every event as it was written, made again from what the ledger tells. */
async function entriesOf({ ledger, register, ...plant }: Plant): Promise<readonly Entry[]> {
  const events = await plant.events();
  const leaves = await ledger.leaves(ORG, 1, events.length);
  const streams = new Map<string, Stream>();
  const entries: Entry[] = [];
  for (const { area, ...event } of events) {
    const { seq, subject, body } = event;
    const feature = register.byKind.get(subject.kind)!;
    const key = `${subject.kind}/${subject.id}`;
    const was = streams.get(key);
    const state = evolved(feature, was?.state ?? feature.initial, event);
    const number = was ? was.number : (body as { number?: number }).number!;
    const stream: Stream = { ...subject, number, first: was?.first ?? seq, seq, state };
    streams.set(key, stream);
    const disclosures = await ledger.disclosures(ORG, [seq]);
    const { leaf } = leaves[seq - 1]!;
    const rest = { files: [], attestations: [], seals: [] };
    entries.push({ event, leaf, area, disclosures, stream, ...rowsOf(feature, event, stream), ...rest });
  }
  return entries;
}

/** Every table whole, both ways and cut short, and the reads that features offer each other. */
function readsOf(register: Register, subjects: readonly Subject[]): readonly Read[] {
  const ids = (kind: string) => subjects.filter((one) => one.kind === kind).map(({ id }) => id);
  const some = ids('task').slice(0, 2);
  const whole = tablesOf(register).flatMap(({ name }) => [
    select(name, { order: 'oldest' }),
    select(name, { limit: 2 }),
  ]);
  return [
    ...whole,
    ...[PACKAGING, LINE_3, 'leeds'].flatMap((area) => [
      tasks.tasksToDoIn(area),
      tasks.tasksToVerifyIn(area),
      alarms.activeAlarmsIn(area),
      shifts.presidingOver(area),
    ]),
    tasks.tasksAmong(some),
    ...ids('condition').flatMap((id) => [tasks.liveTasksOf(id), alarms.transitionsOf([id])]),
    ...ids('shift').flatMap((id) => [tasks.tasksOfShift(id), tasks.tasksCompletedIn(id), eventsOfShift(id)]),
    shifts.shiftsAmong(ids('shift')),
    users.usersAmong(ids('user').slice(0, 3)),
    select('tasks', { where: { flagged: 1 }, order: 'oldest', limit: 1 }),
    select('tasks', { where: { status: { not: 'closed' }, search: { contains: 'e' } } }),
    select('alarms', { where: { first: { above: 10 } } }),
  ];
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
const throughTx = <T>(store: Store, look: (tx: Tx) => T): T => store.transaction(look);

/** What somebody knows who has made nothing and has seen the first `observedSeq` events. */
const watcher = (observedSeq: number): Command => ({
  id: task('command of the watcher').id,
  org: ORG,
  type: 'tasks.note',
  subject: { kind: 'task', id: task('nothing').id },
  input: {},
  caller: callerOf(marek),
  device: 'watch',
  made: { deviceSeq: 1, observedSeq, tz: 'Europe/London', clockOffsetMs: 0 },
});

function seen(tx: Tx, register: Register, subjects: readonly Subject[]): unknown {
  const streams = subjects.map(({ kind, id }) => tx.stream(ORG, kind, id));
  return plain({ streams, answers: readsOf(register, subjects).map((read) => tx.load(ORG, read)) });
}

const opened = { asides: 0, positions: 0 };

function agrees(register: Register, entries: readonly Entry[], open: () => Store, positions: readonly number[]): void {
  const [whole, growing] = [open(), open()];
  const subjects = [...new Map(entries.map(({ event: { subject } }) => [subject.id, subject])).values()];
  try {
    throughTx(whole, (tx) => entries.forEach((entry) => tx.append(entry)));
    let at = 0;
    for (const position of positions) {
      throughTx(growing, (tx) => entries.slice(at, position).forEach((entry) => tx.append(entry)));
      at = position;
      const then = throughTx(growing, (tx) => seen(tx, register, subjects));
      const viewed = throughTx(whole, (tx) => seen(asOf(tx, register, watcher(position)), register, subjects));
      expect(viewed).toEqual(then);
      opened.positions += 1;
    }
  } finally {
    whole.close();
    growing.close();
  }
}

test('[L7] what a device had seen is what there was, for any history and any position, on both stores', async () => {
  await fc.assert(
    fc.asyncProperty(
      beginnings,
      deeds,
      fc.array(fc.nat(1000), { minLength: 4, maxLength: 6 }),
      async (beginning, all, parts) => {
        const plant = await lived(beginning, all);
        const entries = await entriesOf(plant);
        opened.asides += entries.filter(({ event }) => event.body.aside).length;
        const positions = parts.map((part) => Math.round((part / 1000) * entries.length)).sort((a, b) => a - b);
        agrees(plant.register, entries, memoryStore, positions);
        const { folder, remove } = temporaryFolder();
        let n = 0;
        const sqlite = () => openSqliteStore({ file: ledgerFile(`${folder}/${++n}`), register: plant.register });
        agrees(plant.register, entries, sqlite, positions.slice(0, 3));
        remove();
      },
    ),
    { seed: 4711, numRuns: 24 },
  );
  // Histories without anything aside would not show that it is folded as it was recorded.
  expect(opened.asides).toBeGreaterThan(20);
  expect(opened.positions).toBeGreaterThan(120);
});

test('what the device did itself is in its view, also where the head kept it aside', async () => {
  const pump = task('pump');
  const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('assigned'));
  const observedSeq = await plant.head();
  await plant.must(pump.cancel({ reasonCode: 'not_needed' }).by(tom));
  const made = { deviceSeq: 1, observedSeq, tz: 'Europe/London', clockOffsetMs: 0 };
  await plant.ask(pump.acknowledge().by(marek), { device: 'tablet', made });
  await plant.must(pump.note({ text: 'Still there.' }).by(tom));
  const store = memoryStore();
  for (const entry of await entriesOf(plant)) store.transaction((tx) => tx.append(entry));
  const statusFor = (device: string, observed: number): string => {
    const command = { ...watcher(observed), device, subject: pump };
    const read = tasks.tasksAmong([pump.id]);
    return store.transaction((tx) => {
      const view = asOf(tx, plant.register, command);
      const [row] = view.load(ORG, read) as readonly { readonly value: tasks.TaskState }[];
      expect(row!.value).toEqual(view.stream(ORG, 'task', pump.id)!.state);
      return row!.value.status;
    });
  };
  expect(statusFor('tablet', observedSeq)).toBe('acknowledged');
  expect(statusFor('phone', observedSeq)).toBe('assigned');
  expect(statusFor('tablet', (await plant.head()) - 1)).toBe('cancelled');
});
