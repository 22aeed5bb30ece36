/** What this device is called until people name it. */

export const deviceWords = {
  androidTablet: 'Android tablet',
  androidPhone: 'Android phone',
  windows: 'Windows computer',
  linux: 'Linux computer',
} as const;
