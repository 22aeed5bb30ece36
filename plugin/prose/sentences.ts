/** What people are told of shared notes. Each begins with the name of the note. */

export const INHERIT =
  ' It stays in the note on this device; "Restore notes" shares it in the name of whoever uses the device then.';
export const LOCKED =
  'this device is locked, so what was written is not shared. Take over with your PIN: then it is, in your name.';
export const TOO_FAST =
  'the notes keep doubling, so nothing is shared for now. Find the program that also writes to this file, then use "Restore notes".';
export const TOO_LONG = 'the notes are too long to be shared. Move a part of them elsewhere.';
export const damaged = (title: string): string =>
  `What this device had kept of ${title} was damaged and is fetched again. The text in the note stays.`;
