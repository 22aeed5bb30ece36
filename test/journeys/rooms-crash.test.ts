/** The server is killed while people type: what any of them has seen of another, or was told is stored, is there afterwards. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { fromBase64 } from '../../shared/kernel/bytes.ts';
import { ROOT } from '../../shared/sync/room-words.ts';
import { temporaryFolder } from '../kit/ledger.ts';
import { stockClient, type StockClient } from '../kit/rooms-client.ts';
import type { Said } from '../kit/rooms-child.ts';

const ROUNDS = Number(process.env['OPERARY_CRASH_ROUNDS'] ?? 4);
const WRITERS = 6;
const SHORTEST_MS = 150;
const LONGEST_MS = 500;
const CHILD = fileURLToPath(new URL('../kit/rooms-child.ts', import.meta.url));

async function start(folder: string, letter?: string): Promise<{ child: ChildProcess; said: Said }> {
  const child = spawn(process.execPath, [CHILD, folder, ...(letter ? [letter] : [])], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: JSON.parse(line.toString()) as Said };
}

const wordsIn = (text: string): string[] => text.match(/<[^<>]+>/g) ?? [];

async function kept({ url, token, letter }: Said): Promise<Set<string>> {
  const response = await fetch(`${url}/v1/sync/docs`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ docs: [{ entity: letter }] }),
  });
  const { docs } = (await response.json()) as { docs: { update: string }[] };
  const doc = new Y.Doc();
  Y.applyUpdate(doc, fromBase64(docs[0]!.update));
  return new Set(wordsIn(doc.getText(ROOT).toJSON()));
}

test(
  `[L13] killed ${ROUNDS} times while ${WRITERS} people type: nothing that anybody saw or was promised is lost`,
  async () => {
    const { folder, remove } = temporaryFolder();
    let letter: string | undefined;
    let promised = 0;
    for (let round = 1; round <= ROUNDS; round++) {
      const { child, said } = await start(folder, letter);
      letter = said.letter;
      const clients: StockClient[] = [];
      for (let n = 0; n < WRITERS; n++) clients.push(await stockClient(said, said.token, letter));
      await Promise.all(clients.map((client) => client.synced()));
      const owed = new Set<string>();
      let isOver = false;
      const write = async (client: StockClient, who: number) => {
        for (let n = 0; !isOver; n++) {
          const word = `<${round}.${who}.${n}>`;
          client.insert(client.text().length, word);
          if (n % 3 === 0) void client.stored().then(() => owed.add(word));
          await pause(4);
        }
      };
      const writing = clients.map(write);
      await pause(SHORTEST_MS + ((round * 977) % (LONGEST_MS - SHORTEST_MS)));
      child.kill('SIGKILL');
      await once(child, 'exit');
      isOver = true;
      await Promise.all(writing);
      clients.forEach((client, who) => {
        for (const word of wordsIn(client.text())) if (!word.startsWith(`<${round}.${who}.`)) owed.add(word);
        client.leave();
      });
      promised += owed.size;

      const { child: next, said: again } = await start(folder, letter);
      const there = await kept(again);
      expect(
        [...owed].filter((word) => !there.has(word)),
        `round ${round}`,
      ).toEqual([]);
      next.kill('SIGKILL');
      await once(next, 'exit');
    }
    expect(promised).toBeGreaterThan(ROUNDS * WRITERS);
    remove();
  },
  60_000 + ROUNDS * 20_000,
);
