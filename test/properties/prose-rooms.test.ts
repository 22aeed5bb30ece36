/** Stock clients and notes write one text, with and without a network, and it is sealed in the middle: no word is lost. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Clock } from '../../plugin/link.ts';
import { createProse } from '../../plugin/prose/prose.ts';
import { BEARER } from '../../plugin/prose/unsent.ts';
import { uuidV7 } from '../../shared/kernel/ids.ts';
import { nodeLink } from '../kit/node-link.ts';
import { stockClient } from '../kit/rooms-client.ts';
import { aRoomServer, type Person, type RoomServer } from '../kit/rooms-server.ts';
import '../kit/seed.ts';
import { until } from '../kit/until.ts';

const RUNS = Number(process.env['OPERARY_ROOM_SEEDS'] ?? 25);
let server: RoomServer;
let people: readonly Person[];
beforeAll(async () => {
  server = await aRoomServer({ onDisk: true });
  people = [];
  for (const name of ['Ana', 'Tom', 'Marek', 'Dana']) people = [...people, await server.person(name)];
});
afterAll(() => server.close());

const clock: Clock = {
  now: () => Date.now(),
  random: () => 0,
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
};

interface Writer {
  text(): string;
  write(word: string, at: number): void;
  cut(): void;
  mend(): Promise<void>;
  leave(): void;
}

/** With the unmodified client of the y-websocket package. */
async function stock(letter: string, { token }: Person): Promise<Writer> {
  const client = await stockClient(server, token, letter);
  await client.synced();
  return {
    text: client.text,
    write(word, at) {
      const ends = [...client.text().matchAll(/ /g)].map(({ index }) => index + 1);
      client.insert([0, ...ends][at % (ends.length + 1)]!, `${word} `);
    },
    cut: () => client.provider.disconnect(),
    // Whoever was sent away because of the seal comes back by hand.
    async mend() {
      client.provider.disconnect();
      await client.again();
    },
    leave: client.leave,
  };
}

/** With a note, as the plugin does. */
async function note(letter: string, { token }: Person): Promise<Writer> {
  const wire = nodeLink(server.url, token);
  const device = uuidV7(Date.now(), crypto.getRandomValues(new Uint8Array(10)));
  let text = '';
  const look = (): void => {
    text = prose.people.look(letter, text);
    prose.people.stands(letter, text);
  };
  const prose = createProse({
    link: wire.link,
    lines: wire.rooms,
    clock,
    store: { load: async () => [], put: async () => undefined },
    tell: () => undefined,
    deviceId: () => device,
    writer: () => BEARER,
    bearer: () => undefined,
    sign: () => undefined,
    titleOf: () => 'The letter',
    isPresiding: () => true,
    refresh: () => setImmediate(look),
    changed: () => undefined,
  });
  await prose.people.ready;
  look();
  prose.online(true);
  return {
    text: () => text,
    write(word, at) {
      const words = text.split(' ');
      words.splice(at % words.length, 0, word);
      text = words.join(' ');
      look();
    },
    cut() {
      wire.fault = () => 'no answer';
      prose.online(false);
      wire.cut();
    },
    async mend() {
      wire.fault = () => 'none';
      prose.online(true);
      look();
    },
    leave: () => prose.stop(),
  };
}

type Step = { readonly kind: 'write' | 'cut' | 'mend' | 'wait'; readonly who: number; readonly at: number };
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom('write', 'write', 'write', 'write', 'cut', 'mend', 'wait'),
  who: fc.nat(3),
  at: fc.nat(500),
});

async function play(before: readonly Step[], after: readonly Step[]): Promise<void> {
  const letter = await server.letter();
  const [ana, tom, marek, dana] = people;
  const writers = [
    await stock(letter, ana!),
    await stock(letter, tom!),
    await note(letter, marek!),
    await note(letter, dana!),
  ];
  const words: string[] = [];
  const act = async ({ kind, who, at }: Step): Promise<void> => {
    if (kind === 'wait') await new Promise((resolve) => setTimeout(resolve, at / 20));
    else if (kind === 'write') {
      words.push(`w${words.length}x`);
      writers[who]!.write(words.at(-1)!, at);
    } else await writers[who]![kind]();
  };
  try {
    for (const one of before) await act(one);
    expect((await server.seal(letter)).outcome).toBe('accepted');
    const { sealed } = await server.state(letter);
    for (const one of after) await act(one);
    for (const writer of writers) await writer.mend();

    await until('every word is in the sealed text or in a late entry', async () => {
      const { late } = await server.state(letter);
      const all = [sealed!.text, ...late.map(({ inserted }) => inserted)].join('\n');
      return words.every((word) => all.includes(word)) || undefined;
    });
    expect((await server.state(letter)).sealed).toEqual(sealed);
    expect(server.rooms.photograph(server.org, letter)?.text ?? '').toBe(sealed!.text);
    await until(
      'the notes read as sealed',
      () => writers.slice(2).every((one) => one.text() === sealed!.text) || undefined,
    );
  } finally {
    for (const writer of writers) writer.leave();
  }
}

test('[L12] whoever writes when, the sealed text stays as it was, and every late word stands in a late entry', async () => {
  const steps = fc.array(step, { maxLength: 25 });
  await fc.assert(fc.asyncProperty(steps, steps, play), { numRuns: RUNS, endOnFailure: true });
}, 600_000);
