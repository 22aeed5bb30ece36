import { timestamp } from '../../shared/kernel/schema.ts';
import { GRANT, grantOf } from './grant.ts';
import { carryOut } from './order.ts';
import { say, UsageError, wordsOf, type CliCommand } from './usage.ts';

export const tokenCreate: CliCommand = {
  name: 'token create',
  synopsis: '[--org ORG] --role ROLE [--user NAME] [--area PATH]… [--expires TIME] [--json]',
  does: 'Gives a person a token, shown once. ORG is an id or a slug; the person is added when nobody has that name.',
  async run(words) {
    const { values } = wordsOf(words, { ...GRANT, expires: { type: 'string' } } as const, 0);
    if (values.expires !== undefined && !timestamp.safeParse(values.expires).success)
      throw new UsageError('--expires is a time with its zone, such as 2027-01-31T06:00:00Z.');
    const grant = grantOf(values);
    const given = await carryOut('token-create', { ...grant, expiresAt: values.expires });
    if (values.json) say(JSON.stringify(given));
    else say(`Token of role ${grant.role}, shown this once:\n  ${given.token}\n\nPerson: ${given.user}`);
    return 0;
  },
};
