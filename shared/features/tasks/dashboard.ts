/** Tables over the notes of tasks. */
import { tagged, type Dashboard } from '../../kernel/dashboard.ts';
import { oneLine, plainProperty } from '../../kernel/markdown.ts';
import { taskStatus } from './contract.ts';

const OPEN = ['status != "closed"', 'status != "cancelled"'];
const TO_DO = [...OPEN, 'status != "done"'];
const COLUMNS = ['file.name', 'status', 'priority', 'due', 'assignee', 'area', 'equipment'];
const BY_DUE = [['due', 'ASC']] as const;
const BY_PRIORITY = [['priority', 'ASC'], ...BY_DUE] as const;

const isOneOf = (property: string, values: readonly string[]): string =>
  values.map((value) => `${property} == ${JSON.stringify(value)}`).join(' || ');

export const dashboard: Dashboard = {
  title: 'Tasks',
  filter: tagged('operary/task'),
  views: ({ name, role }) => [
    {
      name: `Mine (${oneLine(name)})`,
      filters: [...TO_DO, isOneOf('assignee', [plainProperty(name), ...(role === null ? [] : [role])])],
      order: COLUMNS,
      sort: BY_DUE,
    },
    { name: 'Overdue', filters: [...TO_DO, 'date(due) < now()'], order: COLUMNS, sort: BY_DUE },
    { name: 'By area', filters: OPEN, order: COLUMNS, sort: BY_PRIORITY, groupBy: 'area' },
    { name: 'By status', filters: [], order: COLUMNS, sort: BY_PRIORITY, groupBy: 'status' },
    { name: 'All open', filters: OPEN, order: COLUMNS, sort: BY_PRIORITY },
    {
      name: 'Board',
      filters: OPEN,
      order: COLUMNS.filter((property) => property !== 'status'),
      sort: BY_PRIORITY,
      board: { by: 'status', first: taskStatus.options },
    },
  ],
};
