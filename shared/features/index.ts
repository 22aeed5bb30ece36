/** THE register: one line per feature. */
import type { Feature } from '../kernel/feature.ts';
import { alarms } from './alarms/index.ts';
import { areas } from './areas/index.ts';
import { contacts } from './contacts/index.ts';
import { deliveries } from './deliveries/index.ts';
import { devices } from './devices/index.ts';
import { equipment } from './equipment/index.ts';
import { escalations } from './escalations/index.ts';
import { held } from './held/index.ts';
import { incidents } from './incidents/index.ts';
import { integrations } from './integrations/index.ts';
import { notices } from './notices/index.ts';
import { orders } from './orders/index.ts';
import { orgs } from './orgs/index.ts';
import { schedules } from './schedules/index.ts';
import { shifts } from './shifts/index.ts';
import { tasks } from './tasks/index.ts';
import { tokens } from './tokens/index.ts';
import { users } from './users/index.ts';
import { webhooks } from './webhooks/index.ts';
import { wordings } from './wordings/index.ts';
import { windows } from './windows/index.ts';

export const features: readonly Feature[] = [
  orgs,
  users,
  tokens,
  areas,
  equipment,
  devices,
  held,
  escalations,
  integrations,
  deliveries,
  alarms,
  windows,
  tasks,
  orders,
  incidents,
  shifts,
  contacts,
  wordings,
  notices,
  webhooks,
  schedules,
];
