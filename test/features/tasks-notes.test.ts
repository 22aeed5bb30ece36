/** How a task's note and card show what needs a look, what waits on a device, and what was written after a seal. */
import { describe, expect, test } from 'vitest';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import { evolve } from '../../shared/features/tasks/evolve.ts';
import { note } from '../../shared/features/tasks/note.ts';
import { FLAGS } from '../../shared/kernel/flags.ts';
import { asking } from '../kit/ask.ts';
import { aNightShift, anOrganisation, aTask, by, given, pump } from '../kit/given.ts';
import { bring, device } from '../kit/made.ts';
import { ana, ben, dana, engine, marek } from '../kit/people.ts';
import { createPlant, type Plant } from '../kit/plant.ts';
import { around, replicaOf } from '../kit/vault-of.ts';

async function twoReports(): Promise<Plant> {
  const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('in_progress'));
  const seen = await plant.head();
  const other = pump.complete({ note: 'Tightened the gland.', resolutionCode: 'adjusted' });
  const first = device('tablet')
    .observed(seen)
    .does(pump.complete({ note: 'New seal fitted.' }))
    .by(marek);
  plant.pass(10);
  await bring(plant, first);
  plant.pass(10);
  await bring(plant, device('phone').observed(seen).does(other).by(dana));
  return plant;
}

async function shown(plant: Plant) {
  const replica = await replicaOf(plant);
  const self = { id: pump.id, number: 1, seq: await plant.head() };
  const state = await plant.state<TaskState>(pump);
  const [text] = note.write(state, self, around(replica));
  const region = (name: string) => text!.regions.find((one) => one.name === name)!.markdown;
  return {
    text: text!,
    header: region('header'),
    actions: region('actions'),
    card: note.card!(state, self, around(replica)),
  };
}

describe('a task that needs a look', () => {
  test('says so above all else, says what to do, and shows both reports with person and time', async () => {
    const { header } = await shown(await twoReports());
    expect(header.split('\n\n')[0]!.split('\n')).toEqual([
      '> [!warning] Needs a look',
      `> ${FLAGS.concurrent_completion.says} **${FLAGS.concurrent_completion.do}**`,
      `> ${FLAGS.needs_review.says} **${FLAGS.needs_review.do}**`,
      '> 1. **Marek Zieliński**, 2026-11-20 22:10: fixed: New seal fitted.',
      '> 2. **Dana Kowalski**, 2026-11-20 22:20: adjusted: Tightened the gland.',
    ]);
  });

  test('stands first on the board though it is closed, with what to do, and is reviewed next', async () => {
    const { card } = await shown(await twoReports());
    expect(card).toMatchObject({ group: 'Needs a look', rank: 0, urgent: true, next: ['review'] });
    expect(card!.details.slice(0, 2)).toEqual([FLAGS.concurrent_completion.do, FLAGS.needs_review.do]);
  });

  test('once reviewed it is like any other, and the further report is not lost from sight', async () => {
    const plant = await twoReports();
    await plant.must(pump.review({ finding: 'The seal was new.' }).by(ana));
    const { header, actions, card } = await shown(plant);
    expect(header).not.toContain('[!warning]');
    expect(header).toContain('> **Result** fixed: New seal fitted.');
    expect(header).toContain('> **Also reported** **Dana Kowalski**, 2026-11-20 22:20: adjusted: Tightened the gland.');
    expect(actions).toContain('**Ana Byrne** reviewed: The seal was new.');
    expect(card).toBeNull();
  });

  test('[L7] where nothing needs a look there is nothing to settle', () =>
    given(anOrganisation(), aTask('closed'))
      .when(pump.review({ finding: 'Fine.' }), by(ana))
      .refused('transition-not-allowed'));
  test('[L7] an operator does not settle it', async () => {
    const plant = await twoReports();
    expect(await plant.ask(pump.review({ finding: 'Fine.' }).by(ben))).toMatchObject({
      refusal: { refused: 'role-not-allowed' },
    });
  });
  test('[L7] a review without a finding settles nothing', async () => {
    const plant = await twoReports();
    const outcome = await plant.ask(asking('tasks.review', pump, {}).by(ana));
    expect(outcome).toMatchObject({ refusal: { refused: 'invalid-input', fields: [{ field: '/finding' }] } });
  });
});

test('a task that is not yet on the server is T-new, and its lines wait to be sent', async () => {
  const plant = await createPlant().run(anOrganisation(), aTask());
  const replica = await replicaOf(plant);
  const [event] = await plant.history(pump);
  const waiting = { ...event!, body: { ...event!.body, waiting: true as const } };
  const state = evolve['task.created'](await fresh(plant), waiting as never);
  const [text] = note.write(state, { id: pump.id, number: null, seq: 0 }, around(replica));
  expect(text!.name).toBe('T-new Pump 3 leaks');
  expect(text!.regions.map(({ markdown }) => markdown)).toEqual([
    expect.stringContaining('- [ ] T-new Pump 3 leaks'),
    '- 2026-11-20 22:00 **Ana Byrne** created · waiting to be sent',
  ]);
});
const fresh = async (plant: Plant): Promise<TaskState> => plant.register.byName.get('tasks')!.initial as TaskState;

describe('a change of the task that waits on this device', () => {
  const waits = async (count: number) => {
    const plant = await createPlant().run(anOrganisation(), aNightShift(), aTask('closed'));
    const replica = await replicaOf(plant);
    const now = await plant.state<TaskState>(pump);
    const actions = now.actions.map((action, i) =>
      i < now.actions.length - count ? action : { ...action, waiting: true as const },
    );
    const self = { id: pump.id, number: 1, seq: 1 };
    const show = (state: TaskState) => ({
      header: note.write(state, self, around(replica))[0]!.regions[0]!.markdown,
      card: note.card!(state, self, around(replica)),
    });
    return { ...show({ ...now, actions }), show, now: { ...now, actions } };
  };

  test('stands in its header and on the board in the words of its log, though the task is closed', async () => {
    const { header, card } = await waits(1);
    expect(header).toMatch(/^> \[!success\] P3 · closed · waiting to be sent · due /);
    expect(card).toMatchObject({
      group: 'Closed',
      details: ['waiting to be sent', 'P3', expect.anything(), expect.anything()],
    });
  });
  test('is not the status that others have made meanwhile', async () => {
    const { now, show } = await waits(1);
    const further = { seq: now.actions.at(-1)!.seq, device: null, flags: [], ...now.completion! };
    expect(show({ ...now, furtherReports: [further] }).header).toMatch(/ P3 · closed · due /);
    expect(show({ ...now, status: 'cancelled' }).header).toMatch(/ P3 · cancelled · due /);
  });
  test('is told no more once the server has it', async () => {
    const { header, card } = await waits(0);
    expect(header).not.toContain('waiting');
    expect(card).toBeNull();
  });
  test('is not what a mere remark is that waits', async () => {
    const { now, show } = await waits(0);
    const remark = { ...now.actions.at(-1)!, what: 'noted', text: 'Look at it again.', waiting: true as const };
    const { header, card } = show({ ...now, status: 'in_progress', actions: [...now.actions, remark] });
    expect(header).toMatch(/^> \[!note\] P3 · in progress · due /);
    expect(card!.details).toContain('waiting to be sent');
  });
});

test('people’s own words have one place in the note, below what is ours at its top', async () => {
  const { text } = await shown(await twoReports());
  expect(text.prose).toEqual({ heading: 'Notes', after: 'header' });
  expect(text.regions.map(({ name }) => name)).toEqual(['header', 'actions']);
});

describe('words that were typed after the seal', () => {
  const late = (words: object) =>
    asking('tasks.lateProse', pump, {
      author: marek.id,
      device: null,
      inserted: '',
      struck: '',
      context: 'Pump 3 …',
      update: 'a'.repeat(64),
      receivedAt: '2026-11-21T07:00:00.000Z',
      ...words,
    });
  test('are one more line, with the person who wrote them and when they came, and change nothing else', async () => {
    const plant = await createPlant().run(anOrganisation(), aTask('closed'));
    const before = await plant.state<TaskState>(pump);
    await plant.run(late({ inserted: 'Check again.\n', struck: 'all fine' }).by(engine));
    const after = await plant.state<TaskState>(pump);
    expect({ ...after, actions: [] }).toEqual({ ...before, actions: [] });
    expect((await shown(plant)).actions.split('\n').at(-1)).toBe(
      '- 2026-11-21 07:00 **Marek Zieliński** added to the notes after the seal: Check again. (would strike: all fine)',
    );
  });
  test('[L7] only the host brings them', async () => {
    const plant = await createPlant().run(anOrganisation(), aTask('closed'));
    expect(await plant.ask(late({ inserted: 'x' }).by(ana))).toMatchObject({
      refusal: { refused: 'role-not-allowed' },
    });
  });
});
