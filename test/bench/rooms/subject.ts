/** A server under load: how it is started, how its frames look, and what its peers were told. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a started server says of itself on its first line. */
export interface Place {
  readonly url: string;
  /** For each connection, made anew: its WebSocket subprotocols. */
  readonly protocols?: () => Promise<readonly string[]>;
}

export interface Wire {
  /** To be sent first. */
  readonly hello: readonly Uint8Array[];
  update(update: Uint8Array): Uint8Array;
  /** Asks for an acknowledgement of all that was sent before, where the client has to ask. */
  readonly ask?: (payload: Uint8Array) => Uint8Array;
  /** The payload that comes back, or `true` for "the oldest that waits". */
  acknowledged(frame: Uint8Array): Uint8Array | true | undefined;
  /** The whole document in an answer to a new client. */
  state(frame: Uint8Array): Uint8Array | undefined;
}

export interface Subject {
  readonly name: string;
  readonly isDurable: boolean;
  readonly child: string;
  readonly wire: Wire;
  place(said: Readonly<Record<string, string>>): Place;
}

export interface Running {
  readonly place: Place;
  kill(): Promise<void>;
}

export async function start({ child, place }: Subject, folder: string): Promise<Running> {
  const process_: ChildProcess = spawn(process.execPath, [new URL(child, import.meta.url).pathname, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => process_.once('exit', () => resolve()));
  const said = await new Promise<Record<string, string>>((resolve, reject) => {
    process_.once('exit', (code) => reject(new Error(`${child} ended with ${code} before it was ready.`)));
    createInterface({ input: process_.stdout! }).once('line', (line) =>
      resolve(JSON.parse(line) as Record<string, string>),
    );
  });
  return {
    place: place(said),
    async kill() {
      process_.kill('SIGKILL');
      await ended;
    },
  };
}
