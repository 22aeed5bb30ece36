/** Words of several screens. */

export const commonWords = {
  more: 'More',
  cancel: 'Cancel',
  remove: 'Remove',
} as const;
