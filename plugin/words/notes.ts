/** What people are told about notes, by their names. */

export const notesWords = {
  aNote: 'A note',
  finished: 'this item is finished and its record is closed; the change was put back.',
  putBack: (detail: string) => `${detail} It was put back.`,
  needsMore: (title: string) =>
    `"${title}" needs to be told more. Use the command of that name; the change was put back.`,
  thingNotWritten: (name: string, why: string) => `The note ${name} could not be written: ${why}`,
  noNote: (path: string) => `There is no note ${path}.`,
  notWritten: (name: string, why: string) => `${name} could not be written: ${why}`,
  typedInside: (name: string, typed: string) =>
    `${name}: this stood inside a generated part and was put back: ${typed}`,
  copyOf: (copy: string, own: string) =>
    `${copy} is a copy of ${own}. Only the latter is kept up to date; delete the copy or remove its operary_id.`,
  sealedPutBack: (name: string) =>
    `${name} is sealed and was put back. What was changed is kept beside it as an edited copy.`,
  sealedMovedBack: (name: string) => `${name} is sealed and keeps its name; it was moved back.`,
  notMovedBack: (name: string, why: string) => `${name} could not be moved back: ${why}`,
  twice: (name: string) =>
    `${name} has the part for notes twice. Only the first is shared; move what you need into it and delete the other.`,
  partGone: (name: string) =>
    `${name}: the lines that mark the part for notes are gone or damaged, so nothing written there is shared. Use "Restore notes" to put them back.`,
  noDashboards: (why: string) => `The dashboards could not be written: ${why}`,
  remade: (count: number) => `${count} deleted notes are made again.`,
  leftAsItIs: (name: string) =>
    `Something keeps changing ${name}, so it is left as it is until there is news. Find the plugin or program that writes to it, and leave the folder Operary out of its rules. "Restore notes" puts the note right.`,
  sealedButChanging: (name: string) =>
    `Something keeps changing ${name}. It is sealed; find the plugin or program that writes to it. "Restore notes" puts the note right.`,
  unreadable: (name: string) =>
    `The properties of ${name} cannot be read. Open the note and put them right; until then its properties stay as they are.`,
} as const;
