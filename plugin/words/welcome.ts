/** The first note. It is read where it was written, and written once. */

export const welcomeWords = {
  report:
    '**Report a problem.** Open the command palette (on a phone: pull down) and choose "Report problem". One sentence is enough.',
  log: '**Log an entry.** Choose "Log entry" anywhere, write, press Enter. Or write under **Notes** in the note of your shift: the others see it as you type.',
  work: '**Work a task.** Open it in `Tasks` and change its `status`, or tick its box in the note of the shift, or type `@` and its name under **Notes**.',
  handOver:
    '**Hand over.** Choose "Sign handover": one sheet, with every open task to decide. The next shift chooses "Accept handover".',
  audit: [
    '**Read a sealed shift.** Open one in `Sealed`. An older one comes with "Fetch older shift".',
    '**Verify a seal.** Choose "Verify seal" in its note: each step is checked on this device and told in words.',
    '**Follow a trail.** Choose "Show audit trail of this note": where something came from, and what followed.',
    '**Take the evidence with you.** Choose "Export evidence": one file that others can check without this plugin.',
  ],
  /** At most four. */
  canDo: (count: number) => `${['One thing', 'Two things', 'Three things'][count - 1] ?? 'Four things'} you can do:`,
  everyday: `

The shift board (the clipboard at the side, or "Open shift board") has a button for each of these.

Without a network go on as always: it is kept on this device and sent later. The status line says when it is stored.`,
  archive: '\n\nThe board (the clipboard at the side, or "Open shift board") lists all that is sealed.',
  text: (plant: string, person: string, folder: string, done: string) =>
    `**Welcome${plant ? ` to ${plant}` : ''}.** This vault is connected${person ? `, and you are ${person}` : ''}. The notes of the plant appear beside this one, in the folder ${folder}.${done}

This note is yours now. Change it or delete it; it does not come back.
`,
} as const;
