/** Context menus. */

export const menuWords = {
  actions: 'What can be done with this',
  photos: 'Show photos',
} as const;
