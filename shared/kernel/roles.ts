/** The one table of who may do what (domain model: roles and tokens). Every door asks here: HTTP, sockets, device batches. */
import { refuse, type Refusal } from './refusal.ts';

/** A path of slugs, `leeds/packaging/line-3`. */
export type Area = string;

/** Whoever asks, as far as this table cares: a command's caller, and nothing that leads back to commands. */
interface Whoever {
  readonly kind: string;
  readonly id: string;
  readonly role?: string;
  readonly areas: readonly Area[];
}

export const ROLES = ['operator', 'line_lead', 'supervisor', 'maintenance_engineer', 'auditor', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** How far a permission reaches: everything of the organisation, the caller's areas, or what is given to the caller's role there. */
type Reach = 'org' | 'area' | 'own-role';

type Row = Partial<Record<Role | 'integration' | 'engine' | 'host', Reach>>;

const FLOOR: Row = { operator: 'area', line_lead: 'area', supervisor: 'area', maintenance_engineer: 'area' };
const ENGINE: Row = { engine: 'org' };

export const PERMISSIONS = {
  'operations.read': { ...FLOOR },
  'log.write': { ...FLOOR },
  'evidence.write': { ...FLOOR },
  'problem.report': { ...FLOOR },
  'alarm.acknowledge': { ...FLOOR, ...ENGINE },
  // A line lead for one shift at most: the rule says so.
  'alarm.shelve': { line_lead: 'area', supervisor: 'area' },
  'alarm.out-of-service': { supervisor: 'area' },
  'alarm.engine': { ...ENGINE },
  'task.create': { ...FLOOR, ...ENGINE },
  'task.work': { operator: 'own-role', line_lead: 'area', supervisor: 'area', maintenance_engineer: 'own-role' },
  'task.steer': { line_lead: 'area', supervisor: 'area', maintenance_engineer: 'own-role', ...ENGINE },
  'task.note': { ...FLOOR, ...ENGINE },
  'task.escalate': { ...FLOOR, ...ENGINE },
  'task.take': { ...FLOOR },
  'task.verify': { line_lead: 'area', supervisor: 'area', maintenance_engineer: 'area' },
  'task.carry-over': { ...ENGINE },
  'shift.plan': { supervisor: 'area', host: 'org' },
  'shift.lead': { supervisor: 'area', ...ENGINE },
  'incident.keep': { ...FLOOR },
  'incident.resolve': { line_lead: 'area', supervisor: 'area', maintenance_engineer: 'area' },
  'incident.gather': { ...ENGINE },
  'window.plan': { line_lead: 'area', supervisor: 'area' },
  'archive.read': { supervisor: 'area', auditor: 'org' },
  'people.read': { ...FLOOR, auditor: 'org', admin: 'org' },
  'config.read': { admin: 'org' },
  'config.write': { admin: 'org', host: 'org' },
  'device.pair': {
    operator: 'org',
    line_lead: 'org',
    supervisor: 'org',
    maintenance_engineer: 'org',
    auditor: 'org',
    admin: 'org',
  },
  'device.write-off': { supervisor: 'org', admin: 'org' },
  'device.watch': { ...ENGINE },
  'clock.tick': { ...ENGINE },
  // Everybody says themselves how they are rung; an admin for others too.
  'contact.own': {
    operator: 'own-role',
    line_lead: 'own-role',
    supervisor: 'own-role',
    maintenance_engineer: 'own-role',
    auditor: 'own-role',
    admin: 'org',
  },
  'outbound.report': { ...ENGINE },
  'held.decide': { supervisor: 'area' },
  'connection.watch': { ...ENGINE },
  'figures.read': { line_lead: 'area', supervisor: 'area', auditor: 'org' },
  // The engine for what it notices itself: that a sender has fallen silent.
  'event.deliver': { integration: 'org', ...ENGINE },
  'sender.watch': { ...ENGINE },
} as const satisfies Record<string, Row>;

export type Permission = keyof typeof PERMISSIONS;

/** What the permission is asked for: where it is, and whose it is. `undefined` means that the question does not arise. */
export interface Concern {
  readonly area?: Area | undefined;
  /** Roles and users that the thing is given to. Empty: nobody yet, so the state machine answers instead. */
  readonly holders?: readonly ({ readonly role: string } | { readonly user: string })[];
}

export const isWithin = (area: Area, outer: Area): boolean => area === outer || area.startsWith(`${outer}/`);

/** In the order of the table's roles. */
export const rolesWith = (permission: Permission): readonly Role[] =>
  ROLES.filter((role) => (PERMISSIONS[permission] as Row)[role] !== undefined);

const reachOf = (caller: Whoever, permission: Permission): Reach | undefined =>
  (PERMISSIONS[permission] as Row)[(caller.kind === 'user' ? caller.role : caller.kind) as Role];

/** Whether the role's row has the permission at all, before anything is loaded. */
export const mayAtAll = (caller: Whoever, permission: Permission): boolean => reachOf(caller, permission) !== undefined;

/** `undefined` when allowed, otherwise the refusal that names role and permission. */
export function forbids(caller: Whoever, permission: Permission, concern: Concern): Refusal | undefined {
  const reach = reachOf(caller, permission);
  const who = caller.kind === 'user' ? `The role ${caller.role ?? 'none'}` : `A caller of kind ${caller.kind}`;
  if (!reach)
    return refuse(
      'role-not-allowed',
      `${who} may not do this (${permission}). Ask somebody whose role may, or an admin for another role.`,
    );
  if (reach === 'org') return undefined;
  if (!inAreas(caller, concern.area)) {
    return refuse(
      'outside-your-area',
      `The area ${concern.area} is outside yours (${caller.areas.join(', ')}). Ask an admin to add it.`,
    );
  }
  const holders = concern.holders;
  if (reach === 'own-role' && holders?.length && !holders.some((holder) => isHeldBy(holder, caller))) {
    return refuse('role-not-allowed', `${who} may do this only for what is given to that role or to you personally.`);
  }
  return undefined;
}

export const inAreas = (caller: Whoever, area: Area | undefined): boolean =>
  caller.areas.length === 0 || area === undefined || caller.areas.some((own) => isWithin(area, own));

const isHeldBy = (holder: { readonly role: string } | { readonly user: string }, caller: Whoever): boolean =>
  'role' in holder ? holder.role === caller.role : holder.user === caller.id;
