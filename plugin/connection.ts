/**
 * Keeps the device at the head of the feed: snapshot, then live over a socket from where the snapshot ended, by polling where sockets do
 * not pass. Cut off, it tries again with full jitter between 0.3 and 30 s, at once when asked; a silent line counts as cut off.
 */
import type { Recorded } from '../shared/kernel/event.ts';
import type { SocketMessage } from '../shared/sync/messages.ts';
import { CLOSE, SUBPROTOCOL, TICKET_PREFIX } from '../shared/sync/socket-words.ts';
import { answered, problemIn, type Clock, type Link, type Reply, type Socket } from './link.ts';
import type { Held } from './replica.ts';
import { connectionWords } from './words/index.ts';

export interface Me {
  readonly id: string;
  readonly kind: string;
  readonly role: string | null;
  readonly areas: readonly string[];
}

export interface Snapshot {
  readonly head: number;
  readonly instance: string;
  readonly organisation: string;
  readonly me: Me;
  readonly items: readonly Held[];
}

export type ConnectionState =
  | { readonly kind: 'unset' | 'connecting' | 'live' | 'stopped' }
  | { readonly kind: 'offline'; readonly since: number; readonly why: string }
  /** The server knows us and says no: trying again is of no use before somebody changes something. */
  | { readonly kind: 'denied'; readonly why: string };

export interface Hearer {
  /** Who follows, so that the server knows that this device is on the line. */
  readonly device?: () => string;
  /** A snapshot has come: what must be asked before it is shown. Rejects where it is better taken anew, with `Denied` where it is not to be. */
  readonly met?: (snapshot: Snapshot) => Promise<void>;
  started(snapshot: Snapshot): void;
  /** Answers whether the device must start from a new snapshot. */
  heard(events: readonly Recorded[], next: number): boolean;
  changed(state: ConnectionState): void;
}

const BACKOFF = { least: 300, most: 30_000 };
/** The server says something every 15 s. */
const SILENCE = 40_000;
/** After sleep, a line that has been silent for longer is not trusted. */
const DOUBT = 20_000;
const BETWEEN_SNAPSHOTS = 10_000;
const POLL = 2_000;

/** Trying again is of no use; the message says why. */
export class Denied extends Error {}

type Page = Pick<Extract<SocketMessage, { type: 'events' }>, 'items' | 'next' | 'head'>;

export interface Connection {
  readonly state: ConnectionState;
  start(): void;
  retryNow(): void;
  /** The device is awake or online again: go on if the line may be dead. */
  wake(): void;
  /** From a new snapshot, keeping what is known until it is there. */
  startOver(): void;
  /** A server of this name has answered elsewhere: when it is another one, everything starts over. */
  met(instance: string): void;
  stop(): void;
}

export function createConnection(link: Link, clock: Clock, hearer: Hearer): Connection {
  let state: ConnectionState = { kind: 'unset' };
  let cursor: number | undefined;
  let instance: string | undefined;
  let failures = 0;
  let round = 0;
  let wake: (() => void) | undefined;
  let socket: Socket | undefined;
  let socketsFail = 0;
  let heardAt = 0;
  let snapshotAt = -Infinity;

  const become = (next: ConnectionState): void => {
    if (next.kind === state.kind && next.kind !== 'denied') return;
    state = next;
    hearer.changed(state);
  };

  async function ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Reply> {
    const reply = await answered(link, clock, method, path, body);
    if (reply.status < 300) return reply;
    const { detail } = problemIn(reply);
    throw reply.status === 401 || reply.status === 403 ? new Denied(detail) : new Error(detail);
  }

  async function run(mine: number): Promise<void> {
    while (mine === round) {
      try {
        if (cursor === undefined) {
          await pause(snapshotAt + BETWEEN_SNAPSHOTS - clock.now());
          if (mine !== round) return;
          const snapshot = await takeSnapshot();
          if (mine !== round) return;
          await hearer.met?.(snapshot);
          if (mine !== round) return;
          cursor = snapshot.head;
          instance = snapshot.instance;
          snapshotAt = clock.now();
          hearer.started(snapshot);
        }
        await follow(mine);
      } catch (error) {
        if (mine !== round) return;
        if (error instanceof Denied) return become({ kind: 'denied', why: error.message });
        const why = error instanceof Error ? error.message : String(error);
        if (state.kind !== 'offline') become({ kind: 'offline', since: clock.now(), why });
      }
      if (mine !== round) return;
      const ceiling = Math.min(BACKOFF.most, BACKOFF.least * 2 ** failures++);
      await pause(Math.max(BACKOFF.least, clock.random() * ceiling));
    }
  }

  async function takeSnapshot(): Promise<Snapshot> {
    const items: Held[] = [];
    let first: Omit<Snapshot, 'items'> | undefined;
    for (let next: string | null = ''; next !== null;) {
      const { json } = await ask('GET', `/v1/sync/snapshot${next === '' ? '' : `?cursor=${encodeURIComponent(next)}`}`);
      const page = json as Snapshot & { readonly next: string | null };
      first ??= page;
      for (const item of page.items) items.push(item);
      next = page.next;
    }
    return { ...first!, items };
  }

  /** Resolves when the line is lost, or when this device must start over. */
  async function follow(mine: number): Promise<void> {
    if (socketsFail >= 3) return poll(mine);
    const { json } = await ask('POST', '/v1/sync/tickets', {
      purpose: 'feed',
      ...(hearer.device ? { deviceId: hearer.device() } : {}),
    });
    if (mine !== round) return;
    const { ticket } = json as { readonly ticket: string };
    await new Promise<void>((resolve, reject) => {
      let isOpen = false;
      let isLost = false;
      let inOrder = Promise.resolve();
      let quiet = clock.after(SILENCE, () => lost(new Error(connectionWords.silent)));
      const lost = (error?: Error): void => {
        isLost = true;
        quiet();
        wake = undefined;
        line.close();
        socket = undefined;
        if (error) reject(error);
        else resolve();
      };
      const line = link.socket('/v1/sync/feed', [SUBPROTOCOL, `${TICKET_PREFIX}${ticket}`], {
        opened() {
          isOpen = true;
          socketsFail = 0;
        },
        heard(text) {
          quiet();
          quiet = clock.after(SILENCE, () => lost(new Error(connectionWords.silent)));
          const message = JSON.parse(text) as SocketMessage;
          // What comes after something that could not be taken in would leave a gap.
          inOrder = inOrder
            .then(() => (isLost ? false : receive(message, mine)))
            .then(
              (isOver) => (isOver ? lost() : undefined),
              (error: unknown) => lost(error as Error),
            );
        },
        closed(code) {
          if (!isOpen) socketsFail += 1;
          lost(code === CLOSE.role ? new Denied(connectionWords.mayNotFollow) : new Error(connectionWords.lost));
        },
      });
      socket = line;
      wake = () => lost(new Error(connectionWords.trying));
    });
  }

  /** The socket begins at the server's head; what lies between our position and that is fetched first. Answers whether it is over. */
  async function receive(message: SocketMessage, mine: number): Promise<boolean> {
    if (mine !== round) return true;
    if (message.type === 'events') return take(message);
    if (message.instance !== instance) return over();
    // A head below ours may be old news; the feed itself does not lie.
    if (message.head !== (cursor ?? 0) && (await pull(mine))) return true;
    becomeLive();
    return false;
  }

  /** The history that this device has followed is not the server's any more. */
  function over(): true {
    cursor = undefined;
    snapshotAt = -Infinity;
    return true;
  }

  /** Up to the head over plain HTTP. */
  async function pull(mine: number): Promise<boolean> {
    for (;;) {
      const { json } = await ask('GET', `/v1/sync/feed?after=${cursor ?? 0}&limit=1000`);
      if (mine !== round) return true;
      const page = json as Page;
      if (page.head < (cursor ?? 0)) return over();
      if (take(page)) return true;
      if (page.next >= page.head) return false;
    }
  }

  /** Answers whether to start over. */
  function take({ items, next }: Page): boolean {
    if (next <= (cursor ?? 0)) return false;
    cursor = next;
    if (hearer.heard(items as readonly Recorded[], next)) {
      cursor = undefined;
      return true;
    }
    becomeLive();
    return false;
  }

  const becomeLive = (): void => {
    heardAt = clock.now();
    failures = 0;
    become({ kind: 'live' });
  };

  async function poll(mine: number): Promise<void> {
    // Now and then the socket gets another chance.
    for (let times = 0; times < 30 && mine === round; times++) {
      if (await pull(mine)) return;
      becomeLive();
      await pause(POLL);
    }
    socketsFail = 0;
  }

  const pause = async (milliseconds: number): Promise<void> => {
    if (milliseconds <= 0) return;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(milliseconds, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  };

  function halt(): void {
    round += 1;
    const waker = wake;
    wake = undefined;
    waker?.();
    socket?.close();
    socket = undefined;
  }

  const begin = (): void => {
    halt();
    failures = 0;
    if (state.kind !== 'offline') become({ kind: 'connecting' });
    void run(round);
  };

  return {
    get state() {
      return state;
    },
    start: begin,
    retryNow: begin,
    wake() {
      if (state.kind === 'offline' || (state.kind === 'live' && clock.now() - heardAt > DOUBT)) begin();
    },
    startOver() {
      over();
      begin();
    },
    met(name) {
      if (instance === undefined || name === instance || state.kind !== 'live') return;
      over();
      begin();
    },
    stop() {
      halt();
      become({ kind: 'stopped' });
    },
  };
}
