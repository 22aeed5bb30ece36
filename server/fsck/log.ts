/** Entries, tree, checkpoints and the signer's memory: hashed again from the first byte on, and held against what was signed. */
import { base64, sameBytes } from '../../shared/kernel/bytes.ts';
import { openCheckpoint, type Checkpoint } from '../../shared/proof/checkpoint.ts';
import { parseLeaf } from '../../shared/proof/leaf.ts';
import { HASH_BYTES, leafHash } from '../../shared/proof/tree.ts';
import { hashIn } from '../ledger/nodes.ts';
import { createFrontier } from './frontier.ts';
import { atMost, reasonOf, span, type Check, type Find, type Ground } from './ground.ts';

interface EntryRecord {
  readonly seq: number;
  readonly type: string;
  readonly kind: string;
  readonly subject: string;
  readonly shift: string | null;
  readonly command: string | null;
  readonly leaf: Buffer;
}

/** Its stored nodes are not what the entries give. */
interface Suspect {
  readonly seq: number;
  /** The hash of the entry itself differs, not only of nodes above it. */
  readonly itself: boolean;
}

const NAMED = 10;

export const log: Check = (ground, find) => {
  const { db, no } = ground;
  const entries = db.prepare<[number], EntryRecord>(
    'SELECT seq, type, kind, subject, shift, command, leaf FROM event WHERE org = ? ORDER BY seq',
  );
  const hashes = db.prepare<[number, number], Buffer>('SELECT hashes FROM node WHERE org = ? AND size = ?').pluck();
  const heads = signedHeads(ground, find);
  const few = atMost(NAMED, find, (more) => `… and ${more} more entries like these.`);
  const frontier = createFrontier();
  /** Up to here the entries are what was signed; suspects are what differs from the stored tree since then. */
  let sound = 0;
  let suspects: Suspect[] = [];
  let lost = false;

  for (const entry of entries.iterate(no)) {
    const expected = frontier.size() + 1;
    if (entry.seq !== expected) {
      few.find(
        entry.seq > expected
          ? `Entry ${span(expected, entry.seq - 1)} is missing: it was removed after it had been recorded.`
          : `There is an entry at ${entry.seq}, below the first position.`,
      );
      lost = true;
      break;
    }
    checkEntry(ground, entry, few.find);
    const stored = hashes.get(no, entry.seq);
    const fresh = frontier.add(leafHash(entry.leaf));
    const differs = fresh.filter(({ level, hash }) => !stored || !sameBytes(hashIn(stored, level), hash));
    if (differs.length || stored?.length !== fresh.length * HASH_BYTES)
      suspects.push({ seq: entry.seq, itself: differs.some(({ level }) => level === 0) });
    const head = heads.get(entry.seq);
    if (!head) continue;
    if (sameBytes(head.root, frontier.root())) {
      for (const { seq } of suspects)
        few.find(`The tree's nodes of entry ${seq} were changed: they are not what the entries give.`);
      sound = entry.seq;
      suspects = [];
    } else {
      // From here on every root differs; the stored nodes still tell which entries are to blame.
      blame(suspects, sound, entry.seq, few.find);
      lost = true;
      break;
    }
  }
  few.end();
  if (!lost) requireEnd(ground, frontier.size(), heads, suspects, find);
};

function blame(suspects: readonly Suspect[], sound: number, to: number, find: Find): void {
  const changed = suspects.filter(({ itself }) => itself);
  for (const { seq } of changed)
    find(`Entry ${seq} was changed after it had been recorded: its bytes do not give the hash in the tree.`);
  if (!changed.length)
    find(
      `Of the entries ${span(sound + 1, to)} one was changed, and the tree with it: they are not what the checkpoint at ${to} was signed for.`,
    );
}

function checkEntry({ org }: Ground, { seq, leaf, ...columns }: EntryRecord, find: Find): void {
  try {
    const entry = parseLeaf(leaf);
    if (entry.seq !== seq) return find(`The entry at ${seq} says that it is entry ${entry.seq}: it was moved.`);
    if (entry.org !== org) return find(`The entry at ${seq} is of another organisation, ${entry.org}.`);
    const said = {
      type: entry.type,
      kind: entry.subject.kind,
      subject: entry.subject.id,
      shift: entry.shift,
      command: columns.command && entry.command.id,
    };
    for (const [name, value] of Object.entries(said))
      if (columns[name as keyof typeof columns] !== value)
        find(`The column ${name} of entry ${seq} was changed: it is not what the entry says.`);
  } catch (error) {
    find(`Entry ${seq} cannot be read: ${reasonOf(error)}`);
  }
}

function requireEnd(
  { db, no, signed }: Ground,
  size: number,
  heads: ReadonlyMap<number, Checkpoint>,
  suspects: readonly Suspect[],
  find: Find,
): void {
  const most = Math.max(0, signed?.size ?? 0, ...heads.keys());
  if (most > size)
    find(
      `Entry ${span(size + 1, most)} is missing: the log was signed with ${most} entries, and the ledger ends at ${size}.`,
    );
  else if (size > 0 && !heads.has(size)) find(`The last commit, up to entry ${size}, has no valid checkpoint.`);
  for (const { seq } of suspects)
    find(`The tree's nodes of entry ${seq} do not fit the entries, and no valid checkpoint says which are right.`);
  const beyond = db
    .prepare<[number, number], number>('SELECT count(*) FROM node WHERE org = ? AND size > ?')
    .pluck()
    .get(no, size);
  if (beyond) find(`The tree has ${beyond} rows of nodes beyond the last entry.`);
  if (signed && signed.size <= size && signed.size > 0) {
    const at = heads.get(signed.size);
    if (at && !sameBytes(at.root, signed.root))
      find(
        `The signer remembers another tree of ${signed.size} entries (${base64(signed.root)}) than the checkpoint of that size.`,
      );
    if (!at) find(`The signer remembers a head at ${signed.size}, for which there is no valid checkpoint.`);
  }
}

/** Those whose signature verifies; each of the others is a finding. */
function signedHeads({ db, no, trust }: Ground, find: Find): Map<number, Checkpoint> {
  const heads = new Map<number, Checkpoint>();
  const notes = db.prepare<[number], { size: number; note: string }>(
    'SELECT size, note FROM checkpoint WHERE org = ? ORDER BY size',
  );
  const few = atMost(NAMED, find, (more) => `… and ${more} more checkpoints like these.`);
  for (const { size, note } of notes.iterate(no)) {
    try {
      if (!trust) continue;
      const head = openCheckpoint(note, trust.logKey);
      if (head.size === size) heads.set(size, head);
      else few.find(`The checkpoint at ${size} is one for ${head.size} entries: it was moved.`);
    } catch (error) {
      few.find(`The checkpoint at ${size} does not verify: ${reasonOf(error)}`);
    }
  }
  few.end();
  return heads;
}
