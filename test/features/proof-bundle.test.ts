import { describe, expect, test } from 'vitest';
import { sha256Hex, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { canonicalBytes } from '../../shared/kernel/canonical.ts';
import { bundleFiles, manifestText } from '../../shared/proof/bundle.ts';
import { FILE, tagManifestOf } from '../../shared/proof/layout.ts';
import { leafBytes, parseLeaf } from '../../shared/proof/leaf.ts';
import { SEAL_NAMESPACE } from '../../shared/proof/seal.ts';
import { fingerprint, signSshsig } from '../../shared/proof/sshsig.ts';
import type { Verification } from '../../shared/proof/verify.ts';
import { BUNDLE_CHECKS, verifyBundle } from '../../shared/proof/verify.ts';
import { KEYS, ORIGIN, OTHER_KEYS, PHOTO, relisted, ROOT, sampleBundle, sampleInput } from '../kit/sample-bundle.ts';
import { sampleLeaf, SHIFT } from '../kit/sample-bundle.ts';

const known = { root: ROOT };
const failed = ({ checks }: Verification): string[] => checks.filter(({ ok }) => ok === false).map(({ name }) => name);
const changed = (path: string, change: (text: string) => string): Map<string, Uint8Array> => {
  const files = sampleBundle();
  files.set(path, utf8(change(textOf(files.get(path)!))));
  return files;
};

describe('an honest bundle', () => {
  test('[L9] with the fingerprint from outside it is valid', () => {
    const found = verifyBundle(sampleBundle(), known);
    expect(found.checks.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(found).toMatchObject({ verdict: 'valid', exitCode: 0, shift: SHIFT, org: ORIGIN });
    expect(found.seal?.record).toContain('Night 20/21 Nov 2026');
    expect(found.checks.map(({ name }) => name)).toEqual(BUNDLE_CHECKS.map(({ name }) => name));
  });

  test('[L9] without it the trust comes from the bundle itself, and that is said', () => {
    const found = verifyBundle(sampleBundle());
    expect(found).toMatchObject({ verdict: 'warnings', exitCode: 2 });
    expect(found.checks.filter(({ ok }) => ok === 'warn').map(({ name }) => name)).toEqual(['root fingerprint']);
  });

  test('[L9] under another root it is invalid', () => {
    for (const root of [fingerprint(OTHER_KEYS.root.publicKey), '', ROOT.slice(0, -1), ROOT.toLowerCase()]) {
      const found = verifyBundle(sampleBundle(), { root });
      expect([found.exitCode, failed(found)]).toEqual([1, ['root fingerprint']]);
    }
  });

  test('[L2] the same shift gives the same bytes', () => {
    expect(sampleBundle()).toEqual(sampleBundle());
  });

  test('[L9] without anything after the seal there are no addenda', () => {
    const files = sampleBundle({ addenda: false });
    expect([...files.keys()].filter((path) => path.includes('addenda'))).toEqual([]);
    expect(verifyBundle(files, known).exitCode).toBe(0);
  });

  test('the manifest is known before the bundle is made', () => {
    const { report, leaves } = sampleInput();
    expect(manifestText({ report, leaves, attachments: [{ sha256: sha256Hex(PHOTO) }] })).toBe(
      textOf(sampleBundle().get(FILE.manifest)!),
    );
  });

  test('erased fields leave it valid, and are counted', () => {
    const input = sampleInput();
    const found = verifyBundle(bundleFiles({ ...input, disclosures: input.disclosures.slice(1) }), known);
    expect(found.exitCode).toBe(0);
    expect(found.checks.find(({ name }) => name === 'disclosures')?.detail).toMatch(/redacted: 1$/);
  });

  test('evidence that an entry names and nobody has is a warning', () => {
    const found = verifyBundle(bundleFiles({ ...sampleInput(), lateAttachments: [] }), known);
    expect([found.exitCode, found.checks.find(({ ok }) => ok === 'warn')?.name]).toEqual([2, 'evidence']);
  });

  test('the README prints commands for this very bundle', () => {
    const readme = textOf(sampleBundle().get(FILE.readme)!);
    expect(readme).toContain(
      `-I seal@${ORIGIN} -n shift-seal@operary -Overify-time=20261121063000Z -s seal.txt.sig < seal.txt`,
    );
    expect(readme).toContain('sha256sum -c manifest-sha256.txt tagmanifest-sha256.txt');
    expect(readme).toContain(ROOT);
  });

  test('a seal that nobody can read makes no bundle', () => {
    expect(() => bundleFiles({ ...sampleInput(), sealText: 'OPERARY SEAL v1\n' })).toThrow();
  });
});

describe('files', () => {
  const paths = [...sampleBundle().keys()];

  test.each(paths)('[L9] without %s it is not valid', (path) => {
    const files = sampleBundle();
    files.delete(path);
    expect(verifyBundle(files, known).exitCode).not.toBe(0);
    const lists: string[] = [FILE.manifest, FILE.tagManifest];
    if (!lists.includes(path)) expect(verifyBundle(relisted(files), known).exitCode).not.toBe(0);
  });

  test.each(paths)('[L9] with %s under another name it is not valid', (path) => {
    const files = sampleBundle();
    files.set(`${path}.bak`, files.get(path)!);
    files.delete(path);
    expect(verifyBundle(files, known).exitCode).not.toBe(0);
  });

  test.each([
    ...[
      'extra.txt',
      'data/extra.md',
      'data/attachments/x',
      `data/attachments/${'ab'.repeat(32)}`,
      '../seal.txt',
      '.DS_Store',
    ],
    ...['proofs/addenda/002.tlog-proof', 'seal-2.txt', 'a\nb', `proofs/addenda/attachments/${sha256Hex(utf8('more'))}`],
  ])('[L9] with %j added it is invalid, its lists made to fit or not', (path) => {
    const files = sampleBundle().set(path, utf8('more'));
    expect(verifyBundle(files, known).exitCode).toBe(1);
    if (!path.includes('\n')) expect(verifyBundle(relisted(files), known).exitCode).toBe(1);
  });

  test('[L9] a photo that nobody named cannot be slipped in under its own hash', () => {
    const path = `proofs/addenda/attachments/${sha256Hex(utf8('more'))}`;
    expect(failed(verifyBundle(relisted(sampleBundle().set(path, utf8('more'))), known))).toEqual(['evidence']);
  });

  test('what is no bundle at all cannot be judged', () => {
    expect(verifyBundle(new Map(), known)).toMatchObject({ verdict: 'cannot-judge', exitCode: 3 });
    expect(verifyBundle(new Map([['holiday.jpg', PHOTO]]), known).exitCode).toBe(3);
  });

  test.each([
    [FILE.bagInfo, 'Operary-Bundle: v1', 'Operary-Bundle: v2'],
    [FILE.seal, 'OPERARY SEAL v1', 'OPERARY SEAL v2'],
    [FILE.trust, 'OPERARY TRUST v1', 'OPERARY TRUST v12'],
    [FILE.sealProof, 'tlog-proof@v1', 'tlog-proof@v2'],
    [FILE.sealedLeaf, '"v":1}', '"v":2}'],
  ])('[L9] when %s says %s no more, we cannot judge and say so', (path, now, later) => {
    const found = verifyBundle(relisted(changed(path, (text) => text.replace(now, later))), known);
    expect(found).toMatchObject({ verdict: 'cannot-judge', exitCode: 3 });
    expect(found.checks.map(({ detail }) => detail).join()).toContain('Use a newer Operary');
  });
});

describe('forgeries that fit in themselves', () => {
  test('[L9] an entry of a later version under a seal that does not hold it', () => {
    const files = relisted(changed(FILE.evidence, (text) => text.replace('"v":1}\n', '"v":2}\n')));
    expect(verifyBundle(files, known)).toMatchObject({ verdict: 'invalid', exitCode: 1 });
  });

  test('[L9] everything made again under another root', () => {
    const forged = sampleBundle({ keys: OTHER_KEYS, text: () => 'nothing happened' });
    expect(verifyBundle(forged).exitCode).toBe(2);
    expect(failed(verifyBundle(forged, known))).toEqual(['root fingerprint']);
  });

  test('[L9] another root that names the true one', () => {
    const { trustText } = sampleInput();
    const input = sampleInput({ keys: { ...KEYS, root: OTHER_KEYS.root } });
    const found = verifyBundle(bundleFiles({ ...input, trustText }), known);
    expect(failed(found)).toContain('root fingerprint');
  });

  test('[L9] another seal key', () => {
    const input = sampleInput();
    const sealSignature = signSshsig(OTHER_KEYS.seal, SEAL_NAMESPACE, utf8(input.sealText));
    expect(failed(verifyBundle(bundleFiles({ ...input, sealSignature }), known))).toEqual(['seal signature']);
  });

  test('[L9] another seal key that a forged trust statement names', () => {
    const forged = sampleInput({ keys: { ...KEYS, seal: OTHER_KEYS.seal } });
    const { trustSignature } = sampleInput();
    expect(failed(verifyBundle(bundleFiles({ ...forged, trustSignature }), known))).toEqual(['trust statement']);
  });

  test('[L9] the log key signs a seal', () => {
    const input = sampleInput();
    const sealSignature = signSshsig(KEYS.log, SEAL_NAMESPACE, utf8(input.sealText));
    expect(failed(verifyBundle(bundleFiles({ ...input, sealSignature }), known))).toEqual(['seal signature']);
  });

  test('[L9] the right key, another namespace', () => {
    const input = sampleInput();
    const sealSignature = signSshsig(KEYS.seal, 'file', utf8(input.sealText));
    expect(failed(verifyBundle(bundleFiles({ ...input, sealSignature }), known))).toEqual(['seal signature']);
  });

  test('[L9] an entry left out, the lists made to fit', () => {
    for (const at of [0, 1, 2]) {
      const input = sampleInput();
      const leaves = input.leaves.toSpliced(at, 1);
      const seqs = leaves.map((leaf) => parseLeaf(leaf).seq).concat(8);
      const kept = input.disclosures.filter(({ seq }) => seqs.includes(seq));
      const found = verifyBundle(bundleFiles({ ...input, leaves, disclosures: kept }), known);
      expect(found.exitCode).toBe(1);
      expect(failed(found)).toEqual(expect.arrayContaining(['manifest', 'entries', 'shift root']));
    }
  });

  test('[L9] an entry left out and the whole seal signed again by the true seal key: the log knows better', () => {
    const honest = sampleInput();
    const leaves = honest.leaves.toSpliced(1, 1);
    const forged = sampleInput({ text: (seq) => (seq === 3 ? 'nothing' : `entry ${seq}`) });
    const input = {
      ...forged,
      sealedLeaf: honest.sealedLeaf,
      sealedProof: honest.sealedProof,
      addenda: honest.addenda,
    };
    expect(failed(verifyBundle(bundleFiles(input), known))).toContain('sealed entry');
    expect(failed(verifyBundle(bundleFiles({ ...input, leaves }), known))).toContain('shift root');
  });

  test('[L9] a seal that the log recorded otherwise', () => {
    for (const field of [
      'sealSha256',
      'reportSha256',
      'manifestSha256',
      'shiftRoot',
      'entries',
      'firstSeq',
      'lastSeq',
      'kind',
    ]) {
      const found = verifyBundle(sampleBundle({ sealedBody: { [field]: field === 'entries' ? 4 : 'x' } }), known);
      expect([field, failed(found)]).toEqual([field, ['sealed entry']]);
    }
    expect(failed(verifyBundle(sampleBundle({ seal: { previousSeal: 'ab'.repeat(32) } }), known))).toEqual([
      'sealed entry',
    ]);
  });

  test('[L9] another entry passed off as the sealing', () => {
    const input = sampleInput();
    for (const leaf of [
      sampleLeaf(6, 'shift.closed', {}),
      { ...sampleLeaf(6, 'shift.sealed', {}), subject: { kind: 'shift', id: 'x' } },
    ])
      expect(failed(verifyBundle(bundleFiles({ ...input, sealedLeaf: leafBytes(leaf) }), known))).toEqual(
        expect.arrayContaining(['sealed entry', 'inclusion in the log']),
      );
  });

  test('[L9] a report that the seal does not name', () => {
    expect(
      failed(verifyBundle(relisted(changed(FILE.report, (text) => text.replace('jammed', 'ran'))), known)),
    ).toEqual(['manifest', 'report']);
  });

  test('[L9] an edited disclosure, the lists made to fit', () => {
    const files = relisted(changed(FILE.disclosures, (text) => text.replace('entry 3', 'entry 9')));
    expect(failed(verifyBundle(files, known))).toEqual(expect.arrayContaining(['disclosures']));
  });

  test('[L9] a disclosure doubled, moved, or of no entry', () => {
    const { disclosures } = sampleInput();
    for (const list of [
      [...disclosures, disclosures[0]!],
      [...disclosures].reverse(),
      [{ ...disclosures[0]!, seq: 99 }],
      { a: 1 },
      ['x'],
    ]) {
      const files = sampleBundle();
      files.set(FILE.disclosures, canonicalBytes(list as never));
      expect(verifyBundle(relisted(files), known).exitCode).toBe(1);
    }
  });

  test('[L9] the proof of another entry', () => {
    const input = sampleInput();
    const swapped = { ...input, sealedProof: input.addenda[0]!.proof };
    expect(failed(verifyBundle(bundleFiles(swapped), known))).toEqual(['inclusion in the log', 'addenda']);
    const addenda = [{ leaf: input.addenda[0]!.leaf, proof: input.sealedProof }];
    expect(failed(verifyBundle(bundleFiles({ ...input, addenda }), known))).toEqual(['addenda']);
  });

  test('[L8] a proof from a log of another history, which the log key did not sign', () => {
    const other = sampleInput({ keys: { ...KEYS, log: OTHER_KEYS.log } });
    expect(failed(verifyBundle(bundleFiles({ ...sampleInput(), sealedProof: other.sealedProof }), known))).toEqual([
      'inclusion in the log',
      'addenda',
    ]);
  });

  test('[L8] two heads of one size that the log key did sign', () => {
    const input = sampleInput({ addenda: false });
    const fork = sampleInput({ addenda: false, sealedBody: { reason: 'fork' } });
    const late = { ...sampleLeaf(6, 'shift.amended', {}) };
    const addenda = [{ leaf: leafBytes(late), proof: fork.sealedProof }];
    expect(failed(verifyBundle(bundleFiles({ ...input, addenda }), known))).toEqual(['addenda']);
  });

  test('[L9] data in a proof that no signature covers', () => {
    const input = sampleInput();
    const sealedProof = input.sealedProof.replace('index', 'extra AAAA\nindex');
    expect(failed(verifyBundle(bundleFiles({ ...input, sealedProof }), known))).toContain('inclusion in the log');
  });

  test('[L14] an entry of another shift or organisation', () => {
    const input = sampleInput();
    for (const stray of [
      sampleLeaf(3, 'shift.logged', {}, null),
      { ...sampleLeaf(3, 'shift.logged', {}), org: '019aa000-0000-7000-8000-000000000002' },
    ]) {
      const found = verifyBundle(bundleFiles({ ...input, leaves: input.leaves.with(1, leafBytes(stray)) }), known);
      expect(failed(found)).toContain('entries');
      expect(found.checks.find(({ name }) => name === 'entries')?.detail).toContain('another');
    }
  });

  test('[L9] entries in another order', () => {
    const input = sampleInput();
    const [a, b, c] = input.leaves as [Uint8Array, Uint8Array, Uint8Array];
    expect(failed(verifyBundle(bundleFiles({ ...input, leaves: [b, a, c] }), known))).toContain('entries');
  });

  test('[L9] keys for foreign tools that the trust statement does not name', () => {
    const other = sampleBundle({ keys: OTHER_KEYS });
    for (const path of [FILE.allowedSigners, FILE.logKey]) {
      const files = sampleBundle();
      files.set(path, other.get(path)!);
      expect(failed(verifyBundle(relisted(files), known))).toEqual(['trust files']);
    }
  });

  test('[L9] what an attacker wrote cannot steer the terminal that shows the findings', () => {
    const files = sampleBundle().set('\u001b[2J\u202eevil', utf8('x'));
    const details = verifyBundle(files, known)
      .checks.map(({ detail }) => detail)
      .join('');
    expect(details).toContain('evil');
    expect(details).not.toMatch(/[\p{Cc}\u202e]/u);
  });

  test('the tag manifest alone does not save a changed README', () => {
    const files = changed(FILE.readme, (text) => text.replace('SHA256:', 'SHA256;'));
    expect(failed(verifyBundle(files, known))).toEqual(['tag manifest']);
    // Nothing signed speaks of the README: whoever rewrites the list too goes unnoticed, and gains no check.
    files.set(FILE.tagManifest, utf8(tagManifestOf(files)));
    expect(verifyBundle(files, known).exitCode).toBe(0);
  });
});
