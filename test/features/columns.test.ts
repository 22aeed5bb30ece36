/** A base as columns of cards: which columns there are, in which order, and what a card says. */
import { describe, expect, test } from 'vitest';
import { columnsBy, columnsOf, detailsOf, listed, readable } from '../../plugin/columns/columns.ts';

interface Note {
  readonly name: string;
  readonly status: string;
}
const notes = (...all: readonly (readonly [string, string])[]): readonly Note[] =>
  all.map(([name, status]) => ({ name, status }));
const shown = (all: readonly Note[], first: readonly string[] = []) =>
  columnsBy(all, ({ status }) => status, first, 'status').map(({ name, entries }) => [
    name,
    ...entries.map((entry) => entry.name),
  ]);

describe('columns', () => {
  test('there is one for each value, with its notes in the order of the base', () => {
    expect(shown(notes(['B', 'open'], ['A', 'open'], ['C', 'done']))).toEqual([
      ['Done', 'C'],
      ['Open', 'B', 'A'],
    ]);
  });
  test('those that were listed come first, others by name, what has no value last', () => {
    const all = notes(['A', ' '], ['B', 'zeta'], ['C', 'on_hold'], ['D', 'alpha'], ['E', 'open']);
    expect(shown(all, ['open', 'assigned', 'on_hold']).map(([name]) => name)).toEqual([
      ...['Open', 'On hold', 'Alpha', 'Zeta', 'No status'],
    ]);
    expect(shown(all).at(-1)).toEqual(['No status', 'A']);
  });
  test('no notes make no columns', () => {
    expect(shown([])).toEqual([]);
    expect(columnsOf([{ key: 'open', entries: [] }], 'status')).toEqual([]);
  });
  test('groups of the base keep its order, and two that read the same stand together', () => {
    const groups = [
      { key: '[[Line 3]]', entries: ['A'] },
      { key: 'Line 2', entries: ['B'] },
      { key: 'Line 3', entries: ['C'] },
      { key: '', entries: ['D'] },
    ];
    expect(columnsOf(groups, 'value')).toEqual([
      { name: 'Line 3', entries: ['A', 'C'] },
      { name: 'Line 2', entries: ['B'] },
      { name: 'No value', entries: ['D'] },
    ]);
  });
});

describe('what a card says', () => {
  test('the properties of the view with a value, and not its own title once more', () => {
    const values: Record<string, string> = { 'file.name': 'T-1 Pump', 'note.due': '2026-11-21T02:00', 'note.area': '' };
    const order = ['file.name', 'note.area', 'note.due', 'note.missing'];
    const details = detailsOf(
      order,
      (property) => values[property] ?? '',
      (property) => property.slice(5),
    );
    expect(details).toEqual([['due', '2026-11-21 02:00']]);
  });
  test.each([
    ['maintenance_engineer', 'Maintenance engineer'],
    ['max', 'max'],
    ['leeds/packaging', 'leeds/packaging'],
    ['[[2026-11-20 Night]], [[People/Max|Max Meyer]]', '2026-11-20 Night, Max Meyer'],
    ['2026-11-21T02:00:00', '2026-11-21 02:00'],
    ['2026-11-21T02:00:00Z', '2026-11-21T02:00:00Z'],
    ['2026-11-21', '2026-11-21'],
  ])('%s is said as %s', (value, said) => {
    expect(readable(value)).toBe(said);
  });
  test('a list that a person wrote otherwise is no list', () => {
    expect(listed(['open', 3, 'done'])).toEqual(['open', 'done']);
    for (const other of [undefined, 'open', { open: 1 }, null]) expect(listed(other)).toEqual([]);
  });
});
