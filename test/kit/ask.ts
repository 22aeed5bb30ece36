/** What people ask for, typed by the features' own vocabularies: `task('pump').complete({ note: 'New seal.' })`. */
import type * as z from 'zod';
import { commands as alarmWords } from '../../shared/features/alarms/contract.ts';
import { commands as areaWords } from '../../shared/features/areas/contract.ts';
import { commands as contactWords } from '../../shared/features/contacts/contract.ts';
import { commands as deviceWords } from '../../shared/features/devices/contract.ts';
import { commands as equipmentWords } from '../../shared/features/equipment/contract.ts';
import { commands as escalationWords } from '../../shared/features/escalations/contract.ts';
import { commands as heldWords } from '../../shared/features/held/contract.ts';
import { commands as incidentWords } from '../../shared/features/incidents/contract.ts';
import { commands as integrationWords } from '../../shared/features/integrations/contract.ts';
import { commands as orderWords } from '../../shared/features/orders/contract.ts';
import { commands as orgWords } from '../../shared/features/orgs/contract.ts';
import { commands as scheduleWords } from '../../shared/features/schedules/contract.ts';
import { commands as shiftWords } from '../../shared/features/shifts/contract.ts';
import { commands as taskWords } from '../../shared/features/tasks/contract.ts';
import { commands as tokenWords } from '../../shared/features/tokens/contract.ts';
import { commands as userWords } from '../../shared/features/users/contract.ts';
import { commands as webhookWords } from '../../shared/features/webhooks/contract.ts';
import { commands as wordingWords } from '../../shared/features/wordings/contract.ts';
import { commands as windowWords } from '../../shared/features/windows/contract.ts';
import type { Command } from '../../shared/kernel/command.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import type { CommandWord, CommandWords } from '../../shared/kernel/feature.ts';
import { derivedId, isUuid } from '../../shared/kernel/ids.ts';
import type { Person } from './people.ts';
import type { Said } from './plant.ts';

export interface Asked {
  readonly type: string;
  readonly subject: Subject;
  readonly input: unknown;
  readonly more: Partial<Command>;
  readonly by: (person: Person) => Said;
}

/** `reason` and `occurredAt` may come with every command. */
type InputOf<W extends CommandWord> = Omit<z.input<W['input']>, 'reason' | 'occurredAt'> & {
  readonly reason?: string;
  readonly occurredAt?: string;
};
type Verbs<C extends CommandWords> = {
  readonly [K in keyof C]: (input?: InputOf<C[K]>, more?: Partial<Command>) => Asked;
};

export function asking(type: string, subject: Subject, input: unknown = {}, more: Partial<Command> = {}): Asked {
  const asked: Asked = { type, subject, input, more, by: (person) => ({ asked, by: person }) };
  return asked;
}

const things =
  <C extends CommandWords>(feature: string, kind: string, words: C) =>
  (name: string): Subject & Verbs<C> => {
    const subject = { kind, id: isUuid(name) ? name : derivedId('test', kind, name) };
    const verbs = Object.keys(words).map((verb) => [
      verb,
      (input?: unknown, more?: Partial<Command>) => asking(`${feature}.${verb}`, subject, input, more),
    ]);
    return { ...subject, ...(Object.fromEntries(verbs) as Verbs<C>) };
  };

export const task = things('tasks', 'task', taskWords);
export const shift = things('shifts', 'shift', shiftWords);
export const schedule = things('schedules', 'schedule', scheduleWords);
export const alarm = things('alarms', 'condition', alarmWords);
export const incident = things('incidents', 'incident', incidentWords);
export const maintenanceWindow = things('windows', 'window', windowWords);
export const user = things('users', 'user', userWords);
export const area = things('areas', 'area', areaWords);
export const device = things('devices', 'device', deviceWords);
export const equipment = things('equipment', 'equipment', equipmentWords);
export const escalation = things('escalations', 'escalation', escalationWords);
export const heldEntry = things('held', 'held', heldWords);
export const contact = things('contacts', 'contact', contactWords);
export const webhook = things('webhooks', 'webhook', webhookWords);
export const wording = things('wordings', 'wording', wordingWords);
export const token = things('tokens', 'token', tokenWords);
export const integration = things('integrations', 'integration', integrationWords);
export const order = things('orders', 'order', orderWords);
export const organisation = things('orgs', 'org', orgWords);
