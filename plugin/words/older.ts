/** Fetching an older shift. */

export const olderWords = {
  none: 'No older shift is called so.',
  allHere: 'Every shift has its notes in this vault.',
  hint: 'Date or area, such as 2026-03 packaging',
  later: (name: string) => `The sealed record of ${name} comes when the server can be reached.`,
} as const;
