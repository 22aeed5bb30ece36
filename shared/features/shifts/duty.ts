/** The rules of checking in and out: everybody says it of themselves. */
import type { Fact } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import type { Role } from '../../kernel/roles.ts';
import type { ShiftState } from './contract.ts';
import type { OnCrew } from './duty-words.ts';

/** Whose work, beside their own, a role may take on for a shift. */
const MAY_STAND_IN: Partial<Record<string, readonly Role[]>> = {
  supervisor: ['line_lead', 'operator', 'maintenance_engineer'],
  line_lead: ['operator'],
};

const me = ({ crew }: ShiftState, { caller }: Ask): OnCrew | undefined => crew.find(({ user }) => user === caller.id);

export function checkedIn(
  state: ShiftState,
  ask: Ask<{ readonly role?: Role | undefined }>,
): readonly Fact[] | Refusal {
  const own = ask.caller.role as Role;
  const role = ask.input.role ?? own;
  if (role !== own && !MAY_STAND_IN[own]?.includes(role))
    return refuse('role-not-allowed', `Check in with your own role, or ask an admin for the role ${role}.`, {
      fields: [{ field: '/role', problem: 'not yours' }],
    });
  const member = me(state, ask);
  if (member?.state === 'present' && member.role === role)
    return refuse('transition-not-allowed', 'You are checked in to this shift already.');
  return [{ type: 'shift.checked_in', body: { user: ask.caller.id, role } }];
}

export function checkedOut(state: ShiftState, ask: Ask): readonly Fact[] | Refusal {
  const member = me(state, ask);
  if (!member || member.state === 'out')
    return refuse('transition-not-allowed', 'You are not on this shift, so there is nothing to check out of.');
  return [{ type: 'shift.checked_out', body: { user: ask.caller.id } }];
}

export function presenceTold(
  state: ShiftState,
  ask: Ask<{ readonly state: 'present' | 'busy' | 'away' }>,
): readonly Fact[] | Refusal {
  const member = me(state, ask);
  if (!member || member.state === 'out')
    return refuse('transition-not-allowed', 'You are not on this shift. Check in first.');
  if (member.state === ask.input.state)
    return refuse('transition-not-allowed', `You have said already that you are ${ask.input.state}.`);
  return [{ type: 'shift.presence_told', body: { user: ask.caller.id, state: ask.input.state } }];
}

/** The crew after somebody said where they are. */
export const crewWith = (crew: ShiftState['crew'], said: OnCrew): ShiftState['crew'] =>
  crew.some(({ user }) => user === said.user)
    ? crew.map((member) => (member.user === said.user ? said : member))
    : [...crew, said];

/** Whoever had checked in before it started is on it beside those whom the starter names. */
export const startedCrew = (
  before: ShiftState['crew'],
  named: readonly Pick<OnCrew, 'user' | 'role'>[],
): ShiftState['crew'] =>
  named.reduce<ShiftState['crew']>(
    (crew, member) => (crew.some(({ user }) => user === member.user) ? crew : [...crew, member]),
    before,
  );
