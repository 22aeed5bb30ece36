/** Checks on what a bundle records: the entries, their tree, the log that holds the seal, what came after, what was disclosed. */
import { base64, sha256Hex } from '../kernel/bytes.ts';
import type { Json } from '../kernel/canonical.ts';
import type { BundleView } from './bundle-view.ts';
import { commitmentsIn, discloseBody } from './disclosure.ts';
import type { Disclosure } from './disclosure.ts';
import { isHash } from './format.ts';
import { attachmentDigest, lateAttachment } from './layout.ts';
import { everyEntry, orgOf, requireAscending, requireLogged, requireOneLog } from './logged.ts';
import { growingTree, leafHash } from './tree.ts';
import { must, part, slowly, within } from './verdict.ts';
import type { Check } from './verdict.ts';

export const entries: Check<BundleView> = {
  name: 'entries',
  *run(bundle) {
    const seal = bundle.seal();
    const found = yield* bundle.readEntries();
    must(found.length === seal.entries, `The seal counts ${seal.entries} entries; here are ${found.length}.`);
    const [first, last] = [found[0]?.leaf.seq ?? 0, found.at(-1)?.leaf.seq ?? 0];
    must(first === seal.firstSeq && last === seal.lastSeq, 'The first or the last entry is not the one in the seal.');
    requireAscending(found, 0);
    for (const { leaf, place } of found) {
      must(leaf.shift === seal.shift, `${place}: an entry of another shift.`);
      must(leaf.org === orgOf(seal.organisation), `${place}: an entry of another organisation.`);
    }
    return `Entries of this shift: ${found.length}, from ${first} to ${last}, each in its exact bytes`;
  },
};

export const shiftRoot: Check<BundleView> = {
  name: 'shift root',
  *run(bundle) {
    const leaves = yield* bundle.readEntries();
    const tree = growingTree();
    yield* slowly(leaves, ({ bytes }) => tree.add(leafHash(bytes)));
    const root = base64(tree.root());
    must(
      root === bundle.seal().shiftRoot,
      'The entries do not give the sealed shift root: one was added, removed or changed.',
    );
    return `${root}, rebuilt from the entries`;
  },
};

export const sealedLeaf: Check<BundleView> = {
  name: 'sealed entry',
  run: (bundle) => {
    const [seal, { leaf }] = [bundle.seal(), bundle.sealedEntry()];
    must(leaf.type === 'shift.sealed' && leaf.subject.id === seal.shift, 'The entry is not the sealing of this shift.');
    must(leaf.org === orgOf(seal.organisation), 'The sealing is of another organisation.');
    must(leaf.seq > seal.lastSeq, 'The sealing comes before the last entry.');
    const {
      shiftRoot: root,
      reportSha256,
      manifestSha256,
      entries: count,
      firstSeq,
      lastSeq,
      previousSeal,
      kind,
    } = seal;
    const sealSha256 = sha256Hex(bundle.files.get('seal.txt')!);
    const said = {
      sealSha256,
      reportSha256,
      manifestSha256,
      shiftRoot: root,
      entries: count,
      firstSeq,
      lastSeq,
      previousSeal,
      kind,
    };
    for (const [field, value] of Object.entries(said))
      must(
        Object.hasOwn(leaf.body, field) && leaf.body[field] === value,
        `The log recorded another ${field} than the seal says.`,
      );
    return `Entry ${leaf.seq} records this very seal`;
  },
};

export const inclusion: Check<BundleView> = {
  name: 'inclusion in the log',
  run: (bundle) => {
    const { origin, size } = requireLogged(bundle, bundle.sealedEntry());
    return `The sealing is in the log ${origin} of ${size} entries, whose head the log key signed`;
  },
};

export const addenda: Check<BundleView> = {
  name: 'addenda',
  run: (bundle) => {
    const [seal, sealed, found] = [bundle.seal(), bundle.sealedEntry(), bundle.addenda()];
    requireAscending(found, sealed.leaf.seq);
    for (const { place, leaf } of [sealed, ...found])
      must(leaf.shift === seal.shift || leaf.subject.id === seal.shift, `${place}: an entry of another shift.`);
    requireOneLog(bundle, [sealed, ...found]);
    return found.length === 0
      ? 'Nothing came after the seal'
      : `Entries after the seal: ${found.length}, each in the log`;
  },
};

export const disclosures: Check<BundleView> = {
  name: 'disclosures',
  *run(bundle) {
    const all = everyEntry(bundle);
    yield* part(bundle.readDisclosures(), 0, 0.5);
    const bySeq = disclosuresBySeq(bundle);
    const known = new Set(all.map(({ leaf }) => leaf.seq));
    for (const seq of bySeq.keys()) must(known.has(seq), `There is no entry ${seq} to disclose.`);
    let [disclosed, redacted] = [0, 0];
    const compared = slowly(all, ({ leaf, place }) => {
      const own = bySeq.get(leaf.seq) ?? [];
      within(place, () => discloseBody(leaf.body, own));
      disclosed += own.length;
      redacted += commitmentsIn(leaf.body).length - own.length;
    });
    yield* part(compared, 0.5, 1);
    return `Erasable fields that match their commitments: ${disclosed}; redacted: ${redacted}`;
  },
};

export const evidence: Check<BundleView> = {
  name: 'evidence',
  *run(bundle) {
    const bySeq = disclosuresBySeq(bundle);
    const lists = yield* slowly(everyEntry(bundle), ({ leaf }) =>
      evidenceIn(discloseBody(leaf.body, bySeq.get(leaf.seq) ?? [])),
    );
    const named = new Set(lists.flat());
    // The sealed manifest vouches for the files under data/; only an entry can vouch for one that came later.
    const stray = [...bundle.files.keys()].find((path) => {
      const digest = attachmentDigest(path);
      return digest !== undefined && path === lateAttachment(digest) && !named.has(digest);
    });
    must(stray === undefined, `No entry names ${stray}.`);
    const here = new Set([...bundle.files.keys()].map(attachmentDigest));
    const missing = [...named].filter((digest) => !here.has(digest));
    if (missing.length > 0) return { warn: `Named by an entry but not here: ${missing.join(', ')}.` };
    return `Files named by entries: ${named.size}, all here`;
  },
};

export const RECORD_CHECKS: readonly Check<BundleView>[] = [
  entries,
  shiftRoot,
  sealedLeaf,
  inclusion,
  addenda,
  disclosures,
  evidence,
];

function disclosuresBySeq(bundle: BundleView): Map<number, Disclosure[]> {
  const bySeq = new Map<number, Disclosure[]>();
  for (const disclosure of bundle.disclosures()) {
    const own = bySeq.get(disclosure.seq);
    if (own) own.push(disclosure);
    else bySeq.set(disclosure.seq, [disclosure]);
  }
  return bySeq;
}

/** Digests under any key `evidence` that holds a list. */
function evidenceIn(body: Json | undefined): string[] {
  if (typeof body !== 'object' || body === null) return [];
  return Object.entries(body).flatMap(([key, value]: [string, Json | undefined]) => [
    ...(key === 'evidence' && Array.isArray(value) ? value.filter(isHash) : []),
    ...evidenceIn(value),
  ]);
}
