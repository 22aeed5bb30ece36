/** What suggestions say. */

export const suggestWords = {
  link: 'Link',
  /** Before the text or the title that a command is about. */
  before: (command: string) => `${command}: `,
} as const;
