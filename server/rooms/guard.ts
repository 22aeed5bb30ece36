/**
 * Looks at an update before anything applies it. Yjs takes whatever can be decoded: what depends on text that is not here it keeps and
 * merges anew each time, what is not text it keeps for ever, and a clock that has jumped never comes back.
 */
import * as decoding from 'lib0/decoding';
import * as Y from 'yjs';
import { ROOM_CLOSE, ROOT } from '../../shared/sync/room-words.ts';
import type { Refused } from './author.ts';

/** Of client ids that one update may bring: a device that was away for long has had one for each time it was opened. */
const NEW_CLIENTS = 500;
/** Text that was written and deleted before it ever came here takes no bytes. */
const DELETED_SPAN = 1 << 20;
/** More than anybody types in a lifetime. */
const LAST_CLOCK = 2 ** 31;
/** Separate places where one update writes or deletes: each may cost a walk over all others. */
const PLACES = 10_000;

/** The clients of whom there is something new. */
export type Seen = ReadonlySet<number>;

export function inspect(update: Uint8Array, doc: Y.Doc): Seen | Refused {
  let parts: number;
  let read: ReturnType<typeof Y.decodeUpdate>;
  try {
    parts = decoding.readVarUint(decoding.createDecoder(update));
    read = Y.decodeUpdate(update);
  } catch {
    return MALFORMED;
  }
  const ends = new Map<number, number>();
  const endOf = (client: number): number => ends.get(client) ?? Y.getState(doc.store, client);
  const fresh: Y.Item[] = [];
  const clients = new Set<number>();
  let deleted = 0;
  for (const struct of read.structs) {
    const { client, clock } = struct.id;
    const known = endOf(client);
    if (struct instanceof Y.Skip || clock > known) return GAP;
    const end = clock + struct.length;
    if (!struct.length || end > LAST_CLOCK) return ABSURD;
    ends.set(client, Math.max(known, end));
    if (end <= known) continue;
    if (!isText(struct)) return FOREIGN;
    if (struct.content instanceof Y.ContentDeleted) deleted += struct.length;
    clients.add(client);
    fresh.push(struct);
  }
  // Yjs keeps only the last part of a client that comes in two.
  if (parts !== ends.size) return MALFORMED;
  if (deleted > DELETED_SPAN || clients.size > NEW_CLIENTS || fresh.length > PLACES) return ABSURD;
  for (const { id, origin, rightOrigin } of fresh) {
    for (const beside of [origin, rightOrigin]) {
      if (!beside) continue;
      if (beside.client === id.client && beside.clock >= id.clock) return MALFORMED;
      if (beside.clock >= endOf(beside.client)) return GAP;
    }
  }
  let struck = 0;
  for (const [client, ranges] of read.ds.clients) {
    for (const { clock, len } of ranges) {
      if (clock + len > endOf(client)) return GAP;
      if (!isDeleted(doc, client, clock) && ++struck > PLACES) return ABSURD;
    }
  }
  return clients;
}

/** A whole state names all deletions of all times: only those that are new cost anything. */
function isDeleted(doc: Y.Doc, client: number, clock: number): boolean {
  const structs = doc.store.clients.get(client);
  return (
    structs !== undefined && clock < Y.getState(doc.store, client) && structs[Y.findIndexSS(structs, clock)]!.deleted
  );
}

function isText(struct: Y.Item | Y.GC): struct is Y.Item {
  if (!(struct instanceof Y.Item) || struct.parentSub !== null) return false;
  // Decoded and not yet applied: the name of a root, or nothing where a neighbour tells.
  const parent = struct.parent as unknown;
  if (parent !== null && parent !== ROOT) return false;
  const { content } = struct;
  if (content instanceof Y.ContentFormat) return typeof content.value !== 'object' || content.value === null;
  return content instanceof Y.ContentString || content instanceof Y.ContentDeleted;
}

const MALFORMED: Refused = { code: ROOM_CLOSE.malformed, reason: 'Not an update that Yjs writes' };
const FOREIGN: Refused = { code: ROOM_CLOSE.malformed, reason: `Only text in the root "${ROOT}"` };
const ABSURD: Refused = { code: ROOM_CLOSE.malformed, reason: 'Spans that nobody can have written' };
export const GAP: Refused = { code: ROOM_CLOSE.resync, reason: 'Builds on text that is not here' };
