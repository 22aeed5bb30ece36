/** A bundle of version 1, kept for ever: every later Operary must still accept it, and until there is a version 2 must still write it so. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readEvidence } from '../../server/evidence/read-evidence.ts';
import { verifyBundle } from '../../shared/proof/verify.ts';
import { ROOT, sampleBundle } from '../kit/sample-bundle.ts';

const GOLDEN = fileURLToPath(new URL('../golden/seals/v1/', import.meta.url));

if (process.env['OPERARY_WRITE_GOLDEN_SEAL'])
  for (const [path, bytes] of sampleBundle()) {
    mkdirSync(dirname(join(GOLDEN, path)), { recursive: true });
    writeFileSync(join(GOLDEN, path), bytes);
  }

test('[L9] a bundle sealed by the first version is still valid, to the byte', () => {
  const evidence = readEvidence(GOLDEN);
  expect(evidence).toHaveProperty('files');
  if (!('files' in evidence)) return;
  expect(verifyBundle(evidence.files, { root: ROOT })).toMatchObject({ verdict: 'valid', exitCode: 0 });
});

test('[L2] what is written today has the same bytes', () => {
  const today = sampleBundle();
  const kept = readdirSync(GOLDEN, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  expect(kept).toHaveLength(today.size);
  for (const [path, bytes] of today) expect(readFileSync(join(GOLDEN, path)).equals(bytes), path).toBe(true);
});
