/** What is suggested to somebody who writes in a note: where an `@` asks for it, what fits the words, and in which order. */
import { describe, expect, test } from 'vitest';
import type { Known } from '../../plugin/suggest/known.ts';
import { firstOf, fits, folded, loosely, wordsIn } from '../../plugin/suggest/match.ts';
import { LIMIT, offered, type Around, type Offer } from '../../plugin/suggest/offers.ts';
import { foundAgain, placeIn, typedIn } from '../../plugin/suggest/typed.ts';
import { features } from '../../shared/features/index.ts';
import { shortNumber } from '../../shared/kernel/ids.ts';
import { createRegister } from '../../shared/kernel/register.ts';

describe('an @ asks', () => {
  test('at the start of a line and after a blank, with all that is typed behind it', () => {
    expect(typedIn('@')).toEqual({ from: 0, words: '' });
    expect(typedIn('- seen @pump two ')).toEqual({ from: 7, words: 'pump two ' });
    expect(typedIn('@one told @two')).toEqual({ from: 10, words: 'two' });
    expect(typedIn('\t@مضخة')).toEqual({ from: 1, words: 'مضخة' });
    expect(typedIn('@tell ana@leeds.example')).toEqual({ from: 0, words: 'tell ana@leeds.example' });
  });
  test('in no address, no link, no code, and not once its words are over', () => {
    const not = ['', 'pump', 'ana@leeds', '@ pump', '@pump  and', '`@pump', '[[ @pump', '@pump [[T-1]] runs', '(@x'];
    expect(not.filter((before) => typedIn(before))).toEqual([]);
    expect(typedIn('`code` @pump')).toBeDefined();
    expect(typedIn('[[T-1]] @pump')).toBeDefined();
    expect(typedIn(`@${'a'.repeat(300)}`)).toBeUndefined();
  });

  const note = [
    '---\noperary_id: x\n---',
    '%% operary:log %%\n- ours @\n%% /operary:log %%',
    '## Notes\n%% operary:notes %%\nfree @\n```\ncode @\n```\nafter @\n%% /operary:notes %%',
    'beside @\n',
  ].join('\n');
  const after = (words: string): number | undefined => placeIn(note, note.indexOf(words) + words.length - 1);

  test("in people's part only, and in no block of code there", () => {
    expect(['ours @', 'code @', 'beside @', 'operary_id: x'].map(after)).toEqual(Array(4).fill(undefined));
    expect(after('free @')).toBe('free '.length);
    expect(after('after @')).toBe('free @\n```\ncode @\n```\nafter '.length);
    expect(placeIn('a note of somebody @', 19)).toBeUndefined();
    expect(placeIn(note.replace('%% /operary:notes %%', ''), note.indexOf('free @'))).toBeUndefined();
  });
  test('and what was typed is found again when lines have come before it, and not when it is gone or there twice', () => {
    const place = after('free @')!;
    const grown = note.replace('- ours @', '- ours @\n- one\n- two');
    expect(foundAgain(grown, '@', place)).toBe(grown.indexOf('free @') + 5);
    const moved = note.replace('free @', 'somebody\nwrote free @pump');
    expect(foundAgain(moved, '@pump', place)).toBe(moved.indexOf('@pump'));
    expect(foundAgain(note.replace('free @', 'free'), '@pump', place)).toBeUndefined();
    expect(foundAgain(note.replace('free @', '@pump x @pump'), '@pump', 5)).toBeUndefined();
  });
});

test('words fit whatever their case and accents; a whole word best, then a beginning, a part, and letters left out', () => {
  expect(folded('Füllmaschine: ÉTÉ')).toBe(' fullmaschine ete ');
  expect(wordsIn(' T-12  Füll ⏎')).toEqual(['t 12', 'full']);
  const told = folded('T-12 Prüfe Pumpe');
  const all = ['pumpe', '12', 't 12', 'pum', 'p', 'ump', 'pmp', 'x'];
  expect(all.map((word) => fits(word, told))).toEqual([5, 5, 5, 4, 4, 3, 0, 0]);
  const loose = ['pmp', 'prfe', 'pe', 'mpp', 'pee', 'x'].map((word) => loosely(word).test(told));
  expect(loose).toEqual([true, true, false, false, false, false]);
});

test('the first few of many are those that sorting all would give', () => {
  const all = Array.from({ length: 500 }, (_, i) => ({ value: (i * 7919) % 101, at: i }));
  const inOrder = (a: { value: number }, b: { value: number }): number => a.value - b.value;
  for (const most of [1, 7, 20]) expect(firstOf(all, most, inOrder)).toEqual([...all].sort(inOrder).slice(0, most));
});

const register = createRegister(features);
const entryOf = (type: string) => register.commands.get(type)!;
const VERBS = ['start', 'complete', 'hold'].map((verb) => entryOf(`tasks.${verb}`));

function item(number: number, title: string, more: { urgent?: boolean; dueAt?: string; place?: string } = {}): Known {
  const { urgent = false, dueAt = '2026-11-21T12:00:00.000Z', place = 'leeds/packaging' } = more;
  const shown = `${shortNumber('T', number)} ${title}`;
  const held = { kind: 'task', id: `id-${number}`, number, first: number, seq: number, state: {} };
  const work = { status: 'assigned', area: place, dueAt, hands: [] };
  return {
    ...{ held, name: shown, title: folded(shown), verbs: folded('Start task Complete task Put task on hold') },
    card: { group: 'Assigned', rank: 1, title: shown, details: ['P3'], urgent, work },
    told: folded(`T${number} ${place}`),
  };
}

const PLANT = [
  item(11, 'Check bearing', { dueAt: '2026-11-21T09:00:00.000Z' }),
  item(12, 'Check pump'),
  item(13, 'Prüfe Füllmaschine', { urgent: true }),
  item(14, 'Sweep', { place: 'leeds/pump-house' }),
];

const around = (more: Partial<Around> = {}): Around => ({
  ...{ sayings: [entryOf('shifts.log'), entryOf('alarms.report')], items: PLANT, own: undefined },
  ...{ isMine: () => false, verbsOf: () => VERBS },
  ...more,
});
const told = ({ item: about, entry, text }: Offer): string =>
  `${entry ? `${entry.word.title}: ` : ''}${about?.name ?? text}`;
const offers = (typed: string, more: Partial<Around> = {}): readonly string[] => offered(typed, around(more)).map(told);

describe('offered are', () => {
  test('links by number, title or place, best first, then the typed words to be said, then what can be done', () => {
    expect(offers('pump')).toEqual([
      'T-12 Check pump',
      'T-14 Sweep',
      'Log entry: pump',
      'Report problem: pump',
      'Start task: T-12 Check pump',
      'Complete task: T-12 Check pump',
      'Start task: T-14 Sweep',
      'Complete task: T-14 Sweep',
    ]);
    expect(offers('t13')[0]).toBe('T-13 Prüfe Füllmaschine');
    expect(offers('T-11')[0]).toBe('T-11 Check bearing');
    expect(offers('FULLM')[0]).toBe('T-13 Prüfe Füllmaschine');
    expect(offers('brng')[0]).toBe('T-11 Check bearing');
    expect(offers('pump check')[0]).toBe('T-12 Check pump');
  });
  test('first of all the verb that is named, with the items that are meant', () => {
    expect(offers('complete pump').slice(0, 3)).toEqual([
      'Complete task: T-12 Check pump',
      'Complete task: T-14 Sweep',
      'Log entry: complete pump',
    ]);
    expect(offers('comp 11')[0]).toBe('Complete task: T-11 Check bearing');
    const some = (only: Known): Partial<Around> => ({ verbsOf: (one) => (one === only ? VERBS : []) });
    expect(offers('hold', some(PLANT[3]!))[0]).toBe('Put task on hold: T-14 Sweep');
  });
  test('whatever else is written as an entry or a report only', () => {
    expect(offers('guard of conveyor 4 is loose')).toEqual([
      'Log entry: guard of conveyor 4 is loose',
      'Report problem: guard of conveyor 4 is loose',
    ]);
    expect(offers('guard', { sayings: [] })).toEqual([]);
  });
  test('for an @ alone what people say most, what the note is about, and their own and urgent work', () => {
    const [, , , sweep] = PLANT;
    expect(offers('', { own: PLANT[1]!, isMine: (one) => one === sweep })).toEqual([
      'Log entry: ',
      'Report problem: ',
      'Start task: T-12 Check pump',
      'Complete task: T-12 Check pump',
      'Put task on hold: T-12 Check pump',
      'T-14 Sweep',
      'T-13 Prüfe Füllmaschine',
      'T-11 Check bearing',
    ]);
  });
  test('of 5,000 items few, among them always what people say, and few items are asked for their verbs', () => {
    const items = Array.from({ length: 5000 }, (_, i) => item(i + 1, `Check pump ${i}`));
    const asked: Known[] = [];
    const verbsOf: Around['verbsOf'] = (one) => {
      asked.push(one);
      return [];
    };
    for (const typed of ['', 'c', 'check pump', 'complete', 'put pump']) {
      const all = offers(typed, { items, verbsOf });
      expect(all.length).toBeLessThanOrEqual(LIMIT);
      expect(all).toContain(`Log entry: ${typed}`);
    }
    expect(asked.length).toBeLessThan(100);
    expect(offers('pump', { items }).length).toBe(13);
  });
});
