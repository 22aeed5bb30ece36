/**
 * What a person asks for. The rules on this device answer at once; what they allow is stored here and sent when there is a network. What
 * only the server can decide goes there straight away, and needs one.
 */
import type { Caller, Command } from '../shared/kernel/command.ts';
import type { Subject } from '../shared/kernel/event.ts';
import { fromHex } from '../shared/kernel/bytes.ts';
import { uuidV7 } from '../shared/kernel/ids.ts';
import type { CommandEntry, Register } from '../shared/kernel/register.ts';
import type { Refusal } from '../shared/kernel/refusal.ts';
import { utc } from '../shared/kernel/schema.ts';
import { isQueued, isRecorded, type Entry } from '../shared/sync/outbox.ts';
import type { Identity } from './identity.ts';
import type { Clock } from './link.ts';
import { entryOf } from './outbox/made.ts';
import type { OverHttp } from './outbox/over-http.ts';
import type { DeviceOutbox } from './outbox/outbox.ts';
import { createWaiting } from './outbox/waiting.ts';
import type { Asked, Fields, Outcome } from './outbox/words.ts';
import type { Overlay } from './provisional.ts';
import { outboxWords } from './words/index.ts';

export type { Asked, Fields, Outcome } from './outbox/words.ts';

export interface Asking {
  /** How many wait for the server's answer over HTTP. */
  readonly pending: number;
  /** Online it returns when the server has answered and, where it agreed, its event has arrived here. */
  ask(asked: Asked): Promise<Outcome>;
  /** Only stores it, to be sent with all else; answers why not. */
  enlist(asked: Required<Asked>): Promise<Outcome | undefined>;
  /** Somebody waits for the outcome of this command and is told of it. */
  isAwaited(id: string): boolean;
  /** Something has arrived, from the server or in the outbox. */
  moved(): void;
}

interface Parts {
  readonly register: Register;
  readonly clock: Clock;
  readonly overlay: Overlay;
  readonly outbox: DeviceOutbox;
  readonly identity: Identity;
  readonly overHttp: OverHttp;
  readonly unique: () => string;
  /** Who acts, of which organisation; or why nobody can. */
  readonly caller: () => Caller | Refusal;
  readonly isLive: () => boolean;
  /** How far this device has seen, and how far it was with confirmed state of a stream. */
  readonly position: () => number;
  readonly confirmedSeq: (subject: Subject) => number | undefined;
  readonly clockOffset: () => number | null;
  readonly send: () => void;
}

const PATIENCE = 5_000;
/** The rules may miss here what the server holds. */
const UNKNOWN_HERE = ['not-found', 'unknown-reference'];
type Refused = Extract<Outcome, { kind: 'refused' }>;
const refused = ({ refused: code, detail, fields = [] }: Refusal): Refused => ({
  kind: 'refused',
  code,
  detail,
  fields,
});
const no = (code: string, detail: string): Refused => ({ kind: 'refused', code, detail, fields: [] });

export function createAsking(parts: Parts): Asking {
  const { register, clock, overlay, outbox, identity, overHttp, isLive, position } = parts;
  const waiting = createWaiting(clock);
  const awaited = new Set<string>();
  const newId = (): string => uuidV7(clock.now(), fromHex(parts.unique()).subarray(0, 10));

  async function atTheServer(entry: CommandEntry, asked: Asked): Promise<Outcome> {
    const before = asked.subject && parts.confirmedSeq(asked.subject);
    const outcome = await overHttp.ask(entry, asked);
    if (outcome.kind === 'done' && entry.feature.travels) {
      const { seq = (before ?? 0) + 1, id = asked.subject?.id } = outcome.entity as { seq?: number; id?: string };
      const subject = { kind: entry.feature.kind, id: id ?? '' };
      await waiting.until(() => (parts.confirmedSeq(subject) ?? Infinity) >= seq, PATIENCE);
    }
    return outcome;
  }

  async function onThisDevice(entry: CommandEntry, asked: Asked): Promise<Outcome> {
    const id = newId();
    awaited.add(id);
    try {
      const subject = asked.subject ?? { kind: entry.feature.kind, id: newId() };
      const refusal = await store(id, subject, asked);
      if (!refusal) {
        parts.send();
        return await answerTo(id, subject);
      }
      return UNKNOWN_HERE.includes(refusal.code) && isLive() ? await atTheServer(entry, asked) : refusal;
    } finally {
      awaited.delete(id);
    }
  }

  /** `undefined` when it is in the outbox. */
  async function store(id: string, subject: Subject, { type, input }: Asked): Promise<Refused | undefined> {
    if (!(await waiting.until(() => outbox.isOpen, PATIENCE))) return no('not-ready', outboxWords.otherWindow);
    const caller = parts.caller();
    if ('refused' in caller) return refused(caller);
    const now = utc(clock.now());
    const body = JSON.parse(JSON.stringify(input)) as Record<string, unknown>;
    const command: Command = {
      id,
      org: caller.org,
      type,
      subject,
      input: body,
      caller,
      occurredAt: now,
      recordedAt: now,
    };
    let refusal: Refused | undefined;
    try {
      await outbox.put((deviceSeq) => {
        const decided = overlay.decide({ ...command, device: identity.deviceId }, deviceSeq);
        if ('refused' in decided) return void (refusal = refused(decided));
        const shift = decided[0]?.shift;
        const draft = {
          id,
          type,
          v: 1 as const,
          subject: subject.id,
          body,
          deviceSeq,
          observedSeq: position(),
          occurredAt: now,
          tz: Intl.DateTimeFormat().resolvedOptions().timeZone,
          clockOffsetMs: parts.clockOffset(),
          author: caller.id,
          ...(shift ? { shift } : {}),
        };
        return entryOf(identity, draft, decided);
      });
    } catch (error) {
      return no('not-saved', error instanceof Error ? error.message : String(error));
    }
    return refusal;
  }

  async function answerTo(id: string, subject: Subject): Promise<Outcome> {
    const find = (): Entry | undefined => outbox.entries.find(({ command }) => command.id === id);
    const isSettled = (): boolean => {
      const entry = find();
      return entry !== undefined && !isQueued(entry);
    };
    if (isLive()) await waiting.until(() => isSettled() || !isLive(), PATIENCE);
    const entry = find()!;
    if (isQueued(entry)) return { kind: 'saved', id, subject, entity: shown(subject) };
    if (isRecorded(entry)) {
      await waiting.until(() => position() >= (entry.seq ?? 0), PATIENCE);
      return { kind: 'done', entity: shown(subject) };
    }
    // Told right here, and by whoever asked.
    outbox.dismiss(id);
    const { code = 'held', detail = outboxWords.keptForSupervisor, fields = [] } = entry.problem ?? {};
    return { kind: 'refused', code: entry.outcome === 'held' ? 'held' : code, detail, fields };
  }

  /** The item as this device shows it, in the words of the API. */
  function shown(subject: Subject): Fields {
    const held = overlay.get(subject);
    return held ? { ...register.byKind.get(held.kind)!.view(held.state, held) } : { id: subject.id };
  }

  return {
    get pending() {
      return overHttp.pending;
    },
    async ask(asked) {
      const entry = register.commands.get(asked.type);
      if (!entry) return no('not-found', outboxWords.noCommand(asked.type));
      const { word, feature } = entry;
      return word.online || word.mints || !feature.travels ? atTheServer(entry, asked) : onThisDevice(entry, asked);
    },
    enlist: (asked) => store(newId(), asked.subject, asked),
    isAwaited: (id) => awaited.has(id),
    moved: () => waiting.look(),
  };
}
