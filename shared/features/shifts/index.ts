import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import type { Loaded } from '../../kernel/read.ts';
import { commands, entity, events, presidingOver, type ShiftState } from './contract.ts';
import { decide, reads } from './decider.ts';
import { evolve, initial } from './evolve.ts';
import { localDate } from '../../kernel/local-time.ts';
import { note } from './note.ts';
import { reportReads } from './report-reads.ts';
import { writeReport } from './report.ts';

type Seen = Loaded<ReturnType<typeof reportReads>>;

export const shifts = feature({
  name: 'shifts',
  kind: 'shift',
  letter: 'S',
  summary: 'Shifts: crew, log, handover, seal',
  commands,
  events,
  entity,
  initial,
  view: (state: ShiftState, { id, number, seq }) => ({ id, number, ref: shortNumber('S', number), seq, ...state }),
  decide,
  reads,
  evolve,
  tracked: ['status'],
  areaOf: (state) => state.area || undefined,
  concern: (state, { verb, input }) => ({ area: verb === 'create' ? (input as { area: string }).area : state.area }),
  readers: 'operations.read',
  archive: { permission: 'archive.read', holds: (state) => state.seal !== null },
  travels: { where: () => [{}], holds: () => true },
  columns: {
    status: (state) => state.status,
    area: (state) => state.area,
    from: (state) => state.from,
    search: (state) => `${state.name} ${state.area}`,
  },
  filters: ['status', 'area'],
  titleOf: (state) => `${state.name} ${state.area} ${localDate(state.from || '1970-01-01T00:00:00.000Z', 'UTC')}`,
  presides: {
    over: (paths) => presidingOver(paths[0] ?? null),
    // The innermost area first; an active shift before one that is being handed over.
    pick: (rows) =>
      [...rows].sort(
        (a, b) =>
          Number(b.value.status === 'active') - Number(a.value.status === 'active') ||
          b.value.area.length - a.value.area.length ||
          b.first - a.first,
      )[0]?.key ?? null,
    isSealed: (state) => state.seal !== null,
  },
  sealed: ({ seal, amendments, area, name, from }) =>
    seal && {
      sealedSeq: seal.seq,
      firstSeq: seal.firstSeq,
      lastSeq: seal.lastSeq,
      reportSha256: seal.reportSha256,
      attachments: seal.attachments,
      sealedAt: seal.at,
      lateSeqs: amendments.map(({ seq }) => seq),
      name: `${from.slice(0, 10)}-${area.replaceAll('/', '-')}-${name.replace(/[^A-Za-z0-9]+/g, '-')}`,
    },
  documents: {
    report: {
      contentType: 'text/markdown; charset=utf-8',
      title: 'Shift report',
      permission: (state: ShiftState) => (state.seal ? 'archive.read' : 'operations.read'),
      final: (state: ShiftState) => state.seal?.reportSha256 ?? null,
      reads: (state: ShiftState, id) => reportReads(state, id),
      write: (state: ShiftState, seen: Seen, { now, number }) => {
        const org = seen.org[0]?.value;
        return writeReport({ ...seen, state, number, zone: org?.zone ?? 'UTC', organisation: org?.name ?? '', now });
      },
    },
  },
  note,
});
