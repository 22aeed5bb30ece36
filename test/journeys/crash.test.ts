/** The power fails under load, again and again. What was answered is there, once, and log and signer go on from where they stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openCheckpoint, type Checkpoint } from '../../shared/proof/checkpoint.ts';
import { verifyConsistency } from '../../shared/proof/tree.ts';
import { fsck } from '../../server/fsck/fsck.ts';
import { lastSignedHead } from '../../server/signer-journal.ts';
import { commandOf } from '../kit/crash-child.ts';
import { diskLedger, ledgerFile, OTHER_PLANT, PLANT, temporaryFolder } from '../kit/ledger.ts';
import { toyRegister } from '../kit/toy-feature.ts';

const ROUNDS = Number(process.env['OPERARY_CRASH_ROUNDS'] ?? 10);
const SEED = 4711;
const LONGEST_MS = 250;
const CHILD = fileURLToPath(new URL('../kit/crash-child.ts', import.meta.url));

/** Park and Miller's: the same moments in every run with the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/** What the killed process had answered: position in its round → its answer. */
async function killedAt(
  folder: string,
  round: number,
  moment: number,
  fromStart: boolean,
): Promise<Map<number, string>> {
  const child = spawn(process.execPath, [CHILD, folder, String(round)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  child.stderr.on('data', (text: Buffer) => complaints.push(text.toString()));
  let said = '';
  child.stdout.on('data', (text: Buffer) => {
    if (!said && !fromStart) end();
    said += text.toString();
  });
  // The moment is the point of the test: neither the process nor the disk may choose it.
  const end = () => setTimeout(() => child.kill('SIGKILL'), moment);
  if (fromStart) end();
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  expect(complaints.join('')).toBe('');
  expect(signal).toBe('SIGKILL');
  const lines = said.split('\n').slice(0, -1);
  return new Map(lines.filter((line) => line !== 'open').map((line) => [parseInt(line, 10), line.split(' ')[1]!]));
}

test(
  `[L13] seed ${SEED}: killed ${ROUNDS} times under load, nothing that was answered is lost and nothing is doubled`,
  async () => {
    const { folder, remove } = temporaryFolder();
    await diskLedger(folder).close();
    const random = seeded(SEED);
    const heads = new Map<string, Checkpoint>();
    let answered = 0;
    let recorded = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      // Every fifth time it may be hit while it is still opening, in the middle of recovery.
      const answers = await killedAt(folder, round, random() * LONGEST_MS, round % 5 === 0);
      answered += answers.size;
      const { ledger, logKey, close } = diskLedger(folder, { seed: `after ${round}` });

      const made = new Map<string, number[]>();
      for (const org of [PLANT, OTHER_PLANT]) {
        for (const { command, seq } of await ledger.events(org, heads.get(org)?.size ?? 0, 1_000_000)) {
          const key = `${org} ${command.id}`;
          made.set(key, [...(made.get(key) ?? []), seq]);
        }
      }
      const asked = [...answers].map(([n, answer]) => ({ command: commandOf(round, n), answer }));
      for (const { command, answer } of asked)
        expect(made.get(`${command.org} ${command.id}`)?.join(), `round ${round}`).toBe(answer);
      const again = await ledger.transact(asked.map(({ command }) => command));
      again.forEach((outcome, i) =>
        expect(outcome).toMatchObject({ outcome: 'duplicate', seqs: asked[i]!.answer.split(',').map(Number) }),
      );

      for (const org of [PLANT, OTHER_PLANT]) {
        const note = await ledger.checkpoint(org);
        if (note === undefined) continue;
        const head = openCheckpoint(note, logKey(org));
        expect(head.size).toBe(await ledger.head(org));
        expect(lastSignedHead(folder, org)).toEqual({ size: head.size, root: head.root });
        const before = heads.get(org);
        if (before) {
          const proof = await ledger.consistency(org, before.size, head.size);
          expect(verifyConsistency(before.size, head.size, before.root, head.root, proof)).toBe(true);
        }
        heads.set(org, head);
      }
      recorded = [...heads.values()].reduce((sum, { size }) => sum + size, 0);
      await close();
      const { findings } = fsck({ dataDir: folder, file: ledgerFile(folder), register: toyRegister() });
      expect(findings, `round ${round}`).toEqual([]);
    }
    expect(answered).toBeGreaterThan(ROUNDS);
    console.info(
      `killed ${ROUNDS} times: ${answered} commands answered, ${recorded} entries recorded, none lost, none doubled`,
    );
    remove();
  },
  120_000 + ROUNDS * 20_000,
);
