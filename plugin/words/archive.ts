/** The archive, which takes the place of the board for whoever reads only what is sealed. */

export const archiveWords = {
  search: 'Search the archive',
  none: 'Nothing in the archive has these words.',
  nothingYet: 'Nothing is sealed yet. What is sealed appears here by itself.',
  more: (count: number) => `Show more (${count})`,
  open: 'Open',
  verify: 'Verify',
} as const;
