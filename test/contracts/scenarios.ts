/** Every route of the register at work, one day in order. */
import { alarms } from './scenarios/alarms.ts';
import { byTheClock } from './scenarios/by-the-clock.ts';
import { cellar } from './scenarios/cellar.ts';
import { asking, escalations } from './scenarios/escalations.ts';
import { files } from './scenarios/files.ts';
import { devices } from './scenarios/devices.ts';
import { handover } from './scenarios/handover.ts';
import { held } from './scenarios/held.ts';
import { outwards } from './scenarios/outwards.ts';
import { orders } from './scenarios/orders.ts';
import { modes } from './scenarios/modes.ts';
import { incidents } from './scenarios/incidents.ts';
import { pairing } from './scenarios/pairing.ts';
import { senders } from './scenarios/senders.ts';
import { setUp } from './scenarios/set-up.ts';
import { tasks } from './scenarios/tasks.ts';
import { users } from './scenarios/users.ts';
import { watching } from './scenarios/watching.ts';
import { work } from './scenarios/work.ts';

export type { Scenario, Who } from './scenarios/scenario.ts';

export const scenarios = [
  ...setUp,
  ...escalations,
  ...alarms,
  ...work,
  ...files,
  ...handover,
  ...watching,
  ...cellar,
  ...devices,
  ...held,
  ...tasks,
  ...asking,
  ...users,
  ...pairing,
  ...outwards,
  ...orders,
  ...senders,
  ...incidents,
  ...modes,
  ...byTheClock,
];
