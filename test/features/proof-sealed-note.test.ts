import { describe, expect, test } from 'vitest';
import { readSealedNote, reportRegion, sealRegion } from '../../shared/proof/sealed-note.ts';
import { SEAL_NAMESPACE } from '../../shared/proof/seal.ts';
import { signSshsig } from '../../shared/proof/sshsig.ts';
import { utf8 } from '../../shared/kernel/bytes.ts';
import { verifySealedNote } from '../../shared/proof/verify.ts';
import { useNativeCrypto } from '../kit/native-crypto.ts';
import { KEYS, OTHER_KEYS, REPORT, ROOT, sampleInput } from '../kit/sample-bundle.ts';
import type { SampleOptions } from '../kit/sample-bundle.ts';

useNativeCrypto();

function noteOf(options: SampleOptions = {}, signature?: string): string {
  const input = sampleInput(options);
  const seal = sealRegion({ ...input, signature: signature ?? input.sealSignature });
  return `---\noperary_id: S-12\nstatus: sealed\n---\n\nMy own words.\n\n${reportRegion(input.report)}\n\n${seal}\n\nMore words.\n`;
}

const note = noteOf();
const known = { root: ROOT };
const failed = (text: string): string[] => {
  const { checks } = verifySealedNote(text, known);
  return checks.filter(({ ok }) => ok === false).map(({ name }) => name);
};

describe('a sealed note alone', () => {
  test('[L9] with the fingerprint from outside it is valid, without it it carries a warning', () => {
    expect(verifySealedNote(note, known)).toMatchObject({ verdict: 'valid', exitCode: 0 });
    expect(verifySealedNote(note)).toMatchObject({ verdict: 'warnings', exitCode: 2 });
    expect(verifySealedNote(note, known).seal?.record).toContain('S-12');
    expect(verifySealedNote(note, known).checks.at(-1)?.detail).toContain('evidence bundle');
  });

  test('[L9] the report comes back byte for byte', () => {
    for (const report of [REPORT, '\n', 'a\n\n\n', '```\ncode\n```\n', '# ½ “ü”\n\u2028\n', '---\na: b\n---\n'])
      expect(readSealedNote(noteOf({ report })).report).toBe(report);
  });

  test('[L9] Windows line ends are read as LF', () => {
    expect(verifySealedNote(note.replaceAll('\n', '\r\n'), known).exitCode).toBe(0);
  });

  test('[L12] front matter and the words around the regions are people’s', () => {
    const front = note.replace(/^---\n[^]*?\n---\n/, '---\nstatus: "sealed"\ntags: [x]\noperary_id: S-12\n---\n');
    for (const text of [
      front,
      front.replace('My own words', 'Other words').replace('More words.\n', ''),
      `\ufeff${note}`,
    ])
      expect(verifySealedNote(text, known).exitCode).toBe(0);
  });

  test('[L9] no byte of the regions can be changed unnoticed', () => {
    const from = note.indexOf('%% operary:report %%');
    const to = note.lastIndexOf('%%') + 2;
    const unnoticed = [];
    for (let at = from; at < to; at++) {
      const other = String.fromCharCode(note.charCodeAt(at) ^ (1 << (at % 7)));
      if (verifySealedNote(note.slice(0, at) + other + note.slice(at + 1), known).exitCode === 0) unnoticed.push(at);
    }
    expect(unnoticed).toEqual([]);
  });

  test('[L9] an edited report, a borrowed seal, a forged signature', () => {
    expect(failed(note.replace('Filler 3 jammed', 'Filler 3 ran'))).toEqual(['report']);
    expect(failed(noteOf({ report: '# Nothing happened\n', keys: OTHER_KEYS }))).toEqual(['root fingerprint']);
    const other = signSshsig(OTHER_KEYS.seal, SEAL_NAMESPACE, utf8(sampleInput().sealText));
    expect(failed(noteOf({}, other))).toEqual(['seal signature']);
    const elsewhere = signSshsig(KEYS.seal, 'file', utf8(sampleInput().sealText));
    expect(failed(noteOf({}, elsewhere))).toEqual(['seal signature']);
  });

  test('[L9] with two reports or two seals nobody can say which one was meant', () => {
    const { report } = sampleInput();
    expect(failed(`${note}\n${reportRegion('# Another\n')}\n`)).toContain('report');
    expect(failed(`${reportRegion(report)}\n${note}`)).toContain('report');
    expect(failed(note.replace('status: sealed', 'x: |\n%% operary:seal %%'))).toContain('seal signature');
  });

  test('[L9] a missing or torn region is refused', () => {
    for (const marker of [
      '%% operary:report %%',
      '%% /operary:report %%',
      '%% /operary:seal %%',
      '```operary-trust',
      '```operary-seal',
    ])
      expect(verifySealedNote(note.replace(marker, ''), known).exitCode).toBe(1);
    expect(verifySealedNote(note.replace('```operary-trust', 'extra\n```operary-trust'), known).exitCode).toBe(1);
  });

  test('what is no sealed note, and what is of a later version, cannot be judged', () => {
    for (const text of ['', '# A note\n', '---\nstatus: sealed\n---\n'])
      expect(verifySealedNote(text, known)).toMatchObject({ verdict: 'cannot-judge', exitCode: 3 });
    expect(verifySealedNote(note.replace('OPERARY SEAL v1', 'OPERARY SEAL v2'), known).exitCode).toBe(3);
  });
});

test.each(['', 'no line end', 'a\r\nb\n', 'a\n%% /operary:report %%\nb\n', '%% operary:seal %%\n'])(
  '[L12] a report of %j would not come back: it is refused at once',
  (report) => expect(() => reportRegion(report)).toThrow(),
);

test('[L10] words with fences and markers in a seal stay words', () => {
  const exceptions = ['```', '%% /operary:seal %%', '```operary-trust', '-----BEGIN SSH SIGNATURE-----'];
  const text = noteOf({ seal: { exceptions, handedOverBy: '```\n%% /operary:seal %%' } });
  expect(verifySealedNote(text, known).exitCode).toBe(0);
  expect(verifySealedNote(text, known).seal?.exceptions).toEqual(exceptions);
});
