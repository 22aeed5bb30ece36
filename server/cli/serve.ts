import { once } from 'node:events';
import { randomBytes } from 'node:crypto';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { machineZone } from '../clock.ts';
import { readConfig, type Config } from '../config.ts';
import { lowerHelperThreads } from '../helper-threads.ts';
import { demand, foundOrganisation, giveToken } from '../host/founding.ts';
import type { Installation } from '../host/installation.ts';
import { startOperary } from '../main.ts';
import { say, wordsOf, type CliCommand } from './usage.ts';

export const serve: CliCommand = {
  name: 'serve',
  synopsis: '',
  does: 'Runs the server. The first start makes the data folder, keys and an organisation to try things with.',
  async run(words) {
    wordsOf(words, {}, 0);
    lowerHelperThreads();
    const config = readConfig();
    const stop = askedToStop();
    const operary = await startOperary(config);
    try {
      const isFirst = (await operary.ledger.organisations()).length === 0;
      if (isFirst) say(greeting(operary.url, config, await firstStart(operary.installation)));
      else say(`Operary is running at ${operary.url} · every route: ${operary.url}/docs`);
      await stop;
    } finally {
      await operary.close();
    }
    return 0;
  },
};

/** A second signal ends at once: whoever sends it has waited long enough. */
async function askedToStop(): Promise<void> {
  const asked = new AbortController();
  await Promise.race(['SIGTERM', 'SIGINT'].map((name) => once(process, name, { signal: asked.signal })));
  asked.abort();
  for (const name of ['SIGTERM', 'SIGINT']) process.once(name, () => process.exit(1));
}

interface First {
  readonly admin: string;
  readonly supervisor: string;
  readonly root: string;
}

async function firstStart(at: Installation): Promise<First> {
  const zone = machineZone();
  const { org, token: admin, root } = await foundOrganisation(at, { slug: 'plant', name: 'Plant', zone });
  const id = () => uuidV7(at.clock.now(), randomBytes(10));
  await demand(at, org, at.bootstrap.firstDay({ id, now: at.clock.now(), zone }));
  const { token: supervisor } = await giveToken(at, { org, role: 'supervisor', user: 'Supervisor', areas: [] });
  return { admin, supervisor, root };
}

const greeting = (url: string, { data }: Config, { admin, supervisor, root }: First): string => `
Operary is running at ${url}

This is the first start. In ${data} there are now a ledger, keys, and the organisation "plant"
with one area and the three shifts of its day.

Two tokens, shown this once (only their hashes are kept):

  admin       ${admin}
  supervisor  ${supervisor}

Try it:

  curl -s ${url}/v1/shifts -H "Authorization: Bearer ${supervisor}"

  curl -s ${url}/v1/tasks -H "Authorization: Bearer ${supervisor}" \\
       -H "Content-Type: application/json" -d '{"title": "Check pump 3", "area": "main"}'

Then:

  ${url}/docs    every route, with its schema
  npm run --silent operary -- pair --role supervisor --user "Ana"    a pairing code for Ana's Obsidian, with a QR code for her phone
  npm run --silent operary -- token create --role operator --user "Ben"    a token for a script of Ben's
  npm run --silent operary -- help    everything else
  In Obsidian: enable the plugin Operary, then "Connect to a plant" with this address and a pairing code.

Write this fingerprint down outside of this machine; it is what "verify --root" takes:

  ${root}
`;
