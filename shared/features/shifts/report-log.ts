/** The report's log: what people wrote, in the order of the book, with late entries and corrections as the rules of logbooks ask; machines in one line per ten minutes. */
import type { Recorded } from '../../kernel/event.ts';
import { inline } from '../../kernel/markdown.ts';
import type { LogEntry } from './contract.ts';
import type { ReportInput, Words } from './report-input.ts';
import { inWords, localTimeBeside, table } from './wording.ts';

/** What stands: entries that no later entry corrects. */
export const standingEntries = (entries: readonly LogEntry[]): LogEntry[] => {
  const corrected = new Set(entries.map(({ corrects }) => corrects));
  return entries.filter(({ id }) => !corrected.has(id));
};

interface Line {
  readonly at: string;
  readonly seq: number;
  readonly text: string;
}

export function log({ state, events }: ReportInput, words: Words): string {
  const lines = [...people(state.entries, words), ...reports(events, words), ...machines(events)].sort((a, b) =>
    a.at === b.at ? a.seq - b.seq : a.at < b.at ? -1 : 1,
  );
  if (!lines.length) return 'No entries.';
  return table(
    ['Time', 'Entry'],
    lines.map(({ at, text }) => [words.time(at), text]),
  );
}

function people(entries: readonly LogEntry[], { name, time, zone }: Words): Line[] {
  const correction = new Map(entries.filter(({ corrects }) => corrects).map((entry) => [entry.corrects, entry]));
  return entries
    .filter(({ corrects }) => !corrects)
    .map((entry) => {
      // A late entry stands where it was written and says when it happened; it is never squeezed in.
      const late = entry.late ? `**LATE ENTRY** (happened ${localTimeBeside(entry.at, entry.recordedAt, zone)}): ` : '';
      const at = entry.late ? entry.recordedAt : entry.at;
      return { at, seq: entry.seq, text: `${late}${withCorrections(entry)} *${name(entry.by)}*` };
    });

  /** One line through what was wrong; it stays legible, with who put it right, when and why. */
  function withCorrections(entry: LogEntry): string {
    const shown = textOf(entry);
    const by = correction.get(entry.id);
    if (!by) return shown;
    const why = by.reason ? `: ${inline(by.reason)}` : '';
    return `~~${shown}~~ ${withCorrections(by)} (corrected ${time(by.recordedAt)} ${name(by.by)}${why})`;
  }
}

const textOf = ({ kind, text, equipment }: LogEntry): string =>
  `${kind === 'note' ? '' : `${sentence(inWords(kind))}: `}${inline(text)}${equipment ? ` (${inline(equipment)})` : ''}`;

const sentence = (words: string): string => words[0]!.toUpperCase() + words.slice(1);

const titleOf = ({ body }: Recorded): string => inline((body as unknown as { title: string }).title);

const reports = (events: readonly Recorded[], { name }: Words): Line[] =>
  events
    .filter(({ type }) => type === 'alarm.reported')
    .map((event) => ({
      at: event.occurredAt,
      seq: event.seq,
      text: `Reported: ${titleOf(event)} *${name(event.actor.id)}*`,
    }));

const TEN_MINUTES = 600_000;
const MOST_TITLES = 3;

function machines(events: readonly Recorded[]): Line[] {
  const raised = events.filter(({ type }) => type === 'alarm.activated' || type === 'alarm.reactivated');
  const blocks = new Map<number, Recorded[]>();
  for (const event of raised) {
    const block = Math.floor(Date.parse(event.occurredAt) / TEN_MINUTES);
    blocks.set(block, [...(blocks.get(block) ?? []), event]);
  }
  return [...blocks.values()].map((block) => {
    const inTime = block.toSorted((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
    const titles = [...new Set(inTime.map(titleOf))];
    const more = titles.length > MOST_TITLES ? `, and ${titles.length - MOST_TITLES} more` : '';
    const count = block.length === 1 ? 'Alarm' : `${block.length} alarms in 10 min`;
    const { occurredAt: at, seq } = inTime[0]!;
    return { at, seq, text: `${count}: ${titles.slice(0, MOST_TITLES).join(', ')}${more} *auto*` };
  });
}
