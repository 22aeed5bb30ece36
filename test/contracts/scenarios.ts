/** Every route of the register at work, one day in order. */
import { alarms } from './scenarios/alarms.ts';
import { handover } from './scenarios/handover.ts';
import { setUp } from './scenarios/set-up.ts';
import { watching } from './scenarios/watching.ts';
import { work } from './scenarios/work.ts';

export type { Scenario, Who } from './scenarios/scenario.ts';

export const scenarios = [...setUp, ...alarms, ...work, ...handover, ...watching];
