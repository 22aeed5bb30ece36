/** Sealing photographs the shift: report, people's text, manifest, the shift's own tree, and the plain text that the organisation's key signs. */
import { base64, sha256Hex, utf8 } from '../../kernel/bytes.ts';
import type { Fact } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import { localTime } from '../../kernel/local-time.ts';
import type { ProsePhoto } from '../../kernel/prose.ts';
import type { Row } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { manifestText } from '../../proof/bundle.ts';
import { sealText } from '../../proof/seal.ts';
import { leafHash, rootOfLeafHashes } from '../../proof/tree.ts';
import type { OrgState } from '../orgs/contract.ts';
import type { SealLists, ShiftState } from './contract.ts';
import type { MissingDevice } from './missing-devices.ts';
import type { ReportInput } from './report-input.ts';
import { evidenceOf } from './report-reads.ts';
import { writeReport } from './report.ts';
import { clockExceptions, handoverExceptions, missingExceptions, pendingExceptions } from './seal-exceptions.ts';
import { localDay } from './wording.ts';

export interface SealInput extends Omit<
  ReportInput,
  'state' | 'number' | 'zone' | 'organisation' | 'now' | 'exceptions' | 'byClock'
> {
  readonly org: readonly Row<OrgState>[];
  readonly self: readonly Row<ShiftState>[];
  readonly leaves: readonly { readonly seq: number; readonly leaf: Uint8Array }[];
  readonly before: readonly Row<ShiftState>[];
  /** Devices that may still hold entries. */
  readonly missing: readonly MissingDevice[];
  /** Of the files that its entries name, those whose bytes are here. Absent: all are. */
  readonly stored?: readonly string[];
}

type SealAsk = Ask<{ readonly expectedHead?: number | undefined; readonly reason?: string | undefined }>;

export function sealFacts(state: ShiftState, ask: SealAsk, seen: SealInput): readonly Fact[] | Refusal {
  const org = seen.org[0]?.value;
  if (!org?.keys) return refuse('not-ready', 'The organisation has no keys yet; create it with `operary org create`.');
  const { leaves, missing } = seen;
  const { zone, name: organisation } = org;
  const number = seen.self[0]?.number ?? null;
  const pending = [
    ...clockExceptions(state),
    ...missingExceptions(missing, ask.input.reason),
    ...pendingExceptions(seen),
  ];
  const byClock = state.acceptance === null;
  const about = { state, number, zone, organisation, now: ask.now };
  const report = writeReport({ ...seen, ...about, exceptions: pending, byClock });
  const photos = [...seen.prose, ...(seen.taskProse ?? [])];
  const lists = listsOf(seen, photos);
  const facts = {
    kind: byClock ? ('unaccepted' as const) : ('accepted' as const),
    entries: leaves.length,
    firstSeq: leaves[0]?.seq ?? 0,
    lastSeq: leaves.at(-1)?.seq ?? 0,
    shiftRoot: base64(rootOfLeafHashes(leaves.map(({ leaf }) => leafHash(leaf)))),
    reportSha256: sha256Hex(utf8(report)),
    manifestSha256: sha256Hex(
      utf8(
        manifestText({
          report,
          leaves: leaves.map(({ leaf }) => leaf),
          attachments: lists.attachments.map((sha256) => ({ sha256 })),
        }),
      ),
    ),
    previousSeal: latestSeal(seen.before),
  };
  const text = sealText({
    ...facts,
    record: `Shift report, ${state.area}, ${state.name}, ${localDay(state.from, zone)} ${localTime(state.from, zone)}–${localTime(state.to, zone)} ${zone}, S-${number}`,
    organisationName: organisation,
    organisation: org.keys.log.split('+')[0]!,
    shift: ask.subject.id,
    from: state.from,
    to: state.to,
    handedOverBy: state.signature && signer(state.signature),
    acceptedBy: state.acceptance && signer(state.acceptance),
    sealedAt: ask.now,
    exceptions: [...handoverExceptions(state), ...pending],
  });
  const [first, ...further] = inEntries(lists);
  const sealed: Fact = {
    type: 'shift.sealed',
    body: {
      ...facts,
      ...first,
      expectedHead: ask.input.expectedHead ?? null,
      sealText: text,
      sealSha256: sha256Hex(utf8(text)),
    },
    files: [utf8(report), ...photos.flatMap((photo) => [utf8(photo.text), photo.state])],
    seals: [ask.subject.id, ...seen.finished.map(({ key }) => key)],
  };
  return [sealed, ...further.map((body): Fact => ({ type: 'shift.evidenced', body }))];

  function signer({ by, at }: { readonly by: string; readonly at: string }): string {
    return `${seen.users.find(({ key }) => key === by)?.value.name ?? by}, supervisor, ${at}`;
  }
}

const latestSeal = (sealed: readonly Row<ShiftState>[]): string | null =>
  sealed.map(({ value }) => value.seal!).sort((a, b) => b.seq - a.seq)[0]?.sealSha256 ?? null;

/** The manifest binds the attachments: evidence that is here, and people's text with the state that made it. */
function listsOf({ events, stored, missing }: SealInput, photos: readonly ProsePhoto[]): SealLists {
  const evidence = evidenceOf(events).filter((name) => !stored || stored.includes(name));
  const prose = photos.map(({ entity, room, text, stateSha256, updates }) => ({
    entity,
    room,
    textSha256: sha256Hex(utf8(text)),
    stateSha256,
    updates,
  }));
  const texts = prose.flatMap(({ textSha256, stateSha256 }) => [textSha256, stateSha256]);
  return {
    attachments: [...new Set([...evidence, ...texts])].sort(),
    exceptions: missing.map(({ device, user, lastDeviceSeq, lastContact, outboxDepth, gaps }) => ({
      ...{ device, user, lastDeviceSeq, lastContact, outboxDepth },
      gaps: gaps.slice(0, MOST_GAPS),
    })),
    prose,
  };
}

const MOST_GAPS = 8;

/** So many of each fit into one entry of the log; the manifest's digest and the seal's text bind them all. */
const PER_ENTRY = { attachments: 300, exceptions: 30, prose: 50 };

function inEntries(lists: SealLists): readonly SealLists[] {
  const entries = Math.max(
    1,
    ...(['attachments', 'exceptions', 'prose'] as const).map((name) => Math.ceil(lists[name].length / PER_ENTRY[name])),
  );
  return Array.from({ length: entries }, (_, i) => {
    const part = <T>(all: readonly T[], many: number): readonly T[] => all.slice(i * many, (i + 1) * many);
    return {
      attachments: part(lists.attachments, PER_ENTRY.attachments),
      exceptions: part(lists.exceptions, PER_ENTRY.exceptions),
      prose: part(lists.prose, PER_ENTRY.prose),
    };
  });
}
