/** Who is on duty: role, and what each of them said last. */
import { shortNumber } from '../../kernel/ids.ts';
import { localTime } from '../../kernel/local-time.ts';
import type { Row } from '../../kernel/read.ts';
import type { UserState } from '../users/contract.ts';
import type { OnCrew, ShiftState } from './contract.ts';

export function rosterOf(
  { crew }: ShiftState,
  id: string,
  users: readonly Row<UserState>[],
  running: readonly Row<ShiftState>[],
) {
  const names = new Map(users.map(({ key, value }) => [key, value.name]));
  const others = running.filter(({ key }) => key !== id).map(({ number, value }) => ({ number, state: value }));
  return crew.map((member) => ({
    ...member,
    name: names.get(member.user) ?? 'somebody no longer named',
    alsoOn: otherShiftsOf(member, others),
  }));
}

interface Running {
  readonly number: number | null;
  readonly state: ShiftState;
}

/** Nobody is in two places: whoever reads the roster should know. */
export const otherShiftsOf = ({ user, state }: OnCrew, others: readonly Running[]): string[] =>
  state === 'out'
    ? []
    : others
        .filter((other) => other.state.crew.some((member) => member.user === user && member.state !== 'out'))
        .map(({ number }) => shortNumber('S', number));

/** `present since 22:04`, `left 03:10`; nothing of whom the starter named and who said nothing. */
export function presenceWords({ state, since }: OnCrew, zone: string): string | undefined {
  if (state === undefined) return undefined;
  const time = since === undefined ? '' : ` ${localTime(since, zone)}`;
  return state === 'out' ? `left${time}` : `${state} since${time}`;
}

/** `4 on duty, 1 busy, 1 away`, once anybody has said something. */
export function dutyLine(crew: ShiftState['crew']): string | undefined {
  if (crew.every(({ state }) => state === undefined)) return undefined;
  const count = (said: OnCrew['state']): number => crew.filter(({ state }) => state === said).length;
  const [busy, away] = [count('busy'), count('away')];
  const there = crew.length - away - count('out');
  return [`${there} on duty`, ...(busy ? [`${busy} busy`] : []), ...(away ? [`${away} away`] : [])].join(', ');
}
