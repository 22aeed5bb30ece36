/**
 * Two to five devices with whatever may happen to them, at the server's own routes: entries, edits in notes, cuts, lost answers, crashes, a
 * purged store, wrong clocks, other people at work, a sealed shift. In the end all show the same, and nothing is lost or doubled.
 * `OPERARY_DEVICE_SEEDS=20000` looks further, `OPERARY_DEVICE_FROM=1001` elsewhere.
 */
import { expect, test } from 'vitest';
import type { Host } from '../../plugin/host.ts';
import type { Clock } from '../../plugin/link.ts';
import { keyOf } from '../../plugin/replica.ts';
import { features } from '../../shared/features/index.ts';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { Recorded } from '../../shared/kernel/event.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import type { Entry } from '../../shared/sync/outbox.ts';
import { aDevice, aDisk, type ADevice, type Disk } from '../kit/a-device.ts';
import { aTask, aNightShift, anOrganisation, night, PACKAGING, pump } from '../kit/given.ts';
import { handedOver } from '../kit/handover.ts';
import { manualClock, rest, type ManualClock } from '../kit/manual-clock.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { ana, ben, dana, marek, tom, type Person } from '../kit/people.ts';
import { plantLink, plantSite, type PlantLink, type PlantSite } from '../kit/plant-link.ts';
import { createPlant, type Plant } from '../kit/plant.ts';

useNativeCrypto();

/** Seeds that have failed once, by what was wrong. */
const KEPT: Readonly<Record<string, number>> = {
  'a task that a snapshot had left out came back, flagged, to some': 1548,
  'after a fetch that failed, later events left a gap': 2243,
  'what a lost answer had left in the queue stood twice after a restart': 247,
};
const SEEDS = Number(process.env['OPERARY_DEVICE_SEEDS'] ?? 1000);

const register = createRegister(features);
const PEOPLE = [marek, dana, ana, ben, tom];

/** mulberry32 */
function chance(seed: number) {
  let at = seed;
  const next = (): number => {
    at = (at + 0x6d2b79f5) | 0;
    let t = Math.imul(at ^ (at >>> 15), 1 | at);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (n: number): number => Math.floor(next() * n),
    of: <T>(all: readonly T[]): T => all[Math.floor(next() * all.length)]!,
    is: (likelihood: number): boolean => next() < likelihood,
  };
}
type Chance = ReturnType<typeof chance>;

interface One {
  readonly by: Person;
  readonly disk: Disk;
  readonly link: PlantLink;
  readonly skew: number;
  device: ADevice | undefined;
}

interface World {
  readonly chance: Chance;
  readonly plant: Plant;
  readonly at: PlantSite;
  readonly clock: ManualClock;
  readonly all: readonly One[];
  /** Commands that a person was told are saved or done. */
  readonly promised: Set<string>;
  /** What a device has shown more than once at the same time. */
  readonly twice: string[];
  readonly story: string[];
}

const skewed = (clock: ManualClock, skew: number): ManualClock => ({ ...clock, now: () => clock.now() + skew });

function open(world: World, one: One): void {
  const clock: Clock = skewed(world.clock, one.skew);
  one.device = aDevice(register, one.link, { disk: one.disk, clock: clock as ManualClock });
  const { host } = one.device;
  host.onChange(() => world.twice.push(...twiceOn(host).map((what) => `${one.by.name}: ${what}`)));
  host.start();
}

/** Every entry of a shift has words of its own here, and every task begins once. */
function twiceOn({ replica }: Host): string[] {
  const entries = replica.all('shift').flatMap(({ state }) => (state as ShiftState).entries);
  const told = [
    ...entries.flatMap(({ text }) => (text.startsWith('Entry') ? [text] : [])),
    ...replica.all('task').flatMap(({ id, state }) => {
      const made = (state as TaskState).actions.filter(({ what }) => what === 'created');
      return made.map(() => `the beginning of ${id}`);
    }),
  ];
  return told.filter((what, i) => told.indexOf(what) < i);
}

async function build(seed: number): Promise<World> {
  const dice = chance(seed);
  const plant = await createPlant().run(
    anOrganisation(),
    aNightShift(),
    aTask(dice.of(['assigned', 'acknowledged', 'in_progress']), { priority: dice.of(['P3', 'P2']) }),
  );
  const at = plantSite(plant);
  const clock = manualClock(Date.parse(plant.now()));
  const all = PEOPLE.slice(0, dice.of([2, 2, 2, 2, 3, 3, 4, 5])).map((by): One => ({
    by,
    disk: aDisk(by.name),
    link: plantLink(at, by),
    skew: dice.is(0.3) ? (dice.below(20) - 10) * 60_000 : 0,
    device: undefined,
  }));
  const world: World = { chance: dice, plant, at, clock, all, promised: new Set(), twice: [], story: [] };
  for (const one of all) open(world, one);
  await settle(world, 1);
  return world;
}

async function settle({ plant, clock, all }: World, seconds = 0): Promise<void> {
  await clock.pass(seconds * 1000);
  plant.waitUntil(new Date(Math.max(clock.now(), Date.parse(plant.now()))).toISOString());
  for (let quiet = 0; quiet < 2; quiet = all.some(({ link }) => link.inFlight) ? 0 : quiet + 1) await rest();
  for (const { device } of all) await device?.host.notebook.idle();
}

const TASK_VERBS: readonly (readonly [string, object])[] = [
  ['acknowledge', {}],
  ['start', {}],
  ['complete', { note: 'New seal fitted.' }],
  ['complete', { note: 'Tightened.', resolutionCode: 'adjusted' }],
  ['hold', { reasonCode: 'waiting_parts' }],
  ['resume', {}],
  ['note', { text: 'Still dripping.' }],
  ['escalate', { reason: 'It gets worse.' }],
  ['verify', {}],
  ['cancel', { reasonCode: 'not_needed' }],
];

/** Somebody does something on a device; online they wait for the answer, which may take a while. */
function act({ chance: dice, promised, story }: World, { by, device }: One): void {
  if (!device) return;
  const { asking, replica } = device.host;
  const tasks = replica.all('task');
  const asked = dice.is(0.25)
    ? { type: 'shifts.log', subject: { kind: 'shift', id: night.id }, input: { text: `Entry ${story.length}` } }
    : dice.is(0.15) || !tasks.length
      ? {
          type: 'tasks.create',
          input: { title: `Leak ${story.length}`, area: PACKAGING, assignee: { role: 'maintenance_engineer' } },
        }
      : taskAction(dice, dice.of(tasks).id);
  story.push(`${by.name} ${asked.type}`);
  void asking.ask(asked).then((outcome) => {
    if (outcome.kind === 'saved') promised.add(outcome.id);
  });
}

function taskAction(dice: Chance, id: string) {
  const [verb, input] = dice.of(TASK_VERBS);
  return { type: `tasks.${verb}`, subject: { kind: 'task', id }, input: { ...input } };
}

/** Somebody writes a status into the properties of a note. */
function edit({ chance: dice, story }: World, { by, disk, device }: One): void {
  const notes = [...disk.vault.texts].filter(([path]) => path.startsWith('Operary/Tasks/'));
  if (!device || !notes.length) return;
  const [path, text] = dice.of(notes);
  const status = dice.of(['acknowledged', 'in_progress', 'closed']);
  story.push(`${by.name} edits ${path} to ${status}`);
  disk.vault.external.write(path, text.replace(/^status: .*$/m, `status: ${status}`));
}

async function crash(world: World, one: One): Promise<void> {
  const { chance: dice, story } = world;
  const purged = dice.of(['nothing', 'nothing', 'the database', 'the file', 'what was seen']);
  // One store may be purged; what the other has lost before that must have been healed.
  if (purged !== 'nothing') await settle(world);
  one.device?.close();
  one.device = undefined;
  one.link.cut();
  if (purged === 'the database') one.disk.first.rows.clear();
  if (purged === 'the file') one.disk.second.rows.clear();
  if (purged === 'what was seen') one.disk.lastSeen.kept = undefined;
  story.push(`${one.by.name} crashes, ${purged} is purged`);
  if (dice.is(0.5)) await settle(world, 5);
  open(world, one);
}

/** Elsewhere, over HTTP. */
async function elsewhere({ chance: dice, plant, story }: World): Promise<void> {
  const done = await plant.ask(
    dice.of([
      pump.cancel({ reasonCode: 'not_needed' }).by(ana),
      pump.complete({ note: 'Done from the office.' }).by(marek),
      pump.assign({ assignee: { user: dana.id } }).by(ana),
      night.log({ text: 'From the office' }).by(ben),
    ]),
  );
  story.push(`the office: ${done.outcome}`);
}

async function seal({ plant, story }: World): Promise<void> {
  story.push('the shift is sealed');
  try {
    await plant.run(handedOver());
  } catch (error) {
    // A second handover, or one that meets what has come in between.
    story.push(String(error));
  }
  await plant.ask(night.seal({ reason: 'Two tablets are in the cellar.' }).by(tom));
}

async function step(world: World): Promise<void> {
  const { chance: dice, all } = world;
  const one = dice.of(all);
  const roll = dice.below(100);
  if (roll < 50) act(world, one);
  else if (roll < 56) edit(world, one);
  else if (roll < 70) {
    one.link.line = dice.of(['up', 'down', 'down', 'deaf'] as const);
    if (one.link.line !== 'up') one.link.cut();
    world.story.push(`${one.by.name}: the line is ${one.link.line}`);
  } else if (roll < 78) await crash(world, one);
  else if (roll < 86) await elsewhere(world);
  else if (roll < 88) await seal(world);
  else await settle(world, dice.of([0, 1, 5, 40]));
  if (dice.is(0.6)) await settle(world);
  await world.plant.settle();
}

const queueOf = ({ disk }: One): readonly Entry[] =>
  [...disk.first.rows.values()].map((row) => JSON.parse(row) as Entry);

async function convergence(world: World): Promise<void> {
  for (const one of world.all) {
    one.link.line = 'up';
    one.link.cut();
    if (!one.device) open(world, one);
  }
  for (let round = 0; round < 12; round++) {
    await settle(world, 31);
    await world.plant.settle();
    await settle(world);
    if (round > 0 && world.all.every(({ device }) => device!.host.waiting === 0)) break;
  }
  await settle(world, 1);
}

const shownBy = (host: Host) =>
  Object.fromEntries(
    [...host.replica.everything()].map(({ number, seq, state, ...subject }) => [
      keyOf(subject),
      { number, seq, state },
    ]),
  );

/** Notes of the items that are there, by identity: where a note lies is a person's business. */
function notesOf({ disk, device }: One): Record<string, string> {
  const here = new Set([...device!.host.replica.everything()].map(({ id }) => id));
  return Object.fromEntries(
    disk.vault
      .identified()
      .filter(({ id }) => here.has(id))
      .map(({ id, type, path }) => [`${id} ${type}`, disk.vault.texts.get(path)!]),
  );
}

function nothingLost(world: World, events: readonly Recorded[]): void {
  const first = new Map<string, number>();
  for (const { command, body } of events) if (body.made) first.set(command.id, (first.get(command.id) ?? 0) + 1);
  for (const count of first.values()) expect(count).toBe(1);
  const settled = new Map(world.all.flatMap(queueOf).map((entry) => [entry.command.id, entry]));
  for (const id of world.promised) {
    const entry = settled.get(id);
    expect(entry, `${id} is gone`).toBeDefined();
    expect(entry!.settledAt, `${id} is still waiting`).toBeDefined();
    const isThere = first.get(id) === 1;
    const isAnswered = entry!.outcome === 'rejected' || entry!.outcome === 'held';
    const told = JSON.stringify([entry, events.filter(({ command }) => command.id === id)]);
    expect(isThere !== isAnswered, `${id}: ${told}`).toBe(true);
  }
}

interface Told {
  readonly promised: number;
  readonly outcomes: readonly string[];
  readonly types: readonly string[];
}

async function run(seed: number): Promise<Told> {
  const world = await build(seed);
  try {
    for (let left = 8 + world.chance.below(12); left > 0; left--) await step(world);
    await convergence(world);
    const events = await world.plant.events();
    nothingLost(world, events);
    expect(world.twice).toEqual([]);
    const [one, ...others] = world.all;
    const [shown, notes] = [shownBy(one!.device!.host), notesOf(one!)];
    for (const other of others) {
      expect(shownBy(other.device!.host)).toEqual(shown);
      expect(notesOf(other)).toEqual(notes);
    }
    return {
      promised: world.promised.size,
      outcomes: world.all.flatMap(queueOf).map(({ outcome }) => String(outcome)),
      types: events.flatMap(({ type, body }) => [
        type,
        ...(body.aside ? ['aside'] : []),
        ...(body.late ? ['late'] : []),
      ]),
    };
  } catch (error) {
    throw new Error(`Seed ${seed}:\n${world.story.join('\n')}`, { cause: error });
  } finally {
    for (const { device } of world.all) device?.close();
  }
}

test.each(Object.entries(KEPT))('[L6] %s', async (_name, seed) => {
  await run(seed);
});

test(
  `[L4] [L6] [L12] [L13] ${SEEDS} histories of devices all end with the same notes, and nothing lost or doubled`,
  async () => {
    const from = Number(process.env['OPERARY_DEVICE_FROM'] ?? 1);
    let promised = 0;
    const met = new Set<string>();
    for (let seed = from; seed < from + SEEDS; seed++) {
      const told = await run(seed);
      promised += told.promised;
      for (const what of [...told.outcomes, ...told.types]) met.add(what);
    }
    if (SEEDS < 500) return;
    // A property in which nobody is ever offline, late or in each other's way shows nothing.
    expect(promised).toBeGreaterThan(SEEDS);
    const rare = ['accepted', 'duplicate', 'flagged', 'aside', 'late', 'shift.sealed', 'task.completed'];
    expect([...met]).toEqual(expect.arrayContaining(rare));
  },
  Math.max(120_000, SEEDS * 300),
);
