/** `npm run bench`: every figure that the project promises, as ratios in one run. Prints a table and writes bench-results.json. */
import { cpus } from 'node:os';
import { readFile, writeFile } from 'node:fs/promises';
import { benchDoor } from './door.ts';
import type { Row } from './row.ts';
import { benchSavedHere } from './saved-here.ts';
import { benchVault } from './vault.ts';

const BUDGET = 640_000;

async function pluginSize(): Promise<Row> {
  const { length } = await readFile(new URL('../../main.js', import.meta.url));
  return {
    what: "the plugin's bundle, minified, against its budget",
    ours: length,
    peer: BUDGET,
    unit: ' bytes',
    ratio: BUDGET / length,
    target: 1,
    beside: {},
  };
}

const rows = [...(await benchDoor()), ...(await benchVault()), ...(await benchSavedHere()), await pluginSize()];
const machine = { node: process.version, cores: cpus().length, cpu: cpus()[0]?.model ?? 'unknown' };
console.log(
  `Node ${machine.node}, ${machine.cores} cores, ${machine.cpu}. Absolute figures mean little; compare within this run.\n`,
);
for (const { what, ours, peer, unit, ratio, target, beside } of rows) {
  const verdict = ratio >= target ? 'reached' : 'MISSED';
  console.log(
    `${what}\n  ${ours.toLocaleString('en')}${unit} against ${peer.toLocaleString('en')}${unit}: ratio ${ratio.toFixed(2)}, asked for ${target}: ${verdict}`,
  );
  for (const [name, value] of Object.entries(beside)) console.log(`  ${name}: ${value}`);
}
console.log('\nCrash rounds: OPERARY_CRASH_ROUNDS=100 npx vitest run test/journeys/crash.test.ts');
console.log('10,000 open tasks: npx vitest run test/browser/many-tasks.test.ts');
await writeFile('bench-results.json', `${JSON.stringify({ machine, rows }, null, 2)}\n`);
process.exitCode = rows.every(({ ratio, target }) => ratio >= target) ? 0 : 1;
