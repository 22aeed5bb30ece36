import { verifyBundle, verifySealedNote, type Verification } from '../../shared/proof/verify.ts';
import { readEvidence } from '../evidence/read-evidence.ts';
import { say, wordsOf, type CliCommand } from './usage.ts';

export const verify: CliCommand = {
  name: 'verify',
  synopsis: 'PATH [--root FINGERPRINT] [--json]',
  does: 'Checks a bundle (folder or zip) or a sealed note. 0 valid · 2 valid, but the trust came with it · 1 invalid · 3 cannot judge.',
  async run(words) {
    const { values, positionals } = wordsOf(words, { root: { type: 'string' }, json: { type: 'boolean' } } as const, 1);
    const evidence = readEvidence(positionals[0]!);
    if ('unreadable' in evidence) {
      if (values.json)
        say(JSON.stringify({ verdict: 'cannot-judge', exitCode: 3, checks: [], detail: evidence.unreadable }));
      else process.stderr.write(`${evidence.unreadable}\n`);
      return 3;
    }
    const known = values.root === undefined ? {} : { root: values.root };
    const found = 'note' in evidence ? verifySealedNote(evidence.note, known) : verifyBundle(evidence.files, known);
    say(values.json ? JSON.stringify(found) : checklist(found));
    return found.exitCode;
  },
};

const MARK = { true: ' ok ', false: 'FAIL', warn: 'warn' } as const;

const VERDICT: Readonly<Record<Verification['verdict'], string>> = {
  valid: 'VALID',
  warnings: 'VALID, WITH WARNINGS',
  invalid: 'INVALID',
  'cannot-judge': 'CANNOT JUDGE',
};

function checklist({ verdict, checks }: Verification): string {
  const lines = checks.map(
    ({ name, ok, detail }) => `  [${MARK[String(ok) as keyof typeof MARK]}] ${name}${detail ? `: ${detail}` : ''}`,
  );
  return [...lines, '', VERDICT[verdict]].join('\n');
}
