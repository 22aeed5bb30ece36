/** Who can be asked: the crews on duty over a place, nearest first, and of them those who are there and free. */
import type { Row } from '../../kernel/read.ts';
import { inAreas, type Role } from '../../kernel/roles.ts';
import type { TaskClass } from '../../kernel/work.ts';
import { isThere, type ShiftState } from '../shifts/contract.ts';
import type { UserState } from '../users/contract.ts';
import type { Assignee } from './contract.ts';

const FLOOR: readonly Role[] = ['line_lead', 'supervisor', 'operator', 'maintenance_engineer'];

/** Who is asked first for a task of each class; the next one when nobody of that role is on duty. */
const FIRST_ASKED: Readonly<Record<TaskClass, readonly Role[]>> = {
  maintenance: ['maintenance_engineer', 'line_lead', 'supervisor', 'operator'],
  inspection: ['maintenance_engineer', 'line_lead', 'supervisor', 'operator'],
  safety: ['supervisor', 'line_lead', 'maintenance_engineer', 'operator'],
  environment: ['supervisor', 'line_lead', 'maintenance_engineer', 'operator'],
  quality: FLOOR,
  production: FLOOR,
  cleaning: ['operator', 'line_lead', 'supervisor', 'maintenance_engineer'],
  admin: ['supervisor', 'line_lead', 'operator', 'maintenance_engineer'],
};

type Shifts = readonly Row<ShiftState>[];
type Member = ShiftState['crew'][number];

/** A crew that hands over is there until another shift of its place is active. */
const presides = ({ value: { status, area } }: Row<ShiftState>, shifts: Shifts): boolean =>
  status === 'active' || !shifts.some(({ value }) => value.status === 'active' && value.area === area);

/** Crews without those who are away, of the nearest place first. */
const crewsOf = (shifts: Shifts): readonly (readonly Member[])[] =>
  shifts
    .filter((shift) => presides(shift, shifts))
    .sort((a, b) => b.value.area.length - a.value.area.length)
    .map(({ value }) => value.crew.filter(isThere));

const inWords = (role: string): string => role.replaceAll('_', ' ');
const distinct = (members: readonly Member[]): readonly string[] => [...new Set(members.map(({ user }) => user))];

/** People of the role on the nearest crew that has one: those who are free, or else the busy ones. */
export function ofRole(shifts: Shifts, role: Role): readonly string[] {
  for (const crew of crewsOf(shifts)) {
    const those = crew.filter((member) => member.role === role);
    const free = those.filter(({ state }) => state !== 'busy');
    if (those.length) return distinct(free.length ? free : those);
  }
  return [];
}

/** Of every crew over the place, busy or not. */
export const everyoneOf = (shifts: Shifts, role: Role): readonly string[] =>
  distinct(crewsOf(shifts).flatMap((crew) => crew.filter((member) => member.role === role)));

export const isOnDuty = (shifts: Shifts, user: string): boolean =>
  crewsOf(shifts).some((crew) => crew.some((member) => member.user === user));
export const isAnybodyOnDuty = (shifts: Shifts): boolean => crewsOf(shifts).some(({ length }) => length > 0);

/** All people of a role whose work reaches the place, on duty or not. */
export const callable = (people: readonly Row<UserState>[], role: Role, area: string | null): readonly string[] =>
  people
    .filter(({ key, value }) => {
      const { areas, leftAt } = value;
      return value.role === role && leftAt === null && inAreas({ kind: 'user', id: key, areas }, area ?? undefined);
    })
    .map(({ key }) => key);

/** The role on duty that a task of this class goes to, or the sentence that says why nobody has it. */
export function onDuty(
  shifts: Shifts,
  taskClass: TaskClass,
  area: string | null,
  except: readonly string[] = [],
): { role: Role } | string {
  if (area === null) return 'The alarm names no area, so nobody could be asked';
  const crews = crewsOf(shifts);
  if (!crews.length) return `No shift is active in ${area}`;
  for (const crew of crews) {
    const asked = crew.filter(({ user }) => !except.includes(user));
    const role = FIRST_ASKED[taskClass].find((wanted) => asked.some((member) => member.role === wanted));
    if (role) return { role };
  }
  return `Nobody is on duty in ${area}`;
}

export interface Asked {
  readonly candidates: readonly string[];
  readonly notified: readonly string[];
  readonly why?: string;
}

/** For the record of an assignment: who could take it, whom to ring, and why them. Whoever gives it to themselves need not be rung. */
export function asking(assignee: Assignee, shifts: Shifts, by: string, because: string | null = null): Asked {
  const others = (ids: readonly string[]) => ids.filter((id) => id !== by);
  if ('user' in assignee) {
    const { user } = assignee;
    const isCalledIn = isAnybodyOnDuty(shifts) && !isOnDuty(shifts, user);
    return {
      candidates: [user],
      notified: others([user]),
      ...(isCalledIn ? { why: 'called in: not on duty here' } : {}),
    };
  }
  const candidates = ofRole(shifts, assignee.role);
  const role = inWords(assignee.role);
  const count =
    candidates.length === 0
      ? `no ${role} is on duty`
      : candidates.length === 1
        ? `the only ${role} on duty`
        : `one of ${candidates.length} of role ${role} on duty`;
  return { candidates, notified: others(candidates), why: [...(because === null ? [] : [because]), count].join('; ') };
}

/** Roles that would have been asked before, had anybody of them been there. */
export function passedOver(shifts: Shifts, taskClass: TaskClass, role: Role): string | null {
  const order = FIRST_ASKED[taskClass];
  const nobody = order.slice(0, order.indexOf(role)).filter((before) => !ofRole(shifts, before).length);
  return nobody.length ? `nobody on duty as ${nobody.map(inWords).join(' or ')}` : null;
}
