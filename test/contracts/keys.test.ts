/** Keys on disk: made once, private, each for one role; the signer remembers what it signed. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { openCheckpoint } from '../../shared/proof/checkpoint.ts';
import { fingerprint, parseSshsig, verifySshsig } from '../../shared/proof/sshsig.ts';
import { consistencyProof, leafHash, memoryNodes, appendLeaf, rootAt } from '../../shared/proof/tree.ts';
import { parseTrustText, TRUST_NAMESPACE } from '../../shared/proof/trust.ts';
import { createOrganisationKeys, organisationTrust } from '../../server/keys.ts';
import { openSigner, type DiskSigner } from '../../server/signer.ts';
import { lastSignedHead } from '../../server/signer-journal.ts';
import { ORIGIN, PLANT, temporaryFolder, uuid } from '../kit/ledger.ts';

const FOUNDING = { origin: ORIGIN, name: 'Plant', createdAt: '2026-11-21T12:00:00.000Z' };

let place: ReturnType<typeof temporaryFolder>;
let signers: DiskSigner[];
beforeEach(() => {
  place = temporaryFolder();
  signers = [];
  createOrganisationKeys(place.folder, PLANT, FOUNDING);
});
afterEach(() => {
  for (const signer of signers) signer.close();
  place.remove();
});

const opened = (): DiskSigner => {
  const signer = openSigner(place.folder, { origin: ORIGIN });
  signers.push(signer);
  return signer;
};

/** A tree of entries that are only their number, and the heads and proofs that it gives. */
function aTree() {
  const nodes = memoryNodes();
  for (let i = 0; i < 50; i++)
    for (const node of appendLeaf(i, leafHash(utf8(`entry ${i + 1}`)), nodes))
      nodes.put(node.level, node.index, node.hash);
  return {
    head: (size: number) => ({ size, root: rootAt(size, nodes) }),
    proof: (from: number, to: number) => consistencyProof(from, to, nodes),
  };
}

const journal = (): string => join(place.folder, 'keys', PLANT, 'signer.log');

test('[L10] keys are made once, for the owner of the folder only, and never replaced', () => {
  const folder = join(place.folder, 'keys', PLANT);
  expect(readdirSync(folder).sort()).toEqual([
    'log.key',
    'root.key',
    'root.pub',
    'seal.key',
    'trust.txt',
    'trust.txt.sig',
  ]);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777, name).toBe(0o600);
  const before = readFileSync(join(folder, 'root.key'), 'utf8');
  expect(() => createOrganisationKeys(place.folder, PLANT, FOUNDING)).toThrow(/has its keys already/);
  expect(readFileSync(join(folder, 'root.key'), 'utf8')).toBe(before);
  expect(readdirSync(join(place.folder, 'keys'))).toEqual([PLANT]);
});

test('[L10] an organisation is a folder of its UUID and nothing else', () => {
  for (const name of ['../elsewhere', '', 'plant', `${PLANT}/..`])
    expect(() => createOrganisationKeys(place.folder, name, FOUNDING)).toThrow('named by its UUID');
});

test('[L9] the root key signs which keys speak for the organisation', () => {
  const org = uuid('another');
  const keys = createOrganisationKeys(place.folder, org, { ...FOUNDING, name: 'Werk Süd' });
  const { trustText, trustSignature, rootKey } = organisationTrust(place.folder, org);
  const claim = { armor: trustSignature, namespace: TRUST_NAMESPACE, message: utf8(trustText), publicKey: rootKey };
  expect(verifySshsig(claim)).toBe(true);
  expect(fingerprint(rootKey)).toBe(keys.root);
  expect(parseTrustText(trustText)).toEqual({
    organisationName: 'Werk Süd',
    origin: `${ORIGIN}/${org}`,
    rootFingerprint: keys.root,
    logKey: keys.log,
    sealKey: keys.seal,
    createdAt: FOUNDING.createdAt,
  });
  expect(new Set([keys.root, keys.log.split('+').at(-1), keys.seal]).size).toBe(3);
});

test('[L9] OpenSSL reads the keys that are on disk', () => {
  const text = execFileSync('openssl', [
    'pkey',
    '-in',
    join(place.folder, 'keys', PLANT, 'seal.key'),
    '-noout',
    '-text_pub',
  ]);
  expect(text.toString()).toContain('ED25519 Public-Key');
});

test('[L10] checkpoints are signed by the log key, attested texts by the seal key', () => {
  const signer = opened();
  const { logKey } = parseTrustText(signer.trust(PLANT).trustText);
  const tree = aTree();
  expect(openCheckpoint(signer.sign(PLANT, tree.head(3), []), logKey)).toEqual({
    origin: `${ORIGIN}/${PLANT}`,
    ...tree.head(3),
  });
  const armor = signer.attest(PLANT, 'shift-seal@operary', 'sealed\n');
  const { publicKey } = parseSshsig(armor);
  expect(verifySshsig({ armor, namespace: 'shift-seal@operary', message: utf8('sealed\n'), publicKey })).toBe(true);
});

test('[L8] a head that does not continue the last stored one is never signed', () => {
  const signer = opened();
  const tree = aTree();
  signer.store(new Map([[PLANT, tree.head(7)]]));
  expect(() => signer.sign(PLANT, tree.head(6), [])).toThrow(
    /had 7 entries when it was signed last and now has 6\. A log only grows\./,
  );
  expect(() => signer.sign(PLANT, { ...tree.head(7), root: new Uint8Array(32) }, [])).toThrow(
    /are not those that were signed/,
  );
  expect(() => signer.sign(PLANT, tree.head(9), [])).toThrow(/are not those that were signed/);
  expect(() => signer.sign(PLANT, tree.head(9), tree.proof(6, 9))).toThrow(/are not those that were signed/);
  expect(() => signer.sign(PLANT, { size: 9, root: tree.head(8).root }, tree.proof(7, 9))).toThrow(/are not those/);
  expect(signer.sign(PLANT, tree.head(9), tree.proof(7, 9))).toContain('\n9\n');
  expect(signer.sign(PLANT, tree.head(7), [])).toContain('\n7\n');
});

test('[L8] the signer remembers its last head when it comes back, also after thousands', () => {
  const tree = aTree();
  const first = opened();
  expect(first.head(PLANT)).toBeUndefined();
  for (let i = 0; i < 40; i++) for (let size = 1; size <= 50; size++) first.store(new Map([[PLANT, tree.head(size)]]));
  first.store(new Map([[PLANT, tree.head(41)]]));
  expect(lastSignedHead(place.folder, PLANT)).toEqual(tree.head(41));
  expect(opened().head(PLANT)).toEqual(tree.head(41));
  expect(statSync(journal()).size).toBe(65_536);
  expect(statSync(journal()).mode & 0o777).toBe(0o600);
});

test('[L8] a last line that a crash cut off is ignored, and written over', () => {
  const tree = aTree();
  const first = opened();
  first.store(new Map([[PLANT, tree.head(10)]]));
  first.store(new Map([[PLANT, tree.head(20)]]));
  const lines = readFileSync(journal(), 'utf8').split('\n');
  for (const cut of [1, 10, lines[1]!.length - 1]) {
    writeFileSync(journal(), `${lines[0]}\n${lines[1]!.slice(0, cut)}\n\n\n`);
    expect(lastSignedHead(place.folder, PLANT)).toEqual(tree.head(10));
    const again = opened();
    expect(again.head(PLANT)).toEqual(tree.head(10));
    again.store(new Map([[PLANT, tree.head(11)]]));
    expect(opened().head(PLANT)).toEqual(tree.head(11));
  }
  truncateSync(journal(), 0);
  expect(opened().head(PLANT)).toBeUndefined();
});

test('[L8] a memory that was damaged before its last line stops the signer', () => {
  const tree = aTree();
  const first = opened();
  first.store(new Map([[PLANT, tree.head(10)]]));
  first.store(new Map([[PLANT, tree.head(20)]]));
  writeFileSync(journal(), readFileSync(journal(), 'utf8').replace('10 ', '11 '));
  expect(() => opened().head(PLANT)).toThrow(
    /signer\.log is damaged\. Put the newest copy of the data folder in place\./,
  );
});

test('[L10] keys that were made for another origin are not used under this one', () => {
  const signer = openSigner(place.folder, { origin: 'other.example' });
  signers.push(signer);
  expect(() => signer.sign(PLANT, aTree().head(1), [])).toThrow(/made for another origin .* Set OPERARY_ORIGIN/);
});

test('[L10] keys that are missing say where they belong', () => {
  const nobody = uuid('nobody');
  expect(() => opened().sign(nobody, aTree().head(1), [])).toThrow(
    /There are no keys for organisation .* in .*keys.*\. Put them back/,
  );
  rmSync(join(place.folder, 'keys', PLANT, 'log.key'));
  expect(() => opened().sign(PLANT, aTree().head(1), [])).toThrow(
    /log\.key cannot be read\. Put the organisation's keys back/,
  );
});
