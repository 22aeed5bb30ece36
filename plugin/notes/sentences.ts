/** What people are told about a note, by its name. */

export const leftAsItIs = (name: string): string =>
  `Something keeps changing ${name}, so it is left as it is until there is news. Find the plugin or program that writes to it, and leave the folder Operary out of its rules. "Restore notes" puts the note right.`;

export const sealedButChanging = (name: string): string =>
  `Something keeps changing ${name}. It is sealed; find the plugin or program that writes to it. "Restore notes" puts the note right.`;

export const unreadable = (name: string): string =>
  `The properties of ${name} cannot be read. Open the note and put them right; until then its properties stay as they are.`;
