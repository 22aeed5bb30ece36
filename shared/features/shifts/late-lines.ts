/** What came after the seal as lines for people: when it was made and received, by whom, in whose words, and what to know about it. */
import { FLAGS } from '../../kernel/flags.ts';
import { inline } from '../../kernel/markdown.ts';
import type { LateAcceptance } from './clock-words.ts';
import type { ShiftState } from './contract.ts';
import type { Aside, LateEntry } from './late.ts';
import { inWords } from './wording.ts';

export interface LateWords {
  readonly name: (user: string) => string;
  readonly device: (id: string) => string;
  readonly moment: (at: string) => string;
}

const KINDS: Readonly<Record<NonNullable<LateEntry['lateKind']>, string>> = {
  made_before_seal: 'made before the seal',
  made_after_seal: 'made after the seal',
  unknown: 'not known whether made before or after the seal',
};

/** What the flags say; that an entry is late is told otherwise. */
export const flagWords = (flags: readonly string[]): string[] =>
  flags.flatMap((flag) => {
    const words = (FLAGS as Readonly<Record<string, { readonly says: string }>>)[flag]?.says ?? inWords(flag);
    return flag === 'late' ? [] : [words.replace(/\.$/, '')];
  });

export const lateLine = (entry: LateEntry, words: LateWords): string => {
  const { at, receivedAt, by, device, lateKind, flags } = entry;
  const notes = [...(lateKind ? [KINDS[lateKind]] : []), ...flagWords(flags)];
  return `made ${words.moment(at)}, received ${words.moment(receivedAt)}, **${words.name(by)}**${from(device, words)}: ${said(entry)}${notes.map((note) => ` · ${note}`).join('')}`;
};

const from = (device: string | null, words: LateWords): string =>
  device === null ? '' : ` on ${words.device(device)}`;

function said({ kind, noted, item, text, struck, context }: LateEntry): string {
  if (kind === 'prose') {
    const parts = [
      ...(text ? [`wrote in the notes: ${inline(text)}`] : []),
      ...(struck ? [`proposes to strike: ${inline(struck)}`] : []),
      ...near(context ?? '', struck !== null && struck !== ''),
    ];
    return parts.join(' · ');
  }
  if (noted !== null || item !== null) return inline(text);
  const label = kind === 'note' ? '' : `*${inWords(kind)}* `;
  return `${label}${inline(text)}${context === null ? '' : ` (puts right: ${inline(context)})`}`;
}

/** Around the change there is nothing to tell when there was no other text. */
function near(context: string, isAllStruck: boolean): readonly string[] {
  if (/[^\s…]/.test(context)) return [`near: ${inline(context)}`];
  return context === '' || isAllStruck ? [] : ['in an empty note'];
}

export const asideLine = ({ at, by, device, what, text, flags }: Aside, words: LateWords): string => {
  const why = flagWords(flags)
    .map((note) => ` · ${note}`)
    .join('');
  return `${words.moment(at)} **${words.name(by)}**${from(device, words)}: ${inWords(what)}${text === null ? '' : `: ${inline(text)}`}; kept beside the record${why}`;
};

export const acceptedLine = ({ at, by, text }: LateAcceptance, { moment, name }: LateWords): string =>
  `${moment(at)} **${name(by)}** accepted it after the seal${text === null ? '' : `: ${inline(text)}`}`;

/** Everything that stands beside the sealed record, in the order of the log. */
export function additions(state: ShiftState, words: LateWords): readonly string[] {
  const { seal, amendments, lateEntries, asides, lateAcceptance } = state;
  if (!seal) return [];
  const lines = [
    ...lateEntries.map((entry) => ({ seq: entry.seq, line: lateLine(entry, words) })),
    ...asides.filter(({ seq }) => seq > seal.seq).map((one) => ({ seq: one.seq, line: asideLine(one, words) })),
    ...(lateAcceptance ? [{ seq: lateAcceptance.seq, line: acceptedLine(lateAcceptance, words) }] : []),
    ...amendments.map(({ seq, at, by, text, reason }) => ({
      seq,
      line: `${words.moment(at)} **${words.name(by)}** amended: ${inline(text)} (${inline(reason)})`,
    })),
  ];
  return lines.sort((a, b) => a.seq - b.seq).map(({ seq, line }) => `- #${seq} ${line}`);
}
