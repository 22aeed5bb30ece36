/** What the board over a base says. */

export const columnsWords = {
  board: 'Operary board',
  by: 'Columns by',
  first: 'First columns',
  without: (property: string) => `No ${property}`,
  none: 'No note is like this. Look at the filters of this view and of its base.',
} as const;
