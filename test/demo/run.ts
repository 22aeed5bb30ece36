/** `npm run demo`: a plant, its people, a night on recorded alerts, a sealed and verified shift, a vault to open; then the server goes on. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { dirname, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ConfigError, readConfig } from '../../server/config.ts';
import { readEvidence } from '../../server/evidence/read-evidence.ts';
import { foundOrganisation } from '../../server/host/founding.ts';
import { startOperary } from '../../server/main.ts';
import { verifyBundle } from '../../shared/proof/verify.ts';
import { liveThroughTheDay } from './day.ts';
import { openPlant, type Plant } from './plant.ts';
import { openVault, writeVault } from './write-vault.ts';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const data = resolve(root, 'demo-data');
const vault = resolve(root, 'demo-vault');
const zip = resolve(data, 'night-shift-evidence.zip');
const say = (line = '') => console.log(line);

/** The plant's clock while the night is told; afterwards the clock on the wall. */
let told: number | undefined = Date.parse('2026-11-20T13:50:00Z');
const clock = { now: () => (told === undefined ? Date.now() : (told += 1)) };
const at = (time: string) => {
  const night = `${time >= '12' ? '2026-11-20' : '2026-11-21'}T${time}:00Z`;
  told = Date.parse(/^\d\d:\d\d$/.test(time) ? night : time);
};

async function main(): Promise<number> {
  for (const folder of [data, vault]) if (existsSync(folder)) rmSync(folder, { recursive: true });
  const config = { ...readConfig(), data, logLevel: 'warn' as const };
  const operary = await startOperary(config, { clock });
  const { token: adminToken, root: fingerprint } = await foundOrganisation(operary.installation, {
    slug: 'leeds',
    name: 'Leeds Works',
    zone: 'Europe/London',
  });
  const plant = await openPlant(operary.url, adminToken);
  // Once the night is told, the clock on the wall is far ahead of it, and nobody is there to accept its last shift.
  const { items: areas } = await plant.admin.get<{ items: { id: string }[] }>('/v1/areas');
  for (const { id } of areas)
    await plant.admin.post(`/v1/areas/${id}/plan`, { graceMinutes: 5_256_000, reason: 'A recorded night' });
  const open = openVault(operary.url, plant.tokens['tom']!);
  say('\nA night at Leeds Works, 20/21 November 2026. The alerts were recorded from a real Alertmanager.\n');
  // A breath after each scene, so that the open vault lives through the night instead of waking up after it.
  const settled = async () => {
    await operary.settled();
    await pause(300);
  };
  const day = await liveThroughTheDay({ plant, at, settled, say: (line) => say(`  ${line}`) });
  told = undefined;

  await verified(plant, day.sealedShift, fingerprint);
  const notes = await open.notes((paths) => paths.filter((path) => /\/(?:Sealed|Audit)\//.test(path)).length >= 4);
  await writeVault(vault, notes, operary.url);
  say(
    `\n  ${[...notes.keys()].filter((path) => path.endsWith('.md')).length} notes and their tables are in demo-vault/, with the plugin in .obsidian/plugins/operary/.`,
  );
  say(whereToLook(operary.url, plant, fingerprint));
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await operary.close();
  return 0;
}

/** The auditor's check, on the zip as anybody would download it. */
async function verified(plant: Plant, shift: string, fingerprint: string): Promise<void> {
  const answer = await plant.aude.ask('GET', `/v1/shifts/${shift}/bundle`);
  writeFileSync(zip, new Uint8Array(await answer.arrayBuffer()));
  const evidence = readEvidence(zip);
  if (!('files' in evidence)) throw new Error('The bundle is not a bundle.');
  const whole = verifyBundle(evidence.files, { root: fingerprint });
  say(`\n  Aude Brandt, auditor, verifies the sealed night shift: ${whole.verdict} (${whole.checks.length} checks).`);
  const flipped = evidence.files.get('data/report.md')!.map((byte, i) => (i === 100 ? byte ^ 1 : byte));
  const forged = verifyBundle(new Map(evidence.files).set('data/report.md', flipped), { root: fingerprint });
  say(`  With one bit of the report flipped: ${forged.verdict}.`);
}

const whereToLook = (url: string, { tokens }: Plant, fingerprint: string): string => `
Where to look

  Obsidian    open the folder demo-vault as a vault and trust its author; in the plugin's settings enter a token:
              supervisor  ${tokens['tom']}
              operator    ${tokens['jo']}
  the API     ${url}/docs
  the record  curl -s ${url}/v1/shifts/S-2/report -H "Authorization: Bearer ${tokens['aude']}"
  the proof   npm run --silent operary -- verify demo-data/night-shift-evidence.zip --root ${fingerprint}
  the trail   curl -s ${url}/v1/tasks/T-2/trail -H "Authorization: Bearer ${tokens['tom']}"

The server is running at ${url}. Ctrl-C stops it; the next demo starts afresh.
`;

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const { code } = error as { code?: string };
    if (code === 'EADDRINUSE')
      console.error('The port is taken: stop the other server, or set OPERARY_PORT to another port.');
    else if (error instanceof ConfigError) console.error(error.message);
    else console.error(error);
    process.exit(1);
  },
);
