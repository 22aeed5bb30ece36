/** The real server on disk in a process of its own, with one shift whose notes are the room. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../../server/config.ts';
import { foundOrganisation, giveToken } from '../../../server/host/founding.ts';
import { lowerHelperThreads } from '../../../server/helper-threads.ts';
import { startOperary } from '../../../server/main.ts';
import { useNativeCrypto } from '../../../server/native.ts';

const folder = process.argv[2]!;
useNativeCrypto();
lowerHelperThreads();
const operary = await startOperary(
  readConfig({ OPERARY_PORT: '0', OPERARY_DATA: join(folder, 'data'), OPERARY_LOG_LEVEL: 'error' }),
);
const file = join(folder, 'place.json');
if (!existsSync(file)) {
  const { org } = await foundOrganisation(operary.installation, { slug: 'bench' });
  const { token } = await giveToken(operary.installation, { org, role: 'supervisor', areas: [] });
  const answer = await fetch(`${operary.url}/v1/shifts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ area: 'leeds', from: '2026-11-20T22:00:00Z', to: '2026-11-21T06:00:00Z' }),
  });
  const { noteRoom } = (await answer.json()) as { noteRoom: string };
  writeFileSync(file, JSON.stringify({ token, room: noteRoom }));
}
console.log(JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), url: operary.url }));
