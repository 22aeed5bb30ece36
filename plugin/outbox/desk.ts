/**
 * Where everything that this device records comes together: who asks, what is stored, what is shown of it, what the server makes of it,
 * and what is given back to a server that has lost it.
 */
import type { Caller } from '../../shared/kernel/command.ts';
import type { Recorded } from '../../shared/kernel/event.ts';
import { refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import { broughtBack, isQueued, isRecorded, placed, unconfirmed, union, type Entry } from '../../shared/sync/outbox.ts';
import { createAsking, type Asking } from '../asking.ts';
import type { Connection, Me, Snapshot } from '../connection.ts';
import type { HostPorts } from '../host-ports.ts';
import type { Overlay } from '../provisional.ts';
import type { Replica } from '../replica.ts';
import { callerOf } from '../verbs.ts';
import { createCourier, type Courier } from './courier.ts';
import { createHistory } from './history.ts';
import { pendingOf } from './made.ts';
import type { ClockOffset } from './offset.ts';
import { createOutbox } from './outbox.ts';
import { createOverHttp } from './over-http.ts';
import { createRecognition } from './recognition.ts';
import { createStanding } from './standing.ts';
import { tellOutcomes } from './telling.ts';
import { outboxWords } from '../words/index.ts';

export interface Desk {
  readonly asking: Asking;
  readonly courier: Courier;
  /** Who uses this device just now. */
  readonly me: Me | undefined;
  readonly organisation: string;
  /** Whose token this device uses, once the server has said so. */
  readonly bearer: string | undefined;
  /** How far this device has seen. */
  readonly position: number;
  readonly waiting: number;
  /** A snapshot is about to be shown: what it has of the outbox is asked before. */
  met(): Promise<void>;
  started(snapshot: Snapshot): void;
  /** After confirmed state has moved. Answers the streams whose pending part looks different. */
  heard(events: readonly Recorded[], next: number): ReadonlySet<string>;
  close(): void;
}

type Parts = Omit<HostPorts, 'outbox' | 'files' | 'breathe' | 'askPerson'> & {
  readonly outbox: HostPorts['outbox'];
  readonly offset: ClockOffset;
  readonly replica: Replica;
  readonly overlay: Overlay;
  readonly connection: Connection;
  readonly redraw: (keys: ReadonlySet<string>) => void;
  /** Texts of people that are on this device only. */
  readonly textsWaiting: () => number;
  /** The server is not the one of before, or has lost something. */
  readonly replaced: () => void;
  /** Everything is to be written from now on: there is state to write. */
  readonly begin: () => void;
};

const SAVE_AFTER = 10_000;
/** Somebody may go down into the cellar at once. */
const FIRST_SAVE_AFTER = 3_000;

export function createDesk(parts: Parts): Desk {
  const { register, link, clock, memory, attention, identity, lastSeen, offset, replica, overlay, connection } = parts;
  const outbox = createOutbox({ ...parts, store: parts.outbox, now: () => clock.now(), recognised });
  const history = createHistory(link, clock, memory);
  const recognise = createRecognition(link, clock);
  /** What is shown came from the server since the app was started. */
  let isFresh = false;
  let snapshot: Omit<Snapshot, 'items'> | undefined;
  let position = 0;
  let saving: (() => void) | undefined;
  const isLive = (): boolean => connection.state.kind === 'live';

  function meAs(person: string | undefined): Me | undefined {
    const me = snapshot?.me;
    if (!me || person === undefined || person === me.id) return me;
    const { devices } = register;
    const device = devices && overlay.get({ kind: devices.kind, id: identity.deviceId });
    const known = device && devices.devices!(device.state).people.find(({ user }) => user === person);
    return known && { id: person, kind: 'user', role: known.role, areas: known.areas };
  }

  const callerAs = (person: string | undefined): Caller | undefined => {
    const me = meAs(person);
    return me && { ...callerOf(me), org: snapshot!.organisation };
  };

  const caller = (): Caller | Refusal =>
    parts.people.refusal() ??
    callerAs(identity.person()) ??
    (snapshot
      ? refuse('role-not-allowed', outboxWords.signIn)
      : refuse('not-ready', history.hasBegun ? outboxWords.fetchAgain : outboxWords.neverMet));

  async function recognised(entries: readonly Entry[]): Promise<readonly Entry[]> {
    // Where the server cannot tell now, the next snapshot asks again.
    return isFresh ? union(entries, await recognise(entries).catch(() => [])) : entries;
  }

  /** Confirmed state, or its one stream that is newer than the rest, is not so far yet. */
  function isAhead(seq: number, { type, subject }: Entry['command']): boolean {
    const feature = register.commands.get(type)?.feature;
    const held = feature && replica.get({ kind: feature.kind, id: subject });
    return seq > position && seq > (held?.seq ?? 0);
  }

  const isPending = (entry: Entry): boolean =>
    !entry.again &&
    entry.shown.length > 0 &&
    (isQueued(entry) || isRecorded(entry)) &&
    isAhead(entry.seq ?? (isQueued(entry) ? Infinity : 0), entry.command);

  function refresh(): ReadonlySet<string> {
    const org = snapshot?.organisation ?? '';
    return overlay.show(
      outbox.entries
        .filter(isPending)
        .map((entry) => pendingOf(register, entry, org, callerAs))
        .filter((pending) => pending !== undefined),
    );
  }

  const asking = createAsking({
    ...parts,
    outbox,
    overHttp: createOverHttp(parts),
    caller,
    isLive,
    position: () => position,
    confirmedSeq: (subject) => replica.get(subject)?.seq,
    clockOffset: () => offset.milliseconds,
    send: () => courier.poke(),
  });
  const courier = createCourier({
    ...parts,
    outbox,
    isLive,
    async verify() {
      if (await history.verify()) return;
      await bringBack();
      connection.startOver();
    },
    met: (instance) => connection.met(instance),
    stands: createStanding({ ...parts, outbox, asking }),
  });
  outbox.onChange(() => {
    parts.redraw(refresh());
    asking.moved();
  });
  tellOutcomes({
    ...{ outbox, attention, view: overlay, evidence: parts.evidence },
    isAwaited: (id) => asking.isAwaited(id),
  });

  /** What this device knows to be recorded, offered once more. */
  async function bringBack(): Promise<void> {
    parts.replaced();
    await opened;
    await outbox.replace(unconfirmed(outbox.entries).map(broughtBack));
    courier.poke();
  }

  async function met(place: { readonly instance: string; readonly head: number }): Promise<void> {
    const isSame = history.continues(place);
    if (!isSame) await bringBack();
    // Only now: a crash before this finds the loss again.
    history.remember(place, isSame);
  }

  function keep(next: Omit<Snapshot, 'items'>): void {
    snapshot = next;
    position = next.head;
    outbox.rescue(next.me.id);
  }

  function save(after = SAVE_AFTER): void {
    saving ??= clock.after(after, () => {
      saving = undefined;
      if (!snapshot) return;
      lastSeen
        .save({ ...snapshot, head: position, items: [...replica.everything()] })
        .catch((error: unknown) => attention.tell('last-seen', outboxWords.notKept(String(error))));
    });
  }

  async function open(): Promise<void> {
    try {
      const last = await lastSeen.load();
      if (last && !snapshot) {
        keep(last);
        replica.load(last.items);
        refresh();
        parts.begin();
      }
    } catch {
      // Only the start without a network is poorer for it.
    }
    try {
      await outbox.open();
      courier.poke();
    } catch (error) {
      attention.tell('outbox', error instanceof Error ? error.message : String(error));
    }
  }
  const opened = open();

  return {
    asking,
    courier,
    get me() {
      return meAs(identity.person());
    },
    get organisation() {
      return snapshot?.organisation ?? '';
    },
    get bearer() {
      return snapshot?.me.id;
    },
    get position() {
      return position;
    },
    get waiting() {
      return outbox.counts.waiting + parts.evidence.waiting() + parts.textsWaiting();
    },
    async met() {
      isFresh = true;
      if (outbox.isOpen) await outbox.replace(await recognise(outbox.entries));
    },
    started({ items, ...place }) {
      keep(place);
      replica.load(items);
      refresh();
      overlay.reset();
      parts.people.met(place.me);
      void met(place);
      save(FIRST_SAVE_AFTER);
    },
    heard(events, next) {
      position = next;
      history.seen(next);
      const places = new Map(events.map(({ command, seq }) => [command.id, seq]));
      const found = outbox.entries.filter((entry) => isQueued(entry) && places.has(entry.command.id));
      void outbox.replace(found.map((entry) => placed(entry, places.get(entry.command.id))));
      save();
      return refresh();
    },
    close() {
      saving?.();
      courier.stop();
      outbox.close();
    },
  };
}
