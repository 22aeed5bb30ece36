/** What a person sees on the board: whose work, where, in which state; and which part of a long list is drawn. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  choiceFrom,
  EVERYTHING,
  grouped,
  isNarrow,
  offers,
  sift,
  type Choice,
  type Item,
  type Viewer,
} from '../../plugin/board/sift.ts';
import { spanOf, stacked } from '../../plugin/board/span.ts';
import { handsOf } from '../../shared/features/tasks/hands.ts';
import type { TaskState } from '../../shared/features/tasks/contract.ts';
import type { Work } from '../../shared/kernel/note.ts';

const now = '2026-11-21T12:00:00.000Z';
const MAX = 'max';
const viewer: Viewer = { me: { id: MAX, role: 'maintenance_engineer', areas: ['leeds/packaging'] }, now };

function item(title: string, work: Partial<Work> = {}, more: Partial<Item['card']> = {}): Item {
  const filled = { status: 'assigned', area: 'leeds/packaging', dueAt: '2026-11-21T18:00:00.000Z', hands: [], ...work };
  const held = { kind: 'task', id: title, number: 1, first: 1, seq: 1, state: {} };
  return {
    key: `task/${title}`,
    held,
    card: { group: 'Assigned', rank: 4, title, details: ['P3'], work: filled, ...more },
  };
}
const titles = (items: readonly Item[], choice: Partial<Choice>, who = viewer): readonly string[] =>
  sift(items, { ...EVERYTHING, ...choice }, who).map(({ card }) => card.title);

test("mine is what is given to me, to my role where I work, or what I have taken up; nobody's while nobody is there", () => {
  const items = [
    item('given to me', { hands: [MAX], area: 'york' }),
    item('given to my role here', { hands: ['maintenance_engineer'], area: 'leeds/packaging/line-3' }),
    item('given to my role elsewhere', { hands: ['maintenance_engineer'], area: 'york' }),
    item('taken up by me', { hands: ['operator', MAX] }),
    item('of somebody else', { hands: ['ana'] }),
    item('of nobody'),
  ];
  expect(titles(items, { show: 'mine' })).toEqual(['given to me', 'given to my role here', 'taken up by me']);
  expect(titles(items, { show: 'mine' }, { ...viewer, me: { ...viewer.me!, areas: [] } })).toContain(
    'given to my role elsewhere',
  );
  expect(titles(items, { show: 'mine' }, { me: undefined, now })).toEqual([]);
});

test('whose a task is follows the hands that it goes through', () => {
  const act = (what: string, id: string) => ({ seq: 1, at: now, by: { kind: 'user', id }, what, text: null });
  const of = (assignee: TaskState['assignee'], ...actions: readonly ReturnType<typeof act>[]) =>
    handsOf({ assignee, actions } as unknown as TaskState);
  expect(of(null)).toEqual([]);
  expect(of({ role: 'operator' }, act('assigned', 'ana'), act('acknowledged', MAX), act('started', MAX))).toEqual([
    'operator',
    MAX,
  ]);
  expect(of({ user: 'tom' }, act('assigned', 'ana'), act('started', MAX), act('assigned', 'ana'))).toEqual(['tom']);
  expect(of({ user: 'tom' }, act('assigned', 'ana'), act('noted', MAX))).toEqual(['tom']);
});

test('overdue is what is due before now and not done', () => {
  const items = [
    item('late', { dueAt: '2026-11-21T11:59:00.000Z' }),
    item('in time'),
    item('done', { dueAt: null, status: 'done' }),
  ];
  expect(titles(items, { show: 'overdue' })).toEqual(['late']);
});

test('by area with what lies inside it, by status, and by words anywhere in what the card says', () => {
  const items = [
    item('Seal', { area: 'leeds/packaging' }),
    item('Belt', { area: 'leeds/packaging/line-3', status: 'in_progress' }),
    item('Oil', { area: 'leeds/packaging-2' }, { details: ['P1', 'Dickflüssigkeitspumpe'] }),
    { ...item('A shift'), card: { group: 'Shift', rank: 0, title: 'A shift', details: [] } },
  ];
  expect(titles(items, {})).toEqual(['Seal', 'Belt', 'Oil']);
  expect(titles(items, { area: 'leeds/packaging' })).toEqual(['Seal', 'Belt']);
  expect(titles(items, { status: 'in_progress' })).toEqual(['Belt']);
  expect(titles(items, { text: '  p1 DICKFLÜSSIG ' })).toEqual(['Oil']);
  expect(titles(items, { text: 'line-3' })).toEqual(['Belt']);
  expect(offers(items, { ...EVERYTHING, area: 'gone', status: 'closed' })).toEqual({
    area: [
      ['gone', 'gone'],
      ['leeds/packaging', 'leeds/packaging'],
      ['leeds/packaging-2', 'leeds/packaging-2'],
      ['leeds/packaging/line-3', 'leeds/packaging/line-3'],
    ],
    status: [
      ['assigned', 'Assigned'],
      ['closed', 'Closed'],
      ['in_progress', 'In progress'],
    ],
  });
});

test('groups stand by status in the order of the work, or by area; the urgent and the longest due first', () => {
  const items = [
    item('b', { dueAt: '2026-11-22T00:00:00.000Z' }),
    item('a'),
    item('u', { dueAt: null }, { urgent: true }),
    item('o', { area: null }, { group: 'In progress', rank: 1 }),
  ];
  const shape = (by: Choice['by']) =>
    grouped(items, by).map(({ name, items: all }) => [name, all.map(({ card }) => card.title).join('')]);
  expect(shape('status')).toEqual([
    ['In progress', 'o'],
    ['Assigned', 'uab'],
  ]);
  expect(shape('area')).toEqual([
    ['No area', 'o'],
    ['leeds/packaging', 'uab'],
  ]);
});

test('what was chosen is read back, and anything else that stands there means everything', () => {
  const choice: Choice = { show: 'mine', area: 'leeds', status: 'open', text: 'oil', by: 'area' };
  expect(choiceFrom(JSON.stringify(choice))).toEqual(choice);
  expect(isNarrow(choice)).toBe(true);
  for (const bad of [undefined, '', '{', 'null', '[]', '7', '{"show":"nobody","area":5,"by":{},"text":null}'])
    expect(choiceFrom(bad)).toEqual(EVERYTHING);
  expect(isNarrow({ ...EVERYTHING, by: 'area', text: '  ' })).toBe(false);
});

test('what is drawn of a list is exactly what reaches into the screen', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 40 }),
      fc.integer({ min: -300, max: 1200 }),
      fc.integer({ min: 1, max: 400 }),
      (heights, from, size) => {
        const tops = stacked(heights);
        const to = from + size;
        const [first, end] = spanOf(tops, from, to);
        const drawn = heights.map((_, i) => i).filter((i) => i >= first && i < end);
        const seen = heights.map((_, i) => i).filter((i) => tops[i]! < to && tops[i + 1]! > from);
        expect(drawn).toEqual(seen);
      },
    ),
    { numRuns: 500, seed: 4711 },
  );
});
