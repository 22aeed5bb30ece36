/** A plant on the real door: the real register on the memory store, with a clock that the test moves and ids that are the same on every run. */
import type { Logger } from 'pino';
import { carryOut } from '../../server/followers/policies.ts';
import { askDue } from '../../server/followers/timers.ts';
import { receiveDelivery, type Received } from '../../server/ingest/receive.ts';
import { features } from '../../shared/features/index.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import type { Command, Outcome } from '../../shared/kernel/command.ts';
import type { Subject } from '../../shared/kernel/event.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { openLedger } from '../../shared/kernel/ledger-on-store.ts';
import type { FeedEvent, Ledger, Stream } from '../../shared/kernel/ledger.ts';
import { memoryStore } from '../../shared/kernel/memory-store.ts';
import type { Refusal } from '../../shared/kernel/refusal.ts';
import type { Register } from '../../shared/kernel/register.ts';
import { utc } from '../../shared/kernel/schema.ts';
import type { Asked } from './ask.ts';
import { callerOf, ORG, type Person } from './people.ts';
import { strictRegister } from './strict.ts';
import { testSigner } from './test-signer.ts';

export const NIGHT_BEGINS = '2026-11-20T22:00:00.000Z';
const MINUTE = 60_000;

export type Accepted = Extract<Outcome, { subject: unknown }>;
export type Step = Said | ((plant: Plant) => Promise<unknown>);
export interface Said {
  readonly asked: Asked;
  readonly by: Person;
}

export interface Plant {
  readonly ledger: Ledger;
  readonly register: Register;
  /** Refusals that policies met: `tasks.assign unknown-reference`. */
  readonly refusedWishes: string[];
  /** Another process on the same store: what the first one only had in mind is gone. */
  restart(): void;
  now(): string;
  /** Moves the clock, in minutes or to a time. */
  pass(minutes: number): void;
  waitUntil(at: string): void;
  random(length: number): Uint8Array;
  command(said: Said, more?: Partial<Command>): Command;
  ask(said: Said, more?: Partial<Command>): Promise<Outcome>;
  /** Asks, expects a yes, and lets the policies follow. */
  must(said: Said): Promise<Accepted>;
  run(...steps: readonly Step[]): Promise<Plant>;
  deliver(integration: Person, body: unknown, headers?: Readonly<Record<string, string>>): Promise<Received | Refusal>;
  /** Lets the policies hear all that was recorded, the clock ask what is due, and all that follows from it. */
  settle(): Promise<void>;
  stream<S>(thing: Subject, org?: string): Promise<Stream<S>>;
  state<S>(thing: Subject): Promise<S>;
  events(after?: number): Promise<readonly FeedEvent[]>;
  history(thing: Subject): Promise<readonly FeedEvent[]>;
  head(): Promise<number>;
}

/** mulberry32: small, and the same everywhere. */
export function seededRandom(seed: number): (length: number) => Uint8Array {
  let at = seed;
  const next = () => {
    at = (at + 0x6d2b79f5) | 0;
    let t = Math.imul(at ^ (at >>> 15), 1 | at);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
  return (length) => Uint8Array.from({ length }, () => next() & 0xff);
}

export function createPlant(org: string = ORG): Plant {
  let milliseconds = Date.parse(NIGHT_BEGINS);
  const random = seededRandom(4711);
  const register = strictRegister(features);
  const now = () => milliseconds;
  const [store, signer] = [memoryStore(), testSigner()];
  const open = () =>
    openLedger({ store, world: { register, now, random }, signer, later: (work) => queueMicrotask(work) });
  let ledger = open();
  const refusedWishes: string[] = [];
  const warn = ({ wish, refused }: { wish: string; refused: string }) => refusedWishes.push(`${wish} ${refused}`);
  const follow = () => ({
    hear: carryOut(ledger, register, { warn } as unknown as Logger),
    tick: askDue(ledger, register, now, { warn: () => undefined }),
  });
  let { hear, tick } = follow();
  let heard = 0;

  const plant: Plant = {
    get ledger() {
      return ledger;
    },
    register,
    refusedWishes,
    random,
    restart() {
      ledger = open();
      ({ hear, tick } = follow());
    },
    now: () => utc(milliseconds),
    pass: (minutes) => void (milliseconds += minutes * MINUTE),
    waitUntil: (at) => void (milliseconds = Date.parse(at)),
    command: ({ asked: { type, subject, input, more }, by }, extra) => ({
      id: uuidV7(milliseconds, random(10)),
      org: by.org,
      type,
      subject,
      input,
      caller: callerOf(by),
      ...more,
      ...extra,
    }),
    async ask(said, more) {
      const [outcome] = await ledger.transact([plant.command(said, more)]);
      return outcome!;
    },
    async must(said) {
      const outcome = await plant.ask(said);
      if (outcome.outcome === 'rejected') {
        const { refused, detail } = outcome.refusal;
        throw new Error(`${said.by.name} may not ${said.asked.type}: ${refused}: ${detail}`);
      }
      await plant.settle();
      return outcome;
    },
    async run(...steps) {
      for (const step of steps) await (typeof step === 'function' ? step(plant) : plant.must(step));
      return plant;
    },
    async deliver(integration, body, headers = { 'content-type': 'application/json' }) {
      const bytes = body instanceof Uint8Array ? body : utf8(typeof body === 'string' ? body : JSON.stringify(body));
      const means = { ledger, now, random };
      const received = await receiveDelivery(means, callerOf(integration), {
        integration: integration.id,
        headers,
        body: bytes,
      });
      await plant.settle();
      return received;
    },
    async settle() {
      for (;;) {
        const [event] = await ledger.events(org, heard, 1);
        if (!event && (await tick()) === 0) return;
        if (!event) continue;
        await hear([event], new AbortController().signal);
        heard = event.seq;
      }
    },
    async stream<S>({ kind, id }: Subject, of = org) {
      const found = await ledger.stream(of, kind, id);
      if (!found) throw new Error(`There is no ${kind} ${id}.`);
      return found as Stream<S>;
    },
    async state<S>(thing: Subject) {
      return (await plant.stream<S>(thing)).state;
    },
    events: (after = 0) => ledger.events(org, after, 1_000_000),
    history: (thing) => ledger.history(org, thing),
    head: () => ledger.head(org),
  };
  return plant;
}
