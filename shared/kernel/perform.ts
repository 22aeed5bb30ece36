/**
 * THE door (L1). known? → parse → authorise → load → decide → append; the same function on the server and on a device.
 * Synchronous and without a clock of its own: it runs inside one transaction and one savepoint, so a refusal leaves nothing behind (L7).
 */
import { canonical, type Json } from './canonical.ts';
import { sha256HexOfText } from './bytes.ts';
import type { Command, Outcome } from './command.ts';
import type { Fact, Subject } from './event.ts';
import type { Ask } from './feature.ts';
import { derivedId, uuidV7 } from './ids.ts';
import type { Stream, Tx } from './ledger.ts';
import type { Read } from './read.ts';
import { refuseIssues } from './issues.ts';
import { isMade, performMade } from './perform-made.ts';
import { record, type Decided, type World } from './record.ts';
import type { CommandEntry } from './register.ts';
import { Fault, isRefusal, refuse, type Refusal } from './refusal.ts';
import { forbids, mayAtAll } from './roles.ts';
import { utc } from './schema.ts';

/** What was asked, as the exact JSON whose digest is recorded: the same id with another body is refused (L4). */
export const askedOf = (command: Command): Json => ({
  type: command.type,
  subject: command.subject.id,
  body: command.input as Json,
  upstream: (command.upstream ?? null) as Json,
});

export function perform(tx: Tx, command: Command, world: World): Outcome {
  const sha256 = command.askedSha256 ?? sha256HexOfText(canonical(askedOf(command)));
  const kept = tx.kept(command.org, command.id);
  if (kept) {
    if (kept.sha256 !== sha256) {
      return rejected(
        refuse(
          'command-id-reused',
          'This command id was used before with another body. Give every command an id of its own.',
        ),
      );
    }
    return kept.outcome.outcome === 'accepted' ? { ...kept.outcome, outcome: 'duplicate' } : kept.outcome;
  }
  if (isMade(command)) return performMade(tx, command, sha256, world, { decideOn, recordWitness });
  const decided = decideOn(tx, command, world);
  if (isRefusal(decided)) {
    if (decided.witness) recordWitness(tx, command, sha256, decided.witness, world);
    const outcome = rejected(decided);
    // What left a trace is kept with its answer, so that the same id leaves no second one (L4).
    if (command.keepRefusal || decided.witness) tx.keep(command.org, command.id, { sha256, outcome });
    return outcome;
  }
  const { seqs } = record(tx, command, sha256, decided, world);
  const outcome: Outcome = { outcome: 'accepted', subject: command.subject, seqs, head: tx.head(command.org) };
  tx.keep(command.org, command.id, { sha256, outcome });
  return outcome;
}

const rejected = (refusal: Refusal): Outcome => ({ outcome: 'rejected', refusal });

type Reads = (ask: Ask, state: unknown) => Readonly<Record<string, Read>>;
type FurtherReads = (ask: Ask, state: unknown, seen: unknown) => Readonly<Record<string, Read>>;

function decideOn(tx: Tx, command: Command, world: World): Decided | Refusal {
  const entry = world.register.commands.get(command.type);
  if (!entry) return refuse('not-found', `There is no command ${command.type}.`);
  const { feature, word, verb } = entry;
  if (!mayAtAll(command.caller, word.permission)) return forbids(command.caller, word.permission, {})!;
  const parsed = word.input.safeParse(command.input);
  if (!parsed.success) return refuseIssues(parsed.error);
  const input = parsed.data as { reason?: string; occurredAt?: string };
  const stream = tx.stream(command.org, feature.kind, command.subject.id);
  const absent = presence(entry, stream);
  if (absent) return absent;
  const milliseconds = world.now();
  const receivedAt = utc(milliseconds);
  let made = 0;
  const ask: Ask = {
    verb,
    subject: command.subject,
    input,
    caller: command.caller,
    now: receivedAt,
    occurredAt: input.occurredAt ?? command.occurredAt ?? receivedAt,
    recordedAt: command.recordedAt ?? receivedAt,
    upstream: command.upstream ?? [],
    minted: command.minted ?? {},
    // A device shows what it has made before the server knows of it: both must give it the same id.
    id: () => (command.device ? derivedId('made', command.id, String(made++)) : uuidV7(milliseconds, world.random(10))),
  };
  const state: unknown = stream?.state ?? feature.initial;
  const concern = feature.concern?.(state, ask) ?? { area: feature.areaOf(state) };
  const forbidden = forbids(command.caller, word.permission, concern);
  if (forbidden) return forbidden;
  const readTable = feature.reads as Readonly<Record<string, Reads>> | undefined;
  const furtherTable = feature.further as Readonly<Record<string, FurtherReads>> | undefined;
  const seen: Record<string, unknown> = {};
  const look = (reads: Readonly<Record<string, Read>> = {}): boolean => {
    const unread = Object.entries(reads).filter(([name]) => !(name in seen));
    for (const [name, read] of unread) seen[name] = tx.load(command.org, read);
    return unread.length > 0;
  };
  look(readTable?.[verb]?.(ask, state));
  while (look(furtherTable?.[verb]?.(ask, state, seen)));
  const decide = feature.decide[verb] as (state: unknown, ask: Ask, seen: unknown) => readonly Fact[] | Refusal;
  const facts = decide(state, ask, seen);
  if (isRefusal(facts)) return facts;
  return { feature, stream, facts, reason: input.reason, occurredAt: ask.occurredAt, receivedAt, milliseconds };
}

function presence(entry: CommandEntry, stream: Stream | undefined): Refusal | undefined {
  const { kind } = entry.feature;
  if (!stream && !entry.word.creates)
    return refuse('not-found', `There is no ${kind} with this id in your organisation.`);
  if (stream && entry.word.creates === true) return refuse('already-exists', `This ${kind} exists already.`);
  return undefined;
}

/** In the organisation's own stream, whatever shift the command names. */
function recordWitness(tx: Tx, { shift: _shift, ...command }: Command, sha256: string, fact: Fact, world: World): void {
  const feature = world.register.events.get(fact.type)?.feature;
  if (!feature) throw new Fault(`No feature records ${fact.type}.`);
  const subject: Subject = { kind: feature.kind, id: command.org };
  const milliseconds = world.now();
  const receivedAt = utc(milliseconds);
  const stream = tx.stream(command.org, feature.kind, command.org);
  const decided: Decided = {
    feature,
    stream,
    facts: [fact],
    reason: undefined,
    occurredAt: receivedAt,
    receivedAt,
    milliseconds,
  };
  record(tx, { ...command, subject, upstream: [] }, sha256, decided, world);
}
