/** Where the entries of a bundle stand: in order, in one log, of one organisation. What several checks ask. */
import { sameBytes } from '../kernel/bytes.ts';
import type { BundleView, Entry, LoggedEntry } from './bundle-view.ts';
import { openCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { leafHash, verifyInclusion } from './tree.ts';
import { must, within } from './verdict.ts';

export const everyEntry = (bundle: BundleView): readonly Entry[] => [
  ...bundle.entries(),
  bundle.sealedEntry(),
  ...bundle.addenda(),
];

/** `ORIGIN/ORG_UUID` ends in the organisation's id. */
export const orgOf = (origin: string): string => origin.slice(origin.lastIndexOf('/') + 1);

export function requireAscending(found: readonly Entry[], after: number): void {
  let seq = after;
  for (const { leaf, place } of found) {
    must(leaf.seq > seq, `${place}: out of order.`);
    seq = leaf.seq;
  }
}

/** The head of the log that the entry is proven to be in. Throws unless the log key of the trust statement signed it. */
export function requireLogged(bundle: BundleView, { leaf, bytes, proof, place }: LoggedEntry): Checkpoint {
  const { origin, logKey } = bundle.trust();
  const head = within(place, () => openCheckpoint(proof.checkpoint, logKey));
  must(head.origin === origin, `${place}: the head of another log.`);
  must(proof.index === leaf.seq - 1, `${place}: the proof is for another place in the log.`);
  const included = verifyInclusion(proof.index, head.size, leafHash(bytes), proof.hashes, head.root);
  must(included, `${place}: the proof does not lead to the signed head of the log.`);
  return head;
}

/** Each is of this organisation and in its log, and no two proofs show different histories of one length. */
export function requireOneLog(bundle: BundleView, found: readonly LoggedEntry[]): void {
  const org = orgOf(bundle.seal().organisation);
  const rootBySize = new Map<number, Uint8Array>();
  for (const entry of found) {
    must(entry.leaf.org === org, `${entry.place}: an entry of another organisation.`);
    const { size, root } = requireLogged(bundle, entry);
    must(
      sameBytes(rootBySize.get(size) ?? root, root),
      `${entry.place}: the log shows two histories of ${size} entries.`,
    );
    rootBySize.set(size, root);
  }
}
