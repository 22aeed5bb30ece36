/** What people are told of shared notes. Most begin with the name of the note. */

const KEPT = 'What you write stays in the note on this device.';

export const proseWords = {
  malformed: `the server could not read what was sent. ${KEPT} Use "Restore notes" to try again.`,
  mayNot: `you may not write in these notes. ${KEPT} Ask a supervisor.`,
  tooLongThere: `the notes are too long for the server. ${KEPT} Shorten them, then use "Restore notes".`,
  tooOld: `the server needs a newer version of this plugin. ${KEPT} Update it.`,
  lateWaits: (title: string, words: string) =>
    `${title} was sealed before what you wrote arrived. The server keeps it, but could not make a late entry of it yet and tries again. Look for it in the addendum; if it does not come, tell a supervisor${words ? `: ${words}` : '.'}`,
  late: (title: string, words: string) =>
    `${title} was sealed before your words arrived. They are kept as a late entry in the addendum: ${words}`,
  lateDeletion: (title: string) =>
    `${title} was sealed before your deletion arrived. The text stays in it; your wish stands in the addendum.`,
  unreadable: 'What this device had kept of shared notes cannot be read. It is compared with the server anew.',
  cannotKeep:
    'This device cannot keep shared notes: its storage is full or closed. Free some space and reopen Obsidian.',
  inherit:
    ' It stays in the note on this device; "Restore notes" shares it in the name of whoever uses the device then.',
  locked:
    'this device is locked, so what was written is not shared. Take over with your PIN: then it is, in your name.',
  tooFast:
    'the notes keep doubling, so nothing is shared for now. Find the program that also writes to this file, then use "Restore notes".',
  tooLong: 'the notes are too long to be shared. Move a part of them elsewhere.',
  damaged: (title: string) =>
    `What this device had kept of ${title} was damaged and is fetched again. The text in the note stays.`,
} as const;
