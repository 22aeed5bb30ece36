/**
 * What a device made away from the server. Decided twice: as of what it had seen, which alone can refuse it; and at the head, which can
 * only flag it. Whoever may not be trusted just now is held for a supervisor. Every outcome is kept.
 */
import { asOf, hasSeen } from './as-of.ts';
import { canonical, type Json } from './canonical.ts';
import type { Command, Outcome } from './command.ts';
import type { Made, Receipt } from './device.ts';
import type { Fact, Recorded } from './event.ts';
import { isOfOnePart } from './evolved.ts';
import type { Ask } from './feature.ts';
import { derivedId } from './ids.ts';
import type { Tx } from './ledger.ts';
import { record, type Decided, type World } from './record.ts';
import { isRefusal, refuse, type Refusal, type RefusalCode } from './refusal.ts';

/** The door's own steps. */
export interface Door {
  /** Decides on what a transaction shows. */
  readonly decideOn: (tx: Tx, command: Command, world: World) => Decided | Refusal;
  readonly recordWitness: (tx: Tx, command: Command, sha256: string, fact: Fact, world: World) => void;
}

export type MadeCommand = Command & { readonly made: Made; readonly device: string };

export const isMade = (command: Command): command is MadeCommand => Boolean(command.made && command.device);

const CLOCK_LIMIT = 2 * 60_000;
const DOUBLE_TAP = 2 * 60_000;

/** Refusals of the rules themselves, not of who may. */
const MAY_REPEAT: Partial<Record<RefusalCode, true>> = { 'transition-not-allowed': true, 'shift-sealed': true };

export function performMade(
  tx: Tx,
  command: MadeCommand,
  sha256: string,
  world: World,
  { decideOn, recordWitness }: Door,
): Outcome {
  const arrival = command.confirmed ?? arrivalFlags(tx, command, world);
  if (!command.confirmed) {
    const { org, device, id, made, recordedAt } = command;
    tx.receive(org, { device, deviceSeq: made.deviceSeq, command: id, at: recordedAt ?? '' });
    const because = untrusted(tx, command, world);
    if (because) return 'held' in because ? hold(tx, command, sha256, arrival, because.held, world) : reject(because);
  }
  const { register } = world;
  const here = trustingFiles(tx);
  const view = asOf(here, register, command);
  const then = decideOn(view, command, world);
  if (isRefusal(then)) {
    const again = MAY_REPEAT[then.refused] && hasSeen(here, command) ? repeated(view, command, world) : undefined;
    // What is said to a sealed shift is late, and the door flags it so.
    const isLateHere = then.refused === 'shift-sealed' && again?.feature === register.presiding;
    const repeat = isLateHere ? [] : ['repeat'];
    if (again && (isLateHere || then.refused !== 'shift-sealed'))
      return accept(again, [...repeat, ...conflictsOf(again), ...remarksOf(again)], true);
    // It knew of the seal: the attempt is on record, as over HTTP.
    if (then.witness && view === here) recordWitness(tx, command, sha256, then.witness, world);
    return reject(then);
  }
  const head = view === here ? then : decideOn(here, command, world);
  if (isRefusal(head) && head.refused === 'already-exists') return reject(head);
  const { feature } = then;
  const conflicts = view === here ? [] : conflictsOf(then);
  const flags = [...conflicts, ...remarksOf(then)];
  if (!isRefusal(head) && isOfOnePart(feature, then.facts, head.facts)) return accept(head, flags, false);
  // What meets a seal becomes a late entry of that shift, and the door flags it so.
  const isLate = isRefusal(head) && head.refused === 'shift-sealed' && feature === register.presiding;
  return accept(then, conflicts.length || isLate ? flags : [...flags, 'concurrent'], true);

  function conflictsOf({ feature, receivedAt, occurredAt }: Decided): readonly string[] {
    const [is, was] = [tx, view].map((at) => at.stream(command.org, feature.kind, command.subject.id)?.state);
    const ask = askOf(command, { receivedAt, occurredAt }, world);
    return feature.conflicts?.(ask, is ?? feature.initial, was ?? feature.initial) ?? [];
  }

  function remarksOf(decided: Decided): readonly string[] {
    return [...duplicateFlags(tx, command, decided), ...evidenceFlags(tx, command)];
  }

  function accept(decided: Decided, marks: readonly string[], isAside: boolean): Outcome {
    // Whatever it was decided on, it is recorded at the head.
    const stream = tx.stream(command.org, decided.feature.kind, command.subject.id);
    const extras = { flags: [...new Set([...arrival, ...marks])], isAside };
    const { seqs, flags: noted } = record(tx, command, sha256, { ...decided, stream }, world, extras);
    const outcome: Outcome = {
      outcome: 'accepted',
      subject: command.subject,
      seqs,
      head: tx.head(command.org),
      ...(noted.length ? { flags: noted } : {}),
    };
    tx.keep(command.org, command.id, { sha256, outcome });
    return outcome;
  }

  function reject(refusal: Refusal): Outcome {
    const { witness: _witness, ...said } = refusal;
    const outcome: Outcome = { outcome: 'rejected', refusal: said };
    tx.keep(command.org, command.id, { sha256, outcome });
    return outcome;
  }
}

/** Whoever names a file holds it, and brings it: before its entry or after. */
const trustingFiles = (tx: Tx): Tx => ({
  ...tx,
  load: (org, read) => ('filesAmong' in read ? read.filesAmong : tx.load(org, read)),
});

/** For what has passed the rules: its input is known to parse. */
const askOf = (command: Command, decided: Pick<Decided, 'receivedAt' | 'occurredAt'>, world: World): Ask => ({
  verb: command.type.slice(command.type.indexOf('.') + 1),
  subject: command.subject,
  input: world.register.commands.get(command.type)!.word.input.parse(command.input),
  caller: command.caller,
  now: decided.receivedAt,
  occurredAt: decided.occurredAt,
  recordedAt: command.recordedAt ?? decided.receivedAt,
  upstream: command.upstream ?? [],
  minted: {},
  id: () => derivedId('made', command.id, '0'),
});

/** The same number from the same device under another id: one of two copies of it. And clocks that cannot be right. */
function arrivalFlags(tx: Tx, { org, device, id, made, recordedAt }: MadeCommand, world: World): string[] {
  const flags: string[] = [];
  if (tx.receiptsAt(org, device, made.deviceSeq).some(({ command }) => command !== id)) flags.push('device_forked');
  const { clockOffsetMs: offset } = made;
  const at = Date.parse(recordedAt ?? '');
  const before: Receipt | undefined = tx.receiptBefore(org, device, made.deviceSeq);
  const isSuspect =
    offset === null ||
    Math.abs(offset) > CLOCK_LIMIT ||
    at - offset > world.now() + CLOCK_LIMIT ||
    (before !== undefined && Date.parse(before.at) > at);
  if (isSuspect) flags.push('clock_suspect');
  return flags;
}

function untrusted(
  tx: Tx,
  { org, device, caller, made }: MadeCommand,
  world: World,
): { held: string } | Refusal | undefined {
  const { devices, people } = world.register;
  const standing = devices && tx.stream(org, devices.kind, device);
  if (standing && devices.devices!(standing.state).isWrittenOff)
    return { held: 'The device was written off. A supervisor confirms or discards what it still brings.' };
  const person = people && tx.stream(org, people.kind, caller.id);
  const leftAt = person ? people.people!(person.state) : null;
  if (leftAt === null) return undefined;
  if (made.observedSeq < leftAt)
    return { held: 'Its author has left since. A supervisor confirms or discards what was made before.' };
  return refuse('role-not-allowed', 'Its author had left before it was made. Ask a supervisor to enter it.');
}

/** In a stream of its own, complete, so that a supervisor can let it pass later exactly as it was. */
function hold(
  tx: Tx,
  command: MadeCommand,
  sha256: string,
  flags: readonly string[],
  because: string,
  world: World,
): Outcome {
  const { holding } = world.register;
  const refusal = refuse('role-not-allowed', because);
  if (!holding) return { outcome: 'rejected', refusal };
  const fact = holding.holds!({
    type: command.type,
    subject: command.subject,
    input: command.input,
    author: command.caller,
    device: command.device,
    made: command.made,
    occurredAt: command.occurredAt ?? command.recordedAt ?? '',
    shift: command.shift ?? null,
    submittedBy: command.submittedBy ?? null,
    signed: command.signed ?? null,
    flags,
    because,
  });
  const subject = { kind: holding.kind, id: command.id };
  const milliseconds = world.now();
  const receivedAt = new Date(milliseconds).toISOString();
  const decided: Decided = {
    feature: holding,
    stream: undefined,
    facts: [fact],
    reason: undefined,
    occurredAt: command.occurredAt ?? receivedAt,
    receivedAt,
    milliseconds,
  };
  const { shift: _shift, signed: _signed, ...held } = command;
  const { seqs } = record(tx, { ...held, subject, upstream: [] }, sha256, decided, world, { flags, isAside: false });
  const outcome: Outcome = { outcome: 'held', subject, seqs, refusal };
  tx.keep(command.org, command.id, { sha256, outcome });
  return outcome;
}

function repeated(view: Tx, command: Command, world: World): Decided | undefined {
  const entry = world.register.commands.get(command.type);
  const rule = entry?.feature.repeats?.[entry.verb];
  const stream = entry && view.stream(command.org, entry.feature.kind, command.subject.id);
  if (!entry || !rule || !stream) return undefined;
  const parsed = entry.word.input.safeParse(command.input);
  if (!parsed.success) return undefined;
  const milliseconds = world.now();
  const receivedAt = new Date(milliseconds).toISOString();
  const input = parsed.data as { reason?: string; occurredAt?: string };
  const occurredAt = input.occurredAt ?? command.occurredAt ?? receivedAt;
  const base: Decided = {
    feature: entry.feature,
    stream,
    facts: [],
    reason: input.reason,
    occurredAt,
    receivedAt,
    milliseconds,
  };
  const facts = rule(stream.state, askOf(command, base, world));
  return facts ? { ...base, facts } : undefined;
}

/** The same words of the same person about the same thing within two minutes, under another id. */
function duplicateFlags(tx: Tx, command: Command, { facts, occurredAt }: Decided): string[] {
  const [fact] = facts;
  if (!fact) return [];
  const words = Object.entries(command.input as object).filter(([key]) => key !== 'occurredAt');
  // A verb without words says nothing twice: the rules decide whether it may come again.
  if (!words.length) return [];
  const saysTheSame = ({ type, actor, body, occurredAt: at, device }: Recorded): boolean =>
    type === fact.type &&
    device !== null &&
    actor.id === command.caller.id &&
    Math.abs(Date.parse(at) - Date.parse(occurredAt)) <= DOUBLE_TAP &&
    words.every(([key, value]) => same(value, (body as Record<string, unknown>)[key]));
  return tx.history(command.org, command.subject).some(saysTheSame) ? ['possible_duplicate'] : [];
}

const same = (a: unknown, b: unknown): boolean => canonical((a ?? null) as Json) === canonical((b ?? null) as Json);

/** Evidence may come after its entry. */
function evidenceFlags(tx: Tx, { org, input }: Command): string[] {
  const { evidence } = input as { readonly evidence?: unknown };
  if (!Array.isArray(evidence) || !evidence.length) return [];
  const names = evidence.filter((name): name is string => typeof name === 'string');
  const stored = tx.load(org, { filesAmong: names }) as readonly string[];
  return stored.length < names.length ? ['evidence_pending'] : [];
}
