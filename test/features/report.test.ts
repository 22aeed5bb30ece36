/** The shift report as a supervisor reads it: one night of packaging, told in full and kept as a golden file (worked example: domain model 5.2). */
import { describe, expect, test } from 'vitest';
import type { ShiftState } from '../../shared/features/shifts/contract.ts';
import { shifts } from '../../shared/features/shifts/index.ts';
import { tasksToDoIn, type TaskState } from '../../shared/features/tasks/contract.ts';
import { sha256Hex, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { select } from '../../shared/kernel/read.ts';
import { alarm, shift, task } from '../kit/ask.ts';
import { recording } from '../kit/fixtures.ts';
import { aNightShift, anOrganisation, EARLY, LINE_3, NIGHT, night, PACKAGING } from '../kit/given.ts';
import { handedOver, sealedNight } from '../kit/handover.ts';
import { ana, ben, dana, marek, monitoring, ORG, scada, tom } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

async function reportOf(plant: Plant, thing = night): Promise<string> {
  const { state, number } = await plant.stream<ShiftState>(thing);
  if (state.seal) return textOf((await plant.ledger.file(ORG, state.seal.reportSha256))!);
  const { reads, write } = shifts.documents!['report']!;
  const seen: Record<string, unknown> = {};
  for (const [name, read] of Object.entries(reads(state as never, thing.id)))
    seen[name] = await plant.ledger.load(ORG, read);
  return write(state as never, seen as never, { now: plant.now(), number });
}

const at =
  (time: string): Step =>
  async (plant) =>
    plant.waitUntil(`2026-11-${time < '22' ? '21' : '20'}T${time}:00.000Z`);
const onLine3 = { area: LINE_3, equipment: 'leeds/packaging/line-3/filler-2' };
const belt = task('belt');
const guard = task('guard');
const photo = utf8('guard door 3');
/** The task that the bearing's alarm raised. */
const raised = async (plant: Plant) =>
  task(
    (await plant.ledger.load(ORG, select<TaskState>('tasks'))).find(({ value }) => value.title.includes('bearing'))!
      .key,
  );
const fired: Step = (plant) => {
  const { body, headers } = recording('alertmanager-01-firing');
  return plant.deliver(monitoring, body, headers);
};
const level =
  (state: string, id: number): Step =>
  (plant) =>
    plant.deliver(scada, {
      id: `ls-${id}`,
      condition: 'LS-3110',
      state,
      severity: 'medium',
      title: 'Level switch LS-3110 high',
      occurredAt: plant.now(),
      ...onLine3,
    });
const entryOf = async (plant: Plant, text: string) =>
  (await plant.state<ShiftState>(night)).entries.find((entry) => entry.text.includes(text))!.id;

/** A night with everything in it: alarms, work, a late entry, a correction, an escalation, evidence, a refused and an accepted handover. */
const aFullNight: readonly Step[] = [
  anOrganisation(),
  at('22:00'),
  aNightShift(),
  at('22:05'),
  night.log({ text: 'Took over from Late shift. Line 3 lubrication round not done, stated in handover.' }).by(ana),
  at('22:40'),
  night.log({ text: 'A. Singh replaces L. Brandt on line 3.', kind: 'staffing' }).by(ana),
  at('01:20'),
  night
    .log({
      text: 'Guard door 3 on filler 2 opened while coasting, nobody inside.',
      kind: 'safety',
      equipment: 'filler-2',
    })
    .by(dana),
  guard.create({ title: 'Guard door 3 opens while coasting', class: 'safety', priority: 'P2', ...onLine3 }).by(dana),
  at('01:40'),
  guard.assign({ assignee: { user: marek.id } }).by(ana),
  guard.acknowledge().by(marek),
  guard.start().by(marek),
  at('02:05'),
  night
    .log({
      text: 'Grease line to the drive-end bearing found blocked.',
      occurredAt: '2026-11-21T01:45:00Z',
      equipment: 'filler-2',
    })
    .by(marek),
  at('02:09'),
  fired,
  async (plant) => plant.must((await raised(plant)).acknowledge().by(marek)),
  at('02:14'),
  async (plant) => plant.must((await raised(plant)).start().by(marek)),
  night.log({ text: 'Bearing seat checked, tag TT-3205.' }).by(dana),
  at('02:19'),
  async (plant) =>
    plant.must(
      night
        .log({
          text: 'Bearing seat checked, tag TT-3204.',
          corrects: await entryOf(plant, 'TT-3205'),
          reason: 'Wrong tag read.',
        })
        .by(dana),
    ),
  at('02:30'),
  ...[0, 1, 2].flatMap((n) => [level('active', 2 * n), level('cleared', 2 * n + 1)]),
  at('02:45'),
  async (plant) =>
    plant.must(
      (await raised(plant))
        .escalate({ reason: 'Spare bearing is not in the store.', target: { user: ana.id } })
        .by(marek),
    ),
  at('02:56'),
  async (plant) =>
    plant.must(
      (await raised(plant))
        .hold({
          reasonCode: 'waiting_production_window',
          note: 'Change at the 14:00 stop.',
          resumeAt: '2026-11-21T14:00:00Z',
        })
        .by(marek),
    ),
  night
    .log({
      text: 'Filler 2 runs at 80 % until its bearing is changed. Do not raise speed.',
      kind: 'instruction',
      equipment: 'filler-2',
    })
    .by(ana),
  at('03:10'),
  (plant) => plant.ledger.putFile(ORG, sha256Hex(photo), photo),
  guard
    .complete({
      note: 'Interlock switch readjusted, tested five times.',
      resolutionCode: 'adjusted',
      evidence: [sha256Hex(photo)],
    })
    .by(marek),
  guard.verify().by(dana),
  at('04:15'),
  belt.create({ title: 'Belt joint C4', area: PACKAGING, dueAt: '2026-11-21T05:30:00Z' }).by(dana),
  night.log({ text: 'C4 isolated, IC-118 issued to M. Zieliński.' }).by(ana),
  at('04:20'),
  alarm('oil').report({ text: 'Oil under gearbox 4', area: PACKAGING, priority: 'P4', class: 'cleaning' }).by(ben),
  at('05:10'),
  night.log({ text: '14 bottles under-torqued at restart, quarantined, tag Q-881.', kind: 'quality' }).by(dana),
  at('05:58'),
  night.close().by(ana),
];

const decisions = async (plant: Plant) => {
  const todo = await plant.ledger.load(ORG, tasksToDoIn(PACKAGING));
  return todo.map(({ key, value }) =>
    value.title === 'Belt joint C4'
      ? {
          task: key,
          decision: 'reassign' as const,
          assignee: { role: 'maintenance_engineer' as const },
          reason: 'Part arrives 08:30.',
        }
      : { task: key, decision: 'continue' as const },
  );
};
const signedAndSealed: readonly Step[] = [
  async (plant) => plant.must(night.sign({ decisions: await decisions(plant) }).by(ana)),
  at('06:01'),
  night.refuse({ reason: 'Key of IC-118 is missing from the list.' }).by(tom),
  night
    .log({ text: 'Isolation IC-118 on conveyor C4 is open; key box 4, M. Zieliński.', kind: 'handover_item' })
    .by(ana),
  at('06:02'),
  async (plant) => plant.must(night.sign({ decisions: await decisions(plant) }).by(ana)),
  at('06:09'),
  async (plant) => {
    const { signature } = await plant.state<ShiftState>(night);
    await plant.must(night.accept({ criticalItems: [...signature!.criticalItems] }).by(tom));
  },
  night.seal().by(tom),
];

describe('golden', () => {
  test('[L6] a full night, sealed', async () => {
    const plant = await createPlant().run(...aFullNight, ...signedAndSealed);
    await expect(await reportOf(plant)).toMatchFileSnapshot('../golden/report-full-night.md');
  });
  test('[L6] the same night, while it goes on', async () => {
    const plant = await createPlant().run(...aFullNight.slice(0, -2));
    await expect(await reportOf(plant)).toMatchFileSnapshot('../golden/report-while-active.md');
  });
  test('[L6] a night on which nothing happened', async () => {
    await expect(await reportOf(await sealedNight())).toMatchFileSnapshot('../golden/report-quiet-night.md');
  });
});

describe('what it is true to', () => {
  test('[L2] what the next shift does before the seal does not take away what this one did', async () => {
    const early = shift('early');
    const plant = await createPlant().run(
      anOrganisation(),
      aNightShift(),
      guard.create({ title: 'Guard door 3', area: PACKAGING, priority: 'P2', assignee: { user: marek.id } }).by(ana),
      guard.acknowledge().by(marek),
      guard.start().by(marek),
      guard.complete({ note: 'Readjusted.' }).by(marek),
      handedOver(),
      early.create(EARLY).by(tom),
      early.start().by(tom),
      guard.verify().by(tom),
      night.seal().by(tom),
    );
    expect(await reportOf(plant)).toContain(
      '| T-1 | P2 | Guard door 3 | Marek Zieliński 22:00 | fixed | Readjusted. | Tom Hughes |',
    );
    await plant.run(early.close().by(tom), early.sign().by(tom), early.accept().by(ana), early.seal().by(ana));
    expect(await reportOf(plant, early)).toContain('**Completed:** none.');
  });
  test('[L12] what people write can forge neither a row, a link, a heading nor the end of a region', async () => {
    const hostile = '| a | b |\n# Sealed\n%% /operary:report %% [[link]] ~~struck~~ `code` <b>';
    const plant = await sealedNight(
      night.log({ text: hostile, kind: 'safety', equipment: 'a | b' }).by(ben),
      task('t').create({ title: 'a | b [[c]]', area: PACKAGING, priority: 'P1' }).by(ana),
    );
    const lines = (await reportOf(plant)).split('\n');
    expect(lines.filter((line) => line.startsWith('#'))).toHaveLength(7);
    for (const line of lines) {
      expect(line).not.toMatch(/(?<!\\)(\[\[|%%|<b>|`)/);
      expect(line).not.toMatch(/(?<!\\)~~struck/);
    }
    const rows = lines.filter((line) => line.startsWith('| T-1 '));
    expect(rows.map((row) => row.split(/(?<!\\)\|/).length)).toEqual([9, 5]);
  });
  test('times are those of the organisation, over a clock change too', async () => {
    const plant = await createPlant().run(
      anOrganisation(),
      shift('october')
        .create({ ...NIGHT, from: '2026-10-24T21:00:00Z', to: '2026-10-25T06:00:00Z' })
        .by(ana),
    );
    expect(await reportOf(plant, shift('october'))).toMatch(/^# .* Night, 24\/25 Oct 2026, 22:00–06:00\n/);
  });
  test('whoever was erased is still somebody', async () => {
    const plant = await sealedNight();
    expect(await reportOf(plant)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
  });
});
