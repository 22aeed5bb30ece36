/** Sealing photographs the shift: report, manifest, the shift's own tree, and the plain text that the organisation's key signs. */
import { sha256Hex, utf8, base64 } from '../../kernel/bytes.ts';
import type { Fact, Recorded } from '../../kernel/event.ts';
import type { Ask } from '../../kernel/feature.ts';
import type { Row } from '../../kernel/read.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { manifestText } from '../../proof/bundle.ts';
import { sealText } from '../../proof/seal.ts';
import { leafHash, rootOfLeafHashes } from '../../proof/tree.ts';
import type { OrgState } from '../orgs/contract.ts';
import type { ShiftState } from './contract.ts';
import { localTime } from '../../kernel/local-time.ts';
import { localDay } from './wording.ts';
import type { ReportInput } from './report-input.ts';
import { writeReport } from './report.ts';

export interface SealInput extends Omit<ReportInput, 'state' | 'number' | 'zone' | 'organisation' | 'now'> {
  readonly org: readonly Row<OrgState>[];
  readonly self: readonly Row<ShiftState>[];
  readonly leaves: readonly { readonly seq: number; readonly leaf: Uint8Array }[];
  readonly before: readonly Row<ShiftState>[];
}

/** So many names of files fit into one entry of the log; the manifest's digest binds them all. */
const PER_ENTRY = 400;

export function sealFacts(state: ShiftState, ask: Ask, seen: SealInput): readonly Fact[] | Refusal {
  const org = seen.org[0]?.value;
  if (!org?.keys) return refuse('not-ready', 'The organisation has no keys yet; create it with `operary org create`.');
  const { leaves } = seen;
  const { zone, name: organisation } = org;
  const number = seen.self[0]?.number ?? null;
  const report = writeReport({ ...seen, state, number, zone, organisation, now: ask.now });
  const attachments = evidenceOf(seen.events);
  const facts = {
    kind: state.acceptance ? ('accepted' as const) : ('unaccepted' as const),
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
          attachments: attachments.map((sha256) => ({ sha256 })),
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
    exceptions: exceptions(state),
  });
  const body = {
    ...facts,
    attachments: attachments.slice(0, PER_ENTRY),
    sealText: text,
    sealSha256: sha256Hex(utf8(text)),
  };
  const further: Fact[] = [];
  for (let at = PER_ENTRY; at < attachments.length; at += PER_ENTRY)
    further.push({ type: 'shift.evidenced', body: { attachments: attachments.slice(at, at + PER_ENTRY) } });
  return [{ type: 'shift.sealed', body, files: [utf8(report)] }, ...further];

  function signer({ by, at }: { readonly by: string; readonly at: string }): string {
    return `${seen.users.find(({ key }) => key === by)?.value.name ?? by}, supervisor, ${at}`;
  }
}

const latestSeal = (sealed: readonly Row<ShiftState>[]): string | null =>
  sealed.map(({ value }) => value.seal!).sort((a, b) => b.seq - a.seq)[0]?.sealSha256 ?? null;

/** Every file that an event of the shift names as evidence, once, in the order of their names. */
const evidenceOf = (events: readonly Recorded[]): string[] =>
  [...new Set(events.flatMap(({ body }) => (body as { evidence?: readonly string[] }).evidence ?? []))].sort();

function exceptions({ acceptance, signature, refusals }: ShiftState): string[] {
  const unread = (signature?.criticalItems ?? []).filter((id) => !acceptance?.criticalItems.includes(id)).length;
  return [
    ...(acceptance ? [] : ['Nobody accepted this handover']),
    ...(acceptance?.reservations
      ? [`Accepted with reservations: ${acceptance.reservations.replace(/\s+/g, ' ')}`]
      : []),
    ...(unread ? [`${unread} critical item(s) were not read back`] : []),
    ...refusals.map(({ reason }) => `Refused before: ${reason.replace(/\s+/g, ' ')}`),
  ];
}
