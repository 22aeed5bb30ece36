/** Who is there: people check in to a shift, say that they are busy or away, and check out. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { ROLES } from '../../kernel/roles.ts';
import { asked, uuid } from '../../kernel/schema.ts';

export const crewMember = z.strictObject({ user: asked(uuid, { label: 'Person' }), role: z.enum(ROLES) });

/** `out` has checked out; whoever started the shift may have named people who have not said anything yet. */
export const presence = z.enum(['present', 'busy', 'away', 'out']);
const here = presence.exclude(['out']);
/** Roles that work a shift. */
const FLOOR = ['operator', 'line_lead', 'supervisor', 'maintenance_engineer'] as const;
const role = z.enum(FLOOR);

/** On the crew, and what they said last. */
export const onCrew = crewMember.extend({ state: presence.optional(), since: z.string().optional() });
export type OnCrew = z.output<typeof onCrew>;

export const dutyCommands = {
  checkIn: command(
    {
      role: asked(role, { label: 'As' })
        .optional()
        .meta({ description: 'What they do in this shift; their own role where nothing is said' }),
    },
    { permission: 'log.write', title: 'Check in' },
  ),
  checkOut: command({}, { permission: 'log.write', title: 'Check out' }),
  presence: command(
    { state: asked(here, { label: 'I am' }) },
    { permission: 'log.write', title: 'Say whether I am there' },
  ),
} as const;

export const dutyEvents = {
  'shift.checked_in': event({ user: uuid, role: z.enum(ROLES) }),
  'shift.checked_out': event({ user: uuid }),
  'shift.presence_told': event({ user: uuid, state: here }),
} as const;

/** Whether work can be given to them now. */
export const isThere = ({ state }: Pick<OnCrew, 'state'>): boolean => state !== 'away' && state !== 'out';

export const roster = z
  .array(onCrew.extend({ name: z.string(), alsoOn: z.array(z.string()) }))
  .meta({ description: 'Of one shift: its crew by name, and the other running shifts that they are on' });
