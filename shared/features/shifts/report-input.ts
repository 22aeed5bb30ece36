/** What a report is written from, and how people and times are written in it. */
import type { Recorded } from '../../kernel/event.ts';
import type { Row } from '../../kernel/read.ts';
import type { ConditionState } from '../alarms/contract.ts';
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
  readonly standing: readonly Row<ConditionState>[];
  readonly events: readonly Recorded[];
  readonly now: string;
}

/** How people and times are written in this report. */
export interface Words {
  readonly name: (id: string) => string;
  readonly time: (at: string) => string;
  readonly zone: string;
}
