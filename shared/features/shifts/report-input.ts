/** What a report is written from, and how people and times are written in it. */
import type { Recorded } from '../../kernel/event.ts';
import type { ProsePhoto } from '../../kernel/prose.ts';
import type { Row } from '../../kernel/read.ts';
import type { ConditionState } from '../alarms/contract.ts';
import type { DeviceState } from '../devices/contract.ts';
import type { IncidentState } from '../incidents/contract.ts';
import type { TaskState } from '../tasks/contract.ts';
import type { UserState } from '../users/contract.ts';
import type { ShiftState } from './contract.ts';

export interface ReportInput {
  readonly state: ShiftState;
  readonly number: number | null;
  readonly zone: string;
  readonly organisation: string;
  readonly users: readonly Row<UserState>[];
  /** What somebody still has to do in the area. */
  readonly todo: readonly Row<TaskState>[];
  /** What is done there and waits for another pair of eyes. */
  readonly toVerify: readonly Row<TaskState>[];
  /** Tasks whose latest event belongs to this shift. */
  readonly touched: readonly Row<TaskState>[];
  /** Tasks whose work was done in this shift, whatever happened to them since. */
  readonly completed: readonly Row<TaskState>[];
  /** Tasks that came to their end in this shift. */
  readonly finished: readonly Row<TaskState>[];
  readonly standing: readonly Row<ConditionState>[];
  /** Of the area, and those that this shift resolved. */
  readonly openIncidents: readonly Row<IncidentState>[];
  readonly resolvedIncidents: readonly Row<IncidentState>[];
  readonly events: readonly Recorded[];
  readonly devices: readonly Row<DeviceState>[];
  /** People's own text of the shift, and of the tasks that it finished. */
  readonly prose: readonly ProsePhoto[];
  readonly taskProse?: readonly ProsePhoto[];
  /** Sealed shifts of the area: those to which something came late, and the latest. */
  readonly lateShifts: readonly Row<ShiftState>[];
  readonly latestSealed: readonly Row<ShiftState>[];
  /** What was out of the ordinary when it was sealed. */
  readonly exceptions?: readonly string[];
  /** The clock seals it: nobody has accepted it. */
  readonly byClock?: boolean;
  readonly now: string;
}

/** How people and times are written in this report. */
export interface Words {
  readonly name: (id: string) => string;
  readonly time: (at: string) => string;
  readonly zone: string;
}
