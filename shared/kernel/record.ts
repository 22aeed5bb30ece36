/** From decided facts to entries: envelope, shift stamp, changes, commitments, rows. Pure but for the transaction it appends to. */
import { leafBytes, type LeafV1 } from '../proof/leaf.ts';
import type { Command } from './command.ts';
import type { SignedCommand } from './device.ts';
import { commitBody } from './commitments.ts';
import type { Envelope, Fact, Recorded } from './event.ts';
import { evolved } from './evolved.ts';
import type { Feature } from './feature.ts';
import { uuidV7 } from './ids.ts';
import type { Attestation, Entry, Stream, Tx } from './ledger.ts';
import type { Row } from './read.ts';
import type { Register } from './register.ts';
import { Fault } from './refusal.ts';
import type { Area } from './roles.ts';

type Lateness = Pick<Envelope, 'late' | 'lateKind'>;

export interface World {
  readonly register: Register;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly random: (length: number) => Uint8Array;
  /** Signs a text with the organisation's seal key; armoured SSHSIG. */
  readonly attest: (org: string, namespace: string, text: string) => string;
}

/** What the door adds to a device's command. */
export interface Extras {
  readonly flags: readonly string[];
  readonly isAside: boolean;
}

export interface Recording {
  readonly seqs: readonly number[];
  /** As they stand in the first event: the seal of a shift may have added one. */
  readonly flags: readonly string[];
}

export interface Decided {
  readonly feature: Feature;
  readonly stream: Stream | undefined;
  readonly facts: readonly Fact[];
  readonly reason: string | undefined;
  readonly occurredAt: string;
  readonly receivedAt: string;
  readonly milliseconds: number;
}

export function record(
  tx: Tx,
  command: Command,
  sha256: string,
  decided: Decided,
  world: World,
  extras?: Extras,
): Recording {
  const { feature } = decided;
  const seqs: number[] = [];
  let noted: readonly string[] = [];
  let stream = decided.stream;
  let shift: Stamp | null | undefined;
  for (const fact of decided.facts) {
    const entry = world.register.events.get(fact.type);
    if (!entry || entry.feature !== feature)
      throw new Fault(`${feature.name} decided ${fact.type}, which is not one of its events.`);
    const seq = tx.head(command.org) + 1;
    const number = stream ? stream.number : tx.lastNumber(command.org, feature.kind) + 1;
    const body: Record<string, unknown> = { ...(entry.word.body.parse(fact.body) as object) };
    if (!stream) body['number'] = number;
    if (decided.reason !== undefined) body['reason'] = decided.reason;
    if (!seqs.length && command.made) body['made'] = command.made;
    if (!seqs.length && command.submittedBy) body['submittedBy'] = command.submittedBy;
    if (extras?.isAside) body['aside'] = true;
    const before: unknown = stream?.state ?? feature.initial;
    const draft: Recorded = {
      seq,
      org: command.org,
      id: uuidV7(decided.milliseconds, world.random(10)),
      type: fact.type,
      subject: command.subject,
      shift: null,
      actor: actorOf(command),
      device: command.device ?? null,
      occurredAt: decided.occurredAt,
      recordedAt: command.recordedAt ?? decided.receivedAt,
      receivedAt: decided.receivedAt,
      upstream: [...(fact.upstream ?? []), ...(seqs.length ? [] : (command.upstream ?? []))],
      command: { id: command.id, sha256 },
      body,
    };
    // Stamped once for the whole command: all its events belong to one shift.
    if (shift === undefined)
      shift = stampOf(tx, command, feature, feature.areaOf(evolved(feature, before, draft)), before, world);
    const lateness = shift?.sealed ? latenessOf(command, decided.occurredAt, shift.sealed) : undefined;
    const flags = [...(extras?.flags ?? []), ...(lateness && command.made ? ['late'] : [])];
    if (!seqs.length) noted = flags;
    const stamped: Recorded = {
      ...draft,
      shift: shift?.id ?? null,
      // The first event of a command speaks for all of them.
      body: { ...body, ...lateness, ...(flags.length && !seqs.length ? { flags } : {}) },
    };
    const after = evolved(feature, before, stamped);
    // What did not exist was nothing, not the defaults.
    const changes = differences(feature, stream ? (before as Record<string, unknown>) : {}, after);
    const event: Recorded = changes ? { ...stamped, body: { ...stamped.body, changes } } : stamped;
    stream = { kind: feature.kind, id: command.subject.id, number, first: stream?.first ?? seq, seq, state: after };
    append(tx, feature, event, stream, entry.erasable, fact, world, seqs.length ? undefined : command.signed);
    seqs.push(seq);
  }
  return { seqs, flags: noted };
}

function append(
  tx: Tx,
  feature: Feature,
  event: Recorded,
  stream: Stream,
  erasable: readonly (readonly string[])[],
  fact: Fact,
  world: World,
  signed: SignedCommand | undefined,
): void {
  const { committed, disclosures } = commitBody(event.seq, event.body, erasable, world.random);
  const attests = (world.register.events.get(event.type)!.word.attests ?? undefined) as
    { namespace: string; text: (body: unknown) => string } | undefined;
  const attestations: Attestation[] = [];
  if (attests) {
    const text = attests.text(event.body);
    attestations.push({
      namespace: attests.namespace,
      text,
      signature: world.attest(event.org, attests.namespace, text),
    });
  }
  const entry: Entry = {
    event,
    leaf: leafBytes(leafOf(event, committed as LeafV1['body'])),
    area: feature.areaOf(stream.state) ?? null,
    disclosures,
    stream,
    ...rowsOf(feature, event, stream),
    files: fact.files ?? [],
    attestations,
    seals: fact.seals ?? [],
    ...(signed ? { signed } : {}),
  };
  tx.append(entry);
}

/** Its members in the canonical order already, which spares the sorting. */
const leafOf = (event: Recorded, body: LeafV1['body']): LeafV1 => ({
  actor: event.actor,
  body,
  command: event.command,
  device: event.device,
  id: event.id,
  occurredAt: event.occurredAt,
  org: event.org,
  receivedAt: event.receivedAt,
  recordedAt: event.recordedAt,
  seq: event.seq,
  shift: event.shift,
  subject: event.subject,
  type: event.type,
  upstream: event.upstream,
  v: 1,
});

/** The rows that follow from an event: the same function live and when everything is rebuilt (L3). */
export function rowsOf(feature: Feature, event: Recorded, stream: Stream): Pick<Entry, 'main' | 'rows'> {
  const columnsOf = (columns: Readonly<Record<string, (value: never) => unknown>>, value: unknown) => {
    const out: Record<string, string | number | null> = {};
    for (const name in columns) out[name] = columns[name]!(value as never) as string | number | null;
    return out;
  };
  const rows = Object.entries(feature.tables ?? {}).flatMap(([table, side]) =>
    side
      .from(event, stream.state)
      .map(({ key, value }) => ({ table, key, value, columns: columnsOf(side.columns, value) })),
  );
  return {
    main: {
      table: feature.name,
      key: stream.id,
      value: stream.state,
      columns: columnsOf(feature.columns, stream.state),
    },
    rows,
  };
}

/** The shift that a command's events belong to; `sealed`: where its record ends, once it has ended. */
interface Stamp {
  readonly id: string;
  readonly sealed: { readonly seq: number; readonly at: string } | null;
}

/** An offset that was measured corrects the device's clock; a seal that the device had seen proves "after". */
function latenessOf({ made }: Command, occurredAt: string, sealed: NonNullable<Stamp['sealed']>): Lateness {
  if (!made) return { late: true };
  if (made.observedSeq >= sealed.seq) return { late: true, lateKind: 'made_after_seal' };
  if (made.clockOffsetMs === null) return { late: true, lateKind: 'unknown' };
  const isBefore = Date.parse(occurredAt) - made.clockOffsetMs < Date.parse(sealed.at);
  return { late: true, lateKind: isBefore ? 'made_before_seal' : 'made_after_seal' };
}

function stampOf(
  tx: Tx,
  command: Command,
  feature: Feature,
  area: Area | undefined,
  before: unknown,
  world: World,
): Stamp | null {
  const presiding = world.register.presiding;
  if (!presiding) return null;
  const rule = presiding.presides!;
  const sealOf = (state: unknown): Stamp['sealed'] => {
    if (!rule.isSealed(state)) return null;
    const seal = presiding.sealed?.(state);
    return { seq: seal?.sealedSeq ?? 0, at: seal?.sealedAt ?? '' };
  };
  if (feature === presiding) return { id: command.subject.id, sealed: sealOf(before) };
  if (command.shift) {
    const named = tx.stream(command.org, presiding.kind, command.shift);
    if (named) return { id: named.id, sealed: sealOf(named.state) };
  }
  if (area === undefined) return null;
  const id = rule.pick(tx.load(command.org, rule.over(pathsUp(area))) as readonly Row[]);
  return id ? { id, sealed: null } : null;
}

/** `a/b/c` → `a/b/c`, `a/b`, `a`: responsibility is looked for upward. */
export const pathsUp = (area: Area): Area[] =>
  area.split('/').map((_, i, parts) => parts.slice(0, parts.length - i).join('/'));

function differences(
  feature: Feature,
  before: Record<string, unknown>,
  after: unknown,
): Record<string, { was: unknown; now: unknown }> | undefined {
  let changes: Record<string, { was: unknown; now: unknown }> | undefined;
  for (const field of feature.tracked) {
    const was = before[field] ?? null;
    const now = (after as Record<string, unknown>)[field] ?? null;
    if (was !== now && JSON.stringify(was) !== JSON.stringify(now)) (changes ??= {})[field] = { was, now };
  }
  return changes;
}

function actorOf({ caller }: Command): Recorded['actor'] {
  return {
    kind: caller.kind,
    id: caller.id,
    ...(caller.role ? { role: caller.role } : {}),
    ...(caller.onBehalfOf ? { onBehalfOf: caller.onBehalfOf } : {}),
  };
}
