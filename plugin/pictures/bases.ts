/**
 * The features' tables over their notes as files of Obsidian's own Bases: they work without this plugin. A board comes after them; where
 * the plugin is off, Obsidian says at that view, and only there, that it does not know it.
 */
import type { Dashboard, Mine, View } from '../../shared/kernel/dashboard.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { ROLES, rolesWith, type Permission } from '../../shared/kernel/roles.ts';
import { BOARD_VIEW, BY, FIRST } from '../columns/columns.ts';

/** By the name of the file. */
export const basesFor = ({ features }: Register, mine: Mine): ReadonlyMap<string, string> =>
  new Map(
    features.flatMap(({ dashboard, readers, archive }) =>
      dashboard && (mayRead(mine, readers) || (archive && mayRead(mine, archive.permission)))
        ? [[dashboard.title, baseOf(dashboard, dashboard.views(mine))] as const]
        : [],
    ),
  );

/** A table of what somebody never gets would stay empty. Whose role is not known gets them all. */
const mayRead = ({ role }: Mine, permission: Permission): boolean =>
  !ROLES.some((known) => known === role) || rolesWith(permission).some((known) => known === role);

/** YAML by hand: every scalar that is not a bare word stands in single quotes. */
const baseOf = ({ filter }: Dashboard, views: readonly View[]): string =>
  `${filterLines([filter], '')}views:\n${views.map(viewOf).join('')}`;

function viewOf({ name, filters, order, sort, groupBy, board }: View): string {
  return [
    `  - type: ${board ? BOARD_VIEW : 'table'}\n    name: ${quoted(name)}\n`,
    filterLines(filters, '    '),
    ...(groupBy === undefined ? [] : [`    groupBy:\n      property: ${groupBy}\n      direction: ASC\n`]),
    `    order:\n${order.map((property) => `      - ${property}\n`).join('')}`,
    `    sort:\n${sort.map(([property, direction]) => `      - property: ${property}\n        direction: ${direction}\n`).join('')}`,
    board
      ? `    ${BY}: note.${board.by}\n    ${FIRST}:\n${board.first.map((value) => `      - ${value}\n`).join('')}`
      : '',
  ].join('');
}

const filterLines = (filters: readonly string[], indent: string): string =>
  filters.length
    ? `${indent}filters:\n${indent}  and:\n${filters.map((one) => `${indent}    - ${quoted(one)}\n`).join('')}`
    : '';

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
