/** Why this device cannot keep something. */

export const storageWords = {
  olderOpen: 'Another window holds an older store open. Close it.',
  failed: 'The store of this device failed.',
  held: 'The store of this device is held by another window.',
  closed: 'The store of this device is closed.',
  full: 'the storage of this device is full',
  interrupted: 'it was interrupted',
  cannotOpen: 'The database cannot be opened.',
  inUse: 'The database is in use.',
  broken: 'The storage of this device failed.',
  database: 'The database of this device',
  file: 'The file in the vault',
} as const;
