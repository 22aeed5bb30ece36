import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AskError } from '../host/founding.ts';
import { carryOut, requireData } from './order.ts';
import { say, UsageError, wordsOf, type CliCommand } from './usage.ts';

export const exportCommand: CliCommand = {
  name: 'export',
  synopsis: 'shift ID --out DIR [--org ORG] [--json]',
  does: 'Writes the evidence bundle of a sealed shift into an empty folder. ID is a UUID or a short number (S-12).',
  async run(words) {
    const options = { out: { type: 'string' }, org: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = wordsOf(words, options, 2);
    if (!values.out) throw new UsageError('Say where to with --out.');
    const folder = resolve(values.out);
    requireData();
    requireEmpty(folder);
    const [kind = '', id = ''] = positionals;
    const { name, files } = await carryOut('export', {
      kind,
      id,
      ...(values.org === undefined ? {} : { org: values.org }),
    });
    for (const [path, content] of Object.entries(files)) {
      const file = join(folder, ...path.split('/'));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, Buffer.from(content, 'base64'), { flag: 'wx' });
    }
    if (values.json) say(JSON.stringify({ name, out: folder, files: Object.keys(files).length }));
    else say(`${name}: ${Object.keys(files).length} files in ${folder}\nREADME.txt there says how to check them.`);
    return 0;
  },
};

function requireEmpty(folder: string): void {
  let content: string[];
  try {
    content = readdirSync(folder);
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return;
    throw new AskError(`${folder} is not a folder that can be written to. Choose another --out.`);
  }
  if (content.length)
    throw new AskError(`${folder} is not empty. Choose a new folder, so that nothing else gets among the evidence.`);
}
