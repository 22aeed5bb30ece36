/** A shift from its plan to its handover (DESIGN §5, domain model 2.7 and 2.8). */
import { describe, expect, test } from 'vitest';
import { shiftStatus, type ShiftState } from '../../shared/features/shifts/contract.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { asking, shift, task, type Asked } from '../kit/ask.ts';
import {
  aNightShift,
  anOrganisation,
  aTask,
  by,
  EARLY,
  given,
  LINE_3,
  minutes,
  NIGHT,
  night,
  PACKAGING,
  pump,
} from '../kit/given.ts';
import { ana, ben, dana, marek, tom } from '../kit/people.ts';
import type { Plant, Step } from '../kit/plant.ts';
import { handedOver, sealedNight } from '../kit/handover.ts';

const state = (plant: Plant) => plant.state<ShiftState>(night);

describe('planning and starting', () => {
  test('a planned shift is named after its hour, in the zone of the organisation', async () => {
    const plant = await given(anOrganisation())
      .when(night.create({ area: PACKAGING, from: NIGHT.from, to: NIGHT.to }), by(ana))
      .then({ type: 'shift.planned', body: { number: 1, name: 'Night' } });
    expect(await state(plant)).toMatchObject({ status: 'planned', crew: [] });
  });
  for (const [why, to] of [
    ['ends before it begins', '2026-11-20T21:00:00Z'],
    ['lasts longer than a day', '2026-11-22T22:00:01Z'],
  ] as const)
    test(`[L7] a shift that ${why} is refused`, () =>
      given(anOrganisation())
        .when(night.create({ ...NIGHT, to }), by(ana))
        .refused('invalid-input', ({ fields }) => expect(fields).toMatchObject([{ field: '/to' }])));

  test('whoever starts it is on its crew, with the roster that was given', () =>
    given(anOrganisation(), night.create(NIGHT).by(ana))
      .when(night.start({ crew: [{ user: ben.id, role: 'operator' }] }), by(ana))
      .then(
        {
          type: 'shift.started',
          body: {
            crew: [
              { user: ana.id, role: 'supervisor' },
              { user: ben.id, role: 'operator' },
            ],
          },
        },
        async (plant) => expect(await state(plant)).toMatchObject({ status: 'active', startedBy: ana.id }),
      ));
  test('[L7] a stranger on the crew is refused', () =>
    given(anOrganisation(), night.create(NIGHT).by(ana))
      .when(night.start({ crew: [{ user: task('x').id, role: 'operator' }] }), by(ana))
      .refused('unknown-reference', ({ fields }) => expect(fields).toMatchObject([{ field: '/crew/0/user' }])));
  test('[L7] an area has one active shift at a time; the refusal names it', () =>
    given(anOrganisation(), aNightShift(), shift('early').create(EARLY).by(ana))
      .when(shift('early').start(), by(tom))
      .refused('shift-already-active', ({ detail, extra }) => {
        expect(detail).toContain('Night');
        expect(extra).toEqual({ active: night.id });
      }));
  test('the next shift starts while the one before is being handed over', () =>
    given(anOrganisation(), aNightShift(), night.close().by(ana), shift('early').create(EARLY).by(tom))
      .when(shift('early').start(), by(tom))
      .then('shift.started'));
  test('another area, also one inside, has its own shift', () =>
    given(
      anOrganisation(),
      aNightShift(),
      shift('line')
        .create({ ...NIGHT, area: LINE_3 })
        .by(ana),
    )
      .when(shift('line').start(), by(tom))
      .then('shift.started'));
});

describe('the table of verbs', () => {
  const at: Readonly<Record<string, readonly Step[]>> = {
    planned: [night.create(NIGHT).by(ana)],
    active: [aNightShift()],
    closing: [aNightShift(), night.close().by(ana)],
    handed_over: [aNightShift(), handedOver()],
    lapsed: [night.create(NIGHT).by(ana), minutes(10 * 60), (plant) => plant.settle()],
  };
  const starts: Readonly<Record<string, readonly [Asked, ...string[]]>> = {
    start: [night.start(), 'planned', 'lapsed'],
    log: [night.log({ text: 'All quiet.' }), 'active', 'closing', 'handed_over'],
    close: [night.close(), 'active'],
    sign: [night.sign(), 'closing'],
    seal: [night.seal(), 'handed_over'],
  };
  test('every status but sealed is tried here', () =>
    expect([...Object.keys(at), 'sealed'].sort()).toEqual([...shiftStatus.options].sort()));
  for (const [status, steps] of Object.entries(at))
    for (const [verb, [ask, ...from]] of Object.entries(starts))
      if (from.includes(status))
        test(`a shift that is ${status} takes ${verb}`, () =>
          given(anOrganisation(), ...steps)
            .when(ask, by(ana))
            .then({ type: expect.any(String) as string }));
      else
        test(`[L7] a shift that is ${status} refuses ${verb}`, () =>
          given(anOrganisation(), ...steps)
            .when(ask, by(ana))
            .refused('transition-not-allowed', ({ extra }) =>
              expect(extra).toEqual({ current: status, allowedFrom: from }),
            ));
});

describe('the log', () => {
  test('an entry says its kind, and what it is about', () =>
    given(anOrganisation(), aNightShift())
      .when(night.log({ text: 'Filler 2 at 80 %.', kind: 'instruction', equipment: 'filler-2' }), by(dana))
      .then({
        type: 'shift.logged',
        actor: { id: dana.id },
        body: { kind: 'instruction', equipment: 'filler-2', corrects: null, lateEntry: false },
      }));
  for (const [ago, late] of [
    [15, false],
    [16, true],
  ] as const)
    test(`an entry about what happened ${ago} minutes ago is ${late ? '' : 'not '}a late one, by rule and not by hand`, () =>
      given(anOrganisation(), aNightShift(), minutes(60))
        .when(
          night.log({
            text: 'Grease line blocked.',
            occurredAt: new Date(Date.parse(NIGHT.from) + (60 - ago) * 60_000).toISOString(),
          }),
          by(marek),
        )
        .then({ type: 'shift.logged', body: { lateEntry: late } }));

  const entryOf = async (plant: Plant, n = 0) => (await state(plant)).entries[n]!.id;
  const logged = [anOrganisation(), aNightShift(), night.log({ text: 'Tag TT-3205.' }).by(dana)];
  test('a correction strikes the original and leaves it legible', async () => {
    const plant = await given(...logged)
      .when(night.close(), by(ana))
      .then('shift.closed');
    const first = await entryOf(plant);
    await plant.must(night.log({ text: 'Tag TT-3204.', corrects: first, reason: 'Wrong tag read.' }).by(dana));
    expect((await state(plant)).entries).toMatchObject([
      { id: first, text: 'Tag TT-3205.', by: dana.id },
      { text: 'Tag TT-3204.', corrects: first, by: dana.id, reason: 'Wrong tag read.' },
    ]);
    const again = await plant.ask(night.log({ text: 'Tag TT-3203.', corrects: first }).by(dana));
    expect(again).toMatchObject({ refusal: { refused: 'already-corrected' } });
    await plant.must(night.log({ text: 'Tag TT-3203.', corrects: await entryOf(plant, 1) }).by(dana));
  });
  test('[L7] nobody but the author corrects an entry, not even the supervisor', async () => {
    const plant = await given(...logged)
      .when(night.close(), by(ana))
      .then('shift.closed');
    const outcome = await plant.ask(night.log({ text: 'Tag TT-3204.', corrects: await entryOf(plant) }).by(ana));
    expect(outcome).toMatchObject({ refusal: { refused: 'not-your-entry' } });
  });
  test('[L7] an entry that is not there cannot be corrected', () =>
    given(...logged)
      .when(night.log({ text: 'x', corrects: task('x').id }), by(dana))
      .refused('unknown-reference', ({ fields }) => expect(fields).toMatchObject([{ field: '/corrects' }])));
});

describe('the handover', () => {
  const closing = (...steps: readonly Step[]) => [anOrganisation(), aNightShift(), ...steps, night.close().by(ana)];
  const other = task('other');
  const twoTasks = [
    aTask('assigned', { priority: 'P1' }),
    other.create({ title: 'Sweep', area: LINE_3 }).by(dana),
    task('far').create({ title: 'Elsewhere', area: 'leeds/utilities' }).by(dana),
  ];

  test('[L7] every open task of the area wants a decision; the refusal lists those without', () =>
    given(...closing(...twoTasks))
      .when(night.sign({ decisions: [{ task: 'T-2', decision: 'continue' }] }), by(ana))
      .refused('tasks-undecided', ({ extra }) =>
        expect(extra).toEqual({
          tasks: [{ id: pump.id, ref: 'T-1', title: 'Pump 3 leaks', priority: 'P1', status: 'assigned' }],
        }),
      ));
  test('signed with a decision for each, P1 and P2 become critical items; a task is named by id or number', () =>
    given(...closing(...twoTasks))
      .when(
        night.sign({
          decisions: [
            { task: pump.id, decision: 'continue' },
            { task: 2, decision: 'continue' },
          ],
        }),
        by(ana),
      )
      .then({
        type: 'shift.signed',
        body: { criticalItems: [pump.id], decisions: [{ task: pump.id }, { task: other.id }] },
      }));
  test('what waits for verification only, and what is over, needs no decision', () =>
    given(...closing(aTask('done', { priority: 'P2' })))
      .when(night.sign(), by(ana))
      .then('shift.signed'));

  for (const [why, code, decision] of [
    ['to nobody', 'invalid-input', { task: 2, decision: 'reassign' }],
    ['to a stranger', 'unknown-reference', { task: 2, decision: 'reassign', assignee: { user: task('x').id } }],
  ] as const)
    test(`[L7] a task is not reassigned ${why}, and the refusal comes before anything is signed`, () =>
      given(...closing(...twoTasks))
        .when(night.sign({ decisions: [{ task: 1, decision: 'continue' }, decision] }), by(ana))
        .refused(code, ({ fields }) => expect(fields![0]!.field).toMatch(/^\/decisions\/1\/assignee/)));
  test('[L7] two decisions about one task are refused', () =>
    given(...closing(...twoTasks))
      .when(
        night.sign({ decisions: [1, 2, 'T-1'].map((one) => ({ task: one, decision: 'continue' as const })) }),
        by(ana),
      )
      .refused('invalid-input', ({ fields }) => expect(fields).toMatchObject([{ field: '/decisions/2/task' }])));
  test('[L7] a handover is signed once', () =>
    given(...closing(), night.sign().by(ana))
      .when(night.sign(), by(tom))
      .refused('transition-not-allowed'));

  test('the decisions are carried out in the name of who decided, as part of the shift', async () => {
    const third = task('third');
    const plant = await given(
      ...closing(...twoTasks, third.create({ title: 'Polish', area: PACKAGING, priority: 'P4' }).by(dana)),
    )
      .when(
        night.sign({
          decisions: [
            { task: pump.id, decision: 'continue' },
            { task: other.id, decision: 'reassign', assignee: { user: ben.id }, reason: 'Ben is back at six.' },
            { task: third.id, decision: 'cancel' },
          ],
        }),
        by(ana),
      )
      .then('shift.signed');
    expect(plant.refusedWishes).toEqual([]);
    const last = async (thing: typeof pump) => (await plant.history(thing)).at(-1)!;
    const engine = { kind: 'engine', onBehalfOf: ana.id };
    expect(await last(pump)).toMatchObject({
      type: 'task.carried_over',
      actor: engine,
      shift: night.id,
      upstream: [{ kind: 'shift', id: night.id, rel: 'carried_over_from' }],
    });
    expect(await plant.state<TaskState>(pump)).toMatchObject({ status: 'assigned' });
    expect(await last(other)).toMatchObject({
      type: 'task.assigned',
      actor: engine,
      shift: night.id,
      body: { assignee: { user: ben.id }, reason: 'Ben is back at six.' },
    });
    expect(await last(third)).toMatchObject({ type: 'task.cancelled', actor: engine, shift: night.id });
    expect(await plant.state<TaskState>(third)).toMatchObject({ status: 'cancelled', finishedIn: night.id });
  });

  const signed = [
    ...closing(...twoTasks),
    night.sign({ decisions: [1, 2].map((n) => ({ task: n, decision: 'continue' as const })) }).by(ana),
  ];
  test('another supervisor accepts, ticking the critical items, and it is handed over', () =>
    given(...signed)
      .when(night.accept({ criticalItems: ['T-1'], reservations: 'Spare pump not seen.' }), by(tom))
      .then(
        { type: 'shift.accepted', body: { criticalItems: [pump.id], reservations: 'Spare pump not seen.' } },
        async (plant) =>
          expect(await state(plant)).toMatchObject({ status: 'handed_over', acceptance: { by: tom.id } }),
      ));
  test('a critical item that was finished since is still read back', async () => {
    const plant = await given(...signed, pump.cancel({ reasonCode: 'false_alarm' }).by(tom))
      .when(night.accept({ criticalItems: ['T-1'] }), by(tom))
      .then({ type: 'shift.accepted', body: { criticalItems: [pump.id] } });
    expect((await state(plant)).acceptance?.criticalItems).toEqual([pump.id]);
  });
  test('[L7] whoever signed can neither accept', () =>
    given(...signed)
      .when(night.accept(), by(ana))
      .refused('same-person'));
  test('[L7] nor refuse', () =>
    given(...signed)
      .when(night.refuse({ reason: 'Hm.' }), by(ana))
      .refused('same-person'));
  test('[L7] nobody accepts what nobody signed', () =>
    given(...closing())
      .when(night.accept(), by(tom))
      .refused('transition-not-allowed'));
  test('[L7] a refusal of a handover wants its reason', () =>
    given(...signed)
      .when(asking('shifts.refuse', night), by(tom))
      .refused('invalid-input'));
  test('refused, it is to be signed anew, and who refused why is kept', () =>
    given(...signed)
      .when(night.refuse({ reason: 'C4 is not isolated.' }), by(tom))
      .then('shift.refused', async (plant) => {
        expect(await state(plant)).toMatchObject({
          status: 'closing',
          signature: null,
          refusals: [{ by: tom.id, reason: 'C4 is not isolated.' }],
        });
        await plant.run(handedOver());
        expect(await state(plant)).toMatchObject({ status: 'handed_over' });
      }));

  test('entries are welcome until the seal, also after the handover', () =>
    given(anOrganisation(), aNightShift(), handedOver())
      .when(night.log({ text: 'Key of C4 returned.' }), by(ben))
      .then('shift.logged'));

  test('a handover with more tasks than one entry of the log can hold is signed all the same, and every decision carried out', async () => {
    const many = 310;
    const titled = (n: number) =>
      task(`many-${n}`)
        .create({ title: `Bolt ${n}`, area: PACKAGING, priority: 'P2' })
        .by(ana);
    const plant = await given(
      anOrganisation(),
      aNightShift(),
      ...Array.from({ length: many }, (_, n) => titled(n)),
      night.close().by(ana),
    )
      .when(
        night.sign({
          decisions: Array.from({ length: many }, (_, n) => ({
            task: n + 1,
            decision: 'reassign' as const,
            assignee: { role: 'maintenance_engineer' as const },
            reason: 'Next week.',
          })),
        }),
        by(ana),
      )
      .then('shift.signed', 'shift.decided', 'shift.decided');
    const { signature } = await state(plant);
    expect([signature?.decisions.length, signature?.criticalItems.length]).toEqual([many, many]);
    expect((await plant.events()).filter(({ type }) => type === 'task.assigned')).toHaveLength(many);
  });
});

test('[L7] a sealed shift refuses every change and says so; each attempt is recorded, outside the shift', async () => {
  const plant = await sealedNight();
  const attempts: Readonly<Record<string, Asked>> = {
    start: night.start(),
    log: night.log({ text: 'One more thing.' }),
    close: night.close(),
    sign: night.sign(),
    accept: night.accept(),
    refuse: night.refuse({ reason: 'No.' }),
    seal: night.seal(),
  };
  for (const [verb, ask] of Object.entries(attempts)) {
    const outcome = await plant.ask(ask.by(tom));
    expect(outcome, verb).toMatchObject({ outcome: 'rejected', refusal: { refused: 'shift-sealed' } });
    expect((await plant.events()).at(-1)).toMatchObject({
      type: 'shift.change_refused',
      subject: { kind: 'org' },
      shift: null,
      actor: { id: tom.id },
      body: { shift: night.id, command: `shifts.${verb}`, caller: tom.id },
    });
  }
});
