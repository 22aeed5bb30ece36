/** The shift as documents: its report, the report as amended, with what came after the seal under it, and its timeline. */
import * as z from 'zod';
import { eventsOfShift, type Loaded } from '../../kernel/read.ts';
import type { Recorded } from '../../kernel/event.ts';
import { timelineOf } from '../../kernel/timeline.ts';
import { inline } from '../../kernel/markdown.ts';
import { devicesAll } from '../devices/contract.ts';
import { allUsers } from '../users/contract.ts';
import type { ShiftState } from './contract.ts';
import { additions } from './late-lines.ts';
import { furtherReads, organisation, reportReads } from './report-reads.ts';
import { writeReport } from './report.ts';
import { momentsOf } from './timeline.ts';
import { localMoment } from './wording.ts';

type ReportSeen = Loaded<ReturnType<typeof reportReads>>;

const permission = (state: ShiftState) => (state.seal ? ('archive.read' as const) : ('operations.read' as const));

export const reportDocument = {
  contentType: 'text/markdown; charset=utf-8',
  title: 'Shift report',
  permission,
  final: (state: ShiftState): string | null => state.seal?.reportSha256 ?? null,
  reads: (state: ShiftState, id: string) => reportReads(state, id),
  further: (seen: ReportSeen) => furtherReads(seen),
  write: (state: ShiftState, seen: ReportSeen, { now, number }: { now: string; number: number | null }): string => {
    const org = seen.org[0]?.value;
    return writeReport({ ...seen, state, number, zone: org?.zone ?? 'UTC', organisation: org?.name ?? '', now });
  },
};

const counts = z.array(z.int());
export const timelineDocument = {
  contentType: 'application/json',
  schema: z.object({
    from: z.string(),
    to: z.string().meta({ description: 'When the shift ends, or is planned to' }),
    minutes: z.int().meta({ description: 'The length of a bucket' }),
    now: z.string().meta({ description: 'Until when it was counted' }),
    outside: z.int().meta({ description: 'How much happened before or after the buckets' }),
    raised: counts.meta({ description: 'Alarms, bucket by bucket; more than 10 are a flood' }),
    opened: counts.meta({ description: 'Tasks' }),
    closed: counts.meta({ description: 'Tasks' }),
    logged: counts.meta({ description: 'Entries' }),
  }),
  title: 'Shift timeline',
  permission,
  final: () => null,
  reads: (_state: ShiftState, id: string) => ({ events: eventsOfShift(id) }),
  write: (
    { from, to, status, seal }: ShiftState,
    { events }: { events: readonly Recorded[] },
    { now }: { now: string },
  ): string =>
    JSON.stringify(timelineOf({ from, to, now, goesOn: seal === null && status !== 'planned' }, momentsOf(events))),
};

const reads = () => ({ org: organisation(), users: allUsers(), devices: devicesAll() });
type Seen = Loaded<ReturnType<typeof reads>>;

export const addendumDocument = {
  contentType: 'text/markdown; charset=utf-8',
  title: 'Shift report as amended',
  permission,
  final: () => null,
  /** The sealed report, byte for byte, stands first. */
  begins: (state: ShiftState): string | null => state.seal?.reportSha256 ?? null,
  reads,
  write: (state: ShiftState, seen: Seen): string => `## Added after the seal\n\n${added(state, seen)}\n`,
};

function added(state: ShiftState, { org, users, devices }: Seen): string {
  const { seal } = state;
  if (!seal) return 'This shift is not sealed yet.';
  const zone = org[0]?.value.zone ?? 'UTC';
  const names = new Map([...users, ...devices].map(({ key, value }) => [key, value.name]));
  const lines = additions(state, {
    name: (id) => inline(names.get(id) ?? 'somebody no longer named'),
    device: (id) => inline(names.get(id) ?? `device …${id.slice(-8)}`),
    moment: (at) => localMoment(at, zone),
  });
  return `The report was sealed ${localMoment(seal.at, zone)} and never changed (SHA-256 ${seal.reportSha256}).\n\n${lines.join('\n') || 'Nothing came later.'}`;
}
