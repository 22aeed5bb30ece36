/** Writing an entry. */

export const captureWords = {
  text: 'Text',
  hint: 'What happened? / for a template',
  templates: 'Templates',
  where: 'Where',
  earlier: 'Happened earlier',
  earlierOrCorrects: 'Happened earlier, or corrects an entry',
  happenedAt: 'Happened at',
  lateMark: 'Told well after it happened, it is marked as a late entry.',
  corrects: 'Corrects',
  correctsHow: 'One of your own entries. It is struck through and stays legible.',
  nothing: 'Nothing',
  chooseEntry: 'Choose the entry that this one corrects.',
  write: 'Write what happened.',
} as const;
