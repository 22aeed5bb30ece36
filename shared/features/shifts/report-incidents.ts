/** The report's incidents: what this shift resolved, and what is still open for the next one. */
import { shortNumber } from '../../kernel/ids.ts';
import { inline } from '../../kernel/markdown.ts';
import type { Row } from '../../kernel/read.ts';
import type { IncidentState } from '../incidents/contract.ts';
import type { ReportInput, Words } from './report-input.ts';

/** `null`: there were none. */
export function incidents({ openIncidents, resolvedIncidents }: ReportInput, words: Words): string | null {
  const rows = [...resolvedIncidents, ...openIncidents];
  return rows.length ? rows.map((row) => line(row, words)).join('\n') : null;
}

function line({ number, value }: Row<IncidentState>, { name, time }: Words): string {
  const { title, priority, openedAt, resolution, firstOut, flood, items } = value;
  const alarms = items.filter(({ kind }) => kind === 'occurrence').length;
  const facts = [
    priority,
    `${time(openedAt)}–${resolution ? time(resolution.at) : ''}`,
    ...(firstOut ? [`first out ${inline(firstOut.title)}`] : []),
    ...(alarms ? [`${alarms} ${alarms === 1 ? 'alarm' : 'alarms'}`] : []),
    ...(flood && !resolution
      ? [flood.endedAt === null ? 'the flood goes on' : `flood over at ${time(flood.endedAt)}`]
      : []),
  ];
  const cause = resolution?.cause ? ` Cause: ${inline(resolution.cause)}` : '';
  const state = resolution ? `resolved by ${name(resolution.by)}: ${inline(resolution.text)}${cause}` : '**open**';
  return `- ${shortNumber('I', number)} **${inline(title)}** – ${facts.join(', ')}, ${state}`;
}
