/** Forms of commands, their fields and what came of them. */

export const formWords = {
  oneEachLine: 'One in each line',
  choose: 'Choose…',
  reason: 'Reason',
  reasonHow: 'Say why it is done nevertheless.',
  optional: (label: string) => `${label} (optional)`,
  addTo: (label: string) => `Add to ${label}`,
  savedHere: 'saved here, and sent when there is a network',
  missing: 'Something is missing.',
  removeFile: (name: string) => `Remove ${name}`,
  addFile: 'Add photo or file',
  stillWait: (count: number) => `On this device ${count} still wait to be sent.`,
  zone: (zone: string) => `Times are those of ${zone}.`,
  decide: 'Decide…',
  done: 'done',
  unfinished: 'You did not finish this the last time.',
  goOn: 'Continue where you stopped',
  anew: 'Start anew',
  earlierFile: 'A photo or file from before',
  more: (count: number, left: number) => `Show ${count} more of ${left}`,
  find: 'Find in this list',
} as const;
