/** A server with rooms in a process of its own, made to be killed: says on stdout where it listens, and a token that opens its one letter. */
import { writeSync } from 'node:fs';
import { aRoomServer } from './rooms-server.ts';

export interface Said {
  readonly url: string;
  readonly token: string;
  readonly letter: string;
}

if (import.meta.main) {
  const [data, known] = process.argv.slice(2);
  const server = await aRoomServer({ data: data! });
  const { token } = await server.person('Ana');
  const said: Said = { url: server.url, token, letter: known ?? (await server.letter()) };
  writeSync(1, `${JSON.stringify(said)}\n`);
}
