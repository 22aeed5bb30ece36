import { timestamp } from '../../shared/kernel/schema.ts';
import { carryOut, requireData } from './order.ts';
import { say, UsageError, wordsOf, type CliCommand } from './usage.ts';

export const tokenCreate: CliCommand = {
  name: 'token create',
  synopsis: '[--org ORG] --role ROLE [--user NAME] [--area PATH]… [--expires TIME] [--json]',
  does: 'Gives a person a token, shown once. ORG is an id or a slug; the person is added when nobody has that name.',
  async run(words) {
    const options = {
      org: { type: 'string' },
      role: { type: 'string' },
      user: { type: 'string' },
      area: { type: 'string', multiple: true },
      expires: { type: 'string' },
      json: { type: 'boolean' },
    } as const;
    const { values } = wordsOf(words, options, 0);
    if (!values.role) throw new UsageError('Say which role with --role.');
    if (values.expires !== undefined && !timestamp.safeParse(values.expires).success)
      throw new UsageError('--expires is a time with its zone, such as 2027-01-31T06:00:00Z.');
    requireData();
    const given = await carryOut('token-create', {
      org: values.org,
      role: values.role,
      user: values.user,
      areas: values.area ?? [],
      expiresAt: values.expires,
    });
    if (values.json) say(JSON.stringify(given));
    else say(`Token of role ${values.role}, shown this once:\n  ${given.token}\n\nPerson: ${given.user}`);
    return 0;
  },
};
