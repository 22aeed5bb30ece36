/** Tables over the notes of shifts: those that people write in, and the sealed record. */
import { tagged, type Dashboard } from '../../kernel/dashboard.ts';
import { shiftStatus } from './contract.ts';

const [LIVE, SEALED] = ['operary/shift', 'operary/sealed'] as const;
const COLUMNS = ['file.name', 'status', 'area', 'from', 'to', 'supervisor', 'entries', 'sealed'];
const NEWEST = [['from', 'DESC']] as const;

export const dashboard: Dashboard = {
  title: 'Shifts',
  filter: tagged(LIVE, SEALED),
  views: () => [
    { name: 'By date', filters: [tagged(LIVE)], order: COLUMNS, sort: NEWEST },
    {
      name: 'Running',
      filters: [tagged(LIVE), 'status != "planned"', 'status != "sealed"'],
      order: COLUMNS,
      sort: NEWEST,
    },
    {
      name: 'Sealed',
      filters: [tagged(SEALED)],
      order: ['file.name', 'area', 'from', 'to', 'sealed_at', 'kind', 'entries', 'shift', 'audit'],
      sort: [['sealed_at', 'DESC']],
    },
    {
      name: 'Board',
      filters: [tagged(LIVE)],
      order: COLUMNS.filter((property) => property !== 'status'),
      sort: NEWEST,
      board: { by: 'status', first: shiftStatus.options },
    },
  ],
};
