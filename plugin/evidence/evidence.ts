/**
 * Photos and files travel with their entry: kept on this device's disk before an entry may name them, sent in the background one at a time,
 * and given up here only when the server has them on its own disk. What is not sent yet counts as waiting.
 */
import { isRefusal, refuse, type Refusal } from '../../shared/kernel/refusal.ts';
import type { Attention } from '../attention.ts';
import type { Clock } from '../link.ts';
import { StoreFull, type Blobs, type BytesReply, type KeptFile, type SendBytes } from './ports.ts';
import { outlived } from './shelf.ts';
import { pathOf, transfer, type Sent } from './transfer.ts';
import { connectionWords, evidenceWords } from '../words/index.ts';

export interface Kept {
  readonly sha256: string;
  readonly size: number;
}

export interface Evidence {
  /** On this device's disk when it answers; an entry may name it then. */
  keep(bytes: Uint8Array, name: string, type: string): Promise<Kept | Refusal>;
  /** From this device, as it was kept. */
  here(sha256: string): Promise<Uint8Array | undefined>;
  /** From this device, else from the server; `undefined` when neither can be asked, or has it. */
  get(sha256: string): Promise<Uint8Array | 'damaged' | undefined>;
  /** Of these, those that this device does not have (any more). */
  missing(names: readonly string[]): Promise<readonly string[]>;
  /** Files that the server does not have yet, and their bytes. */
  waiting(): number;
  waitingBytes(): number;
  onChange(hear: () => void): void;
  start(): Promise<void>;
  /** The connection is back, or somebody asks: at once, and what was refused too. */
  wake(): void;
  stop(): void;
}

export interface EvidenceParts {
  readonly blobs: Blobs;
  readonly send: SendBytes;
  readonly clock: Clock;
  readonly attention: Attention;
  /** SHA-256 in lower-case hex. */
  readonly digest: (bytes: Uint8Array) => Promise<string>;
}

const LIMIT = 20 * 1024 * 1024;
const BACKOFF = { least: 300, most: 30_000 };
/** A request that is not answered in this time has failed. */
const PATIENCE = 60_000;

export function createEvidence({ blobs, send, clock, attention, digest }: EvidenceParts): Evidence {
  const files = new Map<string, KeptFile>();
  /** Not tried again before somebody wakes this up. */
  const setAside = new Set<string>();
  const listeners: (() => void)[] = [];
  let isStopped = false;
  let isSending = false;
  let isWoken = false;
  let failures = 0;
  let cancelRetry: () => void = () => undefined;
  let loaded: Promise<void> | undefined;

  const changed = (): void => listeners.forEach((hear) => hear());
  const waiting = (): KeptFile[] => [...files.values()].filter(({ storedAt }) => storedAt === undefined);

  const load = (): Promise<void> =>
    (loaded ??= blobs.all().then(
      (all) => {
        for (const file of all) if (!files.has(file.sha256)) files.set(file.sha256, file);
        changed();
      },
      (error: unknown) => {
        loaded = undefined;
        attention.tell('files', evidenceWords.unreadable(reasonOf(error)));
      },
    ));

  const patient: SendBytes = (...request) =>
    new Promise<BytesReply>((resolve, reject) => {
      const cancel = clock.after(PATIENCE, () => reject(new Error(connectionWords.noAnswer)));
      void send(...request)
        .then(resolve, reject)
        .finally(cancel);
    });

  async function drop(doomed: readonly KeptFile[]): Promise<void> {
    for (const { sha256 } of doomed) {
      await blobs.drop(sha256);
      files.delete(sha256);
    }
  }

  async function one(file: KeptFile): Promise<Sent> {
    const bytes = await blobs.bytes(file.sha256);
    if (!bytes) return withoutBytes(file);
    const sent = await transfer(patient, file.sha256, bytes, () => isStopped);
    const isDamaged = sent.kind === 'refused' && sent.code === 'hash-mismatch' && (await digest(bytes)) !== file.sha256;
    return isDamaged ? { ...sent, code: DAMAGED } : sent;
  }

  /** Another window may have sent it and let it go. */
  async function withoutBytes({ sha256 }: KeptFile): Promise<Sent> {
    const { status } = await patient('HEAD', pathOf(sha256));
    if (status === 200) return { kind: 'stored' };
    return status === 404 ? { kind: 'refused', code: GONE, detail: '' } : { kind: 'later' };
  }

  async function settle(file: KeptFile, sent: Sent): Promise<void> {
    if (sent.kind === 'refused') {
      const cure = CURES[sent.code] ?? evidenceWords.notStored(sent.detail);
      attention.tell(`file:${file.sha256}`, `${file.name}: ${cure}`);
      setAside.add(file.sha256);
      if (sent.code === GONE) await drop([file]);
      return changed();
    }
    failures = 0;
    const stored = { ...file, storedAt: clock.now() };
    await blobs.note(stored);
    files.set(file.sha256, stored);
    attention.dismiss(`file:${file.sha256}`);
    changed();
  }

  /** Until nothing is left, the line fails, or the token does not hold. */
  async function drain(): Promise<void> {
    if (isSending || isStopped) return;
    isSending = true;
    isWoken = false;
    cancelRetry();
    try {
      await drop(outlived([...files.values()], clock.now()));
      for (;;) {
        const [next] = waiting()
          .filter(({ sha256 }) => !setAside.has(sha256))
          .sort((a, b) => a.keptAt - b.keptAt);
        if (!next) return;
        const sent = await one(next);
        if (sent.kind === 'stopped') return;
        if (sent.kind === 'stored' || sent.kind === 'refused') await settle(next, sent);
        // What failed before somebody woke this up says nothing about now.
        else if (isWoken) isWoken = false;
        else return sent.kind === 'later' ? later() : undefined;
      }
    } catch {
      // The line or the device's own store: both may come back.
      later();
    } finally {
      isSending = false;
    }
  }

  function later(): void {
    if (isStopped) return;
    const ceiling = Math.min(BACKOFF.most, BACKOFF.least * 2 ** failures++);
    cancelRetry = clock.after(Math.max(BACKOFF.least, clock.random() * ceiling), () => void drain());
  }

  async function here(sha256: string): Promise<Uint8Array | undefined> {
    const bytes = await blobs.bytes(sha256).catch(() => undefined);
    return bytes && (await digest(bytes)) === sha256 ? bytes : undefined;
  }

  async function put(file: KeptFile, bytes: Uint8Array): Promise<Refusal | undefined> {
    try {
      await blobs.put(file, bytes).catch(async (error: unknown) => {
        if (!(error instanceof StoreFull)) throw error;
        // What the server has can make room.
        await drop([...files.values()].filter(({ storedAt }) => storedAt !== undefined));
        await blobs.put(file, bytes);
      });
      return undefined;
    } catch (error) {
      return error instanceof StoreFull ? FULL : refuse('not-ready', notKept(reasonOf(error)));
    }
  }

  return {
    async keep(bytes, name, type) {
      if (!bytes.length) return refuse('invalid-input', evidenceWords.empty(name));
      if (bytes.length > LIMIT) return refuse('too-large', evidenceWords.tooLarge(name));
      await load();
      const file = { sha256: await digest(bytes), size: bytes.length, name, type, keptAt: clock.now() };
      const answer: Kept = { sha256: file.sha256, size: file.size };
      if (files.has(file.sha256) && (await here(file.sha256))) return answer;
      const refused = await put(file, bytes);
      if (isRefusal(refused)) return refused;
      files.set(file.sha256, file);
      setAside.delete(file.sha256);
      changed();
      void drain();
      return answer;
    },
    here,
    async get(sha256) {
      const kept = await here(sha256);
      if (kept) return kept;
      const reply = await patient('GET', pathOf(sha256)).catch(() => undefined);
      if (reply?.status !== 200) return undefined;
      return (await digest(reply.bytes)) === sha256 ? reply.bytes : 'damaged';
    },
    async missing(names) {
      await load();
      return names.filter((name) => !files.has(name));
    },
    waiting: () => waiting().length,
    waitingBytes: () => waiting().reduce((sum, { size }) => sum + size, 0),
    onChange: (hear) => void listeners.push(hear),
    async start() {
      await load();
      void drain();
    },
    wake() {
      setAside.clear();
      failures = 0;
      isWoken = true;
      void load().then(drain);
    },
    stop() {
      isStopped = true;
      cancelRetry();
    },
  };
}

const GONE = 'gone-here';
const DAMAGED = 'damaged-here';
const CURES: Readonly<Record<string, string>> = {
  [GONE]: evidenceWords.gone,
  [DAMAGED]: evidenceWords.damaged,
  'hash-mismatch': evidenceWords.damagedTwice,
  'too-large': evidenceWords.sizeRefused,
};

const FULL = refuse('not-ready', evidenceWords.noRoom);

const notKept = (why: string): string => evidenceWords.notKept(why);

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
