/** What became of photos and files. */

const SMALLER = 'Make it smaller, or attach it in parts.';

export const evidenceWords = {
  unreadable: (why: string) => `The photos kept on this device cannot be read (${why}). Restart Obsidian.`,
  notStored: (detail: string) => `it was not stored: ${detail} It is kept here.`,
  fileUnreadable: 'This file cannot be read. If it lies in a cloud, open it there first.',
  empty: (name: string) => `${name} is empty. Choose another file.`,
  tooLarge: (name: string) => `${name} has more than 20 MiB. ${SMALLER}`,
  gone: 'it is no longer on this device, and the server does not have it. Attach it again.',
  damaged: 'it was damaged on this device, so the server did not take it. Attach it again.',
  damagedTwice: 'it arrived damaged twice. It is kept here and sent again with the next connection.',
  sizeRefused: `the server does not take a file of this size. It is kept here. ${SMALLER}`,
  noRoom:
    'This device has no room left for the file, so nothing was saved. Make room on the device, or bring it into the network, and try again.',
  notKept: (why: string) =>
    `This device could not keep the file (${why}), so nothing was saved. Try again, or restart Obsidian.`,
} as const;
