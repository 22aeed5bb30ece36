/** People. Everywhere else they are opaque ids; their names stand here and can be erased. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { ROLES } from '../../kernel/roles.ts';
import { areaPath, erasable, line, text, uuid } from '../../kernel/schema.ts';

export const role = z.enum(ROLES);
const person = { name: line(120), role, areas: z.array(areaPath).max(50).default([]) };

export const commands = {
  add: command(person, { permission: 'config.write', creates: true, title: 'Add person' }),
  deactivate: command(
    { reason: erasable(text(2000)) },
    {
      permission: 'config.write',
      title: 'Deactivate person',
      online: true,
      final: 'This person can no longer do anything here. What they wrote stays.',
    },
  ),
  reactivate: command(
    { reason: erasable(text(2000)) },
    { permission: 'config.write', title: 'Reactivate person', online: true },
  ),
} as const;

export const events = {
  'user.added': event({ ...person, name: erasable(z.string()) }),
  'user.deactivated': event({}),
  'user.reactivated': event({}),
} as const;

export interface UserState {
  readonly name: string;
  readonly role: z.output<typeof role>;
  /** Empty: the whole organisation. */
  readonly areas: readonly string[];
  /** The position at which the person left; null while here. */
  readonly leftAt: number | null;
}

export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  name: z.string(),
  role,
  areas: z.array(z.string()),
  leftAt: z.int().nullable().meta({ description: 'Position of the log at which the person left; null while here' }),
});

export const usersAmong = (ids: readonly string[]): Read<readonly Row<UserState>[]> =>
  select('users', { where: { key: { in: ids } } });
export const usersNamed = (name: string): Read<readonly Row<UserState>[]> => select('users', { where: { name } });
export const usersOfRole = (wanted: string | null): Read<readonly Row<UserState>[]> =>
  select('users', { where: { role: wanted } });
export const allUsers = (): Read<readonly Row<UserState>[]> => select('users');
