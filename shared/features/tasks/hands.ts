/** Whose work a task is: whom it is given to, and who has taken it up since. People by id, roles by name. */
import type { TaskState } from './contract.ts';

const GIVEN = ['assigned', 'rejected', 'taken_over', 'returned'];
const TAKEN_UP = ['acknowledged', 'started', 'resumed'];

export function handsOf({ assignee, actions }: TaskState): readonly string[] {
  const given = actions.findLastIndex(({ what }) => GIVEN.includes(what));
  const takers = actions.slice(given + 1).filter(({ what, by }) => TAKEN_UP.includes(what) && by.kind === 'user');
  const holder = assignee ? ('user' in assignee ? assignee.user : assignee.role) : undefined;
  return [...new Set([...(holder === undefined ? [] : [holder]), ...takers.map(({ by }) => by.id)])];
}
