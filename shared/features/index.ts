/** THE register: one line per feature. */
import type { Feature } from '../kernel/feature.ts';
import { alarms } from './alarms/index.ts';
import { areas } from './areas/index.ts';
import { deliveries } from './deliveries/index.ts';
import { devices } from './devices/index.ts';
import { held } from './held/index.ts';
import { integrations } from './integrations/index.ts';
import { orgs } from './orgs/index.ts';
import { shifts } from './shifts/index.ts';
import { tasks } from './tasks/index.ts';
import { tokens } from './tokens/index.ts';
import { users } from './users/index.ts';

export const features: readonly Feature[] = [
  orgs,
  users,
  tokens,
  areas,
  devices,
  held,
  integrations,
  deliveries,
  alarms,
  tasks,
  shifts,
];
