/**
 * The commit pipeline. Waiting commands are taken in batches (group commit); one transaction decides, appends, updates rows and tree and
 * signs one checkpoint per organisation; one savepoint per command, so that a poison command fails alone.
 * Order at the end: commit (fsync) → the signer stores its head (fsync) → answers are released (L13).
 */
import { appendLeaf, consistencyProof, EMPTY_ROOT, inclusionProof, leafHash, rootAt } from '../proof/tree.ts';
import type { Command, Outcome } from './command.ts';
import type { Asked, Ledger, Thought } from './ledger.ts';
import { perform } from './perform.ts';
import type { World } from './record.ts';
import { Fault } from './refusal.ts';
import type { BatchTx, Store } from './store.ts';

export interface Head {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Holds the log and seal keys, and remembers outside the ledger what it signed last. */
export interface LogSigner {
  attest(org: string, namespace: string, text: string): string;
  head(org: string): Head | undefined;
  /** A signed checkpoint note. Throws unless the proof shows that `head` continues what was stored last (L8). */
  sign(org: string, head: Head, proof: readonly Uint8Array[]): string;
  /** Remembers the heads durably. */
  store(heads: ReadonlyMap<string, Head>): void;
}

export interface Pipeline {
  readonly store: Store;
  readonly world: Omit<World, 'attest'>;
  readonly signer: LogSigner;
  /** Runs soon, after whatever else is ready now: `setImmediate` on a server. */
  readonly later: (work: () => void) => void;
}

const BATCH = 64;

type Done = readonly (Outcome | { readonly fault: unknown })[];

interface Waiting {
  readonly orgs: readonly string[];
  readonly count: number;
  /** A fault is in its own place: the others were performed. */
  readonly work: (tx: BatchTx) => Done;
  readonly resolve: (done: Done) => void;
  readonly reject: (error: unknown) => void;
}

export function openLedger({ store, world, signer, later }: Pipeline): Ledger {
  const heads = recover(store, signer);
  const whole: World = { ...world, attest: (org, namespace, text) => signer.attest(org, namespace, text) };
  const listeners = new Set<(org: string, head: number) => void>();
  const fileListeners = new Set<(org: string) => void>();
  const queue: Waiting[] = [];
  let scheduled = false;
  let closed = false;

  const schedule = () => {
    if (scheduled || !queue.length) return;
    scheduled = true;
    later(() => {
      scheduled = false;
      flush();
      schedule();
    });
  };

  function flush(): void {
    const batch = takeBatch(queue);
    const moved = new Map<string, Head>();
    let answers: Done[];
    try {
      answers = store.transaction((tx) => {
        moved.clear();
        const results = batch.map(({ work }) => work(tx));
        for (const org of new Set(batch.flatMap(({ orgs }) => orgs))) {
          const head = extendTree(tx, org, heads.get(org) ?? { size: 0, root: EMPTY_ROOT }, signer);
          if (head) moved.set(org, head);
        }
        return results;
      });
      for (const [org, head] of moved) heads.set(org, head);
      signer.store(moved);
    } catch (error) {
      for (const waiting of batch) waiting.reject(error);
      return;
    }
    for (const [i, waiting] of batch.entries()) {
      const faulty = answers[i]!.find((answer) => 'fault' in answer);
      if (faulty) waiting.reject((faulty as { fault: unknown }).fault);
      else waiting.resolve(answers[i]!);
    }
    for (const [org, head] of moved) for (const hear of listeners) hear(org, head.size);
  }

  function queued(more: Pick<Waiting, 'orgs' | 'count' | 'work'>): Promise<Done> {
    if (closed) return Promise.reject(new Fault('The ledger is closed.'));
    return new Promise((resolve, reject) => {
      queue.push({ ...more, resolve, reject });
      schedule();
    });
  }

  const { committed } = store;
  return {
    transact: async (commands, files = []) =>
      (await queued({
        orgs: commands.map(({ org }) => org),
        count: commands.length,
        work(tx) {
          for (const file of files) tx.putFile(file);
          return commands.map((command) => performAlone(tx, command, whole));
        },
      })) as readonly Outcome[],
    async think(org, thoughts) {
      const counts: number[] = [];
      const done = await queued({
        orgs: [org],
        count: thoughts.length,
        work(tx) {
          counts.length = 0;
          return thoughts.flatMap((thought) => {
            const outcomes = thinkAlone(tx, org, thought, whole);
            counts.push(outcomes.length);
            return outcomes;
          });
        },
      });
      let from = 0;
      return counts.map((count) => done.slice(from, (from += count)) as readonly Outcome[]);
    },
    stream: async (org, kind, ref) => committed.byRef(org, kind, ref),
    load: async (org, read) => committed.load(org, read) as never,
    events: async (org, after, limit) => committed.events(org, after, limit),
    history: async (org, subject, upTo) => committed.history(org, subject, upTo ?? Number.MAX_SAFE_INTEGER),
    places: async (org, commands) => committed.places(org, commands),
    links: async (org, item, direction) => committed.links(org, item, direction),
    organisations: async () => committed.organisations(),
    head: async (org) => committed.head(org),
    leaves: async (org, from, to) => committed.leaves(org, from, to),
    disclosures: async (org, seqs) => committed.disclosures(org, seqs),
    node: async (org, level, index) => committed.nodes(org).node(level, index),
    inclusion: async (org, seq, size) => inclusionProof(seq - 1, size, committed.nodes(org)),
    consistency: async (org, from, to) => consistencyProof(from, to, committed.nodes(org)),
    checkpoint: async (org, atLeast) => committed.checkpoint(org, atLeast),
    attestation: async (org, seq) => committed.attestation(org, seq),
    signed: async (org, seq) => committed.signed(org, seq),
    contact: async (org, said) => store.contact(org, said),
    file: async (org, sha256) => committed.file(org, sha256),
    async putFile(org, sha256, bytes) {
      await queued({
        orgs: [],
        count: 1,
        work(tx) {
          tx.putFile({ org, sha256, bytes });
          return [];
        },
      });
      for (const hear of fileListeners) hear(org);
    },
    onFile(hear) {
      fileListeners.add(hear);
      return () => fileListeners.delete(hear);
    },
    onCommit(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    async close() {
      closed = true;
      while (queue.length) flush();
      store.close();
    },
  };
}

function takeBatch(queue: Waiting[]): Waiting[] {
  const batch: Waiting[] = [];
  for (let count = 0; queue.length && (!count || count + queue[0]!.count <= BATCH);) {
    const next = queue.shift()!;
    batch.push(next);
    count += next.count;
  }
  return batch;
}

function performAlone(tx: BatchTx, command: Command, world: World): Outcome | { readonly fault: unknown } {
  try {
    return tx.savepoint(() => perform(tx, command, world));
  } catch (fault) {
    return { fault };
  }
}

/** What is refused is asked once more in other words, where there are some; both happen in the same commit. */
function thinkAlone(tx: BatchTx, org: string, thought: Thought, world: World): Done {
  let asked: readonly Asked[];
  try {
    asked = thought((read) => tx.load(org, read));
  } catch (fault) {
    return [{ fault }];
  }
  return asked.map(({ command, ifRefused }) => {
    const answer = performAlone(tx, command, world);
    if ('fault' in answer || answer.outcome !== 'rejected' || !ifRefused) return answer;
    const second = performAlone(tx, ifRefused(answer.refusal), world);
    return 'fault' in second ? second : answer;
  });
}

/** Reads the new leaves back from the store before hashing: what is signed is what is on disk. */
function extendTree(tx: BatchTx, org: string, from: Head, signer: LogSigner): Head | undefined {
  const leaves = tx.leavesAfter(org, from.size);
  if (!leaves.length) return undefined;
  const nodes = tx.nodes(org);
  let { size } = from;
  for (const leaf of leaves) {
    for (const node of appendLeaf(size, leafHash(leaf), nodes)) nodes.put(node.level, node.index, node.hash);
    size += 1;
  }
  const head = { size, root: rootAt(size, nodes) };
  const signed = signer.head(org);
  tx.putCheckpoint(org, size, signer.sign(org, head, signed?.size ? consistencyProof(signed.size, size, nodes) : []));
  return head;
}

/** A signer behind the ledger advances along a verified proof; a ledger behind its signer is a restored backup and says so. */
function recover(store: Store, signer: LogSigner): Map<string, Head> {
  const heads = new Map<string, Head>();
  const { committed } = store;
  for (const org of committed.organisations()) {
    const size = committed.head(org);
    const nodes = committed.nodes(org);
    const head: Head = { size, root: rootAt(size, nodes) };
    const signed = signer.head(org);
    if (signed && signed.size > size) {
      throw new Fault(
        `The ledger of organisation ${org} ends at ${size}, but its signer has signed ${signed.size}: this looks like a restored backup. ` +
          'Put the newest copy of the data folder in place. Writing on from here would make a second history, which every checkpoint would contradict.',
      );
    }
    signer.sign(org, head, signed?.size ? consistencyProof(signed.size, size, nodes) : []);
    heads.set(org, head);
  }
  signer.store(heads);
  return heads;
}
