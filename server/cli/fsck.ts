import { createRegister } from '../../shared/kernel/register.ts';
import { features } from '../../shared/features/index.ts';
import { fsck } from '../fsck/fsck.ts';
import { ledgerFile } from '../host/disk-backing.ts';
import { requireData } from './order.ts';
import { say, wordsOf, type CliCommand } from './usage.ts';

export const fsckCommand: CliCommand = {
  name: 'fsck',
  synopsis: '[--json]',
  does: 'Checks every byte of the ledger, also while a server runs on it. 0 clean · 1 says what is wrong.',
  async run(words) {
    const { values } = wordsOf(words, { json: { type: 'boolean' } } as const, 0);
    const dataDir = requireData();
    const report = fsck({ dataDir, file: ledgerFile(dataDir), register: createRegister(features) });
    const { findings, organisations, entries } = report;
    if (values.json) say(JSON.stringify(report));
    else
      say(
        [
          ...findings,
          `${organisations} organisation(s), ${entries} entries: ${findings.length ? `${findings.length} finding(s).` : 'clean.'}`,
        ].join('\n'),
      );
    return findings.length ? 1 : 0;
  },
};
