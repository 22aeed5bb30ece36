/** The task's state machine, verb by verb (DESIGN §5, domain model 2.4 and 2.5). */
import { describe, expect, test } from 'vitest';
import { taskStatus, type TaskState } from '../../shared/features/tasks/contract.ts';
import { sha256Hex, utf8 } from '../../shared/kernel/bytes.ts';
import { asking, shift, task, type Asked } from '../kit/ask.ts';
import {
  aNightShift,
  anOrganisation,
  aTask,
  by,
  given,
  LINE_3,
  minutes,
  night,
  PACKAGING,
  pump,
} from '../kit/given.ts';
import { ana, ben, dana, marek, ORG, tom } from '../kit/people.ts';
import type { Plant, Step } from '../kit/plant.ts';

const status = async (plant: Plant) => (await plant.state<TaskState>(pump)).status;
const engineers = { role: 'maintenance_engineer' } as const;

/** Where each verb leads, written down from DESIGN §5 and the diagram of the domain model, not from the code. */
const LEADS: Readonly<Record<string, { readonly ask: Asked; readonly to: Readonly<Record<string, string>> }>> = {
  assign: {
    ask: pump.assign({ assignee: engineers }),
    to: {
      open: 'assigned',
      assigned: 'assigned',
      acknowledged: 'assigned',
      in_progress: 'assigned',
      on_hold: 'assigned',
    },
  },
  reject: { ask: pump.reject({ reason: 'No crane tonight.' }), to: { assigned: 'open' } },
  acknowledge: { ask: pump.acknowledge(), to: { assigned: 'acknowledged' } },
  start: { ask: pump.start(), to: { acknowledged: 'in_progress' } },
  hold: { ask: pump.hold({ reasonCode: 'waiting_parts' }), to: { in_progress: 'on_hold' } },
  resume: { ask: pump.resume(), to: { on_hold: 'in_progress' } },
  complete: { ask: pump.complete({ note: 'Seal replaced.' }), to: { in_progress: 'done' } },
  verify: { ask: pump.verify(), to: { done: 'closed' } },
  sendBack: { ask: pump.sendBack({ reason: 'Still drips.' }), to: { done: 'in_progress' } },
  reopen: { ask: pump.reopen({ reason: 'Drips again.' }), to: { done: 'in_progress', closed: 'in_progress' } },
  escalate: {
    ask: pump.escalate({ reason: 'Nobody answers.' }),
    to: {
      open: 'open',
      assigned: 'assigned',
      acknowledged: 'acknowledged',
      in_progress: 'in_progress',
      on_hold: 'on_hold',
    },
  },
  cancel: {
    ask: pump.cancel({ reasonCode: 'not_needed' }),
    to: {
      open: 'cancelled',
      assigned: 'cancelled',
      acknowledged: 'cancelled',
      in_progress: 'cancelled',
      on_hold: 'cancelled',
    },
  },
  note: {
    ask: pump.note({ text: 'Ordered a seal.' }),
    to: Object.fromEntries(taskStatus.options.map((any) => [any, any])),
  },
};

describe('the table of verbs', () => {
  for (const from of taskStatus.options) {
    for (const [verb, { ask, to }] of Object.entries(LEADS)) {
      const steps: Step[] = [anOrganisation(), aTask(from, { priority: 'P2' })];
      const next = to[from];
      if (next)
        test(`${verb} leads a task from ${from} to ${next}`, () =>
          given(...steps)
            .when(ask, by(ana))
            .then({ type: expect.any(String) as string }, async (plant) => expect(await status(plant)).toBe(next)));
      else
        test(`[L7] a task that is ${from} refuses ${verb}, says from where it starts, and leaves nothing`, () =>
          given(...steps)
            .when(ask, by(ana))
            .refused('transition-not-allowed', ({ detail, extra }) => {
              expect(extra).toMatchObject({ current: from, allowedFrom: Object.keys(to) });
              for (const start of Object.keys(to)) expect(detail).toContain(start.replace('_', ' '));
            }));
    }
  }
});

describe('what a new task is like', () => {
  test('it has priority P3 and class maintenance, is open, and is due at the end of the next shift', () =>
    given(anOrganisation())
      .when(pump.create({ title: 'Pump 3 leaks', area: PACKAGING }), by(ben))
      .then(
        {
          type: 'task.created',
          body: { number: 1, priority: 'P3', class: 'maintenance', dueAt: '2026-11-21T14:00:00.000Z' },
        },
        async (plant) => expect(await status(plant)).toBe('open'),
      ));

  for (const [priority, dueAt] of [
    ['P1', '2026-11-20T23:00:00.000Z'],
    ['P2', '2026-11-21T02:00:00.000Z'],
    ['P4', '2026-11-27T22:00:00.000Z'],
  ] as const)
    test(`${priority} is due at ${dueAt} when nobody says otherwise`, () =>
      given(anOrganisation())
        .when(pump.create({ title: 'Pump 3 leaks', area: PACKAGING, priority }), by(ben))
        .then({ type: 'task.created', body: { dueAt } }));

  test('a due time that somebody gives stands, in UTC', () =>
    given(anOrganisation())
      .when(pump.create({ title: 'Grease', area: PACKAGING, dueAt: '2026-11-21T09:00:00+01:00' }), by(ben))
      .then({ type: 'task.created', body: { dueAt: '2026-11-21T08:00:00.000Z' } }));

  test('made with an assignee, it is assigned at once', () =>
    given(anOrganisation())
      .when(pump.create({ title: 'Grease', area: PACKAGING, assignee: { user: marek.id } }), by(ana))
      .then('task.created', {
        type: 'task.assigned',
        body: { basis: 'person', assignee: { user: marek.id }, changes: { status: { was: 'open', now: 'assigned' } } },
      }));

  test('numbers for people count up within the organisation', async () => {
    const plant = await given(anOrganisation(), aTask())
      .when(task('second').create({ title: 'Grease', area: PACKAGING }), by(ben))
      .then({ type: 'task.created', body: { number: 2 } });
    expect((await plant.ledger.stream(ORG, 'task', 2))?.id).toBe(task('second').id);
  });

  test('[L7] the same id twice is refused', () =>
    given(anOrganisation(), aTask())
      .when(pump.create({ title: 'Again', area: PACKAGING }), by(ben))
      .refused('already-exists'));
});

describe('what every event carries', () => {
  test('who, when three times, why, was and now, and what led to it', async () => {
    const plant = await given(anOrganisation(), aNightShift(), minutes(30))
      .when(
        pump.create({
          title: 'Pump 3 leaks',
          area: LINE_3,
          upstream: [{ kind: 'shift', id: night.id, rel: 'belongs_to_shift' }],
        }),
        by(ana),
      )
      .then('task.created');
    plant.pass(10);
    const outcome = await plant.ask(
      pump
        .cancel({
          reasonCode: 'duplicate',
          reason: 'Ben reported it at 22:10.',
          occurredAt: '2026-11-20T23:35:00+01:00',
        })
        .by(ana),
      { device: 'tablet-7', recordedAt: '2026-11-20T22:39:00.000Z' },
    );
    expect(outcome.outcome).toBe('accepted');
    expect((await plant.history(pump)).at(-1)).toMatchObject({
      type: 'task.cancelled',
      actor: { kind: 'user', id: ana.id, role: 'supervisor' },
      device: 'tablet-7',
      occurredAt: '2026-11-20T22:35:00.000Z',
      recordedAt: '2026-11-20T22:39:00.000Z',
      receivedAt: '2026-11-20T22:40:00.000Z',
      shift: night.id,
      body: {
        reason: 'Ben reported it at 22:10.',
        reasonCode: 'duplicate',
        changes: { status: { was: 'open', now: 'cancelled' } },
      },
    });
  });

  test('every event of a task names the cause that the task was made with', async () => {
    const plant = await given(
      anOrganisation(),
      aTask(),
      task('after')
        .create({ title: 'Check the seal', area: PACKAGING, upstream: [{ ...link(pump), rel: 'follow_up_of' }] })
        .by(ana),
    )
      .when(task('after').cancel({ reasonCode: 'not_needed' }), by(ana))
      .then('task.cancelled');
    for (const event of await plant.history(task('after')))
      expect(event.upstream).toEqual([{ ...link(pump), rel: 'follow_up_of' }]);
  });

  test('a reason is kept with every verb, also where nobody demands one', () =>
    given(anOrganisation(), aTask('assigned'))
      .when(pump.acknowledge({ reason: 'On my way from line 1.' }), by(marek))
      .then({ type: 'task.acknowledged', body: { reason: 'On my way from line 1.' } }));
});

const link = ({ kind, id }: { kind: string; id: string }) => ({ kind, id });

describe('completing', () => {
  test('a P3 task of class maintenance closes at once', () =>
    given(anOrganisation(), aTask('in_progress'))
      .when(pump.complete({ note: 'New seal fitted.' }), by(marek))
      .then({
        type: 'task.completed',
        body: {
          needsVerification: false,
          resolutionCode: 'fixed',
          changes: { status: { was: 'in_progress', now: 'closed' } },
        },
      }));

  for (const made of [{ priority: 'P1' }, { priority: 'P2' }] as const)
    test(`a ${made.priority} task waits for another person`, () =>
      given(anOrganisation(), aTask('in_progress', made))
        .when(pump.complete({ note: 'New seal fitted.' }), by(marek))
        .then({ type: 'task.completed', body: { needsVerification: true } }, async (plant) =>
          expect(await status(plant)).toBe('done'),
        ));

  test('[L7] without a note it is refused, and the refusal names the field', () =>
    given(anOrganisation(), aTask('in_progress'))
      .when(asking('tasks.complete', pump, {}), by(marek))
      .refused('invalid-input', ({ fields }) => expect(fields).toMatchObject([{ field: '/note' }])));

  test('[L7] a note of blanks is no note', () =>
    given(anOrganisation(), aTask('in_progress'))
      .when(pump.complete({ note: ' \n ' }), by(marek))
      .refused('invalid-input'));

  const photo = utf8('a photo of the guard');
  const isStored: Step = (plant) => plant.ledger.putFile(ORG, sha256Hex(photo), photo);
  for (const kind of ['safety', 'quality'] as const) {
    test(`[L7] class ${kind} needs evidence`, () =>
      given(anOrganisation(), aTask('in_progress', { class: kind }))
        .when(pump.complete({ note: 'Guard mounted.' }), by(marek))
        .refused('evidence-required'));
    test(`class ${kind} with evidence waits for another person, whatever its priority`, () =>
      given(anOrganisation(), aTask('in_progress', { class: kind, priority: 'P4' }), isStored)
        .when(pump.complete({ note: 'Guard mounted.', evidence: [sha256Hex(photo)] }), by(marek))
        .then({ type: 'task.completed', body: { needsVerification: true, evidence: [sha256Hex(photo)] } }));
  }
  test('[L7] evidence that nobody uploaded is refused, whatever the class', () =>
    given(anOrganisation(), aTask('in_progress'))
      .when(pump.complete({ note: 'Guard mounted.', evidence: [sha256Hex(photo)] }), by(marek))
      .refused('unknown-reference', ({ fields }) => expect(fields).toMatchObject([{ field: '/evidence' }])));
});

describe('four eyes', () => {
  const done = [anOrganisation(), aTask('done', { priority: 'P1' })];
  test('another person verifies, and the task is closed', () =>
    given(...done)
      .when(pump.verify(), by(dana))
      .then('task.verified', async (plant) =>
        expect(await plant.state(pump)).toMatchObject({ status: 'closed', verifiedBy: dana.id }),
      ));
  test('[L7] whoever completed it can neither verify it', () =>
    given(...done)
      .when(pump.verify(), by(marek))
      .refused('same-person'));
  test('[L7] nor send it back', () =>
    given(...done)
      .when(pump.sendBack({ reason: 'Hm.' }), by(marek))
      .refused('same-person'));
  test('sent back, it is in progress again and its completion is gone from the state, never from the record', () =>
    given(...done)
      .when(pump.sendBack({ reason: 'Still drips.' }), by(dana))
      .then('task.sent_back', async (plant) => {
        expect(await plant.state(pump)).toMatchObject({ status: 'in_progress', completion: null });
        expect((await plant.history(pump)).map(({ type }) => type)).toContain('task.completed');
      }));
});

describe('[L7] what is demanded is named', () => {
  for (const [verb, ask, from] of [
    ['reject', pump.reject, 'assigned'],
    ['sendBack', pump.sendBack, 'done'],
    ['reopen', pump.reopen, 'closed'],
    ['escalate', pump.escalate, 'open'],
  ] as const)
    test(`${verb} demands a reason`, () =>
      given(anOrganisation(), aTask(from, { priority: 'P2' }))
        .when(ask(), by(dana))
        .refused('invalid-input', ({ fields }) => expect(fields).toMatchObject([{ field: '/reason' }])));

  test('hold demands a reason code that the trade knows', () =>
    given(anOrganisation(), aTask('in_progress'))
      .when(asking('tasks.hold', pump, { reasonCode: 'lunch' }), by(marek))
      .refused('invalid-input'));
  test('cancel demands a reason code', () =>
    given(anOrganisation(), aTask()).when(asking('tasks.cancel', pump), by(ana)).refused('invalid-input'));
  test('an unknown field is refused, never ignored', () =>
    given(anOrganisation())
      .when(asking('tasks.create', pump, { title: 'x', area: PACKAGING, colour: 'red' }), by(ana))
      .refused('invalid-input'));
});

describe('[L7] references must be known', () => {
  const stranger = { user: shift('nobody').id };
  test('a task is not made for a stranger', () =>
    given(anOrganisation())
      .when(pump.create({ title: 'x', area: PACKAGING, assignee: stranger }), by(ana))
      .refused('unknown-reference', ({ fields }) => expect(fields).toMatchObject([{ field: '/assignee/user' }])));
  test('nor given to one', () =>
    given(anOrganisation(), aTask())
      .when(pump.assign({ assignee: stranger }), by(ana))
      .refused('unknown-reference'));
  test('nor escalated to one', () =>
    given(anOrganisation(), aTask())
      .when(pump.escalate({ reason: 'Help.', target: stranger }), by(ana))
      .refused('unknown-reference', ({ fields }) => expect(fields).toMatchObject([{ field: '/target/user' }])));
  for (const kind of ['task', 'shift', 'occurrence', 'unicorn'])
    test(`a link to a ${kind} that is not there is refused, and the refusal says which`, () =>
      given(anOrganisation())
        .when(
          pump.create({ title: 'x', area: PACKAGING, upstream: [{ kind, id: stranger.user, rel: 'caused_by' }] }),
          by(ana),
        )
        .refused('unknown-reference', ({ fields }) => expect(fields).toMatchObject([{ field: '/upstream/0' }])));
  test('an order of another system is linked as external', () =>
    given(anOrganisation())
      .when(
        pump.create({ title: 'x', area: PACKAGING, upstream: [{ kind: 'sap-order', id: '4001234', rel: 'external' }] }),
        by(ana),
      )
      .then('task.created'));
  test('a task has at most one cause', () =>
    given(anOrganisation(), aTask(), task('other').create({ title: 'Other', area: PACKAGING }).by(ana))
      .when(
        task('third').create({
          title: 'x',
          area: PACKAGING,
          upstream: [
            { ...link(pump), rel: 'caused_by' },
            { ...link(task('other')), rel: 'follow_up_of' },
          ],
        }),
        by(ana),
      )
      .refused('invalid-input'));
});

describe('escalation is orthogonal', () => {
  test('it leaves the status and records level, target, reason, by whom and when', async () => {
    const plant = await given(anOrganisation(), aTask('in_progress'), pump.escalate({ reason: 'Too heavy.' }).by(marek))
      .when(pump.escalate({ reason: 'Nobody answers.', target: { user: tom.id } }), by(dana))
      .then({ type: 'task.escalated', body: { level: 2, target: { user: tom.id }, reason: 'Nobody answers.' } });
    expect(await plant.state(pump)).toMatchObject({
      status: 'in_progress',
      escalations: [
        { level: 1, target: null, reason: 'Too heavy.', by: marek.id, at: plant.now() },
        { level: 2, target: { user: tom.id }, reason: 'Nobody answers.', by: dana.id },
      ],
    });
  });
});

describe('who had it', () => {
  test('rejected, it is open again and nobody has it', () =>
    given(anOrganisation(), aTask('assigned'))
      .when(pump.reject({ reason: 'No crane.' }), by(marek))
      .then({ type: 'task.rejected', body: { changes: { assignee: { was: engineers, now: null } } } }, async (plant) =>
        expect(await status(plant)).toBe('open'),
      ));
  test('given to another while on hold, the hold and the acknowledgement end', () =>
    given(anOrganisation(), aTask('on_hold'))
      .when(pump.assign({ assignee: { user: ben.id } }), by(ana))
      .then('task.assigned', async (plant) =>
        expect(await plant.state(pump)).toMatchObject({ status: 'assigned', hold: null, acknowledgedBy: null }),
      ));
});
