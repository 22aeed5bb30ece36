import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { sameBytes, utf8 } from '../../shared/kernel/bytes.ts';
import { bundleView } from '../../shared/proof/bundle-view.ts';
import { FILE } from '../../shared/proof/layout.ts';
import { parseLeaf } from '../../shared/proof/leaf.ts';
import { openNote } from '../../shared/proof/note.ts';
import { parseSealText } from '../../shared/proof/seal.ts';
import { parseSshPublicKey, parseSshsig } from '../../shared/proof/sshsig.ts';
import { parseTlogProof } from '../../shared/proof/tlog-proof.ts';
import { parseTrustText } from '../../shared/proof/trust.ts';
import { judge } from '../../shared/proof/verdict.ts';
import { BUNDLE_CHECKS, verifyBundle, verifySealedNote } from '../../shared/proof/verify.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { KEYS, relisted, ROOT, sampleBundle } from '../kit/sample-bundle.ts';
import { vkey } from '../../shared/proof/vkey.ts';

beforeAll(useNativeCrypto);

const bundle = sampleBundle();
const known = { root: ROOT };
const exitCode = (files: Map<string, Uint8Array>): number => verifyBundle(files, known).exitCode;
const flipped = (bytes: Uint8Array, at: number, mask: number): Uint8Array =>
  bytes.map((byte, i) => (i === at ? byte ^ mask : byte));

/** As `exitCode(files) === 0`, but it stops at the first check that fails: one is enough, as a test below holds. */
function accepted(files: Map<string, Uint8Array>): boolean {
  const view = bundleView(files, ROOT);
  return BUNDLE_CHECKS.every((check) => judge([check], view).exitCode === 0);
}

describe('one wrong byte', () => {
  // Another bit at every place, so that each of the eight has its turn in each file.
  test.each([...bundle.keys()])('[L9] no byte of %s can be flipped unnoticed', (path) => {
    const bytes = bundle.get(path)!;
    const unnoticed = [...bytes.keys()].filter((at) => {
      const files = new Map(bundle).set(path, flipped(bytes, at, 1 << ((at * 3) % 8)));
      // The whole checklist at every fifth place: it must not throw anywhere either.
      return at % 5 === 0 ? exitCode(files) === 0 : accepted(files);
    });
    expect(unnoticed).toEqual([]);
  });

  test('[L9] one check that fails is enough', () => {
    const names = BUNDLE_CHECKS.map(({ name }) => name);
    for (const fails of names) {
      const checks = names.map((name) => ({ name, run: (): string => (name === fails ? expect.fail('no') : 'yes') }));
      expect(judge(checks, null)).toMatchObject({ verdict: 'invalid', exitCode: 1 });
    }
  });

  // README.txt is the one file that nothing signed speaks of; bagit.txt and bag-info.txt are compared with what they must be.
  const guarded = [...bundle.keys()].filter(
    (path) => path !== FILE.readme && path !== FILE.manifest && path !== FILE.tagManifest && path !== FILE.bagInfo,
  );
  test.each(guarded)('[L9] not even by a forger who makes the lists fit: %s', (path) => {
    const bytes = bundle.get(path)!;
    const step = Math.max(1, Math.floor(bytes.length / 25));
    const unnoticed = [...bytes.keys()].filter(
      (at) =>
        at % step === 0 && exitCode(relisted(new Map(bundle).set(path, flipped(bytes, at, 1 << ((at * 5) % 8))))) === 0,
    );
    expect(unnoticed).toEqual([]);
  });
});

test.each([...bundle.keys()])('[L9] %s cut, doubled, emptied or with a byte more is noticed', (path) => {
  const bytes = bundle.get(path)!;
  for (const other of [
    bytes.slice(0, -1),
    bytes.slice(1),
    new Uint8Array(0),
    Uint8Array.of(...bytes, 10),
    Uint8Array.of(...bytes, ...bytes),
  ])
    expect(exitCode(new Map(bundle).set(path, other))).not.toBe(0);
});

test('[L9] two files in each other’s places are noticed', () => {
  const paths = [...bundle.keys()];
  for (const a of paths)
    for (const b of paths.filter((path) => path > a))
      expect(exitCode(new Map(bundle).set(a, bundle.get(b)!).set(b, bundle.get(a)!))).not.toBe(0);
});

describe('hostile input', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }).map(utf8),
    fc.json({ maxDepth: 5 }).map(utf8),
    fc.constant(utf8('['.repeat(20_000))),
    fc.constant(utf8(`{"a":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_001)}`)),
    fc.constantFrom(...bundle.values()),
  );

  test('[L10] random files in place of ours never make it throw, and never make it valid', () => {
    const some = fc.array(fc.tuple(fc.constantFrom(...bundle.keys()), anything), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(some, fc.boolean(), (changes, fit) => {
        const files = new Map([...bundle, ...changes]);
        const changed = [...files]
          .filter(([path, bytes]) => !sameBytes(bytes, bundle.get(path)!))
          .map(([path]) => path);
        if (!changed.length) return true;
        const { exitCode: code, checks } = verifyBundle(fit ? relisted(files) : files, known);
        const benign =
          fit && changed.every((path) => new Set<string>([FILE.readme, FILE.manifest, FILE.tagManifest]).has(path));
        return checks.length > 0 && (code !== 0 || benign);
      }),
      { numRuns: 250 },
    );
  });

  test('[L10] random names never make it throw', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary', maxLength: 30 }), anything), (files) => {
        return (
          verifyBundle(new Map([...bundle, ...Object.entries(files)]), known).exitCode !== 0 ||
          Object.keys(files).length === 0
        );
      }),
      { numRuns: 100 },
    );
  });

  test('[L10] the readers refuse with an error of their own, never hang', () => {
    const key = vkey('x', KEYS.log.publicKey);
    const readers: ((text: string) => unknown)[] = [
      ...[parseSealText, parseTrustText, parseTlogProof, parseSshsig, parseSshPublicKey],
      ...[(text: string) => parseLeaf(utf8(text)), (text: string) => openNote(text, [key])],
    ];
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const read of readers) expect(() => read(text)).toThrow(Error);
        expect(verifySealedNote(text).exitCode).toBe(3);
      }),
      { numRuns: 200 },
    );
  });

  test('[L10] a hundred thousand empty lines of evidence are refused in time', () => {
    const files = new Map(bundle).set(FILE.evidence, utf8('\n'.repeat(100_000)));
    expect(exitCode(files)).toBe(1);
  });
});
