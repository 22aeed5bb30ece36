import { carryOut } from './order.ts';
import { machineZone } from '../clock.ts';
import { say, UsageError, wordsOf, type CliCommand } from './usage.ts';

export const orgCreate: CliCommand = {
  name: 'org create',
  synopsis: 'SLUG [--name NAME] [--zone ZONE] [--json]',
  does: "Makes an organisation with its keys; shows an admin token once. ZONE is that of its notes and reports (Europe/London); this machine's without it.",
  async run(words) {
    const options = { name: { type: 'string' }, zone: { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = wordsOf(words, options, 1);
    const [slug = ''] = positionals;
    if (!/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/.test(slug))
      throw new UsageError('SLUG is made of a–z, 0–9 and inner hyphens, at most 64.');
    const founded = await carryOut('org-create', { slug, name: values.name, zone: values.zone ?? machineZone() });
    if (values.json) say(JSON.stringify(founded));
    else
      say(
        `Organisation ${slug}: ${founded.org}\n\nAdmin token, shown this once:\n  ${founded.token}\n\n` +
          `Fingerprint of its root key. Keep it outside of this machine, it is what "verify --root" takes:\n  ${founded.root}`,
      );
    return 0;
  },
};
