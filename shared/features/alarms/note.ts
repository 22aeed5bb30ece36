/** An alarm has no note of its own: it shows in the notes of its tasks, and on the board while somebody must see to it. */
import type { Note } from '../../kernel/note.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { localDateTime } from '../../kernel/local-time.ts';
import { modeOf, type ConditionState } from './contract.ts';

const at = (time: string, zone: string): string => localDateTime(time, zone).replace('T', ' ');

/** Why it asks for nobody, or what else is out of the ordinary about it. */
function remarks(state: ConditionState, zone: string): string[] {
  const { held, shelved, outOfService, chattering, standing, activations, ackedAtMachine } = state;
  const said: string[] = [];
  const mode = modeOf(state);
  if (mode === 'OUT_OF_SERVICE') said.push(`out of service, permit ${outOfService?.permit ?? ''}`);
  if (mode === 'SHELVED' && shelved) said.push(`shelved until ${at(shelved.until, zone)}: ${shelved.reason}`);
  if (held && !['shelved', 'out_of_service'].includes(held.by))
    said.push(held.until === null ? held.rule : `${held.rule}, until ${at(held.until, zone)}`);
  if (standing) said.push('standing: shelve it, take it out of service, or mend it');
  if (chattering && held?.by !== 'chattering') said.push(`chattering: activated ${chattering.count} times`);
  else if (activations > 1) said.push(`activated ${activations} times`);
  if (ackedAtMachine) said.push('acknowledged at the machine');
  if (state.shelvingAsked) said.push('shelving waits for a second person');
  return said;
}

export const note: Note<ConditionState> = {
  name: () => undefined,
  write: () => [],
  read: () => 'an alarm changes by what its machine says.',
  card: (state, { number }, { zone }) => ({
    group: state.held ? 'Alarms that wait' : 'Alarms',
    // What asks for nobody just now stands below what does.
    rank: state.held ? 0.9 : 0.5,
    title: `${shortNumber('A', number)} ${state.title}`,
    details: [
      state.priority,
      state.status === 'ACKED' ? 'acknowledged' : 'not acknowledged',
      ...(state.activeSince === null ? [] : [`since ${at(state.activeSince, zone)}`]),
      ...(state.equipment === null ? [] : [state.equipment]),
      ...remarks(state, zone),
    ],
    urgent: state.priority === 'P1' && state.status !== 'ACKED' && !state.held,
  }),
};
