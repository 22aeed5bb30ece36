/** The first note: what one can do here. Written once; from then on it is like any other note of the vault. */
import { inline } from '../../shared/kernel/markdown.ts';
import { ROLES, rolesWith, type Permission } from '../../shared/kernel/roles.ts';
import { ROOT } from '../notes/notebook.ts';
import { welcomeWords } from '../words/index.ts';

export const WELCOME = `${ROOT}/Welcome.md`;

interface Thing {
  readonly permission: Permission;
  readonly text: string;
}

const WORK: readonly Thing[] = [
  { permission: 'problem.report', text: welcomeWords.report },
  { permission: 'log.write', text: welcomeWords.log },
  { permission: 'task.work', text: welcomeWords.work },
  { permission: 'shift.lead', text: welcomeWords.handOver },
];

const listed = (things: readonly string[]): string =>
  things.length
    ? ` ${welcomeWords.canDo(things.length)}\n\n${things.map((text, i) => `${i + 1}. ${text}`).join('\n')}`
    : '';

/** A role that is not known gets all that people do. */
function doneBy(role: string): string {
  const may = (permission: Permission): boolean =>
    !ROLES.some((known) => known === role) || rolesWith(permission).some((known) => known === role);
  if (may('operations.read'))
    return `${listed(WORK.filter(({ permission }) => may(permission)).map(({ text }) => text))}${welcomeWords.everyday}`;
  return may('archive.read') ? `${listed(welcomeWords.audit)}${welcomeWords.archive}` : '';
}

export const welcomeText = (plant: string, person: string, role = ''): string =>
  welcomeWords.text(inline(plant), inline(person), ROOT, doneBy(role));
