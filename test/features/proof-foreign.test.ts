/** [L9] Strangers can check: the tools of others on a bundle of ours. Each is skipped, with its reason printed, only where it is missing. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { fromBase64, textOf, utf8 } from '../../shared/kernel/bytes.ts';
import { FILE } from '../../shared/proof/layout.ts';
import { parseVkey } from '../../shared/proof/note.ts';
import {
  allowedSigner,
  fingerprint,
  parseSshPublicKey,
  sshPublicKey,
  verifySshsig,
} from '../../shared/proof/sshsig.ts';
import { parseTlogProof } from '../../shared/proof/tlog-proof.ts';
import { KEYS, ORIGIN, ROOT, sampleBundle } from '../kit/sample-bundle.ts';

const VERIFY_PY = fileURLToPath(new URL('../vectors/verify.py', import.meta.url));
const bundle = sampleBundle();
let folder = '';
const inBundle = (path: string): string => join(folder, 'bundle', path);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'operary-proof-'));
  for (const [path, bytes] of bundle) put(inBundle(path), bytes);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: Uint8Array | string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content, { mode: 0o600 });
  return path;
}

interface Ran {
  readonly code: number | null;
  readonly said: string;
}

function run(tool: string, args: readonly string[], { input = '', cwd = inBundle('') } = {}): Ran {
  const { status, stdout, stderr } = spawnSync(tool, args, {
    cwd,
    input,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return { code: status, said: stdout + stderr };
}

/** Skips the test, saying why, when the tool does not start or lacks what is asked of it. */
function need(
  ctx: TestContext,
  tool: string,
  probe: readonly string[] = [],
  fit: (said: string) => boolean = () => true,
): void {
  const { error, stdout, stderr } = spawnSync(tool, probe, { encoding: 'utf8', input: '' });
  if (!error && fit(stdout + stderr)) return;
  const reason = `not run: ${tool} is not on this machine${error ? '' : ', or too old'}`;
  process.stderr.write(`${reason}\n`);
  ctx.skip(reason);
}

const needSsh = (ctx: TestContext): void => {
  need(ctx, 'ssh-keygen', ['-Y', 'verify'], (said) => !/unknown option|illegal option/i.test(said));
};
/** `Z` times came with OpenSSH 9.1: the README's commands as they are. */
const needSshTimes = (ctx: TestContext): void => {
  needSsh(ctx);
  need(ctx, 'ssh', ['-V'], (said) => Number(/OpenSSH_[^0-9]*([0-9]+\.[0-9]+)/.exec(said)?.[1] ?? 0) >= 9.1);
};

/** The commands that the README prints, as a stranger would type them. */
const readmeCommands = (start: string): string[] =>
  textOf(bundle.get(FILE.readme)!)
    .split('\n')
    .filter((line) => line.startsWith(`    ${start}`))
    .map((line) => line.trim());

const verifySeal = (
  args: { signers?: string; principal?: string; namespace?: string; signature?: string; text?: string } = {},
): Ran =>
  run(
    'ssh-keygen',
    [
      ...['-Y', 'verify', '-f', args.signers ?? FILE.allowedSigners, '-I', args.principal ?? `seal@${ORIGIN}`],
      ...['-n', args.namespace ?? 'shift-seal@operary', '-s', args.signature ?? FILE.sealSignature],
    ],
    { input: args.text ?? textOf(bundle.get(FILE.seal)!) },
  );

describe('sha256sum', () => {
  test('[L9] finds every file as the manifests say, with the command of the README', (ctx) => {
    need(ctx, 'sha256sum', ['--version']);
    const [command = ''] = readmeCommands('sha256sum -c');
    const { code, said } = run('sh', ['-c', command]);
    expect([code, said.split('\n').filter((line) => line.endsWith(': OK')).length]).toEqual([0, bundle.size - 1]);
  });

  test('[L9] names a changed file', (ctx) => {
    need(ctx, 'sha256sum', ['--version']);
    const copy = join(folder, 'changed');
    for (const [path, bytes] of bundle) put(join(copy, path), path === FILE.report ? utf8('# Nothing\n') : bytes);
    const { code, said } = run('sha256sum', ['-c', FILE.manifest], { cwd: copy });
    expect([code, said]).toEqual([1, expect.stringContaining('data/report.md: FAILED')]);
  });

  test('[L9] prints the digests that the seal names', (ctx) => {
    need(ctx, 'sha256sum', ['--version']);
    const digests = run('sha256sum', [FILE.report, FILE.manifest]).said.match(/[0-9a-f]{64}/g);
    const seal = textOf(bundle.get(FILE.seal)!);
    expect(digests).toEqual([/Report SHA-256: (.*)/.exec(seal)?.[1], /Manifest SHA-256: (.*)/.exec(seal)?.[1]]);
  });
});

describe('ssh-keygen', () => {
  test('[L9] the README’s own commands find trust statement and seal good', (ctx) => {
    needSshTimes(ctx);
    const commands = readmeCommands('ssh-keygen -Y verify');
    const said = commands.map((command) => run('sh', ['-c', command]));
    expect(said).toEqual([
      { code: 0, said: `Good "trust@operary" signature for root@${ORIGIN} with ED25519 key ${ROOT}\n` },
      {
        code: 0,
        said: `Good "shift-seal@operary" signature for seal@${ORIGIN} with ED25519 key ${fingerprint(KEYS.seal.publicKey)}\n`,
      },
    ]);
  });

  test('[L9] another text, namespace, person, or key is refused', (ctx) => {
    needSsh(ctx);
    expect(verifySeal().code).toBe(0);
    const seal = textOf(bundle.get(FILE.seal)!);
    const others = join(folder, 'other_signers');
    put(others, `${allowedSigner(`seal@${ORIGIN}`, ['shift-seal@operary'], KEYS.log.publicKey)}\n`);
    for (const wrong of [
      { text: seal.replace('Entries: 3', 'Entries: 2') },
      { text: seal.replaceAll('\n', '\r\n') },
      { namespace: 'trust@operary' },
      { namespace: 'file' },
      { principal: `root@${ORIGIN}` },
      { signature: FILE.trustSignature },
      { signers: others },
    ])
      expect(verifySeal(wrong)).toMatchObject({ code: 255 });
  });

  test('[L9] a key that was not yet valid is refused at that time, and not after', (ctx) => {
    needSshTimes(ctx);
    const validAfter = '2026-11-21T06:00:00.000Z';
    const signers = put(
      join(folder, 'later_signers'),
      `${allowedSigner(`seal@${ORIGIN}`, ['shift-seal@operary'], KEYS.seal.publicKey, { validAfter })}\n`,
    );
    const at = (time: string): number | null =>
      run('sh', [
        '-c',
        `ssh-keygen -Y verify -f ${signers} -I seal@${ORIGIN} -n shift-seal@operary -Overify-time=${time} -s seal.txt.sig < seal.txt`,
      ]).code;
    expect([at('20261121055959Z'), at('20261121063000Z')]).toEqual([255, 0]);
  });

  test('[L9] prints our fingerprints', (ctx) => {
    needSsh(ctx);
    expect(run('ssh-keygen', ['-lf', FILE.rootKey]).said).toBe(`256 ${ROOT} operary organisation root (ED25519)\n`);
  });

  test('[L9] its own signatures are good to us, and its keys are read', (ctx) => {
    needSsh(ctx);
    const key = join(folder, 'id');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ana', '-f', key]);
    const publicKey = parseSshPublicKey(readFileSync(`${key}.pub`, 'utf8').trim());
    expect(sshPublicKey(publicKey, 'ana')).toBe(readFileSync(`${key}.pub`, 'utf8').trim());
    for (const hash of ['sha512', 'sha256']) {
      const text = put(join(folder, `text-${hash}`), `Sealed with ${hash}\n`);
      execFileSync(
        'ssh-keygen',
        ['-q', '-Y', 'sign', '-f', key, '-n', 'shift-seal@operary', '-O', `hashalg=${hash}`, text],
        {
          stdio: 'pipe',
        },
      );
      const claim = { armor: readFileSync(`${text}.sig`, 'utf8'), namespace: 'shift-seal@operary', publicKey };
      expect(verifySshsig({ ...claim, message: utf8(`Sealed with ${hash}\n`) })).toBe(true);
      expect(verifySshsig({ ...claim, message: utf8(`sealed with ${hash}\n`) })).toBe(false);
    }
  });
});

describe('openssl', () => {
  const { checkpoint } = parseTlogProof(textOf(bundle.get(FILE.sealProof)!));
  const [text = '', line = ''] = checkpoint.split('\n\n');
  const signature = fromBase64(line.trim().split(' ')[2]!).slice(4);
  const { publicKey } = parseVkey(textOf(bundle.get(FILE.logKey)!).trim());

  const verify = (message: string): Ran => {
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]);
    const [key, head, sig] = [join(folder, 'log.der'), join(folder, 'head'), join(folder, 'head.sig')];
    put(key, der);
    put(head, message);
    put(sig, signature);
    return run('openssl', [
      ...['pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', key, '-rawin', '-in', head, '-sigfile', sig],
    ]);
  };

  test('[L9] finds the log’s signature on its head good, and on a changed head not', (ctx) => {
    need(ctx, 'openssl', ['version'], (said) => /OpenSSL [3-9]/.test(said));
    expect(verify(`${text}\n`)).toMatchObject({ code: 0, said: expect.stringContaining('Verified Successfully') });
    expect(verify(`${text}\n`.replace('\n6\n', '\n7\n')).code).not.toBe(0);
  });
});

describe('a second verifier in Python', () => {
  const python = (ctx: TestContext): void => {
    need(ctx, 'python3', ['--version']);
    need(ctx, 'openssl', ['version'], (said) => /OpenSSL [3-9]/.test(said));
  };

  test('[L9] rebuilds the shift root and climbs to the signed head of the log', (ctx) => {
    python(ctx);
    expect(run('python3', [VERIFY_PY, inBundle('')])).toEqual({
      code: 0,
      said: [
        'ok shift root over 3 entries',
        'ok seal, report and manifest are the ones that the log recorded',
        'ok inclusion of entry 6 in a log of 6',
        'ok inclusion of addendum 8 in a log of 8',
        'ok disclosures\n',
      ].join('\n'),
    });
  });

  test.for([
    [FILE.evidence, 'shift.logged', 'shift.lagged', 'another shift root'],
    [FILE.sealedLeaf, '"entries":3', '"entries":4', 'the path does not lead to the head'],
    [FILE.sealProof, 'index 5', 'index 4', 'the proof is for another entry'],
    [FILE.sealProof, '\n6\n', '\n7\n', 'the log key did not sign the head'],
    [FILE.disclosures, 'entry 3', 'entry 4', 'does not match'],
  ] as const)('[L9] refuses %s when %s becomes %s', ([path, now, other, reason], ctx) => {
    python(ctx);
    const copy = join(folder, `python-${reason.replaceAll(' ', '-')}`);
    for (const [name, bytes] of bundle)
      put(join(copy, name), name === path ? textOf(bytes).replace(now, other) : bytes);
    expect(run('python3', [VERIFY_PY, copy])).toEqual({ code: 1, said: expect.stringContaining(reason) });
  });
});
