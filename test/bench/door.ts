/** Commands through the whole door, durable, against plain inserts on the same disk. Alone: `node test/bench/door.ts`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { busyPlant } from './busy-plant.ts';
import { plainInserts, syncCost } from './plain-inserts.ts';
import { median, type Row } from './row.ts';

const ROUNDS = 5;
const ROUND_MS = 1500;

export async function benchDoor(where = process.cwd()): Promise<Row[]> {
  // Not the system's temporary folder: that may lie in memory, where nothing is ever synced.
  const folder = mkdtempSync(join(where, '.bench-'));
  const plant = await busyPlant(folder);
  const plain = plainInserts(folder);
  try {
    await plant.run(ROUND_MS);
    plain.run(ROUND_MS / 5);
    const rounds = [];
    for (let i = 0; i < ROUNDS; i++) {
      const sync = syncCost(folder);
      rounds.push({ sync, peer: plain.run(ROUND_MS), ours: await plant.run(ROUND_MS) });
    }
    const ours = median(rounds.map((round) => round.ours));
    const peer = median(rounds.map((round) => round.peer));
    return [
      {
        what: 'commands through the door, durable, 64 callers; plain inserts, one a transaction',
        ours: Math.round(ours),
        peer: Math.round(peer),
        unit: '/s',
        ratio: median(rounds.map((round) => round.ours / round.peer)),
        target: 2,
        beside: {
          'fsync µs': Math.round(median(rounds.map(({ sync }) => sync))),
          'commands per commit': Math.round(plant.perCommit()),
          rounds: rounds.map((round) => (round.ours / round.peer).toFixed(2)).join(' '),
        },
      },
    ];
  } finally {
    plain.close();
    await plant.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) for (const row of await benchDoor()) console.log(row);
