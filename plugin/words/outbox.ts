/** What people are told of entries that this device keeps and sends. */
import { plural } from './plural.ts';

export const outboxWords = {
  otherWindow: 'Another window of this vault has the entries of this device. Enter it there, or close that window.',
  keptForSupervisor: 'The server keeps it for a supervisor.',
  noCommand: (type: string) => `There is no command ${type}.`,
  cannotRecord: (why: string) => `This cannot be recorded on this device: ${why}.`,
  signIn: 'You have not signed in on this device yet. Do it once while there is a network, then enter it again.',
  fetchAgain:
    'What this device knew of the plant is not on it any more and must come once more from the server. Connect it once, then enter it again.',
  neverMet: 'This device has not met the server yet. Connect it once, then enter it again.',
  notKept: (why: string) => `What this device knows could not be kept for a start without a network: ${why}`,
  stopped: 'Operary was stopped on this device before it could keep this. Enter it again.',
  onlineOnly: (title: string, reply: string) =>
    `"${title}" is decided at the server, which cannot be reached, so nothing was sent (${reply}). Try again when the connection is back.`,
  notPaired: (detail: string) => `This device could not be paired: ${detail}`,
  writtenOff:
    'This device was written off as lost. What it sends is kept for a supervisor, who confirms or discards it; an admin can reinstate the device.',
  forked: (says: string) =>
    `${says} This one has an identity of its own from now on; nothing is lost. Supervisors see both.`,
  restored: (count: number) =>
    `The server was restored from a copy; ${count} ${plural(count, { one: 'entry was', other: 'entries were' })} brought back.`,
  photoLost: (what: string) =>
    `A photo or file of ${what} was lost on this device before it could be sent. Take it again and add it to the item.`,
  late: (count: number) =>
    `${plural(count, { one: 'An entry', other: `${count} entries` })} of this device arrived after the shift was sealed, and ${plural(count, { one: 'stands', other: 'stand' })} in its addendum. The next handover tells of ${plural(count, { one: 'it', other: 'them' })}.`,
  recorded: (what: string) => `${what} is recorded.`,
  held: (what: string) => `${what} is kept for a supervisor.`,
  waits: (what: string, why: string) => `${what} is still on this device: ${why} It is sent again by itself.`,
  refused: (what: string, why: string, entered: string) => `${what} was not recorded: ${why}${entered}`,
  entered: (typed: string) => ` You had entered: ${typed}`,
  cannotKeep: (failed: string) =>
    `This device cannot keep anything just now (${failed}). Nothing was recorded. Free some space, restart the app, and enter it again.`,
  oneCopy: (failed: string) =>
    `${failed}. Entries are kept in one place instead of two until this works again: free some space, or restart the app.`,
} as const;
