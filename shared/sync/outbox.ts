/**
 * What a device has recorded and the server has not yet confirmed: a queue in the device's own order. Each command is settled by its own
 * outcome; one that fails for good stands aside and never holds up those behind it. What was acknowledged is kept for a while, so that a
 * server that was restored from a copy gets it back.
 */
import type { Recorded } from '../kernel/event.ts';
import { needsALook } from '../kernel/flags.ts';
import type { CommandOutcome, DeviceCommand } from './messages.ts';

export interface Entry {
  /** The identity that numbered and signed it. */
  readonly device: string;
  /** As it is sent, signature included: these bytes never change. */
  readonly command: DeviceCommand;
  /** What the device's own rules made of it: shown until the server has said what it makes of it. */
  readonly shown: readonly Recorded[];
  /** `attention`: somebody must look at it. */
  readonly state: 'waiting' | 'stored' | 'attention';
  /** How often the server could not record it for reasons of its own. */
  readonly tries: number;
  /** Milliseconds: not to be sent before. */
  readonly notBefore: number;
  readonly outcome?: CommandOutcome['outcome'];
  readonly seq?: number;
  readonly flags: readonly string[];
  readonly problem?: CommandOutcome['problem'];
  /** When the server had its last word on it; absent while it is in the queue. */
  readonly settledAt?: number;
  /** Somebody has seen it. */
  readonly dismissed?: true;
  /** Signed and numbered anew for another identity: the server may know it under the old number. */
  readonly renumbered?: true;
  /** Acknowledged once, and sent again because the server may have lost it. */
  readonly again?: true;
  /** Counts the changes: of two copies the higher one holds. */
  readonly revision: number;
}

/** In the device's order. */
export type Outbox = readonly Entry[];

const KEPT = 30 * 24 * 3_600_000;
const TRIES = 5;
/** A batch stays well below what the server takes in one request. */
const BATCH_CHARACTERS = 1_000_000;
const SLOWLY = { first: 5_000, most: 15 * 60_000 };

export const isQueued = ({ settledAt }: Entry): boolean => settledAt === undefined;

export const inOrder = (entries: Iterable<Entry>): Outbox =>
  [...entries].sort(
    (a, b) =>
      a.command.deviceSeq - b.command.deviceSeq ||
      (a.command.id < b.command.id ? -1 : a.command.id > b.command.id ? 1 : 0),
  );

/** The union of copies; of two states of one command the later one. */
export function union(...copies: readonly (readonly Entry[])[]): Outbox {
  const latest = new Map<string, Entry>();
  for (const entry of copies.flat()) {
    const known = latest.get(entry.command.id);
    if (!known || entry.revision > known.revision) latest.set(entry.command.id, entry);
  }
  return inOrder(latest.values());
}

export const lastDeviceSeq = (outbox: Outbox, device: string): number =>
  Math.max(0, ...outbox.map((entry) => (entry.device === device ? entry.command.deviceSeq : 0)));

/** What goes out next: of one identity, oldest first. What must wait is passed over. */
export function nextBatch(outbox: Outbox, most: number, now: number): readonly Entry[] {
  const ready = outbox.filter((entry) => isQueued(entry) && entry.notBefore <= now);
  const batch: Entry[] = [];
  let characters = 0;
  for (const entry of ready.filter(({ device }) => device === ready[0]!.device)) {
    characters += JSON.stringify(entry.command).length;
    if (batch.length && (batch.length >= most || characters > BATCH_CHARACTERS)) break;
    batch.push(entry);
  }
  return batch;
}

/** When something in the queue may be sent that may not be sent now. */
export function nextTime(outbox: Outbox, now: number): number | undefined {
  const times = outbox.flatMap((entry) => (isQueued(entry) && entry.notBefore > now ? [entry.notBefore] : []));
  return times.length ? Math.min(...times) : undefined;
}

/** The entries that these outcomes change, as they are from now on. */
export function settle(outbox: Outbox, outcomes: readonly CommandOutcome[], now: number): readonly Entry[] {
  const byId = new Map(outbox.map((entry) => [entry.command.id, entry]));
  return outcomes.flatMap((outcome) => {
    const entry = byId.get(outcome.id);
    return entry && isQueued(entry) ? [settled(entry, outcome, now)] : [];
  });
}

function settled(entry: Entry, outcome: CommandOutcome, now: number): Entry {
  const { problem } = outcome;
  if (problem && (problem.status >= 500 || problem.status === 429)) return faulted(entry, problem, now);
  const { again: _again, problem: _problem, ...rest } = entry;
  // The id is ours alone: the server has it under the number that it had before.
  const isKnown = entry.renumbered && problem?.code === 'command-id-reused';
  // Its first answer was lost: what somebody must look at is told now.
  const isFlagged = outcome.outcome === 'duplicate' && !entry.again && needsALook(outcome.flags);
  const word = isKnown ? 'duplicate' : isFlagged ? 'flagged' : outcome.outcome;
  const isFine = word === 'accepted' || word === 'duplicate';
  return {
    ...rest,
    state: isFine ? 'stored' : 'attention',
    outcome: word,
    flags: outcome.flags,
    settledAt: now,
    revision: entry.revision + 1,
    ...(outcome.seq === undefined ? {} : { seq: outcome.seq }),
    ...(problem && !isKnown ? { problem } : {}),
  };
}

/** The server's trouble, not the command's: it is tried again, more and more slowly, while those behind it go on. */
function faulted(entry: Entry, problem: NonNullable<Entry['problem']>, now: number): Entry {
  const tries = entry.tries + 1;
  return {
    ...entry,
    tries,
    problem,
    state: tries >= TRIES ? 'attention' : 'waiting',
    notBefore: now + Math.min(SLOWLY.most, SLOWLY.first * 2 ** (tries - 1)),
    revision: entry.revision + 1,
  };
}

/** Whether the server has it in its record, under whatever flags. */
export const isRecorded = ({ outcome }: Entry): boolean =>
  outcome === 'accepted' || outcome === 'duplicate' || outcome === 'flagged';

/**
 * What was acknowledged, and a server that was restored from a copy may lack. Positions cannot tell: others may have written where these
 * entries stood. The server answers `duplicate` for what it has.
 */
export const unconfirmed = (outbox: Outbox): readonly Entry[] =>
  outbox.filter((entry) => isRecorded(entry) || entry.outcome === 'held');

/** Back into the queue, with the same bytes. */
export function broughtBack(entry: Entry): Entry {
  const { settledAt: _settledAt, outcome: _outcome, seq: _seq, problem: _problem, ...rest } = entry;
  return { ...rest, state: 'waiting', tries: 0, notBefore: 0, flags: [], again: true, revision: entry.revision + 1 };
}

/** The feed has brought what it became, though the answer may be lost; `undefined`: that server is not there any more. */
export function placed({ seq: _seq, ...entry }: Entry, seq?: number): Entry {
  return { ...entry, ...(seq === undefined ? {} : { seq }), revision: entry.revision + 1 };
}

export const dismissed = (entry: Entry): Entry => ({ ...entry, dismissed: true, revision: entry.revision + 1 });

export const counts = (outbox: Outbox): { readonly waiting: number; readonly attention: number } => ({
  waiting: outbox.filter(isQueued).length,
  attention: outbox.filter(({ state, dismissed: isSeen }) => state === 'attention' && !isSeen).length,
});

/** Without what was acknowledged long ago; the highest number of each identity stays, so that none is given twice. */
export function pruned(outbox: Outbox, now: number): Outbox {
  const last = new Map(outbox.map(({ device, command }) => [device, command.deviceSeq]));
  return outbox.filter(
    ({ device, command, state, settledAt = now, dismissed: isSeen }) =>
      now - settledAt < KEPT || (state === 'attention' && !isSeen) || command.deviceSeq === last.get(device),
  );
}
