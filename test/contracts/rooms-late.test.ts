/** Late prose of which the door makes no entry: it is kept, tried again without a restart, holds up nothing behind it, and who wrote it is told. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import pino from 'pino';
import * as Y from 'yjs';
import type { Outcome } from '../../shared/kernel/command.ts';
import type { Ledger } from '../../shared/kernel/ledger.ts';
import { base64 } from '../../shared/kernel/bytes.ts';
import { refuse } from '../../shared/kernel/refusal.ts';
import { createRegister } from '../../shared/kernel/register.ts';
import { DocsAnswer } from '../../shared/sync/docs.ts';
import { ROOT } from '../../shared/sync/room-words.ts';
import { createLateEntries, type LateEntries } from '../../server/rooms/late-entries.ts';
import { aRoomServer, type Person, type RoomServer } from '../kit/rooms-server.ts';
import { letters } from '../kit/rooms-feature.ts';
import { until } from '../kit/until.ts';

let server: RoomServer;
let ana: Person;
let entries: LateEntries;
const lines: string[] = [];
/** Letters of which the door refuses what comes late. */
const refused = new Set<string>();
beforeEach(async () => {
  server = await aRoomServer();
  ana = await server.person('Ana');
  const { store, ledger } = server;
  const strict: Ledger = {
    ...ledger,
    async transact(commands) {
      const no: Outcome = { outcome: 'rejected', refusal: refuse('not-sealed', 'Not now.') };
      return commands.some(({ subject }) => refused.has(subject.id)) ? [no] : ledger.transact(commands);
    },
  };
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) });
  entries = createLateEntries({ store, ledger: strict, register: createRegister([letters]), log });
  server.rooms.onLate(entries.enter);
});
afterEach(async () => {
  entries.close();
  refused.clear();
  lines.length = 0;
  await server.close();
});

async function late(letter: string, text: string): Promise<DocsAnswer['docs'][number]> {
  const doc = new Y.Doc();
  doc.getText(ROOT).insert(0, text);
  const docs = [{ entity: letter, update: base64(Y.encodeStateAsUpdate(doc)) }];
  const { body } = await server.post('/v1/sync/docs', ana.token, { docs });
  return DocsAnswer.parse(body).docs[0]!;
}
const entered = async (letter: string) => (await server.state(letter)).late.map(({ inserted }) => inserted);

test('[L12] what the door refuses is tried again by itself, and holds up nothing behind it', async () => {
  const [first, second] = [await server.letter(), await server.letter()];
  for (const letter of [first, second]) await server.seal(letter);
  refused.add(first);
  expect(await late(first, 'First.')).toMatchObject({ sealed: true, late: true, untold: true });
  const answer = await late(second, 'Second.');
  expect([answer.late, answer.untold]).toEqual([true, undefined]);
  expect([await entered(first), await entered(second)]).toEqual([[], ['Second.']]);
  refused.clear();
  await until('it is told', async () => ((await entered(first)).length ? true : undefined));
  expect([await entered(first), server.store.unentered()]).toEqual([['First.'], []]);
});

test('[L7] whoever asks for the text again is told as long as it waits, and an admin reads of it once', async () => {
  const letter = await server.letter();
  await server.seal(letter);
  refused.add(letter);
  await late(letter, 'Mine.');
  const ask = async ({ token }: Person) =>
    DocsAnswer.parse((await server.post('/v1/sync/docs', token, { docs: [{ entity: letter }] })).body).docs[0]!.untold;
  const tom = await server.person('Tom');
  expect([await ask(ana), await ask(tom)]).toEqual([true, undefined]);
  for (let n = 0; n < 3; n++) await entries.begin();
  expect(lines.filter((line) => line.includes('late prose not entered'))).toHaveLength(1);
  expect(lines.join()).toContain('Not now.');
  refused.clear();
  await entries.begin();
  expect(await ask(ana)).toBeUndefined();
});
