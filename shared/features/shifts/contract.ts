/** Shifts: a period of responsibility for one area, with a crew, a log, a handover between two people, and a seal. */
import * as z from 'zod';
import { command, event } from '../../kernel/feature.ts';
import { pathsUp } from '../../kernel/record.ts';
import { select, type Read, type Row } from '../../kernel/read.ts';
import { ROLES } from '../../kernel/roles.ts';
import { areaPath, asked, erasable, line, sha256Name, text, timestamp, uuid } from '../../kernel/schema.ts';
import { SEAL_NAMESPACE } from '../../proof/seal.ts';
import {
  clockCommands,
  clockEvents,
  clockShape,
  type Clocked,
  type LateAcceptance,
  type MissedCheck,
} from './clock-words.ts';
import { crewMember, dutyCommands, dutyEvents, onCrew, roster, type OnCrew } from './duty-words.ts';
import {
  aside,
  lateEntry,
  lateRead,
  notedShape,
  proseShape,
  type Aside,
  type LateEntry,
  type LateRead,
} from './late.ts';

export const shiftStatus = z.enum(['planned', 'active', 'closing', 'handed_over', 'sealed', 'lapsed']);
export type ShiftStatus = z.output<typeof shiftStatus>;

export const entryKind = z.enum([
  'note',
  'observation',
  'reading',
  'safety',
  'quality',
  'production',
  'staffing',
  'instruction',
  'handover_item',
]);
const decisionOf = <T extends z.ZodType>(task: T) =>
  z.strictObject({
    task,
    decision: z.enum(['continue', 'reassign', 'cancel']),
    assignee: z.union([z.strictObject({ user: uuid }), z.strictObject({ role: z.enum(ROLES) })]).optional(),
    reason: text(2000).optional(),
  });
/** A task by its id or its number for people. */
const taskRef = z.union([
  uuid,
  z.int().positive(),
  z.string().regex(/^[Tt]-\d{1,9}$/, 'Must be a task id or a number such as T-12.'),
]);

export const commands = {
  create: command(
    { area: areaPath, from: timestamp, to: timestamp, name: line(60).optional() },
    { permission: 'shift.plan', creates: true, title: 'Plan shift' },
  ),
  start: command(
    {
      crew: z
        .array(crewMember)
        .max(200)
        .default([])
        .meta({ description: 'The duty roster; whoever starts the shift is on it anyway' }),
    },
    { permission: 'shift.lead', title: 'Start shift' },
  ),
  log: command(
    {
      text: text(8000),
      kind: entryKind.default('note'),
      equipment: line(200).optional(),
      corrects: uuid
        .optional()
        .meta({ description: 'The entry of yours that this one puts right; the original stays legible' }),
    },
    { permission: 'log.write', title: 'Log entry' },
  ),
  close: command(
    {},
    {
      permission: 'shift.lead',
      title: 'Close shift',
      final: 'The handover begins, and the shift does not run on. Entries are welcome until it is sealed.',
    },
  ),
  sign: command(
    { decisions: z.array(decisionOf(taskRef)).max(3500).default([]) },
    {
      permission: 'shift.lead',
      title: 'Sign handover',
      final: 'From now on your name stands under this handover and what it decides.',
    },
  ),
  accept: command(
    { criticalItems: z.array(taskRef).max(1400).default([]), reservations: text(4000).optional() },
    {
      permission: 'shift.lead',
      title: 'Accept handover',
      final: 'You take over what is open. The handover stands accepted in your name.',
    },
  ),
  refuse: command({ reason: erasable(text(2000)) }, { permission: 'shift.lead', title: 'Refuse handover' }),
  seal: command(
    {
      expectedHead: z
        .int()
        .min(0)
        .optional()
        .meta({ description: 'The last position of the shift that you have seen; 409 head-moved when there is more' }),
    },
    {
      permission: 'shift.lead',
      title: 'Seal shift',
      online: true,
      final: 'The record of this shift is closed for good. What comes later stands beside it.',
      answered: 'What is on these devices cannot stand in the seal. Your reason stands there, beside each of them.',
    },
  ),
  amend: command(
    { text: text(8000), reason: erasable(text(2000)) },
    {
      permission: 'shift.lead',
      title: 'Amend sealed shift',
      final: 'What you write stands beside the sealed record for good.',
    },
  ),
  readLate: command(
    {
      upTo: asked(z.int().min(1), { byHost: true }).meta({
        description: 'The position of the last late entry that you have read',
      }),
    },
    { permission: 'shift.lead', title: 'Mark late entries as read' },
  ),
  noteLate: command(notedShape, { permission: 'task.carry-over', title: 'Note late entry', internal: true }),
  lateProse: command(proseShape, { permission: 'task.carry-over', title: 'Note late words', internal: true }),
  ...dutyCommands,
  ...clockCommands,
} as const;

const hash = sha256Name;
const exception = z.object({
  device: uuid,
  user: z.string().nullable(),
  lastDeviceSeq: z.int(),
  lastContact: z.string().nullable(),
  outboxDepth: z.int(),
  gaps: z.array(z.object({ from: z.int(), to: z.int() })),
});
const sealedProse = z.object({
  entity: uuid,
  room: z.string(),
  textSha256: hash,
  stateSha256: hash,
  updates: z.int(),
});
/** What a seal lists; what does not fit into one entry of the log goes on in the next. Older seals have evidence only. */
const listed = {
  attachments: z.array(hash),
  exceptions: z.array(exception).optional(),
  prose: z.array(sealedProse).optional(),
};
export type SealLists = Readonly<
  Required<{ [K in keyof typeof listed]: readonly NonNullable<z.output<(typeof listed)[K]>>[number][] }>
>;
const decided = decisionOf(uuid)
  .omit({ reason: true })
  .extend({ reason: erasable(z.string()).optional() });
export type Decision = z.output<typeof decided>;

export const events = {
  'shift.planned': event({
    area: z.string(),
    from: z.string(),
    to: z.string(),
    name: z.string(),
    /** Where it is not the ordinary hour. */
    graceMinutes: z.int().optional(),
  }),
  'shift.started': event({ crew: z.array(crewMember) }),
  'shift.logged': event({
    entry: uuid,
    text: erasable(z.string()),
    kind: entryKind,
    equipment: z.string().nullable(),
    corrects: uuid.nullable(),
    lateEntry: z.boolean(),
  }),
  'shift.closed': event({}),
  'shift.signed': event({ decisions: z.array(decided), criticalItems: z.array(uuid) }),
  // What does not fit into one entry of the log goes on in the next.
  'shift.decided': event({ decisions: z.array(decided), criticalItems: z.array(uuid) }),
  'shift.accepted': event({ criticalItems: z.array(uuid), reservations: erasable(z.string()).nullable() }),
  'shift.refused': event({}),
  'shift.sealed': event(
    {
      kind: z.enum(['accepted', 'unaccepted']),
      entries: z.int(),
      firstSeq: z.int(),
      lastSeq: z.int(),
      shiftRoot: z.string(),
      reportSha256: hash,
      manifestSha256: hash,
      sealSha256: hash,
      previousSeal: hash.nullable(),
      /** The last position that whoever sealed it had seen, when they said so. */
      expectedHead: z.int().nullable().optional(),
      ...listed,
      // Names of people stand in it; the digest above binds it for good.
      sealText: erasable(z.string()),
    },
    { attests: { namespace: SEAL_NAMESPACE, text: (body: { sealText: string }) => body.sealText } },
  ),
  'shift.evidenced': event(listed),
  'shift.amended': event({ text: erasable(z.string()) }),
  'shift.late_noted': event({ ...notedShape, text: erasable(z.string()) }),
  'shift.late_prose': event({
    ...proseShape,
    inserted: erasable(z.string()),
    struck: erasable(z.string()),
    context: erasable(z.string()),
  }),
  'shift.late_read': event({ upTo: z.int() }),
  ...dutyEvents,
  ...clockEvents,
} as const;

export interface LogEntry {
  readonly id: string;
  readonly seq: number;
  readonly at: string;
  readonly recordedAt: string;
  readonly by: string;
  readonly kind: string;
  readonly text: string;
  readonly equipment: string | null;
  readonly corrects: string | null;
  readonly late: boolean;
  readonly reason: string | null;
  readonly flags: readonly string[];
  /** Only on the device that made it: not yet on the server. */
  readonly waiting?: true;
}

export interface SealFacts extends SealLists {
  readonly kind: 'accepted' | 'unaccepted';
  readonly seq: number;
  readonly at: string;
  readonly by: string;
  readonly entries: number;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly shiftRoot: string;
  readonly reportSha256: string;
  readonly sealSha256: string;
  readonly expectedHead: number | null;
  /** Why it was sealed although devices were missing. */
  readonly reason: string | null;
}

interface Signed {
  readonly by: string;
  readonly at: string;
}

export interface ShiftState extends Clocked {
  readonly area: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly status: ShiftStatus;
  readonly crew: readonly OnCrew[];
  readonly startedBy: string | null;
  readonly startedAt: string | null;
  readonly startedSeq: number | null;
  readonly closedAt: string | null;
  readonly entries: readonly LogEntry[];
  readonly signature:
    (Signed & { readonly decisions: readonly Decision[]; readonly criticalItems: readonly string[] }) | null;
  readonly acceptance:
    (Signed & { readonly criticalItems: readonly string[]; readonly reservations: string | null }) | null;
  readonly refusals: readonly (Signed & { readonly reason: string })[];
  readonly seal: SealFacts | null;
  readonly amendments: readonly (Signed & { readonly seq: number; readonly text: string; readonly reason: string })[];
  readonly lateEntries: readonly LateEntry[];
  readonly asides: readonly Aside[];
  readonly lateReads: readonly LateRead[];
  /** Of a shift that the clock has sealed. */
  readonly lateAcceptance: LateAcceptance | null;
  readonly missedChecks: readonly MissedCheck[];
}

const signed = { by: z.string(), at: z.string() };
export const entity = z.object({
  id: uuid,
  number: z.int(),
  ref: z.string(),
  seq: z.int(),
  area: z.string(),
  name: z.string(),
  from: z.string(),
  to: z.string(),
  status: shiftStatus,
  crew: z.array(onCrew),
  startedBy: z.string().nullable(),
  startedAt: z.string().nullable(),
  closedAt: z.string().nullable(),
  entries: z.array(
    z.object({
      id: uuid,
      seq: z.int(),
      at: z.string(),
      recordedAt: z.string(),
      by: z.string(),
      kind: z.string(),
      text: z.string(),
      equipment: z.string().nullable(),
      corrects: uuid.nullable(),
      late: z.boolean(),
      reason: z.string().nullable(),
      flags: z.array(z.string()),
    }),
  ),
  signature: z.object({ ...signed, decisions: z.array(decided), criticalItems: z.array(uuid) }).nullable(),
  acceptance: z.object({ ...signed, criticalItems: z.array(uuid), reservations: z.string().nullable() }).nullable(),
  refusals: z.array(z.object({ ...signed, reason: z.string() })),
  seal: z
    .object({
      kind: z.enum(['accepted', 'unaccepted']),
      seq: z.int(),
      at: z.string(),
      by: z.string(),
      entries: z.int(),
      firstSeq: z.int(),
      lastSeq: z.int(),
      shiftRoot: z.string(),
      reportSha256: z.string(),
      sealSha256: z.string(),
      expectedHead: z.int().nullable(),
      reason: z.string().nullable(),
      attachments: z.array(z.string()),
      exceptions: z.array(exception),
      prose: z.array(sealedProse),
    })
    .nullable(),
  amendments: z.array(z.object({ ...signed, seq: z.int(), text: z.string(), reason: z.string() })),
  lateEntries: z.array(lateEntry),
  asides: z.array(aside),
  lateReads: z.array(lateRead),
  ...clockShape,
  roster: roster.optional(),
  devices: z
    .array(
      exception.extend({
        name: z.string(),
        received: z.int(),
        why: z.array(z.enum(['gaps', 'waiting', 'silent'])),
        says: z.string(),
      }),
    )
    .optional()
    .meta({ description: 'Until the seal, of one shift: devices that may still hold entries of it' }),
});

export const shiftsAmong = (ids: readonly string[]): Read<readonly Row<ShiftState>[]> =>
  select('shifts', { where: { key: { in: ids } } });

/** Sealed shifts of an area to which something came late, and the latest ones in any case. */
export const lateShiftsOf = (area: string): Read<readonly Row<ShiftState>[]> =>
  select('shifts', { where: { area, status: 'sealed', late: 1 }, limit: 50 });
export const latestSealedOf = (area: string): Read<readonly Row<ShiftState>[]> =>
  select('shifts', { where: { area, status: 'sealed' }, limit: 3 });

/** Of one area, whatever became of them. `after`: milliseconds since the epoch. */
export const shiftsEndingAfter = (area: string, after: number): Read<readonly Row<ShiftState>[]> =>
  select('shifts', { where: { area, ends: { above: after } }, order: 'oldest' });
export const runningShifts = (): Read<readonly Row<ShiftState>[]> =>
  select('shifts', { where: { status: { in: ['active', 'closing'] } } });
export const runningIn = (area: string): Read<readonly Row<ShiftState>[]> =>
  select('shifts', { where: { area, status: { in: ['active', 'closing'] } } });

/** Shifts that entries may still belong to, of the area and of those around it. */
export const presidingOver = (area: string | null): Read<readonly Row<ShiftState>[]> =>
  select('shifts', {
    where: { area: { in: area === null ? [] : pathsUp(area) }, status: { in: ['active', 'closing', 'handed_over'] } },
  });

export { isThere, type OnCrew } from './duty-words.ts';
