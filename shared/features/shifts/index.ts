import { feature } from '../../kernel/feature.ts';
import { shortNumber } from '../../kernel/ids.ts';
import { contacts } from '../../kernel/read.ts';
import { devicesAll } from '../devices/contract.ts';
import { capture } from './capture.ts';
import { allUsers } from '../users/contract.ts';
import { clockAt } from './clock-words.ts';
import { commands, entity, events, presidingOver, runningShifts, type ShiftState } from './contract.ts';
import { dashboard } from './dashboard.ts';
import { decide, further, reads, repeats } from './decider.ts';
import { addendumDocument, reportDocument, timelineDocument } from './documents.ts';
import { aside, evolve, initial } from './evolve.ts';
import { lateCount, lateSeqs } from './late.ts';
import { missingDevices } from './missing-devices.ts';
import { localDate } from '../../kernel/local-time.ts';
import { note } from './note.ts';
import { SEALED_NOTES } from './note-names.ts';
import { handOver, receive } from './sheets.ts';
import { policies } from './policy.ts';
import { rosterOf } from './roster.ts';
import { organisation } from './report-reads.ts';

export const shifts = feature({
  name: 'shifts',
  kind: 'shift',
  letter: 'S',
  summary: 'Shifts: crew, log, handover, seal',
  commands,
  events,
  entity,
  initial,
  view: (state: ShiftState, { id, number, seq }) => {
    const { startedSeq: _startedSeq, graceFrom: _graceFrom, sealsAt: _sealsAt, ...shown } = state;
    return { id, number, ref: shortNumber('S', number), seq, clockAt: clockAt(state), ...shown };
  },
  async details(state, id, load, { now }) {
    if (state.seal) return {};
    const [known, all, org] = [await load(contacts()), await load(devicesAll()), await load(organisation())];
    const [users, running] = [await load(allUsers()), await load(runningShifts())];
    return {
      devices: missingDevices(state, known, all, now, org[0]?.value.zone ?? 'UTC'),
      roster: rosterOf(state, id, users, running),
    };
  },
  decide,
  reads,
  further,
  repeats,
  evolve,
  aside,
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
    ends: (state) => Date.parse(state.to) || 0,
    unaccepted: (state) => (state.seal?.kind === 'unaccepted' ? 1 : 0),
    late: (state) => (state.lateEntries.length ? 1 : 0),
    search: (state) => `${state.name} ${state.area}`,
  },
  filters: ['status', 'area', 'unaccepted'],
  titleOf: ({ name, area, from }, zone = 'UTC') =>
    `${name} ${area} ${localDate(from || '1970-01-01T00:00:00.000Z', zone)}`,
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
  sealed: (state) => {
    const { seal, area, name, from } = state;
    return (
      seal && {
        sealedSeq: seal.seq,
        firstSeq: seal.firstSeq,
        lastSeq: seal.lastSeq,
        reportSha256: seal.reportSha256,
        attachments: seal.attachments,
        sealedAt: seal.at,
        sealedBy: seal.kind === 'unaccepted' ? null : seal.by,
        late: lateCount(state),
        notes: SEALED_NOTES,
        lateSeqs: lateSeqs(state),
        name: `${from.slice(0, 10)}-${area.replaceAll('/', '-')}-${name.replace(/[^A-Za-z0-9]+/g, '-')}`,
      }
    );
  },
  prose: { permission: 'log.write', late: 'lateProse' },
  documents: { report: reportDocument, addendum: addendumDocument, timeline: timelineDocument },
  due: { at: clockAt, verb: 'tick' },
  policies,
  dashboard,
  note,
  capture,
  sheets: { sign: handOver, accept: receive },
});
