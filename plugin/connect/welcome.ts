/** The first note: what one can do here. Written once; from then on it is like any other note of the vault. */
import { inline } from '../../shared/kernel/markdown.ts';
import { ROOT } from '../notes/notebook.ts';

export const WELCOME = `${ROOT}/Welcome.md`;

export const welcomeText = (
  plant: string,
  person: string,
): string => `**Welcome${plant ? ` to ${inline(plant)}` : ''}.** This vault is connected${person ? `, and you are ${inline(person)}` : ''}. The notes of the plant appear beside this one, in the folder ${ROOT}. Four things you can do:

1. **Report a problem.** Open the command palette (on a phone: pull down) and choose "Report problem". One sentence is enough.
2. **Log an entry.** Choose "Log entry" anywhere, write, press Enter. Or write under **Notes** in the note of your shift: the others see it as you type.
3. **Work a task.** Open it in \`Tasks\` and change its \`status\`, or tick its box in the note of the shift.
4. **Hand over.** Choose "Sign handover": one sheet, with every open task to decide. The next shift chooses "Accept handover".

The shift board (the clipboard at the side, or "Open shift board") has a button for each of these.

Without a network go on as always: it is kept on this device and sent later. The status line says when it is stored.

This note is yours now. Change it or delete it; it does not come back.
`;
