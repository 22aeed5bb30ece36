import { pairingLink } from '../../shared/sync/pairing.ts';
import { readConfig, type Config } from '../config.ts';
import { GRANT, grantOf } from './grant.ts';
import { carryOut } from './order.ts';
import { say, wordsOf, type CliCommand } from './usage.ts';

export const pair: CliCommand = {
  name: 'pair',
  synopsis: '[--org ORG] --role ROLE [--user NAME] [--area PATH]… [--json]',
  does: 'Gives a person a pairing code for a device, with a link and a QR code. It works once, for 15 minutes. The person is added when nobody has that name.',
  async run(words) {
    const { values } = wordsOf(words, GRANT, 0);
    const given = await carryOut('pairing-code', grantOf(values));
    const config = readConfig();
    const url = addressOf(config);
    const link = pairingLink(url, given.code);
    if (values.json) say(JSON.stringify({ ...given, link }));
    else say(await told(config, url, link, given));
    return 0;
  },
};

const addressOf = ({ url, host, port }: Config): string =>
  url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

const told = async (
  config: Config,
  url: string,
  link: string,
  { code, expiresAt }: { readonly code: string; readonly expiresAt: string },
): Promise<string> => {
  // Needed here only: every other command starts without it.
  const { renderUnicodeCompact } = await import('uqr');
  return [
    `Pairing code, shown this once; it works once, until ${expiresAt}:\n\n  ${code}`,
    `In Obsidian: "Operary: Connect to a plant", with this address and the code.\n\n  ${url}`,
    `Or open this link on the device, or scan it with its camera:\n\n  ${link}`,
    renderUnicodeCompact(link, { border: 2 }),
    ...(config.url === undefined ? [ONLY_HERE] : []),
  ].join('\n\n');
};

const ONLY_HERE =
  'Other devices may know this server by another address: set OPERARY_URL to it, so that link and QR code name it.';
