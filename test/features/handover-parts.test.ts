/** Templates of entries, and what has been answered on a sheet: the parts that need no screen. */
import { describe, expect, test } from 'vitest';
import { createAnswers, createProgress } from '../../plugin/handover/answers.ts';
import { nextGap, TEMPLATES, templatesFor, templatesIn } from '../../plugin/handover/templates.ts';

describe('templates', () => {
  test('are lines with a name and a text; whatever else was typed into the setting is no template', () => {
    expect(templatesIn('Stopped: Line …: why …\n\nno colon\n: no name\nno text:\n')).toEqual([
      { name: 'Stopped', text: 'Line …: why …' },
    ]);
    expect(templatesIn(TEMPLATES)).toHaveLength(TEMPLATES.split('\n').length);
  });
  test('are all there before a word is written, some after a slash, none in a sentence', () => {
    const all = templatesIn('Line stopped: a\nTook over: b\nStopped by hand: c');
    const names = (written: string) => templatesFor(all, written).map(({ name }) => name);
    expect(names('')).toEqual(['Line stopped', 'Took over', 'Stopped by hand']);
    expect(names('/STOP')).toEqual(['Stopped by hand', 'Line stopped']);
    expect(names('/nothing')).toEqual([]);
    expect(names('Pressure 4/6 bar')).toEqual([]);
  });
  test('are filled in from gap to gap, and written on at the end', () => {
    const text = 'From … to …';
    expect(nextGap(text)).toEqual([5, 6]);
    expect(nextGap(text, 6)).toEqual([10, 11]);
    expect(nextGap(text, 11)).toEqual([text.length, text.length]);
  });
});

describe('answers of a sheet', () => {
  const choices = [
    { value: 'continue', title: 'Continue' },
    { value: 'cancel', title: 'Cancel', asks: 'reason' },
  ];
  const fresh = () => createAnswers(() => ({ item: 'task', answer: 'decision', choices }));

  test('a decision that lacks what it asks for is none, and takes along nothing that another one asked for', () => {
    const answers = fresh();
    Object.assign(answers.row('decisions', 'a'), { decision: 'cancel' });
    Object.assign(answers.row('decisions', 'b'), { decision: 'continue', reason: 'Left over' });
    answers.row('decisions', 'c');
    expect(answers.rows('decisions')).toEqual([{ task: 'a' }, { task: 'b', decision: 'continue' }, { task: 'c' }]);
    answers.row('decisions', 'a')['reason'] = 'Done.';
    expect(answers.rows('decisions')[0]).toEqual({ task: 'a', decision: 'cancel', reason: 'Done.' });
  });
  test('ticks go on and off; texts lose the blanks around them', () => {
    const answers = fresh();
    answers.tick('also', 'x', true);
    answers.tick('also', 'y', true);
    answers.tick('also', 'x', false);
    answers.write('line', '  runs ');
    expect([answers.ticked('also'), answers.text('line'), answers.text('other')]).toEqual([['y'], 'runs', '']);
  });
});

test('[L4] a step that was taken is not taken again, though one like it that was not is', () => {
  const progress = createProgress();
  const log = { verb: 'log', input: { text: 'Same' } };
  progress.done(log);
  expect(progress.left([log, { ...log }, { verb: 'sign', input: {} }])).toEqual([log, { verb: 'sign', input: {} }]);
});
