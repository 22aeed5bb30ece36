/** What devices made away from the server (sync.md §5.5), at the real door: the same work reported twice, the same command sent twice. */
import { describe, expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import type { Outcome } from '../../shared/kernel/command.ts';
import { select } from '../../shared/kernel/read.ts';
import { alarm, task, type Asked } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, PACKAGING, pump } from '../kit/given.ts';
import { bring, device, flagsOf, type Device } from '../kit/made.ts';
import { ana, aude, ben, dana, marek, ORG, tom, type Person } from '../kit/people.ts';
import { createPlant, type Plant, type Step } from '../kit/plant.ts';

const start = (...steps: readonly Step[]): Promise<Plant> =>
  createPlant().run(anOrganisation(), aNightShift(), ...steps);
const pumpOf = (plant: Plant): Promise<TaskState> => plant.state<TaskState>(pump);
const fixed = pump.complete({ note: 'New seal fitted.' });
const accepted = (flags?: readonly string[]) => ({ outcome: 'accepted', ...(flags ? { flags } : {}) });
const rejected = (refused: string) => ({ outcome: 'rejected', refusal: { refused } });
const bodyOf = async (plant: Plant) => (await plant.events()).at(-1)!.body as Record<string, unknown>;

describe('two people complete the same task in two cellars', () => {
  const stories = [
    ['Marek first', marek, dana],
    ['Dana first', dana, marek],
  ] as const;
  for (const [order, first, second] of stories)
    test(`[L2] both reports are kept whole, and the first stands: ${order}`, async () => {
      const plant = await start(aTask('in_progress'));
      const seen = await plant.head();
      const reportOf = (who: Person) =>
        device(who.name)
          .observed(seen)
          .does(pump.complete({ note: `Fixed by ${who.name}.` }))
          .by(who);
      expect(await bring(plant, reportOf(first))).toEqual([expect.not.objectContaining({ flags: expect.anything() })]);
      expect(await bring(plant, reportOf(second))).toMatchObject([accepted(['concurrent_completion'])]);
      const state = await pumpOf(plant);
      expect(state).toMatchObject({
        status: 'closed',
        flags: ['concurrent_completion'],
        completion: { by: first.id, note: `Fixed by ${first.name}.` },
        furtherReports: [
          {
            by: second.id,
            at: plant.now(),
            device: device(second.name).id,
            note: `Fixed by ${second.name}.`,
            resolutionCode: 'fixed',
            evidence: [],
            overrideReason: null,
            flags: ['concurrent_completion'],
            seq: await plant.head(),
          },
        ],
      });
      expect(state.actions.at(-1)).toMatchObject({ by: { id: second.id }, flags: ['concurrent_completion'] });
      expect(await bodyOf(plant)).toMatchObject({ aside: true, made: { deviceSeq: 1, observedSeq: seen } });
      expect(await bodyOf(plant)).not.toHaveProperty('changes');
    });

  const differing: readonly (readonly [string, typeof fixed])[] = [
    ['another result', pump.complete({ note: 'New seal fitted.', resolutionCode: 'replaced' })],
    ['another word about the machine', pump.complete({ note: 'New seal fitted.', overrideReason: 'Sensor is wet.' })],
  ];
  for (const [what, other] of differing) {
    test(`${what}: somebody has to say which holds`, async () => {
      const plant = await start(aTask('in_progress'));
      const seen = await plant.head();
      const [, outcome] = await bring(
        plant,
        device('tablet').observed(seen).does(fixed).by(marek),
        device('phone').observed(seen).does(other).by(dana),
      );
      expect(flagsOf(outcome)).toEqual(['concurrent_completion', 'needs_review']);
      expect((await pumpOf(plant)).flags).toEqual(['concurrent_completion', 'needs_review']);
    });
    test(`${what} of somebody who knew of the first report is a repeat that somebody looks at`, async () => {
      const plant = await start(aTask('closed'));
      const known = device('phone').observed(await plant.head());
      expect(await bring(plant, known.does(other).by(dana))).toMatchObject([accepted(['repeat', 'needs_review'])]);
      expect(await pumpOf(plant)).toMatchObject({ completion: { by: marek.id }, furtherReports: [{ by: dana.id }] });
    });
  }

  test('who knew of the first report repeats it', async () => {
    const plant = await start(aTask('closed'));
    const seen = await plant.head();
    plant.pass(30);
    await plant.must(pump.note({ text: 'Swept up.' }).by(ana));
    expect(await bring(plant, device('phone').observed(seen).does(fixed).by(dana))).toMatchObject([
      accepted(['repeat']),
    ]);
    // What had come since is still there: a repeat is recorded at the head, not where it was decided.
    expect((await pumpOf(plant)).actions.map(({ text }) => text)).toContain('Swept up.');
  });

  test('an urgent one still waits for another person, and what is sent back or reopened keeps every report', async () => {
    const plant = await start(aTask('in_progress', { priority: 'P1' }));
    const seen = await plant.head();
    await bring(
      plant,
      device('tablet').observed(seen).does(fixed).by(marek),
      device('phone').observed(seen).does(fixed).by(tom),
    );
    expect(await pumpOf(plant)).toMatchObject({ status: 'done', completion: { by: marek.id } });
    await plant.must(pump.sendBack({ reason: 'Still drips.' }).by(dana));
    expect(await pumpOf(plant)).toMatchObject({ status: 'in_progress', furtherReports: [{ by: tom.id }] });
  });

  test('[L7] a repeat is no way around what a person may not do', async () => {
    const plant = await start(aTask('closed'));
    const seen = await plant.head();
    const [auditor, operator] = await bring(
      plant,
      device('a').observed(seen).does(fixed).by(aude),
      device('b').observed(seen).does(fixed).by(ben),
    );
    expect(auditor).toMatchObject(rejected('role-not-allowed'));
    expect(operator).toMatchObject(rejected('role-not-allowed'));
    expect(await plant.head()).toBe(seen);
  });
});

describe('a review settles what is flagged', () => {
  const twice = async (): Promise<Plant> => {
    const plant = await start(aTask('in_progress'));
    const seen = await plant.head();
    const reports = [marek, dana].map((who) => device(who.name).observed(seen).does(fixed).by(who));
    await bring(plant, ...reports);
    return plant;
  };
  test('it says what holds, what it settled, and clears the flags, never the reports', async () => {
    const plant = await twice();
    await plant.must(pump.review({ finding: 'Marek did it; Dana checked.' }).by(ana));
    expect((await plant.events()).at(-1)).toMatchObject({
      type: 'task.reviewed',
      body: { finding: 'Marek did it; Dana checked.', settled: ['concurrent_completion'] },
    });
    expect(await pumpOf(plant)).toMatchObject({ flags: [], furtherReports: [{ by: dana.id }], status: 'closed' });
  });
  test('a device that did not know of a new report does not settle it', async () => {
    const plant = await twice();
    const seen = await plant.head();
    const known = (await pumpOf(plant)).completion;
    await bring(plant, device('third').observed(seen).does(fixed).by(tom));
    const [outcome] = await bring(
      plant,
      device('boss')
        .observed(seen)
        .does(pump.review({ finding: 'Fine.' }))
        .by(ana),
    );
    expect(flagsOf(outcome)).toEqual(['concurrent']);
    expect(await pumpOf(plant)).toMatchObject({ flags: ['concurrent'], completion: known });
  });
});

describe('[L4] once', () => {
  test('a lost answer is asked for again, and the answer is the same', async () => {
    const plant = await start(aTask('in_progress'));
    const seen = await plant.head();
    const [tablet, phone] = [device('tablet'), device('phone')];
    const all = [
      tablet.observed(seen).does(fixed).by(marek),
      phone.observed(seen).does(fixed).by(dana),
      phone.observed(seen).does(pump.start()).by(dana),
    ];
    const first = await bring(plant, ...all);
    const head = await plant.head();
    plant.pass(5);
    const again = await bring(plant, ...all);
    const repeated = (answer: Outcome) => ({
      ...answer,
      outcome: answer.outcome === 'accepted' ? 'duplicate' : answer.outcome,
    });
    expect(first.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'rejected']);
    expect(again).toEqual(first.map(repeated));
    expect(await plant.head()).toBe(head);
  });

  test('the same id with other words is refused, and what was first stays', async () => {
    const plant = await start(aTask('in_progress'));
    const seen = await plant.head();
    const tablet = device('tablet');
    const id = task('an id').id;
    const first = tablet.observed(seen).does(fixed, { id }).by(marek);
    const other = tablet
      .observed(seen)
      .does(pump.complete({ note: 'Something else.' }), { id })
      .by(marek);
    expect(await bring(plant, first, other)).toMatchObject([accepted(), rejected('command-id-reused')]);
    expect((await pumpOf(plant)).completion).toMatchObject({ note: 'New seal fitted.' });
  });

  const tap = pump.note({ text: 'Ordered a seal.' });
  const taps: readonly (readonly [string, number, Person, string, readonly string[]])[] = [
    ['after a second tap', 1, marek, 'tablet', ['possible_duplicate']],
    ['from another device of the same person', 2, marek, 'phone', ['possible_duplicate']],
    ['three minutes later', 3, marek, 'tablet', []],
    ['from somebody else', 1, dana, 'phone', []],
  ];
  for (const [what, minutes, who, where, flags] of taps)
    test(`the same words ${what}: ${flags[0] ?? 'nothing to remark'}`, async () => {
      const plant = await start(aTask('in_progress'));
      const seen = await plant.head();
      const tablet = device('tablet');
      await bring(plant, tablet.observed(seen).does(tap).by(marek));
      plant.pass(minutes);
      const from: Device = where === 'tablet' ? tablet : device(where);
      const [outcome] = await bring(plant, from.observed(seen).does(tap).by(who));
      expect(flagsOf(outcome)).toEqual(flags);
      expect((await pumpOf(plant)).actions.filter(({ text }) => text === 'Ordered a seal.')).toHaveLength(2);
    });

  test('what has no words comes again as often as the rules let it: nothing to remark', async () => {
    const plant = await start(aTask('in_progress'));
    const tablet = device('tablet').observed(await plant.head());
    const back = [
      pump.hold({ reasonCode: 'waiting_parts' }),
      pump.resume(),
      pump.hold({ reasonCode: 'waiting_permit' }),
      pump.resume(),
    ];
    const outcomes = await bring(plant, ...back.map((asked) => tablet.does(asked).by(marek)));
    expect(outcomes.map(flagsOf)).toEqual([[], [], [], []]);
  });

  test('a second tap on "complete" is a repeat of the same person', async () => {
    const plant = await start(aTask('in_progress'));
    const tablet = device('tablet').observed(await plant.head());
    const [, outcome] = await bring(plant, tablet.does(fixed).by(marek), tablet.does(fixed).by(marek));
    expect(flagsOf(outcome)).toEqual(['repeat', 'possible_duplicate']);
  });
});

describe('what comes with an entry', () => {
  const photo = utf8('a photo of the guard');
  const withPhoto = pump.complete({ note: 'Guard mounted.', evidence: [sha256Hex(photo)] });
  const brings = async (plant: Plant, said: Asked): Promise<Outcome> => {
    const tablet = device('tablet').observed(await plant.head());
    return (await bring(plant, tablet.does(said).by(marek)))[0]!;
  };

  test('a photo that is still on the device does not hold its entry back', async () => {
    const plant = await start(aTask('in_progress', { class: 'safety' }));
    const outcome = await brings(plant, withPhoto);
    expect(flagsOf(outcome)).toEqual(['evidence_pending']);
    expect(await pumpOf(plant)).toMatchObject({
      status: 'done',
      completion: { evidence: [sha256Hex(photo)] },
      flags: [],
    });
  });
  test('nor does it hold back a report, and the task knows it', async () => {
    const plant = await start();
    const report = alarm('oil').report({ text: 'Oil', area: PACKAGING, evidence: [sha256Hex(photo)] });
    expect(flagsOf(await brings(plant, report))).toEqual(['evidence_pending']);
    const [made] = await plant.ledger.load(ORG, select<TaskState>('tasks'));
    expect(made!.value.evidence).toEqual([sha256Hex(photo)]);
  });
  test('one that came before is no remark', async () => {
    const plant = await start(aTask('in_progress', { class: 'safety' }));
    await plant.ledger.putFile(ORG, sha256Hex(photo), photo);
    const outcome = await brings(plant, withPhoto);
    expect(flagsOf(outcome)).toEqual([]);
  });
  test('[L7] a task that needs a photo is not complete without one, on a device neither', async () => {
    const plant = await start(aTask('in_progress', { class: 'safety' }));
    const outcome = await brings(plant, fixed);
    expect(outcome).toMatchObject(rejected('evidence-required'));
  });
  test('two copies of one device are noticed, and both are believed', async () => {
    const plant = await start(aTask('in_progress'));
    const seen = await plant.head();
    const [tablet, copy] = [device('tablet'), device('tablet')];
    const said = (from: Device, text: string, id: string) =>
      from
        .observed(seen)
        .does(pump.note({ text }), { id: task(id).id })
        .by(marek);
    const outcomes = await bring(plant, said(tablet, 'Valve open.', 'x'), said(copy, 'Valve shut.', 'y'));
    expect(outcomes.map(flagsOf)).toEqual([[], ['device_forked']]);
    expect((await pumpOf(plant)).actions.slice(-2).map(({ text }) => text)).toEqual(['Valve open.', 'Valve shut.']);
  });
});
