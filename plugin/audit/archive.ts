/** The archive: sealed streams by month, newest first. What somebody sees who may read nothing that still runs. */
import type { SealedRecord } from '../../shared/kernel/feature.ts';
import { localDate, localDateTime } from '../../shared/kernel/local-time.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { mayAtAll } from '../../shared/kernel/roles.ts';
import type { Me } from '../connection.ts';
import type { Held } from '../replica.ts';
import type { View } from '../provisional-tx.ts';
import { callerOf } from '../verbs.ts';
import { auditWords } from '../words/index.ts';

export interface Row {
  readonly held: Held;
  readonly title: string;
  /** In words, with its year. */
  readonly month: string;
  /** When, who, how many. */
  readonly details: readonly string[];
  readonly late: string;
}

export interface Reader {
  readonly zone: string;
  readonly userName: (id: string) => string;
}

/** Whether somebody may read of what presides only what is sealed. */
export function readsArchiveOnly({ presiding }: Register, me: Me | undefined): boolean {
  if (!me || !presiding?.archive) return false;
  const caller = callerOf(me);
  return !mayAtAll(caller, presiding.readers) && mayAtAll(caller, presiding.archive.permission);
}

export const recordOf = (register: Register, { kind, state }: Held): SealedRecord | undefined =>
  register.byKind.get(kind)?.sealed?.(state) ?? undefined;

export const sealedWords = ({ sealedAt, sealedBy }: SealedRecord, { zone, userName }: Reader): string =>
  sealedBy === null
    ? auditWords.sealedByClock(localDateTime(sealedAt, zone).replace('T', ' '))
    : auditWords.sealedBy(userName(sealedBy), localDateTime(sealedAt, zone).replace('T', ' '));

export const lateWords = ({ late }: SealedRecord): string => (late === 0 ? '' : auditWords.late(late));

/** Every word of `search` stands somewhere in a row. */
export function archiveOf(
  { register, all }: Pick<View, 'register' | 'all'>,
  reader: Reader,
  search = '',
): readonly Row[] {
  const wanted = search.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = register.features
    .filter(({ sealed }) => sealed)
    .flatMap(({ kind, titleOf }) =>
      all(kind).flatMap((held) => {
        const record = recordOf(register, held);
        return record
          ? [{ at: record.sealedAt, row: rowOf(held, titleOf(held.state, reader.zone), record, reader) }]
          : [];
      }),
    );
  return rows
    .filter(({ row }) => {
      const text = [row.title, row.month, ...row.details, row.late].join(' ').toLowerCase();
      return wanted.every((word) => text.includes(word));
    })
    .sort((a, b) => (a.at < b.at ? 1 : -1))
    .map(({ row }) => row);
}

const MONTH = new Intl.DateTimeFormat('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });

const rowOf = (held: Held, title: string, record: SealedRecord, reader: Reader): Row => ({
  held,
  title,
  month: MONTH.format(Date.parse(localDate(record.sealedAt, reader.zone))),
  details: [sealedWords(record, reader), `#${record.firstSeq}–#${record.lastSeq}`],
  late: lateWords(record),
});
