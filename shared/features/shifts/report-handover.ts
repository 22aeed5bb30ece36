/** The report on the handover: what was read back, and the two people with their times. */
import { inline } from '../../kernel/markdown.ts';
import type { ReportInput, Words } from './report-input.ts';
import { refOf } from './report-tasks.ts';
import type { LogEntry, ShiftState } from './contract.ts';
import { wordsOn } from './predecessor.ts';
import { missedLines } from './missed-checks.ts';
import { localMoment, table } from './wording.ts';

export function handover({ state, todo, toVerify, touched }: ReportInput, { name, time, zone }: Words): string {
  const { signature, acceptance, refusals } = state;
  const refused = refusals
    .map(({ by, at, reason }) => `- Refused ${time(at)} by ${name(by)}: ${inline(reason)}`)
    .join('\n');
  const missed = missedLines(state, (at) => localMoment(at, zone)).map((line) => `- ${line}`);
  const checks = missed.length ? `**Missed checks**\n\n${missed.join('\n')}` : '';
  if (!signature) return [refused, 'Not signed.', checks].filter(Boolean).join('\n\n');
  const titles = new Map(
    [...touched, ...toVerify, ...todo].map((row) => [row.key, `${refOf(row)} ${inline(row.value.title)}`]),
  );
  const items = signature.criticalItems.map((id) => [
    titles.get(id) ?? 'a task that went on elsewhere',
    `✓ ${time(signature.at)}`,
    acceptance && (acceptance.criticalItems.includes(id) ? `✓ ${time(acceptance.at)} read back` : '**not read back**'),
  ]);
  const said = acceptance ? readBack(state, acceptance) : [];
  items.push(
    ...said.map(({ id, at, text, equipment }) => [
      inline(equipment ? `${text} (${equipment})` : text),
      at <= signature.at ? `✓ ${time(signature.at)}` : '',
      acceptance!.criticalItems.includes(id) ? `✓ ${time(acceptance!.at)} read back` : '**not read back**',
    ]),
  );
  const incoming = acceptance ? name(acceptance.by) : 'nobody yet';
  const accepted = acceptance
    ? `Accepted **${time(acceptance.at)} ${incoming}**, ${acceptance.reservations ? `with reservations: ${inline(acceptance.reservations)}` : 'without reservations'}`
    : '**Not accepted**';
  return [
    items.length
      ? table(
          ['Critical item', `${name(signature.by)} (out)`, `${incoming} (in)`],
          items.map((cells) => cells.map((cell) => cell ?? '')),
        )
      : 'No critical items.',
    refused,
    `Handed over **${time(signature.at)} ${name(signature.by)}** · ${accepted}`,
    checks,
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** What was written for the next shift, where it was read back point by point: of an acceptance that names tasks only nothing is said. */
function readBack(
  state: ShiftState,
  { criticalItems, at }: NonNullable<ShiftState['acceptance']>,
): readonly LogEntry[] {
  const before = wordsOn(state).filter((entry) => entry.at <= at);
  const ticked = state.entries.filter(({ id }) => criticalItems.includes(id));
  return ticked.length ? [...new Set([...before, ...ticked])].sort((a, b) => (a.at < b.at ? -1 : 1)) : [];
}
