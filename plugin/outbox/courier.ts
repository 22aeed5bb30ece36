/**
 * Brings the outbox to the server: batch by batch in the device's order, each command settled by its own outcome. Only a broken line or a
 * server in trouble stops it; then it tries again by itself, later and later with full jitter, and at once when something happens.
 */
import { isQueued, nextBatch, nextTime, type Entry } from '../../shared/sync/outbox.ts';
import type { BatchAnswer, CommandOutcome, HelloAnswer, Standing } from '../../shared/sync/messages.ts';
import type * as z from 'zod';
import { answered, problemIn, type Clock, type Link, type Reply } from '../link.ts';
import type { ClockOffset } from './offset.ts';
import type { DeviceOutbox } from './outbox.ts';
import type { Identity } from '../identity.ts';

export interface Courier {
  /** Something is there to be sent, or the line may be good again. */
  poke(): void;
  /** The line is good and everything that is there has been fetched: the server is greeted, then the outbox goes. */
  connected(): void;
  stop(): void;
}

interface Parts {
  readonly link: Link;
  readonly clock: Clock;
  readonly outbox: DeviceOutbox;
  readonly identity: Identity;
  readonly offset: ClockOffset;
  readonly isLive: () => boolean;
  /** Before each greeting. */
  readonly verify: () => Promise<void>;
  /** Which server has answered. */
  readonly met: (instance: string) => void;
  /** How the server sees this identity. */
  readonly stands: (standing: Standing) => Promise<void>;
}

/** The server takes no more in one request. */
export const MOST = 50;
const BACKOFF = { least: 300, most: 30_000 };
/** A device that says nothing for a quarter of an hour counts as silent. */
const GREETING = 5 * 60_000;
/** Something in the batch itself is wrong: its halves find out which. */
const UNREADABLE = [400, 413, 415, 422];

export function createCourier({ link, clock, outbox, identity, offset, isLive, verify, met, stands }: Parts): Courier {
  let isBusy = false;
  let isStopped = false;
  let greetedAt = -Infinity;
  let failures = 0;
  let most = MOST;
  let later: (() => void) | undefined;

  function after(milliseconds: number): void {
    later?.();
    later = clock.after(milliseconds, () => {
      later = undefined;
      void work();
    });
  }

  async function work(): Promise<void> {
    if (isBusy || isStopped || !outbox.isOpen || !isLive()) return;
    isBusy = true;
    later?.();
    later = undefined;
    try {
      while (isLive() && !isStopped) {
        const batch = next();
        // Clocks may be set back.
        if (Math.abs(clock.now() - greetedAt) >= GREETING) await greet();
        else if (batch.length) await send(batch);
        else break;
      }
      failures = 0;
      const now = clock.now();
      const at = Math.min(greetedAt + GREETING, nextTime(outbox.entries, now) ?? Infinity);
      after(Math.min(GREETING, at - now));
    } catch {
      const ceiling = Math.min(BACKOFF.most, BACKOFF.least * 2 ** failures++);
      after(Math.max(BACKOFF.least, clock.random() * ceiling));
    } finally {
      isBusy = false;
    }
  }

  const next = (): readonly Entry[] => nextBatch(outbox.entries, most, clock.now());
  const depth = (): number => outbox.entries.filter(isQueued).length;

  async function greet(): Promise<void> {
    await verify();
    const { deviceId } = identity;
    const sentAt = clock.now();
    const lastDeviceSeq = outbox.lastDeviceSeq(deviceId);
    const reply = await post('/v1/sync/hello', { deviceId, lastDeviceSeq, outboxDepth: depth() });
    const { now, instance, standing } = reply.json as z.output<typeof HelloAnswer>;
    offset.measured(sentAt, clock.now(), Date.parse(now));
    greetedAt = sentAt;
    met(instance);
    await stands(standing);
  }

  async function post(path: string, body: unknown): Promise<Reply> {
    const reply = await answered(link, clock, 'POST', path, body);
    if (reply.status !== 200 || typeof reply.json !== 'object' || !reply.json) throw new Failed(reply);
    return reply;
  }

  async function send(batch: readonly Entry[]): Promise<void> {
    const { device } = batch[0]!;
    const lastDeviceSeq = outbox.lastDeviceSeq(device);
    const commands = batch.map(({ command }) => command);
    try {
      const reply = await post('/v1/sync/commands', {
        deviceId: device,
        lastDeviceSeq,
        outboxDepth: depth(),
        commands,
      });
      const { outcomes, instance, standing } = reply.json as z.output<typeof BatchAnswer>;
      const settled = await outbox.settle(outcomes);
      if (!settled.length) throw new Failed(reply);
      most = Math.min(MOST, most * 2);
      met(instance);
      if (device === identity.deviceId) await stands(standing);
    } catch (error) {
      if (!(error instanceof Failed) || !UNREADABLE.includes(error.reply.status)) throw error;
      if (batch.length > 1) most = Math.ceil(batch.length / 2);
      else await outbox.settle([refusedWhole(batch[0]!, error.reply)]);
    }
  }

  return {
    poke() {
      void work();
    },
    connected() {
      greetedAt = -Infinity;
      void work();
    },
    stop() {
      isStopped = true;
      later?.();
    },
  };
}

class Failed extends Error {
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(problemIn(reply).detail);
    this.reply = reply;
  }
}

/** The request was refused because of this one command: that is its outcome. */
function refusedWhole({ command: { id } }: Entry, reply: Reply): CommandOutcome {
  const { status } = reply;
  return {
    id,
    outcome: 'rejected',
    flags: [],
    problem: { type: 'about:blank', title: '', status, ...problemIn(reply) },
  };
}
