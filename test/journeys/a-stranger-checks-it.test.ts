/** An auditor from outside has a folder, a fingerprint, and the tools of an ordinary machine. No server runs any more. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readEvidence } from '../../server/evidence/read-evidence.ts';
import { useNativeCrypto } from '../../server/native.ts';
import { textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { FILE } from '../../shared/proof/layout.ts';
import { readSealedNote, reportRegion, sealRegion } from '../../shared/proof/sealed-note.ts';
import { parseSshPublicKey } from '../../shared/proof/ssh-key.ts';
import { verifyBundle, verifySealedNote } from '../../shared/proof/verify.ts';
import { liveThroughTheDay, type Day } from '../demo/day.ts';
import { operary, type Ran } from '../kit/a-cli.ts';
import { needs, run, shell } from '../kit/cli.ts';
import { leedsWorks, type Leeds } from '../kit/leeds.ts';
import { commandsIn, downloadBundle, downloadZip, flipped, unpack, VERIFY_PY, type Files } from '../kit/stranger.ts';

const WRONG_ROOT = `SHA256:${'A'.repeat(43)}`;

let base: string;
let leeds: Leeds;
let day: Day;
let zip: Uint8Array;
let files: Files;
/** Of the shift before. */
let late: Files;
let bundle: string;
let exported: Ran;
const place = (name: string): string => join(base, name);
beforeAll(async () => {
  useNativeCrypto();
  base = mkdtempSync(join(tmpdir(), 'operary-stranger-'));
  leeds = await leedsWorks();
  day = await liveThroughTheDay(leeds);
  zip = await downloadZip(leeds.plant.aude, day.sealedShift);
  files = await downloadBundle(leeds.plant.aude, day.sealedShift);
  late = await downloadBundle(leeds.plant.aude, 'S-1');
  bundle = place('evidence');
  exported = await cli('export', 'shift', day.sealedShift, '--org', 'leeds', '--out', bundle);
  await leeds.server.close();
  writeFileSync(place('evidence.zip'), zip);
}, 60_000);
afterAll(async () => {
  await leeds.close();
  rmSync(base, { recursive: true, force: true });
});

const cli = (...words: readonly string[]): Promise<Ran> =>
  operary(leeds.data, words, { OPERARY_ORIGIN: 'test.operary.internal' });
/** As somebody who has nothing of ours but the program: no data folder, no environment. */
const verify = (...words: readonly string[]): Promise<Ran> => operary(place('nowhere'), ['verify', ...words]);
const copyOf = (name: string, content: Files = files): string => {
  unpack(content, place(name));
  return place(name);
};
const noteOf = (content: Files): string => {
  const text = (path: string) => textOf(content.get(path)!);
  const seal = sealRegion({
    sealText: text(FILE.seal),
    signature: text(FILE.sealSignature),
    trustText: text(FILE.trust),
    trustSignature: text(FILE.trustSignature),
    rootKey: parseSshPublicKey(text(FILE.rootKey).trimEnd()),
  });
  return `---\noperary_type: sealed-shift\n---\n\n# My own heading\n\n${reportRegion(text(FILE.report))}\n\n${seal}\n\nMy own words.\n`;
};

test('[L9] the server, the running CLI and the CLI alone hand out the same files to the byte', async () => {
  expect(exported).toMatchObject({ code: 0, err: '' });
  const twin = place('exported-without-server');
  expect(await cli('export', 'shift', 'S-2', '--org', 'leeds', '--out', twin)).toMatchObject({ code: 0 });
  for (const folder of [bundle, twin]) {
    const there = readEvidence(folder);
    if (!('files' in there)) throw new Error(there as never);
    expect([...there.files.keys()].sort()).toEqual([...files.keys()].sort());
    for (const [path, bytes] of files) expect(Buffer.from(there.files.get(path)!).equals(bytes), path).toBe(true);
  }
  expect(files.size).toBeGreaterThan(18);
});

describe('operary verify', () => {
  test('[L9] says 0 with the right root, for the folder, the zip and the note', async () => {
    writeFileSync(place('night.md'), noteOf(files));
    for (const path of [bundle, place('evidence.zip'), place('night.md')]) {
      const { code, out } = await verify(path, '--root', leeds.root);
      expect([path, code, out.trimEnd().split('\n').at(-1)]).toEqual([path, 0, 'VALID']);
    }
  });

  test('[L9] says 2 without a root, 1 with another, 3 for what is no evidence at all', async () => {
    writeFileSync(place('shopping.txt'), 'Milk, bread, grease.\n');
    writeFileSync(place('noise.bin'), Uint8Array.of(0xff, 0xfe, 0x00));
    mkdirSync(place('empty'));
    const verdicts = await Promise.all([
      verify(bundle, '--json'),
      verify(bundle, '--root', WRONG_ROOT, '--json'),
      verify(place('shopping.txt'), '--json'),
      verify(place('noise.bin'), '--json'),
      verify(place('empty'), '--json'),
      verify(place('not-there'), '--json'),
    ]);
    expect(verdicts.map(({ code }) => code)).toEqual([2, 1, 3, 3, 3, 3]);
    const words = verdicts.map(({ out }) => JSON.parse(out) as { verdict: string; exitCode: number });
    expect(words.map(({ verdict }) => verdict)).toEqual([
      'warnings',
      'invalid',
      ...Array<string>(4).fill('cannot-judge'),
    ]);
    expect(words.map(({ exitCode }) => exitCode)).toEqual(verdicts.map(({ code }) => code));
    expect(await verify(bundle, '--root', 'my fingerprint')).toMatchObject({ code: 1 });
  });

  test('[L9] says 1 in the child process for one turned bit in report, entries, seal or proof', async () => {
    const damaged = [FILE.report, FILE.evidence, FILE.seal, FILE.sealProof].map((path, i) => {
      const at = Math.floor(files.get(path)!.length / 2);
      return copyOf(`damaged-${i}`, flipped(files, path, at));
    });
    const verdicts = await Promise.all(damaged.map((folder) => verify(folder, '--root', leeds.root)));
    for (const { code, out } of verdicts)
      expect([code, out]).toEqual([1, expect.stringMatching(/\[FAIL\][^]*\nINVALID\n$/)]);
  });

  test('[L9] says 1 for any byte of any file: first, middle, last, in every file, each of its bits in turn', () => {
    let bit = 0;
    for (const [path, bytes] of files) {
      const places = new Set([0, 1, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2), bytes.length - 1]);
      for (const at of places) {
        const { exitCode } = verifyBundle(flipped(files, path, at, bit++ % 8), { root: leeds.root });
        expect(exitCode, `${path}[${at}] bit ${(bit - 1) % 8}`).toBe(1);
      }
    }
    expect(verifyBundle(files, { root: leeds.root }).exitCode).toBe(0);
  });

  test.each([
    [FILE.bagInfo, 'Operary-Bundle: v'],
    [FILE.seal, 'OPERARY SEAL v'],
    [FILE.trust, 'OPERARY TRUST v'],
    [FILE.sealProof, 'c2sp.org/tlog-proof@v'],
    [FILE.sealedLeaf, '"v":'],
    [FILE.evidence, '"v":'],
  ])('[L9] a turned bit in the version number of %s is damage, not news', (path, before) => {
    const at = textOf(files.get(path)!).indexOf(before) + before.length;
    for (let bit = 0; bit < 8; bit++)
      expect(verifyBundle(flipped(files, path, at, bit), { root: leeds.root }).exitCode, `bit ${bit}`).toBe(1);
  });

  test('[L9] says 1 for a file that is missing, empty, added, swapped or cut', () => {
    const judged = (change: (all: Map<string, Uint8Array>) => unknown) => {
      const all = new Map(files);
      change(all);
      return verifyBundle(all, { root: leeds.root }).exitCode;
    };
    for (const [path, bytes] of files) {
      expect(
        judged((all) => all.delete(path)),
        `without ${path}`,
      ).not.toBe(0);
      expect(
        judged((all) => all.set(path, new Uint8Array(0))),
        `empty ${path}`,
      ).toBe(1);
      expect(
        judged((all) => all.set(path, bytes.slice(0, -1))),
        `cut ${path}`,
      ).toBe(1);
    }
    expect(judged((all) => all.set('data/extra.md', utf8('Hello')))).toBe(1);
    expect(judged((all) => all.set(FILE.report, files.get(FILE.seal)!).set(FILE.seal, files.get(FILE.report)!))).toBe(
      1,
    );
  });

  test("[L9] is not taken in by another shift's files under this seal", () => {
    for (const path of [
      FILE.report,
      FILE.evidence,
      FILE.seal,
      FILE.sealSignature,
      FILE.sealedLeaf,
      FILE.sealProof,
      FILE.disclosures,
    ]) {
      const mixed = new Map(files).set(path, late.get(path)!);
      expect(verifyBundle(mixed, { root: leeds.root }).exitCode, path).toBe(1);
    }
    expect(verifyBundle(late, { root: leeds.root }).exitCode).toBe(0);
  });

  test('[L9] says 1 for a note with a changed word in report or seal, and cares for nothing around them', () => {
    const note = noteOf(files);
    const verdict = (text: string) => verifySealedNote(text, { root: leeds.root }).exitCode;
    expect(verdict(note)).toBe(0);
    expect(verdict(note.replace('My own words.', 'Other words.').replaceAll('\n', '\r\n'))).toBe(0);
    expect(verdict(note.replace('Priya Nair', 'Peter Nair'))).toBe(1);
    expect(verdict(note.replace('Kind: accepted', 'Kind: unaccepted'))).toBe(1);
    expect(verdict(note.replace('%% /operary:report %%', 'One more line.\n%% /operary:report %%'))).toBe(1);
    expect(verifySealedNote(note, {}).exitCode).toBe(2);
    expect(verifySealedNote(note, { root: WRONG_ROOT }).exitCode).toBe(1);
    expect(readSealedNote(note).report).toBe(textOf(files.get(FILE.report)!));
  });

  test('a link among the files is no evidence: it could show other bytes to another reader', async () => {
    const folder = copyOf('linked');
    rmSync(join(folder, FILE.report));
    symlinkSync(join(bundle, FILE.report), join(folder, FILE.report));
    expect(await verify(folder, '--root', leeds.root)).toMatchObject({
      code: 3,
      err: expect.stringContaining('not a plain file'),
    });
  });

  test('[L9] needs no network, no server and no data folder, and leaves none', async () => {
    await verify(bundle, '--root', leeds.root);
    expect(readEvidence(place('nowhere'))).toMatchObject({ unreadable: expect.stringContaining('There is nothing') });
  });
});

describe('tools that are not ours', () => {
  test('[L9] sha256sum -c accepts the bundle as its README says, and not with one byte changed', async (context) => {
    needs(context, 'sha256sum');
    const [line, ...others] = commandsIn(textOf(files.get(FILE.readme)!), 'sha256sum');
    const good = await shell(line!, bundle);
    expect(good.code, good.err).toBe(0);
    expect(good.out.trimEnd().split('\n')).toHaveLength(files.size - 1);
    expect(good.out).not.toMatch(/FAILED/);
    const digests = await shell(others[0]!, bundle);
    const seal = textOf(files.get(FILE.seal)!);
    for (const digest of digests.out.match(/[0-9a-f]{64}/g)!) expect(seal).toContain(digest);
    expect(await shell(line!, copyOf('summed', flipped(files, FILE.report, 100)))).toMatchObject({
      code: 1,
      out: expect.stringContaining('data/report.md: FAILED'),
    });
  });

  test('[L9] ssh-keygen -Y verify accepts trust and seal, with the very lines that the README prints', async (context) => {
    needs(context, 'ssh-keygen');
    const folder = copyOf('ssh');
    // OpenSSH refuses key files that others may write to.
    chmodSync(join(folder, FILE.rootKey), 0o644);
    const lines = commandsIn(textOf(files.get(FILE.readme)!), 'ssh-keygen');
    expect(lines.map((line) => /-n (\S+) -Overify-time=\S+ /.exec(line)?.[1])).toEqual([
      undefined,
      'trust@operary',
      'shift-seal@operary',
    ]);
    const [fingerprint, trust, seal] = await Promise.all(lines.map((line) => shell(line, folder)));
    expect(fingerprint).toMatchObject({ code: 0, out: expect.stringContaining(leeds.root) });
    expect(trust).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Good "trust@operary" signature for root@test\.operary\.internal\//),
    });
    expect(trust!.out).toContain(leeds.root);
    expect(seal).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Good "shift-seal@operary" signature for seal@test\.operary\.internal\//),
    });
    writeFileSync(join(folder, FILE.seal), flipped(files, FILE.seal, 200).get(FILE.seal)!);
    expect((await shell(lines[2]!, folder)).code).not.toBe(0);
    writeFileSync(join(folder, FILE.seal), files.get(FILE.seal)!);
    expect((await shell(lines[2]!.replace('-n shift-seal@operary', '-n trust@operary'), folder)).code).not.toBe(0);
  });

  test('[L9] a second implementation in Python and openssl agrees, and disagrees with a forgery', async (context) => {
    needs(context, 'python3', 'openssl');
    const good = await run('python3', [VERIFY_PY, bundle]);
    expect(good.err).toBe('');
    expect(good.code).toBe(0);
    expect(good.out).toMatch(
      /ok shift root over \d+ entries\n[^]*ok inclusion of entry [^]*ok inclusion of addendum [^]*ok disclosures\n$/,
    );
    const at = textOf(files.get(FILE.evidence)!).indexOf('"actor"') + 12;
    const forged = await run('python3', [VERIFY_PY, copyOf('forged', flipped(files, FILE.evidence, at))]);
    expect(forged).toMatchObject({ code: 1, err: expect.stringContaining('wrong: ') });
  });

  test('[L9] unzip opens the zip, and its folder is the bundle', async (context) => {
    needs(context, 'unzip');
    const { code, err } = await run('unzip', ['-q', place('evidence.zip'), '-d', place('unzipped')]);
    expect([code, err]).toEqual([0, '']);
    expect(await verify(place('unzipped'), '--root', leeds.root)).toMatchObject({ code: 0 });
    expect(readFileSync(join(place('unzipped'), '2026-11-20-leeds-packaging-Night', FILE.seal))).toEqual(
      Buffer.from(files.get(FILE.seal)!),
    );
  });
});
